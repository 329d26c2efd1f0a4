"""The demo has something true to show on every register, and all of it keeps the rules."""

from datetime import UTC, date, datetime

from assessment.models import AssessmentProposal, ShareException
from assessment.selectors.compliance import check_compliance
from payroll.demo.life import add_life
from songshan_cw.words.terms import Position
from tests.compliance.world import A1, B1, SONGSHAN, found_world, people, person, user
from tests.worlds import shared
from workers.models import (
    Absence,
    ArchiveFiling,
    Attachment,
    CalendarDay,
    CommitteeSeat,
    CommunityProfile,
    DutyBackup,
    Hiring,
    Honour,
    Leave,
    PartyWorker,
    PrivateAccess,
    Secondment,
    SecondmentApproval,
    Visit,
)
from workers.selectors.absences import absences
from workers.selectors.secondments import overdue_secondments, waiting_for
from workers.selectors.serving import Roll
from workers.selectors.staffing import people_on, staffing

NOW, TODAY = datetime(2026, 11, 21, 2, 0, tzinfo=UTC), date(2026, 11, 21)


@shared()
def life() -> None:
    found_world()
    for community in (A1, B1):
        person(community, position=Position.SECRETARY)
        person(community, position=Position.COMMITTEE_MEMBER)
        people(60, community)
    add_life(district=SONGSHAN, actor=user("clerk-a"), at=NOW, today=TODAY)


def test_every_register_has_something(life: None) -> None:
    models = (ArchiveFiling, Attachment, CalendarDay, Hiring, PrivateAccess, SecondmentApproval, ShareException)
    models += (Absence, AssessmentProposal, CommitteeSeat, CommunityProfile, DutyBackup, Honour, Leave, PartyWorker)
    for model in (*models, Secondment, Visit):
        assert model.objects.exists(), model
        for row in model.objects.all():
            row.full_clean()
    assert len(set(Visit.objects.values_list("month", flat=True))) == 11
    assert overdue_secondments(user("bureau"), TODAY)


def test_the_lists_show_it(life: None) -> None:
    assert len(waiting_for(user("bureau"))) == 4
    assert any(row.running for row in absences(Roll(user("bureau"), TODAY)))
    assert {row.seated for row in staffing(user("bureau"), TODAY, people_on(user("bureau"), TODAY))} == {2}
    assert [each for each in check_compliance(day=TODAY).findings if each.rule == "8.3"] != []


def test_the_same_people_get_the_same_life(life: None) -> None:
    def told() -> list[object]:
        visits = Visit.objects.order_by("worker", "month").values_list("worker", "month", "households")
        hired = Hiring.objects.order_by("worker").values_list("worker", "method", "document_no")
        files = Attachment.objects.order_by("worker", "part").values_list("worker", "part", "sha256")
        return [*visits, *hired, *files]

    before = told()
    for model in (Visit, SecondmentApproval, Hiring, Attachment, ArchiveFiling, CalendarDay):
        model.objects.all().delete()
    for model in (Absence, AssessmentProposal, CommitteeSeat, CommunityProfile, DutyBackup, Honour, Leave, PartyWorker):
        model.objects.all().delete()
    Secondment.objects.all().delete()
    add_life(district=SONGSHAN, actor=user("clerk-a"), at=NOW, today=TODAY)
    assert told() == before
