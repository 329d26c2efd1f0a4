"""Actual and recommended staff of communities, and their structure (rules 9.6; S 二(三); O 3)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache

from django.db.models import Q

from songshan_cw.policy import policy_or_none
from songshan_cw.policy.schema import Policy
from songshan_cw.words.regions import district_of
from songshan_cw.words.terms import Category, Committee, Education, Position, Post, RegionLevel, by_word
from workers.models import (
    CommitteeSeat,
    CommunityProfile,
    EducationRecord,
    PartyWorker,
    PostAssignment,
    Region,
    ServiceGap,
    User,
    Worker,
)
from workers.rules.identity import birth_date
from workers.rules.staffing import (
    Recommended,
    age_band,
    does_party_work,
    is_leader,
    major_group,
    rate,
    recommended,
)
from workers.selectors.categories import category_on
from workers.selectors.scope import visible
from workers.selectors.streams import Row, people_of, pinned, rows_of

POSTS, POSITIONS, CATEGORIES, EDUCATIONS = by_word(Post), by_word(Position), by_word(Category), by_word(Education)


@dataclass(frozen=True, slots=True)
class Present:
    """A person in post on the day."""

    id_number: str
    community: str
    post: Post
    position: Position
    category: Category
    education: Education
    major: str
    party_work: bool
    committees: frozenset[Committee]
    local: bool


def people_on(user: User, day: date, street: str = "") -> Iterator[Present]:
    """List everybody in the user's scope who serves on the day without an interruption. Five statements."""
    everybody = people_of([street]) if street else Worker.objects.all()
    serving = everybody.filter(hired_on__lte=day).filter(Q(exit=None) | Q(exit__left_on__gte=day))
    away = ServiceGap.objects.filter(Q(first_day__lte=day) & (Q(last_day=None) | Q(last_day__gte=day)))
    people = pinned(visible(serving.exclude(pk__in=away.values("worker_id")), user))
    running = Q(start__lte=day) & (Q(end=None) | Q(end__gte=day))
    parts = [
        rows_of(PostAssignment, people, "start", "start", "community_id", "post", "position"),
        rows_of(EducationRecord, people, "earned_on", "level", "major", where=Q(earned_on__lte=day)),
        rows_of(PartyWorker, people, "start", "start", where=running),
        rows_of(CommitteeSeat, people, "start", "committee", "local", where=running),
    ]
    basics = people.rows.order_by("pk").values_list("pk", "id_number", category_on(day), "entry_education")
    for basic in people.listed(basics):
        present = _present(basic, [rows(basic[0]) for rows in parts], day)
        if present is not None:
            yield present


def _present(basic: Row, parts: list[list[Row]], day: date) -> Present | None:
    _, id_number, category, entry_education = basic
    posts, degrees, party_work, seats = parts
    if not posts:
        return None
    post = next((row for row in reversed(posts) if row[1] <= day), posts[0])
    held = [(EDUCATIONS[entry_education], ""), *((EDUCATIONS[row[1]], row[2]) for row in degrees)]
    education, major = max(held, key=lambda each: each[0].rank)
    return Present(
        id_number=id_number,
        community=post[2],
        post=POSTS[post[3]],
        position=POSITIONS[post[4]],
        category=CATEGORIES[category],
        education=education,
        major=major or next((each for _, each in reversed(held) if each), ""),
        party_work=bool(party_work),
        committees=frozenset(Committee(row[1]) for row in seats),
        local=any(row[2] for row in seats if row[1] == Committee.RESIDENTS),
    )


@dataclass(frozen=True, slots=True)
class Staffing:
    """A community, or the sum of several. ``recommended`` is None without households or without a policy."""

    code: str
    name: str
    households: int | None
    recommended: Recommended | None
    workers: int
    leaders: int
    party_workers: int
    seated: int
    in_both: int
    local: int

    @property
    def cross_rate(self) -> Decimal | None:
        """Return the 交叉任职 rate in percent among people with a seat on either committee (S 二(三)4)."""
        return rate(self.in_both, self.seated)

    @property
    def missing(self) -> int | None:
        return None if self.recommended is None else max(self.recommended.fewest - self.workers, 0)


def staffing(user: User, day: date, people: Iterable[Present]) -> list[Staffing]:
    """Count communities with people or households, by code. ``people`` comes from ``people_on``."""
    present: dict[str, list[Present]] = defaultdict(list)
    for one in people:
        present[one.community].append(one)
    profiles = visible(CommunityProfile.objects.filter(since__lte=day), user).order_by("since")
    households = dict(profiles.values_list("community_id", "households"))
    codes = sorted({*present, *households})
    names = dict(visible(Region.objects.filter(level=RegionLevel.COMMUNITY.value), user).values_list("code", "name"))
    policies = cache(policy_or_none)
    return [
        _staffing(code, names[code], households.get(code), present[code], policies(district_of(code), day))
        for code in codes
    ]


def _staffing(code: str, name: str, households: int | None, people: list[Present], policy: Policy | None) -> Staffing:
    seated = [one for one in people if one.committees]
    return Staffing(
        code=code,
        name=name,
        households=households,
        recommended=None if policy is None or households is None else recommended(households, policy.staffing),
        workers=sum(1 for one in people if policy is not None and one.category in policy.scope.in_scheme.value),
        leaders=sum(1 for one in people if is_leader(one.post)),
        party_workers=sum(1 for one in people if does_party_work(one.position, named=one.party_work)),
        seated=len(seated),
        in_both=sum(1 for one in seated if len(one.committees) == len(Committee)),
        local=sum(1 for one in people if one.local),
    )


def rolled_up(rows: Iterable[Staffing], digits: int, names: dict[str, str]) -> list[Staffing]:
    """Sum by street (9 digits) or district (6). Missing entries count as zero."""
    groups: dict[str, list[Staffing]] = defaultdict(list)
    for row in rows:
        groups[row.code[:digits]].append(row)
    return [_summed(code, names[code], group) for code, group in sorted(groups.items())]


def _summed(code: str, name: str, group: list[Staffing]) -> Staffing:
    wanted = [row.recommended for row in group if row.recommended is not None]
    counts = [row.households for row in group if row.households is not None]
    return Staffing(
        code=code,
        name=name,
        households=sum(counts) if counts else None,
        recommended=Recommended(sum(one.fewest for one in wanted), sum(one.most for one in wanted)) if wanted else None,
        workers=sum(row.workers for row in group),
        leaders=sum(row.leaders for row in group),
        party_workers=sum(row.party_workers for row in group),
        seated=sum(row.seated for row in group),
        in_both=sum(row.in_both for row in group),
        local=sum(row.local for row in group),
    )


@dataclass(slots=True)
class Structure:
    """Number of people by term in a community, street or district."""

    code: str
    people: int = 0
    ages: Counter[str] = field(default_factory=Counter)
    educations: Counter[str] = field(default_factory=Counter)
    majors: Counter[str] = field(default_factory=Counter)


def structures(day: date, digits: int, people: Iterable[Present]) -> list[Structure]:
    """Count by community (12 digits), street (9) or district (6). ``people`` comes from ``people_on``."""
    found: dict[str, Structure] = {}
    for one in people:
        code = one.community[:digits]
        structure = found.setdefault(code, Structure(code))
        structure.people += 1
        structure.ages[age_band(birth_date(one.id_number), day)] += 1
        structure.educations[one.education.value] += 1
        structure.majors[major_group(one.major)] += 1
    return [found[code] for code in sorted(found)]
