"""Move budgets: compute, submit, approve, return (rules 7.5; S 三(二)), with the rights and four eyes of runs."""

from collections.abc import Sequence
from datetime import datetime

from payroll.models import Budget, BudgetBasis, BudgetMonth
from payroll.rules.horizon import insurance_on
from payroll.selectors.budgets import Estimate, basis_of, estimates
from payroll.selectors.streets import streets_with_people
from songshan_cw.data.refusal import NotAllowed, Overtaken, Refused
from songshan_cw.data.transactions import whole
from songshan_cw.words.money import product, total
from songshan_cw.words.periods import Month, january, year_of
from songshan_cw.words.regions import district_of
from songshan_cw.words.terms import Component, RunState
from workers.models import STREET_ROLES, Region, User
from workers.selectors.scope import reaches
from workers.services.trail import differences, record_change

YEARS_AHEAD = 3
OPEN_STATES = (RunState.DRAFT.value, RunState.RETURNED.value)
UNTOLD = ("测算时间",)


@whole
def compute_budget(*, year: int, street: Region, actor: User, at: datetime, today: Month) -> Budget:
    """Compute a street's budget of a coming year. A draft or returned one is replaced."""
    if not actor.has_perm("payroll.compute_budget") or not reaches(actor, street.code):
        raise NotAllowed(f"{actor}（{actor.role}）不能测算{street.name}的预算；由本街道经办测算。")
    if not year_of(today) < year <= year_of(today) + YEARS_AHEAD:
        raise Refused(f"只能测算{year_of(today) + 1}至{year_of(today) + YEARS_AHEAD}年的预算。")
    basis = _basis(street, year)
    stored = _lock(street, year)
    if stored is not None and stored.state not in OPEN_STATES:
        raise Overtaken(f"{stored}{stored.state}，不能重新测算。请刷新后查看最新状态。")
    if not streets_with_people([street.code]):
        raise Refused(f"{street.name}还没有登记人员，没有可测算的经费。")
    estimate = estimates(street_codes=[street.code], year=year, today=today)[street.code]
    budget = Budget(pk=stored.pk if stored else None, street=street, year=year, computed_at=at)
    _fill(budget, basis, estimate)
    months = list(_months(budget, estimate))
    budget.insurance_total = total(month.insurance for month in months)
    _store(budget, stored, months)
    _record(budget, stored, actor, at)
    return budget


@whole
def submit_budget(*, year: int, street: Region, actor: User, at: datetime, seen: str = "") -> Budget:
    """Submit the street's budget to the bureau."""
    if not actor.has_perm("payroll.submit_budget") or actor.role not in STREET_ROLES:
        raise NotAllowed(f"{actor}（{actor.role}）不能提交预算；由各街道经办提交本街道的预算。")
    budget, before = _to_move(street, year, actor, OPEN_STATES, "提交", seen)
    _refuse_other_basis(budget)
    budget.state, budget.submitted_by, budget.submitted_at = RunState.SUBMITTED.value, actor, at
    budget.return_reason = ""
    return _moved(budget, before, actor, at)


@whole
def approve_budget(*, year: int, street: Region, actor: User, at: datetime, seen: str = "") -> Budget:
    """Approve the budget. From then on nothing in it changes."""
    if not actor.has_perm("payroll.approve_budget"):
        raise NotAllowed(f"{actor}（{actor.role}）不能审核预算；由区民政局审核。")
    budget, before = _to_move(street, year, actor, (RunState.SUBMITTED.value,), "审核", seen)
    if budget.submitted_by_id == actor.pk:
        raise NotAllowed(f"{budget}由您本人提交，须由另一人审核。")
    if budget.trial:
        raise Refused(f"{budget}按未确认的等级系数表试算，不能审核通过。请先确认等级系数表，退回后重新测算。")
    _refuse_other_basis(budget)
    budget.state, budget.approved_by, budget.approved_at = RunState.APPROVED.value, actor, at
    return _moved(budget, before, actor, at)


@whole
def return_budget(*, year: int, street: Region, actor: User, at: datetime, reason: str, seen: str = "") -> Budget:
    """Return the budget to the street with a reason."""
    if not actor.has_perm("payroll.approve_budget"):
        raise NotAllowed(f"{actor}（{actor.role}）不能退回预算；由区民政局退回。")
    reason = reason.strip()[:200]
    if not reason:
        raise Refused("退回必须写明原因，以便街道更正。")
    budget, before = _to_move(street, year, actor, (RunState.SUBMITTED.value,), "退回", seen)
    budget.state, budget.return_reason = RunState.RETURNED.value, reason
    budget.submitted_by, budget.submitted_at = None, None
    return _moved(budget, before, actor, at, reason)


def computation_of(budget: Budget) -> str:
    """Identify one computation, so that only the version shown on the page is moved."""
    return budget.computed_at.isoformat()


def _basis(street: Region, year: int) -> BudgetBasis:
    basis = basis_of(district_of(street.code), year)
    if basis is None:
        raise Refused(f"{year}年的单位缴费比例和人均培训经费还没有录入，不能测算。请民政局先在“经费预算”页面录入。")
    return basis


def _lock(street: Region, year: int) -> Budget | None:
    """Make concurrent work on a street's budget wait."""
    list(Region.objects.select_for_update(no_key=True).filter(pk=street.pk))
    return Budget.objects.select_for_update(of=("self",)).filter(street=street, year=year).first()


def _fill(budget: Budget, basis: BudgetBasis, estimate: Estimate) -> None:
    budget.state, budget.trial, budget.headcount = RunState.DRAFT.value, estimate.trial, estimate.people
    budget.insurance_rate, budget.training_per_head = basis.insurance_rate, basis.training_per_head
    budget.base_total = total(month.of(Component.BASE) for month in estimate.months)
    budget.allowance_total = total(month.of(Component.ALLOWANCE) for month in estimate.months)
    budget.performance_total = total(month.of(Component.PERFORMANCE) for month in estimate.months)
    budget.training_total = product(basis.training_per_head, estimate.people)


def _months(budget: Budget, estimate: Estimate) -> list[BudgetMonth]:
    return [
        BudgetMonth(
            budget=budget,
            month=january(budget.year) + number,
            headcount=one.headcount,
            promoted=one.promoted,
            base=one.of(Component.BASE),
            allowance=one.of(Component.ALLOWANCE),
            performance=one.of(Component.PERFORMANCE),
            insurance=insurance_on(one.pay, budget.insurance_rate),
        )
        for number, one in enumerate(estimate.months)
    ]


def _store(budget: Budget, stored: Budget | None, months: Sequence[BudgetMonth]) -> None:
    budget._state.adding = stored is None
    budget.save()
    BudgetMonth.objects.filter(budget=budget).delete()
    BudgetMonth.objects.bulk_create(months)


def _to_move(
    street: Region, year: int, actor: User, states: Sequence[str], verb: str, seen: str
) -> tuple[Budget, Budget]:
    """Return the locked budget and a copy of its old values."""
    budget = _lock(street, year) if reaches(actor, street.code) else None
    if budget is None:
        raise Refused(f"{street.name}{year}年没有您可以{verb}的预算：不在管辖范围，或尚未测算。")
    if budget.state not in states:
        raise Overtaken(f"{budget}现在是“{budget.state}”，不能{verb}。请刷新后查看最新状态。")
    if seen and seen != computation_of(budget):
        raise Overtaken(f"{budget}在您打开页面之后重新测算过，本次没有办理。请刷新页面，核对新的金额后再办理。")
    return budget, Budget.objects.get(pk=budget.pk)


def _refuse_other_basis(budget: Budget) -> None:
    basis = _basis(budget.street, budget.year)
    if (basis.insurance_rate, basis.training_per_head) != (budget.insurance_rate, budget.training_per_head):
        raise Overtaken(f"{budget}测算之后，单位缴费比例或人均培训经费有更改。请由街道按新的标准重新测算后再提交。")


def _moved(budget: Budget, before: Budget, actor: User, at: datetime, reason: str = "") -> Budget:
    budget.save()
    _record(budget, before, actor, at, reason)
    return budget


def _record(budget: Budget, before: Budget | None, actor: User, at: datetime, reason: str = "") -> None:
    items = [item for item in differences(before, budget) if item[2] not in UNTOLD]
    record_change(actor=actor, at=at, about=budget, items=items, reason=reason, street_code=budget.street_id)
