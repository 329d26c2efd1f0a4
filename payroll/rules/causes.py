"""Why a person's pay differs from last month's (rules 5.7, 7.3).

Reasons come from both slips, and from the facts of people who joined or left. A difference without a cause is
reported as unexplained.
"""

from collections.abc import Iterator

from payroll.rules.grading import assignment_in
from payroll.rules.membership import category_in
from payroll.rules.pay import Unpaid, unpaid_reason
from payroll.rules.reasons import ChangeCause, FrozenMonth, Reason, Setting, facts_of, follows, post_clause
from payroll.rules.registry import RULES
from songshan_cw.words.components import components
from songshan_cw.words.money import ZERO
from songshan_cw.words.periods import label_zh, month_of


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
    return not follows(before, now)


def _came(setting: Setting) -> Reason:
    facts, month = facts_of(setting), setting.month
    if month_of(facts.hired) == month:
        return Reason(ChangeCause.HIRED, f"{facts.hired}聘用，自当月起发放", setting.policy.pay.exit_stop.clause)
    if assignment_in(facts, month - 1).street != setting.street:
        return Reason(ChangeCause.MOVED_IN, "由其他街道调入，自本月起在本街道发放", post_clause(setting))
    reason = unpaid_reason(facts, setting.policy, month - 1)
    if reason is Unpaid.OUT_OF_SCHEME:
        text = f"人员类别自本月起为{category_in(facts, month)}，纳入薪酬方案，当月起发放"
        return Reason(ChangeCause.CATEGORY, text, setting.policy.scope.in_scheme.clause)
    if reason is Unpaid.AWAY:
        return Reason(ChangeCause.BACK, "中断服务结束，恢复发放", setting.policy.pay.credited_results.clause)
    if reason is None:
        return Reason(ChangeCause.CORRECTED, "上月批次计算时没有列入，之后补录或更正了资料")
    return Reason(ChangeCause.UNEXPLAINED, f"本月列入发放，但上月“{reason}”，请核对资料")


def _went(setting: Setting) -> Reason:
    facts, month = facts_of(setting), setting.month
    reason = unpaid_reason(facts, setting.policy, month)
    clause = setting.policy.pay.exit_stop.clause
    if reason is Unpaid.LEFT:
        return Reason(ChangeCause.LEFT, f"{facts.left}离职，自次月起停发", clause)
    if reason is Unpaid.AWAY:
        return Reason(ChangeCause.AWAY, f"{label_zh(month)}整月中断服务", setting.policy.pay.credited_results.clause)
    if reason is Unpaid.OUT_OF_SCHEME:
        text = f"人员类别为{category_in(facts, month)}，不在薪酬方案范围"
        return Reason(ChangeCause.CATEGORY, text, setting.policy.scope.in_scheme.clause)
    if reason is Unpaid.NOT_HIRED:
        return Reason(ChangeCause.CORRECTED, f"聘用日期更正为{facts.hired}，本月尚未聘用")
    if assignment_in(facts, month).street != setting.street:
        return Reason(ChangeCause.MOVED_OUT, "调往其他街道，自本月起在该街道发放", post_clause(setting))
    return Reason(ChangeCause.UNEXPLAINED, "上月有工资，本月没有列入，也没有离职、中断或调出记录")


def _components(before: FrozenMonth, now: FrozenMonth, setting: Setting) -> Iterator[Reason]:
    """Component by component its own reasons, or else its two amounts where they differ and are paid with the month."""
    for one in components():
        if (reasons := RULES[one.term].reasons) is not None:
            yield from reasons(before, now, setting)
        elif one.is_paid_monthly and before.of(one.term) != now.of(one.term):
            text = f"{one.label}{before.of(one.term):,}元→{now.of(one.term):,}元"
            yield Reason(ChangeCause.COMPONENT, text)


def _arrears(before: FrozenMonth | None, now: FrozenMonth | None) -> Iterator[Reason]:
    if now is not None and now.arrears > ZERO:
        yield Reason(ChangeCause.PAID_LATER, f"补发以前月份{now.arrears:,}元")
    elif now is not None and now.arrears < ZERO:
        yield Reason(ChangeCause.TAKEN_BACK, f"扣回以前月份{-now.arrears:,}元")
    if before is not None and before.arrears and (now is None or now.arrears != before.arrears):
        verb = "补发" if before.arrears > ZERO else "扣回"
        yield Reason(ChangeCause.SETTLED, f"上月{verb}{abs(before.arrears):,}元，只发生一次")
