"""Enter money owed back, offset it against slips, take it in cash, or write it off (rules 5.8)."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from payroll.models import PayrollRun, Payslip, PerformanceBatch, Receivable, ReceivableEntry
from payroll.rules.columns import PayColumns
from payroll.rules.debts import offsets
from payroll.selectors.receivables import open_by_worker, to_recover
from songshan_cw.data.refusal import NotAllowed, Refused
from songshan_cw.data.transactions import whole
from songshan_cw.words.money import CENT, total
from songshan_cw.words.periods import label_zh
from songshan_cw.words.terms import Settled
from workers.models import User, Worker
from workers.selectors.scope import reaches
from workers.services.trail import record_change

MOST = Decimal(10_000_000)


def settle_debts(runs: Sequence[PayrollRun], *, actor: User, at: datetime) -> None:
    """Offset open debts by the slips of runs being approved, and enter those that arise with them."""
    entries = [
        ReceivableEntry(
            receivable=debt.receivable, kind=Settled.OFFSET.value, amount=amount, payslip=slip, by=actor, at=at
        )
        for slip, parts in to_recover(runs)
        for debt, amount in parts
    ]
    ReceivableEntry.objects.bulk_create(entries)
    column = PayColumns().payable
    below = Payslip.objects.filter(run__in=runs, gross_pay__lt=0).select_related("run").prefetch_related("lines")
    Receivable.objects.bulk_create(
        Receivable(
            worker_id=slip.worker_id,
            street_id=slip.run.street_id,
            arose=slip.month,
            amount=-slip.sums[column],
            payslip=slip,
        )
        for slip in below
        if slip.sums[column] < 0
    )


def owe_shares(batch: PerformanceBatch) -> None:
    """Enter what shares below zero of an approved batch leave to be paid back."""
    Receivable.objects.bulk_create(
        Receivable(
            worker_id=share.worker_id,
            street_id=batch.street_id,
            arose=batch.paid_month,
            amount=-share.share,
            share=share,
        )
        for share in batch.shares.filter(share__lt=0)
    )


@whole
def repay(*, actor: User, worker: Worker, amount: Decimal, reason: str, at: datetime) -> list[ReceivableEntry]:
    """Enter cash that a person paid back, oldest debt first. Raises Refused above what is open."""
    if not actor.has_perm("payroll.repay_receivable"):
        raise NotAllowed(f"{actor}（{actor.role}）不能登记归还。")
    return _settle(actor, worker, amount, reason, at, Settled.CASH)


@whole
def write_off(*, actor: User, worker: Worker, amount: Decimal, reason: str, at: datetime) -> list[ReceivableEntry]:
    """Give up a debt, with a reason that stays on record."""
    if not actor.has_perm("payroll.write_off_receivable"):
        raise NotAllowed(f"{actor}（{actor.role}）不能核销应收款；由区民政局核销。")
    return _settle(actor, worker, amount, reason, at, Settled.WRITTEN_OFF)


def _settle(
    actor: User, worker: Worker, amount: Decimal, reason: str, at: datetime, kind: Settled
) -> list[ReceivableEntry]:
    list(Worker.objects.select_for_update(no_key=True).filter(pk=worker.pk))
    own = [one for one in open_by_worker([worker.pk])[worker.pk] if reaches(actor, one.receivable.street_id)]
    open_sum = total(debt.open for debt in own)
    if not own:
        raise Refused(f"{worker}没有未结清的应收款，没有保存。")
    if not amount.is_finite() or not 0 < amount <= MOST or amount != amount.quantize(CENT):
        raise Refused("金额应大于0、至多两位小数，没有保存。")
    if amount > open_sum:
        raise Refused(f"{worker}未结清的应收款是{open_sum:,}元，不能{kind}{amount:,}元，没有保存。")
    if not reason.strip():
        raise Refused(f"{kind}须写明原因或凭证，没有保存。")
    parts = zip(own, offsets(amount, [debt.open for debt in own]), strict=True)
    given = {"kind": kind.value, "reason": reason.strip()[:200], "by": actor, "at": at}
    entries = [ReceivableEntry(receivable=debt.receivable, amount=part, **given) for debt, part in parts if part]
    ReceivableEntry.objects.bulk_create(entries)
    for entry in entries:
        debt = entry.receivable
        items = [["应收款", f"{label_zh(debt.arose)}发生", str(kind), "", f"{entry.amount}元"]]
        record_change(actor=actor, at=at, about=worker, items=items, reason=reason, street_code=debt.street_id)
    return entries
