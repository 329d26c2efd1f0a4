"""Runs with slips and lines as the ledger keeps them, by ORM. Amounts in yuan; everything a run adds up to is set."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from payroll.models import GradeTable, PayLine, PayrollRun, Payslip
from songshan_cw.words import periods
from songshan_cw.words.terms import Component, RegionLevel, Role, RunState
from tests.amounts import keep_totals
from workers.models import Region, User, Worker
from workers.rules.identity import check_character

MONTH = periods.month(2026, 10)
AT = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
CENTS = Decimal("0.01")
ZERO = Decimal("0.00")
STREETS = {"150404001": "振兴街道", "150404002": "向阳街道"}
COMMUNITIES = {
    "150404001001": "北苑社区居委会",
    "150404001002": "广场社区居委会",
    "150404002001": "安居社区居委会",
}


def make_regions() -> None:
    rows = [
        ("15", "内蒙古自治区", RegionLevel.PROVINCE, None),
        ("1504", "赤峰市", RegionLevel.CITY, "15"),
        ("150404", "松山区", RegionLevel.DISTRICT, "1504"),
        *((code, name, RegionLevel.STREET, code[:6]) for code, name in STREETS.items()),
        *((code, name, RegionLevel.COMMUNITY, code[:9]) for code, name in COMMUNITIES.items()),
    ]
    for code, name, level, parent in rows:
        Region.objects.create(code=code, name=name, level=level.value, parent_id=parent)


def id_number(serial: int) -> str:
    body = f"150404{1960 + serial % 40}{serial % 12 + 1:02d}{serial % 28 + 1:02d}{serial // 1000 % 1000:03d}"[:17]
    body = f"{body[:14]}{serial % 1000:03d}"
    return body + check_character(body)


@dataclass
class Person:
    """What a slip is made from; ``earlier``: (month text, component, amount)."""

    serial: int
    name: str = "张三"
    community: str = "150404001001"
    grade: int | None = 3
    allowance: str = "0.00"
    dual: bool = False
    bank: str = "中国农业银行赤峰松山支行"
    account: str = "6228480000000000000"
    earlier: list[tuple[str, Component, str]] = field(default_factory=list)


def make_run(
    people: list[Person], *, street: str = "150404001", state: RunState = RunState.APPROVED, trial: bool = False
) -> PayrollRun:
    """Made as a draft, moved to its state last: what is approved does not change."""
    table, _ = GradeTable.objects.get_or_create(name="样表", district_id="150404")
    run = PayrollRun.objects.create(
        street_id=street, month=MONTH, trial=trial, table=table, policy_version="songshan-2022", computed_at=AT
    )
    workers = Worker.objects.bulk_create(_worker(person) for person in people)
    slips = Payslip.objects.bulk_create(
        _slip(run, worker, person) for worker, person in zip(workers, people, strict=True)
    )
    PayLine.objects.bulk_create(
        line for slip, person in zip(slips, people, strict=True) for line in _lines(slip, person)
    )
    keep_totals(run)
    _move(run, state)
    return run


def _worker(person: Person) -> Worker:
    return Worker(
        id_number=id_number(person.serial),
        name=person.name,
        category="专职工作者",
        hired_on=periods.first_day(MONTH - 60),
        entry_education="大学专科",
        bank_name=person.bank if person.account else "",
        bank_account=person.account,
    )


def _graded(person: Person) -> tuple[Decimal, Decimal]:
    """Base pay and accrual of the sample table."""
    if person.grade is None:
        return ZERO, ZERO
    yearly = Decimal("42000") * (Decimal("1.00") + Decimal("0.05") * (person.grade - 1))
    return (yearly * Decimal("0.9") / 12).quantize(CENTS), (yearly * Decimal("0.1") / 12).quantize(CENTS)


def _slip(run: PayrollRun, worker: Worker, person: Person) -> Payslip:
    base, _ = _graded(person)
    place: dict[str, Any] = {}
    if person.grade is not None:
        coefficient = Decimal("1.00") + Decimal("0.05") * (person.grade - 1)
        place = {
            "post": "正职" if person.dual else "工作人员",
            "position": "党组织书记" if person.dual else "社区工作者",
            "dual": person.dual,
            "step": person.grade,
            "grade": person.grade,
            "coefficient": coefficient,
            "credited_months": 84,
            "annual_base": Decimal("42000.00"),
        }
    cash = (amount for _, component, amount in person.earlier if component != Component.PERFORMANCE)
    arrears = sum((Decimal(amount) for amount in cash), ZERO)
    return Payslip(
        run=run,
        worker=worker,
        month=MONTH,
        name=person.name,
        community_id=person.community,
        gross_pay=base.quantize(CENTS) + Decimal(person.allowance) + arrears,
        policy_version="songshan-2022",
        table=run.table,
        facts_digest="",
        **place,
    )


def _lines(slip: Payslip, person: Person) -> list[PayLine]:
    base, accrual = _graded(person)
    own = [
        (MONTH, Component.BASE, base),
        (MONTH, Component.ALLOWANCE, Decimal(person.allowance)),
        (MONTH, Component.PERFORMANCE, accrual),
    ]
    earlier = [(periods.parse(text), component, Decimal(amount)) for text, component, amount in person.earlier]
    return [
        PayLine(
            payslip=slip,
            worker_id=slip.worker_id,
            for_month=month,
            component=component.value,
            amount=amount,
            already_paid=ZERO,
            clause="二(五)2",
        )
        for month, component, amount in own + earlier
        if amount
    ]


def _move(run: PayrollRun, state: RunState) -> None:
    if state != RunState.DRAFT:
        run.state, run.submitted_by, run.submitted_at = RunState.SUBMITTED.value, _user("clerk"), AT
        run.save()
    if state == RunState.APPROVED:
        run.state, run.approved_by, run.approved_at = state.value, _user("bureau"), AT
        run.save()
    elif state == RunState.RETURNED:
        run.state, run.return_reason = state.value, "人员有误"
        run.save()


def _user(name: str) -> User:
    user, _ = User.objects.get_or_create(username=name, role=Role.BUREAU.value, region_id="150404")
    return user


def a_street() -> list[Person]:
    """Two communities, an allowance, arrears over months, one with arrears only, one without an account."""
    return [
        Person(1, "张三", allowance="200.00"),
        Person(2, "李四", grade=8, dual=True, allowance="300.00"),
        Person(
            3,
            "王五",
            community="150404001002",
            earlier=[
                ("2024-03", Component.BASE, "157.50"),
                ("2024-04", Component.BASE, "157.50"),
                ("2024-05", Component.BASE, "157.50"),
                ("2024-05", Component.PERFORMANCE, "17.50"),
            ],
        ),
        Person(
            4,
            "乌云其其格",
            community="150404001002",
            grade=None,
            earlier=[("2026-08", Component.BASE, "-3150.00"), ("2026-09", Component.ALLOWANCE, "200.00")],
        ),
        Person(5, "赵六", community="150404001002", account=""),
    ]
