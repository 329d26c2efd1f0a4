"""From the plain `given` of a case file to the facts and tables the rules read."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from payroll.rules.causes import FrozenMonth
from payroll.rules.credit import CreditStep, replay
from payroll.rules.facts import Assignment, Categorised, Certified, Degree, Facts, Gap, GradeScale, Placed
from payroll.rules.pay import MonthlyPay, Unpaid
from payroll.rules.slip import Jurisdiction, monthly_due
from songshan_cw.policy import current_book
from songshan_cw.words.components import components
from songshan_cw.words.periods import Month, parse
from songshan_cw.words.terms import Category, CertificateLevel, Education, Position, Post, Result

Given = Mapping[str, Any]

DISTRICT = "150404"
COMMUNITY = "150404001001"
FIRST_POSITION = {
    Post.CHIEF: Position.SECRETARY,
    Post.DEPUTY: Position.DEPUTY_SECRETARY,
    Post.STAFF: Position.COMMUNITY_WORKER,
}
SAMPLE_COEFFICIENTS = tuple(1 + Decimal("0.05") * (grade - 1) for grade in range(1, 19))
SAMPLE_REQUIREMENTS = (0, *((3 * step - 2) * 12 for step in range(2, 13)))
SAMPLE_STANDARDS = {"2022-01": "42000.00"}


def facts_from(given: Given) -> Facts:
    """The person of a case, in the order the case lists the facts."""
    return Facts(
        hired=given["hired"],
        entry_education=Education(given["entry_education"]),
        category=Category(given.get("category", Category.STAFF)),
        categories=tuple(Categorised(row["from"], Category(row["category"])) for row in given.get("categories", ())),
        assignments=tuple(_assignment(row) for row in given["posts"]),
        degrees=tuple(Degree(row["date"], Education(row["level"])) for row in given.get("degrees", ())),
        certificates=tuple(
            Certified(row["date"], CertificateLevel(row["level"]), row.get("to"))
            for row in given.get("certificates", ())
        ),
        gaps=tuple(Gap(row["from"], row.get("to")) for row in given.get("gaps", ())),
        placements=tuple(Placed(parse(row["month"]), row["credited_months"]) for row in given.get("placements", ())),
        assessments={year: Result(result) for year, result in (given.get("assessments") or {}).items()},
        left=given.get("left"),
        probation_end=given.get("probation_end"),
    )


def _assignment(row: Given) -> Assignment:
    post = Post(row["post"])
    return Assignment(row["from"], row.get("community", COMMUNITY), post, FIRST_POSITION[post], row.get("dual", False))


def sample_scale(standards: Mapping[str, str] | None = None, *, key: int = 1, confirmed: bool = False) -> GradeScale:
    """The table of the worked examples; `standards`: first month → annual base in yuan."""
    rising = sorted((standards or SAMPLE_STANDARDS).items())
    return GradeScale(
        key=key,
        confirmed=confirmed,
        coefficients=SAMPLE_COEFFICIENTS,
        requirements=dict.fromkeys(Post, SAMPLE_REQUIREMENTS),
        standards=tuple((parse(month), Decimal(amount)) for month, amount in rising),
    )


def jurisdiction_from(given: Given) -> Jurisdiction:
    """Songshan with the case's own tables (`tables`) or base amounts (`annual_base`), else with the sample."""
    timeline = current_book().timeline(DISTRICT)
    if "tables" not in given:
        return Jurisdiction(DISTRICT, timeline, (sample_scale(given.get("annual_base")),))
    scales = tuple(
        sample_scale(table["annual_base"], key=number, confirmed=table["state"] == "已确认")
        for number, table in enumerate(given["tables"], start=1)
    )
    return Jurisdiction(DISTRICT, timeline, scales)


def steps_until(facts: Facts, month: Month) -> tuple[CreditStep, ...]:
    return replay(facts, current_book().timeline(DISTRICT), month)


def due(given: Given, month: Month) -> MonthlyPay | None:
    """What the rules give a person for a month; None: nothing."""
    facts = facts_from(given)
    found = monthly_due(facts, steps_until(facts, month), jurisdiction_from(given), month)
    return None if isinstance(found, Unpaid) else found


def why_unpaid(given: Given, month: Month) -> Unpaid | None:
    facts = facts_from(given)
    found = monthly_due(facts, steps_until(facts, month), jurisdiction_from(given), month)
    return found if isinstance(found, Unpaid) else None


def as_expected(pay: MonthlyPay | None) -> dict[str, Any] | None:
    """A month's pay in the words of the case files."""
    if pay is None:
        return None
    return {
        "post": pay.assignment.post.value,
        "credited_months": pay.credited_months,
        "step": pay.step,
        "grade": pay.grade,
        **{one.csv_name: pay.of(one.term) for one in components()},
    }


def altered(frozen: FrozenMonth, **changes: Any) -> FrozenMonth:
    """Another month with these fields, or amounts under the names of csv."""
    terms = {one.csv_name: one.term for one in components()}
    amounts = {terms[name]: changes.pop(name) for name in [*changes] if name in terms}
    return replace(frozen, amounts={**frozen.amounts, **amounts}, **changes)
