from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from payroll.services.tables import import_grade_table
from songshan_cw.site.commands import ServiceCommand, acting_user

SONGSHAN = "150404"


class Command(ServiceCommand):
    help = "导入等级系数表（.xlsx，或放有 系数.csv、年限.csv、基数.csv 的文件夹），作为试算表"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--district", default=SONGSHAN, metavar="代码", help="适用的旗县区，默认松山区150404")

        parser.add_argument("--by", metavar="用户名", help="导入的用户；不填为命令")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = acting_user(options["by"]) if options["by"] else None
        table = import_grade_table(path=options["file"], district=options["district"], actor=actor, at=timezone.now())
        self.stdout.write(f"已导入：{table}。确认前按试算处理，不能审核发放。")
