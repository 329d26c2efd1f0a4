from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from payroll.models import PayrollRun
from payroll.selectors.reviews import ticks_of
from payroll.selectors.run_looks import OCCASION, looks_of_runs
from payroll.services.reviews import tick_looks
from songshan_cw.data.refusal import Refused
from songshan_cw.site.commands import ServiceCommand, acting_user, month_argument
from songshan_cw.words.periods import label_zh


class Command(ServiceCommand):
    help = "列出某月批次审核前须复核的事项；--by 与 --tick 勾选"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("month", type=month_argument, metavar="YYYY-MM")
        parser.add_argument("--street", metavar="代码")
        parser.add_argument("--by", metavar="用户名")
        parser.add_argument("--tick", nargs="+", action="extend", default=[], metavar="KEY")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        runs = PayrollRun.objects.filter(month=options["month"]).select_related("street").order_by("street")
        found = list(runs.filter(street=options["street"]) if options["street"] else runs)
        if not found:
            raise Refused(f"{label_zh(options['month'])}还没有工资批次，没有可复核的事项。")
        looks = looks_of_runs(found)
        if options["tick"]:
            if not options["by"]:
                raise Refused("勾选须用 --by 写明是谁。")
            actor = acting_user(options["by"])
            tick_looks(actor=actor, occasion=OCCASION, looks=looks, keys=options["tick"], at=timezone.now())
        ticks = ticks_of(looks, OCCASION)
        items = []
        for look in looks:
            tick = ticks.get((look.street_code, look.key))
            items.append(
                {
                    "key": look.key,
                    "kind": look.kind,
                    "street_code": look.street_code,
                    "id_number": look.id_number,
                    "amount": f"{look.amount:.2f}",
                    "message": look.message,
                    "author": look.author,
                    "document": look.document,
                    "ticked_by": tick.ticked_by.username if tick else None,
                }
            )
        if options["json"]:
            self.write_json({"items": items})
            return
        still = sum(item["ticked_by"] is None for item in items)
        self.stdout.write(f"{label_zh(options['month'])}须复核{len(items)}件，还有{still}件没有勾选。")
        for item in items:
            self.stdout.write(f"  [{'√' if item['ticked_by'] else ' '}] {item['kind']}：{item['message']}")
