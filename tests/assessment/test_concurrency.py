"""Two leaders give the last 优秀 at the same moment: one wins, the other is told (rules 8.2)."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from assessment.models import AnnualAssessment
from assessment.services.annual import record_assessment
from assessment.services.sheet import decide_many
from songshan_cw.data.refusal import Refused
from songshan_cw.words.terms import Result
from tests.compliance.world import A, people, user
from tests.secondment.test_concurrency import both
from workers.models import Worker

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("committed_regions")]
NOW = datetime(2023, 1, 10, 2, 0, tzinfo=UTC)


def best(worker: Worker, actor: str) -> Callable[[], object]:
    return lambda: decide_many(
        actor=user(actor), street_code=A, year=2022, results={worker.pk: Result.EXCELLENT}, at=NOW
    )


def entered(worker: Worker) -> Callable[[], object]:
    row = AnnualAssessment(worker=worker, year=2022, result="优秀")
    return lambda: record_assessment(actor=user("clerk-a"), assessment=row, at=NOW)


def refused(results: list[object]) -> list[Refused]:
    return [result for result in results if isinstance(result, Refused)]


@pytest.mark.parametrize("attempt", range(5))
def test_the_last_place_is_given_once(attempt: int) -> None:
    workers = people(13)
    refusals = refused(both(best(workers[0], "leader-a"), best(workers[1], "leader-a2")))
    assert len(refusals) == 1 and "最多1人" in str(refusals[0])
    assert AnnualAssessment.objects.filter(result="优秀").count() == 1


def test_a_decision_and_an_entry_by_form_at_once() -> None:
    workers = people(13)
    assert len(refused(both(best(workers[0], "leader-a"), entered(workers[1])))) == 1
    assert AnnualAssessment.objects.filter(result="优秀").count() == 1
