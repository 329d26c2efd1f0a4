"""Tampering past the triggers is found, and the first broken link is named (rules 7.1)."""

import json
from hashlib import sha256
from importlib import import_module
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import F

from payroll.ledger import first_seals, seals, triggers
from payroll.ledger.canonical import chained
from payroll.ledger.first_seals import SLIP_END
from payroll.ledger.sealing import seal_trails
from payroll.ledger.seals import seal_of
from payroll.ledger.verifying import verify
from payroll.models import PaidTo, PayLine, PayrollRun, Payslip, RunEvent, RunSeal, TrailSeal
from tests.amounts import of
from tests.payroll.world import NOW, user
from workers.models import Change

pytestmark = pytest.mark.django_db
SLIP = [name for name in seals.SLIP_FIELDS if not name.startswith("paid_to__")]
PAID_TO = ["payslip_id", *(name.removeprefix("paid_to__") for name in seals.SLIP_FIELDS if name not in SLIP)]


@pytest.fixture
def sealed(paid: None) -> None:
    for number in range(3):
        Change.objects.create(actor=user("admin"), subject=f"甲{number}", items=[["人员", "甲", "姓名", "乙", "甲"]])
    seal_trails(at=NOW)


def tampered(*statements: str) -> None:
    """What someone does who has the database and takes the triggers away for a moment."""
    with transaction.atomic(), triggers.lifted(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def told() -> dict[str, str]:
    return {finding.place: finding.text for finding in verify().findings}


def test_what_nobody_touched_is_whole(sealed: None) -> None:
    out = StringIO()
    call_command("verify_ledger", "--json", stdout=out)
    verdict = json.loads(out.getvalue())
    assert verdict["ok"] and verdict["findings"] == []
    assert verdict["runs"] == PayrollRun.objects.count() == 3
    assert verdict["trail_rows"] == RunEvent.objects.count() + 3
    assert verdict["heads"] == {"150404": RunSeal.objects.get(number=3).digest}


def test_runs_are_chained_in_order_of_approval(sealed: None) -> None:
    chain = list(RunSeal.objects.order_by("number"))
    assert [seal.number for seal in chain] == [1, 2, 3]
    assert [seal.previous for seal in chain] == ["", chain[0].digest, chain[1].digest]
    assert seal_of(chain[2].run) == chain[2]


def test_a_seal_of_the_first_version_is_rebuilt_from_the_lines(sealed: None) -> None:
    """The frozen code of its migration writes the columns that slips and runs had then; the lines give the same."""
    first = import_module("payroll.migrations.0003_seals")
    run = RunSeal.objects.get(number=3).run
    names = ("base_pay", "allowance", "arrears", "gross_pay", "performance_accrual")
    slips = list(run.slips.order_by("pk"))
    amounts = {slip: [of(slip, name) for name in names] for slip in slips}
    totals = [f"{sum(column)}" for column in zip(*amounts.values(), strict=True)]
    head = [*(getattr(run, name) for name in first_seals.RUN_START), *totals]
    head += [first.plain(getattr(run, name)) for name in first_seals.RUN_END]
    head[5] = first.plain(run.computed_at)
    digest = sha256()
    for slip in slips:
        row = [first.text_of(Payslip, name, getattr(slip, name)) for name in first_seals.SLIP_START]
        row += [*map(str, amounts[slip]), *(first.text_of(Payslip, one, getattr(slip, one)) for one in SLIP_END)]
        digest.update(("\t".join(row) + "\n").encode())
    lines = first.rows_digest(PayLine.objects.filter(payslip__run=run), first.LINE)
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":"))
    assert seals.run_digests([run.pk], version=1) == {run.pk: chained("", f"{text}\n{digest.hexdigest()}\n{lines}")}


TAMPERINGS = {
    "a line and its slip and its run": [
        "UPDATE payroll_payline SET amount = amount + 1 WHERE id = (SELECT MIN(id) FROM payroll_payline)",
        "UPDATE payroll_payslip SET gross_pay = gross_pay + 1 WHERE id = (SELECT MIN(payslip_id) FROM payroll_payline)",
        "UPDATE payroll_payrollrun SET gross_total = gross_total + 1 WHERE id = {run}",
        "UPDATE payroll_runtotal SET amount = amount + 1 WHERE run_id = {run} "
        "AND \"column\" IN ('base_pay', 'gross_pay')",
    ],
    "a name": ["UPDATE payroll_payslip SET name = '另一人' WHERE id = (SELECT MIN(id) FROM payroll_payslip)"],
    "who approved": ["UPDATE payroll_payrollrun SET approved_by_id = {other} WHERE id = {run}"],
    "a clause": ["UPDATE payroll_payline SET clause = 'x' WHERE id = (SELECT MIN(id) FROM payroll_payline)"],
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_a_changed_run_is_named(sealed: None, what: str) -> None:
    run = RunSeal.objects.get(number=1).run
    assert Payslip.objects.order_by("pk").first().run == run
    other = user("bureau-2").pk
    tampered(*(statement.format(run=run.pk, other=other) for statement in TAMPERINGS[what]))
    assert told() == {"甲街道2022年1月批次（150404第1号封印）": "内容与封印时不同：数据在批准（封存）之后被改动过"}


def test_a_resealed_run_breaks_the_next_link(sealed: None) -> None:
    first = RunSeal.objects.get(number=1)
    tampered("UPDATE payroll_payslip SET name = '另一人' WHERE id = (SELECT MIN(id) FROM payroll_payslip)")
    forged = chained("", seals.run_digests([first.pk])[first.pk])
    tampered(f"UPDATE payroll_runseal SET digest = '{forged}' WHERE number = 1")
    assert told() == {"乙街道2022年1月批次（150404第2号封印）": "与上一封印衔接不上：此前的封印被改动过"}


def test_a_link_mended_by_hand_breaks_the_one_after_it(sealed: None) -> None:
    """The digest covers the seal before: one forged link needs every later one forged too."""
    tampered("UPDATE payroll_payslip SET name = '另一人' WHERE id = (SELECT MIN(id) FROM payroll_payslip)")
    first = RunSeal.objects.get(number=1)
    forged = chained("", seals.run_digests([first.pk])[first.pk])
    tampered(
        f"UPDATE payroll_runseal SET digest = '{forged}' WHERE number = 1",
        f"UPDATE payroll_runseal SET previous = '{forged}' WHERE number = 2",
    )
    assert list(told()) == ["乙街道2022年1月批次（150404第2号封印）"]


def test_a_run_taken_out_of_the_middle_is_missed(sealed: None) -> None:
    tampered("DELETE FROM payroll_runseal WHERE number = 2")
    findings = told()
    assert "序号不连续" in findings["甲街道2022年2月批次（150404第3号封印）"]
    assert "没有封印" in findings["乙街道2022年1月批次"]


def test_a_chain_cut_short_is_seen_by_a_head_kept_elsewhere(sealed: None) -> None:
    head = verify().heads["150404"]
    last = RunSeal.objects.get(number=3).run_id
    tampered(
        f"DELETE FROM payroll_payline WHERE payslip_id IN (SELECT id FROM payroll_payslip WHERE run_id = {last})",
        f"DELETE FROM payroll_paidto WHERE payslip_id IN (SELECT id FROM payroll_payslip WHERE run_id = {last})",
        f"UPDATE payroll_runtotal SET amount = 0 WHERE run_id = {last}",
        f"DELETE FROM payroll_payslip WHERE run_id = {last}",
        f"DELETE FROM payroll_runseal WHERE run_id = {last}",
        f"UPDATE payroll_payrollrun SET state = '草稿', headcount = 0 WHERE id = {last}",
    )
    assert told() == {}
    assert "末端可能被截去" in verify(known_heads=[head]).findings[0].text


def test_an_approval_past_the_service_is_named(sealed: None) -> None:
    run = PayrollRun.objects.order_by("-pk").first()
    tampered(f"DELETE FROM payroll_runseal WHERE run_id = {run.pk}")
    assert list(told().values()) == ["已审核却没有封印：不是经审核程序批准的"]


def test_a_reopened_run_is_named(sealed: None) -> None:
    run = PayrollRun.objects.order_by("-pk").first()
    tampered(f"UPDATE payroll_payrollrun SET state = '草稿' WHERE id = {run.pk}")
    assert list(told().values()) == ["有封印而状态是“草稿”：批准后被改动过"]


def test_totals_and_lines_that_do_not_add_up_are_named(sealed: None) -> None:
    line = PayLine.objects.filter(component="基本工资", payslip__month=F("for_month")).order_by("-pk").first()
    tampered(
        f"UPDATE payroll_payline SET amount = amount + 0.01 WHERE id = {line.pk}",
        "UPDATE payroll_payrollrun SET gross_total = gross_total + 0.01 WHERE month = 202202",
    )
    findings = told()
    assert findings["甲街道2022年2月批次"] == "合计与各工资条之和不符"
    slip = line.payslip
    assert findings[f"甲街道2022年2月 {slip.name}的工资条（{slip.pk}号）"] == "金额与明细之和不符"


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE workers_change SET subject = '乙' WHERE subject = '甲1'", "内容与封印时不同"),
        ("DELETE FROM workers_change WHERE subject = '甲1'", "内容与封印时不同"),
        ("UPDATE payroll_runevent SET reason = '乙' WHERE id = (SELECT MIN(id) FROM payroll_runevent)", "内容与封印"),
        ("UPDATE payroll_trailseal SET row_count = 2 WHERE trail = 'workers_change'", "内容与封印时不同"),
    ],
)
def test_a_changed_trail_is_named(sealed: None, statement: str, said: str) -> None:
    tampered(statement)
    findings = told()
    assert len(findings) == 1
    assert all("第1号封印" in place and said in text for place, text in findings.items())


def test_trails_grow_into_further_seals(sealed: None) -> None:
    assert seal_trails(at=NOW) == []
    Change.objects.create(actor=user("admin"), subject="丙", items=[])
    assert verify().unsealed_rows == 1
    (seal,) = seal_trails(at=NOW)
    assert (seal.number, seal.row_count) == (2, 1)
    assert seal.previous == TrailSeal.objects.get(trail="workers_change", number=1).digest
    assert told() == {}


def test_the_command_tells_and_fails(sealed: None) -> None:
    tampered("UPDATE payroll_payslip SET name = '另一人' WHERE id = (SELECT MIN(id) FROM payroll_payslip)")
    out = StringIO()
    with pytest.raises(CommandError, match="未通过，共1处问题"):
        call_command("verify_ledger", stdout=out)
    assert "甲街道2022年1月批次（150404第1号封印）：内容与封印时不同" in out.getvalue()


@pytest.mark.parametrize(("model", "columns"), [(Payslip, SLIP), (PaidTo, PAID_TO), (PayLine, seals.LINE_FIELDS)])
def test_every_column_is_under_the_seal(model: Any, columns: list[str]) -> None:
    assert sorted(field.column for field in model._meta.concrete_fields) == sorted(columns)


def test_the_text_of_rows_cannot_be_shifted_between_fields(sealed: None) -> None:
    """A tab moved from one column to the next would otherwise read the same."""
    run = RunSeal.objects.get(number=3).run_id
    tampered(f"UPDATE payroll_payslip SET post = 'a\tb', position = '' WHERE run_id = {run}")
    first = seals.run_digests([run])
    tampered(f"UPDATE payroll_payslip SET post = 'a', position = 'b\t' WHERE run_id = {run}")
    assert seals.run_digests([run]) != first


def test_digests_take_five_statements_however_many_runs(paid: None, django_assert_num_queries: Any) -> None:
    keys = list(PayrollRun.objects.values_list("pk", flat=True))
    for chosen in (keys[:1], keys):
        with django_assert_num_queries(5):
            assert len(seals.run_digests(chosen)) == len(chosen)
