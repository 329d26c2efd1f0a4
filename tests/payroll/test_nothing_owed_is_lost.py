"""What a wrong fact stopped is paid once it is taken back, and reconciling finds exactly what the next run carries."""

from datetime import date
from decimal import Decimal
from random import Random

import pytest

from payroll.models import GradeTable, PayLine, Payslip, Settlement
from payroll.selectors.reconciling import Difference, reconcile
from payroll.services.runs import compute_runs
from songshan_cw.words.periods import parse
from tests.payroll import world
from tests.payroll.test_ledger_against_oracle import Given, amended, close, known_to, newcomer, store
from tests.payroll.world import NOW, A, B, pay_month, person, staff
from workers.models import CategoryRecord, Exit, PostAssignment, ServiceGap, Worker
from workers.services.standing import refresh_standing

FIRST, LAST = parse("2022-01"), parse("2023-12")
Key = tuple[int, int, str]


@pytest.fixture
def paid(table: GradeTable) -> Worker:
    """Hired in 2020 and paid through October; a colleague keeps the street's runs going."""
    worker = person(staff(date(2020, 1, 1)))
    person(staff(date(2020, 1, 1)))
    for month in ("2022-09", "2022-10"):
        pay_month(month)
    return worker


def mistake(worker: Worker, what: str) -> object:
    """A fact that keeps November from being paid in street A."""
    if what == "exit":
        return Exit.objects.create(worker=worker, left_on=date(2022, 10, 31), reason="辞职")
    if what == "gap":
        return ServiceGap.objects.create(worker=worker, first_day=date(2022, 11, 1), last_day=date(2022, 11, 30))
    place = {"community_id": world.B1, "post": "工作人员", "position": "社区工作者"}
    return PostAssignment.objects.create(worker=worker, start=date(2022, 10, 20), **place)


@pytest.mark.parametrize("what", ["exit", "gap", "move"])
def test_a_mistake_taken_back_is_made_good(paid: Worker, what: str) -> None:
    """November is approved without a slip; the fact is taken back; December pays 3,150.00 and sets 350.00 aside."""
    fact = mistake(paid, what)
    refresh_standing([paid.pk])
    pay_month("2022-11")
    assert not Payslip.objects.filter(worker=paid, month=parse("2022-11")).exists()
    assert not Settlement.objects.filter(worker=paid).exists()
    fact.delete()  # type: ignore[attr-defined]
    refresh_standing([paid.pk])
    owed = {(one.month, one.component): one.due - one.carried for one in reconcile().differences}
    wanted = {(parse("2022-11"), "基本工资"): Decimal("3150.00"), (parse("2022-11"), "绩效计提"): Decimal("350.00")}
    assert owed == wanted
    pay_month("2022-12")
    lines = PayLine.objects.filter(worker=paid, payslip__month=parse("2022-12"), for_month=parse("2022-11"))
    assert {("基本工资", Decimal("3150.00")), ("绩效计提", Decimal("350.00"))} == set(
        lines.values_list("component", "amount")
    )
    assert reconcile().differences == ()


def test_a_category_changed_and_changed_back_loses_nothing(paid: Worker) -> None:
    wrong = CategoryRecord.objects.create(worker=paid, start=date(2022, 11, 1), category="退休人员")
    pay_month("2022-11")
    pay_month("2022-12")
    assert not Payslip.objects.filter(worker=paid, month__gt=parse("2022-10")).exists()
    wrong.delete()
    pay_month("2023-01")
    assert arrears(paid, "2023-01") == 2 * Decimal("3150.00")


def test_who_is_taken_in_gets_nothing_for_the_months_before(paid: Worker) -> None:
    """2.4: from the month of the day on, whenever it was entered."""
    given = staff(date(2022, 9, 1), category="收费站分流")
    taken = person(given)
    pay_month("2022-11")
    CategoryRecord.objects.create(worker=taken, start=date(2022, 12, 1), category="专职工作者")
    pay_month("2022-12")
    slip = Payslip.objects.get(worker=taken)
    assert (slip.month, slip.gross_pay) == (parse("2022-12"), Decimal("3150.00"))


def test_retiring_by_exit_and_by_category_come_to_the_same(paid: Worker) -> None:
    """Entered two months late, with a certificate that was forgotten: back pay is due, two months are owed back."""
    other = Worker.objects.exclude(pk=paid.pk).get()
    pay_month("2022-11")
    Exit.objects.create(worker=paid, left_on=date(2022, 9, 20), reason="退休")
    CategoryRecord.objects.create(worker=other, start=date(2022, 9, 20), category="退休人员")
    for one in (paid, other):
        world.add_facts(one, {"certificates": [{"date": date(2022, 8, 1), "level": "助理社会工作师"}]})
    pay_month("2022-12")
    for one in (paid, other):
        assert arrears(one, "2022-12") == Decimal("200.00") - 2 * Decimal("3150.00")
    assert reconcile().differences == ()


def test_arrears_of_a_street_that_cannot_run_stay_with_the_last_that_can(paid: Worker) -> None:
    """Moved to a district without a grade table: what September still owes is paid by the street left behind."""
    world.Region.objects.create(code="150405", name="别旗", level="district", parent_id="1504")
    world.Region.objects.create(code="150405001", name="别街道", level="street", parent_id="150405")
    world.Region.objects.create(code="150405001001", name="别社区", level="community", parent_id="150405001")
    place = {"community_id": "150405001001", "post": "工作人员", "position": "社区工作者"}
    PostAssignment.objects.create(worker=paid, start=date(2022, 10, 20), **place)
    world.add_facts(paid, {"certificates": [{"date": date(2022, 8, 1), "level": "助理社会工作师"}]})
    pay_month("2022-11")
    assert arrears(paid, "2022-11") == 2 * Decimal("200.00")
    assert Payslip.objects.get(worker=paid, month=parse("2022-11")).grade is None


def test_what_a_removed_post_was_overpaid_comes_back_in_a_street_that_never_ran(table: GradeTable) -> None:
    """Moved to A as its secretary by mistake and paid there; B, which runs for the first time, takes 945.00 back."""
    worker = person(staff(date(2020, 1, 1)), community=world.B1)
    person(staff(date(2020, 1, 1)))
    place = {"community_id": world.A1, "post": "正职", "position": "党组织书记"}
    move = PostAssignment.objects.create(worker=worker, start=date(2022, 8, 20), **place)
    refresh_standing([worker.pk])
    pay_month("2022-09")
    move.delete()
    refresh_standing([worker.pk])
    assert sorted(one.due - one.carried for one in reconcile().differences) == [Decimal("-945.00"), Decimal("-105.00")]
    pay_month("2022-11", B)
    assert arrears(worker, "2022-11") == Decimal("-945.00")
    assert reconcile().differences == ()


def arrears(worker: Worker, month: str) -> Decimal:
    lines = PayLine.objects.filter(worker=worker, payslip__month=parse(month), for_month__lt=parse(month))
    return sum((line.amount for line in lines if line.component != "绩效计提"), Decimal(0))


def owed() -> dict[Key, Decimal]:
    return {_key(one): one.due - one.carried for one in reconcile().differences}


def _key(one: Difference) -> Key:
    return one.worker_id, one.month, one.component


@pytest.mark.parametrize("seed", range(4))
def test_reconciling_finds_what_the_next_run_carries(table: GradeTable, seed: int) -> None:
    """Random lives: facts come, change, and are taken back two months later; streets are late or left out."""
    rng = Random(100 + seed)
    people = {world.person(given).pk: given for given in (newcomer(rng) for _ in range(6))}
    workers, versions, late = Worker.objects.in_bulk(), dict.fromkeys(people, ()), []
    for month in range(FIRST, LAST + 1):
        for key in rng.sample(sorted(people), 2):
            versions[key] = (*versions[key], people[key])
            people[key] = _changed(rng, people[key], versions[key])
            store(workers[key], people[key])
        for street in rng.sample([A, B], 2):
            if not known_to(street, people):
                continue
            if rng.random() < 0.8:
                _close_and_compare(month, street)
            else:
                late.append((month, street))
        if late and rng.random() < 0.5:
            _close_and_compare(*late.pop(0))
    for street in (A, B):
        if known_to(street, people):
            _close_and_compare(LAST + 1, street)
    compute_runs(month=LAST + 2, at=NOW)
    assert {key: amount for key, amount in owed().items() if key[0] not in _beyond(people)} == {}


def _changed(rng: Random, given: Given, versions: tuple[Given, ...]) -> Given:
    return versions[-2] if len(versions) > 1 and rng.random() < 0.4 else amended(rng, given)


def _beyond(people: dict[int, Given]) -> set[int]:
    """Those whose newest post is in a street without people of its own run."""
    return {key for key, given in people.items() if not known_to(given["posts"][-1]["community"][:9], people)}


def _close_and_compare(month: int, street: str) -> None:
    before = owed()
    close(month, street)
    lines = PayLine.objects.filter(payslip__run__street=street, payslip__month=month, for_month__lt=month)
    carried = {
        (worker, for_month, component): amount
        for worker, for_month, component, amount in lines.values_list("worker_id", "for_month", "component", "amount")
    }
    here = set(Payslip.objects.filter(run__street=street, month=month).values_list("worker_id", flat=True))
    assert carried == {key: amount for key, amount in before.items() if key[0] in here and key[1] < month}
