"""Due lists, duties of the year, staffing and archives, as each user may see them (rules 9)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from assessment.selectors.contracts import contracts_due, on_probation
from assessment.selectors.talent import candidates
from assessment.services.renewing import renew_contract
from songshan_cw.data.refusal import NotAllowed, Refused
from songshan_cw.words.periods import month
from songshan_cw.words.terms import Position
from tests.compliance.world import A1, A2, B1, O1, people, person, user
from workers.models import (
    Absence,
    Attachment,
    CalendarDay,
    CommunityProfile,
    EducationRecord,
    Leave,
    Region,
    Training,
    Visit,
)
from workers.rules.staffing import Recommended
from workers.selectors.absences import absences
from workers.selectors.archives import archives
from workers.selectors.duties import duties_of_year
from workers.selectors.serving import Roll
from workers.selectors.staffing import people_on, rolled_up, staffing, structures
from workers.services.archives import add_attachment, content_type_of, file_archive

pytestmark = pytest.mark.usefixtures("regions")
NOW = datetime(2024, 2, 1, 2, 0, tzinfo=UTC)
DAY = date(2024, 2, 1)
TERM = [(date(2021, 3, 1), date(2024, 2, 29))]


def test_contracts_due_with_the_evidence_of_renewal() -> None:
    good = person(contracts=TERM, results={2023: "合格"})
    bad = person(contracts=[(date(2021, 2, 1), date(2024, 4, 20))], results={2023: "基本合格"})
    person(contracts=[(date(2021, 6, 1), date(2024, 5, 31))])
    person(contracts=[*TERM, (date(2024, 3, 1), date(2027, 2, 28))])
    person(contracts=TERM, left=date(2024, 1, 31))
    due = contracts_due(Roll(user("bureau"), DAY))
    assert [(one.person.id, one.days_left, one.notice, one.evidence.met) for one in due] == [
        (good.pk, 28, 30, True),
        (bad.pk, 79, 90, False),
    ]
    assert contracts_due(Roll(user("leader-b"), DAY)) == []


def test_renewal_asks_for_the_assessment_condition() -> None:
    good = person(contracts=TERM, results={2023: "合格"}, category="两委成员")
    contract = renew_contract(actor=user("clerk-a"), worker=good, start=date(2024, 3, 1), at=NOW)
    assert contract.end == date(2029, 2, 28)
    bad = person(contracts=TERM, results={2023: "基本合格"})
    with pytest.raises(Refused, match="2023年度基本合格"):
        renew_contract(actor=user("clerk-a"), worker=bad, start=date(2024, 3, 1), at=NOW)
    with pytest.raises(Refused, match="期满"):
        renew_contract(actor=user("clerk-a"), worker=bad, start=date(2024, 2, 29), reason="急需", at=NOW)
    kept = renew_contract(actor=user("clerk-a"), worker=bad, start=date(2024, 3, 1), reason="街道研究同意", at=NOW)
    assert kept.end == date(2027, 2, 28)
    with pytest.raises(Refused, match="先登记原合同"):
        renew_contract(actor=user("clerk-a"), worker=person(), start=date(2024, 3, 1), at=NOW)
    with pytest.raises(NotAllowed):
        renew_contract(actor=user("clerk-o"), worker=good, start=date(2029, 3, 1), reason="续", at=NOW)


def test_probation_by_the_policy_or_as_entered() -> None:
    ordos = person(O1, contracts=[(date(2024, 1, 1), date(2026, 12, 31))])
    songshan = person(contracts=[(date(2024, 1, 1), date(2026, 12, 31))])
    assert [one.until for one in on_probation(Roll(user("bureau-o"), date(2024, 3, 31)))] == [date(2024, 3, 31)]
    assert on_probation(Roll(user("bureau-o"), date(2024, 4, 1))) == []
    assert on_probation(Roll(user("bureau"), DAY)) == []
    songshan.contracts.update(probation_end=date(2024, 6, 30))
    assert [one.person.id for one in on_probation(Roll(user("bureau"), DAY))] == [songshan.pk] != [ordos.pk]


def test_training_and_visits() -> None:
    worker = person()
    Training.objects.create(worker=worker, name="实务", start=date(2023, 3, 1), end=date(2023, 3, 4))
    Training.objects.create(worker=worker, name="以后", start=date(2024, 3, 1), end=date(2024, 3, 4))
    (row,) = duties_of_year(user("clerk-a"), 2023, DAY)
    assert (row.training.done, row.training.required, row.training.met) == (4, 5, False)
    Visit.objects.create(worker=worker, month=month(2024, 1), households=29)
    person(O1)
    (row,) = duties_of_year(user("clerk-a"), 2024, DAY)
    assert (row.visits[month(2024, 1)], row.visits_owed, row.poor_months) == (29, 30, [month(2024, 1)])
    (row,) = duties_of_year(user("clerk-o"), 2024, DAY)
    assert (row.visits[month(2024, 1)], row.visits_owed, row.poor_months) == (0, None, [])


def test_annual_leave_by_all_working_years() -> None:
    person(hired=date(2020, 1, 1))
    experienced = person(hired=date(2020, 1, 1), working_since=date(2003, 7, 1))
    Leave.objects.create(
        worker=experienced, kind="年休假", first_day=date(2024, 1, 8), last_day=date(2024, 1, 10), days="2.5"
    )
    Leave.objects.create(worker=experienced, kind="病假", first_day=date(2024, 1, 15), last_day=DAY, days=14)
    first, second = duties_of_year(user("clerk-a"), 2024, DAY)
    assert (first.entitled, first.taken) == (5, 0)
    assert (second.entitled, second.taken) == (15, Decimal("2.5"))


def test_absences_against_the_limits() -> None:
    worker = person()
    person()
    Absence.objects.create(worker=worker, first_day=date(2023, 12, 25), last_day=date(2024, 1, 8))
    (row,) = absences(Roll(user("clerk-a"), DAY))
    assert row.days == 15 and row.running is not None and row.yearly is None and row.note == ""


def test_a_year_without_its_holidays_is_said_where_working_days_count() -> None:
    songshan, ordos = person(), person(O1)
    for worker in (songshan, ordos):
        Absence.objects.create(worker=worker, first_day=date(2029, 12, 24), last_day=date(2030, 1, 11))
    day = date(2030, 2, 1)
    ((row,), (there,)) = absences(Roll(user("clerk-o"), day)), absences(Roll(user("clerk-a"), day))
    assert row.note.startswith("2029、2030年的节假日安排还没有登记，工作日暂按周一至周五计算") and row.days == 15
    assert there.note == "", "松山按日历日，不需要节假日安排"
    for year in (2029, 2030):
        CalendarDay.objects.create(district_id="150602", day=date(year, 1, 1), kind="休息", name="元旦")
    (row,) = absences(Roll(user("clerk-o"), day))
    assert row.note == "" and row.days == 14


def test_staffing_by_community_street_and_district() -> None:
    people(3)
    head = person(position=Position.SECRETARY)
    for committee in ("社区党组织", "社区居委会"):
        head.committeeseats.create(community_id=A1, committee=committee, start=date(2021, 1, 1), local=True)
    head.partyworkers.create(community_id=A1, start=date(2021, 1, 1), end=date(2023, 12, 31))
    member = person()
    member.committeeseats.create(community_id=A1, committee="社区居委会", start=date(2021, 1, 1))
    person(A2, category="在编在职", position=Position.DEPUTY_SECRETARY)
    CommunityProfile.objects.create(community_id=A1, since=date(2023, 1, 1), households=2100)
    CommunityProfile.objects.create(community_id=A1, since=date(2024, 3, 1), households=9000)
    first, second = staffing(user("clerk-a"), DAY, people_on(user("clerk-a"), DAY))
    assert (first.code, first.households, first.workers, first.leaders, first.party_workers) == (A1, 2100, 5, 1, 0)
    assert first.recommended == Recommended(7, 7)
    assert (first.missing, first.cross_rate, first.local) == (2, Decimal("50.0"), 1)
    assert (second.workers, second.party_workers, second.recommended, second.cross_rate) == (0, 1, None, None)
    names = dict(Region.objects.values_list("code", "name"))
    (street,) = rolled_up([first, second], 9, names)
    assert (street.name, street.workers, street.leaders, street.households) == ("甲街道", 5, 2, 2100)
    assert staffing(user("leader-b"), DAY, people_on(user("leader-b"), DAY)) == []


def test_structure_by_age_education_and_major() -> None:
    person()
    worker = person()
    EducationRecord.objects.create(worker=worker, level="大学本科", earned_on=date(2021, 7, 1), major="社会工作与管理")
    EducationRecord.objects.create(worker=worker, level="硕士研究生", earned_on=date(2025, 7, 1), major="法学")
    (street,) = structures(DAY, 9, people_on(user("clerk-a"), DAY))
    assert street.people == 2 and street.ages == {"36至45岁": 2}
    assert street.educations == {"大学专科": 1, "大学本科": 1}
    assert street.majors == {"未登记": 1, "社会工作": 1}


def test_candidates_for_targeted_recruitment() -> None:
    results = {2019: "合格", 2020: "合格", 2021: "优秀", 2022: "合格", 2023: "合格"}
    best = person(hired=date(2018, 6, 1), position=Position.SECRETARY, results=results)
    person(hired=date(2018, 6, 1), position=Position.SECRETARY, results=results | {2020: "基本合格"})
    person(hired=date(2018, 6, 1), position=Position.SECRETARY, results=results | {2021: "合格"})
    person(hired=date(2020, 6, 1), position=Position.SECRETARY, results=results)
    person(hired=date(2018, 6, 1), results=results)
    assert [one.person.id for one in candidates(user("bureau"), DAY)] == [best.pk]


PDF = b"%PDF-1.7 contract"


def attach(worker: Any, actor: str = "clerk-a", part: str = "劳动合同", data: bytes = PDF) -> Attachment:
    return add_attachment(actor=user(actor), worker=worker, part=part, title="合同", content=BytesIO(data), at=NOW)


def test_archives_show_what_is_missing_and_to_be_filed() -> None:
    secretary, worker = person(position=Position.SECRETARY), person()
    attach(secretary)
    first, second = archives(Roll(user("clerk-a"), DAY))
    assert first.to_be_filed and first.filed_on is None and "劳动合同" not in first.missing and len(first.missing) == 5
    assert not second.to_be_filed and len(second.missing) == 6
    with pytest.raises(NotAllowed):
        file_archive(actor=user("clerk-a"), worker=secretary, on=DAY, at=NOW)
    with pytest.raises(Refused, match="由街道管理"):
        file_archive(actor=user("organisation"), worker=worker, on=DAY, at=NOW)
    with pytest.raises(NotAllowed):
        file_archive(actor=user("organisation-o"), worker=secretary, on=DAY, at=NOW)
    with pytest.raises(Refused, match="晚于今天"):
        file_archive(actor=user("organisation"), worker=secretary, on=localdate(NOW) + timedelta(days=1), at=NOW)
    file_archive(actor=user("organisation"), worker=secretary, on=DAY, at=NOW)
    assert archives(Roll(user("clerk-a"), DAY))[0].filed_on == DAY


def test_attachments_are_what_their_bytes_say() -> None:
    worker = person()
    kept = attach(worker)
    assert (kept.content_type, kept.size) == ("application/pdf", len(PDF)) and "合同" not in kept.file.name
    with pytest.raises(Refused, match="档案类别"):
        attach(worker, part="其他")
    with pytest.raises(NotAllowed):
        attach(worker, actor="clerk-o")
    with pytest.raises(Refused, match="已在该类档案"):
        attach(worker)
    for data in (b"<html>", b"MZ", b"", b"PK\x03\x04broken", office("word/document.xml", "word/vbaProject.bin")):
        with pytest.raises(Refused):
            content_type_of(data)
    assert content_type_of(office("xl/workbook.xml")).endswith("spreadsheetml.sheet")


def office(*names: str) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return file.getvalue()


def test_too_big_a_file_is_refused(settings: Any) -> None:
    settings.UPLOAD_BYTES = 16
    with pytest.raises(Refused, match="超过"):
        attach(person(), data=PDF)


READS: list[Callable[[], object]] = [
    lambda: contracts_due(Roll(user("bureau"), DAY)),
    lambda: on_probation(Roll(user("bureau"), DAY)),
    lambda: duties_of_year(user("bureau"), 2024, DAY),
    lambda: absences(Roll(user("bureau"), DAY)),
    lambda: archives(Roll(user("bureau"), DAY)),
    lambda: staffing(user("bureau"), DAY, people_on(user("bureau"), DAY)),
    lambda: structures(DAY, 9, people_on(user("bureau"), DAY)),
    lambda: candidates(user("bureau"), DAY),
]


@pytest.mark.parametrize("read", READS)
def test_statements_do_not_grow_with_people(read: Callable[[], object]) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            read()
        return len(captured)

    def settle(number: int, community: str) -> None:
        for worker in people(number, community, contracts=TERM, results={2023: "合格"}):
            Absence.objects.create(worker=worker, first_day=date(2023, 12, 25), last_day=date(2024, 1, 8))

    settle(2, A1)
    few = statements()
    settle(10, B1)
    assert statements() == few
