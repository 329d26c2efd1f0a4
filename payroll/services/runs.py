"""Compute the drafts of a month (rules 5, 7.1) in one pass over the people of all requested streets."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.timezone import localdate

from payroll.models import PayLine, PayrollRun, Payslip, RunNote, RunTotal
from payroll.rules.facts import GradeScale
from payroll.rules.tables import scale_in_force
from payroll.selectors import ledger
from payroll.selectors.drafts import Drafts
from payroll.selectors.jurisdictions import Jurisdictions
from payroll.selectors.streets import streets_with_people
from payroll.services.drafting import write_drafts
from payroll.services.events import record_events
from payroll.services.going_live import refuse_before_going_live
from songshan_cw.data.refusal import Refused
from songshan_cw.data.transactions import whole
from songshan_cw.policy import PolicyGap, policy_at
from songshan_cw.words.periods import Month, first_day, label_zh, month_of
from songshan_cw.words.regions import district_of
from songshan_cw.words.terms import RunState
from workers.models import Region, User
from workers.rules.rights import roles_with
from workers.selectors.scope import reaches

NOTHING_OPEN = "{}没有可计算的批次：各街道均已提交、退回或审核，或没有人员、没有可用的等级系数表。"
DRAFTS = (RunState.DRAFT.value,)
OPEN_STATES = (*DRAFTS, RunState.RETURNED.value)
GIVEN = ("trial", "table_id", "policy_version", "computed_at", "closed_before")  # the inputs of a computation
BEGUN = ("trial", "table", "policy_version", "computed_at", "closed_before", "state", "submitted_by", "submitted_at")


@whole
def compute_runs(
    *,
    month: Month,
    street_codes: Sequence[str] | None = None,
    at: datetime,
    actor: User | None = None,
    states: Sequence[str] = OPEN_STATES,
) -> list[PayrollRun]:
    """Compute the drafts of a month for the streets, or for all with people.

    A run in one of ``states`` is replaced. Named streets must all be open; without names the others stay as they are.
    ``actor`` None: a command. Raises Refused, PolicyGap.
    """
    _refuse_too_early(month, at)
    streets = _streets(street_codes, month, actor)
    refuse_before_going_live({district_of(street.code) for street in streets}, month)
    jurisdictions = Jurisdictions()
    payable, faults = _scales(streets, month, jurisdictions)
    if faults and (street_codes is not None or not payable):
        raise next(iter(faults.values()))
    runs = _lock_open_runs(payable, month, at, states, named=street_codes is not None)
    if not runs:
        raise Refused(NOTHING_OPEN.format(label_zh(month)))
    _clear(runs)
    write_drafts(runs, Drafts(month=month, runs=runs, jurisdictions=jurisdictions))
    record_events(runs=runs, actor=actor, action="计算", at=at)
    return list(PayrollRun.objects.filter(pk__in=[run.pk for run in runs]).select_related("street").order_by("street"))


def _refuse_too_early(month: Month, at: datetime) -> None:
    """Refuse months after the next one (rules 7.6)."""
    latest = month_of(localdate(at)) + 1
    if month > latest:
        raise Refused(f"{label_zh(month)}还太早：现在最晚只能计算{label_zh(latest)}的工资。")


def open_streets(*, month: Month, actor: User | None) -> list[Region]:
    """Return the streets the actor may compute now: with people, a table, and no run except a draft."""
    streets = _streets(None, month, actor)
    payable, _ = _scales(streets, month, Jurisdictions())
    settled = PayrollRun.objects.filter(month=month).exclude(state__in=DRAFTS).values_list("street_id", flat=True)
    wanted = payable.keys() - set(settled)
    if not wanted:
        raise Refused(NOTHING_OPEN.format(label_zh(month)))
    return [street for street in streets if street.code in wanted]


def passed_over(*, month: Month) -> list[str]:
    """Return one sentence for each district with people that is left out, with the reason."""
    _, faults = _scales(_streets(None, month, None), month, Jurisdictions())
    return [str(fault) for fault in faults.values()]


def _streets(codes: Sequence[str] | None, month: Month, actor: User | None) -> list[Region]:
    streets = streets_with_people(codes)
    found = {street.code for street in streets}
    for code in codes or ():
        if code not in found:
            raise Refused(f"街道代码“{code}”没有登记，或该街道没有人员，不能计算工资。请核对代码。")
    if actor is not None:
        if not actor.has_perm("payroll.compute_run"):
            raise Refused(f"{actor.role}没有计算工资的权限；由{roles_with('payroll.compute_run')}计算。")
        streets = [street for street in streets if reaches(actor, street.code)]
        if codes and len(streets) < len(set(codes)):
            raise Refused("只能计算本人管辖街道的工资。")
    if not streets:
        raise Refused(f"{label_zh(month)}没有可计算的街道：还没有登记人员。请先导入人事工作簿。")
    return streets


def _scales(
    streets: Sequence[Region], month: Month, jurisdictions: Jurisdictions
) -> tuple[dict[str, GradeScale], dict[str, PolicyGap | Refused]]:
    """Map streets to the table of the month, and districts to the reason without one."""
    scales, faults = {}, {}
    for street in streets:
        try:
            scales[street.code] = _scale(jurisdictions, street, month)
        except (PolicyGap, Refused) as fault:
            faults.setdefault(district_of(street.code), fault)
    return scales, faults


def _scale(jurisdictions: Jurisdictions, street: Region, month: Month) -> GradeScale:
    """Return the table of a street's month. Raises PolicyGap, and Refused without one."""
    district = district_of(street.code)
    policy_at(district, first_day(month))
    scale = scale_in_force(jurisdictions[district].scales, month)
    if scale is None:
        raise Refused(
            f"{street.name}所在旗县区在{label_zh(month)}没有可用的等级系数表，不能计发工资。"
            f"请由{roles_with('payroll.import_table')}先导入等级系数表（系数、年限、基数）。"
        )
    return scale


def _lock_open_runs(
    scales: dict[str, GradeScale], month: Month, at: datetime, states: Sequence[str], *, named: bool
) -> list[PayrollRun]:
    """Create and lock the month's runs in street order as drafts of this computation.

    Two users computing one month wait here; the second computes again.
    """
    closed = {district: ledger.closed_count(district, month) for district in {district_of(code) for code in scales}}
    fresh = {
        code: PayrollRun(
            street_id=code,
            month=month,
            trial=not scale.confirmed,
            table_id=scale.key,
            policy_version=policy_at(district_of(code), first_day(month)).version,
            computed_at=at,
            closed_before=closed[district_of(code)],
        )
        for code, scale in sorted(scales.items())
    }
    PayrollRun.objects.bulk_create(fresh.values(), ignore_conflicts=True)
    runs = PayrollRun.objects.select_for_update(of=("self",)).select_related("street").order_by("street_id")
    locked = list(runs.filter(street__in=scales, month=month))
    settled = [run for run in locked if run.state not in states]
    if named and settled:
        run = settled[0]
        raise Refused(f"{run.street.name}{label_zh(month)}的批次{run.state}，不能重新计算。")
    open_runs = [run for run in locked if run.state in states]
    for run in open_runs:
        _begin_again(run, fresh[run.street_id])
    PayrollRun.objects.bulk_update(open_runs, BEGUN)
    return open_runs


def _begin_again(run: PayrollRun, given: PayrollRun) -> None:
    """Reset a run to a draft of this computation."""
    for name in GIVEN:
        setattr(run, name, getattr(given, name))
    run.state, run.submitted_by, run.submitted_at = RunState.DRAFT.value, None, None


def _clear(runs: Sequence[PayrollRun]) -> None:
    """Delete what an earlier computation of these drafts wrote."""
    ids = [run.pk for run in runs]
    RunTotal.objects.filter(run__in=ids)._raw_delete(RunTotal.objects.db)
    PayLine.objects.filter(payslip__run__in=ids)._raw_delete(PayLine.objects.db)
    Payslip.objects.filter(run__in=ids)._raw_delete(Payslip.objects.db)
    RunNote.objects.filter(run__in=ids)._raw_delete(RunNote.objects.db)
