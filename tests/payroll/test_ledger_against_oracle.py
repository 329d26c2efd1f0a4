"""Years of a small district at random: facts change, people move, months are skipped — and in the end everybody has
exactly what the independent calculation says, for every closed month and component (rules 5.6)."""

from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from assessment.models import AnnualAssessment
from payroll.models import GradeTable, PayLine, PayrollRun
from payroll.services.runs import compute_runs
from payroll.services.transitions import approve_runs, submit_runs
from songshan_cw.words.periods import number_of, parse, year_of
from songshan_cw.words.terms import Component, RunState
from tests import oracle
from tests.payroll import world
from tests.payroll.world import NOW, A, B, user
from workers.models import (
    CategoryRecord,
    Certificate,
    EducationRecord,
    Exit,
    Placement,
    PostAssignment,
    ServiceGap,
    Worker,
)

FIRST, LAST = parse("2022-01"), parse("2024-03")
COMMUNITIES = (world.A1, world.A2, world.B1)
KEYS = {Component.BASE: "base_pay", Component.ALLOWANCE: "allowance", Component.PERFORMANCE: "performance_accrual"}
Given = dict[str, Any]


def a_day(rng: Random, first: int = 2019, last: int = 2024) -> date:
    return date(rng.randint(first, last), rng.randint(1, 12), rng.choice([1, 2, 15, 28]))


def a_post(rng: Random, start: date) -> Given:
    post = rng.choice(["正职", "副职", "工作人员"])
    return {
        "from": start,
        "post": post,
        "dual": post == "正职" and rng.random() < 0.5,
        "community": rng.choice(COMMUNITIES),
    }


def newcomer(rng: Random) -> Given:
    hired = a_day(rng, 2008, 2023)
    return {
        "hired": hired,
        "entry_education": rng.choice(["高中及以下", "大学专科", "大学本科", "硕士研究生"]),
        "posts": [a_post(rng, hired)],
        "assessments": {},
    }


KINDS = (
    *(PostAssignment, CategoryRecord, EducationRecord, Certificate, ServiceGap, Placement, AnnualAssessment, Exit),
)


def amended(rng: Random, given: Given) -> Given:
    """One thing entered, corrected or withdrawn."""
    given = {**given, "assessments": dict(given["assessments"])}
    what = rng.choice(
        ["assessment"] * 4 + ["post", "post", "degree", "certificate", "gap", "placement", "left", "category"]
    )
    if what == "assessment":
        given["assessments"][rng.choice([2022, 2023])] = rng.choice(["优秀", "合格", "合格", "基本合格", "不合格"])
    elif what == "post":
        start = max(a_day(rng), given["hired"])
        kept = [row for row in given["posts"] if row["from"] != start]
        given["posts"] = sorted([*kept, a_post(rng, start)], key=lambda row: row["from"]) if kept else given["posts"]
    elif what == "degree":
        given["degrees"] = [{"date": max(a_day(rng), given["hired"]), "level": rng.choice(["大学本科", "硕士研究生"])}]
    elif what == "certificate":
        given["certificates"] = [{"date": a_day(rng), "level": rng.choice(["助理社会工作师", "社会工作师"])}]
    elif what == "gap":
        first = max(a_day(rng), given["hired"])
        given["gaps"] = [{"from": first, "to": max(first, a_day(rng))}] if rng.random() < 0.7 else []
    elif what == "placement":
        month = f"{rng.randint(2022, 2023)}-{rng.randint(1, 12):02d}"
        given["placements"] = [{"month": month, "credited_months": rng.randint(0, 300)}]
    elif what == "category":
        change = {"from": max(a_day(rng), given["hired"]), "category": rng.choice(["退休人员", "专职工作者"])}
        given["categories"] = [*given.get("categories", [])[-1:], change] if rng.random() < 0.8 else []
        given["categories"] = list({row["from"]: row for row in given["categories"]}.values())
    else:
        given["left"] = max(a_day(rng, 2022), given["hired"]) if rng.random() < 0.6 else None
    return given


def store(worker: Worker, given: Given) -> None:
    """What the person's record now says, whatever it said before."""
    for model in (
        PostAssignment,
        CategoryRecord,
        EducationRecord,
        Certificate,
        ServiceGap,
        Placement,
        AnnualAssessment,
        Exit,
    ):
        model.objects.filter(worker=worker).delete()
    for row in given["posts"]:
        PostAssignment.objects.create(
            worker=worker,
            start=row["from"],
            community_id=row["community"],
            post=row["post"],
            position=world.FIRST_POSITION[world.Post(row["post"])].value,
            dual=row["dual"],
        )
    world.add_facts(worker, given)


def street_in(given: Given, month: int) -> str:
    current = given["posts"][0]
    for row in given["posts"][1:]:
        if row["from"].year * 12 + row["from"].month <= month:
            current = row
    return current["community"][:9]


def close(month: int, street: str) -> None:
    compute_runs(month=month, street_codes=[street], at=NOW)
    clerk = user("clerk-a" if street == A else "clerk-b")
    submit_runs(month=month, street_codes=[street], actor=clerk, at=NOW)
    approve_runs(review_all=True, month=month, street_codes=[street], actor=user("bureau"), at=NOW)


def carried() -> dict[tuple[int, int, str], Decimal]:
    sums: dict[tuple[int, int, str], Decimal] = {}
    lines = PayLine.objects.filter(payslip__run__state=RunState.APPROVED.value)
    for worker, month, component, amount in lines.values_list("worker_id", "for_month", "component", "amount"):
        sums[worker, month, component] = sums.get((worker, month, component), Decimal(0)) + amount
    return sums


def known_to(street: str, people: dict[int, Given]) -> bool:
    return any(row["community"].startswith(street) for given in people.values() for row in given["posts"])


def live_through(rng: Random, people: dict[int, Given]) -> None:
    """Month after month: facts change between closings, and now and then a street's month is never run."""
    workers = Worker.objects.in_bulk()
    for month in range(FIRST, LAST + 1):
        for street in rng.sample([A, B], 2):
            for key in rng.sample(sorted(people), rng.choice([0, 0, 1, 2])):
                people[key] = amended(rng, people[key])
                store(workers[key], people[key])
            if rng.random() < 0.9 and known_to(street, people):
                close(month, street)
    for street in (A, B):
        if known_to(street, people):
            close(LAST + 1, street)


@pytest.mark.parametrize("seed", range(6))
def test_everything_nets_to_what_is_due(table: GradeTable, seed: int) -> None:
    rng = Random(seed)
    people = {world.person(given).pk: given for given in (newcomer(rng) for _ in range(8))}
    live_through(rng, people)
    closed = set(PayrollRun.objects.filter(state=RunState.APPROVED.value).values_list("street_id", "month"))
    ledger = carried()
    compared = 0
    for key, given in people.items():
        for month in range(FIRST, LAST + 1):
            touched = any((key, month, component.value) in ledger for component in KEYS)
            if (street_in(given, month), month) not in closed and not touched:
                continue
            due = oracle.pay(given, (year_of(month), number_of(month))) or {}
            for component, name in KEYS.items():
                got = ledger.get((key, month, component.value), Decimal(0))
                assert got == due.get(name, Decimal(0)), f"{given} {month} {component}"
                compared += 1
    assert compared > 300
