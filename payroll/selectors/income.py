"""The income floor: a year's average pay against last year's disposable income (rules 7.4; S 二(五)2)."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.core.cache import cache
from django.db.models import BigIntegerField, Count, F, Max, Q, Sum
from django.db.models.functions import Cast, Round

from payroll.models import DisposableIncome, PayLine, PayrollRun
from payroll.rules.floor import average
from payroll.selectors.streets import streets_seen
from songshan_cw.words.components import Kind, components
from songshan_cw.words.money import EXACT
from songshan_cw.words.periods import january, year_of
from songshan_cw.words.regions import district_of
from songshan_cw.words.terms import RunState
from workers.models import Region, User
from workers.selectors.scope import within

# Whole cents, because SQLite stores decimals as reals.
CENTS = Cast(Round(F("amount") * 100), BigIntegerField())
MOST_YEARS = 5
KEPT_SECONDS = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Floor:
    """A year's average in yuan and the income it is compared with; ``income`` is None where not entered."""

    year: int
    people: int
    average: Decimal | None
    income: DisposableIncome | None

    @property
    def gap(self) -> Decimal | None:
        """Return average less income. Below zero the floor is missed."""
        if self.average is None or self.income is None:
            return None
        return EXACT.subtract(self.average, self.income.amount)

    @property
    def below(self) -> bool:
        return self.gap is not None and self.gap < 0


def districts_of(user: User) -> list[Region]:
    """Return the own district, or each with people."""
    if user.region_id:
        return list(Region.objects.filter(code=district_of(user.region_id)))
    codes = {district_of(street.code) for street in streets_seen(user)}
    return list(Region.objects.filter(code__in=codes).order_by("code"))


def years_to_show(district: str) -> list[int]:
    """Return years with twelve approved months, newest first."""
    runs = PayrollRun.objects.filter(within("street", district), state=RunState.APPROVED.value)
    counts = Counter(year_of(month) for month in runs.order_by().values_list("month", flat=True).distinct())
    return sorted((year for year, months in counts.items() if months == 12), reverse=True)[:MOST_YEARS]


def floors(district: str, years: Collection[int]) -> list[Floor]:
    """Compare each year's average with the year before's income. Two statements."""
    figures = DisposableIncome.objects.filter(district=district, year__in=[year - 1 for year in years])
    incomes = {row.year: row for row in figures.select_related("entered_by")}
    found = []
    for year in years:
        people, paid = _kept_year(district, year)
        found.append(Floor(year, people, paid, incomes.get(year - 1)))
    return found


def incomes_of(district: str) -> list[DisposableIncome]:
    rows = DisposableIncome.objects.filter(district=district).select_related("entered_by")
    return list(rows.order_by("-year")[: 2 * MOST_YEARS])


def _kept_year(district: str, year: int) -> tuple[int, Decimal | None]:
    """Return (people, average) of a year, cached until the next approval.

    Approved pay never changes, so number and last key of approved runs identify it.
    """
    runs = PayrollRun.objects.filter(within("street", district), state=RunState.APPROVED.value).order_by()
    state = runs.aggregate(count=Count("pk"), newest=Max("pk"), last=Max("approved_at"))
    if not state["count"]:
        return 0, None
    key = f"year-pay:{district}:{year}:{state['count']}:{state['newest']}:{state['last']:%Y%m%d%H%M%S%f}"
    kept: tuple[int, Decimal | None] | None = cache.get(key)
    if kept is None:
        cents = _full_year_cents(district, year)
        kept = len(cents), average(cents)
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def _full_year_cents(district: str, year: int) -> list[int]:
    """The year's pay, earned or accrued, in cents, of everybody paid by grade in all twelve approved months (reading
    AVERAGE_PAY)."""
    pay = [one for one in components() if one.kind in (Kind.EARNED, Kind.ACCRUED)]
    graded = [str(one.term) for one in pay if one.graded and one.is_paid_monthly]
    lines = PayLine.objects.filter(
        within("payslip__run__street", district),
        component__in=[str(one.term) for one in pay],
        payslip__run__state=RunState.APPROVED.value,
        for_month__gte=january(year),
        for_month__lt=january(year + 1),
    )
    sums = (
        lines.order_by()
        .values_list("worker_id", "for_month")
        .annotate(graded=Sum(CENTS, filter=Q(component__in=graded)), paid=Sum(CENTS))
    )
    months: Counter[int] = Counter()
    cents: Counter[int] = Counter()
    for worker, _, by_grade, paid in sums.iterator(5_000):
        months[worker] += bool(by_grade and by_grade > 0)
        cents[worker] += paid
    return [cents[worker] for worker, count in months.items() if count == 12]
