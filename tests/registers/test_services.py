"""Writing what the registers show: households, the bureau's calendar, leave, AB 岗."""

from datetime import UTC, date, datetime

import pytest

from songshan_cw.data.refusal import NotAllowed, Refused
from tests.compliance.world import A1, B1, O1, SONGSHAN, person, user
from workers.models import CalendarDay, Change, CommunityProfile, DutyBackup, Leave
from workers.selectors.calendar import working_days
from workers.selectors.scope import visible
from workers.services.duties import record_backup, record_leave
from workers.services.localities import remove_calendar_day, remove_profile, save_calendar_day, save_profile

pytestmark = pytest.mark.usefixtures("regions")
NOW = datetime(2024, 2, 1, 2, 0, tzinfo=UTC)


def test_households_are_entered_corrected_and_taken_back_by_the_own_street() -> None:
    profile = CommunityProfile(community_id=A1, since=date(2024, 1, 1), households=1800)
    save_profile(actor=user("clerk-a"), profile=profile, at=NOW)
    profile.households = 1900
    save_profile(actor=user("clerk-a"), profile=profile, at=NOW)
    assert CommunityProfile.objects.get().households == 1900
    for name, community in (("clerk-o", A1), ("clerk-a", B1), ("leader-a", A1)):
        with pytest.raises(NotAllowed):
            other = CommunityProfile(community_id=community, since=date(2023, 1, 1), households=1)
            save_profile(actor=user(name), profile=other, at=NOW)
    with pytest.raises(NotAllowed):
        remove_profile(actor=user("clerk-o"), profile=profile, at=NOW)
    remove_profile(actor=user("clerk-a"), profile=profile, at=NOW)
    assert not CommunityProfile.objects.exists() and Change.objects.count() == 3


def test_the_bureaus_day_goes_before_the_national_list_in_its_district_only() -> None:
    day = date(2023, 1, 28)
    own = CalendarDay(district_id=SONGSHAN, day=day, kind="休息", name="暴雪停工")
    with pytest.raises(NotAllowed):
        save_calendar_day(actor=user("clerk-a"), calendar_day=own, at=NOW)
    with pytest.raises(NotAllowed):
        save_calendar_day(actor=user("bureau-o"), calendar_day=own, at=NOW)
    save_calendar_day(actor=user("bureau"), calendar_day=own, at=NOW)
    assert not working_days()(SONGSHAN)(day) and working_days()("150602")(day)
    remove_calendar_day(actor=user("bureau"), calendar_day=own, at=NOW)
    seen = {name: visible(Change.objects.all(), user(name)).count() for name in ("bureau", "bureau-o", "clerk-a")}
    assert seen == {"bureau": 2, "bureau-o": 0, "clerk-a": 0}, "旗县区的事项由旗县区看，街道和别的旗县区看不到"
    assert working_days()(SONGSHAN)(day)


def test_leave_is_of_a_known_kind_and_no_longer_than_its_days() -> None:
    worker = person()
    first, last = date(2024, 1, 8), date(2024, 1, 12)
    record_leave(
        actor=user("clerk-a"), leave=Leave(worker=worker, kind="婚假", first_day=first, last_day=last, days=5), at=NOW
    )
    for kind, days in (("事假", 5), ("病假", 6)):
        with pytest.raises(Refused):
            leave = Leave(worker=worker, kind=kind, first_day=first, last_day=last, days=days)
            record_leave(actor=user("clerk-a"), leave=leave, at=NOW)
    assert Leave.objects.count() == 1


def test_a_backup_serves_in_the_same_street() -> None:
    worker, colleague, stranger = person(), person(), person(O1)
    start = date(2024, 1, 1)
    record_backup(
        actor=user("clerk-a"), backup=DutyBackup(worker=worker, backup=colleague, duty="低保", start=start), at=NOW
    )
    for other in (stranger, worker):
        with pytest.raises(Refused):
            backup = DutyBackup(worker=worker, backup=other, duty="医保", start=start)
            record_backup(actor=user("clerk-a"), backup=backup, at=NOW)
