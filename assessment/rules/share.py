"""The share of 优秀 of a street and year (rules 8.2; S 二(四)4; O 18)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from assessment.rules.facts import Finding, Member
from songshan_cw.policy.schema import Policy
from songshan_cw.words.regions import street_of
from songshan_cw.words.terms import Result


@dataclass(frozen=True, slots=True)
class Share:
    """The 优秀 of a street and year. ``limit`` comes from the policy, ``extra`` from the bureau's exceptions."""

    headcount: int
    limit: int
    extra: int
    used: int

    @property
    def left(self) -> int:
        return max(self.limit + self.extra - self.used, 0)

    @property
    def over(self) -> int:
        return max(self.used - self.limit - self.extra, 0)


def share_limit(headcount: int, share: Decimal) -> int:
    """Round down: 15% of 13 people is 1 (readings: EXCELLENT_ROUNDED_DOWN)."""
    return int(headcount * share)


@dataclass(frozen=True, slots=True)
class Counted:
    """How a person counts. ``in_headcount``: in service on 31 December without interruption."""

    street: str
    in_headcount: bool
    excellent: bool


def counted_in(member: Member, year: int) -> Counted | None:
    """Return the street of the year's last post, or None without service in it (readings: EXCELLENT_COUNTED)."""
    seat = member.last_seat_in(year)
    if seat is None:
        return None
    last = date(year, 12, 31)
    return Counted(
        street=street_of(seat.community),
        in_headcount=seat.span.covers(last) and not any(gap.covers(last) for gap in member.gaps),
        excellent=member.results.get(year) is Result.EXCELLENT,
    )


def too_many_excellent(
    *, street: str, name: str, year: int, share: Share, people: Sequence[str], policy: Policy
) -> Iterator[Finding]:
    """Find more 优秀 than limit and exceptions allow. ``people``: all 优秀 of the street and year."""
    rule = policy.assessment.excellent_share
    if not share.over:
        return
    extra = f"、经批准放宽{share.extra}人" if share.extra else ""
    yield Finding(
        "8.2",
        rule.clause,
        street,
        tuple(sorted(people)),
        date(year, 12, 31),
        f"{name}{year}年度优秀{share.used}人，{share.headcount}人的{_percent(rule.value)}为{share.limit}人{extra}，"
        f"超出{share.over}人。请街道调整等次，或由民政局写明理由放宽名额。",
    )


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f}%"
