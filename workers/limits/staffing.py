"""Staffing of a community (rules 9.6; S 二(三); O 3)."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

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


AGE_BANDS = ((35, "35岁及以下"), (45, "36至45岁"), (55, "46至55岁"))
OLDEST_BAND = "56岁及以上"
NO_MAJOR = "未登记"
SOCIAL_WORK = "社会工作"


def age_on(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def age_band(born: date, day: date) -> str:
    """Young, middle, older, near retirement: the balance S 二(三)3 asks for."""
    age = age_on(born, day)
    return next((label for oldest, label in AGE_BANDS if age <= oldest), OLDEST_BAND)


def major_group(major: str) -> str:
    """Social work stands out (S 二(三)3); other majors as entered."""
    if not major:
        return NO_MAJOR
    return SOCIAL_WORK if SOCIAL_WORK in major else major


def rate(part: int, whole: int) -> Decimal | None:
    """A share of people as a percentage with one decimal; None of nobody."""
    return None if not whole else (Decimal(part * 100) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)
