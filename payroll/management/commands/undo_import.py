from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from payroll.services.undoing import undo_import
from songshan_cw.site.commands import ServiceCommand, acting_user


class Command(ServiceCommand):
    help = "整份撤回一次导入（以 --by 用户的权限）；已审核的月份由以后的批次补扣"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id", type=int, metavar="ID")
        parser.add_argument("--by", required=True, metavar="用户名")

    def handle(self, *args: Any, **options: Any) -> None:
        record = undo_import(import_id=options["id"], actor=acting_user(options["by"]), at=timezone.now())
        self.stdout.write(f"已撤回：{record}。")
