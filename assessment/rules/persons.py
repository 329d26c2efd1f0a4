"""Checks of one person on a day: contract, training, dismissal candidates (rules 8.3, 9.2, 9.3)."""

from collections.abc import Iterator
from datetime import date

from assessment.rules.annual import failing_run
from assessment.rules.facts import Finding, Member, Seat, day_zh
from songshan_cw.policy.schema import AbsenceLimit, Policy, TrainingUnit
from songshan_cw.words.terms import Result
from workers.rules.absence import IsWorkingDay, Reached, running_limit, yearly_limit
from workers.rules.contract import contract_on, expired_since, over_term
from workers.rules.training import owes_training, requirement_for, training_standing


def check_person(
    member: Member, seat: Seat, policy: Policy, day: date, is_working: IsWorkingDay, note: str = ""
) -> Iterator[Finding]:
    """Check a person of the scheme who serves on the day, except for training.

    ``note`` names the years whose calendar is missing for days absent.
    """
    yield from contract_expired(member, seat, policy, day)
    yield from contract_too_long(member, seat, policy, day)
    yield from failed_repeatedly(member, seat, policy, day)
    yield from absent_too_long(member, seat, policy, day, is_working, note)


def contract_expired(member: Member, seat: Seat, policy: Policy, day: date) -> Iterator[Finding]:
    """Find people in service without a running contract (S 二(四)5; O 9)."""
    since = expired_since(member.contracts, day)
    if since is not None:
        yield Finding(
            "9.2",
            policy.contract.term_months.clause,
            seat.community,
            (member.id_number,),
            since,
            f"{member.name}的劳动合同已到期，自{day_zh(since)}起没有合同而仍在岗。请办理续聘并登记新合同，或办理离职。",
        )


def contract_too_long(member: Member, seat: Seat, policy: Policy, day: date) -> Iterator[Finding]:
    """Find terms longer than the category's (S 二(四)5). Contracts from before the policy run out as signed (readings:
    CONTRACT_BEFORE_POLICY).
    """
    contract = contract_on(member.contracts, day)
    terms = policy.contract.term_months
    if contract is None or contract.first < policy.document.in_force_from or contract.first < terms.since:
        return
    months = terms.value.get(member.category)
    allowed = over_term(contract, months)
    if allowed is not None and months is not None and (contract.last is None or contract.last >= day):
        until = day_zh(contract.last) if contract.last else "无固定期限"
        yield Finding(
            "9.2",
            terms.clause,
            seat.community,
            (member.id_number,),
            contract.first,
            f"{member.name}的合同自{day_zh(contract.first)}至{until}，超过{member.category}的聘期{months}个月。"
            f"请把合同终止日改为不晚于{day_zh(allowed)}。",
        )


def check_training(member: Member, policy: Policy, year: int) -> Iterator[Finding]:
    """Find less training than required for a completed year (S 二(四)1; O 16)."""
    last = date(year, 12, 31)
    seat = member.seat_on(last)
    if seat is None or not owes_training(member.service, member.gaps, year):
        return
    standing = training_standing(member.trainings, requirement_for(seat.position, policy.training.yearly.value), year)
    if standing.met:
        return
    cure = (
        "如有漏登，请补录该年的培训" if not standing.unmeasured else f"有{standing.unmeasured}次培训没有填学时，请补填"
    )
    unit = "天" if standing.unit is TrainingUnit.DAYS else "学时"
    yield Finding(
        "9.3",
        policy.training.yearly.clause,
        seat.community,
        (member.id_number,),
        last,
        f"{member.name}（{seat.position}）{year}年培训{standing.done:f}{unit}，要求不少于{standing.required}{unit}。"
        f"{cure}；确实不足的，请在下一年补训。",
    )


def failed_repeatedly(member: Member, seat: Seat, policy: Policy, day: date) -> Iterator[Finding]:
    """Find candidates for dismissal by consecutive 不合格 (S 二(四)5; O 23(二)). Nothing is done automatically."""
    limit = policy.dismissal.failing
    started = policy.document.in_force_from
    known = {year: result for year, result in member.results.items() if started <= date(year, 12, 31) <= day}
    contracts = [span for span in member.contracts if span.first <= day]
    run = failing_run(known, contracts, limit.value)
    if run is None:
        return
    years = "、".join(str(year) for year in run.years)
    doubt = "没有登记合同，请先核对两年是否在同一聘期。" if limit.value.within_term and run.same_term is None else ""
    yield Finding(
        "8.3",
        limit.clause,
        seat.community,
        (member.id_number,),
        date(run.years[-1], 12, 31),
        f"{member.name}{years}年度连续考核{Result.FAILED}，达到可以解除聘用的条件。{doubt}"
        "请街道研究：解除的登记离职；考核有误的更正等次；续签新合同后不再列出。",
    )


def absent_too_long(
    member: Member, seat: Seat, policy: Policy, day: date, is_working: IsWorkingDay, note: str = ""
) -> Iterator[Finding]:
    """Find candidates for dismissal by unexcused absence (S 二(四)5; O 23(七)). Nothing is done automatically."""
    absences = [span for span in member.absences if span.last is None or span.last >= policy.document.in_force_from]
    if not absences:
        return
    running, yearly = policy.dismissal.absence_running, policy.dismissal.absence_yearly
    found = running_limit(absences, day, running.value, is_working)
    if found is not None and not _settled(member, found, day):
        what = f"连续旷工{_amount(found, running.value)}"
        yield _absence_finding(member, seat, running.clause, found, what, note)
    found = yearly_limit(absences, day, yearly.value, is_working)
    if found is not None and not _settled(member, found, day):
        what = f"一年内累计旷工{_amount(found, yearly.value)}"
        yield _absence_finding(member, seat, yearly.clause, found, what, note)


def _settled(member: Member, reached: Reached, day: date) -> bool:
    """Return whether a contract was signed afterwards, which settles the breach."""
    return any(reached.on < span.first <= day for span in member.contracts)


def _amount(found: Reached, limit: AbsenceLimit) -> str:
    allowed = "超过" if limit.exceed else "达到"
    return f"{found.days}个{limit.day_kind}（规定{allowed}{limit.days}个可以解除）"


def _absence_finding(member: Member, seat: Seat, clause: str, found: Reached, what: str, note: str) -> Finding:
    return Finding(
        "8.3",
        clause,
        seat.community,
        (member.id_number,),
        found.on,
        f"{member.name}{what}。请街道研究是否解除聘用；记录有误的，更正旷工的起止日期。{note}",
    )
