import sys
from typing import Any

from django.core.management.base import CommandParser

from payroll.files.explained import as_document, as_text
from payroll.selectors.explain import explain
from songshan_cw.data.refusal import Refused
from songshan_cw.site.commands import ServiceCommand, month_argument
from workers.selectors.numbers import worker_with


class Command(ServiceCommand):
    help = "说明某人某月工资的由来：事实、条款、算式"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id_number", metavar="身份证号", help="写 - 则从标准输入读取，不留在命令历史和进程列表里")
        parser.add_argument("month", type=month_argument, metavar="YYYY-MM")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        number = sys.stdin.readline() if options["id_number"] == "-" else options["id_number"]
        worker = worker_with(number)
        if worker is None:
            raise Refused("没有登记这个身份证号的人员，请核对号码，或先导入人事工作簿。")
        explanation = explain(worker=worker, month=options["month"])
        if options["json"]:
            self.write_json(as_document(explanation))
            return
        for line in as_text(explanation):
            self.stdout.write(line)
