"""``python -m tests.bench [sizes]``: what the product needs beside the limit measured in the same run."""

import os
import platform
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "songshan_cw.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.utils import timezone  # noqa: E402

from payroll.demo.accounts import create_accounts  # noqa: E402
from payroll.demo.loading import DISTRICT, SAMPLE_TABLE  # noqa: E402
from payroll.services.tables import confirm_grade_table, import_grade_table  # noqa: E402
from tests.bench.exports import measure_exports  # noqa: E402
from tests.bench.imports import TODAY, measure_imports  # noqa: E402
from tests.bench.measuring import Line  # noqa: E402
from tests.bench.pages import measure_pages  # noqa: E402
from tests.bench.population import populate  # noqa: E402
from tests.bench.province import fill_province  # noqa: E402
from tests.bench.report import HEAD, RULE, growth_rows, row_of  # noqa: E402
from tests.bench.runs import AT, CASES, measure_runs  # noqa: E402
from tests.bench.scratch import scratch_database  # noqa: E402
from workers.models import User  # noqa: E402
from workers.services.regions import load_regions  # noqa: E402


def main() -> None:
    parser = ArgumentParser(description="性能基准：在自建自删的库里量各项用时，与同一过程中的极限相比。")
    parser.add_argument("sizes", nargs="?", type=_sizes, default=[1_000, 10_000], metavar="人数,人数")
    parser.add_argument("--repeat", type=int, default=3, metavar="N", help="每项量N次取中位数，默认3")
    parser.add_argument("--populate", action="store_true", help="人员直接写入库中，不量导入")
    pages = "只量页面：一万人的旗县区逐月算过，其余旗县区照抄（只用于PostgreSQL，须为超级用户）"
    parser.add_argument("--pages", type=int, metavar="人数", help=pages)
    options = parser.parse_args()
    if options.pages:
        _measure_province(options.pages)
    else:
        _measure_sizes(options.sizes, options.repeat, populated=options.populate)


def _measure_sizes(sizes: list[int], repeat: int, *, populated: bool) -> None:
    lines: list[Line] = []
    for people in sizes:
        with scratch_database() as engine:
            _print_head("", people, engine)
            for line in _measured(people, repeat, populated=populated):
                print(row_of(line), flush=True)
                lines.append(line)
        print()
    if len(sizes) > 1:
        print("## 增长", "", *growth_rows(lines), sep="\n")


def _measure_province(people: int) -> None:
    with scratch_database() as engine:
        if connection.vendor != "postgresql":
            raise SystemExit(
                "大库的页面只在PostgreSQL上量。请用DATABASE_URL给出服务器，例如postgres://postgres@127.0.0.1/。"
            )
        _print_head("页面，", people, engine)
        _found_district()
        of_month = fill_province(people=people, district=DISTRICT, today=timezone.localdate(), at=timezone.now())
        for line in measure_pages(people=people, of_month=of_month):
            print(row_of(line), flush=True)


def _print_head(what: str, people: int, engine: str) -> None:
    machine = f"{os.cpu_count()}核 {platform.machine()}，Python {platform.python_version()}"
    print(f"## {what}{people:,}人，{engine}，{machine}，{timezone.localdate()}", "", HEAD, RULE, sep="\n", flush=True)


def _measured(people: int, repeat: int, *, populated: bool) -> Iterator[Line]:
    _found_district()
    if populated:
        populate(people=people, below=DISTRICT, today=TODAY)
    else:
        yield from _apart(partial(measure_imports, people=people, below=DISTRICT, repeat=repeat))
    yield from _apart(partial(measure_runs, people=people, repeat=repeat))
    last = CASES[-1][1]
    yield from _apart(partial(measure_exports, people=people, of_month=last, repeat=repeat))
    yield from _apart(partial(measure_pages, people=people, of_month=last))


def _found_district() -> None:
    load_regions([DISTRICT])
    create_accounts(DISTRICT)
    bureau = User.objects.get(username="bureau")
    import_grade_table(path=settings.BASE_DIR / SAMPLE_TABLE, district=DISTRICT, actor=bureau, at=AT)
    confirm_grade_table(district=DISTRICT, document_no="基准〔2022〕1号", actor=bureau, at=AT)


def _apart(measured: Callable[[], Iterable[Line]]) -> list[Line]:
    """Measure in a process of its own, so that memory one kind of work keeps is not counted as the next one's."""
    connections.close_all()
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool:
        return pool.submit(_listed, measured).result()


def _listed(measured: Callable[[], Iterable[Line]]) -> list[Line]:
    return list(measured())


def _sizes(text: str) -> list[int]:
    parts = text.split(",")
    if not all(part.isascii() and part.isdigit() and int(part) for part in parts):
        raise ArgumentTypeError(f"人数应写作“1000,10000”的样子，收到的是“{text}”。")
    return sorted({int(part) for part in parts})


if __name__ == "__main__":
    main()
