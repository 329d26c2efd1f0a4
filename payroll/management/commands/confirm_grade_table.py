from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from payroll.services.tables import confirm_grade_table
from songshan_cw.site.commands import ServiceCommand, acting_user


class Command(ServiceCommand):
    help = "民政局以文号确认最新的试算表"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--document", required=True, metavar="文号")
        parser.add_argument("--by", required=True, metavar="用户名")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = acting_user(options["by"])
        table = confirm_grade_table(
            district=(actor.region_id or "")[:6],
            document_no=options["document"],
            actor=actor,
            at=timezone.now(),
        )
        self.stdout.write(f"已确认：{table}，文号{table.document_no}。")
