"""Write what a computation found: slips, lines, notes, and each run's totals (rules 5, 7.1)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from payroll.models import PayLine, PayrollRun, Payslip, RunNote, RunTotal
from payroll.rules.columns import GROSS, PayColumns
from payroll.selectors.drafts import Draft, Drafts
from songshan_cw.data.bulk import insert_rows, reserve_ids
from songshan_cw.words.money import EXACT, ZERO
from songshan_cw.words.periods import Month

SLIP_COLUMNS = (
    *("id", "run_id", "worker_id", "month", "name", "community_id", "post", "position", "dual", "credited_months"),
    *(
        "step",
        "grade",
        "coefficient",
        "annual_base",
        "gross_pay",
        "policy_version",
        "table_id",
        "facts_digest",
        "trace",
    ),
)
LINE_COLUMNS = ("payslip_id", "worker_id", "for_month", "component", "amount", "already_paid", "clause")
NOTE_COLUMNS = ("run_id", "worker_id", "kind", "text")
NO_GRADE = (None, None, None, None, None)


class Sums:
    """What the slips of one run add up to."""

    def __init__(self, month: Month) -> None:
        self.month, self.headcount = month, 0
        self.amounts: dict[tuple[bool, str], Decimal] = defaultdict(lambda: ZERO)

    def add(self, draft: Draft) -> None:
        self.headcount += 1
        for line in draft.lines:
            key = (line.for_month == self.month, line.component)
            self.amounts[key] = EXACT.add(self.amounts[key], line.amount)

    def by_column(self) -> dict[Any, Decimal]:
        """Return yuan by column of pay. An earlier month stands for all of them."""
        lines = (
            (self.month if own else self.month - 1, component, amount)
            for (own, component), amount in self.amounts.items()
        )
        return PayColumns().sums(lines, self.month)


def write_drafts(runs: Sequence[PayrollRun], drafts: Drafts) -> None:
    """Write the drafts of runs that hold nothing yet, and set their totals."""
    sums = {run.pk: Sums(run.month) for run in runs}
    for chunk in drafts.chunks():
        paid = [draft for draft in chunk if draft.lines]
        numbered = list(zip(reserve_ids(Payslip, len(paid)), paid, strict=True))
        insert_rows(Payslip, SLIP_COLUMNS, (_slip(key, draft) for key, draft in numbered))
        insert_rows(PayLine, LINE_COLUMNS, _lines(numbered))
        insert_rows(RunNote, NOTE_COLUMNS, _notes(chunk))
        for draft in paid:
            sums[draft.run.pk].add(draft)
    _keep_totals(runs, sums)


def _slip(key: int, draft: Draft) -> tuple[Any, ...]:
    run, person, place, pay = draft.run, draft.person, draft.assignment, draft.pay
    whose = (key, run.pk, person.id, run.month, person.name, place.community)
    post = (place.post, place.position, place.dual) if pay else ("", "", False)
    grade = (pay.credited_months, pay.step, pay.grade, pay.coefficient, pay.annual_base) if pay else NO_GRADE
    return (*whose, *post, *grade, draft.gross_pay, run.policy_version, run.table_id, draft.digest, draft.trace)


def _lines(numbered: Iterable[tuple[int, Draft]]) -> Iterator[tuple[Any, ...]]:
    for key, draft in numbered:
        for line in draft.lines:
            yield key, draft.person.id, *line


def _notes(drafts: Iterable[Draft]) -> Iterator[tuple[Any, ...]]:
    for draft in drafts:
        for note in draft.notes:
            yield draft.run.pk, draft.person.id, note.kind, note.text


def _keep_totals(runs: Sequence[PayrollRun], sums: dict[int, Sums]) -> None:
    totals = []
    for run in runs:
        found = sums[run.pk].by_column()
        run.headcount, run.gross_total = sums[run.pk].headcount, found[GROSS]
        totals += [RunTotal(run=run, column=column.csv_name, amount=amount) for column, amount in found.items()]
    PayrollRun.objects.bulk_update(runs, ["headcount", "gross_total"])
    RunTotal.objects.bulk_create(totals)
