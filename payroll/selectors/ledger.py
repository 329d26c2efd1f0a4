"""Read the ledger: closed months, paid sums, last month's pay."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal

from payroll.models import PayLine, PayrollRun, Payslip
from payroll.rules.arrears import Key
from songshan_cw.words.components import components
from songshan_cw.words.money import ZERO
from songshan_cw.words.periods import Month
from songshan_cw.words.terms import RunState
from workers.selectors.numbers import owners_of
from workers.selectors.streams import CHUNK, among

APPROVED = RunState.APPROVED.value


def closed_months(before: Month | None = None) -> frozenset[tuple[str, Month]]:
    """Return (street, month) of every approved run, or of those before a month."""
    runs = PayrollRun.objects.filter(state=APPROVED)
    runs = runs if before is None else runs.filter(month__lt=before)
    return frozenset(runs.values_list("street_id", "month"))


def closed_count(district: str, before: Month) -> int:
    """Count the district's approved runs before a month."""
    return PayrollRun.objects.filter(state=APPROVED, month__lt=before, street__code__startswith=district).count()


def paid_sums(worker_ids: Collection[int], before: Month | None = None) -> dict[int, dict[Key, Decimal]]:
    """Return approved sums by person, month and component, in yuan, for all months or those before one. What a merged
    record was paid counts for the person.

    Python adds them, because SQLite would add binary reals.
    """
    if not worker_ids:
        return {}
    lines = PayLine.objects.filter(payslip__run__state=APPROVED)
    lines = lines if before is None else lines.filter(for_month__lt=before)
    sums: dict[int, dict[Key, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    owners = owners_of(worker_ids)
    rows = among(lines, "worker_id", list(owners)).order_by()
    for worker, *key, amount in rows.values_list("worker_id", "for_month", "component", "amount").iterator(CHUNK):
        sums[owners[worker]][*key] += amount
    return {worker: dict(paid) for worker, paid in sums.items()}


def newest_by_street(closed: Iterable[tuple[str, Month]]) -> dict[str, Month]:
    """Map streets to their newest closed month."""
    newest: dict[str, Month] = {}
    for street, month in closed:
        newest[street] = max(month, newest.get(street, month))
    return newest


def slips_elsewhere(worker_ids: Sequence[int], month: Month, run_ids: Collection[int]) -> dict[int, str]:
    """Map workers to the street whose other run of the month already has a slip for them."""
    owners = owners_of(worker_ids)
    slips = among(Payslip.objects.filter(month=month), "worker_id", list(owners)).exclude(run__in=run_ids)
    found = slips.order_by().values_list("worker_id", "run__street__name")
    return {owners[worker]: street for worker, street in found}


def month_cash(worker_ids: Sequence[int], month: Month) -> dict[int, Decimal]:
    """Map workers to what their slip of a month pays for that month itself, in yuan, whatever its state."""
    cash = [str(one.term) for one in components() if one.is_paid_monthly]
    lines = PayLine.objects.filter(for_month=month, payslip__month=month, component__in=cash)
    owners = owners_of(worker_ids)
    sums: dict[int, Decimal] = dict.fromkeys((owners[key] for key in _with_slip(list(owners), month)), ZERO)
    for worker, amount in among(lines, "worker_id", list(owners)).order_by().values_list("worker_id", "amount"):
        sums[owners[worker]] += amount
    return sums


def _with_slip(worker_ids: Sequence[int], month: Month) -> list[int]:
    slips = among(Payslip.objects.filter(month=month), "worker_id", list(worker_ids))
    return list(slips.order_by().values_list("worker_id", flat=True))
