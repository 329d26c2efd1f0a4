"""The list of people and a person's page, as each role meets them."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from assessment.models import AnnualAssessment
from payroll.models import GradeTable, Payslip, RunEvent
from payroll.pages.person_tabs import TABS
from payroll.selectors import people as listing
from tests.pages.visits import CANARY, HIRED, TODAY, YEARS, act, confirm, signed_in
from tests.payroll import world
from workers.models import Attachment, Change, Contract, Exit, Job, PrivateAccess, Standing, User, Worker
from workers.services.standing import refresh_standing

pytestmark = pytest.mark.usefixtures("clock")

STATUS = [
    ("clerk-a", 200, 200, 200),
    ("leader-a", 200, 200, 403),
    ("bureau", 200, 200, 403),
    ("admin", 200, 200, 200),
    ("organisation", 200, 404, 404),
    ("finance", 403, 403, 403),
    ("clerk-b", 200, 404, 404),
]


@pytest.mark.parametrize(("username", "listed", "page", "action"), STATUS)
def test_each_role_gets_its_pages(worker: Worker, username: str, listed: int, page: int, action: int) -> None:
    client = signed_in(username)
    assert client.get(reverse("admin:people")).status_code == listed
    assert client.get(reverse("admin:person", args=[worker.pk])).status_code == page
    assert client.get(reverse("admin:person_event", args=[worker.pk, "degree"])).status_code == action


def test_a_refusal_says_who_may(worker: Worker) -> None:
    text = signed_in("leader-a").get(reverse("admin:person_event", args=[worker.pk, "exit"])).content.decode()
    assert "由街道经办和系统管理员办理" in text


def test_pay_links_to_its_explanation(worker: Worker) -> None:
    world.pay_month("2026-10")
    client = signed_in("clerk-a")
    page = client.get(reverse("admin:person", args=[worker.pk])).content.decode()
    link = reverse("admin:pay_explain", args=[Payslip.objects.get(worker=worker).pk])
    assert f'href="{link}"' in page and "2026年10月" in page
    assert client.get(link).status_code == 200


def test_the_files_tab_leads_to_the_archive(worker: Worker) -> None:
    client = signed_in("clerk-a")
    text = client.get(reverse("admin:person", args=[worker.pk]), {"tab": "archive"}).content.decode()
    address = reverse("admin:archive", args=[worker.pk])
    assert f'href="{address}"' in text and client.get(address).status_code == 200


def test_nobody_gets_in_without_signing_in(worker: Worker) -> None:
    for address in (reverse("admin:people"), reverse("admin:person", args=[worker.pk])):
        assert Client().get(address).status_code == 302


def test_the_bureau_places_and_nothing_else(worker: Worker) -> None:
    events = signed_in("bureau").get(reverse("admin:person", args=[worker.pk])).context_data["events"]
    assert [event.key for event in events] == ["placement"]


def test_organisation_sees_a_secretary_without_pay(town: GradeTable) -> None:
    chief = world.person({**world.staff(HIRED), "posts": [{"from": HIRED, "post": "正职"}]}, name="书记甲")
    response = signed_in("organisation").get(reverse("admin:person", args=[chief.pk]))
    assert response.status_code == 200
    assert response.context_data["slips"] is None
    assert "工资" not in [title for _, title, _ in response.context_data["tabs"]]
    assert (
        signed_in("organisation").get(reverse("admin:person", args=[chief.pk]), {"tab": "pay"}).context_data["slips"]
        is None
    )


@pytest.mark.parametrize("kind", ["post", "degree", "certificate", "renewal", "gap", "placement", "exit"])
def test_another_streets_person_is_not_there(worker: Worker, stranger: Worker, kind: str) -> None:
    client = signed_in("clerk-a")
    address = reverse("admin:person_event", args=[stranger.pk, kind])
    for response in (client.get(address), client.post(address, {"step": "preview"})):
        assert response.status_code == 404
        assert CANARY not in response.content.decode()


def test_lists_never_name_another_street(worker: Worker, stranger: Worker) -> None:
    client = signed_in("clerk-a")
    for query in ({}, {"q": CANARY}, {"community": world.B1}, {"street": world.B}, {"o": "-name"}, {"serving": "在岗"}):
        text = client.get(reverse("admin:people"), query).content.decode()
        assert stranger.id_number[-4:] not in text
        assert text.count(CANARY) == (1 if query.get("q") else 0)  # only the search box repeats what was typed
        assert "乙一社区" not in text
    assert client.get(reverse("admin:person", args=[stranger.pk])).status_code == 404
    offered = client.get(reverse("admin:person_event", args=[worker.pk, "post"])).content.decode()
    assert "甲二社区" in offered and "乙一社区" not in offered


def test_a_clerk_cannot_move_a_person_into_another_street(worker: Worker) -> None:
    given = {"start": "2026-11-10", "community": world.B1, "position": "社区工作者"}
    response = act(signed_in("clerk-a"), worker, "post", "preview", **given)
    assert "community" in response.context_data["form"].errors
    assert not worker.postassignments.filter(community=world.B1).exists()


# --- the page ---


@pytest.mark.parametrize(
    "tab",
    ["overview", "pay", *TABS, "changes", "no-such-tab"],
)
def test_every_tab_opens(worker: Worker, tab: str) -> None:
    response = signed_in("clerk-a").get(reverse("admin:person", args=[worker.pk]), {"tab": tab})
    assert response.status_code == 200
    assert worker.id_number not in response.content.decode()


@pytest.mark.parametrize(
    ("tab", "model", "may"),
    [
        ("assessments", "assessment_annualassessment", ("clerk-a", "leader-a")),
        ("trainings", "workers_training", ("clerk-a",)),
        ("trainings", "workers_visit", ("clerk-a",)),
        ("trainings", "workers_leave", ("clerk-a",)),
    ],
)
def test_what_was_left_out_is_entered_from_the_tab(
    worker: Worker, stranger: Worker, tab: str, model: str, may: tuple[str, ...]
) -> None:
    form = reverse(f"admin:{model}_add")
    for username in ("clerk-a", "leader-a", "bureau"):
        page = signed_in(username).get(reverse("admin:person", args=[worker.pk]), {"tab": tab}).content.decode()
        assert (f'href="{form}?worker={worker.pk}"' in page) is (username in may), username
    begun = signed_in("clerk-a").get(form, {"worker": worker.pk}).content.decode()
    assert f'<option value="{worker.pk}" selected>{worker.name}' in begun
    assert CANARY not in signed_in("clerk-a").get(form, {"worker": stranger.pk}).content.decode()


def test_the_timeline_shows_each_step_with_its_clause_and_the_next_promotion(worker: Worker) -> None:
    ladder = signed_in("clerk-a").get(reverse("admin:person", args=[worker.pk])).context_data["ladder"]
    # 10 months of 2021, then four whole years: 58 months on 2026-01, step 2 since 2025-04 → January 2026.
    assert ladder.grade == "2级（工作人员2档）"
    assert ladder.credit == "4年10个月"
    # 84 months are reached with the years 2026, 2027 and 2028.
    assert ladder.promotion == "2029年1月升至3级"
    coming = [row for row in ladder.rows if row.future]
    assert [row.month for row in coming] == ["2029年1月", "2028年1月", "2027年1月"]
    assert all(cause.clause for row in ladder.rows for cause in row.causes)
    assert ladder.drawing.coming and ladder.drawing.past
    assert [mark.future for mark in ladder.drawing.marks] == [False, False, True]


def test_a_person_who_left_has_no_future(town: GradeTable) -> None:
    gone = world.person(world.staff(HIRED, assessments=YEARS, left=date(2026, 6, 30)))
    context = signed_in("clerk-a").get(reverse("admin:person", args=[gone.pk])).context_data
    assert context["ladder"].promotion == "" and context["ladder"].drawing.coming == ""
    assert context["events"] == []


def test_the_header_says_of_a_contract_what_its_tab_says(town: GradeTable) -> None:
    gone = world.person(world.staff(HIRED, left=date(2025, 6, 30)))
    Contract.objects.create(worker=gone, start=date(2023, 4, 17), end=date(2026, 4, 16))
    refresh_standing([gone.pk])
    response = signed_in("clerk-a").get(reverse("admin:person", args=[gone.pk]), {"tab": "contracts"})
    assert dict(response.context_data["facts"])["合同"] == "至2026-04-16（因离职终止）"
    assert "已到期" not in response.content.decode()


def test_out_of_scheme_is_said_with_its_clause(town: GradeTable) -> None:
    retired = world.person(world.staff(HIRED, category="退休人员"))
    response = signed_in("clerk-a").get(reverse("admin:person", args=[retired.pk]))
    assert "二(一)" in response.context_data["out_of_scheme"]


def test_a_person_without_any_appointment_has_no_page(town: GradeTable) -> None:
    worker = world.person(world.staff(HIRED))
    worker.postassignments.all().delete()
    refresh_standing([worker.pk])
    assert signed_in("admin").get(reverse("admin:person", args=[worker.pk])).status_code == 404


def test_without_a_grade_table_the_page_says_what_to_do(district: None) -> None:
    worker = world.person(world.staff(HIRED))
    text = signed_in("clerk-a").get(reverse("admin:person", args=[worker.pk])).content.decode()
    assert "还没有等级系数表" in text


def test_somebody_who_comes_later_is_not_said_to_serve(town: GradeTable) -> None:
    client, coming = signed_in("clerk-a"), world.person(world.staff(date(2027, 3, 1)))
    page = client.get(reverse("admin:person", args=[coming.pk])).content.decode()
    assert "尚未到岗（自2027-03-01起）" in page and "自2027年3月起推算" in page
    assert "还没有等级系数表" not in page and ">在岗<" not in page
    assert "尚未到岗" in client.get(reverse("admin:people")).content.decode()


def test_a_post_that_counts_from_next_month_is_told_beside_the_old_grade(worker: Worker) -> None:
    moved = {"start": "2026-11-10", "community": world.A2, "position": "党组织书记"}
    client, told = signed_in("clerk-a"), "自2026年12月起按新岗位定级"
    assert confirm(client, worker, "post", **moved).status_code == 302
    facts = dict(client.get(reverse("admin:person", args=[worker.pk])).context_data["facts"])
    assert facts["岗位"] == f"党组织书记（正职），{told}" and facts["等级"] == "2级（工作人员2档）"
    assert told in client.get(reverse("admin:people")).content.decode()
    assert listing.posts_to_come([worker.pk], date(2026, 12, 1)) == {}
    assert confirm(client, worker, "post", **{**moved, "start": "2026-11-12", "community": world.A1}).status_code == 302
    assert told in client.get(reverse("admin:people")).content.decode()


def test_moving_to_another_community_in_the_same_post_tells_of_no_new_grade(worker: Worker) -> None:
    given = {"start": "2026-11-10", "community": world.A2, "position": "社区工作者"}
    assert confirm(signed_in("clerk-a"), worker, "post", **given).status_code == 302
    assert listing.posts_to_come([worker.pk], TODAY) == {}


def test_changes_show_who_what_and_why(worker: Worker) -> None:
    client = signed_in("clerk-a")
    confirm(client, worker, "certificate", level="社会工作师", approved_on="2026-11-02", note="补录证书")
    text = client.get(reverse("admin:person", args=[worker.pk]), {"tab": "changes"}).content.decode()
    assert all(word in text for word in ("clerk-a", "社会工作师", "补录证书", "手工办理"))
    assert Change.objects.get(worker=worker).subject == "社区工作者 张三丰"
    history = client.get(reverse("admin:workers_worker_history", args=[worker.pk])).content.decode()
    assert all(word in history for word in ("clerk-a", "社会工作师", "补录证书", "原值", "新值"))


def test_days_of_the_evening_in_utc_are_those_of_the_next_morning_here(worker: Worker) -> None:
    AnnualAssessment.objects.filter(worker=worker, year=2025).update(decided_at=world.EVENING)
    given = {"part": "个人资料", "title": "照片", "size": 1, "added_by": world.user("clerk-a")}
    Attachment.objects.create(worker=worker, added_at=world.EVENING, **given)
    page, client = reverse("admin:person", args=[worker.pk]), signed_in("clerk-a")
    for tab in ("assessments", "archive"):
        text = client.get(page, {"tab": tab}).content.decode()
        assert "2026-11-28" in text and "2026-11-27" not in text, tab


@pytest.mark.parametrize(
    "record",
    [
        Change(at=world.EVENING, subject="张三"),
        PrivateAccess(at=world.EVENING, what="身份证号"),
        RunEvent(at=world.EVENING, action="提交"),
        Job(kind="计算", created_at=world.EVENING),
    ],
)
def test_headings_say_local_time(record: Any) -> None:
    assert "2026-11-28 06:30" in str(record)


# --- the list ---


def shown(client: Client, **query: Any) -> list[str]:
    rows = client.get(reverse("admin:people"), query).context_data["people"].rows
    return [row.record.worker.name for row in rows]


def test_filters_and_search_find_the_right_people(worker: Worker) -> None:
    other = world.person(
        world.staff(date(2019, 5, 6), certificates=[{"level": "社会工作师", "date": HIRED}]), name="李四"
    )
    Worker.objects.filter(pk=worker.pk).update(phone="13912345678", initials="zsf")
    Worker.objects.filter(pk=other.pk).update(bank_account="", initials="ls")
    for person, end in ((worker, TODAY + timedelta(days=45)), (other, TODAY - timedelta(days=1))):
        Contract.objects.create(worker=person, start=date(2023, 1, 1), end=end)
    refresh_standing([worker.pk, other.pk])
    world.pay_month("2026-10")
    client = signed_in("clerk-a")
    grade = Payslip.objects.get(worker=worker).grade
    expected = {
        "张三丰": [
            {"q": "三丰"}, {"q": "zs"}, {"q": "5678"}, {"contract": "60天内到期"}, {"contract": "90天内到期"},
            {"certificate": "无"}, {"grade": grade, "missing": ""},
        ],
        "李四": [
            {"contract": "已到期"}, {"missing": "缺银行卡号"}, {"missing": "缺上年度考核"},
            {"certificate": "社会工作师"},
        ],
    }  # fmt: skip
    for name, queries in expected.items():
        for query in queries:
            assert shown(client, **query) == [name], query
    assert shown(client, contract="30天内到期") == []
    assert shown(client, serving="已离职") == []
    assert set(shown(client, missing="缺联系电话")) == {"李四"}


def test_what_runs_out_or_is_missing_is_looked_for_among_those_who_serve(worker: Worker) -> None:
    """Who left is found when asked for; both holders of one account are always shown."""
    gone = world.person(world.staff(HIRED), name="李四")
    Exit.objects.create(worker=gone, left_on=date(2024, 5, 31))
    for person in (worker, gone):
        Contract.objects.create(worker=person, start=HIRED, end=TODAY - timedelta(days=1))
    Worker.objects.update(phone="", bank_account="6222020200012345678", account_lookup="same")
    refresh_standing([worker.pk, gone.pk])
    client, told = signed_in("clerk-a"), "只列在岗的"
    for query in ({"contract": "已到期"}, {"missing": "缺联系电话"}):
        assert shown(client, **query) == ["张三丰"], query
        assert shown(client, **query, serving="已离职") == ["李四"], query
        assert told in client.get(reverse("admin:people"), query).content.decode()
    assert set(shown(client, missing="银行卡号与他人相同")) == {"张三丰", "李四"}
    for query in ({}, {"contract": "已到期", "serving": "已离职"}, {"missing": "银行卡号与他人相同"}):
        assert told not in client.get(reverse("admin:people"), query).content.decode(), query


def test_the_id_tail_finds_only_with_the_right(worker: Worker) -> None:
    for found in (worker.id_number[-4:], worker.id_number):
        assert shown(signed_in("clerk-a"), q=found) == []
    told = "不能按证件号和完整电话查找"
    assert told in signed_in("clerk-a").get(reverse("admin:people"), {"q": worker.id_number}).content.decode()
    assert told not in signed_in("clerk-a").get(reverse("admin:people"), {"q": "没有此人"}).content.decode()
    User.objects.filter(username="clerk-a").update(sees_private=True)
    for found in (worker.id_number[-4:], worker.id_number):
        assert shown(signed_in("clerk-a"), q=found) == ["张三丰"]
    for part in (worker.id_number[-6:], worker.id_number[6:14], worker.id_number[-3:]):
        assert shown(signed_in("clerk-a"), q=part) == [], "a part of what is masked"


def test_a_phone_is_found_by_the_parts_that_are_shown_and_whole_only_with_the_right(worker: Worker) -> None:
    Worker.objects.filter(pk=worker.pk).update(phone="13912345678")
    client = signed_in("clerk-a")
    assert shown(client, q="139") == shown(client, q="5678") == ["张三丰"]
    assert shown(client, q="13912345678") == [], "trying the hidden digits one after another finds nobody"
    assert "不能按" in client.get(reverse("admin:people"), {"q": "13912345678"}).content.decode()
    User.objects.filter(username="clerk-a").update(sees_private=True)
    assert shown(signed_in("clerk-a"), q="13912345678") == ["张三丰"]
    for part in ("1391", "12345", "45678", "678"):
        assert shown(client, q=part) == []
    assert "139****5678" in client.get(reverse("admin:person", args=[worker.pk])).content.decode()


def test_a_shared_account_is_found(worker: Worker) -> None:
    other, third = (world.person(world.staff(HIRED), name=name) for name in ("李四", "王五"))
    for person, account in ((worker, "6228480012345678901"), (other, "6228480012345678901"), (third, "62284800")):
        person.bank_account = account
        person.save()
    assert set(shown(signed_in("clerk-a"), missing="银行卡号与他人相同")) == {"张三丰", "李四"}


@pytest.mark.parametrize("column", listing.ORDERS)
def test_every_column_sorts_both_ways(worker: Worker, column: str) -> None:
    world.person(world.staff(date(2019, 5, 6)), name="李四")
    client = signed_in("bureau")
    assert sorted(shown(client, o=column)) == sorted(shown(client, o=f"-{column}")) == ["张三丰", "李四"]


@pytest.mark.parametrize("query", [{"post": "皇帝"}, {"grade": "99"}, {"contract": "x"}, {"street": "'; --"}])
def test_unknown_filters_find_nobody(worker: Worker, query: dict[str, str]) -> None:
    response = signed_in("bureau").get(reverse("admin:people"), query)
    assert response.status_code == 200 and "people" not in response.context_data
    assert "无效" in response.content.decode()


@pytest.mark.parametrize("page", ["0", "-1", "99999999999", "x", "١", "²"])
def test_odd_pages_still_open(worker: Worker, page: str) -> None:
    assert shown(signed_in("clerk-a"), page=page) == ["张三丰"]


def test_counting_stops_at_the_cap(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        world.person(world.staff(HIRED))
    for module in ("payroll.selectors.people", "payroll.pages.people"):
        monkeypatch.setattr(f"{module}.COUNT_CAP", 2)
    page = signed_in("clerk-a").get(reverse("admin:people"))
    assert page.context_data["capped"] and len(page.context_data["people"].rows) == 2
    assert "超过2人" in page.content.decode() and "共4人" not in page.content.decode()


def test_a_grade_among_too_many_asks_for_a_street_first(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    stranger = world.person(world.staff(HIRED), name="李四", community=world.B1)
    world.pay_month("2026-10")
    monkeypatch.setattr("payroll.selectors.people.COUNT_CAP", 1)
    client, address = signed_in("bureau"), reverse("admin:people")
    for query in ({"grade": "5"}, {"o": "-grade"}, {"missing": "缺上年度考核"}, {"contract": "未登记合同"}):
        page = client.get(address, query)
        assert "people" not in page.context_data and "请先选街道" in page.content.decode(), query
    assert shown(client, o="grade", street=world.B) == [stranger.name]


def test_pages_hold_everybody_once(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(6):
        world.person(world.staff(HIRED), name="同名")
    monkeypatch.setattr("payroll.pages.people.PAGE_SIZE", 3)
    client = signed_in("clerk-a")
    keys = []
    for page in ("1", "2", "3"):
        rows = client.get(reverse("admin:people"), {"o": "name", "page": page}).context_data["people"].rows
        keys += [row.record.worker.pk for row in rows]
    assert sorted(keys) == sorted(Worker.objects.values_list("pk", flat=True))


def statements(client: Client, address: str, **query: Any) -> int:
    client.get(address, query)  # the first request of a session also notes that it was seen
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address, query).status_code == 200
    return len(queries)


@pytest.mark.parametrize("username", ["clerk-a", "bureau", "admin", "organisation"])
def test_the_list_asks_as_often_for_many_as_for_few(town: GradeTable, username: str) -> None:
    def hire(count: int) -> None:
        for _ in range(count):
            world.person({**world.staff(HIRED), "posts": [{"from": HIRED, "post": "正职"}]})

    client, address = signed_in(username), reverse("admin:people")
    hire(3)
    few = statements(client, address)
    hire(60)
    assert statements(client, address) == few
    assert statements(client, address, o="-name", serving="在岗", missing="缺上年度考核") <= few


def test_a_long_career_asks_as_often_as_a_short_one(town: GradeTable) -> None:
    short = world.person(world.staff(date(2026, 10, 12)))
    long = world.person(
        world.staff(date(1999, 3, 1), assessments=YEARS, gaps=[{"from": date(2005, 1, 1), "to": date(2006, 1, 1)}])
    )
    client = signed_in("clerk-a")
    counts = [statements(client, reverse("admin:person", args=[one.pk])) for one in (short, long)]
    assert counts[0] == counts[1]


# --- export ---


def client_region() -> str | None:
    return User.objects.get(username="clerk-a").region_id


def exported(response: Any) -> list[tuple[Any, ...]]:
    book = load_workbook(BytesIO(b"".join(response.streaming_content)), read_only=True)
    return list(book["花名册"].iter_rows(values_only=True))


def test_the_export_holds_what_is_filtered_and_masks_without_the_right(worker: Worker, stranger: Worker) -> None:
    world.person(world.staff(HIRED), name="李四")
    client = signed_in("clerk-a")
    rows = exported(client.get(reverse("admin:people"), {"q": "张三丰", "export": "1"}))
    text = str(rows)
    assert "张三丰" in text and "李四" not in text and CANARY not in text
    assert worker.id_number not in text and not PrivateAccess.objects.exists()

    User.objects.filter(username="clerk-a").update(sees_private=True)
    client, here = signed_in("clerk-a"), f"{reverse('admin:people')}?q=张三丰"
    assert worker.id_number not in str(exported(client.get(f"{here}&export=1")))
    assert "须写明用途" in client.post(here, {"purpose": " "}, follow=True).content.decode()
    assert not PrivateAccess.objects.exists()
    rows = exported(client.post(here, {"purpose": "核对参保"}))
    assert worker.id_number in str(rows) and "李四" not in str(rows)
    access = PrivateAccess.objects.get()
    assert (access.people, access.purpose, access.region_id) == (1, "核对参保", client_region())


def test_the_organisation_department_exports_nothing(town: GradeTable) -> None:
    response = signed_in("organisation").get(reverse("admin:people"), {"export": "1"})
    assert "和系统管理员导出" in response.content.decode()


def test_found_among_too_many_they_come_in_the_order_of_their_keys(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Entered first, standing in the later street."""
    first = world.person(world.staff(HIRED), name="张一", community=world.B1)
    second = world.person(world.staff(HIRED), name="张二", community=world.A1)
    client, by_place = signed_in("bureau"), ["张三丰", second.name, first.name]
    assert shown(client, q="张") == by_place
    monkeypatch.setattr("payroll.selectors.people.COUNT_CAP", 2)
    assert shown(client, q="张") == ["张三丰", first.name, second.name]
    assert shown(client, q="张", street=world.A) == by_place[:2]


def test_contracts_run_out_among_too_many_come_in_the_order_in_which_they_end(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one in the earlier street ended last."""
    people = [world.person(world.staff(HIRED), name=f"张{i}", community=at) for i, at in ((1, world.A1), (2, world.B1))]
    for one, ended in zip(people, (date(2024, 5, 31), date(2023, 5, 31)), strict=True):
        Contract.objects.create(worker=one, start=HIRED, end=ended)
    refresh_standing([one.pk for one in people])
    client = signed_in("bureau")
    assert shown(client, contract="已到期") == ["张1", "张2"]
    monkeypatch.setattr("payroll.selectors.people.COUNT_CAP", 1)
    assert shown(client, contract="已到期") == ["张2", "张1"]
    assert shown(client, contract="已到期", o="name") == ["张1", "张2"]


def test_columns_of_rank_sort_by_rank_and_who_has_no_contract_comes_last(town: GradeTable) -> None:
    found = {name: world.person(world.staff(HIRED), name=name) for name in ("甲", "乙", "丙")}
    facts = {
        "甲": ("大学本科", "正职", None),
        "乙": ("高中及以下", "工作人员", TODAY),
        "丙": ("大学专科", "副职", HIRED),
    }
    for name, (education, post, end) in facts.items():
        Standing.objects.filter(worker=found[name]).update(education=education, post=post, contract_end=end)
    client = signed_in("clerk-a")
    assert shown(client, o="education") == ["乙", "丙", "甲"] == shown(client, o="-education")[::-1]
    assert shown(client, o="post") == ["甲", "丙", "乙"] == shown(client, o="-post")[::-1]
    assert shown(client, o="contract") == ["丙", "乙", "甲"]
