"""Reasons to leave come from one list (rules 9.4; S 二(四)5; O 23)."""

from datetime import UTC, date, datetime

import pytest

from payroll.pages.event_forms import FORMS
from songshan_cw.data.refusal import Refused
from songshan_cw.policy import policy_at
from tests.compliance.world import O1, person, user
from workers.admin.policy_choices import policy_choices
from workers.models import Exit
from workers.rules.leaving import exit_reasons, reason_fault
from workers.services import record_fact

pytestmark = pytest.mark.usefixtures("regions")
NOW = datetime(2024, 2, 1, 2, 0, tzinfo=UTC)
SONGSHAN, ORDOS = policy_at("150404", date(2024, 1, 1)), policy_at("150602", date(2024, 1, 1))


def test_the_policy_s_own_and_what_is_no_dismissal() -> None:
    assert exit_reasons(SONGSHAN)[-4:] == ("聘期届满未续聘", "退休", "调离", "去世")
    assert "连续两年考核不合格" in exit_reasons(ORDOS) and "聘期内连续两年考核不合格" not in exit_reasons(ORDOS)
    assert reason_fault(SONGSHAN, "自动辞职") == "" == reason_fault(ORDOS, "退休")
    assert reason_fault(ORDOS, "自动辞职").startswith("离职原因“自动辞职”不在政策列明的原因中（第23条）。请选择：")


def test_page_admin_and_service_ask_the_same_list() -> None:
    worker, clerk = person(), user("clerk-a")
    form = FORMS["exit"](worker=worker, user=clerk, today=date(2024, 1, 10))
    offered = [value for value, _ in form.fields["reason"].choices if value]
    assert offered == list(exit_reasons(SONGSHAN)) == policy_choices(clerk, date(2024, 1, 10), exit_reasons)
    with pytest.raises(Refused, match="不在政策列明的原因中"):
        record_fact(actor=clerk, instance=Exit(worker=worker, left_on=date(2024, 1, 5), reason="不想干了"), at=NOW)
    record_fact(actor=clerk, instance=Exit(worker=worker, left_on=date(2024, 1, 5), reason="退休"), at=NOW)


def test_what_a_workbook_brought_may_stay_when_the_day_is_corrected() -> None:
    worker, clerk = person(), user("clerk-a")
    kept = Exit.objects.create(worker=worker, left_on=date(2024, 1, 5), reason="个人原因")
    kept.left_on = date(2024, 1, 6)
    record_fact(actor=clerk, instance=kept, at=NOW)
    kept.reason = "个人原因二"
    with pytest.raises(Refused, match="不在政策列明的原因中"):
        record_fact(actor=clerk, instance=kept, at=NOW)
    assert Exit.objects.get().reason == "个人原因"


REASONS = ORDOS.dismissal.reasons.value


@pytest.mark.parametrize("reason", REASONS)
def test_each_reason_of_ordos_can_be_entered_and_no_other(reason: str) -> None:
    """Article 23 in full: each of its ways out ends a service, and what it does not name is refused."""
    worker, clerk = person(O1), user("clerk-o")
    with pytest.raises(Refused, match=r"（第23条）。请选择："):
        record_fact(actor=clerk, instance=Exit(worker=worker, left_on=date(2024, 1, 5), reason=f"{reason}等"), at=NOW)
    record_fact(actor=clerk, instance=Exit(worker=worker, left_on=date(2024, 1, 5), reason=reason), at=NOW)
    worker.standing.refresh_from_db()
    assert worker.standing.left_on == date(2024, 1, 5)
