"""How people are hired, what hiring asks as far as records tell, and how long they stay (S 二(三)2; O 6–9)."""

from collections.abc import Iterator
from datetime import date

from songshan_cw.policy.schema import Policy
from songshan_cw.words.spans import term_end
from songshan_cw.words.terms import Category, Education
from workers.rules.staffing import age_on

# Ways into the service beside the recruitment a document regulates (readings: HIRING_METHODS).
OTHER_METHODS = ("选任", "调入", "在岗纳入", "下派")


def hiring_methods(policy: Policy) -> tuple[str, ...]:
    """The one list that forms offer and services accept: recruitment in the document's order, then the other ways."""
    return (*policy.recruitment.methods.value, *OTHER_METHODS)


def method_fault(policy: Policy, method: str) -> str:
    """Why a way of hiring cannot be entered; empty where it is one of the list."""
    listed = hiring_methods(policy)
    if method in listed:
        return ""
    return f"录用方式“{method}”不在列明的方式中（{policy.recruitment.methods.article}）。请选择：{'、'.join(listed)}。"


def hiring_doubts(
    *, policy: Policy, category: Category, born: date, education: Education, hired_on: date, method: str | None = None
) -> Iterator[str]:
    """What a person misses of open recruitment; to be looked at, since the documents say «generally».

    ``method`` None: not asked; empty: not entered.
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
    """The last day of the least service of the newly recruited; None where the policy asks none."""
    months = policy.contract.minimum_service_months.value
    if months is None or not _recruited(policy, category, hired_on):
        return None
    return term_end(hired_on, months)


def leaves_early(*, policy: Policy, category: Category, hired_on: date, left_on: date) -> str:
    """What is said of leaving before the least service is done; empty where it is done or not asked."""
    until = serves_at_least_until(policy=policy, category=category, hired_on=hired_on)
    if until is None or left_on >= until:
        return ""
    return f"最低服务期到{until}才满，{left_on}离职属于提前离开（{policy.contract.minimum_service_months.article}）。"


def _recruited(policy: Policy, category: Category, hired_on: date) -> bool:
    """Staff hired since the document came into force; the elected and those from before are not asked."""
    return category is Category.STAFF and hired_on >= policy.document.in_force_from
