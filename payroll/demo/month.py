"""One month from draft to approval by the demo's accounts: each street submits, the bureau approves (rules 7)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from django.utils import timezone

from payroll.demo.loading import DISTRICT
from payroll.files.pay_sheet import write_pay_sheet
from payroll.models import BudgetBasis, GradeTable, PayrollRun, Payslip
from payroll.rules.columns import Column, PayColumns
from payroll.selectors.streets import streets_with_people
from payroll.services.budgets import approve_budget, compute_budget, submit_budget
from payroll.services.floor import set_basis, set_income
from payroll.services.runs import compute_runs
from payroll.services.tables import confirm_grade_table
from payroll.services.transitions import approve_runs, submit_runs
from songshan_cw.data.refusal import Refused
from songshan_cw.policy import policy_timeline
from songshan_cw.words.money import total
from songshan_cw.words.periods import Month, label, month_of
from songshan_cw.words.terms import RunState, TableState
from workers.models import Region, User

DOCUMENT_NO = "演示〔2022〕1号"
STREET = "150404001"
APPROVED_STREET = "150404002"
# Invented figures of the right order, in yuan; employer's insurance in percent.
INCOME = Decimal("41200.00")
YEARLY_RISE = Decimal("1800.00")
INSURANCE_RATE = Decimal("24.70")
TRAINING_PER_HEAD = Decimal("600.00")


@dataclass(frozen=True, slots=True)
class DemoMonth:
    """What is approved for the month; money in yuan. ``example``: an ID number to explain."""

    month: Month
    approved_now: int
    streets: int
    people: int
    sums: dict[Column, Decimal]
    sheet: Path
    example: str


def run_demo_month(*, month: Month, at: datetime, folder: Path, earlier: int = 0) -> DemoMonth:
    """Bring the month, and ``earlier`` months before it, to approval, skipping what is approved already, and write
    the month's pay sheet."""
    bureau = _account("bureau")
    _confirm_table(bureau, at)
    first = max(month - earlier, policy_timeline(DISTRICT).first_month)
    for before in range(first, month):
        _approve_month(before, bureau, at)
    approved_now = _approve_month(month, bureau, at)
    _add_plans(bureau=bureau, at=at)
    folder.mkdir(parents=True, exist_ok=True)
    sheet = folder / f"工资发放表-{label(month)}.xlsx"
    write_pay_sheet(month=month, street_codes=_codes(month, RunState.APPROVED), path=sheet, private=True)
    return _summary(month, approved_now, sheet)


def _approve_month(month: Month, bureau: User, at: datetime) -> int:
    """Compute and submit what is open, approve what waits; how many streets that were."""
    for code in _open_streets(month, at):
        submit_runs(month=month, street_codes=[code], actor=_account(f"clerk-{code}"), at=at)
    waiting = _codes(month, RunState.SUBMITTED)
    if waiting:
        approve_runs(month=month, street_codes=waiting, actor=bureau, at=at, review_all=True)
    return len(waiting)


def _confirm_table(bureau: User, at: datetime) -> None:
    tables = GradeTable.objects.filter(district=DISTRICT)
    if not tables.filter(state=TableState.CONFIRMED.value).exists():
        confirm_grade_table(district=DISTRICT, document_no=DOCUMENT_NO, actor=bureau, at=at)


def _open_streets(month: Month, at: datetime) -> list[str]:
    """Compute every street of the district that is not submitted or approved yet; returns their codes."""
    settled = {*_codes(month, RunState.SUBMITTED), *_codes(month, RunState.APPROVED)}
    staffed = [street.code for street in streets_with_people(below=DISTRICT)]
    if not staffed:
        raise Refused("库里没有演示人员，算不出工资。请先执行 manage.py load_demo（不加 --empty）。")
    waiting = [code for code in staffed if code not in settled]
    if waiting:
        compute_runs(month=month, street_codes=waiting, at=at)
    return waiting


def _codes(month: Month, state: RunState) -> list[str]:
    runs = PayrollRun.objects.filter(month=month, state=state.value, street__parent=DISTRICT)
    return list(runs.order_by("street").values_list("street_id", flat=True))


def _account(username: str) -> User:
    account = User.objects.filter(username=username).first()
    if account is None:
        raise Refused(f"没有演示账号“{username}”。请先执行 manage.py load_demo。")
    return account


def _summary(month: Month, approved_now: int, sheet: Path) -> DemoMonth:
    runs = list(PayrollRun.objects.filter(month=month, state=RunState.APPROVED.value, street__parent=DISTRICT))
    slips = Payslip.objects.filter(run__in=runs, grade__isnull=False)
    return DemoMonth(
        month=month,
        approved_now=approved_now,
        streets=len(runs),
        people=sum(run.headcount for run in runs),
        sums={column: total(run.sums[column] for run in runs) for column in PayColumns().all},
        sheet=sheet,
        example=slips.order_by("-grade", "id").values_list("worker__id_number", flat=True).first() or "",
    )


def _add_plans(*, bureau: User, at: datetime) -> None:
    """Enter the figures once; what somebody changed since is left alone."""
    today = month_of(timezone.localtime(at).date())
    year = timezone.localtime(at).year
    if BudgetBasis.objects.filter(district=DISTRICT).exists():
        return
    for back in (2, 1):
        set_income(actor=bureau, district=DISTRICT, year=year - back, amount=INCOME - YEARLY_RISE * back, at=at)
    set_basis(
        actor=bureau,
        district=DISTRICT,
        year=year + 1,
        insurance_rate=INSURANCE_RATE,
        training_per_head=TRAINING_PER_HEAD,
        at=at,
    )
    for code in (STREET, APPROVED_STREET):
        street, own = Region.objects.filter(code=code).first(), User.objects.filter(username=f"clerk-{code}").first()
        if street is None or own is None or not streets_with_people([code]):
            continue
        compute_budget(year=year + 1, street=street, actor=own, at=at, today=today)
        submit_budget(year=year + 1, street=street, actor=own, at=at)
        if code == APPROVED_STREET:
            approve_budget(year=year + 1, street=street, actor=bureau, at=at)
