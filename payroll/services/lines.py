"""The lines of what is due for the month itself: they follow from the slip, so the database makes them of it."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from payroll.models import PayrollRun
from songshan_cw.data.holding import hold
from songshan_cw.words.periods import Month, to_number
from songshan_cw.words.terms import Component
from workers.selectors.scope import district_of

ORDER = (Component.BASE, Component.ALLOWANCE, Component.PERFORMANCE)
LINES_OF = """
INSERT INTO payroll_payline (payslip_id, worker_id, for_month, component, amount, already_paid, clause)
SELECT slip_id, worker_id, %(month)s, component, amount, 0, clause
  FROM (SELECT s.slip_id, s.worker_id, c.component, c.clause, c.place,
               CASE c.place WHEN 0 THEN s.base_pay WHEN 1 THEN s.allowance ELSE s.performance_accrual END AS amount
          FROM {slips} s JOIN run_clause c ON c.run_id = s.run_id) l
 WHERE amount <> 0 ORDER BY slip_id, place
"""
WRITTEN = """(
    SELECT id AS slip_id, run_id, worker_id, base_pay, allowance, performance_accrual
      FROM payroll_payslip WHERE id BETWEEN %(first)s AND %(last)s)"""


def hold_clauses(cursor: Any, runs: Sequence[PayrollRun], clauses: Mapping[str, Mapping[Component, str]]) -> None:
    """Keep the clause each component of a run rests on, by district, in a temporary table."""
    rows = [
        (run.pk, place, component.value, clauses[district_of(run.street_id)][component])
        for run in runs
        for place, component in enumerate(ORDER)
    ]
    # With a key: however few slips the planner expects, this must not be gone through for each of them.
    columns = "run_id bigint, place int, component text, clause text, PRIMARY KEY (run_id, place)"
    hold(cursor, "run_clause", columns, rows)


def lines_of(cursor: Any, month: Month, slips: Sequence[Sequence[Any]]) -> Callable[[], None]:
    """The writing of the lines of slips just written (rows starting with the key, in its order)."""
    parameters = {"month": to_number(month), "first": slips[0][0], "last": slips[-1][0]}
    return partial(cursor.execute, LINES_OF.format(slips=WRITTEN), parameters)
