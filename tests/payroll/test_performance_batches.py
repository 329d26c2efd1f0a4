"""A street's year is paid by a batch, and what changes afterwards by supplementary batches (rules 6.3, 6.4)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from assessment.models import AnnualAssessment
from payroll.ledger.verifying import verify
from payroll.models import GradeTable, PerformanceBatch, PerformanceShare, PersonalWeight
from payroll.selectors.performance import allocation
from payroll.selectors.performance_batches import computed_now, looks_of, year_total
from payroll.services.performance import set_own_weight, set_weight_bounds
from payroll.services.performance_batches import (
    approve_batch,
    compute_batch,
    read_batch,
    return_batch,
    submit_batch,
)
from payroll.services.reviews import tick_looks
from songshan_cw.data.refusal import NotAllowed, Overtaken, Refused
from songshan_cw.words.money import total
from songshan_cw.words.terms import Post
from tests.payroll.conftest import table
from tests.payroll.world import B1, A, B, pay_month, person, staff, user
from tests.worlds import shared
from workers.models import PostAssignment, Region, Worker
from workers.services.standing import refresh_standing

AT = datetime(2023, 1, 20, 2, tzinfo=UTC)
MONTHS = [f"2022-{number:02d}" for number in range(1, 13)]


def street(code: str = A) -> Region:
    return Region.objects.get(code=code)


@shared(table)
def people(table: GradeTable) -> list[Worker]:
    """Four people of street A and one of B; a whole year is approved: 12 × 350.00 = 4,200.00 of accrual each."""
    results = ("优秀", "合格", "基本合格", "合格")
    people = [person(staff(date(2020, 1, 1), assessments={2022: result})) for result in results]
    people.append(person(staff(date(2020, 1, 1), assessments={2022: "合格"}), community=B1))
    for month in MONTHS:
        pay_month(month, A, B)
    return people


def paid(year: int = 2022, code: str = A) -> PerformanceBatch:
    batch = compute_batch(year=year, street=street(code), actor=user("clerk-a") if code == A else None, at=AT)
    submit_batch(batch_id=batch.pk, actor=user("leader-a" if code == A else "clerk-b"), at=AT)
    return approve_batch(batch_id=batch.pk, actor=user("bureau"), at=AT, review_all=True)


def shares(batch: PerformanceBatch) -> dict[int, Decimal]:
    return dict(batch.shares.values_list("worker_id", "share"))


def test_the_batch_holds_the_division_and_pays_it_to_frozen_accounts(people: list[Worker]) -> None:
    expected = {one.id_number: one.share for one in allocation(street=street(), year=2022).shares}
    batch = paid()
    assert (batch.number, batch.headcount, batch.share_total, batch.pool) == (1, 4, Decimal(16800), Decimal(16800))
    assert {share.id_number: share.share for share in batch.shares.all()} == expected
    Worker.objects.filter(pk=people[0].pk).update(name="改名", bank_account="6228480000000000999")
    share = batch.shares.get(worker=people[0])
    assert (share.name, share.bank_account) == (people[0].name, people[0].bank_account)
    assert verify().findings == []


def test_states_follow_the_runs(people: list[Worker]) -> None:
    batch = compute_batch(year=2022, street=street(), actor=user("clerk-a"), at=AT)
    with pytest.raises(NotAllowed, match="街道"):
        submit_batch(batch_id=batch.pk, actor=user("bureau"), at=AT)
    with pytest.raises(Overtaken, match="草稿"):
        approve_batch(batch_id=batch.pk, actor=user("bureau"), at=AT, review_all=True)
    submit_batch(batch_id=batch.pk, actor=user("clerk-a"), at=AT)
    with pytest.raises(NotAllowed):
        approve_batch(batch_id=batch.pk, actor=user("clerk-a"), at=AT)
    with pytest.raises(Overtaken, match="已经提交"):
        compute_batch(year=2022, street=street(), actor=user("clerk-a"), at=AT)
    with pytest.raises(Refused, match="原因"):
        return_batch(batch_id=batch.pk, actor=user("bureau"), at=AT, reason=" ")
    returned = return_batch(batch_id=batch.pk, actor=user("bureau"), at=AT, reason="权重未说明")
    assert (returned.state, returned.return_reason) == ("已退回", "权重未说明")
    again = compute_batch(year=2022, street=street(), actor=user("clerk-a"), at=AT)
    assert (again.pk, again.number, again.state) == (batch.pk, 1, "草稿")


def test_another_street_cannot_touch_it(people: list[Worker]) -> None:
    with pytest.raises(NotAllowed):
        compute_batch(year=2022, street=street(), actor=user("clerk-b"), at=AT)
    batch = compute_batch(year=2022, street=street(), actor=user("clerk-a"), at=AT)
    with pytest.raises(Refused, match="没有您可以提交"):
        submit_batch(batch_id=batch.pk, actor=user("clerk-b"), at=AT)


def test_what_changed_since_the_computation_is_refused_by_name(people: list[Worker]) -> None:
    batch = compute_batch(year=2022, street=street(), actor=user("clerk-a"), at=AT)
    AnnualAssessment.objects.filter(worker=people[1], year=2022).update(result="基本合格")
    with pytest.raises(Overtaken, match=people[1].name):
        submit_batch(batch_id=batch.pk, actor=user("clerk-a"), at=AT)
    compute_batch(year=2022, street=street(), actor=user("clerk-a"), at=AT)
    submit_batch(batch_id=batch.pk, actor=user("leader-a"), at=AT)
    changed = Worker.objects.get(pk=people[2].pk)
    changed.bank_account = "6228480000000000999"
    changed.save()
    with pytest.raises(Overtaken, match=people[2].name):
        approve_batch(batch_id=batch.pk, actor=user("bureau"), at=AT, review_all=True)


def test_the_bureau_looks_before_it_approves(people: list[Worker]) -> None:
    set_own_weight(
        actor=user("clerk-a"),
        street=street(),
        year=2022,
        worker=people[1],
        weight=Decimal("1.4"),
        reason="承担双份网格",
        at=AT,
    )
    AnnualAssessment.objects.filter(worker=people[3]).delete()
    batch = compute_batch(year=2022, street=street(), actor=user("clerk-a"), at=AT)
    submit_batch(batch_id=batch.pk, actor=user("clerk-a"), at=AT)
    looks = looks_of(PerformanceBatch.objects.get(pk=batch.pk))
    assert sorted(look.kind for look in looks) == ["个人权重", "未考核", "负责人未阅"]
    with pytest.raises(Refused, match="还有3件事须先复核"):
        approve_batch(batch_id=batch.pk, actor=user("bureau"), at=AT)
    with pytest.raises(NotAllowed):
        tick_looks(actor=user("clerk-a"), occasion=batch.occasion, looks=looks, keys=None, at=AT)
    read_batch(batch_id=batch.pk, actor=user("leader-a"), at=AT)
    keys = [look.key for look in looks if look.kind != "负责人未阅"]
    tick_looks(actor=user("bureau"), occasion=batch.occasion, looks=looks, keys=keys, at=AT)
    approve_batch(batch_id=batch.pk, actor=user("bureau"), at=AT)


def test_a_weight_lies_within_the_bureaus_bounds_on_every_path(people: list[Worker]) -> None:
    given = {"actor": user("clerk-a"), "street": street(), "year": 2022, "worker": people[0], "reason": "试", "at": AT}
    with pytest.raises(Refused, match=r"0\.00至1\.50"):
        set_own_weight(**given, weight=Decimal("1.501"))
    set_own_weight(**given, weight=Decimal("1.5"))
    bounds = {"district": street().parent, "least": Decimal("0.5"), "most": Decimal(2), "at": AT}
    with pytest.raises(Refused):
        set_weight_bounds(actor=user("clerk-a"), **bounds)
    set_weight_bounds(actor=user("bureau"), **bounds)
    set_own_weight(**given, weight=Decimal(2))
    with pytest.raises(Refused, match=r"0\.50至2\.00"):
        set_own_weight(**given, weight=Decimal("0.4"))


def test_a_correction_belongs_to_the_street_served_in_that_month(people: list[Worker]) -> None:
    """X moved from A to B in 2023; what changes of X's 2022 moves the pool of A and nobody's share in B."""
    mover, other = people[3], people[4]
    PostAssignment.objects.create(
        worker=mover, start=date(2022, 12, 10), community_id=B1, post=Post.STAFF.value, position="社区工作者"
    )
    refresh_standing([mover.pk])
    before = {one.id_number: one.share for one in allocation(street=street(B), year=2022).shares}
    Worker.objects.filter(pk=mover.pk).update(entry_education="大学本科")
    pay_month("2023-01", A, B)
    assert {one.id_number: one.share for one in allocation(street=street(B), year=2022).shares} == before
    assert other.id_number in before and mover.id_number not in before
    assert allocation(street=street(), year=2022).pool == Decimal(16800) + 12 * Decimal("17.50")


def test_after_the_final_batch_a_change_moves_nobody_else(people: list[Worker]) -> None:
    """4 × 4,200.00 over 1.2 + 1.0 + 0.6 + 1.0 = 3.8: 1.0526… yuan per weighted yuan of accrual."""
    first = paid()
    with pytest.raises(Refused, match="没有需要补充"):
        compute_batch(year=2022, street=street(), actor=user("clerk-a"), at=AT)
    Worker.objects.filter(pk=people[3].pk).update(entry_education="大学本科")  # 12 × 17.50 more accrual
    AnnualAssessment.objects.filter(worker=people[1], year=2022).update(result="优秀")
    pay_month("2023-01")
    second = paid()
    assert (second.number, second.title) == (2, "补充批次1")
    by_weight = (Decimal(4200) * Decimal("0.2") * 16800 / (Decimal(4200) * Decimal("3.8"))).quantize(Decimal("0.01"))
    assert shares(second) == {people[3].pk: Decimal("210.00"), people[1].pk: by_weight}
    AnnualAssessment.objects.filter(worker=people[1], year=2022).update(result="合格")
    third = paid()
    assert shares(third) == {people[1].pk: -by_weight}
    year = year_total(street(), 2022)
    assert year.paid == total(batch.share_total for batch in (first, second, third)) == Decimal(17010)
    assert year.left == 0


def test_two_supplements_add_up_to_one(people: list[Worker]) -> None:
    paid()
    AnnualAssessment.objects.filter(worker=people[2], year=2022).update(result="合格")
    second = paid()
    AnnualAssessment.objects.filter(worker=people[2], year=2022).update(result="优秀")
    third = paid()
    once = sum(shares(second).values()) + sum(shares(third).values())
    rate = Decimal(16800) / (Decimal(4200) * Decimal("3.8"))
    assert once == (Decimal(4200) * Decimal("0.6") * rate).quantize(Decimal("0.01"))


def test_what_is_approved_stays_by_the_database(people: list[Worker]) -> None:
    AnnualAssessment.objects.filter(worker=people[3]).delete()
    batch = paid()
    for statement in (
        "UPDATE payroll_performancebatch SET pool = 1",
        "UPDATE payroll_performanceshare SET share = share + 1",
        "DELETE FROM payroll_performanceshare",
        "DELETE FROM payroll_performancebatch",
        "UPDATE payroll_reviewtick SET text = ''",
        "DELETE FROM payroll_performanceseal",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert PerformanceShare.objects.filter(batch=batch).count() == 4


def test_a_draft_may_change_and_the_newest_facts_count(people: list[Worker]) -> None:
    compute_batch(year=2022, street=street(), actor=user("clerk-a"), at=AT)
    PersonalWeight.objects.create(street=street(), year=2022, worker=people[0], weight=1, reason="核实")
    assert computed_now(street(), 2022).shares[0].weight == 1
