"""What two slips keep of a person's pay, and the reasons of a changed base and allowance (rules 5.7, 7.3)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from payroll.rules import credit
from payroll.rules.credit import CreditStep
from payroll.rules.facts import Facts
from songshan_cw.policy.schema import PayRules, Policy
from songshan_cw.words.money import CENT, EXACT, ZERO, product
from songshan_cw.words.periods import Month, month_of, years
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


def facts_of(setting: Setting) -> Facts:
    if setting.facts is None:
        raise ValueError("these reasons lie in the person's facts, which were not given")
    return setting.facts


def post_clause(setting: Setting) -> str:
    return setting.policy.pay.dual_grades.clause


def base_reasons(before: FrozenMonth, now: FrozenMonth, setting: Setting) -> Iterator[Reason]:
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
    clause = post_clause(setting)
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
    if follows(before, now):
        return
    expected, rules, end = _expected(before, now), setting.policy.pay, facts_of(setting).probation_end
    if end is not None and month_of(end) in (before.month, now.month) and rules.probation_share.value != 1:
        yield Reason(ChangeCause.PROBATION, f"试用期至{end}，期满按全额发放", rules.probation_share.clause)
    elif now.policy != before.policy:
        yield Reason(ChangeCause.POLICY, "执行新的政策文件", rules.base_share.clause)
    else:
        text = f"按等级应为{EXACT.quantize(expected, CENT):,}元，实为{now.of(Component.BASE):,}元"
        yield Reason(ChangeCause.UNEXPLAINED, text)


def follows(before: FrozenMonth, now: FrozenMonth) -> bool:
    return abs(EXACT.subtract(now.of(Component.BASE), _expected(before, now))) <= CENT * 2


def _expected(before: FrozenMonth, now: FrozenMonth) -> Decimal:
    """Return last month's base pay with this month's base amount and coefficient, in yuan."""
    return EXACT.divide(
        product(before.of(Component.BASE), now.annual_base, now.coefficient),
        product(before.annual_base, before.coefficient),
    )


def allowance_reasons(before: FrozenMonth, now: FrozenMonth, setting: Setting) -> Iterator[Reason]:
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
