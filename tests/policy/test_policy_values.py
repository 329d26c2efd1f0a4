"""Rules 1.3: every value of both documents, as the table of the rules states it."""

from datetime import date
from decimal import Decimal
from types import MappingProxyType

import pytest

from songshan_cw.policy import policy_at
from songshan_cw.policy.schema import (
    AbsenceLimit,
    ApprovalStep,
    DayKind,
    FailingLimit,
    GradeBand,
    HouseholdRange,
    LeaveBand,
    Policy,
    RenewalCondition,
    TrainingRequirement,
    TrainingUnit,
)
from songshan_cw.words.terms import Category, CertificateLevel, Education, Position, Post, Result, Role

SONGSHAN = policy_at("150404", date(2022, 1, 1))
ORDOS = policy_at("150602", date(2021, 8, 31))
PASSING = frozenset({Result.EXCELLENT, Result.COMPETENT})
IN_SCHEME = frozenset({Category.COMMITTEE, Category.STAFF, Category.TRANSFER})
CHIEFS = (Position.SECRETARY, Position.DIRECTOR)
OTHERS = (
    Position.DEPUTY_SECRETARY,
    Position.DEPUTY_DIRECTOR,
    Position.COMMITTEE_MEMBER,
    Position.COMMUNITY_WORKER,
)
BANDS = {Post.CHIEF: GradeBand(7, 18), Post.DEPUTY: GradeBand(4, 15), Post.STAFF: GradeBand(1, 12)}
TERMS_OF_THREE_YEARS = {Category.COMMITTEE: 36, Category.STAFF: 36, Category.TRANSFER: 36}
CREDIT = {Education.BACHELOR: 48, Education.MASTER: 84, Education.DOCTOR: 120}
ALLOWANCES = {
    CertificateLevel.ASSISTANT: Decimal(200),
    CertificateLevel.SOCIAL_WORKER: Decimal(300),
    CertificateLevel.SENIOR: Decimal(500),
}
WEIGHTS = {
    Result.EXCELLENT: Decimal("1.2"),
    Result.COMPETENT: Decimal("1.0"),
    Result.BASIC: Decimal("0.6"),
    Result.FAILED: Decimal(0),
}
ANNUAL_LEAVE = (LeaveBand(1, 5), LeaveBand(10, 10), LeaveBand(20, 15))

SONGSHAN_VALUES = [
    ("scope.in_scheme", IN_SCHEME, "二(一)"),
    ("scope.registrable", frozenset(Category), "二(一)"),
    ("pay.scheme_supplied", True, "二(五)1"),
    ("pay.bands", BANDS, "二(五)1"),
    ("pay.steps", 12, "二(五)1"),
    ("pay.highest_grade", 18, "二(五)1"),
    ("pay.dual_posts", frozenset({Post.CHIEF}), "二(五)4(2)"),
    ("pay.dual_grades", 1, "二(五)4(2)"),
    ("pay.entry_credit", CREDIT, "二(五)4(3)"),
    ("pay.placement", True, "二(三)2"),
    ("pay.credited_results", PASSING, "二(五)4(1)"),
    ("pay.bonus_months", {Result.EXCELLENT: 6}, "二(五)4(4)"),
    ("pay.assessed_from_year", 2022, "二(五)4(1)"),
    ("pay.base_share", Decimal("0.90"), "二(五)2(1)"),
    ("pay.performance_share", Decimal("0.10"), "二(五)2(2)"),
    ("pay.probation_share", Decimal("1.00"), "二(五)2(1)"),
    ("pay.allowances", ALLOWANCES, "二(五)2(3)"),
    ("pay.allowance_from", date(2022, 1, 1), "二(五)4(3)"),
    ("pay.exit_stop", "次月", "二(五)4(2)"),
    ("pay.performance_weights", WEIGHTS, "二(五)2(2)"),
    ("assessment.excellent_share", Decimal("0.15"), "二(四)4"),
    ("assessment.satisfaction_weight", None, "二(四)4"),
    ("assessment.proposed_by", "社区党组织", "二(四)4"),
    ("assessment.decided_by", "街道（乡镇）党（工）委", "二(四)4"),
    ("assessment.filed_with", (), "二(四)4"),
    ("secondment.most_at_once", 2, "二(四)2"),
    ("secondment.most_months", None, "二(四)2"),
    (
        "secondment.approvals",
        (ApprovalStep("区民政局", Role.BUREAU), ApprovalStep("区政府", Role.BUREAU)),
        "二(四)2",
    ),
    ("staffing.households_per_worker", HouseholdRange(300, 300), "二(三)1"),
    ("staffing.fewest_workers", 6, "二(三)1"),
    ("staffing.most_leaders", 3, "二(三)1"),
    ("staffing.party_workers", 1, "二(三)1"),
    ("staffing.local_committee_members", 1, "二(三)1"),
    (
        "training.yearly",
        (
            TrainingRequirement(CHIEFS, 7, TrainingUnit.DAYS),
            TrainingRequirement(OTHERS, 5, TrainingUnit.DAYS),
        ),
        "二(四)1",
    ),
    ("training.visits_per_month", 30, "二(四)2"),
    (
        "contract.term_months",
        {Category.COMMITTEE: 60, Category.STAFF: 36, Category.TRANSFER: 36},
        "二(四)5",
    ),
    ("contract.minimum_service_months", None, "二(四)5"),
    ("contract.probation_months", None, "二(五)2(1)"),
    ("contract.renewal", RenewalCondition(PASSING, 1, 0), "二(四)5"),
    ("contract.due_days", (90, 60, 30), "二(四)5"),
    ("dismissal.failing", FailingLimit(2, True), "二(四)5"),
    ("dismissal.absence_running", AbsenceLimit(15, False, DayKind.CALENDAR), "二(四)5"),
    ("dismissal.absence_yearly", AbsenceLimit(30, True, DayKind.CALENDAR), "二(四)5"),
    ("recruitment.methods", ("公开招录", "考察考核聘用"), "二(三)2"),
    ("recruitment.lowest_education", None, "二(三)2"),
    ("recruitment.under_age", None, "二(三)2"),
    ("recruitment.disqualifiers", (), "二(三)2"),
    ("recruitment.certificate_first", False, "二(三)2"),
    ("leave.annual_days", ANNUAL_LEAVE, "二(五)3(2)"),
    ("archive.filed_positions", frozenset({Position.SECRETARY}), "二(四)6"),
    ("archive.filed_with", "区委组织部", "二(四)6"),
]

ORDOS_VALUES = [
    ("scope.in_scheme", IN_SCHEME, "2"),
    ("scope.registrable", frozenset(Category), "2"),
    ("pay.scheme_supplied", False, "11"),
    ("pay.bands", BANDS, "11"),
    ("pay.steps", 12, "11"),
    ("pay.highest_grade", 18, "11"),
    ("pay.dual_posts", frozenset({Post.CHIEF}), "11"),
    ("pay.dual_grades", 1, "11"),
    ("pay.entry_credit", CREDIT, "11"),
    ("pay.placement", True, "11"),
    ("pay.credited_results", PASSING, "18"),
    ("pay.bonus_months", {Result.EXCELLENT: 6}, "18"),
    ("pay.assessed_from_year", 2022, "18"),
    ("pay.base_share", Decimal("0.90"), "11"),
    ("pay.performance_share", Decimal("0.10"), "11"),
    ("pay.probation_share", Decimal("1.00"), "9"),
    ("pay.allowances", ALLOWANCES, "17"),
    ("pay.allowance_from", date(2021, 9, 1), "17"),
    ("pay.exit_stop", "次月", "11"),
    ("pay.performance_weights", WEIGHTS, "18"),
    ("assessment.excellent_share", Decimal("0.20"), "18"),
    ("assessment.satisfaction_weight", Decimal("0.50"), "18"),
    ("assessment.proposed_by", "社区党组织", "19"),
    ("assessment.decided_by", "街道党工委（苏木乡镇党委）", "19"),
    ("assessment.filed_with", ("旗区组织部门", "旗区民政部门"), "19"),
    ("secondment.most_at_once", 2, "14"),
    ("secondment.most_months", 3, "14"),
    (
        "secondment.approvals",
        (ApprovalStep("旗区组织部门", Role.ORGANISATION), ApprovalStep("旗区民政部门", Role.BUREAU)),
        "14",
    ),
    ("staffing.households_per_worker", HouseholdRange(200, 400), "3"),
    ("staffing.fewest_workers", None, "3"),
    ("staffing.most_leaders", None, "3"),
    ("staffing.party_workers", 1, "3"),
    ("staffing.local_committee_members", None, "3"),
    ("training.yearly", (TrainingRequirement(CHIEFS + OTHERS, 40, TrainingUnit.HOURS),), "16"),
    ("training.visits_per_month", None, "15"),
    ("contract.term_months", TERMS_OF_THREE_YEARS, "9"),
    ("contract.minimum_service_months", 36, "7"),
    ("contract.probation_months", 3, "9"),
    ("contract.renewal", RenewalCondition(PASSING, 3, 3), "9"),
    ("contract.due_days", (90, 60, 30), "25"),
    ("dismissal.failing", FailingLimit(2, False), "23(二)"),
    ("dismissal.absence_running", AbsenceLimit(15, True, DayKind.WORKING), "23(七)"),
    ("dismissal.absence_yearly", AbsenceLimit(30, True, DayKind.WORKING), "23(七)"),
    ("recruitment.methods", ("考试录用", "考核录用"), "7(三)"),
    ("recruitment.lowest_education", Education.COLLEGE, "7(一)2"),
    ("recruitment.under_age", 40, "7(一)3"),
    ("recruitment.certificate_first", True, "7(一)4"),
    ("leave.annual_days", ANNUAL_LEAVE, "5(二)"),
    ("archive.filed_positions", frozenset({Position.SECRETARY}), "13"),
    ("archive.filed_with", "旗区党委组织部", "13"),
]


def assert_states(policy: Policy, parameter: str, value: object, clause: str) -> None:
    section, name = parameter.split(".")
    cited = getattr(getattr(policy, section), name)
    assert cited.value == value
    assert type(cited.value) is (MappingProxyType if isinstance(value, dict) else type(cited.value))
    assert cited.clause == clause
    assert cited.since == policy.document.in_force_from


@pytest.mark.parametrize(("parameter", "value", "clause"), SONGSHAN_VALUES)
def test_songshan_states(parameter: str, value: object, clause: str) -> None:
    assert_states(SONGSHAN, parameter, value, clause)


@pytest.mark.parametrize(("parameter", "value", "clause"), ORDOS_VALUES)
def test_ordos_states(parameter: str, value: object, clause: str) -> None:
    assert_states(ORDOS, parameter, value, clause)


@pytest.mark.parametrize(("policy", "reasons", "disqualifiers", "parts"), [(SONGSHAN, 8, 0, 6), (ORDOS, 9, 5, 6)])
def test_lists_are_complete(policy: Policy, reasons: int, disqualifiers: int, parts: int) -> None:
    assert len(policy.dismissal.reasons.value) == reasons
    assert len(policy.recruitment.disqualifiers.value) == disqualifiers
    assert len(policy.archive.parts.value) == parts
    assert policy.leave.kinds.value == ("病假", "婚假", "丧假", "产假", "年休假")


def test_money_and_shares_are_exact_decimals() -> None:
    assert type(SONGSHAN.pay.base_share.value) is Decimal
    assert str(SONGSHAN.pay.base_share.value) == "0.90"
    assert {type(amount) for amount in SONGSHAN.pay.allowances.value.values()} == {Decimal}


def test_values_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        SONGSHAN.pay.entry_credit.value[Education.COLLEGE] = 99  # type: ignore[index]
    with pytest.raises(AttributeError):
        SONGSHAN.pay.steps.value = 13  # type: ignore[misc]
