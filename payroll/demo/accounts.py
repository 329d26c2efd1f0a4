"""The accounts of the demo: one for each role, and two for each street."""

from collections.abc import Iterable, Iterator

from django.contrib.auth.hashers import make_password
from django.db import transaction

from songshan_cw.words.terms import RegionLevel, Role
from workers.models import Region, User

PASSWORD = "demo-2022"
SEES_PRIVATE = (Role.BUREAU, Role.FINANCE, Role.ADMINISTRATOR)


def create_accounts(district: str) -> int:
    """The demo's own district; returns how many were made."""
    return keep_accounts(_accounts(district))


@transaction.atomic
def keep_accounts(wanted: Iterable[User]) -> int:
    """Make the accounts that are missing and leave the others as they are; returns how many were made."""
    present = set(User.objects.values_list("username", flat=True))
    missing = [one for one in wanted if one.username not in present]
    for one in missing:
        one.password = make_password(PASSWORD)
    User.objects.bulk_create(missing)
    return len(missing)


def _accounts(district: str) -> Iterator[User]:
    yield account("admin", "系统管理员", Role.ADMINISTRATOR, None)
    yield account("bureau", "民政局审核", Role.BUREAU, district)
    yield account("finance", "财政局", Role.FINANCE, district)
    yield account("organisation", "组织部", Role.ORGANISATION, district)
    streets = Region.objects.filter(parent=district, level=RegionLevel.STREET.value)
    for code, name in streets.order_by("code").values_list("code", "name"):
        yield account(f"clerk-{code}", f"{name}经办", Role.CLERK, code)
        yield account(f"leader-{code}", f"{name}负责人", Role.LEADER, code)


def account(username: str, full_name: str, role: Role, region: str | None) -> User:
    return User(
        username=username,
        full_name=full_name,
        role=role.value,
        region_id=region,
        sees_private=role in SEES_PRIVATE,
    )
