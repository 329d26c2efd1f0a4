from typing import Any

from django.core.management.base import CommandParser

from payroll.management.performance import PerformanceTransition
from payroll.services.performance_batches import approve_batch
from songshan_cw.words.terms import RunState


class Command(PerformanceTransition):
    help = "审核通过某年的绩效批次（以 --by 用户的权限）"
    service = approve_batch
    states = (RunState.SUBMITTED.value,)
    verb, done = "审核", "已审核通过"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--review-all", action="store_true", help="以该用户的名义勾选全部复核事项")

    def further(self, options: dict[str, Any]) -> dict[str, Any]:
        return {"review_all": options["review_all"]}
