"""The share of 优秀 of a street and year (rules 8.2; S 二(四)4; O 18)."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from assessment.rules.annual import Share
from assessment.rules.findings import Finding
from songshan_cw.policy.schema import Policy


def too_many_excellent(
    *, street: str, name: str, year: int, share: Share, people: Sequence[str], policy: Policy
) -> Iterator[Finding]:
    """More 优秀 than the integer count and the bureau's exceptions; ``people``: all 优秀 of the street and year."""
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
