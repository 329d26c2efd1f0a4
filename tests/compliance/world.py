"""A small world for limits: streets in two cities, people by plain words."""

from collections.abc import Iterable
from datetime import date
from itertools import count
from typing import Any

from assessment.models import AnnualAssessment
from songshan_cw.words.terms import Position, RegionLevel, Role
from workers.models import Contract, Exit, PostAssignment, Region, User, Worker
from workers.rules.identity import check_character
from workers.services.standing import refresh_standing

SONGSHAN, ORDOS = "150404", "150602"
A, B, O = "150404001", "150404002", "150602001"  # noqa: E741  the streets of the tests
A1, A2, B1, O1 = "150404001001", "150404001002", "150404002001", "150602001001"
REGIONS = [
    ("15", "内蒙古自治区", RegionLevel.PROVINCE, None),
    ("1504", "赤峰市", RegionLevel.CITY, "15"),
    ("1506", "鄂尔多斯市", RegionLevel.CITY, "15"),
    (SONGSHAN, "松山区", RegionLevel.DISTRICT, "1504"),
    (ORDOS, "东胜区", RegionLevel.DISTRICT, "1506"),
    (A, "甲街道", RegionLevel.STREET, SONGSHAN),
    (B, "乙街道", RegionLevel.STREET, SONGSHAN),
    (O, "丙街道", RegionLevel.STREET, ORDOS),
    (A1, "甲一社区", RegionLevel.COMMUNITY, A),
    (A2, "甲二社区", RegionLevel.COMMUNITY, A),
    (B1, "乙一社区", RegionLevel.COMMUNITY, B),
    (O1, "丙一社区", RegionLevel.COMMUNITY, O),
]
USERS = [
    ("clerk-a", Role.CLERK, A),
    ("clerk-o", Role.CLERK, O),
    ("leader-a", Role.LEADER, A),
    ("leader-a2", Role.LEADER, A),
    ("leader-b", Role.LEADER, B),
    ("bureau", Role.BUREAU, SONGSHAN),
    ("bureau-2", Role.BUREAU, SONGSHAN),
    ("bureau-o", Role.BUREAU, ORDOS),
    ("organisation-o", Role.ORGANISATION, ORDOS),
    ("organisation", Role.ORGANISATION, SONGSHAN),
]
serial = count(1)


def found_world() -> None:
    for code, name, level, parent in REGIONS:
        Region.objects.create(code=code, name=name, level=level.value, parent_id=parent)
    for username, role, region in USERS:
        User.objects.create(username=username, role=role.value, region_id=region)


def user(username: str) -> User:
    return User.objects.get(username=username)


def person(
    community: str = A1,
    *,
    hired: date = date(2020, 1, 1),
    position: Position = Position.COMMUNITY_WORKER,
    category: str = "专职工作者",
    left: date | None = None,
    contracts: Iterable[tuple[date, date | None]] = (),
    results: dict[int, str] | None = None,
    **fields: Any,
) -> Worker:
    number = next(serial)
    first = f"15040419800101{number % 1000:03d}"
    worker = Worker.objects.create(
        id_number=first + check_character(first),
        name=f"人员{number}",
        hired_on=hired,
        entry_education="大学专科",
        category=category,
        **fields,
    )
    PostAssignment.objects.create(
        worker=worker, start=hired, community_id=community, post=position.post.value, position=position.value
    )
    for start, end in contracts:
        Contract.objects.create(worker=worker, start=start, end=end)
    for year, result in (results or {}).items():
        AnnualAssessment.objects.create(worker=worker, year=year, result=result)
    if left:
        Exit.objects.create(worker=worker, left_on=left, reason="自动辞职")
    refresh_standing([worker.pk])
    return worker


def people(number: int, community: str = A1, **words: Any) -> list[Worker]:
    return [person(community, **words) for _ in range(number)]
