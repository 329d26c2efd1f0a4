"""Signing in as it is in operation: locks, second factors and password age on."""

from typing import Any

import pytest

from songshan_cw.words.terms import Role
from workers.models import Region, User

PASSWORD = "Mima-2026-x"
DISTRICT, STREET = "150404", "150404001"


@pytest.fixture(autouse=True)
def regions(db: None) -> None:
    for code, name, level, parent in (
        ("15", "内蒙古自治区", "province", None),
        ("1504", "赤峰市", "city", "15"),
        (DISTRICT, "松山区", "district", "1504"),
        (STREET, "甲街道", "street", DISTRICT),
    ):
        Region.objects.create(code=code, name=name, level=level, parent_id=parent)


@pytest.fixture
def guarded(settings: Any) -> Any:
    settings.AXES_ENABLED = True
    return settings


def make_user(name: str, role: Role = Role.CLERK, **fields: Any) -> User:
    region = {Role.ADMINISTRATOR: None, Role.CLERK: STREET, Role.LEADER: STREET}.get(role, DISTRICT)
    user = User(username=name, role=role.value, region_id=region, **fields)
    user.set_password(PASSWORD)
    user.save()
    return user
