"""Measuring runs: the first month, one where nothing changed, a January, and one with five in a hundred facts late."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial

from payroll.models import PayLine, PayrollRun, Payslip, RunNote
from payroll.services.runs import compute_runs
from payroll.services.transitions import approve_runs, submit_runs
from songshan_cw.data.bulk import insert_rows
from songshan_cw.words.periods import Month, month, to_number
from songshan_cw.words.terms import Role
from tests.bench.measuring import Line, measure
from tests.bench.rows import kept_rows, put_back, take_away
from tests.bench.scratch import settle_storage
from workers.models import ServiceGap, User, Worker

AT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
FIRST = month(2025, 11)
LATE_GAP = (date(2025, 11, 28), date(2026, 1, 2), "事假")
LATE_ONE_IN = 20
AIM, AIMED_AT = 2.5, 100_000  # people; fewer cost what any run costs


def no_change() -> None:
    """Facts stay as they are."""


def late_facts() -> None:
    """One person in twenty turns out to have been away for a month that is closed."""
    rows = ((key, *LATE_GAP) for key in _one_in_twenty())
    insert_rows(ServiceGap, ["worker_id", "first_day", "last_day", "reason"], rows)


def _one_in_twenty() -> list[int]:
    free = Worker.objects.filter(servicegaps__isnull=True, exit__isnull=True, hired_on__lt=LATE_GAP[0])
    return list(free.order_by("pk").values_list("pk", flat=True))[::LATE_ONE_IN]


CASES: tuple[tuple[str, Month, Callable[[], None]], ...] = (
    ("计算：首次", FIRST, no_change),
    ("计算：次月，无变动", FIRST + 1, no_change),
    ("计算：一月", FIRST + 2, no_change),
    ("计算：5%迟报", FIRST + 3, late_facts),
)


def measure_runs(*, people: int, repeat: int) -> Iterator[Line]:
    """Every case, each month approved before the next begins."""
    for name, of_month, before in CASES:
        before()
        settle_storage()
        yield _case(name, of_month, people, repeat)
        approval = measure(partial(approve_month, of_month))
        if of_month == FIRST:
            yield Line(people, "审核全部街道", (approval,), (), None)


def _case(name: str, of_month: Month, people: int, repeat: int) -> Line:
    """Compute, take the rows away, put the very same rows back by COPY; as often as asked."""
    ours, limits = [], []
    for _ in range(repeat):
        _take_rows(of_month)
        ours.append(measure(partial(compute_runs, month=of_month, at=AT)))
        with kept_rows([(model, _of_month(model, of_month)) for model in (Payslip, PayLine, RunNote)]) as kept:
            _take_rows(of_month)
            limits.append(measure(partial(put_back, kept)))
    return Line(people, name, tuple(ours), tuple(limits), AIM if people >= AIMED_AT else None)


def _take_rows(of_month: Month) -> None:
    take_away([(model, _of_month(model, of_month)) for model in (RunNote, PayLine, Payslip)])
    settle_storage()


def _of_month(model: type, of_month: Month) -> str:
    runs = f"SELECT id FROM {PayrollRun._meta.db_table} WHERE month = {to_number(of_month)}"
    if model is PayLine:
        return f"payslip_id IN (SELECT id FROM {Payslip._meta.db_table} WHERE run_id IN ({runs}))"
    return f"run_id IN ({runs})"


def approve_month(of_month: Month) -> None:
    for clerk in User.objects.filter(role=Role.CLERK.value, region__in=_streets(of_month)):
        submit_runs(month=of_month, actor=clerk, at=AT)
    approve_runs(review_all=True, month=of_month, actor=User.objects.get(username="bureau"), at=AT)


def _streets(of_month: Month) -> list[str]:
    return list(PayrollRun.objects.filter(month=of_month).values_list("street_id", flat=True))
