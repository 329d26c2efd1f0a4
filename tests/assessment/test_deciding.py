"""Proposal, decision, share, exception and filing (rules 8; S 二(四)4, O 18, 19)."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessment.models import AnnualAssessment, AssessmentProposal, ShareException
from assessment.selectors.share import share_of
from assessment.selectors.sheet import version_of_year
from assessment.services.annual import record_assessment, remove_assessment
from assessment.services.filing import file_results, reopen_filing
from assessment.services.share import grant_exception
from assessment.services.sheet import Suggestion, decide_many, propose_sheet
from songshan_cw.data.refusal import NotAllowed, Refused
from songshan_cw.policy import PolicyGap
from songshan_cw.words.terms import Result
from tests.compliance.world import B1, O1, A, O, people, person, user
from workers.models import Change, PostAssignment, ServiceGap, User, Worker

pytestmark = pytest.mark.usefixtures("regions")
NOW = datetime(2023, 1, 10, 2, 0, tzinfo=UTC)
BEST, GOOD, FAILED = Result.EXCELLENT, Result.COMPETENT, Result.FAILED


def suggest(worker: Worker, actor: User, **words: Any) -> AssessmentProposal:
    scores = {"everyday": Decimal(80), "yearly": Decimal(90), "satisfaction": Decimal(100)}
    street = worker.standing.street_id
    suggestions = {worker.pk: Suggestion(**(scores | words), result=GOOD)}
    seen = version_of_year(street, 2022)
    propose_sheet(actor=actor, street_code=street, year=2022, suggestions=suggestions, seen=seen, at=NOW)
    return AssessmentProposal.objects.get(worker=worker, year=2022)


def decided(
    workers: list[Worker], result: Result, actor: str = "leader-a", street: str = A, year: int = 2022, **words: Any
) -> int:
    results = {worker.pk: result for worker in workers}
    return decide_many(
        **{"actor": user(actor), "street_code": street, "year": year, "results": results, "at": NOW} | words
    )


def test_total_by_the_policy_of_the_place() -> None:
    assert suggest(person(), user("clerk-a")).total == Decimal("90.00")
    assert suggest(person(O1), user("clerk-o")).total == Decimal("92.50")


def test_a_proposal_can_be_corrected_until_decided() -> None:
    worker = person()
    suggest(worker, user("clerk-a"))
    suggest(worker, user("clerk-a"), satisfaction=Decimal(70))
    assert AssessmentProposal.objects.get().total == Decimal("80.00")
    decided([worker], GOOD)
    with pytest.raises(Refused, match="已确定"):
        suggest(worker, user("clerk-a"))


@pytest.mark.parametrize("score", [Decimal("-1"), Decimal("100.01")])
def test_scores_lie_between_nothing_and_a_hundred(score: Decimal) -> None:
    with pytest.raises(Refused):
        suggest(person(), user("clerk-a"), yearly=score)


def test_only_the_own_street_proposes() -> None:
    for name in ("clerk-o", "leader-a", "bureau"):
        with pytest.raises(NotAllowed):
            suggest(person(), user(name))


def test_decision_keeps_who_when_and_what_was_before() -> None:
    worker = person()
    decided([worker], GOOD)
    decided([worker], FAILED, "leader-a2", reason="复核")
    row = AnnualAssessment.objects.get()
    assert (row.result, row.decided_by, row.decided_at) == ("不合格", user("leader-a2"), NOW)
    told = [item[2:] for change in Change.objects.order_by("id") for item in change.items if item[2] == "等次"]
    assert told == [["等次", "", "合格"], ["等次", "合格", "不合格"]]


@pytest.mark.parametrize(("headcount", "allowed"), [(13, 1), (20, 3), (21, 3)])
def test_the_integer_count(headcount: int, allowed: int) -> None:
    workers = people(headcount)
    assert share_of(A, 2022).share.left == allowed
    with pytest.raises(Refused, match=f"最多{allowed}人"):
        decided(workers[: allowed + 1], BEST)
    assert AnnualAssessment.objects.count() == 0
    assert decided(workers[:allowed], BEST) == allowed
    share = share_of(A, 2022).share
    assert (share.used, share.left) == (allowed, 0)


def test_exchanging_one_for_another_is_possible_at_the_limit() -> None:
    workers = people(13)
    decided(workers[:1], BEST)
    results = {workers[0].pk: GOOD, workers[1].pk: BEST}
    assert decide_many(actor=user("leader-a"), street_code=A, year=2022, results=results, at=NOW) == 2


def test_history_over_the_share_can_be_lowered_step_by_step() -> None:
    workers = [*people(3, results={2022: "优秀"}), *people(4)]
    assert share_of(A, 2022).share.over == 2
    assert decided(workers[:1], GOOD) == 1
    with pytest.raises(Refused):
        decided(workers[:1], BEST)


def test_the_bureau_may_let_more_through_the_street_not() -> None:
    workers = people(6)
    with pytest.raises(Refused, match="最多0人"):
        decided(workers[:1], BEST)
    words = {"street_code": A, "year": 2022, "extra": 1, "reason": "全国先进", "at": NOW}
    for name in ("leader-a", "clerk-a", "bureau-o", "organisation"):
        with pytest.raises(NotAllowed):
            grant_exception(actor=user(name), **words)
    with pytest.raises(Refused, match="理由"):
        grant_exception(actor=user("bureau"), **(words | {"reason": " "}))
    grant_exception(actor=user("bureau"), **words)
    assert decided(workers[:1], BEST) == 1
    assert ShareException.objects.get().granted_by == user("bureau")
    assert Change.objects.filter(reason="全国先进").exists()


def test_only_the_leader_of_the_street_of_that_year_decides() -> None:
    worker = person()
    for name in ("clerk-a", "leader-b", "bureau"):
        with pytest.raises(NotAllowed):
            decided([worker], GOOD, name)
    PostAssignment.objects.create(
        worker=worker, start=date(2022, 6, 1), community_id=B1, post="工作人员", position="社区工作者"
    )
    with pytest.raises(Refused, match="所在街道"):
        decided([worker], GOOD)
    assert decided([worker], GOOD, "leader-b", B1[:9]) == 1


def test_a_year_to_come_or_without_a_policy_is_refused() -> None:
    worker = person()
    with pytest.raises(Refused, match="尚未开始"):
        decided([worker], GOOD, year=2024)
    with pytest.raises(PolicyGap):
        decided([worker], GOOD, year=2021)


def test_entering_a_result_by_form_keeps_the_share_too() -> None:
    people(6)
    worker = person()
    record_assessment(
        actor=user("clerk-a"), assessment=AnnualAssessment(worker=worker, year=2022, result="优秀"), at=NOW
    )
    with pytest.raises(Refused, match="最多1人"):
        record_assessment(
            actor=user("clerk-a"), assessment=AnnualAssessment(worker=person(), year=2022, result="优秀"), at=NOW
        )
    before = AnnualAssessment(worker=person(), year=2021, result="优秀")
    record_assessment(actor=user("clerk-a"), assessment=before, at=NOW)


def test_a_result_decided_here_is_corrected_by_who_decides() -> None:
    """One that came on paper or by workbook stays with the clerk who keeps the records (8.1, 10.2)."""
    decided_here, on_paper = person(), person()
    decided([decided_here], GOOD)
    AnnualAssessment.objects.create(worker=on_paper, year=2022, result="合格")
    mine, paper = (AnnualAssessment.objects.get(worker=worker) for worker in (decided_here, on_paper))
    mine.result = paper.result = "不合格"
    with pytest.raises(NotAllowed, match="只能由负责人更正"):
        record_assessment(actor=user("clerk-a"), assessment=mine, at=NOW)
    with pytest.raises(NotAllowed, match="只能由负责人更正"):
        remove_assessment(actor=user("clerk-a"), assessment=mine, at=NOW)
    record_assessment(actor=user("clerk-a"), assessment=paper, at=NOW)
    record_assessment(actor=user("leader-a"), assessment=mine, at=NOW)
    assert set(AnnualAssessment.objects.values_list("result", flat=True)) == {"不合格"}


def test_a_filed_result_stands_until_the_filing_is_taken_back() -> None:
    worker = person()
    decided([worker], GOOD)
    AnnualAssessment.objects.update(filed_on=date(2023, 1, 20))
    stored = AnnualAssessment.objects.get()
    for act in (record_assessment, remove_assessment):
        with pytest.raises(Refused, match="已备案"):
            act(actor=user("leader-a"), assessment=stored, at=NOW)


def test_the_year_begins_with_the_local_new_year() -> None:
    """At 00:30 in Songshan it is still the old year in Greenwich."""
    worker, at = person(), datetime(2023, 12, 31, 16, 30, tzinfo=UTC)
    decided([worker], GOOD, year=2024, at=at)
    assert AnnualAssessment.objects.get().year == 2024


def test_filing_in_ordos_and_not_in_songshan() -> None:
    workers = people(2, O1)
    User.objects.create(username="leader-o", role="街道负责人", region_id=O)
    decided(workers, GOOD, "leader-o", O)
    assert file_results(actor=user("bureau-o"), street_code=O, year=2022, on=date(2023, 1, 10), at=NOW) == 2
    with pytest.raises(Refused, match="已备案"):
        decided(workers[:1], FAILED, "leader-o", O)
    with pytest.raises(Refused, match="没有待备案"):
        file_results(actor=user("bureau-o"), street_code=O, year=2022, on=date(2023, 1, 10), at=NOW)
    assert reopen_filing(actor=user("bureau-o"), street_code=O, year=2022, reason="更正", at=NOW) == 2
    assert decided(workers[:1], FAILED, "leader-o", O) == 1
    with pytest.raises(NotAllowed):
        file_results(actor=user("bureau"), street_code=O, year=2022, on=date(2023, 1, 10), at=NOW)
    with pytest.raises(Refused, match="没有要求"):
        file_results(actor=user("bureau"), street_code=A, year=2022, on=date(2023, 1, 10), at=NOW)


def test_many_are_decided_by_as_many_statements_as_few() -> None:
    def statements(workers: list[Worker]) -> int:
        with CaptureQueriesContext(connection) as captured:
            decided(workers, GOOD)
        return len(captured)

    assert statements(people(2)) == statements(people(40))


def test_this_year_s_result_is_the_leader_s_by_form_too() -> None:
    """A clerk enters results of closed years; one of the current year only the leader (rules 7.7)."""
    this_year = NOW.year
    given = {"year": this_year, "result": "合格"}
    with pytest.raises(NotAllowed, match="街道负责人"):
        record_assessment(actor=user("clerk-a"), assessment=AnnualAssessment(worker=person(), **given), at=NOW)
    record_assessment(actor=user("leader-a"), assessment=AnnualAssessment(worker=person(), **given), at=NOW)


def test_no_result_for_a_year_without_a_month_in_service() -> None:
    worker = person()
    ServiceGap.objects.create(worker=worker, first_day=date(2022, 1, 1), last_day=date(2022, 12, 31))
    with pytest.raises(Refused, match=f"{worker.name}：2022年度没有一个月月末在岗"):
        decided([worker, person()], GOOD)
    assert not AnnualAssessment.objects.exists()
