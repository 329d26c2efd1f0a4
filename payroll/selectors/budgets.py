"""Estimate a coming year by street in one stream of the people (rules 7.5; S 三(二))."""

from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import QuerySet

from payroll.models import Budget, BudgetBasis
from payroll.rules.horizon import MonthSum, rises, year_of_pay
from payroll.rules.tables import NoTable, scale_in_force
from payroll.rules.timeline import assumed
from payroll.selectors.facts import stream_people
from payroll.selectors.jurisdictions import Jurisdictions
from payroll.selectors.streets import streets_seen
from songshan_cw.data.refusal import Refused
from songshan_cw.words.periods import Month, january, label_zh
from songshan_cw.words.regions import district_of
from songshan_cw.words.terms import RunState
from workers.models import Region, User
from workers.rules.rights import roles_with
from workers.selectors.scope import visible
from workers.selectors.streams import people_of


@dataclass(slots=True)
class Estimate:
    """A street's year before insurance and training. ``people`` count once, in the street of their first paid month."""

    year: int
    trial: bool
    people: int = 0
    months: list[MonthSum] = field(default_factory=lambda: [MonthSum() for _ in range(12)])


@dataclass(frozen=True, slots=True)
class StreetBudget:
    street: Region
    budget: Budget | None


def estimates(*, street_codes: Collection[str], year: int, today: Month) -> dict[str, Estimate]:
    """Estimate with a fixed number of statements. Raises Refused, PolicyGap."""
    places = Jurisdictions()
    found = {code: Estimate(year, _trial(places, code, year)) for code in street_codes}
    first, last = january(year), january(year + 1) - 1
    for person in stream_people(people_of(street_codes)):
        facts = assumed(person.facts, today)
        try:
            paid = year_of_pay(facts, places, year)
        except NoTable as fault:
            raise _no_table(year) from fault
        promoted = {rise.month for rise in rises(facts, places, first, last)} if paid else set()
        for index, pay in enumerate(paid):
            estimate = found.get(pay.assignment.street)
            if estimate is None:
                continue
            one = estimate.months[pay.month - first]
            one.add(pay)
            one.promoted += pay.month in promoted
            estimate.people += not index
    return found


def basis_of(district: str, year: int) -> BudgetBasis | None:
    return BudgetBasis.objects.filter(district=district, year=year).select_related("entered_by").first()


def budgets_by_street(user: User, year: int) -> list[StreetBudget]:
    """List the user's streets with people and their visible budgets. Three statements."""
    rows = visible(Budget.objects.filter(year=year), user).select_related("street", "submitted_by", "approved_by")
    found = {row.street_id: row for row in rows}
    streets = list(streets_seen(user))
    if not user.has_perm("workers.view_worker"):
        streets = [street for street in streets if street.code in found]
    return [StreetBudget(street, found.get(street.code)) for street in streets]


def budgets_in_state(user: User, state: RunState) -> QuerySet[Budget]:
    rows = visible(Budget.objects.filter(state=state.value), user)
    return rows.select_related("street").order_by("year", "street")


def years_with_budgets(user: User) -> list[int]:
    return list(visible(Budget.objects.all(), user).order_by("year").values_list("year", flat=True).distinct())


def _trial(places: Jurisdictions, street: str, year: int) -> bool:
    scales = [scale_in_force(places[district_of(street)].scales, january(year) + number) for number in range(12)]
    if any(scale is None for scale in scales):
        raise _no_table(year)
    return any(scale is not None and not scale.confirmed for scale in scales)


def _no_table(year: int) -> Refused:
    who = roles_with("payroll.import_table")
    return Refused(f"{label_zh(january(year))}起没有可用的等级系数表，不能测算。请由{who}先导入等级系数表。")
