"""How long a sign-in waits: at the fifth failure a minute, then twice as long each time, up to an hour."""

from datetime import UTC, datetime, timedelta

import pytest

from workers.rules.waiting import Attempt, wait_until

START = datetime(2026, 12, 1, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
HERE, THERE = "203.0.113.7", "198.51.100.9"


def failures(count: int, username: str = "clerk", address: str = HERE) -> list[Attempt]:
    return [Attempt(START + timedelta(seconds=second), username, address, True) for second in range(count)]


def minutes(attempts: list[Attempt], *, familiar: bool = True) -> float | None:
    """Minutes from the last attempt until the clerk may try here; None: at once."""
    end = wait_until(attempts, username="clerk", address=HERE, familiar=familiar, tries=5, longest=HOUR)
    return None if end is None else (end - attempts[-1].at).total_seconds() / 60


@pytest.mark.parametrize(("count", "wait"), [(4, None), (5, 1), (6, 2), (7, 4), (10, 32), (11, 60), (40, 60)])
def test_waits_double(count: int, wait: float | None) -> None:
    assert minutes(failures(count)) == wait


@pytest.mark.parametrize(("count", "wait"), [(9, None), (10, 1), (12, 4)])
def test_tries_from_elsewhere_hold_up_unknown_addresses_only(count: int, wait: float | None) -> None:
    attempts = failures(count, address=THERE)
    assert (minutes(attempts, familiar=False), minutes(attempts)) == (wait, None)


@pytest.mark.parametrize(("count", "wait"), [(19, None), (20, 1), (21, 2)])
def test_tries_of_others_here_hold_up_unknown_users_only(count: int, wait: float | None) -> None:
    attempts = failures(count, username="guess")
    assert (minutes(attempts, familiar=False), minutes(attempts)) == (wait, None)


def test_where_many_were_tried_a_known_user_has_two_tries() -> None:
    others = failures(20, username="guess")
    own = [Attempt(START + timedelta(minutes=1, seconds=second), "clerk", HERE, True) for second in range(2)]
    assert minutes([*others, own[0]]) is None
    assert minutes([*others, *own]) == 1


def test_a_success_clears_the_pair_and_a_reset_the_user() -> None:
    after = START + timedelta(minutes=1)
    assert minutes([*failures(12), Attempt(after, "clerk", HERE, False)]) is None
    assert minutes([*failures(12, address=THERE), Attempt(after, "clerk", None, None)], familiar=False) is None
    assert minutes([*failures(12, address=THERE), Attempt(after, "other", None, None)], familiar=False) is not None
