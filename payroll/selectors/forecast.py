"""Forecast of promotions and their monthly cost. Open years count as 合格."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from payroll.rules.horizon import Rise, rises
from payroll.rules.timeline import assumed
from payroll.selectors.facts import stream_people
from payroll.selectors.jurisdictions import Jurisdictions
from payroll.selectors.streets import streets_seen
from songshan_cw.words.money import total
from songshan_cw.words.periods import Month
from workers.models import Region, User
from workers.selectors.streams import people_of

MONTHS_AHEAD = 36
HORIZONS = (12, 24, 36)


@dataclass(frozen=True, slots=True)
class Promotion:
    """One person's promotion, in the street of that month."""

    worker_id: int
    name: str
    rise: Rise

    @property
    def street(self) -> str:
        return self.rise.after.assignment.street


@dataclass(frozen=True, slots=True)
class Reach:
    """All promotions within a number of months. ``extra``: yuan a month more after them."""

    months: int
    count: int
    extra: Decimal


@dataclass(frozen=True, slots=True)
class StreetForecast:
    street: Region
    reaches: tuple[Reach, ...]


@dataclass(frozen=True, slots=True)
class Forecast:
    """``promotions`` by month, street and name. ``whole``: all streets together."""

    first: Month
    last: Month
    promotions: tuple[Promotion, ...]
    streets: tuple[StreetForecast, ...]
    whole: tuple[Reach, ...]

    @property
    def by_month(self) -> list[tuple[Month, int]]:
        return sorted(Counter(one.rise.month for one in self.promotions).items())


def streets_of(user: User) -> list[Region]:
    return list(streets_seen(user).select_related("parent"))


def forecast(*, streets: Sequence[Region], today: Month) -> Forecast:
    """Forecast the 36 months after ``today``. A fixed number of statements. Raises PolicyGap."""
    places = Jurisdictions()
    codes = {street.code for street in streets}
    first, last = today + 1, today + MONTHS_AHEAD
    found = (
        [
            promotion
            for person in stream_people(people_of(codes))
            for rise in rises(assumed(person.facts, today), places, first, last)
            if (promotion := Promotion(person.id, person.name, rise)).street in codes
        ]
        if codes
        else []
    )
    found.sort(key=lambda one: (one.rise.month, one.rise.after.assignment.community, one.name, one.worker_id))
    by_street: dict[str, list[Promotion]] = {code: [] for code in codes}
    for one in found:
        by_street[one.street].append(one)
    rows = tuple(StreetForecast(street, _reaches(by_street[street.code], today)) for street in streets)
    return Forecast(first, last, tuple(found), rows, _reaches(found, today))


def _reaches(promotions: Sequence[Promotion], today: Month) -> tuple[Reach, ...]:
    result = []
    for months in HORIZONS:
        within = [one.rise.extra for one in promotions if one.rise.month <= today + months]
        result.append(Reach(months, len(within), total(within)))
    return tuple(result)
