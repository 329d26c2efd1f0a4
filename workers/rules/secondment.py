"""Secondments: the number at once in a community, and their length (rules 9.1; S 二(四)2; O 14)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from songshan_cw.words.spans import ONE_DAY, Span, change_days, term_end


@dataclass(frozen=True, slots=True)
class Away:
    """One person's approved secondment. ``row`` is the caller's key of it."""

    person: str
    span: Span
    row: object = None


def days_away(start: date, end: date | None, returned_on: date | None, *, tracked: bool, today: date) -> Span:
    """Return the span a person is away.

    A requested secondment lasts until its return is entered, an imported one until its agreed end.
    """
    if returned_on is not None:
        return Span(start, max(returned_on, start))
    if tracked and end is not None and end < today:
        return Span(start, None)
    return Span(start, end)


def away_on(away: Iterable[Away], day: date) -> list[Away]:
    return [one for one in away if one.span.covers(day)]


def people_away(away: Iterable[Away], day: date) -> frozenset[str]:
    return frozenset(one.person for one in away_on(away, day))


def first_day_too_many(away: Sequence[Away], within: Span, limit: int) -> date | None:
    """Return the first day in a span with more than the limit away at once, or None."""
    for day in [within.first, *(day for day in change_days(one.span for one in away) if within.covers(day))]:
        if len(people_away(away, day)) > limit:
            return day
    return None


def last_day_allowed(start: date, most_months: int | None) -> date | None:
    """Return the last day of the longest secondment, or None where the policy sets no length."""
    return None if most_months is None else term_end(start, most_months)


def first_day_too_long(span: Span, most_months: int | None) -> date | None:
    """Return the day from which a secondment is longer than allowed, or None."""
    allowed = last_day_allowed(span.first, most_months)
    if allowed is None or (span.last is not None and span.last <= allowed):
        return None
    return allowed + ONE_DAY
