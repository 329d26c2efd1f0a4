"""Accounts, imports, tables and secretaries' archives, for administrators and the organisation department."""

from collections.abc import Sequence

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery

from payroll.models import GradeTable
from songshan_cw.words.terms import RegionLevel, Role
from workers.models import ArchiveFiling, Attachment, Region, User, WorkbookImport, Worker
from workers.selectors.scope import visible


def accounts_by_role() -> list[tuple[Role, int, int]]:
    """Return (role, active accounts, disabled ones)."""
    rows = User.objects.order_by().values_list("role", "is_active").annotate(Count("pk"))
    counts = {(role, active): number for role, active, number in rows}
    return [(role, counts.get((role.value, True), 0), counts.get((role.value, False), 0)) for role in Role]


def regions_by_level() -> dict[RegionLevel, int]:
    rows = Region.objects.order_by().values_list("level").annotate(Count("pk"))
    return {RegionLevel(level): number for level, number in rows}


def latest_imports(user: User, count: int) -> QuerySet[WorkbookImport]:
    return visible(WorkbookImport.objects.select_related("actor"), user).order_by("-id")[:count]


def tables_of(user: User) -> QuerySet[GradeTable]:
    """List tables, newest first."""
    tables = visible(GradeTable.objects.all(), user)
    return tables.select_related("district", "uploaded_by", "confirmed_by").order_by("-id")


def secretaries(user: User) -> QuerySet[Worker]:
    """List the people in the organisation department's scope, with what their archive lacks (rules 9.5)."""
    filings = ArchiveFiling.objects.filter(worker=OuterRef("pk")).order_by("-filed_on")
    people = visible(Worker.objects.filter(standing__left_on=None), user).select_related(
        "standing__street", "standing__community"
    )
    return people.annotate(
        filed_on=Subquery(filings.values("filed_on")[:1]),
        has_files=Exists(Attachment.objects.filter(worker=OuterRef("pk"))),
    ).order_by("standing__community", "name", "pk")


def archive_gaps(people: Sequence[Worker]) -> tuple[int, int]:
    """Return (not filed, without any file)."""
    return (
        sum(getattr(person, "filed_on", None) is None for person in people),
        sum(not getattr(person, "has_files", False) for person in people),
    )
