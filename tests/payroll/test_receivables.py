"""Money owed back: it arises with a slip below zero, is offset, repaid or written off, and outlives leaving (5.8)."""

import csv
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from payroll.files import write_bank_list, write_csv
from payroll.ledger.verifying import verify
from payroll.models import GradeTable, Receivable, ReceivableEntry
from payroll.rules.debts import offsets
from payroll.selectors.receivables import debts
from payroll.services.receivables import repay, write_off
from payroll.services.runs import compute_runs
from songshan_cw.data.refusal import NotAllowed, Refused
from songshan_cw.words.periods import parse
from tests.payroll.conftest import table
from tests.payroll.world import NOW, A, add_facts, pay_month, person, staff, user
from tests.worlds import shared
from workers.models import Exit, Worker

AT = datetime(2022, 5, 20, 2, tzinfo=UTC)
YUAN = st.decimals(0, 100_000, places=2)


@shared(table)
def owing(table: GradeTable) -> Worker:
    """Left on 31 January; February and March were paid in error; April takes 6,300.00 back, which nothing pays."""
    worker = person(staff(date(2020, 1, 1)))
    person(staff(date(2020, 1, 1)))
    for month in ("2022-01", "2022-02", "2022-03"):
        pay_month(month)
    add_facts(worker, {"left": date(2022, 1, 31)})
    pay_month("2022-04")
    return worker


def listed() -> list[tuple[str, Decimal, Decimal]]:
    out = StringIO()
    call_command("list_receivables", "--json", stdout=out)
    rows = json.loads(out.getvalue())["people"]
    return [(row["arose"], Decimal(row["amount"]), Decimal(row["open"])) for row in rows]


def paid_out(month: str, worker: Worker, folder: Path) -> tuple[str, str, str]:
    path = folder / f"{month}.csv"
    write_csv(month=parse(month), street_codes=[A], path=path)
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    [row] = [row for row in rows if row["id_number"] == worker.id_number]
    return row["gross_pay"], row["debt_recovered"], row["payable"]


def test_a_slip_below_zero_pays_nothing_and_is_owed(owing: Worker, tmp_path: Path) -> None:
    assert listed() == [("2022-04", Decimal("6300.00"), Decimal("6300.00"))]
    assert paid_out("2022-04", owing, tmp_path) == ("-6300.00", "0.00", "0.00")
    assert verify().findings == []


def test_it_survives_leaving_and_silence(owing: Worker) -> None:
    pay_month("2022-05")
    pay_month("2022-06")
    assert listed() == [("2022-04", Decimal("6300.00"), Decimal("6300.00"))]


def test_later_slips_offset_it_oldest_first(owing: Worker, tmp_path: Path) -> None:
    """The exit was wrong: May brings back 9,450.00 and its own 3,150.00; 6,300.00 of it pays the debt."""
    Exit.objects.filter(worker=owing).delete()
    compute_runs(month=parse("2022-05"), street_codes=[A], at=NOW)
    assert paid_out("2022-05", owing, tmp_path) == ("12600.00", "6300.00", "6300.00")
    pay_month("2022-05")
    assert paid_out("2022-05", owing, tmp_path) == ("12600.00", "6300.00", "6300.00")
    assert listed() == [("2022-04", Decimal("6300.00"), Decimal("0.00"))]
    assert write_bank_list(month=parse("2022-05"), street_codes=[A], path=tmp_path / "b.xlsx", private=True) == Decimal(
        "9450.00"
    )
    pay_month("2022-06")
    assert paid_out("2022-06", owing, tmp_path) == ("3150.00", "0.00", "3150.00")
    assert verify().findings == []


def test_cash_and_write_off_leave_their_reason(owing: Worker) -> None:
    given = {"worker": owing, "at": AT}
    repay(actor=user("clerk-a"), amount=Decimal("300.00"), reason="收据001", **given)
    with pytest.raises(Refused, match="6,000"):
        repay(actor=user("clerk-a"), amount=Decimal("6000.01"), reason="收据002", **given)
    with pytest.raises(Refused, match="原因"):
        write_off(actor=user("bureau"), amount=Decimal("6000.00"), reason=" ", **given)
    with pytest.raises(NotAllowed):
        write_off(actor=user("clerk-a"), amount=Decimal("6000.00"), reason="无法追收", **given)
    with pytest.raises(Refused, match="没有未结清"):
        repay(actor=user("clerk-b"), amount=Decimal("1.00"), reason="收据003", **given)
    write_off(actor=user("bureau"), amount=Decimal("6000.00"), reason="无法追收", **given)
    assert [(one.kind, one.amount, one.reason) for one in ReceivableEntry.objects.all()] == [
        ("现金归还", Decimal("300.00"), "收据001"),
        ("核销", Decimal("6000.00"), "无法追收"),
    ]
    assert [debt.open for debt in debts(Receivable.objects.all())] == [Decimal("0.00")]


def test_the_commands(owing: Worker) -> None:
    call_command("repay_receivable", owing.id_number, "300", "--reason", "收据001", "--by", "clerk-a")
    call_command("write_off_receivable", owing.id_number, "6000.00", "--reason", "无法追收", "--by", "bureau")
    assert listed() == [("2022-04", Decimal("6300.00"), Decimal("0.00"))]
    with pytest.raises(CommandError, match="没有未结清"):
        call_command("repay_receivable", owing.id_number, "1", "--reason", "x", "--by", "bureau")


def test_nothing_in_it_changes_afterwards(owing: Worker) -> None:
    for statement in ("UPDATE payroll_receivable SET amount = 1", "DELETE FROM payroll_receivable"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@given(YUAN, st.lists(YUAN, max_size=5))
def test_a_slip_offsets_as_much_as_it_has_oldest_first(payable: Decimal, open_debts: list[Decimal]) -> None:
    parts = offsets(payable, open_debts)
    assert sum(parts) == min(payable, sum(open_debts))
    for part, debt, before in zip(parts, open_debts, range(len(parts)), strict=True):
        assert 0 <= part <= debt
        assert not part or parts[:before] == open_debts[:before]
    assert offsets(-payable - 1, open_debts) == [0] * len(open_debts)
