"""How the invented people spread over communities, and who holds what there (S 二(三)1: leaders at most three)."""

from collections.abc import Sequence
from itertools import zip_longest
from random import Random

from payroll.demo.person import Community, Seat
from songshan_cw.words.terms import Category, Position, Post

FEWEST = 6
OUTSIDE = (Category.RETIRED, Category.CIVIL_POST, Category.TOLL_STATION)


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
