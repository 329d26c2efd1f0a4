"""All data stored about one person. Tables are found through the models, so that none can be forgotten."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils import timezone

from songshan_cw.data.fields import LookupField, MonthField
from songshan_cw.words import periods
from songshan_cw.words.regions import above
from songshan_cw.words.terms import RegionLevel
from workers.models import Change, PostAssignment, PrivateAccess, User, Worker
from workers.selectors.scope import visible
from workers.selectors.trail import changes_of

# Listed in sections of their own, with user and time.
TRAILS = (Change, PrivateAccess)
# Technical columns: keys of rows, digests, steps of a computation.
UNTOLD = {"id", "initials", "facts_digest", "trace"}
OLD_STYLE, OLD_OPENING = "社区工作者（编号", "打开"  # the old form, before accesses had a column for their person


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def personal_data(*, worker: Worker, user: User) -> list[Section]:
    """Return particulars, rows of every table about the person within the user's scope, changes and accesses."""
    return [
        _particulars(worker),
        *(_table(model, names, worker, user) for model, names in tables_about_people()),
        _changes(worker, user),
        _accesses(worker),
    ]


def tables_about_people() -> Iterator[tuple[type[models.Model], list[str]]]:
    """Return each model that refers to a person, with the fields that do."""
    for model in apps.get_models():
        names = [field.name for field in model._meta.concrete_fields if field.related_model is Worker]
        if names and model not in TRAILS:
            yield model, names


def _particulars(worker: Worker) -> Section:
    rows = [(str(field.verbose_name), text_of(field, worker)) for field in _shown_fields(Worker, [])]
    return Section("基本信息", ("项目", "内容"), tuple(rows))


def _table(model: type[models.Model], names: list[str], worker: Worker, user: User) -> Section:
    about = Q()
    for name in names:
        about |= Q(**{name: worker})
    fields = _shown_fields(model, names if len(names) == 1 else [])
    references = [field.name for field in fields if field.is_relation]
    rows = visible(model._default_manager.filter(about), user).select_related(*references).order_by("pk")
    columns = tuple(str(field.verbose_name) for field in fields)
    return Section(str(model._meta.verbose_name), columns, tuple(_row(fields, row) for row in rows))


def _row(fields: list[Any], row: models.Model) -> tuple[str, ...]:
    return tuple(text_of(field, row) for field in fields)


def _shown_fields(model: type[models.Model], without: list[str]) -> list[Any]:
    return [
        field
        for field in model._meta.concrete_fields
        if field.name not in {*UNTOLD, *without} and not isinstance(field, LookupField)
    ]


def text_of(field: Any, row: models.Model) -> str:
    """Format a value for users."""
    value = getattr(row, field.name)
    if value is None or value == "":
        return ""
    if isinstance(field, MonthField):
        return periods.label_zh(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else str(value)


def _moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def _changes(worker: Worker, user: User) -> Section:
    """List the changes: user, time, page or workbook, old and new values."""
    rows = [
        (
            _moment(change.at),
            str(change.actor or "系统"),
            f"导入：{change.workbook_import.file_name}" if change.workbook_import else change.reason or "手工办理",
            "；".join(f"{record} {key} {field}：{old or '空'}→{new or '空'}" for record, key, field, old, new in items),
        )
        for change in changes_of(user, worker).order_by("pk")
        for items in [change.items]
    ]
    return Section("变更记录（谁在何时从哪里写入、改了什么）", ("时间", "操作人", "来源", "内容"), tuple(rows))


def _accesses(worker: Worker) -> Section:
    """List who saw whole numbers of this person or of a region the person served in."""
    found = PrivateAccess.objects.filter(_of_person(worker) | _of_many(worker)).select_related("actor", "region")
    rows = [
        (
            _moment(access.at),
            str(access.actor),
            str(access.actor.role),
            access.what,
            access.purpose,
            "本人" if access.people == 1 else f"批量，{access.people}人",
        )
        for access in found.order_by("pk")
    ]
    return Section(
        "查看记录（谁在何时看过、导出过完整号码，或打开过档案附件）",
        ("时间", "查看人", "角色", "内容", "用途", "范围"),
        tuple(rows),
    )


def _of_person(worker: Worker) -> Q:
    return Q(worker=worker) | Q(worker=None, what__contains=f"{OLD_STYLE}{worker.pk}）")


def _of_many(worker: Worker) -> Q:
    communities = PostAssignment.objects.filter(worker=worker).values_list("community_id", flat=True)
    codes = {above(code, level) for code in communities for level in RegionLevel}
    return Q(worker=None) & (Q(region=None) | Q(region__in=codes)) & ~_of_one_before()


def _of_one_before() -> Q:
    return Q(region=None) & (Q(what__contains=OLD_STYLE) | Q(what__startswith=OLD_OPENING))
