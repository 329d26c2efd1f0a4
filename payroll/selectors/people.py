"""The list of people: filters, search and order as one query, and what a page of it shows beside the people.

Counting stops at a cap, so that no page ever counts a million rows.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, Subquery

from assessment.models import AnnualAssessment
from payroll.models import Payslip
from songshan_cw.terms import RegionLevel
from workers.models import Contract, Region, Standing, User, Worker
from workers.scope import visible

COUNT_CAP = 10_000
PAGE_SIZE = 50


class Serving(StrEnum):
    IN = "在岗"
    LEFT = "已离职"


class ContractDue(StrEnum):
    IN_90 = "90天内到期"
    IN_60 = "60天内到期"
    IN_30 = "30天内到期"
    EXPIRED = "已到期"
    NONE = "未登记合同"


class Missing(StrEnum):
    ACCOUNT = "缺银行卡号"
    ASSESSMENT = "缺上年度考核"
    PHONE = "缺联系电话"


DAYS_OF_DUE = {ContractDue.IN_90: 90, ContractDue.IN_60: 60, ContractDue.IN_30: 30}
# What a column sorts by; ties always by the person's key, so that pages never overlap.
ORDERS = {
    "name": ("initials", "name"),
    "community": ("standing__community",),
    "post": ("standing__post", "standing__position"),
    "grade": ("grade",),
    "education": ("standing__education",),
    "certificate": ("standing__certificate",),
    "hired": ("hired_on",),
    "contract": ("standing__contract_end",),
}
DEFAULT_ORDER = "community"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the page was asked for; empty means any."""

    search: str = ""
    street: str = ""
    community: str = ""
    post: str = ""
    grade: int | None = None
    education: str = ""
    certificate: str = ""
    contract: str = ""
    missing: str = ""
    serving: str = ""
    order: str = DEFAULT_ORDER


def people(*, user: User, wanted: Wanted, today: date) -> QuerySet[Worker]:
    """The people the user may see that answer to every filter, in no order yet."""
    rows = visible(Worker.objects.exclude(standing=None), user)
    exact = {
        "standing__street": wanted.street,
        "standing__community": wanted.community,
        "standing__post": wanted.post,
        "standing__education": wanted.education,
    }
    rows = rows.filter(**{path: value for path, value in exact.items() if value})
    if wanted.certificate:
        rows = rows.filter(standing__certificate="" if wanted.certificate == "无" else wanted.certificate)
    if wanted.serving:
        rows = rows.filter(standing__left_on__isnull=wanted.serving == Serving.IN)
    if wanted.grade is not None:
        rows = rows.annotate(grade=newest_grade()).filter(grade=wanted.grade)
    if wanted.contract:
        rows = rows.filter(_contract(ContractDue(wanted.contract), today))
    if wanted.missing:
        rows = rows.filter(_missing(Missing(wanted.missing), today))
    return rows.filter(_search(wanted.search, user)) if wanted.search else rows


def ordered(rows: QuerySet[Worker], order: str) -> QuerySet[Worker]:
    """By a column (``-`` before it: downwards), with what the page shows joined in."""
    name = order.removeprefix("-")
    paths = ORDERS.get(name, ORDERS[DEFAULT_ORDER])
    if name == "grade":
        rows = rows.annotate(grade=newest_grade())
    sign = "-" if order.startswith("-") else ""
    joined = rows.select_related("standing__street", "standing__community")
    return joined.order_by(*[f"{sign}{path}" for path in paths], "pk")


def capped_count(rows: QuerySet[Worker]) -> int:
    """How many, counting no further than one beyond the cap."""
    return rows.order_by()[: COUNT_CAP + 1].count()


def newest_grade() -> Subquery:
    """The grade of the person's newest slip with one."""
    slips = Payslip.objects.filter(worker=OuterRef("pk"), grade__isnull=False).order_by("-month")
    return Subquery(slips.values("grade")[:1], output_field=IntegerField(null=True))


def grades_of(worker_ids: Collection[int]) -> dict[int, int | None]:
    """Worker → grade of the newest slip, for one page of people."""
    rows = Worker.objects.filter(pk__in=worker_ids).annotate(grade=newest_grade())
    return dict(rows.values_list("pk", "grade"))


def streets_of(user: User) -> list[tuple[str, str]]:
    """(code, name) of streets in the user's reach where anybody stands."""
    streets = visible(Region.objects.filter(level=RegionLevel.STREET.value), user)
    used = Exists(Standing.objects.filter(street=OuterRef("pk")))
    return list(streets.filter(used).order_by("code").values_list("code", "name"))


def communities_of(user: User, street: str) -> list[tuple[str, str]]:
    """(code, name) of one street's communities; none where the street is not the user's."""
    communities = visible(Region.objects.filter(level=RegionLevel.COMMUNITY.value, parent=street), user)
    return list(communities.order_by("code").values_list("code", "name"))


def _contract(due: ContractDue, today: date) -> Q:
    if due is ContractDue.NONE:
        return ~Exists(Contract.objects.filter(worker=OuterRef("pk")))
    if due is ContractDue.EXPIRED:
        return Q(standing__contract_end__lt=today)
    last = today + timedelta(days=DAYS_OF_DUE[due])
    return Q(standing__contract_end__gte=today, standing__contract_end__lte=last)


def _missing(missing: Missing, today: date) -> Q:
    if missing is Missing.ACCOUNT:
        return Q(bank_account="")
    if missing is Missing.PHONE:
        return Q(phone="")
    year = today.year - 1
    assessed = AnnualAssessment.objects.filter(worker=OuterRef("pk"), year=year)
    served = Q(hired_on__lte=date(year, 12, 31)) & (
        Q(standing__left_on=None) | Q(standing__left_on__gte=date(year, 12, 31))
    )
    return served & ~Exists(assessed)


def _search(text: str, user: User) -> Q:
    """By name, pinyin initials or phone; by the ID's tail only for those who may see it (rules 10.6)."""
    text = text.replace("\x00", "").strip()
    found = Q(name__icontains=text) | Q(initials__startswith=text.lower()) | Q(phone__contains=text)
    if user.sees_private and len(text) >= 4:
        found |= Q(id_number__endswith=text.upper())
    return found
