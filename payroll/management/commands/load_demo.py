from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.utils import timezone

from payroll.demo.accounts import PASSWORD
from payroll.demo.loading import DEFAULT_TOTAL, LoadedDemo, load_demo
from songshan_cw.site.commands import ServiceCommand


class Command(ServiceCommand):
    help = "装入演示数据：松山区区划、政策、样表、演示账号和虚构人员。仅限调试环境，可重复执行。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--workers", type=_count, default=DEFAULT_TOTAL, metavar="N", help="人数，默认1200")
        parser.add_argument("--empty", action="store_true", help="不装人员")

    def handle(self, *args: Any, **options: Any) -> None:
        empty = options["empty"]
        done = load_demo(total=0 if empty else options["workers"], at=timezone.now())
        for line in _lines(done, empty):
            self.stdout.write(line)


def _lines(done: LoadedDemo, empty: bool) -> list[str]:
    regions = done.regions
    return [
        f"区划：新增{regions.created}个，改名{regions.renamed}个，未变{regions.unchanged}个。",
        f"政策：{done.documents}份文件，内容完整。",
        "等级系数表：样表已导入（试算）。" if done.table_imported else "等级系数表：已有，未改动。",
        f"账号：新增{done.accounts}个，密码均为 {PASSWORD}。" if done.accounts else "账号：已有，未改动。",
        _people_line(done.people, empty),
    ]


def _people_line(people: int | None, empty: bool) -> str:
    if empty:
        return "人员：按要求未装入。"
    return "人员：演示人员已在库中，未改动。" if people is None else f"人员：通过人事工作簿导入{people}人（虚构）。"


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise ArgumentTypeError(f"人数应为正整数，收到的是“{text}”。")
    return int(text)
