"""Verify that triggers exist, chains are unbroken, and totals equal their sums."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from itertools import groupby

from payroll.ledger import triggers
from payroll.ledger.batch_seals import batch_faults
from payroll.ledger.canonical import chained
from payroll.ledger.seals import TRAILS, VERSION, run_digests, trail_rows
from payroll.models import PayLine, PayrollRun, Payslip, RunSeal, TrailSeal
from payroll.rules.columns import Amount, PayColumns
from songshan_cw.words.components import Kind, components
from songshan_cw.words.money import EXACT, ZERO
from songshan_cw.words.periods import label_zh
from songshan_cw.words.terms import RunState

RUNS_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault and its place."""

    place: str
    text: str


@dataclass(slots=True)
class Verdict:
    """The result. ``heads``: district → newest digest, to be stored elsewhere."""

    runs: int = 0
    trail_rows: int = 0
    unsealed_rows: int = 0
    heads: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def verify(*, known_heads: Sequence[str] = ()) -> Verdict:
    """Check everything, street-month by street-month.

    ``known_heads`` are digests noted earlier, which must still be part of a chain. Only this detects a shortened chain.
    """
    verdict = Verdict()
    verdict.findings += [Finding("数据库触发器", f"{name} 缺失、停用或内容被改动") for name in triggers.not_standing()]
    _check_runs(verdict)
    _check_trails(verdict)
    verdict.findings += [*_unsealed(), *_wrong_totals()]
    verdict.findings += [Finding(place, text) for place, text in batch_faults()]
    links = set(RunSeal.objects.values_list("digest", flat=True)) if known_heads else set()
    verdict.findings += [
        Finding("批次封印", f"留存的校验值 {head} 已不在链中：末端可能被截去")
        for head in known_heads
        if head not in links
    ]
    return verdict


def _check_runs(verdict: Verdict) -> None:
    """Check each district's chain up to its first broken link."""
    digests = {version: run_digests(version=version) for version in (1, VERSION)}
    seals = RunSeal.objects.select_related("run__street").order_by("district", "number")
    for district, chain in groupby(seals, key=lambda seal: seal.district):
        previous = ""
        for number, seal in enumerate(chain, start=1):
            verdict.runs += 1
            fault = _fault(seal, previous, number, digests.get(seal.version, {}).get(seal.run_id, ""))
            if fault:
                place = f"{seal.run.street.name}{label_zh(seal.run.month)}批次（{district}第{seal.number}号封印）"
                verdict.findings.append(Finding(place, fault))
                break
            previous = verdict.heads[district] = seal.digest


def _fault(seal: RunSeal | TrailSeal, previous: str, number: int, content: str) -> str:
    if seal.number != number:
        return f"封印序号不连续，应为第{number}号：中间的封印已不在"
    if seal.previous != previous:
        return "与上一封印衔接不上：此前的封印被改动过"
    if seal.digest != chained(previous, content):
        return "内容与封印时不同：数据在批准（封存）之后被改动过"
    return ""


def _check_trails(verdict: Verdict) -> None:
    for table, model in TRAILS.items():
        rows = _Ahead(trail_rows(model))
        previous = ""
        for number, seal in enumerate(TrailSeal.objects.filter(trail=table).order_by("number"), start=1):
            count, digest = rows.through(seal.last_id)
            verdict.trail_rows += count
            fault = _fault(seal, previous, number, f"{table} {seal.last_id} {seal.row_count} {digest}")
            if not fault and count != seal.row_count:
                fault = f"应有{seal.row_count}条，实有{count}条"
            if fault:
                place = f"{model._meta.verbose_name}第{seal.number}号封印（至第{seal.last_id}条，共{seal.row_count}条）"
                verdict.findings.append(Finding(place, fault))
                break
            previous = seal.digest
        else:
            verdict.unsealed_rows += rows.rest()


class _Ahead:
    """Rows in order of key, consumed up to a key at a time."""

    def __init__(self, rows: Iterator[tuple[int, bytes]]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def through(self, last_id: int) -> tuple[int, str]:
        """Return number and digest of the rows up to a key."""
        count, digest = 0, sha256()
        while self._next is not None and self._next[0] <= last_id:
            digest.update(self._next[1] + b"\n")
            count += 1
            self._next = next(self._rows, None)
        return count, digest.hexdigest()

    def rest(self) -> int:
        return (self._next is not None) + sum(1 for _ in self._rows)


def _unsealed() -> Iterator[Finding]:
    approved = PayrollRun.objects.filter(state=RunState.APPROVED.value, seal__isnull=True).select_related("street")
    for run in approved:
        yield Finding(f"{run.street.name}{label_zh(run.month)}批次", "已审核却没有封印：不是经审核程序批准的")
    opened = PayrollRun.objects.filter(seal__isnull=False).exclude(state=RunState.APPROVED.value)
    for run in opened.select_related("street"):
        yield Finding(f"{run.street.name}{label_zh(run.month)}批次", f"有封印而状态是“{run.state}”：批准后被改动过")


def _wrong_totals() -> Iterator[Finding]:
    """Return approved slips and runs whose amounts are not the sums of their lines."""
    approved = PayrollRun.objects.filter(state=RunState.APPROVED.value).select_related("street")
    for run in approved.prefetch_related("totals").iterator(chunk_size=RUNS_AT_ONCE):
        lines, gross = _read_lines(run)
        slips = Payslip.objects.filter(run=run).order_by("pk").values_list("pk", "name", "gross_pay")
        place = f"{run.street.name}{label_zh(run.month)}"
        for key, name, amount in slips:
            if gross.get(key, ZERO) != amount:
                yield Finding(f"{place} {name}的工资条（{key}号）", "金额与明细之和不符")
        if run.headcount != len(slips) or run.sums != PayColumns().sums(lines, run.month):
            yield Finding(f"{place}批次", "合计与各工资条之和不符")


def _read_lines(run: PayrollRun) -> tuple[list[Amount], dict[int, Decimal]]:
    """Return the lines of a run, and gross pay in yuan by slip."""
    earned = {one.term for one in components() if one.kind is Kind.EARNED}
    rows = PayLine.objects.filter(payslip__run=run).order_by()
    lines, gross = [], defaultdict(lambda: ZERO)
    for slip, *line in rows.values_list("payslip_id", "for_month", "component", "amount"):
        month, component, amount = line
        lines.append((month, component, amount))
        if component in earned:
            gross[slip] = EXACT.add(gross[slip], amount)
    return lines, gross
