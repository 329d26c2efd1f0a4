from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from payroll.files.performance import (
    select_batches,
    write_performance_bank,
    write_performance_csv,
    write_performance_sheet,
)
from songshan_cw.site.commands import ServiceCommand

FORMATS = ("xlsx", "csv", "bank")


class Command(ServiceCommand):
    help = "导出某年的绩效发放表（xlsx）、逐人明细（csv）或银行代发清单（bank）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", type=int, metavar="YEAR")
        parser.add_argument("out", type=Path, metavar="OUT", help="写入的文件")
        parser.add_argument("--street", metavar="CODE", help="街道代码；不填为全部街道")
        parser.add_argument("--format", choices=FORMATS, help="不填时按文件扩展名，无从判断时为 xlsx")

    def handle(self, *, year: int, out: Path, street: str | None, format: str | None, **_: Any) -> None:
        batches = select_batches(year, None if street is None else [street])
        chosen = format or ("csv" if out.suffix.lower() == ".csv" else "xlsx")
        if chosen == "csv":
            people = write_performance_csv(batches=batches, path=out)
        elif chosen == "bank":
            people = write_performance_bank(batches=batches, path=out, private=True)
        else:
            people = write_performance_sheet(batches=batches, path=out, private=True)
        self.stdout.write(f"已写出{year}年绩效 {people}人：{out}")
