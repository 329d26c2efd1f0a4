"""What every file of a month is made of: its runs and their state in words, the stream of slips with their lines, and
totals that refuse to differ from the runs' (rules 5.5, 5.6, 7)."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import NamedTuple

from django.db.models import BigIntegerField, F, QuerySet, Sum
from django.db.models.functions import Cast, Coalesce, Round

from payroll.models import PayLine, PayrollRun, Payslip
from payroll.rules.columns import Column, PayColumns
from payroll.selectors.receivables import recoveries
from songshan_cw.data.refusal import Refused
from songshan_cw.words.money import EXACT, ZERO
from songshan_cw.words.periods import Month, label, label_zh, last_day
from songshan_cw.words.terms import RunState
from workers.models import Region
from workers.selectors.region_names import names_until

CHUNK = 2_000
TRIAL_MARK = "（试算）"
STATE_WARNINGS = {
    RunState.DRAFT: "草稿：尚未提交审核，不得据此发放",
    RunState.SUBMITTED: "待审核：尚未批准，不得据此发放",
    RunState.RETURNED: "已退回：须重新计算并提交，不得据此发放",
    RunState.APPROVED: "已审核",
}
TRIAL_WARNING = "试算：等级系数表尚未确认，不得据此发放"


class TotalsDiffer(Refused):
    """A file would not say what the ledger says; it is not written."""


class Line(NamedTuple):
    """One amount a slip carries. Money in yuan."""

    slip_id: int
    for_month: Month
    component: str
    amount: Decimal
    already_paid: Decimal
    clause: str


class SlipRow(NamedTuple):
    """What every file shows of a slip; ``lines`` in order of month.

    ``recovered``: what the slip gives for debts, ``payable``: what is left to pay out, both in yuan (rules 5.8).
    """

    run_id: int
    slip_id: int
    month: Month
    street_code: str
    community_code: str
    community: str
    id_number: str
    name: str
    post: str
    position: str
    dual: bool
    step: int | None
    grade: int | None
    coefficient: Decimal | None
    bank_name: str
    bank_account: str
    lines: tuple[Line, ...]
    sums: dict[Column, Decimal]
    recovered: Decimal
    payable: Decimal

    @property
    def amounts(self) -> tuple[Decimal, ...]:
        """In the order of the sheet's columns."""
        return tuple(self.sums.values())

    @property
    def earlier(self) -> list[Line]:
        """The lines for months before the slip's own."""
        return [line for line in self.lines if line.for_month != self.month]


SLIP_FIELDS = (
    *("run_id", "id", "month", "run__street_id", "community_id", "shown_community", "shown_id", "name"),
    *("post", "position", "dual", "step", "grade", "coefficient"),
)
BANK_FIELDS = ("shown_bank", "shown_account")
# As frozen with the approval, before it as they are now (rules 7.9).
FROZEN_OR_NOW = {
    "shown_id": Coalesce("paid_to__id_number", "worker__id_number"),
    "shown_community": Coalesce("paid_to__community_name", "community__name"),
    "shown_bank": Coalesce("paid_to__bank_name", "worker__bank_name"),
    "shown_account": Coalesce("paid_to__bank_account", "worker__bank_account"),
}
ORDER = ("run__street_id", "community_id", "shown_id")


class Totals(NamedTuple):
    """People and yuan of a community, a street or an area, by column."""

    people: int
    sums: dict[Column, Decimal]

    @classmethod
    def none(cls, columns: PayColumns) -> "Totals":
        return cls(0, dict.fromkeys(columns.all, ZERO))

    @property
    def amounts(self) -> tuple[Decimal, ...]:
        """In the order of the sheet's columns."""
        return tuple(self.sums.values())

    def with_slip(self, slip: SlipRow) -> "Totals":
        return self.plus(Totals(1, slip.sums))

    def plus(self, other: "Totals") -> "Totals":
        sums = {column: EXACT.add(amount, other.sums[column]) for column, amount in self.sums.items()}
        return Totals(self.people + other.people, sums)


def select_runs(month: Month, street_codes: Sequence[str] | None) -> list[PayrollRun]:
    """The month's runs by street code, of the streets named or of all; Refused where there is none to show."""
    rows: QuerySet[PayrollRun] = PayrollRun.objects.filter(month=month)
    if street_codes is not None:
        rows = rows.filter(street__in=street_codes)
    runs = list(rows.select_related("street__parent__parent").prefetch_related("totals").order_by("street_id"))
    if not runs:
        raise Refused(_nothing_to_export(month, street_codes))
    _call_as_then(runs)
    return runs


def _call_as_then(runs: Sequence[PayrollRun]) -> None:
    """Call the streets of approved runs as they were called at the end of their month (rules 7.9, 9.7)."""
    approved = [run for run in runs if run.state == RunState.APPROVED.value]
    names = names_until([run.street_id for run in approved], last_day(runs[0].month)) if approved else {}
    for run in approved:
        run.street.name = names.get(run.street_id, run.street.name)


def _nothing_to_export(month: Month, street_codes: Sequence[str] | None) -> str:
    if street_codes is not None and len(street_codes) == 1:
        street = Region.objects.filter(code=street_codes[0], level="street").first()
        if street is None:
            return f"街道代码“{street_codes[0]}”没有登记，无法导出。请核对9位街道代码。"
        return f"{street.name}{label_zh(month)}还没有工资批次，无法导出。请先计算该街道该月工资。"
    return f"{label_zh(month)}还没有工资批次，无法导出。请先计算该月工资。"


def any_trial(runs: Sequence[PayrollRun]) -> bool:
    return any(run.trial for run in runs)


def trial_mark(runs: Sequence[PayrollRun]) -> str:
    """What the title ends with: a trial is marked on every sheet (rules 3.3)."""
    return TRIAL_MARK if any_trial(runs) else ""


def state_mark(runs: Sequence[PayrollRun]) -> str:
    """What the head of every printed page says, so that no page passes for an approved one."""
    open_states = [state for state in RunState if state != RunState.APPROVED]
    marks = ["试算"] if any_trial(runs) else []
    return " ".join([*marks, *(state for state in open_states if any(run.state == state for run in runs))])


def warning_of(runs: Sequence[PayrollRun]) -> str:
    """The line under the title: whether one may pay by this sheet."""
    trial = [TRIAL_WARNING] if any_trial(runs) else []
    states = [state for state in RunState if any(run.state == state for run in runs)]
    if len(states) == 1:
        return "；".join([*trial, STATE_WARNINGS[states[0]]])
    return "；".join([*trial, f"含{'、'.join(states)}的批次，仅已审核的可据以发放"])


def may_pay(runs: Sequence[PayrollRun]) -> bool:
    return all(run.state == RunState.APPROVED and not run.trial for run in runs)


def unit_of(run: PayrollRun) -> str:
    """``松山区振兴街道``: who makes the sheet."""
    district = run.street.parent
    return f"{district.name if district else ''}{run.street.name}"


def area_of(runs: Sequence[PayrollRun]) -> str:
    """The district of the runs; of several districts their city; nothing where even that differs."""
    districts = {run.street.parent for run in runs}
    if len(districts) > 1:
        districts = {district.parent for district in districts if district}
    area = districts.pop() if len(districts) == 1 else None
    return area.name if area else ""


def stream_slips(
    runs: Sequence[PayrollRun], columns: PayColumns, *, bank: bool
) -> Iterator[tuple[PayrollRun, Iterator[SlipRow]]]:
    """Each run with its slips in order of community and ID number, to be consumed in order and never all in memory.

    ``bank``: with bank and account, which must be unsealed. Slips and lines are two statements in one order.
    """
    groups = groupby(_rows(runs, columns, bank=bank), key=attrgetter("run_id"))
    pending = next(groups, None)
    for run in runs:
        if pending is not None and pending[0] == run.pk:
            yield run, pending[1]
            pending = next(groups, None)
        else:
            yield run, iter(())


def _rows(runs: Sequence[PayrollRun], columns: PayColumns, *, bank: bool) -> Iterator[SlipRow]:
    keys, recovered_by = [run.pk for run in runs], recoveries(runs)
    fields = SLIP_FIELDS + BANK_FIELDS if bank else SLIP_FIELDS
    slips = Payslip.objects.filter(run__in=keys).annotate(**FROZEN_OR_NOW).order_by(*ORDER).values_list(*fields)
    shown_id = Coalesce("payslip__paid_to__id_number", "payslip__worker__id_number")
    lines = (
        PayLine.objects.filter(payslip__run__in=keys)
        .order_by("payslip__run__street_id", "payslip__community_id", shown_id, "for_month", "id")
        .values_list("payslip_id", "for_month", "component", "amount", "already_paid", "clause")
    )
    carried = groupby(map(Line._make, lines.iterator(chunk_size=CHUNK)), key=attrgetter("slip_id"))
    key, found = next(carried, (None, iter(())))
    for row in slips.iterator(chunk_size=CHUNK):
        own: tuple[Line, ...] = ()
        if key == row[1]:
            own = tuple(found)
            key, found = next(carried, (None, iter(())))
        sums = columns.sums((line[1:4] for line in own), row[2])
        recovered = recovered_by.get(row[1], ZERO)
        payable = EXACT.subtract(max(sums[columns.payable], ZERO), recovered)
        yield SlipRow(*(row if bank else (*row, "", "")), own, sums, recovered, payable)


def remark(slip: SlipRow, columns: PayColumns) -> str:
    """备注: what a treasurer would ask about this row."""
    words = []
    if slip.dual:
        words.append("一肩挑")
    if slip.earlier:
        words.append(_arrears_text(slip, columns))
    if slip.recovered:
        words.append(f"扣回欠款{slip.recovered:,.2f}元，实付{slip.payable:,.2f}元")
    if slip.sums[columns.payable] < 0:
        words.append("为负数，不发放，转为应收款")
    if slip.payable > 0 and not slip.bank_account:
        words.append("缺银行卡号")
    return "；".join(words)


def _arrears_text(slip: SlipRow, columns: PayColumns) -> str:
    """``补发2024-03至2024-05``; with 仅 before it where the month itself is not paid."""
    months = [line.for_month for line in slip.earlier]
    first, last, count = min(months), max(months), len(set(months))
    text = label(first) if last == first else f"{label(first)}至{label(last)}"
    if count != last - first + 1:
        text = f"{text}中{count}个月"
    only = "仅" if slip.grade is None else ""
    return f"{only}{_verb(slip, columns)}{text}"


def _verb(slip: SlipRow, columns: PayColumns) -> str:
    if not any(columns.of(line.component).paid_monthly for line in slip.earlier):
        return f"调整{'、'.join(dict.fromkeys(line.component for line in slip.earlier))}"
    cash = columns.cash(slip.earlier)
    if cash == 0:
        return "补扣相抵"
    return "补发" if cash > 0 else "扣回"


def require_run_totals(run: PayrollRun, found: Totals) -> None:
    """The slips written, with their lines, add up to the run, in people and in every column."""
    if run.headcount != found.people:
        raise TotalsDiffer(_message(run, "人数", f"{found.people}人", f"{run.headcount}人"))
    kept = run.sums
    for column, here in found.sums.items():
        if here != kept[column]:
            raise TotalsDiffer(_message(run, column.label, f"{here:,.2f}元（明细）", f"{kept[column]:,.2f}元"))


def require_ledger(runs: Sequence[PayrollRun], columns: PayColumns) -> None:
    """The runs' totals are the sums of their lines, for a file without slips; one statement for all of them.

    Summed as whole cents: SQLite would add up binary reals.
    """
    cents = Sum(Cast(Round(F("amount") * 100), BigIntegerField()))
    rows = PayLine.objects.filter(payslip__run__in=[run.pk for run in runs]).order_by("payslip__run_id")
    sums = rows.values_list("payslip__run_id", "for_month", "component").annotate(cents=cents)
    found = {key: list(lines) for key, lines in groupby(sums, key=itemgetter(0))}
    for run in runs:
        lines = ((month, name, EXACT.scaleb(Decimal(count), -2)) for _, month, name, count in found.get(run.pk, ()))
        require_run_totals(run, Totals(run.headcount, columns.sums(lines, run.month)))


def _message(run: PayrollRun, label: str, found: str, kept: str) -> str:
    return (
        f"{run.street.name}{label_zh(run.month)}：{label}合计{found}，与批次合计{kept}不一致，没有写出文件。"
        "批次若正在重新计算，请稍后再导出；否则请重新计算该批次，已审核的请联系系统管理员核对台账。"
    )
