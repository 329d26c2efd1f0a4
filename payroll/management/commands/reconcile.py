from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from payroll.services.reconciling import as_document, reconcile_streets
from songshan_cw.site.commands import ServiceCommand
from songshan_cw.words.periods import label


class Command(ServiceCommand):
    help = "按现在的资料重算每个人每个已审核的月份，列出台账还欠或多付的差额"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--street", metavar="代码")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        codes = [options["street"]] if options["street"] else None
        found = reconcile_streets(street_codes=codes, at=timezone.now())
        if options["json"]:
            rows = [as_document(one) for one in found.differences]
            self.write_json({"people": found.people, "months": found.months, "differences": rows})
            return
        self.stdout.write(f"核对{found.people}人、{found.months}个人月，{len(found.differences)}处差额。")
        for one in found.differences:
            words = f"应得{one.due:,}元，已计{one.carried:,}元"
            self.stdout.write(f"  {one.name} {label(one.month)} {one.component}：{words}")
