"""What one person entered and decides pay is listed, keeps the run from approval, and is ticked by a second (7.7)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from payroll.models import GradeTable, PayrollRun
from payroll.rules.second_look import LookKind, SecondLook
from payroll.selectors.reviews import open_looks
from payroll.selectors.run_looks import OCCASION, looks_of_runs
from payroll.services.reviews import tick_looks
from payroll.services.runs import compute_runs
from payroll.services.transitions import approve_runs, submit_runs
from songshan_cw.data.refusal import NotAllowed, Refused
from songshan_cw.words.periods import parse
from tests.payroll.conftest import table
from tests.payroll.world import A, pay_month, person, staff, user
from tests.worlds import shared
from workers.models import Certificate, Placement, PostAssignment, Worker
from workers.services import record_fact, version_of
from workers.services.amendment import Entry, amend_person

AT = datetime(2022, 4, 10, 2, tzinfo=UTC)
MONTH = parse("2022-04")


@shared(table)
def people(table: GradeTable) -> list[Worker]:
    """Two people of street A with an account each, paid through March."""
    found = [person(staff(date(2020, 1, 1)), name=name) for name in ("王一", "李二")]
    for number, worker in enumerate(found):
        worker.bank_account = f"622848000000000900{number}"
        worker.save()
    for month in ("2022-02", "2022-03"):
        pay_month(month)
    return found


def computed() -> list[SecondLook]:
    compute_runs(month=MONTH, street_codes=[A], at=AT)
    return looks()


def looks() -> list[SecondLook]:
    return looks_of_runs(list(PayrollRun.objects.filter(month=MONTH).select_related("street")))


def approve(**more: Any) -> None:
    approve_runs(month=MONTH, street_codes=[A], actor=user("bureau"), at=AT, **more)


def enter(fact: Any, by: str = "clerk-a") -> None:
    record_fact(actor=user(by), instance=fact, at=AT)


def change(worker: Worker, by: str = "clerk-a", **values: str) -> None:
    stored = Worker.objects.get(pk=worker.pk)
    for name, value in values.items():
        setattr(stored, name, value)
    amend_person(actor=user(by), worker=stored, saved=[Entry(stored, "")], reason="更正", at=AT)


def test_a_month_without_odd_facts_is_approved_as_ever(people: list[Worker]) -> None:
    assert computed() == []
    submit_runs(month=MONTH, street_codes=[A], actor=user("clerk-a"), at=AT)
    approve()


def odd(worker: Worker, other: Worker, kind: LookKind) -> None:
    place = {"community_id": "150404001002", "position": "党组织副书记"}
    if kind is LookKind.PLACEMENT:
        enter(Placement(worker=worker, month=MONTH, credited_months=60, document_no="松民〔2022〕9号"))
    elif kind is LookKind.EARLIER_MONTHS:
        enter(Certificate(worker=worker, level="助理社会工作师", approved_on=date(2022, 1, 5)))
    elif kind is LookKind.ACCOUNT:
        change(worker, bank_account="6228480000000009999")
    elif kind is LookKind.SHARED:
        change(other, phone="13900000001")
        change(worker, phone="13900000001")
    else:
        enter(PostAssignment(worker=worker, start=date(2022, 3, 20), post="副职", **place))


KINDS = [
    LookKind.PLACEMENT,
    LookKind.EARLIER_MONTHS,
    LookKind.ACCOUNT,
    LookKind.SHARED,
    LookKind.UNDOCUMENTED_POST,
]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_seen_by_a_second_before_approval(people: list[Worker], kind: LookKind) -> None:
    odd(*people, kind)
    found = [look for look in computed() if look.kind is kind]
    assert found and people[0].name in "".join(look.name for look in found)
    assert all(people[0].id_number not in look.key for look in found)
    submit_runs(month=MONTH, street_codes=[A], actor=user("clerk-a"), at=AT)
    with pytest.raises(Refused, match="须先复核"):
        approve()
    with pytest.raises(NotAllowed):
        tick_looks(actor=user("clerk-a"), occasion=OCCASION, looks=looks(), keys=None, at=AT)
    tick_looks(actor=user("bureau-2"), occasion=OCCASION, looks=looks(), keys=[one.key for one in looks()], at=AT)
    approve()


def test_who_entered_it_cannot_tick_it(people: list[Worker]) -> None:
    enter(Placement(worker=people[0], month=MONTH, credited_months=60, document_no="1号"), by="bureau")
    given = {"occasion": OCCASION, "looks": computed(), "keys": None, "at": AT}
    with pytest.raises(NotAllowed, match="本人录入"):
        tick_looks(actor=user("bureau"), **given)
    tick_looks(actor=user("bureau-2"), **given)


def test_a_tick_lasts_while_the_fact_stays(people: list[Worker]) -> None:
    placed = Placement(worker=people[0], month=MONTH, credited_months=60, document_no="1号")
    enter(placed)
    tick_looks(actor=user("bureau"), occasion=OCCASION, looks=computed(), keys=None, at=AT)
    assert open_looks(computed(), OCCASION) == []
    placed.credited_months = 120
    enter(placed)
    kinds = {look.kind for look in open_looks(computed(), OCCASION)}
    assert LookKind.PLACEMENT in kinds


def test_the_commands(people: list[Worker], capsys: pytest.CaptureFixture[str]) -> None:
    enter(Placement(worker=people[0], month=MONTH, credited_months=60, document_no="松民〔2022〕9号"))
    [look] = computed()
    call_command("submit_payroll", "2022-04", "--street", A, "--by", "clerk-a")
    with pytest.raises(CommandError, match="须先复核"):
        call_command("approve_payroll", "2022-04", "--street", A, "--by", "bureau")
    call_command("review_payroll", "2022-04", "--by", "bureau", "--tick", look.key, "--json")
    said = capsys.readouterr().out
    assert '"ticked_by": "bureau"' in said and '"document": "松民〔2022〕9号"' in said
    call_command("approve_payroll", "2022-04", "--street", A, "--by", "bureau")


def test_review_all_ticks_in_the_users_name(people: list[Worker]) -> None:
    enter(Placement(worker=people[0], month=MONTH, credited_months=60, document_no="1号"))
    computed()
    submit_runs(month=MONTH, street_codes=[A], actor=user("clerk-a"), at=AT)
    call_command("approve_payroll", "2022-04", "--street", A, "--by", "bureau", "--review-all")
    assert PayrollRun.objects.get(month=MONTH).state == "已审核"


def test_no_month_after_the_next_one(people: list[Worker]) -> None:
    compute_runs(month=MONTH + 1, street_codes=[A], at=AT)
    with pytest.raises(Refused, match="还太早"):
        compute_runs(month=MONTH + 2, street_codes=[A], at=AT)


def test_a_placement_entered_ahead_for_a_newcomer_is_seen_in_the_first_month(people: list[Worker]) -> None:
    """It was entered before the street's last approval, in which the newcomer had no slip yet."""
    later = timezone.now() + timedelta(hours=1)
    new = person(staff(date(2022, 5, 1)), name="赵新")
    enter(Placement(worker=new, month=MONTH + 1, credited_months=120, document_no=""))
    assert computed() == []
    submit_runs(month=MONTH, street_codes=[A], actor=user("clerk-a"), at=AT)
    approve_runs(month=MONTH, street_codes=[A], actor=user("bureau"), at=later)
    compute_runs(month=MONTH + 1, street_codes=[A], at=later)
    found = looks_of_runs(list(PayrollRun.objects.filter(month=MONTH + 1).select_related("street")))
    assert {(look.kind, look.name) for look in found} >= {(LookKind.PLACEMENT, "赵新")}


def test_arrears_of_the_same_amount_from_other_facts_are_another_fact(people: list[Worker]) -> None:
    """A correction of a ticked certificate that moves no yuan is looked at again, because it is another fact."""
    enter(Certificate(worker=people[0], level="助理社会工作师", approved_on=date(2022, 2, 3)))
    tick_looks(actor=user("bureau"), occasion=OCCASION, looks=computed(), keys=None, at=AT)
    assert open_looks(looks(), OCCASION) == []
    certificate = Certificate.objects.get(worker=people[0])
    certificate.approved_on = date(2022, 2, 4)
    seen = version_of(Certificate.objects.get(pk=certificate.pk))
    record_fact(actor=user("clerk-a"), instance=certificate, seen=seen, at=AT)
    assert {look.kind for look in open_looks(computed(), OCCASION)} == {LookKind.EARLIER_MONTHS}


def test_another_shared_number_is_another_fact(people: list[Worker]) -> None:
    for number in ("13900000001", "13900000002"):
        for one in people:
            change(one, phone=number)
        found = open_looks(computed(), OCCASION)
        assert {look.kind for look in found} == {LookKind.SHARED} and len(found) == 2
        tick_looks(actor=user("bureau"), occasion=OCCASION, looks=found, keys=None, at=AT)


def test_a_change_of_post_dated_back_without_a_document_is_seen(people: list[Worker]) -> None:
    place = {"community_id": "150404001002", "position": "党组织副书记"}
    enter(PostAssignment(worker=people[0], start=date(2022, 1, 20), post="副职", **place))
    assert LookKind.UNDOCUMENTED_POST in {look.kind for look in computed()}


def test_looks_of_another_district_do_not_hinder_a_tick(people: list[Worker]) -> None:
    enter(Placement(worker=people[0], month=MONTH, credited_months=60, document_no="1号"))
    [own] = computed()
    elsewhere = own._replace(street_code="150403001", key="PLACEMENT:999:x")
    both = [own, elsewhere]
    with pytest.raises(NotAllowed):
        tick_looks(actor=user("bureau"), occasion=OCCASION, looks=both, keys=None, at=AT)
    assert len(tick_looks(actor=user("bureau"), occasion=OCCASION, looks=both, keys=[own.key], at=AT)) == 1
