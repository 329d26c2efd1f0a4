"""Import and confirm grade tables (rules 3.3)."""

from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.timezone import localtime

from payroll.models import GradeCoefficient, GradeTable, PayStandard, StepRequirement
from payroll.services.table_file import TableContent, read_table
from songshan_cw.data.refusal import NotAllowed, Overtaken, Refused
from songshan_cw.words.terms import TableState
from workers.models import Region, User
from workers.rules.rights import roles_with
from workers.selectors.scope import reaches


@transaction.atomic
def import_grade_table(*, path: Path, district: str, actor: User | None, at: datetime) -> GradeTable:
    """Import a file as a new *sample* table of a district. Raises Refused with every fault of the file."""
    region = Region.objects.filter(code=district, level="district").first()
    if region is None:
        raise Refused(f"区划“{district}”不是已登记的旗县区，请先载入区划。")
    if actor is not None and not (actor.has_perm("payroll.import_table") and reaches(actor, district)):
        raise NotAllowed(
            f"{actor}（{actor.role}）不能导入{region.name}的等级系数表；由{roles_with('payroll.import_table')}导入。"
        )
    content = read_table(path)
    name = _name(region, at)
    table = GradeTable.objects.create(district=region, name=name, uploaded_by=actor, state=TableState.SAMPLE.value)
    _write(table, content)
    return table


@transaction.atomic
def confirm_grade_table(
    *, district: str, document_no: str, actor: User, at: datetime, table_id: int | None = None
) -> GradeTable:
    """Confirm a sample (by default the newest) under a document number. It decides pay from then on.

    Who brought it in cannot confirm it (rules 7.7, 10.7).
    """
    if not actor.has_perm("payroll.confirm_table") or not reaches(actor, district):
        raise NotAllowed(f"{actor}（{actor.role}）不能确认等级系数表；由本区民政局确认。")
    if not document_no.strip():
        raise Refused("确认等级系数表必须写明文号。")
    tables = GradeTable.objects.select_for_update(of=("self",)).filter(district_id=district)
    samples = tables.filter(state=TableState.SAMPLE.value).order_by("-id")
    table = (samples if table_id is None else samples.filter(pk=table_id)).first()
    if table is None:
        raise Overtaken("没有待确认的试算表：可能已由他人确认，或尚未导入。")
    if table.uploaded_by_id == actor.pk:
        raise NotAllowed(f"{table.name}由您本人导入，须由民政局的另一人核对影响后确认。")
    table.state, table.document_no = TableState.CONFIRMED.value, document_no.strip()
    table.confirmed_by, table.confirmed_at = actor, at
    table.save(update_fields=["state", "document_no", "confirmed_by", "confirmed_at"])
    return table


def _name(region: Region, at: datetime) -> str:
    """Name the table by day, with a number within the day."""
    name = f"{region.name}等级系数表 {localtime(at):%Y-%m-%d}"
    earlier = GradeTable.objects.filter(district=region, name__startswith=name).count()
    return f"{name}（第{earlier + 1}份）" if earlier else name


def _write(table: GradeTable, content: TableContent) -> None:
    GradeCoefficient.objects.bulk_create(
        GradeCoefficient(table=table, grade=grade, coefficient=coefficient)
        for grade, coefficient in sorted(content.coefficients.items())
    )
    StepRequirement.objects.bulk_create(
        StepRequirement(table=table, post=post.value, step=step, months=months)
        for (post, step), months in content.requirements.items()
    )
    PayStandard.objects.bulk_create(
        PayStandard(table=table, start=month, annual_base=base) for month, base in sorted(content.standards.items())
    )
