"""Notes to look at before a run is submitted (rules 7.3). They do not block anything."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from payroll.rules.facts import Facts
from payroll.rules.membership import category_in
from payroll.rules.pay import MonthlyPay, Unpaid
from payroll.rules.service import months_in_service
from songshan_cw.policy.schema import PayRules
from songshan_cw.words.components import components
from songshan_cw.words.money import ZERO, total
from songshan_cw.words.periods import Month, label_zh, month_of, year_of
from songshan_cw.words.terms import Term

LARGE_CHANGE = Decimal("0.20")
WITHOUT_ACCOUNT = "：没有银行卡号，无法代发。请在人员信息中补填。"  # after the name


class NoteKind(Term):
    LEFT_OUT = "未列入发放"
    ELSEWHERE = "他处已列"
    ASSESSMENT = "考核未录入"
    CHANGED = "较上月变动较大"
    NO_ACCOUNT = "缺银行账号"
    CONTRACT = "合同已到期"


@dataclass(frozen=True, slots=True)
class Note:
    kind: NoteKind
    text: str


def left_out(name: str, facts: Facts, reason: Unpaid, month: Month) -> Note | None:
    """Return why a person is not paid, except for people long gone or not yet hired."""
    left_before = facts.left is not None and month_of(facts.left) < month
    if reason is Unpaid.NOT_HIRED or (facts.left is not None and month_of(facts.left) < month - 1):
        return None
    texts = {
        Unpaid.OUT_OF_SCHEME: f"{name}：人员类别为{category_in(facts, month)}，不在薪酬方案范围，不列入发放。",
        Unpaid.AWAY: f"{name}：{label_zh(month)}整月中断服务，不发放。",
        Unpaid.LEFT: f"{name}：{facts.left}离职，自次月起停发。",
        Unpaid.ELSEWHERE: f"{name}：已调往没有可用等级系数表的街道，本月不能发放；以前月份的差额仍在这里补扣。",
    }
    if reason is Unpaid.OUT_OF_SCHEME and (left_before or month < month_of(facts.hired)):
        return None
    return Note(NoteKind.LEFT_OUT, texts[reason])


def of_paid(name: str, unassessed: Iterable[int], pay: MonthlyPay, before: Decimal | None) -> Iterator[Note]:
    """Note years without an assessment, and a large change from last month's base and allowance (yuan)."""
    for year in unassessed:
        text = f"{name}：{year}年度考核未录入，{year + 1}年1月起该年度不计入年限。请在“年度考核”补录。"
        yield Note(NoteKind.ASSESSMENT, text)
    now = total(pay.of(one.term) for one in components() if one.is_paid_monthly)
    if before is not None and abs(now - before) > before * LARGE_CHANGE:
        text = f"{name}：基本工资加津贴（不含补发扣回）上月{before:,.2f}元，本月{now:,.2f}元，"
        yield Note(NoteKind.CHANGED, f"{text}变动超过{LARGE_CHANGE:.0%}，请核对原因。")


def of_payment(name: str, month: Month, gross: Decimal, has_account: bool, contract_end: date | None) -> Iterator[Note]:
    """Note a missing bank account or an expired contract."""
    if gross > ZERO and not has_account:
        yield Note(NoteKind.NO_ACCOUNT, f"{name}{WITHOUT_ACCOUNT}")
    if contract_end is not None and month_of(contract_end) < month:
        yield Note(NoteKind.CONTRACT, f"{name}：合同已于{contract_end}到期。请办理续聘或离职。")


def missing_assessments(facts: Facts, rules: PayRules, month: Month, area: str = "") -> tuple[int, ...]:
    """Return earlier years with service in the area but without a result, from the first assessed one on."""
    first = max(rules.assessed_from_year.value, facts.hired.year)
    return tuple(
        year
        for year in range(first, year_of(month))
        if year not in facts.assessments and months_in_service(facts, year, area)
    )
