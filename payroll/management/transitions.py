"""Arguments shared by the commands of rules 7.2: month, street and the acting user."""

from collections.abc import Callable
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from payroll.models import PayrollRun
from songshan_cw.site.commands import ServiceCommand, acting_user, month_argument
from songshan_cw.words.periods import label_zh


class TransitionCommand(ServiceCommand):
    service: Callable[..., list[PayrollRun]]
    done: str

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("month", type=month_argument, metavar="YYYY-MM")
        parser.add_argument("--street", metavar="代码")
        parser.add_argument("--by", required=True, metavar="用户名")

    def handle(self, *args: Any, **options: Any) -> None:
        runs = type(self).service(
            month=options["month"],
            street_codes=[options["street"]] if options["street"] else None,
            actor=acting_user(options["by"]),
            at=timezone.now(),
            **self.further(options),
        )
        for run in runs:
            self.stdout.write(f"{run.street.name}{label_zh(run.month)}：{self.done}，应发合计{run.gross_total:,}元")

    def further(self, options: dict[str, Any]) -> dict[str, Any]:
        return {}
