"""Explain amounts in words: steps of the replay, clauses and arithmetic (rules 5.7)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from payroll.rules.arithmetic import Computed
from payroll.rules.credit import Cause, CreditStep
from payroll.rules.facts import Assignment, Facts, Placed
from payroll.rules.membership import category_in
from payroll.rules.pay import MonthlyPay, Unpaid
from payroll.rules.registry import RULES
from songshan_cw.policy.readings import READINGS, Reading
from songshan_cw.policy.schema import PayRules, Policy
from songshan_cw.words.components import components
from songshan_cw.words.periods import Month, label, label_zh, month_of, next_month_of, years

MOVED_SINCE = "计算之后登记有变动：本月仍按计算时的事实，如有差额，按规定随以后的批次补发或扣回。"


@dataclass(frozen=True, slots=True)
class Explained:
    """One line of an explanation, from ``month`` on. ``reading`` names the reading that applies."""

    month: Month
    title: str
    text: str
    clause: str
    reading: Reading | None = None


@dataclass(frozen=True, slots=True)
class ExplainedAmount:
    component: str
    amount: Decimal
    arithmetic: str
    clause: str


def explain_step(step: CreditStep) -> Explained:
    """Explain one step of credited service."""
    writer = {
        Cause.HIRED: _hired,
        Cause.YEAR: _year,
        Cause.DEGREE: _degree,
        Cause.PLACEMENT: _placement,
    }[step.cause]
    text, reading = writer(step)
    return Explained(step.month, step.cause, text, step.clause, reading)


def _hired(step: CreditStep) -> tuple[str, Reading | None]:
    return f"聘用时学历为{step.level}，工作年限从{step.credit}个月（{years(step.credit)}）起算。", None


def _year(step: CreditStep) -> tuple[str, Reading | None]:
    change = f"工作年限{step.before}＋{step.credit - step.before}＝{step.credit}个月（{years(step.credit)}）。"
    if step.result is None and step.credit > step.before:
        text = f"{step.year}年在方案施行前，不要求考核，在岗{step.served}个月全部计入；{change}"
        return text, READINGS["YEARS_BEFORE_SCHEME"]
    if step.result is None and not step.served:
        return f"{step.year}年没有在岗月份，工作年限仍为{step.credit}个月。", READINGS["SERVICE_MONTH"]
    if step.result is None:
        return f"{step.year}年度考核未录入，该年度不计入；工作年限仍为{step.credit}个月。", None
    if step.credit == step.before and step.served:
        return f"{step.year}年度考核{step.result}，该年度不计入；工作年限仍为{step.credit}个月。", None
    bonus = f"，另加{step.bonus}个月" if step.bonus else ""
    return f"{step.year}年度考核{step.result}，在岗{step.served}个月计入{bonus}；{change}", READINGS["SERVICE_MONTH"]


def _degree(step: CreditStep) -> tuple[str, Reading | None]:
    reading = READINGS["DEGREE_MONTH"]
    if step.credit == step.before:
        return f"取得{step.level}：工作年限已达到该学历对应年限，不再调整。", reading
    return f"取得{step.level}：工作年限由{step.before}个月提到{step.credit}个月（{years(step.credit)}）。", reading


def _placement(step: CreditStep) -> tuple[str, Reading | None]:
    credit = f"{step.credit}个月（{years(step.credit)}）"
    if step.credit == step.before:
        return f"定级核定之后，工作年限仍为{credit}；以后年度在此之上累加。", READINGS["PLACEMENT_YEAR"]
    text = f"定级核定工作年限为{credit}，代替推算的{step.before}个月；以后年度在此之上累加。"
    return text, READINGS["PLACEMENT_YEAR"]


def explain_post(facts: Facts, assignment: Assignment, month: Month, policy: Policy) -> Explained:
    """Explain which assignment decides the month."""
    first = min(facts.assignments, key=lambda one: one.start)
    dual = "，一肩挑" if assignment.dual else ""
    role = f"{assignment.position}（{assignment.post}{dual}）"
    clause = policy.pay.exit_stop.clause
    if assignment.start == first.start:
        text = f"{assignment.start}首次任{role}，自聘用当月起计。"
        return Explained(month, "岗位", text, clause, READINGS["FIRST_APPOINTMENT"])
    since = label_zh(next_month_of(assignment.start))
    return Explained(month, "岗位", f"{assignment.start}任{role}，自次月（{since}）起计。", clause)


def explain_paid(facts: Facts, month: Month, policy: Policy) -> Iterator[Explained]:
    """Name what decides that a month is paid in full, where a reading does (rules 2.4, 5.2, 5.4)."""
    if month_of(facts.hired) == month:
        yield Explained(month, "发放", f"{facts.hired}聘用，当月整月发放。", _stop(policy), READINGS["HIRING_MONTH"])
    clause, reading = policy.scope.in_scheme.clause, READINGS["TAKEN_IN_MONTH"]
    for one in facts.categories:
        if month_of(one.start) == month:
            yield Explained(month, "发放", f"{one.start}起人员类别为{one.category}。", clause, reading)
    for held in facts.certificates:
        if held.ended_on and month_of(held.ended_on) == month:
            text = f"{held.level}证书到{held.ended_on}失效，津贴发到当月。"
            yield Explained(month, "职业津贴", text, policy.pay.allowances.clause, READINGS["CERTIFICATE_END"])


def explain_unpaid(facts: Facts, month: Month, reason: Unpaid, policy: Policy) -> Explained:
    """Say by which clause a month is not paid (rules 2.2, 5.2)."""
    if reason is Unpaid.OUT_OF_SCHEME:
        text = f"人员类别为{category_in(facts, month)}，不在薪酬方案范围，不发放。"
        return Explained(month, "不发放", text, policy.scope.in_scheme.clause, READINGS["TAKEN_IN_MONTH"])
    if reason is Unpaid.AWAY:
        clause = policy.pay.credited_results.clause
        return Explained(month, "不发放", "整月中断服务，不发放。", clause, READINGS["INTERRUPTION"])
    text = {
        Unpaid.NOT_HIRED: f"{facts.hired}才聘用，本月不发放。",
        Unpaid.LEFT: f"{facts.left}离职，自次月起停发。",
    }.get(reason, f"{reason}，不发放。")
    return Explained(month, "不发放", text, _stop(policy))


def _stop(policy: Policy) -> str:
    return policy.pay.exit_stop.clause


def explain_grade(pay: MonthlyPay, rules: PayRules, requirement: int) -> Explained:
    """Explain step and grade from credit and post."""
    post = pay.assignment.post
    band = rules.bands.value[post]
    text = (
        f"工作年限{pay.credited_months}个月，达到{post}{pay.step}档所需的{requirement}个月；"
        f"{post}最低{band.lowest}级，{band.lowest}＋{pay.step}－1＝{band.lowest + pay.step - 1}级"
    )
    if pay.assignment.dual:
        text += f"；一肩挑加{rules.dual_grades.value}级，最高{rules.highest_grade.value}级，为{pay.grade}级"
    clause = rules.dual_grades.clause if pay.assignment.dual else rules.bands.clause
    reading = READINGS["LADDER" if rules.scheme_supplied.value else "ORDOS_LADDER"]
    return Explained(pay.month, "等级", text + "。", clause, reading)


def explain_amounts(pay: MonthlyPay, rules: PayRules, facts: Facts) -> Iterator[ExplainedAmount]:
    """The arithmetic of each component in yuan, also of one that comes to nothing (rules 5.1, 5.3, 5.4)."""
    for one in components():
        amount, rule = pay.of(one.term), RULES[one.term]
        yield ExplainedAmount(one.term, amount, rule.told(Computed(pay, amount, rules, facts)), rule.clause(rules))


def facts_behind(facts: Facts, steps: Sequence[CreditStep]) -> Facts:
    """Return the current facts on which the steps of a stored replay rest."""
    levels = {step.level for step in steps if step.cause is Cause.DEGREE}
    return facts._replace(
        degrees=tuple(one for one in facts.degrees if one.level in levels),
        placements=tuple(Placed(step.month, step.credit) for step in steps if step.cause is Cause.PLACEMENT),
        assessments={step.year: step.result for step in steps if step.year is not None and step.result is not None},
    )


def explain_fact_lines(facts: Facts) -> Iterator[str]:
    """List the facts used, in order of time."""
    yield f"{facts.hired}参加社区工作，入职学历{facts.entry_education}，人员类别{facts.category}"
    lines = [
        (one.start, f"任{one.position}（{one.post}{'，一肩挑' if one.dual else ''}）") for one in facts.assignments
    ]
    lines += [(one.start, f"人员类别改为{one.category}") for one in facts.categories]
    lines += [(one.earned_on, f"取得{one.level}") for one in facts.degrees]
    lines += [(one.approved_on, f"取得{one.level}证书") for one in facts.certificates]
    lines += [(one.ended_on, f"{one.level}证书失效") for one in facts.certificates if one.ended_on]
    lines += [(one.first, f"中断服务，至{one.last or '今'}") for one in facts.gaps]
    for day, text in sorted(lines):
        yield f"{day}{text}"
    for placed in sorted(facts.placements, key=lambda one: one.month):
        yield f"{label(placed.month)}定级核定{placed.credited_months}个月"
    for year, result in sorted(facts.assessments.items()):
        yield f"{year}年度考核{result}"
    if facts.left is not None:
        yield f"{facts.left}离职"
