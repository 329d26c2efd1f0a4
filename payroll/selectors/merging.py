"""What merging two records of one person would do: what moves, what is the same, what contradicts (rules 9.8)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models

from payroll.models import Payslip, PersonalWeight
from songshan_cw.words.periods import label_zh
from songshan_cw.words.terms import RunState
from workers.models import Change, PrivateAccess, Standing, Worker
from workers.rules.judge import judge_change, refusals
from workers.selectors.dossiers import dossier_with, record_of, stored_rows

LEFT_BEHIND = (Standing, Change, PrivateAccess)  # the position is derived, the trails are never changed
MOVING_APPS = ("workers", "assessment")  # the ledger stays where it is and is read for both


@dataclass(frozen=True, slots=True)
class Merger:
    """``moved``: rows that go to the kept record. ``same``: rows it has already. ``conflicts``: why it cannot be done.

    ``differing``: fields of the person of which the kept value stays. ``months``: months both were paid for.
    """

    keep: Worker
    other: Worker
    moved: tuple[tuple[models.Model, str], ...]
    same: tuple[models.Model, ...]
    conflicts: tuple[str, ...]
    differing: tuple[str, ...]
    months: tuple[str, ...]

    @property
    def lines(self) -> list[str]:
        """Return the effect in words, for the preview of a page or a command."""
        counts: dict[str, int] = {}
        for row, _ in self.moved:
            name = str(row._meta.verbose_name)
            counts[name] = counts.get(name, 0) + 1
        listed = "、".join(f"{name}{count}条" for name, count in counts.items())
        found = [f"移到保留的记录：{listed}。" if listed else "没有要移动的记录。"]
        if self.same:
            found.append(f"两份相同的{len(self.same)}条只留一条。")
        found += self.differing
        found.append("另一份的身份证号留作别名；已审核的工资、应收款不动，两份的台账合计，多发的由以后的批次扣回。")
        if self.months:
            found.append(f"两份都已发放的月份：{'、'.join(self.months)}。")
        return found


def plan_merger(*, keep: Worker, other: Worker, today: date) -> Merger:
    """Compare two records; reads only."""
    moved: list[tuple[models.Model, str]] = []
    same: list[models.Model] = []
    conflicts: list[str] = []
    for model, field in moving_models():
        own = list(model._default_manager.filter(**{field: keep}))
        for row in model._default_manager.filter(**{field: other}).order_by("pk"):
            twin = next((one for one in own if _same_key(one, row, field)), None)
            if twin is None:
                moved.append((row, field))
            elif _equal(twin, row, field):
                same.append(row)
            else:
                conflicts.append(f"两份的{row._meta.verbose_name}不一致：保留的一份“{twin}”，另一份“{row}”。")
    conflicts += _contradictions(keep, [row for row, _ in moved], today)
    return Merger(
        keep,
        other,
        tuple(moved),
        tuple(same),
        tuple(conflicts),
        tuple(_differing(keep, other)),
        _paid_twice(keep, other),
    )


def moving_models() -> Iterator[tuple[type[models.Model], str]]:
    """Yield every kind of record that belongs to a person, with the field that names the person."""
    for relation in Worker._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ForeignObjectRel) or relation.related_model is Worker:
            continue
        model: Any = relation.related_model
        moves = model._meta.app_label in MOVING_APPS or model is PersonalWeight
        if moves and model not in LEFT_BEHIND:
            yield model, relation.field.name


def _same_key(one: models.Model, other: models.Model, field: str) -> bool:
    """Return whether both rows cannot belong to one person at once."""
    if one._meta.get_field(field).one_to_one:
        return True
    for constraint in one._meta.constraints:
        names = getattr(constraint, "fields", ())
        if isinstance(constraint, models.UniqueConstraint) and field in names:
            rest = [name for name in names if name != field]
            if all(getattr(one, name) == getattr(other, name) for name in rest):
                return True
    return False


def _equal(one: models.Model, other: models.Model, field: str) -> bool:
    """Return whether the other row says nothing more than this one."""
    names = [f.attname for f in one._meta.concrete_fields if not f.primary_key and f.name != field]
    return all(getattr(other, name) in (getattr(one, name), None, "") for name in names)


def _contradictions(keep: Worker, moved: Sequence[models.Model], today: date) -> list[str]:
    """Judge the kept facts together with those that would join them."""
    rows = stored_rows(keep.pk)
    joined = {record: list(of) for record, of in rows.items()}
    before = dossier_with(joined)
    coming = [row for row in moved if record_of(type(row))]
    return refusals(judge_change(before, dossier_with(rows, coming), today))


def _differing(keep: Worker, other: Worker) -> Iterator[str]:
    for name in ("name", "category", "hired_on", "entry_education"):
        own, theirs = getattr(keep, name), getattr(other, name)
        if own != theirs:
            yield f"{Worker._meta.get_field(name).verbose_name}按保留的一份“{own}”，另一份是“{theirs}”。"
    for name in ("phone", "bank_account"):
        if getattr(other, name) and getattr(keep, name) and getattr(other, name) != getattr(keep, name):
            yield f"{Worker._meta.get_field(name).verbose_name}按保留的一份，另一份的不同。"


def _paid_twice(keep: Worker, other: Worker) -> tuple[str, ...]:
    approved = Payslip.objects.filter(run__state=RunState.APPROVED.value)
    months = set(approved.filter(worker=keep).values_list("month", flat=True))
    both = approved.filter(worker=other, month__in=months).order_by("month")
    return tuple(label_zh(month) for month in both.values_list("month", flat=True))
