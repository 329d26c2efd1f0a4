"""A street's year in one sheet: the clerk proposes, the leader decides, the share holds, nothing is dropped."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessment.models import AnnualAssessment, AssessmentProposal, ShareException
from assessment.services.sheet import SCORES
from tests.compliance.world import A1, B1, O1, A, B, O, people, person, user
from workers.models import Change, User, Worker

pytestmark = pytest.mark.usefixtures("regions")
YEAR = 2025
SHEET = "admin:assess_sheet"


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(user(name))
    return client


def where(street: str = A, year: int = YEAR) -> str:
    return reverse(SHEET, args=[year, street])


def form(client: Client, address: str = "", **changed: str) -> dict[str, Any]:
    """What the page would post, as it stands, with some fields filled in."""
    page = client.get(address or where()).context_data
    lines = [line for line in page["rows"] if line["editable"]]
    data: dict[str, Any] = {"seen": page["seen"], "rows": str(len(lines)), "row": [], "reason": ""}
    names = ("everyday", "yearly", "satisfaction", "result") if page["may"] == "propose" else ("result",)
    for line in lines:
        key = line["row"].worker.pk
        data["row"].append(str(key))
        data |= {f"{name}_{key}": str(line[name]) for name in names}
    return data | changed


def results(rows: list[Worker], result: str) -> dict[str, str]:
    return {f"result_{row.pk}": result for row in rows}


def test_leader_decides_all_at_once() -> None:
    rows = people(8)
    leader = signed_in("leader-a")
    answer = leader.post(where(), form(leader, **results(rows[1:], "合格"), **results(rows[:1], "优秀")))
    assert answer.status_code == 302
    assert AnnualAssessment.objects.filter(year=YEAR, decided_by=user("leader-a")).count() == 8
    assert Change.objects.count() == 8
    shown = leader.get(where()).context_data["sheet"]
    assert (shown.share.share.used, shown.most, shown.elsewhere, shown.decided) == (1, 1, 0, 8)


def test_over_the_share_nothing_is_saved_and_the_entries_stay() -> None:
    rows = people(8)
    leader = signed_in("leader-a")
    answer = leader.post(where(), form(leader, **results(rows[:2], "优秀"), **results(rows[2:], "基本合格")))
    shown = answer.content.decode()
    assert "优秀最多1人" in shown and shown.count("<option selected>优秀") == 2
    assert shown.count("<option selected>基本合格") == 6
    assert not AnnualAssessment.objects.exists()


def test_the_second_editor_is_told_and_keeps_the_entries() -> None:
    rows = people(3)
    first, second = signed_in("leader-a"), signed_in("leader-a2")
    late = form(second, **results(rows, "不合格"))
    first.post(where(), form(first, **results(rows, "合格")))
    answer = second.post(where(), late)
    assert "已有人改动" in answer.content.decode() and answer.content.decode().count("<option selected>不合格") == 3
    assert set(AnnualAssessment.objects.values_list("result", flat=True)) == {"合格"}


def test_clerk_proposes_and_does_not_decide() -> None:
    rows = people(2)
    clerk = signed_in("clerk-a")
    scores = {f"{name}_{rows[0].pk}": "90.5" for name in ("everyday", "yearly", "satisfaction")}
    clerk.post(where(), form(clerk, **scores, **results(rows[:1], "优秀")))
    proposal = AssessmentProposal.objects.get()
    assert (proposal.total, proposal.result, proposal.proposed_by) == (Decimal("90.50"), "优秀", user("clerk-a"))
    assert not AnnualAssessment.objects.exists() and Change.objects.get().reason == "考核建议"
    clerk.post(where(), form(clerk))
    assert Change.objects.count() == 1
    leader = signed_in("leader-a")
    leader.post(where(), form(leader, **results(rows, "合格")))
    late = form(clerk)
    assert late["row"] == []
    forged = late | {"rows": "1", "row": [str(rows[0].pk)], **scores, f"everyday_{rows[0].pk}": "1"}
    assert "街道已确定" in clerk.post(where(), forged | results(rows[:1], "优秀")).content.decode()


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("everyday", "", "没有填全"),
        ("everyday", "100.01", "0至100"),
        ("yearly", "-1", "0至100"),
        ("yearly", "90.555", "最多两位小数"),
        ("yearly", "NaN", "0至100"),
        ("yearly", "1e999999999", "0至100"),
        ("satisfaction", "九十", "不是数字"),
        ("result", "极好", "没有“极好”这个等次"),
    ],
)
def test_a_wrong_score_is_named_and_nothing_saved(name: str, value: str, told: str) -> None:
    (row,) = people(1)
    clerk = signed_in("clerk-a")
    good = {"everyday": "90", "yearly": "90", "satisfaction": "90", "result": "合格"} | {name: value}
    data = form(clerk, **{f"{field}_{row.pk}": text for field, text in good.items()})
    assert told in clerk.post(where(), data).content.decode()
    assert not AssessmentProposal.objects.exists()


def test_all_wrong_scores_are_named_at_once() -> None:
    first, second = people(2)
    clerk = signed_in("clerk-a")
    data = form(clerk, **{f"{score}_{row.pk}": "90" for row in (first, second) for score in SCORES})
    data |= results([first, second], "合格") | {f"everyday_{first.pk}": "九十", f"yearly_{second.pk}": "101"}
    text = clerk.post(where(), data).content.decode()
    assert f"{first.name}的得分“九十”不是数字" in text and f"{second.name}的得分101应在0至100之间" in text


def test_missing_fields_are_refused_instead_of_dropped() -> None:
    rows = people(4)
    leader = signed_in("leader-a")
    whole = form(leader, **results(rows, "合格"))
    short = whole | {"row": whole["row"][:3]}
    without = {name: value for name, value in whole.items() if name != f"result_{rows[3].pk}"}
    (stranger,) = people(1, community=B1)
    strange = whole | {"row": [*whole["row"], str(stranger.pk)], "rows": "5", f"result_{stranger.pk}": "合格"}
    twice = whole | {"row": [*whole["row"], whole["row"][0]], "rows": "5"}
    for data in (short, without, strange, twice):
        assert "提交的内容不完整" in leader.post(where(), data).content.decode()
    assert not AnnualAssessment.objects.exists()


def test_a_large_street_is_saved_whole() -> None:
    """More than the thousand fields Django takes by default."""
    rows = people(260)
    clerk = signed_in("clerk-a")
    filled = {f"{name}_{row.pk}": "80" for row in rows for name in ("everyday", "yearly", "satisfaction")}
    assert clerk.post(where(), form(clerk, **filled, **results(rows, "合格"))).status_code == 302
    assert AssessmentProposal.objects.count() == 260


def test_statements_do_not_grow_with_people() -> None:
    counts = []
    for number in (3, 30):
        people(number)
        leader = signed_in("leader-a")
        data = form(leader, **results(list(Worker.objects.all()), "合格"))
        AnnualAssessment.objects.all().delete()
        data["seen"] = leader.get(where()).context_data["seen"]
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert leader.post(where(), data).status_code == 302
            leader.get(where())
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_filed_result_is_not_open() -> None:
    rows = people(2, results={YEAR: "合格"})
    AnnualAssessment.objects.filter(worker=rows[0]).update(filed_on=date(2026, 1, 5), filed_by=user("bureau"))
    leader = signed_in("leader-a")
    data = form(leader)
    assert data["row"] == [str(rows[1].pk)]
    forged = data | {"rows": "2", "row": [str(row.pk) for row in rows]} | results(rows, "不合格")
    assert "已备案" in leader.post(where(), forged).content.decode()
    assert set(AnnualAssessment.objects.values_list("result", flat=True)) == {"合格"}


def test_others_see_their_own_only() -> None:
    people(2)
    foreign = person(B1)
    User.objects.filter(username="organisation").update(role="财政")
    assert signed_in("organisation").get(where()).status_code == 403
    for name in ("clerk-a", "leader-a"):
        client = signed_in(name)
        assert client.get(where(B)).status_code == client.post(where(B), {}).status_code == 404
        assert client.get(reverse("admin:assess")).context_data["sheet"].street.code == A
        assert foreign.name not in client.get(where()).content.decode()
    bureau = signed_in("bureau")
    listed = bureau.get(reverse("admin:assess"), {"year": str(YEAR)}).content.decode()
    assert where(A) in listed and where(B) in listed and "丙街道" not in listed
    page = bureau.get(where())
    assert page.context_data["editable"] == 0
    assert "不能登记" in bureau.post(where(), {"rows": "0", "seen": ""}).content.decode()


@pytest.mark.parametrize("year", ["1999", "99999", "20x5", "2099", "２０２５"])
def test_odd_years_are_missing_pages(year: str) -> None:
    client = signed_in("bureau")
    assert client.get(f"/assess/{year}/{A}/").status_code == 404
    assert client.get(reverse("admin:assess"), {"year": year}).status_code == 404


def test_a_year_before_the_policy_is_shown_and_not_decided_here() -> None:
    rows = [person(A1, hired=date(2019, 1, 1))]
    leader = signed_in("leader-a")
    address = where(year=2021)
    shown = leader.get(address)
    assert shown.context_data["sheet"].share is None and "没有生效的政策" in shown.content.decode()
    answer = leader.post(address, form(leader, address, **results(rows, "合格")))
    assert answer.context_data["refusal"] and not AnnualAssessment.objects.exists()


def test_the_bureau_lets_more_through_with_a_reason() -> None:
    rows = people(6)
    bureau, leader = signed_in("bureau"), signed_in("leader-a")
    given = {"do": "exception", "extra": "1", "why": "全国先进"}
    assert "放宽优秀名额</summary>" in bureau.get(where()).content.decode()
    assert "理由" in bureau.post(where(), given | {"why": " "}).context_data["refusal"]
    assert "人数" in bureau.post(where(), given | {"extra": "多"}).context_data["refusal"]
    assert "不能放宽" in leader.post(where(), given).context_data["refusal"]
    assert not ShareException.objects.exists()
    assert bureau.post(where(), given).status_code == 302
    assert (ShareException.objects.get().extra, ShareException.objects.get().granted_by) == (1, user("bureau"))
    assert leader.post(where(), form(leader, **results(rows[:1], "优秀"))).status_code == 302


def test_the_bureau_files_and_reopens_where_the_policy_asks() -> None:
    rows = people(2, O1, results={YEAR: "合格"})
    address = where(O)
    bureau, clerk = signed_in("bureau-o"), signed_in("clerk-o")
    file, reopen = {"do": "file", "on": "2026-01-05"}, {"do": "reopen", "why": "更正"}
    shown = clerk.get(address).content.decode()
    assert "已确定2人，已备案0人" in shown and "登记备案</button>" not in shown
    assert "不能登记" in clerk.post(address, file).context_data["refusal"]
    assert "不能登记" in clerk.post(address, reopen).context_data["refusal"]
    assert "备案日期" in bureau.post(address, file | {"on": "昨天"}).context_data["refusal"]
    assert "还没有到" in bureau.post(address, file | {"on": "9999-01-01"}).context_data["refusal"]
    assert bureau.post(address, file).status_code == 302
    assert AnnualAssessment.objects.filter(filed_on=date(2026, 1, 5), filed_by=user("bureau-o")).count() == len(rows)
    assert "原因" in bureau.post(address, reopen | {"why": ""}).context_data["refusal"]
    assert bureau.post(address, reopen).status_code == 302
    assert not AnnualAssessment.objects.exclude(filed_on=None).exists()
    assert [change.reason for change in Change.objects.order_by("pk")] == ["考核结果备案", "更正"]


def test_no_filing_where_the_policy_does_not_ask_and_no_unknown_act() -> None:
    people(1, results={YEAR: "合格"})
    bureau = signed_in("bureau")
    assert "登记备案" not in bureau.get(where()).content.decode()
    assert "没有要求" in bureau.post(where(), {"do": "file", "on": "2026-01-05"}).context_data["refusal"]
    assert "提交的内容不完整" in bureau.post(where(), {"do": "erase"}).context_data["refusal"]
