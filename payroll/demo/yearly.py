"""What happens year by year: assessments of a street, secondments of a community, trainings of a person."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache
from random import Random

from payroll.demo.person import Person, Secondment, Session, draw_day
from songshan_cw.words.terms import Position, Post, Result

EXCELLENT_PERCENT = 15
AWAY_AT_MOST = 2
BODIES = ("松山区民政局", "松山区信访局", "松山区政务服务局", "松山区文明办", "松山区应急管理局")
SECONDMENT_REASONS = ("专项工作抽调", "人口普查工作", "文明城市创建", "基层治理试点")
HEADS = (Position.SECRETARY, Position.DIRECTOR)


def add_assessments(rng: Random, people: Sequence[Person], years: Iterable[int], *, beyond: int | None) -> None:
    """A result for most who serve on 31 December; 优秀 within the share, but one too many in the year ``beyond``."""
    for year in years:
        serving = [person for person in people if person.in_scheme and person.serves_on(date(year, 12, 31))]
        eligible = [person for person in serving if person.always_in_one_street and not _came_late(person, year)]
        counted = len(serving) if year == beyond else len(eligible)
        quota = counted * EXCELLENT_PERCENT // 100 + (year == beyond)
        excellent = {id(person) for person in rng.sample(eligible, min(quota, len(eligible)))}
        for person in serving:
            result = Result.EXCELLENT if id(person) in excellent else _result(rng, person, year)
            if result is not None:
                person.assessments[year] = result


def _came_late(person: Person, year: int) -> bool:
    return person.hired > date(year, 9, 30)


def _result(rng: Random, person: Person, year: int) -> Result | None:
    """One who failed is likelier to fail again; who came late in the year is often not assessed."""
    if person.assessments.get(year - 1) is Result.FAILED and rng.random() < 0.5:
        return Result.FAILED
    draw = rng.random()
    if draw < (0.6 if _came_late(person, year) else 0.012):
        return None
    if draw > 0.99:
        return Result.FAILED
    return Result.BASIC if draw > 0.96 else Result.COMPETENT


def add_secondments(rng: Random, people: Sequence[Person], today: date) -> None:
    """At most two of a community, so that no moment of the interval breaks the limit (S 二(四)2)."""
    ready = [person for person in people if _can_go(person, today)]
    number = rng.choices((0, 1, AWAY_AT_MOST), (70, 22, 8))[0]
    for person in rng.sample(ready, min(number, len(ready))):
        start = draw_day(rng, today - timedelta(days=420), today - timedelta(days=10))
        end = start + timedelta(days=rng.randint(40, 360)) if rng.random() < 0.75 else None
        person.secondments.append(Secondment(rng.choice(BODIES), start, end, rng.choice(SECONDMENT_REASONS)))


def _can_go(person: Person, today: date) -> bool:
    """In service and in this community through all the days a secondment may take."""
    settled = max([person.hired, *(row.start for row in person.posts)])
    stays = person.left is None and person.gap is None and person.in_scheme
    return person.seat.post is Post.STAFF and stays and settled < today - timedelta(days=450)


def add_trainings(rng: Random, person: Person, today: date) -> None:
    """Last year's and this year's sessions; some miss one and stay below the days of S 二(四)1."""
    last = person.last_day(today)
    for session in _sessions(today.year - 1) + _sessions(today.year):
        for_heads = "书记" in session.name
        if session.start < person.hired or session.end > last:
            continue
        if for_heads != (person.seat.position in HEADS) and "实务" not in session.name:
            continue
        if rng.random() < (0.3 if "实务" in session.name else 0.9):
            person.trainings.append(session)


@cache
def _sessions(year: int) -> tuple[Session, ...]:
    return (
        Session(f"{year}年全科社工实务培训", date(year, 3, 14), date(year, 3, 16), 24),
        Session(f"{year}年社区党组织书记、居委会主任培训班", date(year, 5, 12), date(year, 5, 18), 56),
        Session(f"{year}年社区工作者岗位能力培训", date(year, 6, 16), date(year, 6, 20), 40),
    )
