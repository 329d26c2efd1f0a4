"""A third district by data alone: other numbers, another order of approvals, no line of code (rules 1.3)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from assessment.selectors.compliance import check_compliance
from assessment.selectors.share import share_of
from songshan_cw.data.refusal import NotAllowed, Refused
from songshan_cw.policy import PolicyGap
from songshan_cw.words.terms import Position
from tests.compliance.world import people, person, user
from tests.policies import using
from workers.models import Absence, Region, Secondment, User
from workers.services.secondments import approve_secondment, request_secondment

THIRD = Path(__file__).parent.parent / "policy" / "third"
DISTRICT, T, T1 = "152999", "152999001", "152999001001"
NOW = datetime(2024, 1, 5, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def third(regions: None) -> Iterator[None]:
    rows = [("1529", "测试盟", "city", "15"), (DISTRICT, "测试旗", "district", "1529")]
    rows += [(T, "测试镇", "street", DISTRICT), (T1, "测试社区", "community", T)]
    for code, name, level, parent in rows:
        Region.objects.create(code=code, name=name, level=level, parent_id=parent)
    accounts = [("clerk-t", "街道经办", T), ("leader-t", "街道负责人", T), ("bureau-t", "民政局", DISTRICT)]
    for username, role, region in (*accounts, ("organisation-t", "组织部", DISTRICT)):
        User.objects.create(username=username, role=role, region_id=region)
    with using(THIRD):
        yield


def messages(rule: str, day: date) -> list[str]:
    return [each.message for each in check_compliance(day=day, street_codes=[T]).findings if each.rule == rule]


def test_share_changes_with_the_day() -> None:
    people(17, T1)
    assert share_of(T, 2023).share.limit == 1
    assert share_of(T, 2024).share.limit == 2


def test_limits_are_the_documents_own() -> None:
    people(4, T1)
    for position in (Position.SECRETARY, Position.DIRECTOR, Position.DEPUTY_SECRETARY, Position.DEPUTY_DIRECTOR):
        person(T1, position=position)
    day = date(2023, 12, 1)
    assert [text for text in messages("9.6", day) if "最低" in text or "正职" in text] == []
    assert [text for text in messages("9.6", day) if "专职党务工作者2人" in text]
    results = {2023: "不合格", 2024: "不合格", 2025: "不合格"}
    person(T1, results=results, contracts=[(date(2023, 4, 1), date(2026, 12, 31))])
    assert messages("8.3", date(2025, 12, 30)) == []
    assert len(messages("8.3", date(2025, 12, 31))) == 1
    (text,) = [text for text in messages("9.2", day) if "超过" in text]
    assert "24个月" in text


def test_absence_is_counted_as_written_there() -> None:
    worker = person(T1)
    Absence.objects.create(worker=worker, first_day=date(2023, 6, 5), last_day=date(2023, 6, 20))
    (text,) = messages("8.3", date(2023, 7, 1))
    assert "12个工作日" in text
    Absence.objects.create(worker=worker, first_day=date(2023, 9, 4), last_day=date(2023, 9, 7))
    assert len(messages("8.3", date(2023, 9, 7))) == 2


def test_three_approvals_and_one_place() -> None:
    one, two = people(2, T1)
    words = {"body": "旗政府", "start": date(2024, 1, 8), "end": date(2024, 7, 7), "reason": "普查", "at": NOW}
    first = request_secondment(actor=user("clerk-t"), worker=one, **words)
    with pytest.raises(NotAllowed, match="镇政府"):
        approve_secondment(actor=user("bureau-t"), secondment_id=first.pk, at=NOW)
    for name in ("leader-t", "bureau-t", "organisation-t"):
        approve_secondment(actor=user(name), secondment_id=first.pk, at=NOW)
    assert Secondment.objects.get(pk=first.pk).state == "已批准"
    with pytest.raises(Refused, match="超过1人"):
        request_secondment(actor=user("clerk-t"), worker=two, **words)
    with pytest.raises(Refused, match="6个月"):
        request_secondment(actor=user("clerk-t"), worker=two, **(words | {"end": date(2024, 7, 8)}))


def test_after_the_last_day_of_the_document_nothing_is_guessed() -> None:
    person(T1)
    with pytest.raises(PolicyGap, match="2026-12-31"):
        check_compliance(day=date(2027, 1, 1), street_codes=[T])
