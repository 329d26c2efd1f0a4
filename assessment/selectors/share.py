"""The 优秀 of a street and year: the integer count, used and left (rules 8.2)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from assessment.compliance.years import counted_in
from assessment.models import ShareException
from assessment.rules import Share, share_limit
from assessment.selectors.members import stream_members
from songshan_cw.policy import policy_at
from songshan_cw.policy.schema import Cited
from workers.streams import people_of


@dataclass(frozen=True, slots=True)
class StreetShare:
    """The count and the rule it comes from."""

    share: Share
    rule: Cited[object]


def extras(street_codes: Collection[str]) -> dict[tuple[str, int], int]:
    """What the bureau's exceptions add, by street and year."""
    rows = ShareException.objects.order_by().values("street_id", "year").annotate(total=Sum("extra"))
    return {(row["street_id"], row["year"]): row["total"] for row in rows if row["street_id"] in street_codes}


def share_of(street: str, year: int) -> StreetShare:
    """The count as the records stand; before 31 December, of who is to serve on it. Raises PolicyGap."""
    last = date(year, 12, 31)
    policy = policy_at(street, last)
    rule = policy.assessment.excellent_share
    headcount = used = 0
    for member in stream_members(people_of([street]), last):
        counted = counted_in(member, year)
        if counted is None or counted.street != street or member.category not in policy.scope.in_scheme.value:
            continue
        headcount += counted.in_headcount
        used += counted.excellent
    extra = extras([street]).get((street, year), 0)
    return StreetShare(Share(headcount, share_limit(headcount, rule.value), extra, used), rule)
