"""Which document speaks for a district on a day; gaps refused in words; a third district by data alone."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from songshan_cw.policy import (
    PolicyBook,
    PolicyGap,
    cite,
    current_book,
    policy_at,
    policy_timeline,
)
from songshan_cw.policy.schema import AbsenceLimit, DayKind
from songshan_cw.words.periods import month
from songshan_cw.words.terms import Category, Education, Post, Role
from tests.policies import using

THIRD = Path(__file__).parent / "third"
TEST_BANNER = "152999"


@pytest.fixture
def third() -> Iterator[PolicyBook]:
    with using(THIRD) as book:
        yield book


def test_a_kept_version_is_cited_by_its_title() -> None:
    assert (
        current_book().cited("songshan@2022-01-01")
        == "《松山区社区工作者职业体系建设实施方案（试行）》（2022-01-01版）"
    )
    assert current_book().cited("elsewhere@2020-01-01") == "elsewhere@2020-01-01"


@pytest.mark.parametrize(
    ("region", "day", "key"),
    [
        ("150404", date(2022, 1, 1), "songshan"),
        ("150404001", date(2022, 1, 1), "songshan"),
        ("150404001002", date(2035, 6, 30), "songshan"),
        ("150602", date(2021, 8, 31), "ordos"),
        ("150627", date(2021, 8, 31), "ordos"),
        ("150622101", date(2026, 1, 1), "ordos"),
        ("1506", date(2022, 1, 1), "ordos"),
    ],
)
def test_document_in_force(region: str, day: date, key: str) -> None:
    assert policy_at(region, day).document.key == key


@pytest.mark.parametrize(
    ("region", "day", "words"),
    [
        ("150404", date(2021, 12, 31), ["150404", "2021-12-31", "松山区", "自2022-01-01起施行"]),
        ("150602", date(2021, 8, 30), ["150602", "2021-08-30", "鄂尔多斯市", "自2021-08-31起施行"]),
        ("150402", date(2022, 1, 1), ["150402", "没有任何文件", "补入该地的政策文件"]),
        ("1504", date(2022, 1, 1), ["1504", "没有任何文件"]),
        ("15", date(2022, 1, 1), ["没有任何文件"]),
    ],
)
def test_gap_is_refused_in_words(region: str, day: date, words: list[str]) -> None:
    with pytest.raises(PolicyGap) as refusal:
        policy_at(region, day)
    for word in words:
        assert word in str(refusal.value)


def test_month_is_decided_on_its_first_day() -> None:
    """Ordos' document starts on 31 August: August as a month is still a gap, September is not."""
    with pytest.raises(PolicyGap):
        policy_at("150602", date(2021, 8, 1))
    assert policy_at("150602", date(2021, 9, 1)).document.key == "ordos"
    assert policy_timeline("150602").first_month == month(2021, 9)
    assert policy_timeline("150404").first_month == month(2022, 1)


def test_timeline_reads_years_before_the_scheme_by_its_first_policy() -> None:
    timeline = policy_timeline("150404")
    assert timeline.at(month(1984, 1)) is timeline.at(month(2022, 1))
    assert timeline.at(month(2022, 1)) is policy_at("150404", date(2022, 1, 1))
    assert timeline.policies == (policy_at("150404", date(2030, 1, 1)),)


def test_same_day_gives_the_same_object() -> None:
    assert current_book() is current_book()
    assert policy_timeline("150404001") is policy_timeline("150404")
    assert policy_at("150602", date(2022, 5, 1)) is policy_at("150621", date(2029, 5, 1))


def test_timeline_of_an_unknown_district_is_a_gap() -> None:
    with pytest.raises(PolicyGap, match="150402"):
        policy_timeline("150402")


def test_third_district_by_data_alone(third: PolicyBook) -> None:
    policy = policy_at("152999001", date(2023, 3, 15))
    assert policy.document.title == "测试旗社区工作者管理规定"
    assert Category.TRANSFER not in policy.scope.in_scheme.value
    assert policy.pay.bands.value[Post.CHIEF].lowest == 6
    assert policy.pay.dual_grades.value == 2
    assert policy.pay.entry_credit.value[Education.COLLEGE] == 12
    assert policy.pay.base_share.value == Decimal("0.80")
    assert [step.role for step in policy.secondment.approvals.value] == [
        Role.LEADER,
        Role.BUREAU,
        Role.ORGANISATION,
    ]
    assert policy.dismissal.absence_running.value == AbsenceLimit(10, True, DayKind.WORKING)
    assert policy.training.visits_per_month.value == 20


def test_other_book_ends_with_its_block() -> None:
    with using(THIRD), pytest.raises(PolicyGap):
        policy_at("150404", date(2022, 1, 1))
    assert policy_at("150404", date(2022, 1, 1)).document.key == "songshan"
    with pytest.raises(PolicyGap):
        policy_at(TEST_BANNER, date(2023, 4, 1))


def test_dated_change_switches_on_its_day(third: PolicyBook) -> None:
    before = policy_at(TEST_BANNER, date(2024, 6, 30))
    after = policy_at(TEST_BANNER, date(2024, 7, 1))
    assert (before.assessment.excellent_share.value, after.assessment.excellent_share.value) == (
        Decimal("0.10"),
        Decimal("0.12"),
    )
    assert (before.secondment.most_at_once.value, after.secondment.most_at_once.value) == (1, 3)
    assert (before.secondment.most_at_once.clause, after.secondment.most_at_once.clause) == ("四", "七")
    assert (before.version, after.version) == ("ceshi@2023-03-15", "ceshi@2024-07-01")
    assert before.pay.bands is after.pay.bands


def test_timeline_of_several_policies(third: PolicyBook) -> None:
    timeline = third.timeline(TEST_BANNER)
    first, second = timeline.policies
    assert timeline.first_month == month(2023, 4)
    assert timeline.at(month(2010, 1)) is first
    assert timeline.at(month(2024, 6)) is first
    assert timeline.at(month(2024, 7)) is second
    assert timeline.at(month(2026, 12)) is second


def test_after_the_last_day_is_a_gap(third: PolicyBook) -> None:
    assert policy_at(TEST_BANNER, date(2026, 12, 31)).document.key == "ceshi"
    with pytest.raises(PolicyGap, match=r"施行至2026-12-31.*自2027-01-01起"):
        policy_at(TEST_BANNER, date(2027, 1, 1))
    with pytest.raises(PolicyGap, match="2027年1月"):
        third.timeline(TEST_BANNER).at(month(2027, 1))


def test_citation_reads_as_people_write_it() -> None:
    songshan = policy_at("150404", date(2022, 1, 1)).document
    ordos = policy_at("150602", date(2022, 1, 1)).document
    assert cite(songshan, "二(五)4(1)").endswith("（试行）》二(五)4(1)")
    assert cite(ordos, "14").endswith("暂行办法》第14条")
    assert cite(ordos, "23(七)").endswith("暂行办法》第23条(七)")
