"""What a fact not yet recorded would change: month by month before and after, and what closed months would owe."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from payroll.rules.arrears import ArrearsLine, Key
from payroll.rules.credit import replay
from payroll.rules.facts import Facts
from payroll.rules.grading import assignment_in
from payroll.rules.pay import MonthlyPay, Unpaid
from payroll.rules.slip import DistrictReplays, Jurisdiction, arrears_of, closed_for, monthly_due
from payroll.rules.tables import NoTable
from payroll.rules.timeline import assumed
from songshan_cw.words.money import EXACT, ZERO
from songshan_cw.words.periods import Month

Due = MonthlyPay | Unpaid
Jurisdictions = Mapping[str, Jurisdiction]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Months in a row with the same difference; ``last`` None: on to the end of what was looked at."""

    first: Month
    last: Month | None
    before: Due
    after: Due


@dataclass(frozen=True, slots=True)
class Ledger:
    """What of one person's months is closed, and what was paid for them (yuan)."""

    closed: frozenset[tuple[str, Month]]
    paid: Mapping[Key, Decimal]


def stretches(
    before: Facts, after: Facts, jurisdictions: Jurisdictions, *, first: Month, last: Month, today: Month
) -> tuple[Stretch, ...]:
    """The months between ``first`` and ``last`` whose post, grade or amounts differ. Years to come count as 合格."""
    old, new = _dues(before, jurisdictions, first, last, today), _dues(after, jurisdictions, first, last, today)
    found: list[Stretch] = []
    for month in range(first, last + 1):
        if month not in old or month not in new or _told(old[month]) == _told(new[month]):
            continue
        newest = found[-1] if found else None
        pair = (_told(old[month]), _told(new[month]))
        if newest and newest.last == month - 1 and (_told(newest.before), _told(newest.after)) == pair:
            found[-1] = Stretch(newest.first, month, newest.before, newest.after)
        else:
            found.append(Stretch(month, month, old[month], new[month]))
    if found and found[-1].last == last:
        found[-1] = Stretch(found[-1].first, None, found[-1].before, found[-1].after)
    return tuple(found)


def owed(facts: Facts, jurisdictions: Jurisdictions, ledger: Ledger, today: Month) -> tuple[ArrearsLine, ...]:
    """What the next run would carry for closed months with these facts (rules 5.6)."""
    newest = max((month for _, month in ledger.closed), default=today)
    district = assignment_in(facts, newest).community[:6]
    steps = replay(facts, jurisdictions[district].timeline, newest)
    months = closed_for(facts, ledger.closed, sorted({month for _, month in ledger.closed}))
    return arrears_of(facts, steps, jurisdictions, months, ledger.paid)


def difference(before: Iterable[ArrearsLine], after: Iterable[ArrearsLine]) -> tuple[ArrearsLine, ...]:
    """What is owed in the one case and not in the other."""
    old = {(line.for_month, line.component): line for line in before}
    new = {(line.for_month, line.component): line for line in after}
    lines = []
    for key in sorted({*old, *new}):
        line = new.get(key) or old[key]
        was, now = (side[key].amount if key in side else ZERO for side in (old, new))
        if amount := EXACT.subtract(now, was):
            lines.append(ArrearsLine(line.for_month, line.component, amount, line.already_paid))
    return tuple(lines)


def _dues(facts: Facts, jurisdictions: Jurisdictions, first: Month, last: Month, today: Month) -> dict[Month, Due]:
    """What is due in each month a table covers."""
    hopeful = assumed(facts, today)
    replays = DistrictReplays(hopeful, jurisdictions, last)
    dues: dict[Month, Due] = {}
    for month in range(first, last + 1):
        try:
            dues[month] = monthly_due(hopeful, replays.of(month), replays.jurisdiction(month), month)
        except NoTable:
            continue
    return dues


def _told(due: Due) -> tuple[object, ...]:
    """What a reader would call the same month."""
    if isinstance(due, Unpaid):
        return (due,)
    place = due.assignment
    return (
        *(place.community, place.post, place.position, place.dual, due.step, due.grade),
        due.amounts(),
    )
