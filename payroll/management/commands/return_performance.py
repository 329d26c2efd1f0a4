from typing import Any

from django.core.management.base import CommandParser

from payroll.management.performance import PerformanceTransition
from payroll.services.performance_batches import return_batch
from songshan_cw.words.terms import RunState


class Command(PerformanceTransition):
    help = "退回某年的绩效批次，写明原因（以 --by 用户的权限）"
    service = return_batch
    states = (RunState.SUBMITTED.value,)
    verb, done = "退回", "已退回"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--reason", required=True, metavar="原因")

    def further(self, options: dict[str, Any]) -> dict[str, Any]:
        return {"reason": options["reason"]}
