"""Recompute every closed month of everybody from the facts alone, no shortcut taken (rules 5.6)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from payroll.rules.arrears import Key
from payroll.rules.credit import replay
from payroll.rules.grading import assignments_until
from payroll.rules.slip import arrears_of, closed_for
from payroll.selectors import ledger
from payroll.selectors.drafts import CHUNK
from payroll.selectors.facts import Person, stream_people
from payroll.selectors.jurisdictions import Jurisdictions
from payroll.selectors.streets import streets_with_people
from songshan_cw.words.money import EXACT
from songshan_cw.words.periods import Month
from songshan_cw.words.regions import district_of
from workers.models import Region
from workers.selectors.streams import people_of


@dataclass(frozen=True, slots=True)
class Difference:
    """What the ledger still owes (due above carried) or is owed for one month and component, in yuan."""

    worker_id: int
    id_number: str
    name: str
    street_code: str
    month: Month
    component: str
    due: Decimal
    carried: Decimal


@dataclass(frozen=True, slots=True)
class Reconciled:
    """``months``: closed months compared, person by person."""

    people: int
    months: int
    differences: tuple[Difference, ...]


def reconcile(streets: Sequence[Region] | None = None) -> Reconciled:
    """Compare what is due with what approved runs carried, for everybody ever assigned to the streets, or for all.

    The next runs must carry exactly these differences. No settlement mark is read.
    """
    codes = [street.code for street in (streets_with_people() if streets is None else streets)]
    closed = ledger.closed_months()
    months = sorted({month for _, month in closed})
    people = compared = 0
    found: list[Difference] = []
    source = stream_people(people_of(codes)) if codes else iter(())
    jurisdictions = Jurisdictions()
    while chunk := list(islice(source, CHUNK)):
        paid = ledger.paid_sums([person.id for person in chunk])
        for person in chunk:
            own = closed_for(person.facts, closed, months)
            people, compared = people + 1, compared + len(own)
            found += _differences(person, own, paid.get(person.id, {}), jurisdictions)
    return Reconciled(people, compared, tuple(found))


def _differences(
    person: Person, months: Sequence[Month], paid: Mapping[Key, Decimal], jurisdictions: Jurisdictions
) -> Iterator[Difference]:
    last = max([*months, *(month for month, _ in paid)], default=None)
    if last is None:
        return
    facts = person.facts
    place = assignments_until(facts, last)[-1]
    steps = replay(facts, jurisdictions[district_of(place.community)].timeline, last)
    for line in arrears_of(facts, steps, jurisdictions, months, paid):
        due = EXACT.add(line.already_paid, line.amount)
        whose = (person.id, person.id_number, person.name, place.street)
        yield Difference(*whose, line.for_month, line.component, due, line.already_paid)
