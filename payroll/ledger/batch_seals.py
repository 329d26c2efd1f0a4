"""Seal approved performance batches, and check their chains (rules 6.3)."""

from collections.abc import Iterator
from itertools import groupby

from payroll.ledger.canonical import canonical, chained
from payroll.models import PerformanceBatch, PerformanceSeal, PerformanceShare
from songshan_cw.words.money import total
from songshan_cw.words.regions import district_of
from songshan_cw.words.terms import RunState
from workers.models import Region

BATCH_FIELDS = (
    *("id", "street_id", "year", "number", "paid_month", "pool", "weighted", "headcount", "share_total"),
    *("computed_at", "read_by_id", "read_at", "submitted_by_id", "submitted_at", "approved_by_id", "approved_at"),
)
SHARE_FIELDS = (
    *("id", "worker_id", "id_number", "name", "community_id", "community_name", "bank_name", "bank_account"),
    *("accrual", "result", "weight", "reason", "share"),
)


def seal_batch(batch: PerformanceBatch) -> PerformanceSeal:
    """Append an approved batch to its district's chain. Approvals of a district wait for each other."""
    district = district_of(batch.street_id)
    list(Region.objects.select_for_update(no_key=True).filter(code=district))
    last = PerformanceSeal.objects.filter(district=district).order_by("number").last()
    previous, number = (last.digest, last.number + 1) if last else ("", 1)
    digest = chained(previous, _content(batch.pk))
    return PerformanceSeal.objects.create(
        batch=batch, district=district, number=number, previous=previous, digest=digest
    )


def batch_faults() -> Iterator[tuple[str, str]]:
    """Return (place, fault) of every approved batch without a seal, broken link and wrong total."""
    approved = PerformanceBatch.objects.filter(state=RunState.APPROVED.value)
    for batch in approved.filter(seal__isnull=True).select_related("street"):
        yield str(batch), "已审核却没有封印：不是经审核程序批准的"
    seals = PerformanceSeal.objects.select_related("batch__street").order_by("district", "number")
    for _, chain in groupby(seals, key=lambda seal: seal.district):
        previous = ""
        for number, seal in enumerate(chain, start=1):
            if fault := _fault(seal, previous, number):
                yield f"{seal.batch}（第{seal.number}号封印）", fault
                break
            previous = seal.digest


def _fault(seal: PerformanceSeal, previous: str, number: int) -> str:
    if (seal.number, seal.previous) != (number, previous):
        return "与上一封印衔接不上：此前的封印被改动过"
    if seal.digest != chained(previous, _content(seal.batch_id)):
        return "内容与封印时不同：数据在批准之后被改动过"
    shares = list(PerformanceShare.objects.filter(batch=seal.batch_id).values_list("share", flat=True))
    if seal.batch.headcount != len(shares) or seal.batch.share_total != total(shares):
        return "合计与各人分配额之和不符"
    return ""


def _content(batch_id: int) -> str:
    """Return the canonical text of a batch and its shares, the same on both engines."""
    [head] = PerformanceBatch.objects.filter(pk=batch_id).values_list(*BATCH_FIELDS)
    shares = PerformanceShare.objects.filter(batch=batch_id).order_by("pk").values_list(*SHARE_FIELDS)
    return "\n".join(map(canonical, [head, *shares]))
