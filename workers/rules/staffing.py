"""Staffing of a community (rules 9.6; S 二(三); O 3)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from songshan_cw.policy.schema import StaffingRules
from songshan_cw.words.terms import Position, Post

LEADING_POSTS = frozenset({Post.CHIEF, Post.DEPUTY})


@dataclass(frozen=True, slots=True)
class Recommended:
    """Recommended workers: at least ``fewest``, at most ``most``."""

    fewest: int
    most: int


def recommended(households: int, rules: StaffingRules) -> Recommended:
    """Compute max(6, ceil(households / 300)) in Songshan, or the document's range (O: 200 to 400)."""
    ratio = rules.households_per_worker.value
    floor = rules.fewest_workers.value or 0
    return Recommended(max(floor, -(-households // ratio.most)), max(floor, -(-households // ratio.fewest)))


def is_leader(post: Post) -> bool:
    """Return whether the post is a leading one: 正职 or 副职 (readings: LEADING_POSTS)."""
    return post in LEADING_POSTS


def does_party_work(position: Position, *, named: bool) -> bool:
    """Return whether somebody counts as the full-time party worker (readings: PARTY_WORKER)."""
    return named or position is Position.DEPUTY_SECRETARY


ONE_EACH = (Position.SECRETARY, Position.DIRECTOR)  # 一肩挑 holds both
Appointed = tuple[Post, Position, bool]


def held_by(appointed: Appointed) -> frozenset[Position]:
    """Return which of the single offices of a community a person holds. 一肩挑 holds both."""
    _, position, dual = appointed
    return frozenset(ONE_EACH) if dual else frozenset({position}) & frozenset(ONE_EACH)


def crowded(
    community: str, appointed: Appointed, others: Sequence[tuple[str, Appointed]], rules: StaffingRules
) -> Iterator[str]:
    """Describe the offices an appointment would duplicate and the limits it would exceed (S 二(三)1). Warns only."""
    clause, most = rules.most_leaders.article, rules.most_leaders.value
    for office in ONE_EACH:
        names = [name for name, held in others if office in held_by(held)]
        if names and office in held_by(appointed):
            occupied = f"{community}已有{office}：{'、'.join(names)}（{clause}）。"
            yield f"{occupied}接任的，请同时办理原任者的岗位变动或离职。"
    leaders = sum(1 for _, (post, _, _) in others if is_leader(post))
    if most is not None and is_leader(appointed[0]) and leaders + 1 > most:
        yield f"{community}另有正职、副职{leaders}人，加上本人共{leaders + 1}人，原则上不超过{most}人（{clause}）。"


AGE_BANDS = ((35, "35岁及以下"), (45, "36至45岁"), (55, "46至55岁"))
OLDEST_BAND = "56岁及以上"
NO_MAJOR = "未登记"
SOCIAL_WORK = "社会工作"


def age_on(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def age_band(born: date, day: date) -> str:
    """Return the age group for the structure of S 二(三)3."""
    age = age_on(born, day)
    return next((label for oldest, label in AGE_BANDS if age <= oldest), OLDEST_BAND)


def major_group(major: str) -> str:
    """Return 社会工作 or the major as entered (S 二(三)3)."""
    if not major:
        return NO_MAJOR
    return SOCIAL_WORK if SOCIAL_WORK in major else major


def rate(part: int, whole: int) -> Decimal | None:
    """Return a percentage with one decimal, or None of nobody."""
    return None if not whole else (Decimal(part * 100) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)
