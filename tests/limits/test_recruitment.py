"""Conditions of recruitment and least service (O 7)."""

from datetime import date

from songshan_cw.policy import policy_at
from songshan_cw.policy.schema import Policy
from songshan_cw.words.terms import Category, Education
from workers.rules.recruitment import hiring_doubts, serves_at_least_until

ORDOS, SONGSHAN = policy_at("150602", date(2022, 6, 1)), policy_at("150404", date(2022, 6, 1))


def doubts(policy: Policy, born: date, education: Education, hired: date, category: Category = Category.STAFF) -> str:
    return "".join(hiring_doubts(policy=policy, category=category, born=born, education=education, hired_on=hired))


def test_education_and_age_in_ordos() -> None:
    born, hired = date(1982, 6, 1), date(2022, 6, 1)
    assert "40周岁" in doubts(ORDOS, born, Education.COLLEGE, hired)
    assert doubts(ORDOS, date(1982, 6, 2), Education.COLLEGE, hired) == ""
    assert "大学专科及以上" in doubts(ORDOS, date(1990, 1, 1), Education.SECONDARY, hired)


def test_elected_members_and_people_from_before_are_not_asked() -> None:
    born = date(1970, 1, 1)
    assert doubts(ORDOS, born, Education.SECONDARY, date(2022, 6, 1), Category.COMMITTEE) == ""
    assert doubts(ORDOS, born, Education.SECONDARY, date(2021, 8, 30)) == ""
    assert doubts(SONGSHAN, born, Education.SECONDARY, date(2022, 6, 1)) == ""


def test_three_years_of_service_for_the_newly_recruited_in_ordos() -> None:
    hired, staff = date(2022, 6, 1), Category.STAFF
    assert serves_at_least_until(policy=ORDOS, category=staff, hired_on=hired) == date(2025, 5, 31)
    assert serves_at_least_until(policy=SONGSHAN, category=staff, hired_on=hired) is None
    assert serves_at_least_until(policy=ORDOS, category=Category.COMMITTEE, hired_on=hired) is None
