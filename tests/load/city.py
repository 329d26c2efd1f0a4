"""The city the load test works in: who works there, and after the work whether everything still adds up.

Run as a program on the database of DATABASE_URL: ``prepare CLERKS FILE`` or ``judge FILE``.
"""

import json
import sys
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import django

django.setup()

from django.contrib.auth.hashers import make_password  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from assessment.models import AnnualAssessment  # noqa: E402
from payroll.ledger.verifying import verify  # noqa: E402
from payroll.models import PayLine, PayrollRun, RunEvent  # noqa: E402
from payroll.services.runs import compute_runs  # noqa: E402
from payroll.services.transitions import approve_runs, return_runs, submit_runs  # noqa: E402
from songshan_cw.words.periods import label, number_of, parse, year_of  # noqa: E402
from songshan_cw.words.terms import Component, RegionLevel, Role, RunState  # noqa: E402
from tests import oracle  # noqa: E402
from workers.models import Change, Region, User, WorkbookImport, Worker  # noqa: E402

DISTRICT, PASSWORD = "150404", "demo-2022"
FIRST = parse("2026-06")
MOST_PEOPLE = 300  # compared with the independent calculation
KEYS = {Component.BASE: "base_pay", Component.ALLOWANCE: "allowance", Component.PERFORMANCE: "performance_accrual"}
OTHERS = "datname = current_database() AND a.pid <> pg_backend_pid() AND backend_type = 'client backend'"


def prepare(clerks: int, path: Path) -> None:
    """So many clerks, several to a street, and four at the bureau."""
    password = make_password(PASSWORD)
    codes = PayrollRun.objects.filter(month=FIRST).order_by("street").values_list("street", flat=True)
    streets = list(Region.objects.filter(code__in=codes[: max(2, clerks // 3)]).order_by("code"))
    listed = []
    for number in range(clerks):
        street = streets[number % len(streets)]
        name = f"load-{number:02d}"
        account(name, Role.CLERK, street.code, password)
        community = Region.objects.filter(parent=street, level=RegionLevel.COMMUNITY.value).order_by("code").first()
        listed.append([name, street.code, street.name, community.name, number % len(streets)])
    for number in range(4):
        account(f"load-bureau-{number}", Role.BUREAU, DISTRICT, password)
    counts = {"changes": Change.objects.count(), "imports": WorkbookImport.objects.count()}
    path.write_text(json.dumps({"clerks": listed, "before": counts}), encoding="utf-8")


def account(name: str, role: Role, region: str, password: str) -> None:
    full_name = f"{name}号{role.value}"
    User.objects.create(username=name, full_name=full_name, role=role.value, region_id=region, password=password)


def judge(given: dict[str, Any]) -> dict[str, Any]:
    faults = [*stuck(), *lost_edits(given), *approved_twice(given)]
    faults += [f"{finding.place}：{finding.text}" for finding in verify().findings]
    last = settle()
    faults += [f"结清以后 {finding.place}：{finding.text}" for finding in verify().findings]
    compared, wrong = against_oracle(last)
    return {"faults": faults + wrong, "compared": compared, "runs": PayrollRun.objects.count()}


def stuck() -> list[str]:
    """Nobody is left in a transaction or waiting when everybody has gone home."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT state, query FROM pg_stat_activity a WHERE {OTHERS} AND state <> 'idle'")
        left = [f"留在 {state}：{query[:100]}" for state, query in cursor.fetchall()]
        cursor.execute(
            "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid "
            f"WHERE {OTHERS} AND (NOT l.granted OR l.locktype = 'advisory')"
        )
        waiting = cursor.fetchone()[0]
    return left + ([f"还有{waiting}把锁"] if waiting else [])


def lost_edits(given: dict[str, Any]) -> list[str]:
    """Each accepted act stands in the trail once and nothing else does; each note was written upon the one before."""
    accepted, faults, told = given["edits"], [], Counter[str]()
    before = given["before"]
    notes: dict[int, str] = {}
    changes = Change.objects.order_by("pk")[before["changes"] :]
    by_hand = [change for change in changes if change.workbook_import_id is None]
    for change in by_hand:
        told[change.reason or next((item[4] for item in change.items if item[2] == "备注"), "")] += 1
    for worker, items in Change.objects.order_by("pk").values_list("worker", "items"):
        for item in items:
            if item[2] != "备注" or item[0] != "社区工作者":
                continue
            if worker in notes and notes[worker] != item[3]:
                faults.append(f"人员{worker}的备注“{notes[worker]}”被“{item[4]}”覆盖而没有人知道")
            notes[worker] = item[4]
    faults += [f"“{token}”保存成功，留痕里有{told[token]}次" for token in accepted if told[token] != 1]
    faults += [f"留痕里的“{token}”没有人得到成功的答复" for token in told if token not in accepted]
    stands = dict(Worker.objects.filter(pk__in=notes).values_list("pk", "note"))
    faults += [f"人员{pk}的备注不是最后保存的那一个" for pk, note in notes.items() if stands[pk] != note]
    imports = WorkbookImport.objects.count() - before["imports"]
    if imports != given["imports"]:
        faults.append(f"导入成功的答复{given['imports']}次，记录{imports}次")
    return faults


def approved_twice(given: dict[str, Any]) -> list[str]:
    events = RunEvent.objects.filter(action="审核通过", run__month__gt=FIRST).select_related("run")
    counted = Counter(f"{label(event.run.month)} {event.run.street_id}" for event in events)
    return [
        f"{key} 审核通过：留痕{counted[key]}次，答复{given['approved'].get(key, 0)}次"
        for key in {*counted, *given["approved"]}
        if counted[key] != 1 or given["approved"].get(key) != 1
    ]


def settle() -> int:
    """Bring every street to the same month, then one month more, so that every difference has been carried."""
    at, bureau = timezone.now(), User.objects.get(username="bureau")
    last = PayrollRun.objects.order_by("-month").values_list("month", flat=True)[0]
    for month in range(FIRST + 1, last + 2):
        states = dict(PayrollRun.objects.filter(month=month).values_list("street", "state"))
        submitted = [code for code, state in states.items() if state == RunState.SUBMITTED]
        if submitted:
            return_runs(month=month, street_codes=submitted, actor=bureau, at=at, reason="结清")
        open_codes = [code for code in all_streets() if states.get(code) != RunState.APPROVED]
        if not open_codes:
            continue
        compute_runs(month=month, street_codes=open_codes, at=at)
        for code in open_codes:
            clerk = User.objects.get(username=f"clerk-{code}")
            submit_runs(month=month, street_codes=[code], actor=clerk, at=at)
        approve_runs(review_all=True, month=month, street_codes=open_codes, actor=bureau, at=at)
    return int(last)


def all_streets() -> list[str]:
    return list(PayrollRun.objects.filter(month=FIRST).values_list("street", flat=True))


def against_oracle(last: int) -> tuple[int, list[str]]:
    """What the ledger carries for a person's closed months is what the independent calculation says is due."""
    ledger: dict[tuple[int, int], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    lines = PayLine.objects.filter(payslip__run__state=RunState.APPROVED.value, for_month__gte=FIRST)
    for worker, month, component, amount in lines.values_list("worker", "for_month", "component", "amount"):
        ledger[worker, month][component] += amount
    touched = Change.objects.filter(worker__isnull=False).order_by("-pk").values_list("worker", flat=True)
    people = list(dict.fromkeys(touched))[:MOST_PEOPLE]
    compared, faults = 0, []
    for worker in Worker.objects.filter(pk__in=people):
        given = given_of(worker)
        for month in range(FIRST, last + 1):
            due = oracle.pay(given, (year_of(month), number_of(month))) or {}
            for component, name in KEYS.items():
                got, wanted = ledger[worker.pk, month][component.value], due.get(name, Decimal(0))
                compared += 1
                if got != wanted:
                    faults.append(f"{worker.pk} {label(month)} {component.value}：台账{got}，应为{wanted}")
    return compared, faults[:20]


def given_of(worker: Worker) -> dict[str, Any]:
    """The stored facts in the case files' plain words."""
    leaving = getattr(worker, "exit", None)
    results = AnnualAssessment.objects.filter(worker=worker).values_list("year", "result")
    return {
        "hired": worker.hired_on,
        "entry_education": worker.entry_education,
        "category": worker.category,
        "posts": [
            {"from": row.start, "post": row.post, "dual": row.dual} for row in worker.postassignments.order_by("start")
        ],
        "degrees": [{"date": row.earned_on, "level": row.level} for row in worker.educationrecords.all()],
        "certificates": [{"date": row.approved_on, "level": row.level} for row in worker.certificates.all()],
        "gaps": [{"from": row.first_day, "to": row.last_day} for row in worker.servicegaps.all()],
        "placements": [
            {"month": label(row.month), "credited_months": row.credited_months} for row in worker.placements.all()
        ],
        "assessments": dict(results),
        "left": leaving.left_on if leaving else None,
    }


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(int(sys.argv[2]), Path(sys.argv[3]))
    else:
        json.dump(judge(json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))), sys.stdout, ensure_ascii=False)
