"""Grade tables as the rules read them."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef

from payroll.models import GradeTable
from payroll.rules.facts import GradeScale
from songshan_cw.words.terms import Post, RegionLevel, TableState
from workers.models import Region, Standing, User
from workers.selectors.scope import district_of


def scales_of(district: str) -> tuple[GradeScale, ...]:
    """Read all grade tables of a district in four statements."""
    tables = GradeTable.objects.filter(district_id=district).prefetch_related(
        "coefficients", "requirements", "standards"
    )
    return tuple(_scale(table) for table in tables)


def districts_without_table(user: User) -> list[Region]:
    """List districts in the user's scope with people but without a grade table (O 11)."""
    staffed = Standing.objects.filter(street__parent=OuterRef("pk"))
    rows = Region.objects.filter(Exists(staffed), level=RegionLevel.DISTRICT.value)
    if user.region_id is not None:
        rows = rows.filter(code=district_of(user.region_id))
    return list(rows.exclude(code__in=GradeTable.objects.values("district")).order_by("code"))


def signature(scales: Sequence[GradeScale]) -> str:
    """What arrears must be looked at again for when it changes: the confirmed tables."""
    return ",".join(str(scale.key) for scale in sorted(scales, key=lambda one: one.key) if scale.confirmed)


def _scale(table: GradeTable) -> GradeScale:
    months = {(row.post, row.step): row.months for row in table.requirements.all()}
    return GradeScale(
        key=table.pk,
        confirmed=table.state == TableState.CONFIRMED,
        coefficients=tuple(
            row.coefficient.normalize() for row in sorted(table.coefficients.all(), key=lambda row: row.grade)
        ),
        requirements={
            post: tuple(months[post, step] for step in sorted(step for kind, step in months if kind == post))
            for post in Post
        },
        standards=tuple((row.start, row.annual_base) for row in sorted(table.standards.all(), key=lambda r: r.start)),
    )
