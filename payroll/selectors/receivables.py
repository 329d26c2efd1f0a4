"""Who owes money back, and how much of it a slip recovers (rules 5.8)."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from payroll.models import PayrollRun, Payslip, Receivable, ReceivableEntry
from payroll.models.receivables import open_of
from payroll.rules.columns import PayColumns
from payroll.rules.debts import offsets
from songshan_cw.words.money import EXACT, ZERO, total
from songshan_cw.words.terms import RunState
from workers.models import User
from workers.selectors.numbers import owners_of
from workers.selectors.scope import visible


@dataclass(frozen=True, slots=True)
class Debt:
    """One debt with what is still open of it, in yuan."""

    receivable: Receivable
    open: Decimal

    @property
    def settled(self) -> Decimal:
        return EXACT.subtract(self.receivable.amount, self.open)


def debts(rows: QuerySet[Receivable]) -> list[Debt]:
    """Return debts with their entries, oldest first; two statements. A merged record's debts are the person's."""
    found = rows.select_related("worker__standing", "worker__merged_into__standing", "street")
    found = found.prefetch_related("entries__by").order_by("arose", "pk")
    for one in found:
        one.worker = one.worker.merged_into or one.worker
    return [Debt(one, open_of(one)) for one in found]


def debts_seen(user: User) -> list[Debt]:
    return debts(visible(Receivable.objects.all(), user))


def open_by_worker(worker_ids: Collection[int] | None = None) -> dict[int, list[Debt]]:
    """Map people to their open debts, oldest first; of everybody without keys."""
    rows = (
        Receivable.objects.all() if worker_ids is None else Receivable.objects.filter(worker__in=owners_of(worker_ids))
    )
    found: dict[int, list[Debt]] = defaultdict(list)
    for debt in debts(rows):
        if debt.open:
            found[debt.receivable.worker_id].append(debt)
    return found


def recoveries(runs: Sequence[PayrollRun]) -> dict[int, Decimal]:
    """Map slips to what they recover of debts: as entered for approved runs, for others as it would be now."""
    done = [run for run in runs if run.state == RunState.APPROVED.value]
    rows = ReceivableEntry.objects.filter(payslip__run__in=done).values_list("payslip_id", "amount")
    found: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for slip, amount in rows:
        found[slip] = EXACT.add(found[slip], amount)
    waiting = [run for run in runs if run.state != RunState.APPROVED.value]
    for slip, parts in to_recover(waiting):
        found[slip.pk] = total(amount for _, amount in parts)
    return found


def to_recover(runs: Sequence[PayrollRun]) -> list[tuple[Payslip, list[tuple[Debt, Decimal]]]]:
    """Return the slips of runs that would recover debts now, with the part of each debt."""
    owing = open_by_worker() if runs else {}
    if not owing:
        return []
    slips = Payslip.objects.filter(run__in=runs, worker__in=owing).prefetch_related("lines").order_by("pk")
    column = PayColumns().payable
    found = []
    for slip in slips:
        own = owing[slip.worker_id]
        parts = offsets(slip.sums[column], [debt.open for debt in own])
        found.append((slip, [pair for pair in zip(own, parts, strict=True) if pair[1]]))
    return [one for one in found if one[1]]
