"""One line on each subject of a policy, to compare documents."""

from collections.abc import Callable
from dataclasses import dataclass

from songshan_cw.policy.schema import AbsenceLimit, Policy


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject of comparison. ``rule`` is its number in the rules of the domain, shared with its findings."""

    rule: str
    name: str
    stated: Callable[[Policy], str]


def excellent(policy: Policy) -> str:
    rule = policy.assessment.excellent_share
    return f"优秀不超过{(rule.value * 100).normalize():f}%（{rule.article}）"


def dismissal(policy: Policy) -> str:
    rules = policy.dismissal
    term = "一个聘期内" if rules.failing.value.within_term else ""
    return (
        f"{term}连续{rules.failing.value.years}年不合格（{rules.failing.article}）；"
        f"旷工连续{_days(rules.absence_running.value)}、一年内累计{_days(rules.absence_yearly.value)}"
        f"（{rules.absence_running.article}）"
    )


def _days(limit: AbsenceLimit) -> str:
    return f"{'超过' if limit.exceed else '满'}{limit.days}个{limit.day_kind}"


def secondment(policy: Policy) -> str:
    rules = policy.secondment
    most = rules.most_months.value
    length = "不限期" if most is None else f"每次不超过{most}个月"
    steps = "、".join(step.authority for step in rules.approvals.value)
    at_once = rules.most_at_once
    return f"同一社区同时不超过{at_once.value}人，{length}，依次由{steps}审批（{at_once.article}）"


def contract(policy: Policy) -> str:
    rule = policy.contract.term_months
    terms = "，".join(f"{category}{months}个月" for category, months in rule.value.items())
    return f"聘期{terms}（{rule.article}）"


def training(policy: Policy) -> str:
    rule = policy.training.yearly
    owed = "；".join(f"{'、'.join(each.positions)}{each.amount}{each.unit}" for each in rule.value)
    return f"每年{owed}（{rule.article}）"


def staffing(policy: Policy) -> str:
    rules = policy.staffing
    ratio = rules.households_per_worker.value
    span = f"{ratio.most}户" if ratio.fewest == ratio.most else f"{ratio.fewest}至{ratio.most}户"
    fewest = f"，每社区至少{rules.fewest_workers.value}人" if rules.fewest_workers.value else ""
    leaders = f"，领导职数不超过{rules.most_leaders.value}人" if rules.most_leaders.value else ""
    return (
        f"每{span}1人{fewest}{leaders}，专职党务工作者{rules.party_workers.value}人"
        f"（{rules.households_per_worker.article}）"
    )


SUBJECTS = (
    Subject("8.2", "优秀比例", excellent),
    Subject("8.3", "解除聘用的条件", dismissal),
    Subject("9.1", "借调", secondment),
    Subject("9.2", "合同", contract),
    Subject("9.3", "培训", training),
    Subject("9.6", "人员配备", staffing),
)
