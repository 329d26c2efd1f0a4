from typing import Any

from django.core.management.base import CommandParser

from payroll.management.transitions import TransitionCommand
from payroll.services.transitions import return_runs


class Command(TransitionCommand):
    help = "退回已提交的工资批次，须写明原因（以 --by 用户的权限）"
    service = return_runs
    done = "已退回"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--reason", required=True, metavar="原因")

    def further(self, options: dict[str, Any]) -> dict[str, Any]:
        return {"reason": options["reason"]}
