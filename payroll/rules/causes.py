"""Why a person's pay differs from last month's (rules 5.7, 7.3).

Reasons come from both slips, and from the facts of people who joined or left. A difference without a cause is
reported as unexplained.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from payroll.rules import credit
from payroll.rules.credit import CreditStep
from payroll.rules.explanation import years
from payroll.rules.facts import Facts
from payroll.rules.grading import assignment_in
from payroll.rules.pay import Unpaid, unpaid_reason
from songshan_cw.policy.schema import PayRules, Policy
from songshan_cw.words.components import components
from songshan_cw.words.money import CENT, EXACT, ZERO, product
from songshan_cw.words.periods import Month, label_zh, month_of
from songshan_cw.words.terms import Component, Position, Post


class ChangeCause(StrEnum):
    PROMOTION = "晋级"
    POST = "岗位变动"
    DUAL = "一肩挑"
    DEGREE = "学历"
    PLACEMENT = "定级核定"
    CERTIFICATE = "证书"
    HIRED = "新聘"
    LEFT = "离职"
    AWAY = "中断"
    BACK = "恢复发放"
    MOVED_IN = "调入"
    MOVED_OUT = "调出"
    CATEGORY = "人员类别"
    PAID_LATER = "补发"
    TAKEN_BACK = "扣回"
    SETTLED = "上月补扣结清"
    BASE = "基数调整"
    TABLE = "系数调整"
    POLICY = "政策调整"
    COMPONENT = "项目调整"
    PROBATION = "试用期"
    CORRECTED = "资料更正"
    UNEXPLAINED = "未说明"


CREDIT_CAUSES = {
    credit.Cause.YEAR: ChangeCause.PROMOTION,
    credit.Cause.DEGREE: ChangeCause.DEGREE,
    credit.Cause.PLACEMENT: ChangeCause.PLACEMENT,
}


MOVES_GRADE = {
    *CREDIT_CAUSES.values(),
    ChangeCause.POST,
    ChangeCause.DUAL,
    ChangeCause.CORRECTED,
    ChangeCause.TABLE,
    ChangeCause.POLICY,
}


@dataclass(frozen=True, slots=True)
class FrozenMonth:
    """What one slip keeps. ``post`` None: a slip that carries arrears only. ``amounts``: the month's own by component,
    in yuan, without the empty ones."""

    month: Month
    post: Post | None
    position: Position | None
    dual: bool
    credited_months: int
    step: int
    grade: int
    coefficient: Decimal
    annual_base: Decimal
    amounts: Mapping[str, Decimal]
    arrears: Decimal
    table: int
    policy: str
    steps: tuple[CreditStep, ...]

    def of(self, component: str) -> Decimal:
        return self.amounts.get(component, ZERO)


@dataclass(frozen=True, slots=True)
class Reason:
    cause: ChangeCause
    text: str
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """The person, street, month and policy. ``facts`` is None unless ``decided_by_facts``."""

    facts: Facts | None
    street: str
    month: Month
    policy: Policy


def causes(before: FrozenMonth | None, now: FrozenMonth | None, setting: Setting) -> tuple[Reason, ...]:
    """Return all reasons, with ``UNEXPLAINED`` where a component changed without a cause."""
    was_paid = before is not None and before.post is not None
    is_paid = now is not None and now.post is not None
    reasons = list(_arrears(before, now))
    if was_paid and is_paid:
        assert before is not None and now is not None
        reasons = [*_components(before, now, setting), *reasons]
    elif is_paid:
        reasons.insert(0, _came(setting))
    elif was_paid:
        reasons.insert(0, _went(setting))
    return tuple(reasons)


def decided_by_facts(before: FrozenMonth | None, now: FrozenMonth | None) -> bool:
    """Return whether the reasons need the person's facts: joined, left, or base pay that does not follow."""
    if before is None or now is None or before.post is None or now.post is None:
        return True
    return not _follows(before, now)


def _facts_of(setting: Setting) -> Facts:
    if setting.facts is None:
        raise ValueError("these reasons lie in the person's facts, which were not given")
    return setting.facts


def _came(setting: Setting) -> Reason:
    facts, month = _facts_of(setting), setting.month
    if month_of(facts.hired) == month:
        return Reason(ChangeCause.HIRED, f"{facts.hired}聘用，自当月起发放", setting.policy.pay.exit_stop.clause)
    if assignment_in(facts, month - 1).street != setting.street:
        return Reason(ChangeCause.MOVED_IN, "由其他街道调入，自本月起在本街道发放", _post_clause(setting))
    reason = unpaid_reason(facts, setting.policy, month - 1)
    if reason is Unpaid.AWAY:
        return Reason(ChangeCause.BACK, "中断服务结束，恢复发放", setting.policy.pay.credited_results.clause)
    if reason is None:
        return Reason(ChangeCause.CORRECTED, "上月批次计算时没有列入，之后补录或更正了资料")
    return Reason(ChangeCause.UNEXPLAINED, f"本月列入发放，但上月“{reason}”，请核对资料")


def _went(setting: Setting) -> Reason:
    facts, month = _facts_of(setting), setting.month
    reason = unpaid_reason(facts, setting.policy, month)
    clause = setting.policy.pay.exit_stop.clause
    if reason is Unpaid.LEFT:
        return Reason(ChangeCause.LEFT, f"{facts.left}离职，自次月起停发", clause)
    if reason is Unpaid.AWAY:
        return Reason(ChangeCause.AWAY, f"{label_zh(month)}整月中断服务", setting.policy.pay.credited_results.clause)
    if reason is Unpaid.OUT_OF_SCHEME:
        text = f"人员类别为{facts.category}，不在薪酬方案范围"
        return Reason(ChangeCause.CATEGORY, text, setting.policy.scope.in_scheme.clause)
    if reason is Unpaid.NOT_HIRED:
        return Reason(ChangeCause.CORRECTED, f"聘用日期更正为{facts.hired}，本月尚未聘用")
    if assignment_in(facts, month).street != setting.street:
        return Reason(ChangeCause.MOVED_OUT, "调往其他街道，自本月起在该街道发放", _post_clause(setting))
    return Reason(ChangeCause.UNEXPLAINED, "上月有工资，本月没有列入，也没有离职、中断或调出记录")


def _post_clause(setting: Setting) -> str:
    return setting.policy.pay.dual_grades.clause


def _components(before: FrozenMonth, now: FrozenMonth, setting: Setting) -> Iterator[Reason]:
    """Component by component its own reasons, or else its two amounts where they differ and are paid with the month."""
    for one in components():
        if one.term in OWN_REASONS:
            yield from OWN_REASONS[one.term](before, now, setting)
        elif one.is_paid_monthly and before.of(one.term) != now.of(one.term):
            text = f"{one.label}{before.of(one.term):,}元→{now.of(one.term):,}元"
            yield Reason(ChangeCause.COMPONENT, text)


def _base(before: FrozenMonth, now: FrozenMonth, setting: Setting) -> Iterator[Reason]:
    """Return the reasons of changed base pay."""
    if not _pay_facts_differ(before, now):
        return
    found = [
        *_post(before, now, setting),
        *_credit(before, now),
        *_table(before, now, setting.policy.pay),
        *_share(before, now, setting),
    ]
    yield from found
    named = {reason.cause for reason in found}
    if now.grade != before.grade and not named & MOVES_GRADE:
        text = f"等级由{before.grade}级变为{now.grade}级，没有对应的事实"
        yield Reason(ChangeCause.UNEXPLAINED, text)
    elif now.coefficient != before.coefficient and now.grade == before.grade and ChangeCause.TABLE not in named:
        yield Reason(ChangeCause.UNEXPLAINED, f"{now.grade}级的系数变了，等级系数表却没有换")


def _pay_facts_differ(before: FrozenMonth, now: FrozenMonth) -> bool:
    names = ("post", "dual", "credited_months", "step", "grade", "coefficient", "annual_base")
    moved = any(getattr(before, name) != getattr(now, name) for name in names)
    return moved or before.of(Component.BASE) != now.of(Component.BASE)


def _post(before: FrozenMonth, now: FrozenMonth, setting: Setting) -> Iterator[Reason]:
    clause = _post_clause(setting)
    if now.post != before.post:
        yield Reason(
            ChangeCause.POST,
            f"{before.post}→{now.post}，{_step_text(before)}→{_step_text(now)}{_grades(before, now)}",
            clause,
        )
    if now.dual != before.dual:
        text = "任一肩挑，等级加一级" if now.dual else "不再一肩挑，等级不再加一级"
        yield Reason(ChangeCause.DUAL, text + _grades(before, now), clause)


def _step_text(frozen: FrozenMonth) -> str:
    return f"{frozen.step}档"


def _grades(before: FrozenMonth, now: FrozenMonth) -> str:
    return f"（{before.grade}级→{now.grade}级）" if now.grade != before.grade else f"（仍为{now.grade}级）"


def _credit(before: FrozenMonth, now: FrozenMonth) -> Iterator[Reason]:
    """Return reasons of changed credit: this month's events, or facts of earlier months entered since."""
    if now.credited_months == before.credited_months and now.step == before.step:
        return
    events = [step for step in now.steps if before.month < step.month <= now.month and step.credit != step.before]
    moved = sum(step.credit - step.before for step in events)
    corrected = before.credited_months + moved != now.credited_months
    raised = now.step != before.step and now.post == before.post
    for step in events:
        cause = CREDIT_CAUSES.get(step.cause)
        if cause is not None and (raised or step.cause is not credit.Cause.YEAR):
            yield Reason(cause, _credit_text(step, before, now), step.clause)
    if corrected and _earlier(before.steps, before.month) != _earlier(now.steps, before.month):
        text = f"以前月份的资料有更正，工作年限按{years(now.credited_months)}重算{_grades(before, now)}"
        yield Reason(ChangeCause.CORRECTED, text)


def _earlier(steps: tuple[CreditStep, ...], month: Month) -> tuple[CreditStep, ...]:
    return tuple(step for step in steps if step.month <= month)


def _credit_text(step: CreditStep, before: FrozenMonth, now: FrozenMonth) -> str:
    move = f"{_step_text(before)}→{_step_text(now)}{_grades(before, now)}"
    start = f"工作年限{years(step.before)}→{years(step.credit)}"
    return f"取得{step.level}，{start}，{move}" if step.level else f"{start}，{move}"


def _table(before: FrozenMonth, now: FrozenMonth, rules: PayRules) -> Iterator[Reason]:
    """Return a changed base amount, or a changed coefficient of the same grade."""
    clause = rules.base_share.clause
    if now.annual_base != before.annual_base:
        yield Reason(ChangeCause.BASE, f"年基数{before.annual_base:,}元→{now.annual_base:,}元", clause)
    if now.table == before.table:
        return
    if now.grade == before.grade and now.coefficient != before.coefficient:
        text = (
            f"{now.grade}级系数{before.coefficient.normalize():f}→{now.coefficient.normalize():f}（换用新的等级系数表）"
        )
        yield Reason(ChangeCause.TABLE, text, clause)
    elif now.post == before.post and now.credited_months == before.credited_months and now.step != before.step:
        text = f"新的等级系数表年限要求不同，{_step_text(before)}→{_step_text(now)}{_grades(before, now)}"
        yield Reason(ChangeCause.TABLE, text, clause)


def _share(before: FrozenMonth, now: FrozenMonth, setting: Setting) -> Iterator[Reason]:
    """Return the reason where the relation of base pay to base amount × coefficient changed."""
    if _follows(before, now):
        return
    expected, rules, end = _expected(before, now), setting.policy.pay, _facts_of(setting).probation_end
    if end is not None and month_of(end) in (before.month, now.month) and rules.probation_share.value != 1:
        yield Reason(ChangeCause.PROBATION, f"试用期至{end}，期满按全额发放", rules.probation_share.clause)
    elif now.policy != before.policy:
        yield Reason(ChangeCause.POLICY, "执行新的政策文件", rules.base_share.clause)
    else:
        text = f"按等级应为{EXACT.quantize(expected, CENT):,}元，实为{now.of(Component.BASE):,}元"
        yield Reason(ChangeCause.UNEXPLAINED, text)


def _follows(before: FrozenMonth, now: FrozenMonth) -> bool:
    return abs(EXACT.subtract(now.of(Component.BASE), _expected(before, now))) <= CENT * 2


def _expected(before: FrozenMonth, now: FrozenMonth) -> Decimal:
    """Return last month's base pay with this month's base amount and coefficient, in yuan."""
    return EXACT.divide(
        product(before.of(Component.BASE), now.annual_base, now.coefficient),
        product(before.annual_base, before.coefficient),
    )


def _allowance(before: FrozenMonth, now: FrozenMonth, setting: Setting) -> Iterator[Reason]:
    was, is_now = before.of(Component.ALLOWANCE), now.of(Component.ALLOWANCE)
    if is_now == was:
        return
    rules = setting.policy.pay
    text = f"职业津贴{was:,}元→{is_now:,}元"
    held = {amount: level for level, amount in rules.allowances.value.items()}
    if is_now in held:
        yield Reason(ChangeCause.CERTIFICATE, f"{held[is_now]}，{text}", rules.allowances.clause)
    elif is_now == ZERO:
        yield Reason(ChangeCause.CERTIFICATE, f"证书记录已更正，{text}", rules.allowances.clause)
    else:
        yield Reason(ChangeCause.UNEXPLAINED, f"{text}，不是政策规定的津贴标准")


OWN_REASONS: dict[str, Callable[[FrozenMonth, FrozenMonth, Setting], Iterator[Reason]]] = {
    Component.BASE: _base,
    Component.ALLOWANCE: _allowance,
}


def _arrears(before: FrozenMonth | None, now: FrozenMonth | None) -> Iterator[Reason]:
    if now is not None and now.arrears > ZERO:
        yield Reason(ChangeCause.PAID_LATER, f"补发以前月份{now.arrears:,}元")
    elif now is not None and now.arrears < ZERO:
        yield Reason(ChangeCause.TAKEN_BACK, f"扣回以前月份{-now.arrears:,}元")
    if before is not None and before.arrears and (now is None or now.arrears != before.arrears):
        verb = "补发" if before.arrears > ZERO else "扣回"
        yield Reason(ChangeCause.SETTLED, f"上月{verb}{abs(before.arrears):,}元，只发生一次")
