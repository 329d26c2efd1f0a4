"""How long a sign-in has to wait after failures: growing waits instead of a lock.

Three counts over the last day: of the user at the address, of the user at any address, of the address for any user.
The last two do not hold up a user who has signed in from that address before, so an attacker behind the office's proxy,
or one who knows a colleague's user name, keeps nobody from working.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

COUNTED = timedelta(days=1)
FAMILIAR = timedelta(days=90)  # so long a sign-in makes an address familiar
FIRST_WAIT = timedelta(minutes=1)
PAIR_TRIES, USER_TRIES, ADDRESS_TRIES = 5, 10, 20
TRIES_WHERE_SPRAYED = 2  # of a familiar user at an address from which many others were tried
SPRAYED_USERS = 5  # users tried from one address within a day, or addresses that tried one user


@dataclass(frozen=True, slots=True)
class Attempt:
    """One password checked, or a reset (``failed`` None) after which earlier failures no longer count."""

    at: datetime
    username: str
    address: str | None
    failed: bool | None


def wait_until(
    attempts: Sequence[Attempt], *, username: str, address: str, familiar: bool, tries: int, longest: timedelta
) -> datetime | None:
    """The time until which the user may not try at the address; None where they may.

    ``attempts``: of the user or the address within the last day, oldest first. ``tries``: failures of the pair before
    the first wait. ``familiar``: the user has signed in from this address before.
    """
    counted = _since_reset(attempts, username)
    at_address = [one.at for one in counted if one.address == address and one.failed]
    sprayed = len(at_address) >= ADDRESS_TRIES
    pair = _since_success(one for one in counted if (one.username, one.address) == (username, address))
    ends = [_wait(pair, min(tries, TRIES_WHERE_SPRAYED) if sprayed else tries, longest)]
    if not familiar:
        of_user = [one.at for one in counted if one.username == username and one.failed]
        ends += [_wait(of_user, USER_TRIES, longest), _wait(at_address, ADDRESS_TRIES, longest)]
    return max((end for end in ends if end is not None), default=None)


def _since_reset(attempts: Sequence[Attempt], username: str) -> list[Attempt]:
    """Without the user's failures from before the last reset of the password."""
    reset = max((one.at for one in attempts if one.username == username and one.failed is None), default=None)
    return [
        one
        for one in attempts
        if one.failed is not None and (reset is None or one.username != username or one.at > reset)
    ]


def _since_success(attempts: Iterable[Attempt]) -> list[datetime]:
    failures: list[datetime] = []
    for one in attempts:
        failures = [*failures, one.at] if one.failed else []
    return failures


def _wait(failures: Sequence[datetime], tries: int, longest: timedelta) -> datetime | None:
    """One minute after the last allowed failure, then twice as long after each further one, up to ``longest``."""
    beyond = len(failures) - tries
    if beyond < 0:
        return None
    return failures[-1] + min(FIRST_WAIT * (1 << min(beyond, 20)), longest)
