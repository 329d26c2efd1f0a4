"""Months by street, as start pages and the pages of pay show them (rules 10)."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import BigIntegerField, Count, F, Q, QuerySet, Sum
from django.db.models.functions import Cast, Round

from payroll.models import PayrollRun
from payroll.selectors.streets import STREETS, streets_seen
from songshan_cw.words.money import ZERO
from songshan_cw.words.periods import Month, month_of
from songshan_cw.words.terms import RunState
from workers.models import Region, User
from workers.selectors.scope import visible

# Whole cents, so that no engine adds up binary fractions.
CENTS = Cast(Round(F("gross_total") * 100), BigIntegerField())


@dataclass(frozen=True, slots=True)
class StreetMonths:
    """A street's runs in the order of the months asked for; None where none was computed."""

    street: Region
    runs: tuple[PayrollRun | None, ...]


@dataclass(frozen=True, slots=True)
class MonthTotal:
    """Totals of a month over the user's streets: runs, runs by state, people, and yuan."""

    month: Month
    streets: int = 0
    approved: int = 0
    submitted: int = 0
    returned: int = 0
    trial: int = 0
    people: int = 0
    gross: Decimal = ZERO


def months_by_street(user: User, months: Sequence[Month]) -> list[StreetMonths]:
    """Return the runs by street and month in two statements, whatever the number of streets."""
    return runs_of(user, list(streets_listed(user, months)), months)


def streets_listed(user: User, months: Sequence[Month]) -> QuerySet[Region]:
    """Return the streets with people, or those with a visible run where the user sees no people."""
    if user.has_perm("workers.view_worker"):
        return streets_seen(user)
    runs = visible(PayrollRun.objects.filter(month__in=months), user).order_by()
    return STREETS.filter(code__in=runs.values("street"))


def runs_of(user: User, streets: Sequence[Region], months: Sequence[Month]) -> list[StreetMonths]:
    """Return the rows of these streets, such as one page of a long list."""
    runs = visible(PayrollRun.objects.filter(month__in=months), user).filter(street__in=streets)
    found = {(run.street_id, run.month): run for run in runs.select_related("street").prefetch_related("totals")}
    return [StreetMonths(street, tuple(found.get((street.code, month)) for month in months)) for street in streets]


def month_totals(user: User, months: Sequence[Month]) -> list[MonthTotal]:
    """Return the totals by month, in one statement."""
    runs = visible(PayrollRun.objects.filter(month__in=months), user).order_by().values_list("month")
    sums = runs.annotate(
        streets=Count("pk"),
        approved=Count("pk", filter=Q(state=RunState.APPROVED.value)),
        submitted=Count("pk", filter=Q(state=RunState.SUBMITTED.value)),
        returned=Count("pk", filter=Q(state=RunState.RETURNED.value)),
        trials=Count("pk", filter=Q(trial=True)),
        people=Sum("headcount"),
        cents=Sum(CENTS),
    )
    found = {row[0]: MonthTotal(*row[:7], gross=Decimal(row[7]).scaleb(-2)) for row in sums}
    return [found.get(month, MonthTotal(month)) for month in months]


def runs_in_state(user: User, *states: RunState) -> QuerySet[PayrollRun]:
    """Return the visible runs in these states, oldest month first."""
    runs = visible(PayrollRun.objects.filter(state__in=states), user)
    return runs.select_related("street", "submitted_by").order_by("month", "street")


def latest_month(user: User) -> Month | None:
    """Return the newest month with a run the user may see."""
    return visible(PayrollRun.objects.all(), user).order_by("-month").values_list("month", flat=True).first()


def month_of_work(day: date, latest: Month | None) -> Month:
    """Return the current month, or the next one where it was begun early."""
    current = month_of(day)
    return current if latest is None else min(max(current, latest), current + 1)


def recent(last: Month, count: int) -> list[Month]:
    return [last - back for back in range(count)]


def unapproved_before(streets: Collection[str], month: Month) -> dict[str, list[Month]]:
    """Map streets to their unapproved months between the first approved one and ``month``.

    A later month that is approved first carries their arrears (rules 5.6). One statement, none without streets.
    """
    approved: dict[str, set[Month]] = defaultdict(set)
    runs = PayrollRun.objects.filter(street__in=streets, month__lt=month, state=RunState.APPROVED.value).order_by()
    for street, one in runs.values_list("street", "month") if streets else ():
        approved[street].add(one)
    gaps = {street: sorted({*range(min(found), month)} - found) for street, found in approved.items()}
    return {street: months for street, months in gaps.items() if months}
