from typing import Any

from django.core.management.base import CommandParser

from payroll.management.transitions import TransitionCommand
from payroll.services.transitions import approve_runs


class Command(TransitionCommand):
    help = "审核通过工资批次（以 --by 用户的权限）"
    service = approve_runs
    done = "已审核通过"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--review-all", action="store_true", help="以该用户的名义勾选全部复核事项")

    def further(self, options: dict[str, Any]) -> dict[str, Any]:
        return {"review_all": options["review_all"]}
