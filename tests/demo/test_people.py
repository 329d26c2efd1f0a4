"""The invented people hold to the contract of the workbook and to the policy's limits."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest

from payroll.demo.careers import AWAY_AT_MOST
from payroll.demo.people import generate_people
from payroll.demo.person import IN_SCHEME, Community
from songshan_cw.policy import policy_at
from songshan_cw.words.terms import Category, Education, Post, RegionLevel, Result
from workers.rules.identity import birth_date, fault_of
from workers.services.regions import shipped_regions

TODAY = date(2026, 11, 21)
DEMO = 1_200


def communities(district="150404"):
    listed = shipped_regions()
    return [
        Community(line.code, line.name, line.parent, listed[line.parent].name)
        for line in listed.values()
        if line.level is RegionLevel.COMMUNITY and line.code.startswith(district)
    ]


@pytest.fixture(scope="module")
def people():
    return list(generate_people(communities(), total=DEMO, today=TODAY))


def test_the_number_asked_for_over_all_twelve_streets(people):
    assert len(people) == DEMO
    assert len({person.seat.community.street_code for person in people}) == 12
    assert len({person.id_number for person in people}) == DEMO


@pytest.mark.parametrize("total", [1, 5, 7, 60, 533, 535])
def test_small_numbers_are_met_exactly(total):
    assert len(list(generate_people(communities(), total=total, today=TODAY))) == total


def test_the_same_seed_and_day_give_the_same_people(people):
    assert list(generate_people(communities(), total=DEMO, today=TODAY)) == people
    assert list(generate_people(communities(), total=DEMO, today=TODAY, seed=7)) != people


def test_other_districts_streets_work_too():
    somewhere = list(generate_people(communities("150602"), total=300, today=TODAY))
    assert len(somewhere) == 300
    assert {person.seat.community.code[:6] for person in somewhere} == {"150602"}


def test_id_numbers_are_well_formed_and_of_the_city(people):
    assert [fault for person in people if (fault := fault_of(person.id_number))] == []
    assert {person.id_number[:4] for person in people} == {"1504"}
    assert all(birth_date(person.id_number) == person.born for person in people)


def test_ages_are_a_workers_and_only_the_retired_are_older(people):
    for person in people:
        age = (TODAY - person.born).days // 365.25
        assert 22 <= age <= (67 if person.seat.category is Category.RETIRED else 59), person
        assert (person.hired - person.born).days >= 21 * 365
        assert date(1995, 1, 1) <= person.hired <= TODAY


def test_every_community_has_a_chief_and_at_most_three_leaders(people):
    seats = {}
    for person in people:
        seats.setdefault(person.seat.community, []).append(person.seat)
    for held in seats.values():
        posts = Counter(seat.post for seat in held)
        assert posts[Post.CHIEF] >= 1
        assert posts[Post.CHIEF] + posts[Post.DEPUTY] <= 3
        assert posts[Post.CHIEF] == 1 or not any(seat.dual for seat in held)
    assert all(seat.position.post is seat.post for held in seats.values() for seat in held)


def test_post_histories_begin_at_hiring_and_end_in_todays_seat(people):
    with_history = [person for person in people if person.posts]
    assert len(with_history) > DEMO / 4
    for person in with_history:
        days = [row.start for row in person.posts]
        assert days[0] == person.hired
        assert days == sorted(set(days))
        assert days[-1] <= person.last_day(TODAY)
        assert person.posts[-1].seat == person.seat
        assert all(not row.seat.dual or row.seat.post is Post.CHIEF for row in person.posts)


def test_degrees_rise_from_the_entry_education_to_todays(people):
    graduates = [person for person in people if person.degrees]
    assert graduates
    for person in people:
        levels = [person.entry_education, *(level for level, *_ in person.degrees)]
        assert [level.rank for level in levels] == sorted({level.rank for level in levels})
        assert levels[-1] is person.education
        assert all(person.hired < day <= person.last_day(TODAY) for _, day, *_ in person.degrees)
    assert {person.education for person in people} == set(Education)


def test_excellent_results_keep_the_policys_share_but_once(people):
    share = policy_at("150404", TODAY).assessment.excellent_share.value
    over = []
    for year in range(2022, 2026):
        for street in {person.seat.community.street_code for person in people}:
            results = [
                person.assessments.get(year)
                for person in people
                if person.seat.community.street_code == street
                and person.in_scheme
                and person.serves_on(date(year, 12, 31))
            ]
            if results.count(Result.EXCELLENT) > int(share * len(results)):
                over.append((year, street))
    assert over == [(2025, "150404002")]


def test_assessments_are_of_years_served_and_some_are_missing(people):
    missing = 0
    for person in people:
        assert all(person.hired.year <= year < TODAY.year for year in person.assessments)
        missing += person.in_scheme and any(
            person.serves_on(date(year, 12, 31)) and year not in person.assessments for year in range(2022, 2026)
        )
    assert 10 < missing < DEMO / 4
    assert {result for person in people for result in person.assessments.values()} == set(Result)


def test_nothing_happens_after_leaving(people):
    left = [person for person in people if person.left is not None]
    assert left
    for person in left:
        day = person.left[0]
        assert person.hired < day <= TODAY
        assert not person.secondments
        assert max([person.hired, *(row.start for row in person.posts)]) <= day
        assert all(date(year, 12, 31) <= day for year in person.assessments)
        assert all(session.end <= day for session in person.trainings)


def test_gaps_lie_in_service_and_a_few_are_open(people):
    gaps = [(person, *person.gap) for person in people if person.gap]
    assert any(last is None for _, _, last, _ in gaps)
    for person, first, last, _ in gaps:
        assert person.hired < first <= (last or TODAY) <= person.last_day(TODAY)


def test_no_community_ever_has_more_than_two_away(people):
    away = {}
    for person in people:
        for one in person.secondments:
            away.setdefault(person.seat.community, []).append(one)
    assert any(len(of_one) == AWAY_AT_MOST for of_one in away.values())
    assert max(map(len, away.values())) <= policy_at("150404", TODAY).secondment.most_at_once.value


def test_contracts_run_their_term_and_some_end_soon(people):
    kinds = policy_at("150404", TODAY).contract.term_months.value
    ending = Counter()
    for person in people:
        if person.contract is None:
            continue
        start, end = person.contract
        assert start >= person.hired
        assert (end.year - start.year) * 12 + end.month - start.month in {
            kinds[person.seat.category] - 1,
            kinds[person.seat.category],
        }
        if person.left is None:
            ending.update(
                days for days in (0, 30, 60, 90) if timedelta(days=days - 30) < end - TODAY <= timedelta(days=days)
            )
    assert all(ending[days] for days in (0, 30, 60, 90))


def test_the_life_a_demo_needs_is_there(people):
    assert {person.seat.category for person in people} >= set(Category) - {Category.OTHER}
    assert any(not person.bank_account for person in people)
    assert any(person.placed_years is not None for person in people)
    assert any(person.trainings for person in people)
    assert any(not person.always_in_one_street for person in people)
    assert any(
        one is Result.FAILED and two is Result.FAILED
        for person in people
        for one, two in pairwise([person.assessments.get(year) for year in (2022, 2023, 2024, 2025)])
    )


def test_those_outside_the_scheme_have_nothing_that_only_members_have(people):
    assert set(IN_SCHEME) == set(policy_at("150404", TODAY).scope.in_scheme.value)
    outside = [person for person in people if not person.in_scheme]
    assert outside
    assert not any(
        person.contract or person.assessments or person.secondments or person.placed_years for person in outside
    )
