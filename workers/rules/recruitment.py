"""Ways of hiring, conditions of recruitment, and the minimum service (S 二(三)2; O 6–9)."""

from collections.abc import Iterator
from datetime import date

from songshan_cw.policy.schema import Policy
from songshan_cw.words.spans import term_end
from songshan_cw.words.terms import Category, Education
from workers.rules.staffing import age_on

# Other ways than the recruitment that a document regulates (readings: HIRING_METHODS).
OTHER_METHODS = ("选任", "调入", "在岗纳入", "下派")


def hiring_methods(policy: Policy) -> tuple[str, ...]:
    """Return the list that forms offer and services accept: recruitment in the document's order, then the others."""
    return (*policy.recruitment.methods.value, *OTHER_METHODS)


def method_fault(policy: Policy, method: str) -> str:
    """Describe why a way of hiring is not accepted. Empty for one of the list."""
    listed = hiring_methods(policy)
    if method in listed:
        return ""
    return f"录用方式“{method}”不在列明的方式中（{policy.recruitment.methods.article}）。请选择：{'、'.join(listed)}。"


def hiring_doubts(
    *, policy: Policy, category: Category, born: date, education: Education, hired_on: date, method: str | None = None
) -> Iterator[str]:
    """List the conditions of recruitment that a person does not meet. The documents say «generally», so they only warn.

    ``method`` is None where not asked, and empty where not entered.
    """
    rules = policy.recruitment
    if not _recruited(policy, category, hired_on):
        return
    if method == "":
        yield f"没有登记录用方式（{rules.methods.article}）。"
    elif method is not None and method not in rules.methods.value:
        wanted = "或".join(rules.methods.value)
        yield f"录用方式为{method}，专职工作者应经{wanted}（{rules.methods.article}）。"
    lowest = rules.lowest_education.value
    if lowest is not None and education.rank < lowest.rank:
        yield f"学历为{education}，招聘要求{lowest}及以上（{rules.lowest_education.article}）。"
    age, under = age_on(born, hired_on), rules.under_age.value
    if under is not None and age >= under:
        yield f"聘用时{age}周岁，一般应在{under}周岁以下（{rules.under_age.article}）。"


def serves_at_least_until(*, policy: Policy, category: Category, hired_on: date) -> date | None:
    """Return the last day of the minimum service of new recruits, or None where the policy has none."""
    months = policy.contract.minimum_service_months.value
    if months is None or not _recruited(policy, category, hired_on):
        return None
    return term_end(hired_on, months)


def leaves_early(*, policy: Policy, category: Category, hired_on: date, left_on: date) -> str:
    """Describe leaving before the minimum service ends. Empty where it has ended or is not required."""
    until = serves_at_least_until(policy=policy, category=category, hired_on=hired_on)
    if until is None or left_on >= until:
        return ""
    return f"最低服务期到{until}才满，{left_on}离职属于提前离开（{policy.contract.minimum_service_months.article}）。"


def _recruited(policy: Policy, category: Category, hired_on: date) -> bool:
    """Return whether the person is staff hired since the document came into force."""
    return category is Category.STAFF and hired_on >= policy.document.in_force_from
