from typing import Any

from django.utils import timezone

from payroll.demo.accounts import PASSWORD
from payroll.demo.ordos import DISTRICT, STREETS, load_ordos
from songshan_cw.site.commands import ServiceCommand


class Command(ServiceCommand):
    help = "装入第二个辖区的演示数据：鄂尔多斯市东胜区两个街道的虚构人员和账号，没有系数表。仅限调试环境，可重复执行。"

    def handle(self, *args: Any, **options: Any) -> None:
        done = load_ordos(at=timezone.now())
        people = "演示人员已在库中，未改动" if done is None else f"通过人事工作簿导入{done}人（虚构）"
        self.stdout.write(f"鄂尔多斯市东胜区：{people}；没有系数表，不计发工资。")
        names = [f"bureau-{DISTRICT}", f"organisation-{DISTRICT}", *(f"clerk-{code}" for code in STREETS)]
        self.stdout.write(f"账号（密码均为 {PASSWORD}）：{'、'.join(names)}，以及两个街道的 leader-街道代码。")
