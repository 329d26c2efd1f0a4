"""What must hold for everybody: agreement with the oracle to the cent, and the laws of a replay and a ledger."""

import random
from datetime import date
from decimal import ROUND_DOWN, Context, Decimal, localcontext
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from payroll.rules import trace
from payroll.rules.arrears import Key, differences
from payroll.rules.credit import credit_at
from payroll.rules.facts import Facts
from payroll.rules.grading import step_of
from payroll.rules.pay import MonthlyPay
from payroll.rules.slip import Jurisdiction, arrears_of, monthly_due
from payroll.rules.tables import rate
from songshan_cw.words.components import earned
from songshan_cw.words.periods import Month, month, month_of
from songshan_cw.words.terms import Component, Post
from tests import oracle
from tests.rules.adapter import (
    DISTRICT,
    SAMPLE_REQUIREMENTS,
    as_expected,
    due,
    facts_from,
    jurisdiction_from,
    steps_until,
)
from tests.rules.people import base_amounts, days, paid_months, people

BANDS = {"正职": (7, 18), "副职": (4, 15), "工作人员": (1, 12)}
LATEST = month(2030, 12)
months = paid_months.map(lambda pair: month(*pair))


@given(people(), base_amounts(), st.lists(paid_months, min_size=1, max_size=6))
def test_oracle_agrees_to_the_cent(
    person: dict[str, Any], bases: dict[str, str], wanted: list[tuple[int, int]]
) -> None:
    person = person | {"annual_base": bases}
    for pair in wanted:
        assert as_expected(due(person, month(*pair))) == oracle.pay(person, pair), pair


@given(people(), paid_months)
def test_oracle_agrees_on_credit_of_every_month(person: dict[str, Any], pair: tuple[int, int]) -> None:
    """Credit is kept through unpaid months too, so it is compared where nothing is paid."""
    hired = person["hired"]
    assume((hired.year, hired.month) <= pair)
    assert credit_at(steps_until(facts_from(person), LATEST), month(*pair)) == oracle.credited_months(person, pair)


def shuffled(facts: Facts, seed: int) -> Facts:
    order = random.Random(seed)

    def mixed(rows: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(order.sample(rows, len(rows)))

    return facts._replace(
        assignments=mixed(facts.assignments),
        degrees=mixed(facts.degrees),
        certificates=mixed(facts.certificates),
        gaps=mixed(facts.gaps),
        placements=mixed(facts.placements),
        assessments=dict(mixed(tuple(facts.assessments.items()))),
    )


@given(people(), st.integers(0, 2**32), months)
def test_order_of_entry_does_not_matter(person: dict[str, Any], seed: int, at: Month) -> None:
    facts = facts_from(person)
    other = shuffled(facts, seed)
    assert steps_until(other, LATEST) == steps_until(facts, LATEST)
    jurisdiction = jurisdiction_from(person)
    steps = steps_until(facts, at)
    assert monthly_due(other, steps, jurisdiction, at) == monthly_due(facts, steps, jurisdiction, at)


def step_at(facts: Facts, at: Month) -> int:
    return step_of(credit_at(steps_until(facts, at), at), SAMPLE_REQUIREMENTS)


@given(people(placed=False), days(), months)
def test_an_earlier_hiring_never_lowers_a_step(person: dict[str, Any], earlier: date, at: Month) -> None:
    facts = facts_from(person)
    assume(earlier <= facts.hired and month_of(facts.hired) <= at)
    assert step_at(facts._replace(hired=earlier), at) >= step_at(facts, at)


@given(people(placed=False), months)
def test_a_shorter_absence_never_lowers_a_step(person: dict[str, Any], at: Month) -> None:
    facts = facts_from(person)
    assume(facts.gaps and month_of(facts.hired) <= at)
    assert step_at(facts._replace(gaps=facts.gaps[1:]), at) >= step_at(facts, at)


@given(people(placed=False))
def test_credit_never_falls_without_a_placement(person: dict[str, Any]) -> None:
    steps = steps_until(facts_from(person), LATEST)
    assert all(step.credit >= step.before for step in steps)
    assert [step.before for step in steps[1:]] == [step.credit for step in steps[:-1]]


@given(people(), months)
def test_grades_stay_in_the_band_of_the_post(person: dict[str, Any], at: Month) -> None:
    pay = due(person, at)
    assume(pay is not None)
    lowest, highest = BANDS[pay.assignment.post.value]
    dual = pay.assignment.dual
    assert lowest + dual <= pay.grade <= min(highest + dual, 18)
    assert 1 <= pay.step <= 12
    assert pay.grade == min(lowest + pay.step - 1 + dual, 18)
    assert not dual or pay.assignment.post is Post.CHIEF


@given(people(), base_amounts(), months)
def test_components_add_up(person: dict[str, Any], bases: dict[str, str], at: Month) -> None:
    pay = due(person | {"annual_base": bases}, at)
    assume(pay is not None)
    parts = dict(pay.amounts())
    assert sum(parts.values()) == sum(amount for _, amount in pay.parts)
    assert all(amount == amount.quantize(Decimal("0.01")) and amount > 0 for amount in parts.values())
    assert abs(
        pay.of(Component.BASE) + pay.of(Component.PERFORMANCE) - pay.annual_base * pay.coefficient / 12
    ) <= Decimal("0.01")
    assert earned(pay.amounts()) == pay.of(Component.BASE) + pay.of(Component.ALLOWANCE)


@given(people(), months, months)
def test_a_later_end_of_the_replay_changes_nothing_before_it(person: dict[str, Any], one: Month, two: Month) -> None:
    at, until = sorted((one, two))
    facts = facts_from(person)
    assume(month_of(facts.hired) <= at)
    short, long = steps_until(facts, at), steps_until(facts, until)
    assert credit_at(long, at) == credit_at(short, at)
    assert long[: len(short)] == short


@given(people())
def test_a_kept_trace_reads_back_the_same(person: dict[str, Any]) -> None:
    steps = steps_until(facts_from(person), LATEST)
    assert trace.load(trace.dump(steps)) == steps


amounts = st.integers(-999_999, 999_999).map(lambda number: Decimal(number).scaleb(-2))
ledgers = st.dictionaries(st.tuples(st.integers(month(2022, 1), month(2022, 6)), st.sampled_from(Component)), amounts)


@given(ledgers, ledgers)
def test_due_is_paid_plus_differences(wanted: dict[Key, Decimal], paid: dict[Key, Decimal]) -> None:
    lines = differences(wanted, paid)
    sums = dict(paid)
    for line in lines:
        key = (line.for_month, line.component)
        assert line.amount != 0
        assert line.already_paid == paid.get(key, 0)
        sums[key] = sums.get(key, Decimal(0)) + line.amount
    assert {key: amount for key, amount in sums.items() if amount} == {
        key: amount for key, amount in wanted.items() if amount
    }
    assert [(line.for_month, line.component) for line in lines] == sorted(
        (one.for_month, one.component) for one in lines
    )
    assert differences(wanted, sums) == ()


def run(facts: Facts, jurisdiction: Jurisdiction, ledger: dict[Key, Decimal], at: Month, closed: list[Month]) -> None:
    """One approved run of a person: the month itself and the arrears of the closed months."""
    steps = steps_until(facts, at)
    lines = arrears_of(facts, steps, {DISTRICT: jurisdiction}, closed, dict(ledger))
    for line in lines:
        key = (line.for_month, line.component)
        ledger[key] = ledger.get(key, Decimal(0)) + line.amount
    pay = monthly_due(facts, steps, jurisdiction, at)
    if isinstance(pay, MonthlyPay):
        for component, amount in pay.amounts():
            ledger[(at, component)] = ledger.get((at, component), Decimal(0)) + amount


def due_by_oracle(person: dict[str, Any], closed: list[Month]) -> dict[Key, Decimal]:
    names = {"base_pay": Component.BASE, "allowance": Component.ALLOWANCE, "performance_accrual": Component.PERFORMANCE}
    wanted = {}
    for at in closed:
        pay = oracle.pay(person, (at // 12, at % 12 + 1)) or {}
        wanted |= {(at, component): pay[name] for name, component in names.items() if pay.get(name)}
    return wanted


@given(people(), st.lists(people(), min_size=1, max_size=3), base_amounts(), st.integers(0, 36))
def test_approve_change_run_always_nets_to_what_is_due(
    person: dict[str, Any], corrections: list[dict[str, Any]], bases: dict[str, str], offset: int
) -> None:
    """Whatever is corrected between runs, the next run leaves every closed month at exactly what is due."""
    jurisdiction = jurisdiction_from({"annual_base": bases})
    ledger: dict[Key, Decimal] = {}
    closed: list[Month] = []
    for number, known in enumerate([person, *corrections, corrections[-1]]):
        at = month(2022, 1) + offset + number
        run(facts_from(known), jurisdiction, ledger, at, closed)
        closed.append(at)
        settled = {key: amount for key, amount in ledger.items() if amount}
        assert settled == due_by_oracle(known | {"annual_base": bases}, closed)


@given(people(), base_amounts(), months)
def test_the_callers_decimal_context_changes_nothing(person: dict[str, Any], bases: dict[str, str], at: Month) -> None:
    person = person | {"annual_base": bases}
    expected = due(person, at)
    rate.cache_clear()
    with localcontext(Context(prec=3, rounding=ROUND_DOWN)):
        found = due(person, at)
        gross = earned(found.amounts() if found else ())
    assert found == expected
    assert gross == earned(expected.amounts() if expected else ())
