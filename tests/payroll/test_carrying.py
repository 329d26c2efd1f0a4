"""Slips carried forward are what a replay would have written: every month computed both ways, every column compared."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from payroll.models import GradeTable, PayLine, PayrollRun, Payslip, RunNote
from payroll.services import drafting
from payroll.services.runs import compute_runs
from payroll.services.transitions import approve_runs, submit_runs
from songshan_cw.words.periods import first_day, is_january, label, parse
from tests.payroll import world
from tests.payroll.test_ledger_against_oracle import amended, newcomer, store
from tests.payroll.world import NOW, A, B, user
from workers.models import Contract, Worker

FIRST, LAST = parse("2022-03"), parse("2024-05")
FROZEN = [field.attname for field in Payslip._meta.concrete_fields if field.attname != "id"]
LINE = ["worker_id", "for_month", "component", "amount", "already_paid", "clause", "payslip__worker_id"]
TOTALS = ["street_id", "headcount", "base_total", "allowance_total", "arrears_total", "gross_total"]
TOTALS += ["performance_total", "policy_version", "table_id"]


def written(month: int) -> dict[str, list[tuple[Any, ...]]]:
    """All that the computation of a month wrote, without keys."""
    runs = PayrollRun.objects.filter(month=month)
    return {
        "slips": sorted(Payslip.objects.filter(run__in=runs).values_list(*FROZEN), key=repr),
        "lines": sorted(PayLine.objects.filter(payslip__run__in=runs).values_list(*LINE), key=repr),
        "notes": sorted(RunNote.objects.filter(run__in=runs).values_list("run_id", "worker_id", "kind", "text")),
        "runs": sorted(runs.values_list(*TOTALS)),
    }


def carried_count(monkeypatch: pytest.MonkeyPatch, month: int) -> int:
    """Compute both ways, compare, and say how many people were carried."""
    counts = []

    def counting(**given: Any) -> Any:
        totals = carry(**given)
        counts.append(sum(people for people, _ in totals.values()))
        return totals

    carry = drafting.carry_forward
    with monkeypatch.context() as patch:
        patch.setattr(drafting, "carry_forward", lambda **_: {})
        compute_runs(month=month, at=NOW)
        replayed = written(month)
    with monkeypatch.context() as patch:
        patch.setattr(drafting, "carry_forward", counting)
        compute_runs(month=month, at=NOW)
    assert written(month) == replayed, label(month)
    return sum(counts)


def approve(month: int) -> None:
    for name in ("clerk-a", "clerk-b"):
        submit_runs(month=month, actor=user(name), at=NOW)
    approve_runs(month=month, actor=user("bureau"), at=NOW)


def settle_in(rng: Random, key: int) -> None:
    """A contract with its probation, and now and then no account: what notes speak of."""
    start = date(rng.randint(2021, 2023), rng.randint(1, 12), 1)
    end = start + timedelta(days=rng.randint(200, 900))
    probation = start + timedelta(days=rng.randint(20, 90)) if rng.random() < 0.5 else None
    Contract.objects.create(worker_id=key, start=start, end=end, probation_end=probation)
    if rng.random() < 0.2:
        Worker.objects.filter(pk=key).update(bank_account="")


@pytest.mark.parametrize("seed", range(5))
def test_both_ways_write_the_same(table: GradeTable, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    rng = Random(f"carrying:{seed}")
    people = {world.person(given, name=f"某{number}").pk: given for number, given in enumerate(_staff(rng))}
    for key in people:
        settle_in(rng, key)
    workers, carried = Worker.objects.in_bulk(), 0
    for month in range(FIRST, LAST + 1):
        for key in rng.sample(sorted(people)[2:], rng.choice([0, 0, 1, 2])):
            people[key] = amended(rng, people[key])
            store(workers[key], people[key])
        if rng.random() < 0.1:
            Worker.objects.filter(pk=rng.choice(sorted(people))).update(name=f"改名{month}")
        count = carried_count(monkeypatch, month)
        assert not (count and is_january(month))
        carried += count
        if rng.random() < 0.95:
            approve(month)
    assert carried > 40


def _staff(rng: Random) -> list[dict[str, Any]]:
    """Both streets have somebody who stays, so that both have a run every month."""
    stay = [
        world.staff(date(2015, 3, 1), posts=[{"from": date(2015, 3, 1), "post": "工作人员", "community": place}])
        for place in (world.A1, world.B1)
    ]
    return [{"assessments": {}, **given} for given in [*stay, *(newcomer(rng) for _ in range(8))]]


def test_nobody_is_carried_from_a_month_that_is_not_approved(
    table: GradeTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.person(world.staff(date(2015, 3, 1)))
    month = parse("2022-03")
    compute_runs(month=month, at=NOW)
    assert carried_count(monkeypatch, month + 1) == 0


def test_another_table_is_looked_at_by_everybody(
    table: GradeTable, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    world.person(world.staff(date(2015, 3, 1)))
    world.pay_month("2022-03", A)
    world.pay_month("2022-04", A)
    assert carried_count(monkeypatch, parse("2022-05")) == 1
    world.bring_table(tmp_path / "next", base="45000.00", start="2022-05")
    assert carried_count(monkeypatch, parse("2022-05")) == 0


def test_a_fact_on_the_first_day_of_the_month_does_not_count_yet(
    table: GradeTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    month = parse("2022-05")
    certificates = [{"date": first_day(month), "level": "社会工作师"}]
    world.person(world.staff(date(2015, 3, 1), certificates=certificates))
    world.pay_month("2022-03", A)
    world.pay_month("2022-04", A)
    assert carried_count(monkeypatch, month) == 1
    world.pay_month("2022-05", A)
    assert carried_count(monkeypatch, month + 1) == 0


def test_a_changed_rule_is_looked_at_by_everybody(table: GradeTable, monkeypatch: pytest.MonkeyPatch) -> None:
    world.person(world.staff(date(2015, 3, 1)))
    world.pay_month("2022-03", A)
    monkeypatch.setattr("payroll.selectors.digests._rules_as_written", lambda: "another release")
    assert carried_count(monkeypatch, parse("2022-04")) == 0
    assert B not in PayrollRun.objects.values_list("street_id", flat=True)
