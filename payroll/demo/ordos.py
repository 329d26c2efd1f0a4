"""A second jurisdiction for the demo: two streets of 东胜区 under Ordos' document, without a grade table (O 11)."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.utils import timezone

from payroll.demo.accounts import ADMINISTRATOR, Account, make_accounts
from payroll.demo.loading import district_communities, import_people, require_debug
from payroll.demo.people import generate_people
from payroll.demo.person import Person
from songshan_cw.words.spans import ONE_DAY, add_months, term_end
from songshan_cw.words.terms import Category, Education, Post, Role
from workers.models import Absence, Honour, Region, User, Worker
from workers.selectors.calendar import working_days
from workers.services.regions import load_regions

DISTRICT, STREETS = "150602", ("150602001", "150602002")
WORKBOOK_NAME = "演示人员-东胜区.xlsx"
TOTAL, SEED = 36, 1506
EACH = 2  # communities of a street
TERM_MONTHS = 36
DUE_SOON = 90  # days
# Of every so many of the staff: one bought as a service, one posted from a state body; both outside the pay scheme.
BOUGHT, POSTED, EVERY = 2, 5, 8
NEWCOMERS = {1: 60, 3: 500}  # which of the staff came how many days ago
BOUGHT_NOTE = "政府购买服务岗位"
ABSENT = (15, 16)  # working days running: at the limit, and beyond it (O 23(七))


def load_ordos(*, at: datetime) -> int | None:
    """Regions, accounts, people and their life; what is there already is left as it is. Refused without DEBUG.

    Returns how many people were imported; None where they were there."""
    require_debug()
    load_regions([DISTRICT])
    _make_accounts()
    admin, today = User.objects.get(username="admin"), timezone.localdate(at)
    every = district_communities(DISTRICT)
    communities = [one for code in STREETS for one in [each for each in every if each.street_code == code][:EACH]]
    people = _of_ordos(generate_people(communities, total=TOTAL, today=today, seed=SEED), today)
    count = import_people(DISTRICT, WORKBOOK_NAME, people, admin, at)
    if count is not None:
        Worker.objects.filter(standing__street__in=STREETS, category=Category.OTHER.value).update(note=BOUGHT_NOTE)
        Absence.objects.bulk_create(_absences(today))
        Honour.objects.bulk_create(_honours(today))
    return count


def _make_accounts() -> None:
    name = Region.objects.get(code=DISTRICT).name
    offices: list[Account] = [
        ADMINISTRATOR,
        (f"bureau-{DISTRICT}", f"{name}民政局", Role.BUREAU, DISTRICT),
        (f"organisation-{DISTRICT}", f"{name}组织部", Role.ORGANISATION, DISTRICT),
    ]
    make_accounts(offices, Region.objects.filter(code__in=STREETS).order_by("code"))


def _of_ordos(people: Iterable[Person], today: date) -> Iterator[Person]:
    """The generator's people with the words and terms of the place."""
    number = 0
    for person in people:
        person.bank_name = person.bank_name and "鄂尔多斯农村商业银行"
        person.secondments = [one._replace(body=one.body.replace("松山区", "东胜区")) for one in person.secondments]
        if person.contract is not None:
            person.contract = _three_years(*person.contract, person.last_day(today))
        if person.seat.dual:
            person.assessments.pop(today.year - 1, None)  # still to be decided on
        if person.seat.post is Post.STAFF and person.seat.category is Category.STAFF and person.left is None:
            number += 1
            if number in NEWCOMERS:
                _hired_lately(person, today - timedelta(days=NEWCOMERS[number]))
            if number % EVERY in (BOUGHT, POSTED):
                _outside(person, Category.OTHER if number % EVERY == BOUGHT else Category.CIVIL_POST)
        yield person


def _three_years(start: date, end: date, day: date) -> tuple[date, date]:
    """The contract cut or renewed to the term of the document; one about to end keeps its end."""
    if (end - day).days <= DUE_SOON:
        return max(start, add_months(end + ONE_DAY, -TERM_MONTHS)), end
    while term_end(start, TERM_MONTHS) < day:
        start = add_months(start, TERM_MONTHS)
    return start, term_end(start, TERM_MONTHS)


def _hired_lately(person: Person, hired: date) -> None:
    """A newcomer by recruitment: on probation, or within the least service (O 7, 9)."""
    person.hired, person.entry_education = hired, max(person.education, Education.COLLEGE, key=lambda one: one.rank)
    person.education, person.contract = person.entry_education, (hired, term_end(hired, TERM_MONTHS))
    person.placed_years, person.gap = None, None
    person.posts, person.degrees, person.certificates = [], [], []
    person.assessments = {year: result for year, result in person.assessments.items() if date(year, 12, 31) >= hired}
    person.secondments, person.trainings = [], [one for one in person.trainings if one.start >= hired]


def _outside(person: Person, category: Category) -> None:
    """Registered only: no contract with the street, no assessment, nothing that moves a grade."""
    person.seat = person.seat._replace(category=category)
    person.contract, person.placed_years, person.gap = None, None, None
    person.assessments, person.secondments, person.trainings = {}, [], []


def _honours(today: date) -> Iterator[Honour]:
    year = today.year - 1
    for code in STREETS:
        worker = Worker.objects.filter(standing__street=code, hired_on__year__lt=year).order_by("pk").first()
        if worker is not None:
            name = f"{year}年度优秀社区工作者"
            yield Honour(worker=worker, name=name, level="旗县级", awarded_on=date(year, 12, 20))


def _absences(today: date) -> Iterator[Absence]:
    """Two people of the scheme never absent before, back to back with nothing else: one at the limit, one beyond."""
    rows = Worker.objects.filter(
        standing__street__in=STREETS,
        standing__left_on=None,
        category=Category.STAFF.value,
        hired_on__lt=today - timedelta(days=90),
        absences=None,
    )
    is_working = working_days()(DISTRICT)
    for worker_id, length in zip(rows.order_by("pk").values_list("pk", flat=True), ABSENT, strict=False):
        last = today - timedelta(days=12)
        while not is_working(last):
            last -= ONE_DAY
        first, counted = last, 1
        while counted < length:
            first -= ONE_DAY
            counted += is_working(first)
        yield Absence(worker_id=worker_id, first_day=first, last_day=last, note="未请假不到岗，两次书面通知未返岗")
