"""Every clause of both documents is listed and noted; every parameter cites one; every reading is in one place."""

from datetime import date

import pytest

from songshan_cw.policy import READINGS, clause_note, policy_at
from songshan_cw.policy.loader import PARAMETERS
from songshan_cw.policy.schema import Policy

SONGSHAN = policy_at("150404", date(2022, 1, 1))
ORDOS = policy_at("150602", date(2022, 1, 1))
HAN = "一二三四五六七八"


def numbered(heading: str, count: int) -> list[str]:
    return [heading, *(f"{heading}{item}" for item in range(1, count + 1))]


def bracketed(heading: str, count: int) -> list[str]:
    return [heading, *(f"{heading}({item})" for item in HAN[:count])]


def songshan_clauses() -> list[str]:
    """The document's own numbering, written out by how many items each heading has."""
    items = {"二(二)": 6, "二(三)": 4, "二(四)": 6}
    pay = ["二(五)", "二(五)1"]
    for item, parts in ((2, 3), (3, 2), (4, 4)):
        pay += [f"二(五){item}", *(f"二(五){item}({part})" for part in range(1, parts + 1))]
    tasks = [clause for heading, count in items.items() for clause in numbered(heading, count)]
    return ["一", "二", "二(一)", *tasks, *pay, *bracketed("三", 4), "附件"]


def ordos_clauses() -> list[str]:
    clauses: list[str] = []
    for article in map(str, range(1, 27)):
        count = {"4": 6, "5": 5, "23": 8}.get(article, 0)
        clauses += bracketed(article, count)
        if article == "7":
            clauses += [*numbered("7(一)", 4), *numbered("7(二)", 5), *numbered("7(三)", 2)]
    return clauses


@pytest.mark.parametrize(("policy", "numbers"), [(SONGSHAN, songshan_clauses()), (ORDOS, ordos_clauses())])
def test_every_clause_is_listed_in_order(policy: Policy, numbers: list[str]) -> None:
    assert [note.number for note in policy.clauses] == numbers


@pytest.mark.parametrize("policy", [SONGSHAN, ORDOS])
def test_every_parameter_is_carried_by_a_clause(policy: Policy) -> None:
    carried = {name for note in policy.clauses for name in note.parameters}
    assert carried >= PARAMETERS
    assert "document.in_force_from" in carried


def test_clause_note() -> None:
    note = clause_note(ORDOS, "14")
    assert note is not None and "secondment.most_months" in note.parameters
    assert clause_note(ORDOS, "27") is None


def test_readings_are_named_cited_and_showable() -> None:
    for code, reading in READINGS.items():
        assert code == reading.code
        assert reading.title and reading.text.endswith("。")
        assert 1 <= reading.text.count("。") <= 2


@pytest.mark.parametrize("code", sorted(READINGS))
def test_reading_cites_a_clause_of_its_document(code: str) -> None:
    clause = READINGS[code].clause
    if clause.startswith("第"):
        assert clause_note(ORDOS, clause.removeprefix("第").replace("条", "")) is not None
    else:
        assert clause_note(SONGSHAN, clause) is not None


@pytest.mark.parametrize(
    "code",
    [
        "LADDER",
        "FIRST_APPOINTMENT",
        "ENTRY_BEFORE_SCHEME",
        "YEARS_BEFORE_SCHEME",
        "SERVICE_MONTH",
        "INTERRUPTION",
        "DEGREE_MONTH",
        "HIRING_MONTH",
        "PERFORMANCE_WEIGHTS",
        "EXCELLENT_ROUNDED_DOWN",
    ],
)
def test_every_reading_of_the_rules_is_there(code: str) -> None:
    assert code in READINGS
