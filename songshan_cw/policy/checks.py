"""Check well-formed policy values for contradictions at start, and name the file and key of each."""

import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from songshan_cw.policy.errors import PolicyDataError, file_label
from songshan_cw.policy.schema import Document, Policy
from songshan_cw.words.terms import Position, Post, Result

REGION_FORM = re.compile(r"[0-9]{4}|[0-9]{6}")

Finding = tuple[str, str]


def check_document(document: Document, path: Path) -> None:
    """Check that key and folder agree, regions are districts or cities, and ends follow starts."""
    label = file_label(path)
    if document.key != path.parent.name:
        raise PolicyDataError(label, "key", f"应与目录名“{path.parent.name}”一致。")
    if not document.regions:
        raise PolicyDataError(label, "regions", "至少写一个区划代码。")
    for region in document.regions:
        if not REGION_FORM.fullmatch(region) or region.endswith("00"):
            raise PolicyDataError(
                label, "regions", f"“{region}”不是区划代码：旗县区写六位（如150404），全市写四位（如1506）。"
            )
    if document.in_force_to and document.in_force_to < document.in_force_from:
        raise PolicyDataError(label, "in_force_to", "终止日早于施行日，请改正。")


def check_policy_values(policy: Policy, folder: str) -> None:
    """Refuse the first contradiction found."""
    for check in CHECKS:
        for parameter, problem in check(policy):
            section, name = parameter.split(".")
            raise PolicyDataError(f"{folder}/{section}.yaml", name, f"{problem}（{policy.version}）")


def _scope(policy: Policy) -> Iterator[Finding]:
    if not policy.scope.in_scheme.value <= policy.scope.registrable.value:
        yield "scope.registrable", "纳入体系的人员类别都应可以登记，请补上。"


def _ladder(policy: Policy) -> Iterator[Finding]:
    """Check that each post's band is as long as the ladder: grade = lowest grade of the post + step − 1."""
    pay = policy.pay
    yield from _complete("pay.bands", list(Post), pay.bands.value)
    for post, band in pay.bands.value.items():
        if band.lowest < 1 or band.highest > pay.highest_grade.value:
            yield "pay.bands", f"{post}的等级{band.lowest}–{band.highest}超出1至{pay.highest_grade.value}级。"
        if band.highest - band.lowest + 1 != pay.steps.value:
            yield "pay.bands", f"{post}的等级{band.lowest}–{band.highest}与{pay.steps.value}个档次对不上。"


def _shares(policy: Policy) -> Iterator[Finding]:
    pay = policy.pay
    named = {
        "pay.base_share": pay.base_share.value,
        "pay.performance_share": pay.performance_share.value,
        "pay.probation_share": pay.probation_share.value,
        "assessment.excellent_share": policy.assessment.excellent_share.value,
        "assessment.satisfaction_weight": policy.assessment.satisfaction_weight.value,
    }
    for parameter, share in named.items():
        if share is not None and not 0 <= share <= 1:
            yield parameter, f"比例应在0与1之间，现在是{share}。"
    if pay.base_share.value + pay.performance_share.value > 1:
        yield "pay.performance_share", "基本工资与绩效工资的比例相加超过了年收入。"


def _amounts(policy: Policy) -> Iterator[Finding]:
    pay = policy.pay
    yield from _complete("pay.performance_weights", list(Result), pay.performance_weights.value)
    if any(amount < 0 for amount in pay.performance_weights.value.values()):
        yield "pay.performance_weights", "分配系数不能是负数。"
    if any(amount < 0 for amount in pay.allowances.value.values()):
        yield "pay.allowances", "津贴金额不能是负数。"
    if pay.allowance_from.value.day != 1:
        yield "pay.allowance_from", "津贴按月发放，起始日应是某月1日。"
    if any(months < 0 for months in (*pay.entry_credit.value.values(), *pay.bonus_months.value.values())):
        yield "pay.entry_credit", "计入的月数不能是负数。"


def _limits(policy: Policy) -> Iterator[Finding]:
    households = policy.staffing.households_per_worker.value
    if not 0 < households.fewest <= households.most:
        yield "staffing.households_per_worker", "每名工作者的户数应是正数，且下限不大于上限。"
    named = {
        "secondment.most_months": policy.secondment.most_months.value,
        "contract.minimum_service_months": policy.contract.minimum_service_months.value,
        "contract.probation_months": policy.contract.probation_months.value,
        "dismissal.failing": policy.dismissal.failing.value.years,
        "dismissal.absence_running": policy.dismissal.absence_running.value.days,
        "dismissal.absence_yearly": policy.dismissal.absence_yearly.value.days,
    }
    for parameter, limit in named.items():
        if limit is not None and limit < 1:
            yield parameter, f"应是正数；没有规定时写null。现在是{limit}。"
    if policy.secondment.most_at_once.value < 0:
        yield "secondment.most_at_once", "人数上限不能是负数。"
    if not policy.secondment.approvals.value:
        yield "secondment.approvals", "至少写一道审批。"


def _training(policy: Policy) -> Iterator[Finding]:
    """Check that each position has exactly one requirement."""
    named = [position for rule in policy.training.yearly.value for position in rule.positions]
    if len(named) != len(set(named)):
        yield "training.yearly", "有职务出现在两项培训要求里，请只留一项。"
    yield from _complete("training.yearly", list(Position), named)


def _terms_and_leave(policy: Policy) -> Iterator[Finding]:
    contract = policy.contract
    yield from _complete("contract.term_months", policy.scope.in_scheme.value, contract.term_months.value)
    if any(months < 1 for months in contract.term_months.value.values()):
        yield "contract.term_months", "聘期应是正的月数。"
    if any(days < 1 for days in contract.due_days.value):
        yield "contract.due_days", "提醒天数应是正数。"
    starts = [band.from_years for band in policy.leave.annual_days.value]
    if starts != sorted(set(starts)):
        yield "leave.annual_days", "各档要按工作年限由低到高写，不能重复。"


def _complete(parameter: str, members: Collection[str], given: Collection[str]) -> Iterator[Finding]:
    missing = [member for member in members if member not in given]
    if missing:
        yield parameter, f"缺少{'、'.join(sorted(missing))}，请补上。"


CHECKS: tuple[Callable[[Policy], Iterator[Finding]], ...] = (
    _scope,
    _ladder,
    _shares,
    _amounts,
    _limits,
    _training,
    _terms_and_leave,
)
