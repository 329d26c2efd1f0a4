from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from payroll.files import write_csv, write_pay_sheet
from songshan_cw.site.commands import ServiceCommand, month_argument
from songshan_cw.words.periods import label_zh

FORMATS = ("xlsx", "csv")


class Command(ServiceCommand):
    help = "导出某月的工资发放表（xlsx）或逐人明细（csv）。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("month", type=month_argument, metavar="YYYY-MM", help="月份")
        parser.add_argument("out", type=Path, metavar="OUT", help="写入的文件")
        parser.add_argument("--street", metavar="CODE", help="街道代码；不填为全部街道")
        parser.add_argument("--format", choices=FORMATS, help="不填时按文件扩展名，无从判断时为 xlsx")

    def handle(self, *, month: int, out: Path, street: str | None, format: str | None, **_: Any) -> None:
        codes = None if street is None else [street]
        if (format or out.suffix.lower().lstrip(".")) == "csv":
            people = write_csv(month=month, street_codes=codes, path=out)
        else:
            people = write_pay_sheet(month=month, street_codes=codes, path=out, private=True)
        self.stdout.write(f"已写出{label_zh(month)} {people}人：{out}")
