"""Spans of days: first and last day included; without a last day the span is open."""

from bisect import bisect_right
from calendar import monthrange
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    first: date
    last: date | None

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)

    def meets(self, other: "Span") -> bool:
        """Return whether the two spans share at least one day."""
        return (other.last is None or self.first <= other.last) and (self.last is None or other.first <= self.last)

    def within(self, first: date, last: date) -> "Span | None":
        """Return the part between two days, or None."""
        start = max(self.first, first)
        end = last if self.last is None else min(self.last, last)
        return Span(start, end) if start <= end else None

    def shared(self, other: "Span") -> "Span | None":
        """Return the common part, or None."""
        if not self.meets(other):
            return None
        ends = [end for end in (self.last, other.last) if end is not None]
        return Span(max(self.first, other.first), min(ends, default=None))

    @property
    def days(self) -> int:
        """Count the calendar days of a finished span."""
        if self.last is None:
            raise ValueError("a span still going on has no number of days")
        return (self.last - self.first).days + 1


def without(span: Span, gaps: Iterable[Span]) -> list[Span]:
    """Return the parts of a span outside the gaps, in order."""
    left: list[Span] = []
    first = span.first
    for gap in sorted(gaps, key=lambda each: each.first):
        if not gap.meets(Span(first, span.last)):
            continue
        if first < gap.first:
            left.append(Span(first, gap.first - ONE_DAY))
        if gap.last is None:
            return left
        first = gap.last + ONE_DAY
    if span.last is None or first <= span.last:
        left.append(Span(first, span.last))
    return left


def add_months(day: date, months: int) -> date:
    """Return the same day some months later, or the month's last day where it has no such day."""
    year, zero_based = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, zero_based + 1, min(day.day, monthrange(year, zero_based + 1)[1]))


def term_end(start: date, months: int) -> date:
    """The last day of a term of whole months: the day before its anniversary.

    A month without the anniversary ends the term on its own last day (Civil Code of the PRC, article 202).
    """
    anniversary = add_months(start, months)
    return anniversary if anniversary.day < start.day else anniversary - ONE_DAY


def change_days(spans: Iterable[Span]) -> list[date]:
    """Return the days on which the set of running spans may change, in order."""
    days = {span.first for span in spans} | {span.last + ONE_DAY for span in spans if span.last is not None}
    return sorted(days)


class Running:
    """Count day by day how many different keys have a running span."""

    def __init__(self, spans: Iterable[tuple[str, Span]]) -> None:
        steps: dict[date, list[tuple[str, int]]] = {}
        for key, span in spans:
            steps.setdefault(span.first, []).append((key, 1))
            if span.last is not None:
                steps.setdefault(span.last + ONE_DAY, []).append((key, -1))
        self._days = sorted(steps)
        self._counts = [0]
        running: Counter[str] = Counter()
        for day in self._days:
            for key, step in steps[day]:
                running[key] += step
                if not running[key]:
                    del running[key]
            self._counts.append(len(running))

    def on(self, day: date) -> int:
        return self._counts[bisect_right(self._days, day)]


def true_since(days: Sequence[date], day: date, condition: Callable[[date], bool]) -> date | None:
    """Return the first day since which a condition has held without a break, or None where it does not hold.

    It changes only on ``days`` (in order). A condition older than all of them counts from the first.
    """
    if not condition(day):
        return None
    since = day
    for moment in reversed(days[: bisect_right(days, day)]):
        if not condition(moment):
            break
        since = moment
    return since
