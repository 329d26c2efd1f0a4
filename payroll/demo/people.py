"""Invented people of a district's communities with their whole history: the same seed and day give the same people.

They come street by street, so a hundred thousand need no more memory than the largest street.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import zip_longest
from random import Random

from payroll.demo import careers, names
from payroll.demo.person import Community, Person, Seat, draw_day, draw_id_number
from songshan_cw.words.terms import Category, Education, Position, Post

SCHEME_START = date(2022, 1, 1)
FIRST_HIRING = date(1995, 1, 1)
AGES = {Post.CHIEF: (32, 57), Post.DEPUTY: (28, 56), Post.STAFF: (23, 57)}
RETIRED_AGES = (58, 66)
HIRING_AGE = {Education.MASTER: 25, Education.DOCTOR: 28}
EDUCATIONS = tuple(Education)
EDUCATION_WEIGHTS = ((1976, (38, 45, 17, 0, 0)), (1986, (13, 50, 35, 2, 0)), (2100, (4, 34, 56, 5.6, 0.4)))
POLITICAL = ("中共党员", "群众", "共青团员", "中共预备党员", "民革党员")
BANKS = ("松山农村商业银行", "中国农业银行赤峰松山支行", "中国工商银行赤峰松山支行", "蒙商银行赤峰分行")
NEIGHBOUR_PREFIXES = ("02", "03", "21", "22", "23", "24", "25", "26", "28", "29", "30")
LEAVING_REASONS = ("自动辞职", "自动辞职", "自动辞职", "聘期届满未续聘", "无法胜任工作")
FEWEST = 6
OUTSIDE = (Category.RETIRED, Category.CIVIL_POST, Category.TOLL_STATION)


def generate_people(communities: Sequence[Community], *, total: int, today: date, seed: int = 2022) -> Iterator[Person]:
    """``total`` people, in order of street and community. ``today`` ends every history."""
    counts = headcounts(Random(f"{seed}:counts"), communities, total)
    taken: set[str] = set()
    streets: dict[str, list[Community]] = {}
    for community in counts:
        streets.setdefault(community.street_code, []).append(community)
    for place, (code, neighbours) in enumerate(streets.items()):
        rng = Random(f"{seed}:{code}")
        maker = _Maker(rng, today, taken, neighbours, list(counts))
        people = [person for one in neighbours for person in maker.people_of(one, counts[one])]
        # One street of the demo has let one too many through last year: check_policy finds something true.
        beyond = today.year - 1 if place == 1 else None
        careers.add_assessments(rng, people, range(SCHEME_START.year, today.year), beyond=beyond)
        yield from people


class _Maker:
    """Makes the people of one street; ``taken`` are the ID numbers given so far in the whole district."""

    def __init__(
        self, rng: Random, today: date, taken: set[str], neighbours: list[Community], everywhere: list[Community]
    ) -> None:
        self.rng, self.today, self.taken = rng, today, taken
        self.neighbours, self.everywhere = neighbours, everywhere

    def people_of(self, community: Community, headcount: int) -> list[Person]:
        people = [self._person(seat) for seat in seats_of(self.rng, community, headcount)]
        careers.add_secondments(self.rng, people, self.today)
        return people

    def _person(self, seat: Seat) -> Person:
        person = self._newcomer(seat)
        if person.in_scheme:
            if seat.post is Post.STAFF:
                self._add_leaving(person)
            careers.add_degrees(self.rng, person, self.today)
            careers.add_certificates(self.rng, person, self.today)
            careers.add_gap(self.rng, person, self.today)
            careers.add_placement(self.rng, person)
            careers.add_contract(self.rng, person, self.today)
            careers.add_trainings(self.rng, person, self.today)
        careers.add_posts(self.rng, person, self.neighbours, self.rng.choice(self.everywhere), self.today)
        return person

    def _newcomer(self, seat: Seat) -> Person:
        """The person on the day of hiring; the rest of the career is added to it."""
        rng = self.rng
        female = rng.random() < 0.68
        ethnicity = names.draw_ethnicity(rng)
        born = self._born(seat)
        education = self._education(born)
        has_account = rng.random() >= 0.02
        return Person(
            name=names.draw_name(rng, ethnicity, female),
            id_number=self._id_number(seat, born, female),
            born=born,
            ethnicity=ethnicity,
            political_status=rng.choices(
                POLITICAL, (75, 20, 4, 1, 0.3) if seat.post is Post.STAFF else (1, 0, 0, 0, 0)
            )[0],
            phone=f"100{rng.randrange(10**8):08d}",
            seat=seat,
            hired=self._hired(seat, born, education),
            entry_education=education,
            education=education,
            bank_name=rng.choice(BANKS) if has_account else "",
            bank_account=f"6299{rng.randrange(10**15):015d}" if has_account else "",
        )

    def _born(self, seat: Seat) -> date:
        youngest, oldest = RETIRED_AGES if seat.category is Category.RETIRED else AGES[seat.post]
        latest = date(self.today.year - youngest, 1, 1)
        return draw_day(self.rng, date(self.today.year - oldest - 1, 1, 1), latest - timedelta(days=1))

    def _education(self, born: date) -> Education:
        weights = next(weights for before, weights in EDUCATION_WEIGHTS if born.year < before)
        level = self.rng.choices(EDUCATIONS, weights)[0]
        old_enough = self.today.year - born.year > HIRING_AGE.get(level, 22) + 1
        return level if old_enough else Education.BACHELOR

    def _hired(self, seat: Seat, born: date, education: Education) -> date:
        """Leaders have served for some years; half of the others came in the last ten."""
        first = max(FIRST_HIRING, date(born.year + HIRING_AGE.get(education, 22), 1, 1))
        last = self.today if seat.post is Post.STAFF else self.today - timedelta(days=900)
        span = max(0, (last - first).days)
        return first + timedelta(days=int(span * self.rng.betavariate(1.6, 1.2)))

    def _id_number(self, seat: Seat, born: date, female: bool) -> str:
        district = seat.community.code[:6]
        while True:
            local = self.rng.random() < 0.8
            prefix = district if local else district[:4] + self.rng.choice(NEIGHBOUR_PREFIXES)
            number = draw_id_number(self.rng, prefix, born, female)
            if number not in self.taken:
                self.taken.add(number)
                return number

    def _add_leaving(self, person: Person) -> None:
        first = max(SCHEME_START, person.hired + timedelta(days=120))
        if self.rng.random() < 0.045 and first < self.today:
            person.left = (draw_day(self.rng, first, self.today), self.rng.choice(LEAVING_REASONS))


def headcounts(rng: Random, communities: Sequence[Community], total: int) -> dict[Community, int]:
    """``total`` people over the communities: street by street in turn, at least about six where anybody is."""
    staffed = _in_turn(communities)[: max(1, total // FEWEST)]
    counts = dict.fromkeys(staffed, total // len(staffed) if total < FEWEST * len(staffed) else FEWEST)
    weights = [rng.uniform(0.5, 2.0) for _ in staffed]
    for community in rng.choices(staffed, weights, k=total - sum(counts.values())):
        counts[community] += 1
    return {community: counts[community] for community in sorted(staffed, key=lambda one: one.code)}


def seats_of(rng: Random, community: Community, headcount: int) -> list[Seat]:
    """Today's seats of a community, leaders first; those outside the pay scheme come last."""
    outsiders = sum(rng.random() < 0.015 for _ in range(headcount)) if headcount > FEWEST else 0
    leaders = _leaders(rng, community, headcount)[: max(1, headcount - outsiders)]
    staff = [_staff(rng, community, place) for place in range(headcount - outsiders - len(leaders))]
    return leaders + staff + [_outsider(rng, community) for _ in range(outsiders)]


def _in_turn(communities: Sequence[Community]) -> list[Community]:
    """The first community of each street, then the second of each, and so on."""
    by_street: dict[str, list[Community]] = {}
    for community in sorted(communities, key=lambda one: one.code):
        by_street.setdefault(community.street_code, []).append(community)
    return [one for round_ in zip_longest(*by_street.values()) for one in round_ if one is not None]


def _leaders(rng: Random, community: Community, headcount: int) -> list[Seat]:
    """One person as secretary and director with one or two deputies, or two chiefs with one deputy."""
    deputies = [Position.DEPUTY_SECRETARY, Position.DEPUTY_DIRECTOR]
    rng.shuffle(deputies)
    if headcount < 9 or rng.random() < 0.6:
        chiefs = [Seat(community, Post.CHIEF, Position.SECRETARY, True, Category.COMMITTEE)]
        number = 1 if headcount < 8 else rng.choice((1, 2))
    else:
        chiefs = [
            Seat(community, Post.CHIEF, position, False, Category.COMMITTEE)
            for position in (Position.SECRETARY, Position.DIRECTOR)
        ]
        number = 1
    return chiefs + [
        Seat(community, Post.DEPUTY, position, False, Category.COMMITTEE) for position in deputies[:number]
    ]


def _staff(rng: Random, community: Community, place: int) -> Seat:
    if place < 2:
        return Seat(community, Post.STAFF, Position.COMMITTEE_MEMBER, False, Category.COMMITTEE)
    category = Category.TRANSFER if rng.random() < 0.05 else Category.STAFF
    return Seat(community, Post.STAFF, Position.COMMUNITY_WORKER, False, category)


def _outsider(rng: Random, community: Community) -> Seat:
    return Seat(community, Post.STAFF, Position.COMMUNITY_WORKER, False, rng.choice(OUTSIDE))
