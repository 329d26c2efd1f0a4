"""Headcount, limit and use of 优秀 of a street and year (rules 8.2)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Sum

from assessment.models import ShareException
from assessment.rules.share import Share, share_limit
from songshan_cw.policy import policy_at, policy_or_none
from songshan_cw.policy.schema import Cited
from songshan_cw.words.terms import Result


@dataclass(frozen=True, slots=True)
class StreetShare:
    """The share with the rule it comes from."""

    share: Share
    rule: Cited[object]


def extras(street_codes: Collection[str]) -> dict[tuple[str, int], int]:
    """Sum the bureau's exceptions by street and year."""
    rows = ShareException.objects.order_by().values("street_id", "year").annotate(total=Sum("extra"))
    return {(row["street_id"], row["year"]): row["total"] for row in rows if row["street_id"] in street_codes}


def share_of(street: str, year: int) -> StreetShare:
    """Count one street. Before 31 December, count who is to serve on it. Raises PolicyGap."""
    policy = policy_at(street, date(year, 12, 31))
    return StreetShare(shares_of([street], year)[street], policy.assessment.excellent_share)


def shares_of(streets: Collection[str], year: int) -> dict[str, Share]:
    """Count the streets with a policy in force on 31 December. Two statements for all of them."""
    policies = {code: policy for code in streets if (policy := policy_or_none(code, date(year, 12, 31)))}
    counted = _counts(policies, year)
    granted = extras(policies)
    shares = {}
    for code, policy in policies.items():
        own = [counted.get((code, category.value), (0, 0)) for category in policy.scope.in_scheme.value]
        headcount, used = (sum(numbers) for numbers in zip(*own, strict=True))
        limit = share_limit(headcount, policy.assessment.excellent_share.value)
        shares[code] = Share(headcount, limit, granted.get((code, year), 0), used)
    return shares


# The same rule as ``counted_in``: the last post held in service in the year; the first one starts with hiring.
COUNTS = """
WITH people AS (
    SELECT DISTINCT p.worker_id FROM workers_postassignment p JOIN workers_region c ON c.code = p.community_id
     WHERE c.parent_id IN ({streets})
), posts AS (
    SELECT p.worker_id, p.community_id, p.start, x.left_on,
           COALESCE((SELECT k.category FROM workers_categoryrecord k WHERE k.worker_id = w.id AND k.start <= %s
                      ORDER BY k.start DESC LIMIT 1), w.category) AS category,
           CASE WHEN row_number() OVER (PARTITION BY p.worker_id ORDER BY p.start) = 1
                THEN w.hired_on ELSE p.start END AS since
      FROM people JOIN workers_worker w ON w.id = people.worker_id
      JOIN workers_postassignment p ON p.worker_id = people.worker_id
      LEFT JOIN workers_exit x ON x.worker_id = people.worker_id
), held AS (
    SELECT posts.*, row_number() OVER (PARTITION BY worker_id ORDER BY start DESC) AS place FROM posts
     WHERE since <= %s AND (left_on IS NULL OR left_on >= %s AND left_on >= since)
)
SELECT substr(held.community_id, 1, 9), held.category,
       sum(CASE WHEN (held.left_on IS NULL OR held.left_on >= %s) AND NOT EXISTS (
               SELECT 1 FROM workers_servicegap g WHERE g.worker_id = held.worker_id
                  AND g.first_day <= %s AND (g.last_day IS NULL OR g.last_day >= %s)) THEN 1 ELSE 0 END),
       sum(CASE WHEN a.id IS NULL THEN 0 ELSE 1 END)
  FROM held LEFT JOIN assessment_annualassessment a
    ON a.worker_id = held.worker_id AND a.year = %s AND a.result = %s
 WHERE held.place = 1 GROUP BY substr(held.community_id, 1, 9), held.category
"""


def _counts(streets: Collection[str], year: int) -> dict[tuple[str, str], tuple[int, int]]:
    """Count headcount and 优秀 by (street, category)."""
    if not streets:
        return {}
    first, last = date(year, 1, 1), date(year, 12, 31)
    statement = COUNTS.format(streets=", ".join(["%s"] * len(streets)))
    with connection.cursor() as cursor:
        cursor.execute(statement, [*streets, last, last, first, last, last, last, year, Result.EXCELLENT.value])
        return {(street, category): (headcount, used) for street, category, headcount, used in cursor.fetchall()}
