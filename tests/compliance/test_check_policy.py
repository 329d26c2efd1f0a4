"""The command and its findings, rule by rule: from which day, whom, and on the day before not (rules 8, 9)."""

import json
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessment.models import ShareException
from assessment.selectors.compliance import check_compliance
from songshan_cw.words.terms import Position
from tests.compliance.world import A1, B1, O1, A, B, O, people, person, user
from workers.models import Absence, CommitteeSeat, CommunityProfile, PostAssignment, Secondment, Training

pytestmark = pytest.mark.usefixtures("regions")
KEYS = ["rule", "clause", "region", "people", "since", "message"]


def check(*arguments: str) -> list[dict[str, Any]]:
    out = StringIO()
    call_command("check_policy", *arguments, "--json", stdout=out)
    document = json.loads(out.getvalue())
    assert list(document) == ["findings"]
    return document["findings"]


def of(rule: str, *arguments: str, saying: str = "") -> list[dict[str, Any]]:
    return [each for each in check(*arguments) if each["rule"] == rule and saying in each["message"]]


def test_finding_form() -> None:
    person(results={2022: "优秀"})
    (finding,) = of("8.2", "--date", "2023-03-01")
    assert list(finding) == KEYS
    assert finding["region"] == A and finding["clause"] == "二(四)4" and finding["since"] == "2022-12-31"


@pytest.mark.parametrize(("headcount", "allowed"), [(13, 1), (20, 3), (21, 3)])
def test_share_of_excellent(headcount: int, allowed: int) -> None:
    best = people(allowed, results={2022: "优秀"})
    people(headcount - allowed - 1)
    one = person()
    assert of("8.2", "--date", "2023-01-01") == []
    one.assessments.create(year=2022, result="优秀")
    (finding,) = of("8.2", "--date", "2022-12-31")
    assert finding["people"] == sorted(each.id_number for each in (*best, one))
    assert of("8.2", "--date", "2022-12-30") == []


def test_share_counts_the_scheme_on_the_last_day_of_the_year() -> None:
    people(1, results={2022: "优秀"})
    people(5)
    person(left=date(2022, 12, 30))
    away = person()
    away.servicegaps.create(first_day=date(2022, 12, 31), last_day=date(2022, 12, 31))
    person(category="退休人员", results={2022: "优秀"})
    assert len(of("8.2", "--date", "2023-01-01")) == 1
    person(left=date(2022, 12, 31))
    assert of("8.2", "--date", "2023-01-01") == []


def test_exception_of_the_bureau_settles_the_share() -> None:
    people(6, results={2022: "优秀"})
    ShareException.objects.create(
        street_id=A, year=2022, extra=6, reason="抗疫", granted_by=user("bureau"), granted_at="2023-01-05T00:00Z"
    )
    assert of("8.2", "--date", "2023-02-01") == []


def test_ordos_has_its_own_share() -> None:
    people(9, O1)
    person(O1, results={2022: "优秀"})
    person(O1, results={2022: "优秀"})
    assert of("8.2", "--date", "2023-01-01") == []
    person(O1, results={2022: "优秀"})
    (finding,) = of("8.2", "--date", "2023-01-01")
    assert (finding["clause"], finding["region"]) == ("18", O)


def send(worker: Any, start: date, end: date | None, **fields: Any) -> Secondment:
    return Secondment.objects.create(worker=worker, body="区民政局", start=start, end=end, **fields)


def test_third_secondment_on_the_last_day_of_the_first() -> None:
    one, two, three = people(3)
    send(one, date(2022, 3, 1), date(2022, 5, 31))
    send(two, date(2022, 4, 1), None)
    send(three, date(2022, 5, 31), None)
    assert of("9.1", "--date", "2022-05-30") == []
    (finding,) = of("9.1", "--date", "2022-05-31")
    assert finding["people"] == sorted(each.id_number for each in (one, two, three))
    assert finding["region"] == A1 and finding["since"] == "2022-05-31" and finding["clause"] == "二(四)2"
    assert of("9.1", "--date", "2022-06-01") == []


def test_requested_or_rejected_secondments_do_not_count() -> None:
    for state in ("审批中", "未批准", "已批准", "已批准"):
        send(person(), date(2022, 3, 1), None, state=state)
    assert of("9.1", "--date", "2022-04-01") == []


def test_length_of_a_secondment_in_ordos() -> None:
    worker = person(O1)
    send(worker, date(2022, 3, 1), None)
    send(person(), date(2022, 3, 1), None)
    assert of("9.1", "--date", "2022-05-31") == []
    (finding,) = of("9.1", "--date", "2022-09-30")
    assert finding["people"] == [worker.id_number] and finding["region"] == O1
    assert finding["since"] == "2022-06-01" and finding["clause"] == "14"


def test_contract_ended_while_serving() -> None:
    worker = person(contracts=[(date(2021, 3, 1), date(2024, 2, 29))])
    person(contracts=[(date(2021, 3, 1), date(2024, 2, 29))], left=date(2024, 2, 29))
    assert of("9.2", "--date", "2024-02-29") == []
    (finding,) = of("9.2", "--date", "2024-03-01")
    assert finding["people"] == [worker.id_number] and finding["since"] == "2024-03-01"


def test_contract_over_the_term_of_its_kind() -> None:
    person(contracts=[(date(2022, 3, 1), date(2025, 2, 28))])
    person(contracts=[(date(2022, 3, 1), date(2027, 2, 28))], category="两委成员")
    person(contracts=[(date(2021, 3, 1), date(2030, 2, 28))])
    longer = person(contracts=[(date(2022, 3, 1), date(2025, 3, 1))])
    (finding,) = of("9.2", "--date", "2022-12-01")
    assert finding["people"] == [longer.id_number] and "2025年2月28日" in finding["message"]


def train(worker: Any, start: date, end: date, hours: int | None = None) -> None:
    Training.objects.create(worker=worker, name=f"培训{start}", start=start, end=end, hours=hours)


def test_training_of_the_completed_year() -> None:
    worker = person(position=Position.COMMUNITY_WORKER)
    head = person(position=Position.SECRETARY)
    person(hired=date(2022, 1, 2))
    for each in (worker, head):
        train(each, date(2022, 3, 14), date(2022, 3, 18))
    (finding,) = of("9.3", "--date", "2023-01-01")
    assert finding["people"] == [head.id_number] and "5天" in finding["message"] and "7天" in finding["message"]
    train(head, date(2022, 3, 17), date(2022, 3, 20))
    assert of("9.3", "--date", "2023-01-01") == []
    assert len(of("9.3", "--date", "2023-12-31")) == 3


@pytest.mark.parametrize("day", ["2022-12-31", "2023-01-02", "2023-02-01"])
def test_a_training_over_new_year_counts_its_days_of_the_year_whenever_asked(day: str) -> None:
    train(person(), date(2022, 12, 29), date(2023, 1, 2))
    (finding,) = of("9.3", "--date", day)
    assert "2022年培训3天" in finding["message"]


def test_training_hours_in_ordos() -> None:
    worker = person(O1)
    train(worker, date(2022, 3, 14), date(2022, 3, 18), 39)
    train(worker, date(2022, 6, 1), date(2022, 6, 2))
    (finding,) = of("9.3", "--date", "2023-01-01")
    assert "39" in finding["message"] and "1次培训没有填学时" in finding["message"]
    train(worker, date(2022, 9, 1), date(2022, 9, 1), 1)
    assert of("9.3", "--date", "2023-01-01") == []


def test_least_number_of_workers() -> None:
    people(5, position=Position.DEPUTY_SECRETARY)
    (finding,) = of("9.6", "--date", "2022-06-01", saying="最低6人")
    assert finding["region"] == A1 and finding["since"] == "2022-01-01" and len(finding["people"]) == 5
    person(hired=date(2022, 6, 1), left=date(2022, 7, 31))
    assert of("9.6", "--date", "2022-06-01", saying="最低6人") == []
    (finding,) = of("9.6", "--date", "2022-09-01", saying="最低6人")
    assert finding["since"] == "2022-08-01"


def test_an_interruption_is_not_service_of_the_community() -> None:
    workers = people(6)
    workers[0].servicegaps.create(first_day=date(2022, 3, 1), last_day=date(2022, 3, 31))
    assert of("9.6", "--date", "2022-02-28", saying="最低6人") == []
    (finding,) = of("9.6", "--date", "2022-03-31", saying="最低6人")
    assert finding["since"] == "2022-03-01" and workers[0].id_number not in finding["people"]
    assert of("9.6", "--date", "2022-04-01", saying="最低6人") == []


def test_workers_by_households() -> None:
    people(7)
    CommunityProfile.objects.create(community_id=A1, since=date(2022, 5, 1), households=2100)
    CommunityProfile.objects.create(community_id=A1, since=date(2022, 7, 1), households=2101)
    assert of("9.6", "--date", "2022-06-30", saying="常住") == []
    (finding,) = of("9.6", "--date", "2022-08-01", saying="常住")
    assert finding["since"] == "2022-07-01" and "应配备8人" in finding["message"]


def test_leading_posts() -> None:
    chiefs = [Position.SECRETARY, Position.DIRECTOR, Position.DEPUTY_DIRECTOR]
    leaders = [person(position=position) for position in chiefs]
    assert of("9.6", "--date", "2022-06-01", saying="正职、副职") == []
    leaders.append(person(position=Position.DEPUTY_SECRETARY, hired=date(2022, 6, 1)))
    (finding,) = of("9.6", "--date", "2022-07-01", saying="正职、副职")
    assert finding["people"] == sorted(each.id_number for each in leaders) and finding["since"] == "2022-06-01"


def test_party_worker() -> None:
    worker = person()
    assert len(of("9.6", "--date", "2022-06-01", saying="党务")) == 1
    worker.partyworkers.create(community_id=A1, start=date(2022, 6, 1))
    assert of("9.6", "--date", "2022-06-01", saying="党务") == []


def test_local_residents_only_where_seats_are_entered() -> None:
    worker = person()
    assert of("9.6", "--date", "2022-06-01", saying="属地") == []
    seat = CommitteeSeat.objects.create(
        worker=worker, community_id=A1, committee="社区居委会", start=date(2021, 1, 1), local=False
    )
    assert len(of("9.6", "--date", "2022-06-01", saying="属地")) == 1
    seat.local = True
    seat.save()
    assert of("9.6", "--date", "2022-06-01", saying="属地") == []


def test_two_failing_years_within_one_term() -> None:
    failed = {2022: "不合格", 2023: "不合格"}
    inside = person(contracts=[(date(2022, 1, 1), date(2024, 12, 31))], results=failed)
    unknown = person(results=failed)
    person(contracts=[(date(2020, 1, 1), date(2022, 12, 31)), (date(2023, 1, 1), date(2025, 12, 31))], results=failed)
    person(results={2022: "不合格", 2023: "合格", 2024: "不合格"})
    person(results={2021: "不合格", 2022: "不合格"})
    assert of("8.3", "--date", "2023-12-30") == []
    found = of("8.3", "--date", "2024-01-01")
    assert sorted(each["people"][0] for each in found) == sorted([inside.id_number, unknown.id_number])
    assert {each["since"] for each in found} == {"2023-12-31"} and {each["clause"] for each in found} == {"二(四)5"}


def test_a_new_contract_settles_failing_years() -> None:
    worker = person(O1, contracts=[(date(2022, 1, 1), date(2024, 12, 31))], results={2022: "不合格", 2023: "不合格"})
    assert len(of("8.3", "--date", "2024-12-31")) == 1
    worker.contracts.create(start=date(2025, 1, 1), end=date(2027, 12, 31))
    assert of("8.3", "--date", "2025-01-01") == []


def test_fifteen_days_absent_across_new_year() -> None:
    worker = person()
    Absence.objects.create(worker=worker, first_day=date(2022, 12, 25), last_day=date(2023, 1, 8))
    assert of("8.3", "--date", "2023-01-07") == []
    (finding,) = of("8.3", "--date", "2023-01-08")
    assert finding["since"] == "2023-01-08" and "15个日历日" in finding["message"]


def test_fifteen_working_days_absent_across_the_spring_festival_in_ordos() -> None:
    """2023: 21 to 27 January are the festival, 28 and 29 are worked; the 15th working day is 8 February."""
    worker = person(O1)
    Absence.objects.create(worker=worker, first_day=date(2023, 1, 16), last_day=date(2023, 2, 10))
    (finding,) = of("8.3", "--date", "2023-03-01")
    assert finding["since"] == "2023-02-09" and finding["clause"] == "23(七)"
    assert of("8.3", "--date", "2023-02-08") == []


def test_a_year_without_its_holidays_is_told_with_and_without_a_finding() -> None:
    absent = Absence.objects.create(worker=person(O1), first_day=date(2029, 12, 3), last_day=date(2029, 12, 24))
    done = check_compliance(day=date(2030, 1, 31))
    (finding,) = [one for one in done.findings if one.rule == "8.3"]
    assert "2029年的节假日安排还没有登记" in finding.message
    note = "东胜区的旷工：2029年的节假日安排还没有登记，工作日暂按周一至周五计算；请民政局在“节假日安排”登记后再核对。"
    assert done.notes == (note,)
    Absence.objects.filter(pk=absent.pk).update(last_day=date(2029, 12, 4))
    done = check_compliance(day=date(2030, 1, 31))
    assert not [one for one in done.findings if one.rule == "8.3"] and done.notes == (note,)
    assert check_compliance(day=date(2029, 11, 30)).notes == ()


def test_out_of_the_scheme_nobody_is_measured() -> None:
    person(category="退休人员", contracts=[(date(2019, 1, 1), date(2021, 12, 31))], results={2022: "不合格"})
    assert [each for each in check("--date", "2023-06-01") if each["rule"] != "9.6"] == []


def test_one_street_only() -> None:
    people(2, results={2022: "优秀"})
    moved = person(results={2022: "优秀"})
    people(2, B1, results={2022: "优秀"})
    PostAssignment.objects.create(
        worker=moved, start=date(2022, 6, 1), community_id=B1, post="工作人员", position="社区工作者"
    )
    found = check("--street", B, "--date", "2023-01-01")
    assert {each["region"][:9] for each in found} == {B}
    (finding,) = [each for each in found if each["rule"] == "8.2"]
    assert moved.id_number in finding["people"] and len(finding["people"]) == 3


def test_day_without_a_policy_is_refused() -> None:
    people(1)
    people(1, O1)
    with pytest.raises(CommandError, match="2022-01-01"):
        check("--street", A, "--date", "2021-12-31")
    assert {each["region"] for each in check("--date", "2021-12-31")} == {O1}
    with pytest.raises(CommandError, match="没有施行中的政策文件"):
        check("--date", "2021-08-30")


def test_unknown_street_is_refused() -> None:
    with pytest.raises(CommandError, match="没有登记"):
        check("--street", "150404999")


def test_plain_text_names_clause_and_cure() -> None:
    person(results={2022: "优秀"})
    out = StringIO()
    call_command("check_policy", "--date", "2023-01-01", stdout=out)
    assert "[8.2 二(四)4]" in out.getvalue() and "请街道调整等次" in out.getvalue()


def test_statements_do_not_grow_with_people() -> None:
    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            check("--date", "2023-06-01")
        return len(captured)

    people(2, results={2022: "优秀"})
    people(1, O1, results={2022: "优秀"})
    few = statements()
    people(30, results={2022: "不合格"}, contracts=[(date(2022, 1, 1), date(2022, 12, 31))])
    people(10, B1, results={2022: "优秀"})
    assert statements() == few
