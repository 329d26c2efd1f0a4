from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from payroll.selectors.merging import plan_merger
from payroll.services.merging import merge_people
from songshan_cw.data.refusal import Refused
from songshan_cw.site.commands import ServiceCommand, acting_user
from workers.models import Worker
from workers.selectors.numbers import worker_with
from workers.services.guards import require_visible
from workers.services.numbers import require_correcting


class Command(ServiceCommand):
    help = "把同一个人的两份记录并为一份：OTHER 的记录移到 KEEP（以 --by 用户的权限）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("keep", metavar="KEEP")
        parser.add_argument("other", metavar="OTHER")
        parser.add_argument("--reason", required=True, metavar="原因")
        parser.add_argument("--by", required=True, metavar="用户名")
        parser.add_argument("--dry-run", action="store_true", help="只列出影响，不写入")

    def handle(self, *args: Any, **options: Any) -> None:
        actor, at = acting_user(options["by"]), timezone.now()
        keep, other = self._person(options["keep"]), self._person(options["other"])
        if options["dry_run"]:
            require_correcting(actor, options["reason"])
            require_visible(actor, keep)
            require_visible(actor, other)
            plan = plan_merger(keep=keep, other=other, today=timezone.localdate(at))
            if plan.conflicts:
                raise Refused("\n".join(plan.conflicts))
            self.stdout.write("只是预览，未写入。")
        else:
            plan = merge_people(actor=actor, keep=keep, other=other, reason=options["reason"], at=at)
        for line in plan.lines:
            self.stdout.write(line)

    @staticmethod
    def _person(number: str) -> Worker:
        worker = worker_with(number)
        if worker is None:
            raise Refused(f"没有登记身份证号以“{number[:6]}”开头的这个人，请核对号码。")
        return worker
