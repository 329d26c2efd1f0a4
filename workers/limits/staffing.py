"""Staffing of a community (rules 9.6; S 二(三); O 3)."""

from dataclasses import dataclass

from songshan_cw.policy.schema import StaffingRules
from songshan_cw.terms import Position, Post

LEADING_POSTS = frozenset({Post.CHIEF, Post.DEPUTY})


@dataclass(frozen=True, slots=True)
class Recommended:
    """Workers by households: ``fewest`` must be there; up to ``most`` are within the policy's range."""

    fewest: int
    most: int


def recommended(households: int, rules: StaffingRules) -> Recommended:
    """max(6, ceil(households / 300)) in Songshan; a range where the document gives one (O: 200 to 400)."""
    ratio = rules.households_per_worker.value
    floor = rules.fewest_workers.value or 0
    return Recommended(max(floor, -(-households // ratio.most)), max(floor, -(-households // ratio.fewest)))


def is_leader(post: Post) -> bool:
    """正职 and 副职 hold the leading posts (readings: LEADING_POSTS)."""
    return post in LEADING_POSTS


def does_party_work(position: Position, *, named: bool) -> bool:
    """Who counts as the full-time party worker (readings: PARTY_WORKER)."""
    return named or position is Position.DEPUTY_SECRETARY
