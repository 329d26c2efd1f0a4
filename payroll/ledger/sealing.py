"""Seal approved runs with their approval, and trails by a daily command."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from django.db import connection, models, transaction
from django.db.models import OuterRef, Subquery

from payroll.ledger.canonical import chained
from payroll.ledger.seals import TRAILS, VERSION, run_digests, trail_rows
from payroll.models import PayrollRun, RunSeal, TrailSeal
from workers.selectors.scope import district_of


def seal_runs(runs: Sequence[PayrollRun]) -> list[RunSeal]:
    """Append approved runs to their districts' chains, with a fixed number of statements.

    The caller's transaction holds the districts' locks.
    """
    newest = RunSeal.objects.filter(district=OuterRef("district")).order_by("-number").values("number")[:1]
    districts = {district_of(run.street_id) for run in runs}
    last = {seal.district: seal for seal in RunSeal.objects.filter(district__in=districts, number=Subquery(newest))}
    contents = run_digests([run.pk for run in runs])
    seals = []
    for run in runs:
        district = district_of(run.street_id)
        before = last.get(district)
        previous, number = (before.digest, before.number + 1) if before else ("", 1)
        digest = chained(previous, contents[run.pk])
        last[district] = RunSeal(
            run=run, district=district, number=number, previous=previous, digest=digest, version=VERSION
        )
        seals.append(last[district])
    return RunSeal.objects.bulk_create(seals)


@transaction.atomic
def seal_trails(*, at: datetime) -> list[TrailSeal]:
    """Seal every trail row written since the last seal. Trails without new rows get none."""
    _wait_for_writers()
    made = [seal for table, model in TRAILS.items() if (seal := _next_seal(table, model, at)) is not None]
    return TrailSeal.objects.bulk_create(made)


def _wait_for_writers() -> None:
    """Wait for open writers, so that no row with a lower key appears after the seal."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {', '.join(TRAILS)} IN SHARE MODE")


def _next_seal(table: str, model: type[models.Model], at: datetime) -> TrailSeal | None:
    last = TrailSeal.objects.filter(trail=table).order_by("-number").first()
    rows, count, last_id = sha256(), 0, 0
    for key, text in trail_rows(model, after=last.last_id if last else 0):
        rows.update(text + b"\n")
        last_id, count = key, count + 1
    if not count:
        return None
    previous, number = (last.digest, last.number + 1) if last else ("", 1)
    digest = chained(previous, f"{table} {last_id} {count} {rows.hexdigest()}")
    return TrailSeal(
        trail=table, number=number, last_id=last_id, row_count=count, at=at, previous=previous, digest=digest
    )
