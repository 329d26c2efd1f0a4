from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from payroll.services.going_live import set_go_live
from songshan_cw.site.commands import ServiceCommand, acting_user, month_argument
from songshan_cw.words.periods import label_zh


class Command(ServiceCommand):
    help = "设定旗县区的启用月份：以前的月份不在本系统计算（以 --by 用户的权限）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("month", type=month_argument, metavar="YYYY-MM")
        parser.add_argument("--district", required=True, metavar="代码")
        parser.add_argument("--by", required=True, metavar="用户名")

    def handle(self, *args: Any, **options: Any) -> None:
        given = {"district": options["district"], "month": options["month"], "at": timezone.now()}
        set_go_live(actor=acting_user(options["by"]), **given)
        self.stdout.write(f"{options['district']}自{label_zh(options['month'])}起在本系统发放。")
