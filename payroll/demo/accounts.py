"""The accounts of the demo: one for each office, and two for each street."""

from collections.abc import Iterable

from django.contrib.auth.hashers import make_password
from django.db import transaction

from songshan_cw.words.terms import RegionLevel, Role
from workers.models import Region, User

PASSWORD = "demo-2022"
SEES_PRIVATE = (Role.BUREAU, Role.FINANCE, Role.ADMINISTRATOR)
Account = tuple[str, str, Role, str | None]  # user name, full name, role, region
ADMINISTRATOR: Account = ("admin", "系统管理员", Role.ADMINISTRATOR, None)
SECOND: Account = ("admin-2", "系统管理员（复核）", Role.ADMINISTRATOR, None)  # two hands for accounts (rules 10.7)


def create_accounts(district: str) -> int:
    """The accounts of the demo's own district; returns how many were made."""
    offices: list[Account] = [
        ADMINISTRATOR,
        SECOND,
        ("bureau", "民政局审核", Role.BUREAU, district),
        ("finance", "财政局", Role.FINANCE, district),
        ("organisation", "组织部", Role.ORGANISATION, district),
    ]
    streets = Region.objects.filter(parent=district, level=RegionLevel.STREET.value).order_by("code")
    return make_accounts(offices, streets)


@transaction.atomic
def make_accounts(offices: Iterable[Account], streets: Iterable[Region]) -> int:
    """Make the accounts that are missing and leave the others as they are; returns how many were made."""
    wanted = list(offices)
    for street in streets:
        wanted.append((f"clerk-{street.code}", f"{street.name}经办", Role.CLERK, street.code))
        wanted.append((f"leader-{street.code}", f"{street.name}负责人", Role.LEADER, street.code))
    present = set(User.objects.values_list("username", flat=True))
    missing = [_user(*account) for account in wanted if account[0] not in present]
    User.objects.bulk_create(missing)
    return len(missing)


def _user(username: str, full_name: str, role: Role, region: str | None) -> User:
    user = User(username=username, full_name=full_name, role=role.value, region_id=region)
    user.sees_private, user.password = role in SEES_PRIVATE, make_password(PASSWORD)
    return user
