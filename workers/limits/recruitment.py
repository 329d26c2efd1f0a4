"""What hiring asks of a person as far as records tell, and how long the newly recruited stay (O 7; S 二(三)2)."""

from collections.abc import Iterator
from datetime import date

from songshan_cw.policy.schema import Policy
from songshan_cw.spans import ONE_DAY, add_months
from songshan_cw.terms import Category, Education
from workers.limits.staffing import age_on


def hiring_doubts(
    *, policy: Policy, category: Category, born: date, education: Education, hired_on: date
) -> Iterator[str]:
    """Conditions of open recruitment that a person misses; to be looked at, since the documents say «generally»."""
    rules = policy.recruitment
    if category is not Category.STAFF or hired_on < policy.document.in_force_from:
        return
    lowest = rules.lowest_education.value
    if lowest is not None and education.rank < lowest.rank:
        yield f"学历为{education}，招聘要求{lowest}及以上（{rules.lowest_education.clause}）。"
    age, under = age_on(born, hired_on), rules.under_age.value
    if under is not None and age >= under:
        yield f"聘用时{age}周岁，一般应在{under}周岁以下（{rules.under_age.clause}）。"


def serves_at_least_until(*, policy: Policy, category: Category, hired_on: date) -> date | None:
    """The last day of the least service of the newly recruited; None where the policy asks none."""
    months = policy.contract.minimum_service_months.value
    if months is None or category is not Category.STAFF or hired_on < policy.document.in_force_from:
        return None
    return add_months(hired_on, months) - ONE_DAY
