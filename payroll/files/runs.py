"""Which runs a file is made of, and what is to be said about their state on every sheet."""

from collections.abc import Sequence

from django.db.models import QuerySet

from payroll.models import PayrollRun
from songshan_cw.data.refusal import Refused
from songshan_cw.words.periods import Month, label_zh
from songshan_cw.words.terms import RunState
from workers.models import Region

TRIAL_MARK = "（试算）"
STATE_WARNINGS = {
    RunState.DRAFT: "草稿：尚未提交审核，不得据此发放",
    RunState.SUBMITTED: "待审核：尚未批准，不得据此发放",
    RunState.RETURNED: "已退回：须重新计算并提交，不得据此发放",
    RunState.APPROVED: "已审核",
}
TRIAL_WARNING = "试算：等级系数表尚未确认，不得据此发放"


def select_runs(month: Month, street_codes: Sequence[str] | None) -> list[PayrollRun]:
    """The month's runs by street code, of the streets named or of all; Refused where there is none to show."""
    rows: QuerySet[PayrollRun] = PayrollRun.objects.filter(month=month)
    if street_codes is not None:
        rows = rows.filter(street__in=street_codes)
    runs = list(rows.select_related("street__parent__parent").order_by("street_id"))
    if not runs:
        raise Refused(_nothing_to_export(month, street_codes))
    return runs


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
