"""Which category counts in a month, and whether it belongs to the scheme (rules 2.4; S 二(一))."""

from collections.abc import Collection
from itertools import pairwise

from payroll.rules.facts import Categorised, Facts
from songshan_cw.words.periods import Month, first_day, last_day
from songshan_cw.words.terms import Category


def categories_in(facts: Facts, month: Month) -> tuple[Category, ...]:
    """Return the categories held on a day of the month and of service, oldest first; that of the hiring before it, and
    the last one after the exit.
    """
    first, last = max(first_day(month), facts.hired), last_day(month)
    if facts.left is not None:
        last = min(last, facts.left)
    first = min(first, last)
    begun = sorted(one for one in facts.categories if one.start <= last)
    dated = [Categorised(facts.hired, facts.category), *begun]
    ended = [
        earlier.category for earlier, later in pairwise(dated) if first < later.start and earlier.start < later.start
    ]
    return (*ended, dated[-1].category)


def is_in_scheme(facts: Facts, in_scheme: Collection[Category], month: Month) -> bool:
    """Return whether the month has a day in the scheme, which pays it whole (rules 2.4, reading TAKEN_IN_MONTH)."""
    if not facts.categories:
        return facts.category in in_scheme
    return any(category in in_scheme for category in categories_in(facts, month))


def category_in(facts: Facts, month: Month) -> Category:
    """Return the category at the end of the month."""
    return categories_in(facts, month)[-1]
