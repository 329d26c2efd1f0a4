"""Two streets of one district. What belongs to the second carries a canary no answer to the first may hold."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils import timezone

from assessment.models import AnnualAssessment, AssessmentProposal, ShareException
from payroll.models import (
    Budget,
    BudgetMonth,
    GradeCoefficient,
    GradeTable,
    PayLine,
    PayrollRun,
    Payslip,
    PayStandard,
    PerformanceBatch,
    PerformanceShare,
    PersonalWeight,
    ResultWeight,
    RunEvent,
    RunNote,
    StepRequirement,
)
from payroll.rules.credit import Cause, CreditStep
from payroll.rules.trace import dump
from songshan_cw.words import periods
from songshan_cw.words.terms import Category, Education, Position, Post, Result, Role
from tests.amounts import keep_totals
from workers.models import (
    Absence,
    ArchiveFiling,
    Attachment,
    CategoryRecord,
    Certificate,
    Change,
    CommitteeSeat,
    CommunityProfile,
    Contract,
    DutyBackup,
    EducationRecord,
    Exit,
    Hiring,
    Honour,
    Leave,
    Outcome,
    PartyWorker,
    Placement,
    PrivateAccess,
    Region,
    Secondment,
    SecondmentApproval,
    ServiceGap,
    SignInAttempt,
    Training,
    User,
    Visit,
    WorkbookImport,
    Worker,
)
from workers.rules.identity import check_character
from workers.services import record_fact, register_worker

AT = datetime(2026, 11, 21, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
MONTH = periods.month(2026, 10)
DISTRICT, STREET_A, STREET_B = "150404", "150404001", "150404002"
CANARY = "秘"  # in every name, number and note of street B; nowhere else in the product's own words
ID_A, ID_B = "15040419900101", "15042519880808"
DIGITS_B = ("15042519880808", "13988887777", "6222999988887777", "150404002")


def id_number(stem: str, serial: int) -> str:
    seventeen = f"{stem}{serial:03d}"
    return seventeen + check_character(seventeen)


@dataclass
class Street:
    region: Region
    community: Region
    clerk: User
    leader: User
    workers: list[Worker] = field(default_factory=list)
    rows: dict[str, object] = field(default_factory=dict)


@dataclass
class World:
    admin: User
    bureau: User
    finance: User
    organisation: User
    table: GradeTable
    a: Street
    b: Street

    def user(self, role: Role) -> User:
        return {
            Role.CLERK: self.a.clerk,
            Role.LEADER: self.a.leader,
            Role.BUREAU: self.bureau,
            Role.FINANCE: self.finance,
            Role.ORGANISATION: self.organisation,
            Role.ADMINISTRATOR: self.admin,
        }[role]


def make_world() -> World:
    tree = [("15", "内蒙古自治区", "province"), ("1504", "赤峰市", "city"), (DISTRICT, "松山区", "district")]
    for code, name, level in tree:
        Region.objects.create(code=code, name=name, level=level, parent_id=code[:-2] or None)
    admin = make_user("admin", Role.ADMINISTRATOR, None)
    table = _table(admin)
    return World(
        admin=admin,
        bureau=make_user("bureau", Role.BUREAU, DISTRICT),
        finance=make_user("finance", Role.FINANCE, DISTRICT),
        organisation=make_user("organisation", Role.ORGANISATION, DISTRICT),
        table=table,
        a=_street(admin, table, STREET_A, "振兴街道", "甲"),
        b=_street(admin, table, STREET_B, f"{CANARY}街道", CANARY),
    )


def make_user(name: str, role: Role, region: str | None) -> User:
    user = User(username=name, full_name=f"{name}账号", role=role, region_id=region)
    user.set_password("mima-2026-x")
    user.save()
    return user


def make_worker(admin: User, community: Region, number: str, name: str, position: Position, **extra: object) -> Worker:
    worker = Worker(
        id_number=number,
        name=name,
        category=Category.STAFF,
        hired_on=date(2018, 3, 1),
        entry_education=Education.COLLEGE,
        **extra,
    )
    return register_worker(
        actor=admin, worker=worker, community=community, post=position.post, position=position, at=AT
    )


def _table(admin: User) -> GradeTable:
    table = GradeTable.objects.create(district_id=DISTRICT, name="样表", uploaded_by=admin)
    GradeCoefficient.objects.create(table=table, grade=1, coefficient=Decimal(1))
    StepRequirement.objects.create(table=table, post=Post.STAFF, step=1, months=0)
    PayStandard.objects.create(table=table, start=periods.month(2022, 1), annual_base=Decimal(42000))
    return table


def _street(admin: User, table: GradeTable, code: str, name: str, mark: str) -> Street:
    region = Region.objects.create(code=code, name=name, level="street", parent_id=DISTRICT)
    community = Region.objects.create(code=f"{code}001", name=f"{mark}社区", level="community", parent=region)
    street = Street(
        region=region,
        community=community,
        clerk=make_user(f"clerk-{mark}", Role.CLERK, code),
        leader=make_user(f"leader-{mark}", Role.LEADER, code),
    )
    stem, phone, account = (ID_B, DIGITS_B[1], DIGITS_B[2]) if code == STREET_B else (ID_A, "13600001111", "6222000011")
    for serial, position in enumerate((Position.COMMUNITY_WORKER, Position.SECRETARY)):
        number = id_number(stem, serial * 2 + 1)
        own = make_worker(
            admin, community, number, f"{mark}某{serial}", position, phone=phone, bank_account=account, note=f"{mark}注"
        )
        street.workers.append(own)
    _facts(admin, street, mark)
    _trails(street, mark)
    _pay(admin, table, street, mark)
    return street


def _facts(admin: User, street: Street, mark: str) -> None:
    worker, other = street.workers
    facts = [
        EducationRecord(worker=worker, level=Education.BACHELOR, earned_on=date(2020, 6, 1), school=f"{mark}大学"),
        CategoryRecord(worker=worker, start=date(2022, 6, 1), category="两委成员", document_no=f"{mark}类"),
        Certificate(worker=worker, level="社会工作师", approved_on=date(2021, 6, 1), number=f"{mark}证"),
        ServiceGap(worker=worker, first_day=date(2021, 3, 1), last_day=date(2021, 4, 30), reason=f"{mark}因"),
        Placement(worker=worker, month=periods.month(2022, 1), credited_months=48, document_no=f"{mark}定"),
        Hiring(worker=worker, method="公开招录", document_no=f"{mark}录"),
        Contract(worker=worker, start=date(2018, 3, 1), end=date(2027, 2, 28)),
        Training(worker=worker, name=f"{mark}班", start=date(2024, 1, 1), end=date(2024, 1, 7)),
        AnnualAssessment(worker=worker, year=2024, result=Result.COMPETENT),
    ]
    for fact in facts:
        record_fact(actor=admin, instance=fact, at=AT)
        street.rows[fact._meta.label_lower] = fact
    street.rows["workers.secondment"] = Secondment.objects.create(
        worker=worker, body=f"{mark}局", start=date(2023, 1, 1), end=date(2023, 2, 1)
    )
    _registers(admin, street, mark)
    leaving = Exit(worker=other, left_on=date(2026, 9, 30), reason="自动辞职", document_no=f"{mark}辞")
    record_fact(actor=admin, instance=leaving, at=AT)
    street.rows |= {
        "workers.exit": leaving,
        "workers.worker": worker,
        "workers.postassignment": worker.postassignments.get(),
        "workers.region": street.community,
        "workers.user": street.clerk,
    }


def _registers(admin: User, street: Street, mark: str) -> None:
    worker, backup = street.workers
    community, day = street.community, date(2026, 1, 5)
    score = {"everyday": 90, "yearly": 90, "satisfaction": 90, "total": 90}
    rows = [
        Absence(worker=worker, first_day=day, last_day=day, note=f"{mark}旷"),
        Leave(worker=worker, kind="年休假", first_day=day, last_day=day, days=1, document_no=f"{mark}假"),
        Visit(worker=worker, month=MONTH, households=30),
        DutyBackup(worker=worker, backup=backup, duty=f"{mark}务", start=day),
        CommitteeSeat(worker=worker, community=community, committee="社区居委会", start=day),
        PartyWorker(worker=worker, community=community, start=day),
        Honour(worker=worker, name=f"{mark}奖", level="市级", awarded_on=day),
        Attachment(
            worker=worker,
            part="基本情况",
            title=f"{mark}件",
            content_type="application/pdf",
            size=1,
            sha256="0" * 64,
            added_by=admin,
            added_at=AT,
        ),
        ArchiveFiling(worker=worker, filed_with=f"{mark}部", filed_on=day, by=admin),
        SecondmentApproval(
            secondment=street.rows["workers.secondment"],
            step=1,
            authority=f"{mark}局",
            role=Role.BUREAU,
            agreed=True,
            by=admin,
            at=AT,
        ),
        CommunityProfile(community=community, since=day, households=900, source=f"{mark}册"),
        AssessmentProposal(worker=worker, year=2025, result=Result.BASIC, proposed_by=admin, proposed_at=AT, **score),
        ShareException(street=street.region, year=2025, extra=1, reason=f"{mark}宽", granted_by=admin, granted_at=AT),
    ]
    for row in rows:
        row.save()
        street.rows[row._meta.label_lower] = row


def _trails(street: Street, mark: str) -> None:
    street.rows["workers.change"] = Change.objects.filter(worker=street.workers[0]).first()
    street.rows["workers.workbookimport"] = WorkbookImport.objects.create(
        actor=street.clerk,
        file_name=f"{mark}.xlsx",
        sha256="0" * 64,
        row_count=1,
        created_count=1,
        updated_count=0,
        unchanged_count=0,
    )
    street.rows["workers.privateaccess"] = PrivateAccess.objects.create(actor=street.clerk, what=f"{mark}看")
    street.rows["workers.signinattempt"] = SignInAttempt.objects.create(
        at=timezone.now(), username=street.clerk.username, address="203.0.113.7", outcome=Outcome.SUCCESS.value
    )


def _budget(street: Street) -> Budget:
    year, nothing, base, insurance = periods.year_of(MONTH) + 1, Decimal(0), Decimal("3150.00"), Decimal("315.00")
    budget = Budget.objects.create(
        street=street.region,
        year=year,
        trial=True,
        headcount=1,
        computed_at=AT,
        insurance_rate=Decimal(10),
        training_per_head=nothing,
        base_total=base,
        allowance_total=nothing,
        performance_total=nothing,
        insurance_total=insurance,
        training_total=nothing,
    )
    parts = {"base": base, "allowance": nothing, "performance": nothing, "insurance": insurance}
    BudgetMonth.objects.create(budget=budget, month=periods.january(year), headcount=1, promoted=0, **parts)
    return budget


def _performance(street: Street, worker: Worker) -> None:
    amount = Decimal("350.00")
    batch = PerformanceBatch.objects.create(
        street=street.region,
        year=periods.year_of(MONTH),
        number=1,
        paid_month=MONTH,
        pool=amount,
        weighted=amount,
        headcount=1,
        share_total=amount,
        computed_at=AT,
    )
    PerformanceShare.objects.create(
        batch=batch,
        worker=worker,
        id_number=worker.id_number,
        name=worker.name,
        community_id=worker.standing.community_id,
        community_name=worker.standing.community.name,
        bank_account=worker.bank_account,
        accrual=amount,
        weight=Decimal(1),
        share=amount,
    )


def _pay(admin: User, table: GradeTable, street: Street, mark: str) -> None:
    worker = street.workers[0]
    run = PayrollRun.objects.create(
        street=street.region,
        month=MONTH,
        trial=True,
        table=table,
        policy_version="样",
        computed_at=AT,
        headcount=1,
        gross_total=Decimal("3150.00"),
    )
    slip = Payslip.objects.create(
        run=run,
        worker=worker,
        month=MONTH,
        name=worker.name,
        community=street.community,
        gross_pay=Decimal("3150.00"),
        policy_version="样",
        table=table,
        facts_digest="0" * 32,
        trace=dump((CreditStep(MONTH, Cause.HIRED, 0, 0, f"{mark}推算"),)),
    )
    line = PayLine.objects.create(
        payslip=slip,
        worker=worker,
        for_month=MONTH,
        component="基本工资",
        amount=Decimal("3150.00"),
        already_paid=Decimal(0),
        clause=f"{mark}款",
    )
    PayLine.objects.create(
        payslip=slip,
        worker=worker,
        for_month=MONTH,
        component="绩效计提",
        amount=Decimal("350.00"),
        already_paid=Decimal(0),
        clause=f"{mark}款",
    )
    keep_totals(run)
    event = RunEvent.objects.create(run=run, at=AT, actor=admin, action="计算", reason=f"{mark}算")
    RunNote.objects.create(run=run, worker=worker, kind="考核", text=f"{mark}缺考核")
    result_weight = ResultWeight.objects.create(
        street=street.region, year=2026, result=Result.COMPETENT, weight=Decimal(1)
    )
    personal = PersonalWeight.objects.create(
        worker=worker, street=street.region, year=2026, weight=Decimal(1), reason=f"{mark}由"
    )
    _performance(street, worker)
    budget = _budget(street)
    for row in (run, slip, line, event, result_weight, personal, budget, budget.months.get()):
        street.rows[row._meta.label_lower] = row
