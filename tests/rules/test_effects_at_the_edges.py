"""What a fact would change, where only one thing differs, and where months have no table (rules 3.3, 5.6)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from payroll.rules.credit import replay
from payroll.rules.effect import Ledger, owed, stretches
from payroll.rules.facts import Facts
from payroll.rules.grading import step_of
from payroll.rules.pay import Unpaid, allowance_in
from payroll.rules.performance import Claim, divide
from payroll.rules.slip import Jurisdiction, pay_for
from songshan_cw.words.money import ZERO
from songshan_cw.words.periods import Month, label, parse
from songshan_cw.words.terms import Component
from tests.rules.adapter import DISTRICT, facts_from, sample_scale
from tests.rules.test_promotions_ahead import ELSEWHERE, FAR, place
from tests.rules.test_survivors import HERE, JUNE, RULES, STREET, a_person, changes, plain_staff

TOP = {"placements": [{"month": "2023-02", "credited_months": 408}]}


def months(before: Facts, after: Facts, places: Mapping[str, Jurisdiction] = HERE) -> list[tuple[str, str | None]]:
    span = {"first": parse("2023-11"), "last": parse("2024-06"), "today": parse("2024-06")}
    return [(label(one.first), one.last and label(one.last)) for one in stretches(before, after, places, **span)]


def chief(**more: Any) -> Facts:
    return plain_staff(**{"posts": [{"from": date(2020, 1, 1), "post": "正职"}], **TOP, **more})


def test_a_second_role_is_told_though_the_highest_grade_stays() -> None:
    dual = [{"from": date(2020, 1, 1), "post": "正职"}, {"from": date(2024, 1, 9), "post": "正职", "dual": True}]
    assert months(chief(), chief(posts=dual)) == [("2024-02", None)]


def test_another_step_is_told_though_the_highest_grade_stays() -> None:
    """18 is the highest grade of a 正职 from step 12 on; a table of 13 steps has one more."""
    requirements = {post: (*steps, 500) for post, steps in sample_scale().requirements.items()}
    longer = replace(HERE[DISTRICT], scales=(replace(sample_scale(), requirements=requirements),))
    further = [*TOP["placements"], {"month": "2024-02", "credited_months": 500}]
    assert months(chief(), chief(placements=further), {DISTRICT: longer}) == [("2024-02", None)]


def test_a_certificate_alone_is_told() -> None:
    certified = plain_staff(certificates=[{"date": date(2024, 1, 9), "level": "社会工作师"}])
    assert months(plain_staff(), certified) == [("2024-02", None)]


class ProbationAt80:
    """The district's policy with 80 % of base pay during probation."""

    district = DISTRICT

    def at(self, month: Month) -> Any:
        policy = HERE[DISTRICT].timeline.at(month)
        share = replace(policy.pay.probation_share, value=Decimal("0.80"))
        return replace(policy, pay=replace(policy.pay, probation_share=share))


def test_a_probation_alone_is_told() -> None:
    less = replace(HERE[DISTRICT], timeline=ProbationAt80())  # type: ignore[arg-type]
    probation = plain_staff(probation_end=date(2024, 1, 20))
    assert months(plain_staff(), probation, {DISTRICT: less}) == [("2023-11", "2023-12"), ("2024-01", "2024-01")]


def test_a_month_that_has_a_table_in_one_of_two_districts_is_left_out() -> None:
    late, early = place(DISTRICT, sample_scale({"2024-03": "42000.00"})), place(ELSEWHERE, sample_scale())
    far = plain_staff(posts=[{"from": date(2020, 1, 1), "post": "工作人员", "community": FAR}])
    places = {DISTRICT: late, ELSEWHERE: early}
    assert months(plain_staff(), far, places) == months(far, plain_staff(), places) == [("2024-03", None)]


def test_the_last_of_two_stretches_keeps_its_own_after() -> None:
    after = plain_staff(
        gaps=[{"from": date(2024, 2, 1), "to": date(2024, 2, 29)}],
        placements=[{"month": "2024-04", "credited_months": 90}],
    )
    told = changes(plain_staff(), after, "2023-11", "2024-06")
    assert [row[:2] for row in told] == [("2024-02", "2024-02"), ("2024-04", None)]
    assert told[0][3] is Unpaid.AWAY and told[1][3] == (3, Decimal("3465.00"), ZERO)


def test_arrears_are_reckoned_up_to_the_newest_closed_month() -> None:
    closed = frozenset({(STREET, parse("2023-12")), (STREET, parse("2024-01"))})
    paid = {
        (month, component): amount
        for month in (parse("2023-12"), parse("2024-01"))
        for component, amount in ((Component.BASE, Decimal("3150.00")), (Component.PERFORMANCE, Decimal("350.00")))
    }
    lines = owed(plain_staff(), HERE, Ledger(closed, paid), JUNE)
    assert [(label(line.for_month), line.amount) for line in lines] == [
        ("2024-01", Decimal("157.50")),
        ("2024-01", Decimal("17.50")),
    ]


def test_less_than_the_first_step_asks_is_still_the_first_step() -> None:
    assert [step_of(credit, (12, 48)) for credit in (0, 12, 47, 48)] == [1, 1, 1, 2]


def test_a_degree_the_policy_does_not_name_credits_nothing() -> None:
    hired = date(2023, 9, 1)
    person = facts_from(
        {
            "hired": hired,
            "entry_education": "高中及以下",
            "posts": [{"from": hired, "post": "工作人员"}],
            "degrees": [{"date": date(2023, 10, 1), "level": "大学专科"}],
        }
    )
    steps = replay(person, HERE[DISTRICT].timeline, parse("2023-12"))
    assert [step.credit for step in steps] == [0, 0]


def test_no_allowance_before_the_scheme() -> None:
    first = parse("2022-01")
    assert [allowance_in(a_person(), RULES, month) for month in (first - 1, first)] == [ZERO, Decimal("200.00")]


@pytest.mark.parametrize(("share", "base_pay"), [("0.00", "0.00"), ("0.50", "1575.00"), ("1.00", "3150.00")])
def test_probation_pays_exactly_its_share(share: str, base_pay: str) -> None:
    person = plain_staff(probation_end=date(2023, 6, 30))
    rules = replace(RULES, probation_share=replace(RULES.probation_share, value=Decimal(share)))
    month = parse("2023-06")
    pay = pay_for(person, replay(person, HERE[DISTRICT].timeline, month), sample_scale(), rules, month)
    assert (str(pay.of(Component.BASE)), str(pay.of(Component.PERFORMANCE))) == (base_pay, "350.00")


def test_the_last_cent_goes_by_the_exact_remainder() -> None:
    """One cent for two: by the fourth decimal of the weight; and where remainders are equal, to the lower number."""
    cent = Decimal("0.01")
    finer = [Claim("1", cent, Decimal("1.0001")), Claim("2", cent, Decimal("1.0002"))]
    assert divide(cent, finer) == {"1": ZERO, "2": cent}
    quarters = [Claim("1", cent, Decimal("1.01")), Claim("2", cent * 3, Decimal("1.01"))]
    assert divide(cent * 2, quarters) == {"1": cent, "2": cent}
