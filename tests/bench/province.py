"""A province for measuring pages: one district by the product's own ways, then the same district many times over.

PostgreSQL only, as a superuser: every table is filled by one ``INSERT … SELECT``, without checking row by row what
was checked in the first district.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import connection, models

from payroll.models import GradeTable, PayLine, PayrollRun, Payslip, RunEvent
from payroll.services.runs import compute_runs
from songshan_cw.words.periods import Month, january, month_of, to_number
from tests.bench.population import FACTS, populate
from tests.bench.runs import approve_month
from tests.bench.scratch import settle_storage
from workers.models import Region, Standing, Worker

OF_ONE_DISTRICT = 10_000
ELSEWHERE = "1506"
MONTHS_ELSEWHERE = 2
PEOPLE: tuple[type[models.Model], ...] = (Worker, *FACTS, Standing)
PAY: tuple[type[models.Model], ...] = (PayrollRun, RunEvent, Payslip, PayLine)


def fill_province(*, people: int, district: str, today: date, at: Any) -> Month:
    """Ten thousand people in the district with last year and the last two months approved, the other districts as
    copies of it with the two months; returns the newest month."""
    populate(people=min(people, OF_ONE_DISTRICT), below=district, today=today)
    settle_storage()
    newest = month_of(today) - 1
    last_year = range(january(today.year - 1), january(today.year))
    for month in (*last_year, *range(newest - MONTHS_ELSEWHERE + 1, newest + 1)):
        compute_runs(month=month, at=at)
        approve_month(month)
    settle_storage()
    if copies := people // OF_ONE_DISTRICT - 1:
        _copy_district(district, copies, newest - MONTHS_ELSEWHERE + 1)
        settle_storage()
    return newest


def _copy_district(district: str, copies: int, first: Month) -> None:
    with connection.cursor() as cursor, _unchecked(cursor):
        _copy_regions(cursor, district, copies)
        for model in (GradeTable, *PEOPLE, *PAY):
            _copy(cursor, model, copies, _where(model, to_number(first)))


def _copy_regions(cursor: Any, district: str, copies: int) -> None:
    city = Region(code=ELSEWHERE, name="其他各旗县区", level="city", parent_id=ELSEWHERE[:2])
    city.save(force_insert=True)
    cursor.execute(
        f"""INSERT INTO workers_region (code, name, level, parent_id)
        SELECT {_moved("code")}, CASE level WHEN 'district' THEN '第' || k || '区' ELSE name END, level,
               CASE level WHEN 'district' THEN %s ELSE {_moved("parent_id")} END
          FROM workers_region, generate_series(1, %s) k WHERE code LIKE %s""",
        [ELSEWHERE, copies, f"{district}%"],
    )


def _moved(column: str) -> str:
    """The same place in the k-th district."""
    return f"'{ELSEWHERE}' || lpad((k - 1)::text, 2, '0') || substr({column}, 7)"


def _copy(cursor: Any, model: type[models.Model], copies: int, where: str) -> None:
    """All rows, in the k-th copy with keys of their own, district by district."""
    table, fields = model._meta.db_table, model._meta.concrete_fields
    names = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(_value(field) for field in fields)
    cursor.execute(
        f"INSERT INTO {table} ({names}) SELECT {values} "
        f"FROM {table} t, generate_series(1, {copies}) k {where} ORDER BY k, t.{model._meta.pk.column}"
    )
    if isinstance(model._meta.pk, models.AutoField):
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))",
        )


def _value(field: models.Field[Any, Any]) -> str:
    column = f't."{field.column}"'
    if isinstance(field, models.ForeignKey):
        if field.related_model is Region:
            return _moved(column)
        copied = field.related_model in {GradeTable, *PEOPLE, *PAY}
        return f"{column} + k * {_distance(field.related_model)}" if copied else column
    if field.primary_key:
        return f"{column} + k * {_distance(field.model)}"
    return _moved(column) if field.name == "id_number" else column


def _distance(model: type[models.Model]) -> int:
    """What lies between a row and its next copy; asked for before the first copy and remembered."""
    if model not in _distances:
        _distances[model] = model._default_manager.order_by("-pk").values_list("pk", flat=True).first() or 0
    return _distances[model]


_distances: dict[type[models.Model], int] = {}


def _where(model: type[models.Model], first: int) -> str:
    if model in {PayrollRun, Payslip}:
        return f"WHERE t.month >= {first}"
    if model is RunEvent:
        return f"WHERE t.run_id IN (SELECT id FROM payroll_payrollrun WHERE month >= {first})"
    if model is PayLine:
        return f"WHERE t.payslip_id IN (SELECT id FROM payroll_payslip WHERE month >= {first})"
    return ""


@contextmanager
def _unchecked(cursor: Any) -> Iterator[None]:
    cursor.execute("SET session_replication_role = replica")
    yield
    cursor.execute("SET session_replication_role = origin")
