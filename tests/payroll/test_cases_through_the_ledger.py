"""Every worked case once more, through the database, a run and its slip: what the rules say is what is paid."""

from datetime import UTC, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from payroll.models import GradeTable, Payslip
from payroll.services.runs import compute_runs
from songshan_cw.words.periods import first_day, parse
from tests import amounts
from tests.payroll import world

FOLDER = Path(__file__).parent.parent / "cases"
NOT_HERE = {"tables", "annual_base", "probation_end"}


def monthly_cases() -> list[dict]:
    """Cases of one person's months on the sample table."""
    cases = [
        case for path in sorted(FOLDER.glob("*.yaml")) for case in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]
    return [
        case
        for case in cases
        if {"hired", "posts"} <= set(case.get("given", ()))
        and not NOT_HERE & set(case["given"])
        and "expect" in case
        and "approved" not in case
        and _storable(case["given"])
        and all(str(key)[:2] == "20" for key in case["expect"])
    ]


def _storable(given: dict) -> bool:
    """The database itself refuses 一肩挑 outside 正职, and this world has one district."""
    here = (world.A, world.B)
    places = (row.get("community", world.A1) for row in given["posts"])
    levels = [row["level"] for row in given.get("certificates", ())]
    return (
        all(row["post"] == "正职" or not row.get("dual") for row in given["posts"])
        and all(place.startswith(here) for place in places)
        and len(levels) == len(set(levels))
    )


def world_streets(case: dict) -> set[str]:
    return {row.get("community", world.A1)[:9] for row in case["given"]["posts"]}


CASES = monthly_cases()
AMOUNTS = ("base_pay", "allowance", "performance_accrual")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict, table: GradeTable) -> None:
    worker = world.person(case["given"])
    for month, expected in case["expect"].items():
        if parse(month) < parse("2022-01"):
            continue
        at = datetime.combine(first_day(parse(month)), time(12), tzinfo=UTC)
        compute_runs(month=parse(month), street_codes=list(world_streets(case)), at=at)
        slip = Payslip.objects.filter(worker=worker, month=parse(month)).first()
        if expected is None:
            assert slip is None
            continue
        assert slip is not None, f"{month}应发放"
        for key, value in expected.items():
            found = amounts.of(slip, key) if key in AMOUNTS else getattr(slip, key)
            assert found == (Decimal(value) if isinstance(found, Decimal) else value), f"{month} {key}"


def test_there_are_cases() -> None:
    assert len(CASES) >= 10
