"""What the record of sign-ins says: about one attempt, and about guessing that an administrator should know of."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from workers.models import Outcome, SignInAttempt, UserSession
from workers.models.sign_ins import FAILURES
from workers.rules.waiting import COUNTED, FAMILIAR, SPRAYED_USERS, Attempt


def attempts_about(username: str, address: str, *, at: datetime) -> list[Attempt]:
    """The last day's attempts of the user or from the address, oldest first."""
    rows = SignInAttempt.objects.filter(Q(username=username) | Q(address=address), at__gt=at - COUNTED)
    return [
        Attempt(row.at, row.username, row.address, None if row.outcome == Outcome.RESET else row.outcome in FAILURES)
        for row in rows.order_by("at", "id")
    ]


def is_familiar(username: str, address: str, *, at: datetime) -> bool:
    """Whether the user has signed in from the address lately."""
    known = SignInAttempt.objects.filter(username=username, address=address, outcome=Outcome.SUCCESS.value)
    return known.filter(at__gt=at - FAMILIAR).exists()


@dataclass(frozen=True, slots=True)
class Guessing:
    """One address that tried many users, or one user tried from many addresses, within a day."""

    address: str
    username: str
    count: int
    failures: int


def guessing(*, at: datetime) -> list[Guessing]:
    """Addresses and users at which passwords seem to be guessed, most failures first."""
    failed = SignInAttempt.objects.filter(outcome__in=[one.value for one in FAILURES], at__gt=at - COUNTED).order_by()
    found = []
    for by, counted in (("address", "username"), ("username", "address")):
        groups = failed.values(by).annotate(others=Count(counted, distinct=True), failures=Count("pk"))
        found += [
            Guessing(
                **{"address": "", "username": "", by: row[by] or ""}, count=row["others"], failures=row["failures"]
            )
            for row in groups.filter(others__gte=SPRAYED_USERS)
        ]
    return sorted(found, key=lambda one: -one.failures)


def sessions_of(user_id: int, *, at: datetime) -> list[UserSession]:
    """The user's open sessions, the latest first."""
    return list(UserSession.objects.filter(user=user_id, expire_date__gt=at).order_by("-seen_at"))
