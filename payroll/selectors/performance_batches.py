"""The batches that pay a street's performance pool: what they hold, and what one computed now would hold."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from payroll.models import PerformanceBatch, PerformanceShare
from payroll.rules.performance import FirstShare, due_after, weighted_total
from payroll.rules.second_look import LookKind, SecondLook
from payroll.selectors.performance import Claimed, Pool, claims_of, divided, months_in_pool, pool_of
from songshan_cw.words.money import EXACT, ZERO, plain, product, total, yuan
from songshan_cw.words.terms import RunState
from workers.models import Region

FIRST = 1
FROZEN = ("worker_id", "id_number", "name", "bank_account", "accrual", "result", "weight", "share")


@dataclass(frozen=True, slots=True)
class Computed:
    """A batch as the facts are now, not stored. Money in yuan."""

    pool: Decimal
    weighted: Decimal
    shares: tuple[PerformanceShare, ...]

    @property
    def share_total(self) -> Decimal:
        return total(share.share for share in self.shares)


@dataclass(frozen=True, slots=True)
class YearTotal:
    """A year's pool as it is now beside what its final batches paid, in yuan. ``left`` below zero: paid too much."""

    pool: Decimal
    paid: Decimal

    @property
    def left(self) -> Decimal:
        return EXACT.subtract(self.pool, self.paid)


def batches_of(street: Region, year: int) -> list[PerformanceBatch]:
    """List the year's batches in their order."""
    rows = PerformanceBatch.objects.filter(street=street, year=year).select_related("street")
    return list(rows.order_by("number"))


def approved_batches(street: Region, year: int) -> list[PerformanceBatch]:
    return [batch for batch in batches_of(street, year) if batch.state == RunState.APPROVED.value]


def computed_now(street: Region, year: int) -> Computed:
    """Compute the next batch of a street's year: the division, or after it what has changed (rules 6.2, 6.4).

    Raises Refused where a pool cannot be divided, PolicyGap.
    """
    pool, final = pool_of(street=street, year=year), approved_batches(street, year)
    return _supplement(pool, final) if final else _division(pool)


def year_total(street: Region, year: int) -> YearTotal:
    final = approved_batches(street, year)
    return YearTotal(pool_of(street=street, year=year).amount, total(batch.share_total for batch in final))


def differing(batch: PerformanceBatch, now: Computed) -> list[str]:
    """Name the people whose part of a computed batch is no longer what the facts give."""
    stored = {share.worker_id: share for share in batch.shares.all()}
    fresh = {share.worker_id: share for share in now.shares}
    keys = [key for key in {**stored, **fresh} if _content(stored.get(key)) != _content(fresh.get(key))]
    return [(stored.get(key) or fresh[key]).name for key in keys]


def looks_of(batch: PerformanceBatch) -> list[SecondLook]:
    """List what the bureau must see before it approves a batch (rules 6.3, 7.7)."""
    return [*_looks_at_batch(batch), *(look for share in batch.shares.all() for look in _looks_at_share(batch, share))]


def spread(shares: Sequence[PerformanceShare]) -> tuple[Decimal, Decimal] | None:
    """Return the least and greatest share in yuan per yuan of accrual (S 二(五)2(2)); None without accruals."""
    ratios = [yuan(EXACT.divide(share.share, share.accrual)) for share in shares if share.accrual > 0]
    return (min(ratios), max(ratios)) if ratios else None


def _division(pool: Pool) -> Computed:
    shares = {share.id_number: share.share for share in divided(pool).shares}
    rows = [_share(claim, claim.weight(pool.weights), shares[claim.id_number]) for claim in pool.claims]
    return Computed(pool.amount, weighted_total(claims_of(pool)), tuple(rows))


def _supplement(pool: Pool, final: Sequence[PerformanceBatch]) -> Computed:
    """What each person is due now, less what final batches paid; only people with a difference."""
    first, paid = final[0], defaultdict(lambda: ZERO)
    firsts: dict[int, FirstShare] = {}
    for share in PerformanceShare.objects.filter(batch__in=final).select_related("worker"):
        owner = share.worker.merged_into_id or share.worker_id
        paid[owner] = EXACT.add(paid[owner], share.share)
        if share.batch_id == first.pk:
            before = firsts.get(owner, FirstShare())
            firsts[owner] = FirstShare(
                EXACT.add(before.accrual, share.accrual),
                EXACT.add(before.weighted, product(share.accrual, share.weight)),
                EXACT.add(before.share, share.share),
            )
    rows = []
    for claim in pool.claims:
        weight = claim.weight(pool.weights)
        due = due_after(firsts.get(claim.worker_id, FirstShare()), claim.accrual, weight, first.pool, first.weighted)
        if due != paid[claim.worker_id]:
            rows.append(_share(claim, weight, EXACT.subtract(due, paid[claim.worker_id])))
    return Computed(pool.amount, first.weighted, tuple(rows))


def _share(claim: Claimed, weight: Decimal, amount: Decimal) -> PerformanceShare:
    return PerformanceShare(
        worker=claim.worker,
        id_number=claim.id_number,
        name=claim.name,
        community_id=claim.community_code,
        community_name=claim.community,
        bank_name=claim.worker.bank_name,
        bank_account=claim.worker.bank_account,
        accrual=claim.accrual,
        result=claim.result or "",
        weight=weight,
        reason=claim.reason,
        share=amount,
    )


def _content(share: PerformanceShare | None) -> tuple[object, ...]:
    return tuple(getattr(share, name) for name in FROZEN) if share else ()


def _looks_at_batch(batch: PerformanceBatch) -> list[SecondLook]:
    found = []
    if batch.read_at is None:
        text = f"{batch.street.name}的负责人还没有看过本批次。"
        found.append(SecondLook("leader", LookKind.NOT_READ, batch.street_id, None, "", "", batch.share_total, text))
    months = len(months_in_pool(batch.street, batch.year))
    if batch.number == FIRST and months < 12:
        text = f"{batch.year}年只有{months}个月的工资已审核，其余月份的计提将来只能按金额补发，不再按权重分配。"
        key = f"months:{months}"
        found.append(SecondLook(key, LookKind.MONTHS_OPEN, batch.street_id, None, "", "", batch.share_total, text))
    return found


def _looks_at_share(batch: PerformanceBatch, share: PerformanceShare) -> list[SecondLook]:
    found = []
    if share.reason:
        text = f"{share.name}的个人权重为{plain(share.weight)}，理由：{share.reason}"
        found.append((LookKind.OWN_WEIGHT, f"weight:{share.worker_id}:{share.weight}", text))
    elif not share.result and share.accrual:
        text = f"{share.name}{batch.year}年没有考核等次，权重为零。"
        found.append((LookKind.UNASSESSED, f"unassessed:{share.worker_id}", text))
    if share.share < 0:
        text = f"{share.name}应扣回{-share.share:,.2f}元。"
        found.append((LookKind.BELOW_ZERO, f"below:{share.worker_id}:{share.share}", text))
    who = (batch.street_id, share.worker_id, share.id_number, share.name)
    return [SecondLook(key, kind, *who, share.share, text) for kind, key, text in found]
