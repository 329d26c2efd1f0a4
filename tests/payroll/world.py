"""A small district to pay: two streets, its offices, a grade table, and people out of the case files' plain words."""

import csv
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

from assessment.models import AnnualAssessment
from payroll.models import GradeTable
from payroll.services.runs import compute_runs
from payroll.services.tables import confirm_grade_table, import_grade_table
from payroll.services.transitions import approve_runs, submit_runs
from songshan_cw.words import periods
from songshan_cw.words.terms import Position, Post, RegionLevel, Role
from tests.rules.adapter import FIRST_POSITION, SAMPLE_COEFFICIENTS, SAMPLE_REQUIREMENTS
from workers.models import (
    CategoryRecord,
    Certificate,
    EducationRecord,
    Exit,
    Placement,
    PostAssignment,
    Region,
    ServiceGap,
    User,
    Worker,
)
from workers.rules.identity import check_character
from workers.services.standing import refresh_standing

DISTRICT, A, B = "150404", "150404001", "150404002"
A1, A2, B1 = "150404001001", "150404001002", "150404002001"
REGIONS = [
    ("15", "内蒙古自治区", RegionLevel.PROVINCE, None),
    ("1504", "赤峰市", RegionLevel.CITY, "15"),
    (DISTRICT, "松山区", RegionLevel.DISTRICT, "1504"),
    (A, "甲街道", RegionLevel.STREET, DISTRICT),
    (B, "乙街道", RegionLevel.STREET, DISTRICT),
    (A1, "甲一社区", RegionLevel.COMMUNITY, A),
    (A2, "甲二社区", RegionLevel.COMMUNITY, A),
    (B1, "乙一社区", RegionLevel.COMMUNITY, B),
]
NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
EVENING = datetime(2026, 11, 27, 22, 30, tzinfo=UTC)  # half past six of the next morning in China
serial = count(1)


def found_district() -> None:
    for code, name, level, parent in REGIONS:
        Region.objects.create(code=code, name=name, level=level.value, parent_id=parent)
    found_offices()


def found_offices() -> None:
    for username, role, region in (
        ("clerk-a", Role.CLERK, A),
        ("clerk-b", Role.CLERK, B),
        ("leader-a", Role.LEADER, A),
        ("bureau", Role.BUREAU, DISTRICT),
        ("bureau-2", Role.BUREAU, DISTRICT),
        ("admin", Role.ADMINISTRATOR, None),
    ):
        User.objects.create(username=username, role=role.value, region_id=region)


def user(username: str) -> User:
    return User.objects.get(username=username)


def write_table(folder: Path, *, base: str = "42000.00", start: str = "2022-01", add: str = "0") -> Path:
    """The sample table as three CSV files."""
    folder.mkdir(parents=True, exist_ok=True)
    coefficients = [(grade, value + Decimal(add)) for grade, value in enumerate(SAMPLE_COEFFICIENTS, start=1)]
    requirements = [
        (post.value, step, months // 12) for post in Post for step, months in enumerate(SAMPLE_REQUIREMENTS, 1)
    ]
    sheets: dict[str, tuple[list[str], list[Any]]] = {
        "系数": (["等级", "系数"], coefficients),
        "年限": (["岗位", "档次", "工作年限"], requirements),
        "基数": (["起始月份", "年基数"], [(start, base)]),
    }
    for name, (header, rows) in sheets.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])
    return folder


def bring_table(folder: Path, *, confirmed: bool = True, **content: str) -> GradeTable:
    table = import_grade_table(path=write_table(folder, **content), district=DISTRICT, actor=None, at=NOW)
    if confirmed:
        table = confirm_grade_table(district=DISTRICT, document_no="演示〔2022〕1号", actor=user("bureau"), at=NOW)
    return table


def person(given: Mapping[str, Any], *, name: str = "", community: str = A1) -> Worker:
    """A stored worker out of a case's ``given``."""
    number = next(serial)
    born = date(1980, 1, 1) + timedelta(days=number // 1000)
    first = f"150404{born:%Y%m%d}{number % 1000:03d}"
    worker = Worker.objects.create(
        id_number=first + check_character(first),
        name=name or f"人员{number}",
        hired_on=given["hired"],
        entry_education=given["entry_education"],
        category=given.get("category", "专职工作者"),
        bank_account="6228480000000000001",
    )
    for row in given["posts"]:
        post = Post(row["post"])
        PostAssignment.objects.create(
            worker=worker,
            start=row["from"],
            community_id=row.get("community", community),
            post=post.value,
            position=FIRST_POSITION[post].value,
            dual=row.get("dual", False),
        )
    add_facts(worker, given)
    return worker


def add_facts(worker: Worker, given: Mapping[str, Any]) -> None:
    for row in given.get("degrees", ()):
        EducationRecord.objects.create(worker=worker, level=row["level"], earned_on=row["date"])
    for row in given.get("categories", ()):
        CategoryRecord.objects.create(worker=worker, start=row["from"], category=row["category"])
    for row in given.get("certificates", ()):
        Certificate.objects.create(worker=worker, level=row["level"], approved_on=row["date"], ended_on=row.get("to"))
    for row in given.get("gaps", ()):
        ServiceGap.objects.create(worker=worker, first_day=row["from"], last_day=row.get("to"))
    for row in given.get("placements", ()):
        month = periods.parse(row["month"])
        Placement.objects.create(worker=worker, month=month, credited_months=row["credited_months"])
    for year, result in (given.get("assessments") or {}).items():
        AnnualAssessment.objects.create(worker=worker, year=year, result=result)
    if given.get("left"):
        Exit.objects.create(worker=worker, left_on=given["left"], reason="辞职")
    refresh_standing([worker.pk])


def staff(hired: date, **more: Any) -> dict[str, Any]:
    """The plain words of an ordinary worker."""
    return {
        "hired": hired,
        "entry_education": "大学专科",
        "posts": [{"from": hired, "post": Post.STAFF.value}],
        **more,
    }


def pay_month(month: str, *streets: str) -> None:
    """Compute, submit and approve a month, street by street."""
    ordinal = periods.parse(month)
    for code in streets or (A,):
        compute_runs(month=ordinal, street_codes=[code], at=NOW)
        clerk = user("clerk-a" if code == A else "clerk-b")
        submit_runs(month=ordinal, street_codes=[code], actor=clerk, at=NOW)
        approve_runs(review_all=True, month=ordinal, street_codes=[code], actor=user("bureau"), at=NOW)


__all__ = ["Position", "add_facts", "bring_table", "found_district", "pay_month", "person", "staff", "user"]
