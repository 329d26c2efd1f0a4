"""The explanation names the reading and clause that pay a month, or keep it unpaid (rules 5.7)."""

from datetime import date
from typing import Any

from payroll.rules.explanation import explain_paid, explain_unpaid
from payroll.rules.pay import Unpaid
from songshan_cw.policy import current_book
from songshan_cw.words.periods import parse
from tests.rules.adapter import DISTRICT, facts_from

POLICY = current_book().timeline(DISTRICT).at(parse("2024-03"))
PLAIN: dict[str, Any] = {
    "hired": date(2024, 3, 20),
    "entry_education": "大学专科",
    "posts": [{"from": date(2024, 3, 20), "post": "工作人员"}],
}


def named(month: str, **more: Any) -> list[str]:
    found = explain_paid(facts_from(PLAIN | more), parse(month), POLICY)
    return [one.reading.code for one in found if one.reading and one.clause]


def test_the_deciding_reading_is_named_in_its_month_only() -> None:
    assert named("2024-03") == ["HIRING_MONTH"] and named("2024-04") == []
    change = {"categories": [{"from": date(2024, 5, 31), "category": "退休人员"}]}
    assert named("2024-05", **change) == ["TAKEN_IN_MONTH"] and named("2024-06", **change) == []
    ended = {"certificates": [{"date": date(2024, 4, 1), "level": "社会工作师", "to": date(2024, 9, 1)}]}
    assert named("2024-09", **ended) == ["CERTIFICATE_END"] and named("2024-08", **ended) == []


def test_an_unpaid_month_cites_its_clause() -> None:
    retired = facts_from(PLAIN | {"categories": [{"from": date(2024, 5, 1), "category": "退休人员"}]})
    said = explain_unpaid(retired, parse("2024-05"), Unpaid.OUT_OF_SCHEME, POLICY)
    assert said.text.startswith("人员类别为退休人员") and said.clause == POLICY.scope.in_scheme.clause
    for reason in (Unpaid.NOT_HIRED, Unpaid.LEFT, Unpaid.AWAY):
        assert explain_unpaid(facts_from(PLAIN), parse("2024-02"), reason, POLICY).clause
