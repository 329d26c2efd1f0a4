"""A second, deliberately naive calculation of pay, written from the numbered rules alone.

It walks through every single day and month with the standard library, keeps amounts as exact fractions, and shares no
line with the product's rules, so that an error would have to be made twice in two different ways to stay unseen.
`given` is a plain mapping with the keys of the case files (tests/cases/README.md); a month is a pair (year, month).
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

Given = Mapping[str, Any]
Month = tuple[int, int]

SCHEME_STARTS: Month = (2022, 1)
OUT_OF_SCHEME = {"退休人员", "在编在职", "收费站分流", "其他人员"}
LOWEST_GRADE = {"正职": 7, "副职": 4, "工作人员": 1}
EDUCATION_MONTHS = {"大学本科": 48, "硕士研究生": 84, "博士研究生": 120}
ALLOWANCE = {"助理社会工作师": 200, "社会工作师": 300, "高级社会工作师": 500}
SAMPLE_BASE = Fraction(42000)


def month_of(day: dt.date) -> Month:
    return day.year, day.month


def following(month: Month) -> Month:
    return (month[0] + 1, 1) if month[1] == 12 else (month[0], month[1] + 1)


def days_of(month: Month) -> Iterator[dt.date]:
    for number in range(1, calendar.monthrange(*month)[1] + 1):
        yield dt.date(*month, number)


def months_between(first: Month, last: Month) -> Iterator[Month]:
    month = first
    while month <= last:
        yield month
        month = following(month)


def in_service(given: Given, day: dt.date) -> bool:
    """4.3: from the day of hiring to the day of leaving, save interruptions, both ends included."""
    if day < given["hired"] or (given.get("left") and day > given["left"]):
        return False
    return not any(gap["from"] <= day and (gap.get("to") is None or day <= gap["to"]) for gap in given.get("gaps", []))


def counts_as_service(given: Given, month: Month) -> bool:
    """4.3: decided by the last day of the month."""
    return in_service(given, list(days_of(month))[-1])


def credit_of_year(given: Given, year: int) -> int:
    """4.2: before 2022 the months alone; from 2022 on only with 优秀 or 合格, and 优秀 brings half a year more to a
    year with a month of service. 4.5: the year of a placement from its month on. 4.8: in communities of 松山区 only.
    """
    months = [(year, number) for number in range(1, 13)]
    served = [one for one in months if counts_as_service(given, one) and community_in(given, one).startswith("150404")]
    placed = [text for text in (row["month"] for row in given.get("placements", [])) if int(text[:4]) == year]
    added = sum(1 for one in served if all(f"{one[0]:04d}-{one[1]:02d}" >= text for text in placed))
    if year < SCHEME_STARTS[0]:
        return added
    result = (given.get("assessments") or {}).get(year)
    if result == "优秀" and served:
        return added + 6
    return added if result in ("优秀", "合格") else 0


def credited_months(given: Given, month: Month) -> int:
    """4.1, 4.4-4.6: start at hiring, then January, degrees, placement, month after month.

    A degree dated before hiring was brought along, so it counts from the month of hiring.
    """
    start = month_of(given["hired"])
    credit = EDUCATION_MONTHS.get(given["entry_education"], 0)
    for current in months_between(start, month):
        if current[1] == 1 and current != start:
            credit += credit_of_year(given, current[0] - 1)
        for degree in given.get("degrees", []):
            if max(start, following(month_of(degree["date"]))) == current:
                credit = max(credit, EDUCATION_MONTHS.get(degree["level"], 0))
        for placement in given.get("placements", []):
            if placement["month"] == f"{current[0]:04d}-{current[1]:02d}":
                credit = placement["credited_months"]
    return credit


def step_for(credit: int) -> int:
    """3.2: step 1 at once, step n after 3n - 2 years."""
    step = 1
    for number in range(2, 13):
        if credit >= (3 * number - 2) * 12:
            step = number
    return step


def post_in(given: Given, month: Month) -> tuple[str, bool]:
    current = appointment_in(given, month)
    return current["post"], bool(current.get("dual"))


def community_in(given: Given, month: Month) -> str:
    """4.8: a case without communities is about 松山区."""
    return str(appointment_in(given, month).get("community", "150404001001")) if given["posts"] else "150404001001"


def appointment_in(given: Given, month: Month) -> Given:
    """3.5: the first appointment from hiring, every change from the month after it."""
    in_order = sorted(given["posts"], key=lambda post: post["from"])
    current = in_order[0]
    for change in in_order[1:]:
        if following(month_of(change["from"])) <= month:
            current = change
    return current  # type: ignore[no-any-return]


def grade_for(post: str, dual: bool, step: int) -> int:
    """3.1, 3.4: the post's lowest grade plus the steps climbed; 一肩挑 of 正职 one more, 18 at the most."""
    grade = LOWEST_GRADE[post] + step - 1
    if dual and post == "正职" and grade < 18:
        grade += 1
    return grade


def allowance_for(given: Given, month: Month) -> int:
    """5.4: the highest certificate, from the month after its approval to the month of its last day."""
    held = [
        certificate["level"]
        for certificate in given.get("certificates", [])
        if following(month_of(certificate["date"])) <= month
        and (not certificate.get("to") or month <= month_of(certificate["to"]))
    ]
    return max((ALLOWANCE[level] for level in held), default=0)


def cents(amount: Fraction) -> Decimal:
    """5.1: half up to the cent, for amounts that are not negative."""
    whole, rest = divmod(amount * 100, 1)
    return Decimal(int(whole) + (1 if rest >= Fraction(1, 2) else 0)).scaleb(-2)


def annual_base(given: Given, month: Month) -> Fraction:
    """5.1: the amount whose start is the latest one not after the month."""
    starts = {tuple(map(int, key.split("-"))): Fraction(value) for key, value in given.get("annual_base", {}).items()}
    reached = [start for start in starts if start <= month]
    return starts[max(reached)] if reached else SAMPLE_BASE


def is_paid(given: Given, month: Month) -> bool:
    """2.2, 5.2: in the scheme, the scheme in force, and at least one day of service in the month."""
    if month < SCHEME_STARTS or not given["posts"] or not any(in_service(given, day) for day in days_of(month)):
        return False
    return any(day_in_scheme(given, day) for day in days_of(month))


def day_in_scheme(given: Given, day: dt.date) -> bool:
    """2.4: the category of the day, and no day before the hiring or after the exit."""
    if day < given["hired"] or (given.get("left") and day > given["left"]):
        return False
    category = given.get("category")
    for change in sorted(given.get("categories", []), key=lambda one: one["from"]):
        if change["from"] <= day:
            category = change["category"]
    return category not in OUT_OF_SCHEME


def pay(given: Given, month: Month) -> dict[str, Any] | None:
    """5.1, 5.4: what one person is due for one month, or None where nothing is paid."""
    if not is_paid(given, month):
        return None
    credit = credited_months(given, month)
    step = step_for(credit)
    post, dual = post_in(given, month)
    grade = grade_for(post, dual, step)
    annual = annual_base(given, month) * (1 + Fraction(5, 100) * (grade - 1))
    return {
        "post": post,
        "credited_months": credit,
        "step": step,
        "grade": grade,
        "base_pay": cents(annual * Fraction(9, 10) / 12),
        "allowance": cents(Fraction(allowance_for(given, month))),
        "performance_accrual": cents(annual * Fraction(1, 10) / 12),
    }


def largest_remainder(pool: Decimal, weighted: list[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """6.2: whole cents by proportion, then one cent each to the largest remainders, the lower ID number first."""
    total = sum(Fraction(weight) for _, weight in weighted)
    exact = {person: Fraction(pool) * 100 * Fraction(weight) / total for person, weight in weighted}
    share = {person: int(amount) for person, amount in exact.items()}
    missing = int(Fraction(pool) * 100) - sum(share.values())
    for person in sorted(exact, key=lambda key: (share[key] - exact[key], key))[:missing]:
        share[person] += 1
    return {person: Decimal(amount).scaleb(-2) for person, amount in share.items()}
