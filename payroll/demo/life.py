"""Life around the post: households, committees, visits, leave, absences, requests, scores to be decided on."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import NamedTuple

from django.db.models import Model

from assessment.models import AnnualAssessment, AssessmentProposal
from assessment.rules.annual import total_score
from payroll.demo.archiving import add_archives
from payroll.demo.person import IN_SCHEME
from payroll.demo.proceedings import add_proceedings
from songshan_cw.policy import policy_at
from songshan_cw.words.periods import Month, first_day, last_day, month_of
from songshan_cw.words.terms import Committee, Position, Result, SecondmentState
from workers.models import (
    Absence,
    CommitteeSeat,
    CommunityProfile,
    DutyBackup,
    Honour,
    Leave,
    PartyWorker,
    Region,
    Secondment,
    Standing,
    User,
    Visit,
)
from workers.rules.secondment import last_day_allowed

SEATED = (Position.SECRETARY, Position.DIRECTOR, Position.DEPUTY_SECRETARY, Position.DEPUTY_DIRECTOR)
SEATED += (Position.COMMITTEE_MEMBER,)
IN_BOTH = (Position.SECRETARY, Position.DIRECTOR)
DUTIES = ("民政服务", "社会保障", "卫生健康", "综治调解", "党群服务", "文化宣传")
HONOURS = (("优秀社区工作者", "旗县级"), ("最美社区工作者", "市级"), ("抗疫先进个人", "市级"), ("先进工作者", "街道级"))
MONTHS_VISITED = 3  # by the common dice, and as many earlier ones as make a year by dice of their own
YEAR_VISITED = 11
STREETS_FILED = 1


class Resident(NamedTuple):
    """A person of the demo as they are today; ``position`` is the word of a ``Position``."""

    id: int
    community: str
    position: str
    hired_on: date


def add_life(*, district: str, actor: User, at: datetime, today: date) -> None:
    """Add the records with a fixed number of inserts. The same people always get the same records."""
    rng = Random(f"{district}-life")
    people, month = _residents(district), month_of(today)
    body = f"{Region.objects.get(code=district).name}文明办"
    _add(_profiles(rng, people))
    _add(_seats(rng, people))
    _add(_party_workers(rng, people))
    _add(_visits(rng, people, range(month - MONTHS_VISITED, month), (0.93, 42, 12)))
    _add(_leaves(rng, people, today))
    _add(_absences(rng, people, today))
    _add(_backups(people))
    _add(_honours(rng, people, today))
    _add(_requests(rng, people, body, actor, at, today))
    _add(_proposals(rng, people, actor, at, today.year - 1))
    apart = Random(f"{district}-proceedings")
    _add(_visits(apart, people, range(month - YEAR_VISITED, month - MONTHS_VISITED), (0.96, 38, 15)))
    add_proceedings(rng=apart, district=district, actor=actor, at=at, today=today)
    for street in sorted({one.community[:9] for one in people})[:STREETS_FILED]:
        add_archives(rng=apart, street=street, actor=actor, at=at, today=today)


def _add(rows: Iterable[Model]) -> None:
    made = list(rows)
    if made:
        type(made[0])._default_manager.bulk_create(made, batch_size=1_000)


def _residents(district: str) -> list[Resident]:
    rows = Standing.objects.filter(street__code__startswith=district, left_on=None).order_by("worker_id")
    rows = rows.filter(worker__category__in=IN_SCHEME)
    return [Resident(*row) for row in rows.values_list("worker_id", "community_id", "position", "worker__hired_on")]


def _profiles(rng: Random, people: Iterable[Resident]) -> Iterable[CommunityProfile]:
    """Add households that fit the staff of most communities and exceed it in some."""
    for code, count in Counter(one.community for one in people).items():
        households = max(count * 300 - rng.randint(0, 299), 600)
        yield CommunityProfile(community_id=code, since=date(2021, 1, 1), households=households, source="社区统计")
        if rng.random() < 0.2:
            grown = households + rng.randint(100, 700)
            yield CommunityProfile(community_id=code, since=date(2025, 1, 1), households=grown, source="社区统计")


def _seats(rng: Random, people: Iterable[Resident]) -> Iterable[CommitteeSeat]:
    for one in people:
        if one.position not in SEATED:
            continue
        both = one.position in IN_BOTH or rng.random() < 0.4
        own = Committee.PARTY if "党" in one.position else Committee.RESIDENTS
        for committee in Committee:
            if both or committee is own:
                local = committee is Committee.RESIDENTS and rng.random() < 0.6
                seat = CommitteeSeat(
                    worker_id=one.id, community_id=one.community, committee=committee.value, local=local
                )
                seat.start = max(one.hired_on, date(2021, 1, 15))
                yield seat


def _party_workers(rng: Random, people: Sequence[Resident]) -> Iterable[PartyWorker]:
    """Add a party worker to most communities without a deputy secretary."""
    led = {one.community for one in people if one.position == Position.DEPUTY_SECRETARY}
    for one in people:
        if one.community not in led and one.position == Position.COMMITTEE_MEMBER:
            led.add(one.community)
            if rng.random() < 0.8:
                start = max(one.hired_on, date(2022, 1, 1))
                yield PartyWorker(worker_id=one.id, community_id=one.community, start=start)


def _visits(
    rng: Random, people: Iterable[Resident], months: Iterable[Month], odds: tuple[float, int, int]
) -> Iterable[Visit]:
    """Add visits: mostly 30 to ``most`` households a month, sometimes ``fewest`` to 29."""
    usual, most, fewest = odds
    for one in people:
        for number in months:
            if one.hired_on <= first_day(number):
                households = rng.randint(30, most) if rng.random() < usual else rng.randint(fewest, 29)
                yield Visit(worker_id=one.id, month=number, households=households)


def _leaves(rng: Random, people: Iterable[Resident], today: date) -> Iterable[Leave]:
    for one in people:
        if rng.random() < 0.35 and one.hired_on.year < today.year - 1:
            first = last_day(month_of(today)) - timedelta(days=rng.randint(60, 250))
            kind, days = rng.choice((("年休假", 3), ("年休假", 5), ("病假", 2), ("婚假", 5), ("丧假", 3)))
            last = first + timedelta(days=days - 1)
            yield Leave(worker_id=one.id, kind=kind, first_day=first, last_day=last, days=Decimal(days))


def _absences(rng: Random, people: Sequence[Resident], today: date) -> Iterable[Absence]:
    """Add a few short absences, and one that reaches the limit."""
    chosen = rng.sample(people, min(len(people), 6))
    for number, one in enumerate(chosen):
        first = max(today - timedelta(days=rng.randint(40, 200)), one.hired_on)
        length = 16 if number == 0 else rng.randint(1, 4)
        last = min(first + timedelta(days=length - 1), today)
        yield Absence(worker_id=one.id, first_day=first, last_day=last, note="无故不到岗，电话联系未果")


def _backups(people: Sequence[Resident]) -> Iterable[DutyBackup]:
    """Make people of one community each other's B岗 (deputies for a duty)."""
    for number, (one, other) in enumerate(pairwise(people)):
        if one.community == other.community and number % 2 == 0:
            start = max(one.hired_on, other.hired_on, date(2024, 1, 1))
            yield DutyBackup(worker_id=one.id, backup_id=other.id, duty=DUTIES[number % len(DUTIES)], start=start)


def _honours(rng: Random, people: Iterable[Resident], today: date) -> Iterable[Honour]:
    for one in people:
        if rng.random() < 0.04 and one.hired_on.year < today.year:
            name, level = rng.choice(HONOURS)
            awarded = date(rng.randint(max(one.hired_on.year + 1, 2020), today.year), 7, 1)
            if awarded <= today:
                yield Honour(worker_id=one.id, name=f"{awarded.year}年度{name}", level=level, awarded_on=awarded)


def _requests(
    rng: Random, people: Sequence[Resident], body: str, actor: User, at: datetime, today: date
) -> Iterable[Secondment]:
    """Add requests of secondment that wait for the bureau, of people who were never seconded."""
    lent = set(Secondment.objects.values_list("worker_id", flat=True))
    ready = [one for one in people if one.id not in lent and one.position == Position.COMMUNITY_WORKER]
    for one in rng.sample(ready, min(len(ready), 4)):
        start = max(today, one.hired_on) + timedelta(days=rng.randint(7, 30))
        end = start + timedelta(days=rng.randint(60, 180))
        allowed = last_day_allowed(start, policy_at(one.community, start).secondment.most_months.value)
        yield Secondment(
            worker_id=one.id,
            body=body,
            start=start,
            end=min(end, allowed or end),
            reason="文明城市复检专项工作",
            state=SecondmentState.REQUESTED.value,
            requested_by=actor,
            requested_at=at,
        )


def _proposals(
    rng: Random, people: Iterable[Resident], actor: User, at: datetime, year: int
) -> Iterable[AssessmentProposal]:
    """Propose scores for people without a result for last year."""
    decided = set(AnnualAssessment.objects.filter(year=year).values_list("worker_id", flat=True))
    for one in people:
        if one.id in decided or one.hired_on.year > year:
            continue
        everyday, yearly, satisfaction = (Decimal(rng.randint(140, 196)) / 2 for _ in range(3))
        weight = policy_at(one.community, date(year, 12, 31)).assessment.satisfaction_weight.value
        total = total_score(everyday=everyday, yearly=yearly, satisfaction=satisfaction, satisfaction_weight=weight)
        yield AssessmentProposal(
            worker_id=one.id,
            year=year,
            everyday=everyday,
            yearly=yearly,
            satisfaction=satisfaction,
            total=total,
            result=(Result.COMPETENT if total >= 75 else Result.BASIC).value,
            proposed_by=actor,
            proposed_at=at,
        )
