"""The list of people: filters, search and order in one query, and the columns of one page.

The list is capped, so that no page counts or sorts a million rows. What has no index over everybody, like a grade on
slips, is available only within a district or street when the list is beyond the cap.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby

from django.db import connection
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery

from assessment.selectors.unassessed import unassessed
from payroll.models import Payslip
from songshan_cw.data.paging import COUNT_CAP
from songshan_cw.words.periods import Month, month_of, next_month_of
from songshan_cw.words.terms import Education, Post
from workers.models import Contract, PostAssignment, Standing, User, Worker
from workers.selectors.scope import sees_more_than, visible, within
from workers.selectors.search import search

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
    SHARED = "银行卡号与他人相同"


DAYS_OF_DUE = {ContractDue.IN_90: 90, ContractDue.IN_60: 60, ContractDue.IN_30: 30}
# Order by column. Ties are ordered by the person's key, so that pages never overlap.
ORDERS: dict[str, tuple[str, ...]] = {
    "person": (),
    "name": ("worker__initials", "worker__name"),
    "community": ("street_id", "community_id"),
    "post": ("post", "position"),
    "grade": ("grade",),
    "education": ("education",),
    "certificate": ("certificate",),
    "hired": ("worker__hired_on",),
    "contract": ("contract_end",),
}
# These values have a rank of their own, which differs from the order of their characters.
RANKED = {"post": [post.value for post in Post], "education": [education.value for education in Education]}
DEFAULT_ORDER = "community"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of the request. Empty means any."""

    search: str = ""
    district: str = ""
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

    @property
    def only_serving(self) -> bool:
        """Return whether to list only people in service, as filters by contract and missing data do by default.

        A shared bank account is listed in any case, because somebody who left may share it.
        """
        return not self.serving and bool(self.contract or self.missing) and self.missing != Missing.SHARED


def people(*, user: User, wanted: Wanted, today: date) -> QuerySet[Standing]:
    """Select the current positions in the user's scope that match every filter, unordered."""
    rows = _placed(visible(Standing.objects.all(), user), wanted)
    exact = {"post": wanted.post, "education": wanted.education}
    rows = rows.filter(**{path: value for path, value in exact.items() if value})
    if wanted.certificate:
        rows = rows.filter(certificate="" if wanted.certificate == "无" else wanted.certificate)
    serving = Serving.IN if wanted.only_serving else wanted.serving
    if wanted.only_serving and wanted.missing == Missing.ASSESSMENT:  # as the start page; others have indexes
        rows = rows.filter(Q(left_on=None) | Q(left_on__gte=today))
    elif serving:
        rows = rows.filter(left_on__isnull=serving == Serving.IN)
    if wanted.grade is not None:
        rows = rows.annotate(grade=newest_grade("worker")).filter(grade=wanted.grade)
    if wanted.contract:
        rows = rows.filter(_contract(ContractDue(wanted.contract), today))
    if wanted.missing:
        rows = rows.filter(_missing(user, wanted, today))
    return rows.filter(search(wanted.search, "worker__", by_number=user.sees_private)) if wanted.search else rows


def _placed(rows: QuerySet[Standing], wanted: Wanted) -> QuerySet[Standing]:
    if wanted.district:
        rows = rows.filter(within("street", wanted.district))
    places = {"street": wanted.street, "community": wanted.community}
    return rows.filter(**{path: value for path, value in places.items() if value})


def order_of(user: User, wanted: Wanted) -> str:
    """Return the order to use.

    Among very many people, searches and missing data are ordered by key and contracts by their end, because ordering by
    place would read everybody's position.
    """
    placed = wanted.district or wanted.street or wanted.community
    found = "person" if wanted.search or wanted.missing else "contract" if wanted.contract else ""
    far = found and not placed and wanted.order.removeprefix("-") == DEFAULT_ORDER and sees_more_than(user, COUNT_CAP)
    return found if far else wanted.order


def ordered_keys(rows: QuerySet[Standing], order: str) -> list[int]:
    """Return the people's keys ordered by a column (``-``: descending), up to one beyond the cap.

    One query finds, counts and orders them. Further columns are read only for the people of the page.
    """
    name = order.removeprefix("-")
    if name in RANKED:
        return _by_rank(rows, name, turned=order.startswith("-"))
    if order == "contract":  # people without one come last; descending, that would not use the index
        ending = rows.order_by(F("contract_end").asc(nulls_last=True), "worker_id")
        return list(ending.values_list("worker_id", flat=True)[: COUNT_CAP + 1])
    paths = ORDERS.get(name, ORDERS[DEFAULT_ORDER])
    if name == "grade":
        rows = rows.annotate(grade=newest_grade("worker"))
    sign = "-" if order.startswith("-") else ""
    keys = rows.order_by(*[f"{sign}{path}" for path in (*paths, "worker_id")]).values_list("worker_id", flat=True)
    return list(keys[: COUNT_CAP + 1])


def _by_rank(rows: QuerySet[Standing], field: str, *, turned: bool) -> list[int]:
    """Read one value after the other by index, up to the cap. Ordering by rank would sort everybody."""
    ranks, sign = (RANKED[field][::-1], "-") if turned else (RANKED[field], "")
    order = [f"{sign}{path}" for path in (*ORDERS[field], "worker_id")]
    keys: list[int] = []
    for group in (*(rows.filter(**{field: rank}) for rank in ranks), rows.exclude(**{f"{field}__in": ranks})):
        if left := COUNT_CAP + 1 - len(keys):
            keys += group.order_by(*order).values_list("worker_id", flat=True)[:left]
    return keys


def page_of(keys: Sequence[int]) -> list[Worker]:
    """Read the people of a page with its columns, in the order of their keys."""
    found = Worker.objects.select_related("standing__street", "standing__community").in_bulk(keys)
    return [found[key] for key in keys if key in found]


def too_many(user: User, wanted: Wanted) -> bool:
    """Return whether a filter or order needs other tables for more people than the list counts."""
    looked_up = (
        wanted.grade is not None
        or wanted.order.removeprefix("-") == "grade"
        or wanted.missing == Missing.ASSESSMENT
        or wanted.contract == ContractDue.NONE
    )
    return looked_up and not wanted.street and not wanted.district and sees_more_than(user, COUNT_CAP)


def estimated_people() -> int:
    """Estimate the number of people from the database's statistics. Exact where there are none."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [Standing._meta.db_table])
            return int(cursor.fetchone()[0])
    return Standing.objects.count()


def newest_grade(worker: str = "pk") -> Subquery:
    """Select the grade of the person's newest slip that has one."""
    slips = Payslip.objects.filter(worker=OuterRef(worker), grade__isnull=False).order_by("-month")
    return Subquery(slips.values("grade")[:1], output_field=IntegerField(null=True))


def grades_of(worker_ids: Collection[int]) -> dict[int, int | None]:
    """Map the workers of one page to the grade of their newest slip."""
    rows = Worker.objects.filter(pk__in=worker_ids).annotate(grade=newest_grade())
    return dict(rows.values_list("pk", "grade"))


def posts_to_come(worker_ids: Collection[int], today: date) -> dict[int, Month]:
    """Map workers of one page to the month in which their newest post takes effect, if still ahead (rules 3.5)."""
    rows = PostAssignment.objects.filter(worker__in=worker_ids).order_by("worker", "start")
    coming = {}
    for worker, posts in groupby(rows.values_list("worker", "start", "post", "dual"), key=lambda row: row[0]):
        first, *later = posts
        waiting = [row for row in later if next_month_of(row[1]) > month_of(today)]
        deciding, newest = [first, *later][-1 - len(waiting)], [first, *later][-1]
        if deciding[2:] != newest[2:]:
            coming[worker] = min(next_month_of(row[1]) for row in waiting if row[2:] == newest[2:])
    return coming


def _contract(due: ContractDue, today: date) -> Q:
    if due is ContractDue.NONE:
        return ~Exists(Contract.objects.filter(worker=OuterRef("worker")))
    if due is ContractDue.EXPIRED:
        return Q(contract_end__lt=today)
    return Q(contract_end__gte=today, contract_end__lte=today + timedelta(days=DAYS_OF_DUE[due]))


def _missing(user: User, wanted: Wanted, today: date) -> Q:
    missing = Missing(wanted.missing)
    if missing is Missing.ACCOUNT:
        return Q(worker__bank_account="")
    if missing is Missing.PHONE:
        return Q(worker__phone="")
    if missing is Missing.SHARED:
        return sharing_account()
    region = wanted.community or wanted.street or wanted.district or user.region_id or ""
    return unassessed(region, today, worker="worker__", standing="")


def sharing_account() -> Q:
    """Select people whose bank account somebody else has, in any street."""
    named = Worker.objects.exclude(account_lookup="").order_by().values("account_lookup")
    shared = named.annotate(people=Count("pk")).filter(people__gt=1).values("account_lookup")
    return Q(worker__account_lookup__in=shared)
