"""Carrying slips forward: who is due this month exactly what the last approved slip says need not be replayed.

Why this is right. A slip is a function of the person's facts, the policies and tables, the month, and the ledger.

- Facts, policies, tables and the rules themselves: all in ``facts_digest``. It must equal the digest made of them now.
- The month: it enters only where something dated takes effect. ``decided_alike`` answers for policy, table, base
  amount and January, ``ATTENTION`` names everybody for whom a dated fact begins to count in this month or ceased to in
  the last: a post, degree or certificate of the month before (they count from the next, rules 3.5, 4.4, 5.4), a
  placement of this month (4.5), a gap or an exit that touches either month (5.2), a probation that ended with the month
  before (5.3), a hiring since.
- The ledger: the settlement mark carries the same digest, which ``Drafting`` itself takes for «nothing is owed».
- Notes: an expired contract is looked at afresh (in ``ATTENTION``), a missing account by ``NOTE_ACCOUNTS``; a missing
  assessment stays missing while facts and year stay; pay that did not change raises no other note.

Whoever fails any of these is computed as ever. The carried slip is final already: an approved one, which nobody can
change. So what is written is what a replay would write, and a test computes months both ways and compares.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import connection

from payroll.models import PayrollRun, Payslip
from payroll.rules.review import WITHOUT_ACCOUNT, NoteKind
from payroll.rules.sameness import decided_alike
from payroll.selectors.digests import TABLE, context_of
from payroll.selectors.jurisdictions import Jurisdictions
from payroll.services.lines import LINES_OF
from songshan_cw.data.bulk import hold_numbered
from songshan_cw.data.holding import count_rows, hold
from songshan_cw.words.periods import Month, first_day, to_number
from songshan_cw.words.terms import RunState
from workers.selectors.scope import district_of

COLUMNS = (
    *("worker_id", "name", "community_id", "post", "position", "dual", "credited_months", "step", "grade"),
    *("coefficient", "annual_base", "base_pay", "allowance", "performance_accrual", "policy_version", "table_id"),
    *("facts_digest", "trace"),
)
ATTENTION = """
SELECT worker_id FROM workers_postassignment WHERE start >= %(before)s AND start < %(first)s
UNION ALL SELECT worker_id FROM workers_educationrecord WHERE earned_on >= %(before)s AND earned_on < %(first)s
UNION ALL SELECT worker_id FROM workers_certificate WHERE approved_on >= %(before)s AND approved_on < %(first)s
UNION ALL SELECT worker_id FROM workers_placement WHERE month = %(month)s
UNION ALL SELECT worker_id FROM workers_servicegap
       WHERE first_day < %(after)s AND (last_day IS NULL OR last_day >= %(before)s)
UNION ALL SELECT worker_id FROM workers_exit WHERE left_on < %(after)s
UNION ALL SELECT worker_id FROM workers_contract WHERE probation_end >= %(before)s AND probation_end < %(first)s
UNION ALL SELECT k.worker_id FROM workers_contract k WHERE k."end" < %(first)s
         AND NOT EXISTS (SELECT 1 FROM workers_contract l WHERE l.worker_id = k.worker_id AND l.start > k.start)
UNION ALL SELECT id FROM workers_worker WHERE hired_on >= %(before)s
UNION ALL SELECT worker_id FROM payroll_payslip WHERE month = %(month)s
"""
# Held with a key of its own: asked for once a person, it must not be searched through once a person.
HOLD_ATTENTION = f"""
INSERT INTO run_attention SELECT DISTINCT a.worker_id FROM ({ATTENTION}) a JOIN {TABLE} d ON d.worker_id = a.worker_id
"""
# Who is carried, and all that lines, notes and sums need: the wide slips are read once and never sorted.
CARRIED = (
    "slip_id bigint, before_id bigint, run_id bigint, worker_id bigint PRIMARY KEY, "
    "base_pay decimal, allowance decimal, performance_accrual decimal"
)
# First joined by keys alone, then compared: a planner takes each comparison for a rare hit, and their product for none.
HOLD_CARRIED = f"""
INSERT INTO run_carried SELECT {{next_key}}, q.* FROM (
    WITH known AS MATERIALIZED (
        SELECT s.id, p.run_id, s.worker_id, s.base_pay, s.allowance, s.performance_accrual, s.facts_digest, s.name,
               p.context, d.digest, m.facts_digest AS mark, w.name AS name_now, a.worker_id AS attention
          FROM run_pair p
          JOIN payroll_payslip s ON s.run_id = p.before_id
          JOIN {TABLE} d ON d.worker_id = s.worker_id
          JOIN payroll_settlement m ON m.worker_id = s.worker_id
          JOIN workers_worker w ON w.id = s.worker_id
          LEFT JOIN run_attention a ON a.worker_id = s.worker_id
         WHERE s.grade IS NOT NULL)
    SELECT id, run_id, worker_id, base_pay, allowance, performance_accrual FROM known
     WHERE attention IS NULL AND mark = facts_digest AND name = name_now AND facts_digest = md5(digest || context)
     ORDER BY worker_id) q
"""
CARRY_SLIPS = f"""
INSERT INTO payroll_payslip (id, run_id, month, arrears, gross_pay, {", ".join(COLUMNS)})
SELECT c.slip_id, c.run_id, %(month)s, 0, round(s.base_pay + s.allowance, 2),
       {", ".join(f"s.{name}" for name in COLUMNS)}
  FROM run_carried c JOIN payroll_payslip s ON s.id = c.before_id
"""
CARRY_LINES = LINES_OF.format(slips="run_carried")
CARRY_NOTES = """
INSERT INTO payroll_runnote (run_id, worker_id, kind, text)
SELECT c.run_id, n.worker_id, n.kind, n.text
  FROM payroll_runnote n JOIN run_pair p ON p.before_id = n.run_id
  JOIN run_carried c ON c.run_id = p.run_id AND c.worker_id = n.worker_id
 WHERE n.kind = %(assessment)s ORDER BY n.id
"""
NOTE_ACCOUNTS = """
INSERT INTO payroll_runnote (run_id, worker_id, kind, text)
SELECT c.run_id, w.id, %(account)s, w.name || %(without_account)s
  FROM run_carried c JOIN workers_worker w ON w.id = c.worker_id
 WHERE w.bank_account = '' AND c.base_pay + c.allowance > 0 ORDER BY w.id
"""
# A new table: in the old one the planner would still see everybody, and walk past those who are gone.
LEAVE_THE_OTHERS = (
    f"CREATE TEMP TABLE run_left AS SELECT d.worker_id, d.digest FROM {TABLE} d "
    "LEFT JOIN run_carried c ON c.worker_id = d.worker_id WHERE c.worker_id IS NULL",
    f"DROP TABLE {TABLE}",
    f"ALTER TABLE run_left RENAME TO {TABLE}",
    f"CREATE UNIQUE INDEX {TABLE}_left ON {TABLE} (worker_id)",
)
# Whole cents, so that SQLite adds integers and not binary reals.
CENTS = "coalesce(sum(CAST(round({} * 100) AS bigint)), 0)"
TOTALS = f"""
SELECT run_id, count(*), {CENTS.format("base_pay")}, {CENTS.format("allowance")}, 0,
       {CENTS.format("base_pay")} + {CENTS.format("allowance")}, {CENTS.format("performance_accrual")}
  FROM run_carried GROUP BY run_id
"""
Totals = dict[int, tuple[int, list[Decimal]]]


def carry_forward(
    *,
    month: Month,
    runs: Sequence[PayrollRun],
    jurisdictions: Jurisdictions,
) -> Totals:
    """Choose whose slips, lines and notes stay as they were; returns run → (people, sums).

    Needs the digests held, and lets go of those chosen. ``write_carried`` writes them, into runs without any, and needs
    the clauses held.
    """
    pairs = _pairs(month, runs, jurisdictions)
    if not pairs:
        return {}
    parameters = _parameters(month)
    with connection.cursor() as cursor:
        hold(cursor, "run_pair", "before_id bigint, run_id bigint, context text", pairs)
        hold(cursor, "run_attention", "worker_id bigint PRIMARY KEY")
        cursor.execute(HOLD_ATTENTION, parameters)
        count_rows(cursor, "run_attention")
        hold(cursor, "run_carried", CARRIED)
        hold_numbered(HOLD_CARRIED, Payslip, parameters)
        count_rows(cursor, "run_carried")
        for statement in LEAVE_THE_OTHERS:
            cursor.execute(statement)
        count_rows(cursor, TABLE)
        cursor.execute(TOTALS)
        return {row[0]: (row[1], [Decimal(cents).scaleb(-2) for cents in row[2:]]) for row in cursor.fetchall()}


def write_carried(cursor: Any, month: Month) -> None:
    """Write what ``carry_forward`` chose."""
    for statement in (CARRY_SLIPS, CARRY_LINES, CARRY_NOTES, NOTE_ACCOUNTS):
        cursor.execute(statement, _parameters(month))


def _parameters(month: Month) -> dict[str, object]:
    return {
        "month": to_number(month),
        "before": first_day(month - 1),
        "first": first_day(month),
        "after": first_day(month + 1),
        "assessment": NoteKind.ASSESSMENT.value,
        "account": NoteKind.NO_ACCOUNT.value,
        "without_account": WITHOUT_ACCOUNT,
    }


def _pairs(month: Month, runs: Sequence[PayrollRun], jurisdictions: Jurisdictions) -> list[tuple[int, int, str]]:
    """(approved run of the month before, run, context) of each street whose two months are decided alike."""
    alike = {run.street_id: run for run in runs if decided_alike(jurisdictions[district_of(run.street_id)], month)}
    before = PayrollRun.objects.filter(month=month - 1, state=RunState.APPROVED.value, street__in=alike)
    return [
        (old.pk, run.pk, context_of(jurisdictions[district_of(run.street_id)]))
        for old in before
        if (run := alike[old.street_id]).table_id == old.table_id and run.policy_version == old.policy_version
    ]
