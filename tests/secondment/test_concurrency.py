"""Two approvals of one community at the same moment: one wins, the other is told (rules 9.1)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier

import pytest
from django.db import connection

from songshan_cw.data.refusal import Overtaken, Refused
from tests.compliance.world import people, user
from workers.models import Secondment, SecondmentApproval
from workers.services.secondments import approve_secondment, request_secondment

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("committed_regions")]
NOW = datetime(2022, 3, 1, 2, 0, tzinfo=UTC)


def both(first: Callable[[], object], second: Callable[[], object]) -> list[object]:
    """Run two calls at the same moment; a refusal is a result."""
    start = Barrier(2)

    def call(action: Callable[[], object]) -> object:
        start.wait()
        try:
            return action()
        except Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return [future.result() for future in [pool.submit(call, first), pool.submit(call, second)]]


def requests(number: int) -> list[Secondment]:
    """Requests that wait for their last approval."""
    found = []
    for worker in people(number):
        one = request_secondment(
            actor=user("clerk-a"), worker=worker, body="区政府", start=date(2022, 3, 1), end=None, reason="普查", at=NOW
        )
        approve_secondment(actor=user("bureau"), secondment_id=one.pk, at=NOW)
        found.append(one)
    return found


def finish(secondment: Secondment, actor: str) -> Callable[[], object]:
    return lambda: approve_secondment(actor=user(actor), secondment_id=secondment.pk, document_no="1号", at=NOW)


@pytest.mark.parametrize("attempt", range(5))
def test_second_place_is_given_once(attempt: int) -> None:
    one, two, three = requests(3)
    finish(one, "bureau")()
    results = both(finish(two, "bureau"), finish(three, "bureau-2"))
    refusals = [result for result in results if isinstance(result, Refused)]
    assert len(refusals) == 1 and "超过2人" in str(refusals[0])
    assert Secondment.objects.filter(state="已批准").count() == 2


def test_one_request_is_approved_once() -> None:
    (one,) = requests(1)
    results = both(finish(one, "bureau"), finish(one, "bureau-2"))
    assert len([result for result in results if isinstance(result, Overtaken)]) == 1
    assert SecondmentApproval.objects.count() == 2
