from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.utils import timezone

from payroll.demo.accounts import PASSWORD
from payroll.demo.month import DemoMonth, run_demo_month
from songshan_cw.site.commands import ServiceCommand, month_argument
from songshan_cw.words.periods import label, label_zh, month_of

ACCOUNTS = (
    ("admin", "系统管理员", "用户、区划、批量导入"),
    ("bureau", "民政局", "审核或退回工资，确认等级系数表"),
    ("finance", "财政", "查看已审核的工资"),
    ("organisation", "组织部", "查看书记的人事记录"),
    ("clerk-150404001", "振兴街道经办", "本街道的人员和工资（其他街道换代码）"),
    ("leader-150404001", "振兴街道负责人", "查看本街道的人员和工资"),
)


class Command(ServiceCommand):
    help = "用演示账号完成最近几个月的工资：确认样表、计算、报送、审核、导出工资发放表。可重复执行。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--month", type=month_argument, metavar="YYYY-MM", help="默认为上一个月")
        parser.add_argument("--earlier", type=int, default=11, metavar="N", help="连同之前的N个月，默认11")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        month = options["month"]
        if month is None:
            month = month_of(timezone.localdate(now)) - 1
        done = run_demo_month(month=month, at=now, folder=settings.VAR_DIR, earlier=options["earlier"])
        for line in _lines(done):
            self.stdout.write(line)


def _lines(done: DemoMonth) -> list[str]:
    new = f"本次审核{done.approved_now}个" if done.approved_now else "此前均已审核，本次未改动"
    return [
        "",
        f"{label_zh(done.month)}工资（演示）：{done.streets}个街道（{new}），{done.people}人",
        *(f"  {column.title} {amount:>14,} 元" for column, amount in done.sums.items()),
        f"工资发放表：{done.sheet}",
        "",
        f"账号（密码均为 {PASSWORD}）：",
        *(f"  {name:<18}{role}：{duty}" for name, role, duty in ACCOUNTS),
        "",
        *(
            [f"某人工资的由来：.venv/bin/python manage.py explain_pay {done.example} {label(done.month)}"]
            if done.example
            else []
        ),
    ]
