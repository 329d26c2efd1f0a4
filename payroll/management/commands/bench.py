import platform
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from functools import partial
from os import cpu_count
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from payroll.bench.apart import apart
from payroll.bench.exports import measure_exports
from payroll.bench.imports import TODAY, measure_imports
from payroll.bench.measuring import Line
from payroll.bench.pages import measure_pages
from payroll.bench.population import populate
from payroll.bench.province import fill_province
from payroll.bench.report import HEAD, RULE, growth_rows, row_of
from payroll.bench.runs import AT, CASES, measure_runs
from payroll.bench.scratch import scratch_database
from payroll.demo.accounts import create_accounts
from payroll.demo.loading import DISTRICT, SAMPLE_TABLE
from payroll.services.tables import confirm_grade_table, import_grade_table
from songshan_cw.data.refusal import Refused
from songshan_cw.site.commands import ServiceCommand
from workers.models import User
from workers.services.regions import load_regions


class Command(ServiceCommand):
    help = "性能基准：在自建自删的库里量各项用时，与同一过程中的极限相比。sizes 用逗号分开。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("sizes", nargs="?", type=_sizes, default=[1_000, 10_000], metavar="人数,人数")
        parser.add_argument("--repeat", type=int, default=3, metavar="N", help="每项量N次取中位数，默认3")

        parser.add_argument("--populate", action="store_true", help="人员直接写入库中，不量导入")
        parser.add_argument(
            "--pages",
            type=int,
            metavar="人数",
            help="只量页面：一万人的旗县区逐月算过，其余旗县区照抄（只用于PostgreSQL，须为超级用户）",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        lines: list[Line] = []
        if options["pages"]:
            self._measure_pages(options["pages"])
            return
        for people in options["sizes"]:
            with scratch_database() as engine:
                self._say(f"## {people:,}人，{engine}，{_machine()}，{timezone.localdate()}")
                self._say("", HEAD, RULE)
                for line in _measured(people, options["repeat"], populated=options["populate"]):
                    self._say(row_of(line))
                    lines.append(line)
            self._say("")
        if len(options["sizes"]) > 1:
            self._say("## 增长", "", *growth_rows(lines))

    def _measure_pages(self, people: int) -> None:
        with scratch_database() as engine:
            if connection.vendor != "postgresql":
                raise Refused(
                    "大库的页面只在PostgreSQL上量。请用DATABASE_URL给出服务器，例如postgres://postgres@127.0.0.1/。"
                )
            self._say(f"## 页面，{people:,}人，{engine}，{_machine()}，{timezone.localdate()}", "", HEAD, RULE)
            _found_district()
            of_month = fill_province(people=people, district=DISTRICT, today=timezone.localdate(), at=timezone.now())
            for line in measure_pages(people=people, of_month=of_month):
                self._say(row_of(line))

    def _say(self, *rows: str) -> None:
        for row in rows:
            self.stdout.write(row)
        self.stdout.flush()


def _measured(people: int, repeat: int, *, populated: bool) -> Iterator[Line]:
    _found_district()
    if populated:
        populate(people=people, below=DISTRICT, today=TODAY)
    else:
        yield from apart(partial(measure_imports, people=people, below=DISTRICT, repeat=repeat))
    yield from apart(partial(measure_runs, people=people, repeat=repeat))
    last = CASES[-1][1]
    yield from apart(partial(measure_exports, people=people, of_month=last, repeat=repeat))
    yield from apart(partial(measure_pages, people=people, of_month=last))


def _found_district() -> None:
    load_regions([DISTRICT])
    create_accounts(DISTRICT)
    bureau = User.objects.get(username="bureau")
    import_grade_table(path=settings.BASE_DIR / SAMPLE_TABLE, district=DISTRICT, actor=bureau, at=AT)
    confirm_grade_table(district=DISTRICT, document_no="基准〔2022〕1号", actor=bureau, at=AT)


def _machine() -> str:
    return f"{cpu_count()}核 {platform.machine()}，Python {platform.python_version()}"


def _sizes(text: str) -> list[int]:
    parts = text.split(",")
    if not all(part.isascii() and part.isdigit() and int(part) for part in parts):
        raise ArgumentTypeError(f"人数应写作“1000,10000”的样子，收到的是“{text}”。")
    return sorted({int(part) for part in parts})
