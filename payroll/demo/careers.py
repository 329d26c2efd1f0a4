"""The careers of invented people: posts, degrees, certificates, gaps, contracts, results, trainings."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache
from random import Random

from payroll.demo.person import Community, Person, PostRow, Seat, Secondment, Session, draw_day
from songshan_cw.words.terms import Category, CertificateLevel, Education, Position, Post, Result

SCHEME_START = date(2022, 1, 1)
HALF_YEAR = timedelta(days=182)
TERM_YEARS = {Category.COMMITTEE: 5, Category.STAFF: 3, Category.TRANSFER: 3}
ENTRY_YEARS = {Education.BACHELOR: 4, Education.MASTER: 7, Education.DOCTOR: 10}
NEXT_DEGREE = {
    Education.SECONDARY: Education.COLLEGE,
    Education.COLLEGE: Education.BACHELOR,
    Education.BACHELOR: Education.MASTER,
}
SCHOOLS = ("国家开放大学", "内蒙古大学", "内蒙古师范大学", "赤峰学院", "内蒙古工业大学", "内蒙古财经大学")
MAJORS = ("社会工作", "行政管理", "法学", "汉语言文学", "公共事业管理", "会计学", "学前教育", "计算机应用")
GAP_REASONS = ("因病休养", "照顾家人", "脱产学习", "个人原因离岗")
DUE_WITHIN = (30, 60, 90)
EXCELLENT_PERCENT = 15
AWAY_AT_MOST = 2
BODIES = ("松山区民政局", "松山区信访局", "松山区政务服务局", "松山区文明办", "松山区应急管理局")
SECONDMENT_REASONS = ("专项工作抽调", "人口普查工作", "文明城市创建", "基层治理试点")
HEADS = (Position.SECRETARY, Position.DIRECTOR)


def add_posts(rng: Random, person: Person, neighbours: Sequence[Community], elsewhere: Community, today: date) -> None:
    """Add the earlier posts; people with one post since hiring get no rows."""
    stages = [*_earlier_seats(rng, person.seat, neighbours, elsewhere), person.seat]
    first, last = person.hired + HALF_YEAR, person.last_day(today)
    if len(stages) == 1 or (last - first).days < len(stages) * 30:
        if rng.random() < 0.1:
            person.posts = [PostRow(person.hired, person.seat, "")]
        return
    span = (last - first).days
    changes = sorted(first + timedelta(days=offset) for offset in rng.sample(range(span), len(stages) - 1))
    person.posts = [
        PostRow(day, seat, "" if day == person.hired else f"演任〔{day.year}〕{rng.randint(1, 60)}号")
        for day, seat in zip([person.hired, *changes], stages, strict=True)
    ]


def _earlier_seats(rng: Random, seat: Seat, neighbours: Sequence[Community], elsewhere: Community) -> list[Seat]:
    """Return the earlier posts, beginning at hiring; none where today's post is the first."""
    seats: list[Seat] = []
    draw = rng.random()
    origin = elsewhere if draw < 0.015 else rng.choice(neighbours) if draw < 0.14 else seat.community
    beginner = seat._replace(community=origin, post=Post.STAFF, position=Position.COMMUNITY_WORKER, dual=False)
    if seat.post is not Post.STAFF and rng.random() < 0.8:
        seats.append(beginner)
    if seat.post is Post.CHIEF and rng.random() < 0.6:
        seats.append(seat._replace(post=Post.DEPUTY, position=Position.DEPUTY_DIRECTOR, dual=False))
    if seat.dual and rng.random() < 0.35:
        seats.append(seat._replace(dual=False))
    if seat.post is Post.STAFF and (origin != seat.community or rng.random() < 0.06):
        stepped_down = seat._replace(post=Post.DEPUTY, position=Position.DEPUTY_DIRECTOR)
        seats.append(beginner if origin != seat.community else stepped_down)
    return seats


def add_degrees(rng: Random, person: Person, today: date) -> None:
    """Add a degree earned in service, sometimes two."""
    first, last = person.hired + timedelta(days=700), person.last_day(today)
    chance = 0.2 if person.entry_education.rank < Education.BACHELOR.rank else 0.03
    while person.education in NEXT_DEGREE and first < last and rng.random() < chance:
        day = draw_day(rng, first, last)
        person.education = NEXT_DEGREE[person.education]
        person.degrees.append((person.education, day, rng.choice(SCHOOLS), rng.choice(MAJORS)))
        first, chance = day + timedelta(days=730), 0.15


def add_certificates(rng: Random, person: Person, today: date) -> None:
    """Add certificates of the yearly examinations since 2008, a higher level only after a lower one."""
    first = max(date(2008, 9, 1), date(person.born.year + 23, 1, 1))
    last = person.last_day(today)
    for level, chance in zip(CertificateLevel, (0.28, 0.35, 0.04), strict=True):
        if first >= last or rng.random() >= chance:
            return
        day = draw_day(rng, first, last)
        person.certificates.append((level, day, f"YS{day.year}{rng.randrange(10**8):08d}"))
        first = day + timedelta(days=400)


def add_gap(rng: Random, person: Person, today: date) -> None:
    """Add an interruption to a few people, and an open one to fewer still."""
    if rng.random() >= 0.035:
        return
    last = person.last_day(today)
    first = max(person.hired + timedelta(days=60), date(2019, 1, 1))
    if person.left is None and rng.random() < 0.15 and first < last - timedelta(days=200):
        day = draw_day(rng, last - timedelta(days=200), last - timedelta(days=5))
        person.gap = (day, None, rng.choice(GAP_REASONS))
        return
    day = draw_day(rng, first, last)
    end = day + timedelta(days=rng.randint(20, 420))
    if day > first and end < last:
        person.gap = (day, end, rng.choice(GAP_REASONS))


def add_placement(rng: Random, person: Person) -> None:
    """Some of those in service when the scheme began were placed in its first month (S 二(三)2)."""
    if person.serves_on(SCHEME_START) and person.hired < SCHEME_START and rng.random() < 0.3:
        months = (SCHEME_START.year - person.hired.year) * 12 + 1 - person.hired.month
        years = ENTRY_YEARS.get(person.entry_education, 0) + months / 12
        person.placed_years = max(0, round(years * 4) + rng.choice((-1, 0, 0, 0, 1, 2))) / 4


def add_contract(rng: Random, person: Person, today: date) -> None:
    """Add a running contract of the category's length; some end soon, a few have ended, a few are missing."""
    term = TERM_YEARS.get(person.seat.category)
    draw = rng.random()
    if term is None or draw < 0.02:
        return
    start = _years_on(person.hired, (person.last_day(today).year - person.hired.year) // term * term)
    if start > person.last_day(today):
        start = _years_on(start, -term)
    if draw < 0.14 and person.left is None:
        end = today + timedelta(days=rng.randint(1, rng.choice(DUE_WITHIN)) if draw < 0.13 else -rng.randint(5, 60))
        start = max(_years_on(end + timedelta(days=1), -term), person.hired)
    person.contract = (start, _years_on(start, term) - timedelta(days=1))


def _years_on(day: date, years: int) -> date:
    """Return the same day so many years later; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def add_assessments(rng: Random, people: Sequence[Person], years: Iterable[int], *, beyond: int | None) -> None:
    """Add results of those who serve on 31 December; 优秀 exceeds the share by one in the year ``beyond``."""
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
    """Choose a result. Failing is likelier after a failure, and late arrivals are often not assessed."""
    if person.assessments.get(year - 1) is Result.FAILED and rng.random() < 0.5:
        return Result.FAILED
    draw = rng.random()
    if draw < (0.6 if _came_late(person, year) else 0.012):
        return None
    if draw > 0.99:
        return Result.FAILED
    return Result.BASIC if draw > 0.96 else Result.COMPETENT


def add_secondments(rng: Random, people: Sequence[Person], today: date) -> None:
    """Add at most two secondments a community, so that the limit holds on every day (S 二(四)2)."""
    ready = [person for person in people if _can_go(person, today)]
    number = rng.choices((0, 1, AWAY_AT_MOST), (70, 22, 8))[0]
    for person in rng.sample(ready, min(number, len(ready))):
        start = draw_day(rng, today - timedelta(days=420), today - timedelta(days=10))
        end = start + timedelta(days=rng.randint(40, 360)) if rng.random() < 0.75 else None
        person.secondments.append(Secondment(rng.choice(BODIES), start, end, rng.choice(SECONDMENT_REASONS)))


def _can_go(person: Person, today: date) -> bool:
    """Return whether the person serves in this community on all days of a possible secondment."""
    settled = max([person.hired, *(row.start for row in person.posts)])
    stays = person.left is None and person.gap is None and person.in_scheme
    return person.seat.post is Post.STAFF and stays and settled < today - timedelta(days=450)


def add_trainings(rng: Random, person: Person, today: date) -> None:
    """Add the sessions of two years; people who miss one fall below the days of S 二(四)1."""
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
