"""A person's facts are judged alike whoever brings them: each kind of fault through the page's service and a file."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from assessment.models import AnnualAssessment
from assessment.services.annual import record_assessment
from songshan_cw.data.refusal import Refused
from songshan_cw.words.periods import parse
from songshan_cw.words.terms import Role
from tests.workbook import build
from workers.models import (
    Certificate,
    EducationRecord,
    Exit,
    Placement,
    PostAssignment,
    Secondment,
    ServiceGap,
    Training,
    User,
    Worker,
)
from workers.selectors.dossiers import stored_rows
from workers.services import Entry, amend_person
from workers.workbook.planning import ImportPlan, plan_import
from workers.workbook.reading import read_workbook
from workers.workbook.writing import apply_import

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
# Hired on 2018-07-15 with 大学本科; left on 2024-05-20; away from 2020-02-01 to 2020-05-31; seconded in spring 2022.
PERSON = build.person(1)
STORED: build.Book = {
    "花名册": [PERSON],
    "中断服务": [[*PERSON[:2], date(2020, 2, 1), date(2020, 5, 31), "病假"]],
    "借调": [[*PERSON[:2], "民政局", date(2022, 3, 1), date(2022, 5, 31), None]],
    "离职": [[*PERSON[:2], date(2024, 5, 20), "自动辞职"]],
}
Coming = Callable[[Worker], Any]


def post(start: date, **more: Any) -> Coming:
    given = {"community_id": "150404001001", "post": "工作人员", "position": "社区工作者"}
    return lambda worker: PostAssignment(worker=worker, start=start, **(given | more))


def post_row(start: date, post: str = "工作人员", position: str = "社区工作者", dual: str = "否") -> list[Any]:
    return [start, "北苑社区居委会", post, position, dual, None]


# kind of fault: (sheet, the file's cells, what the page would record, the code of the finding, refused or noticed)
FAULTS: dict[str, tuple[str, list[Any], Coming, str, bool]] = {
    "post beside position": (
        "岗位变动",
        post_row(date(2021, 1, 1), "副职"),
        post(date(2021, 1, 1), post="副职"),
        "post_position_mismatch",
        True,
    ),
    "dual and no chief": (
        "岗位变动",
        post_row(date(2021, 1, 1), "副职", "党组织副书记", "是"),
        post(date(2021, 1, 1), post="副职", position="党组织副书记", dual=True),
        "dual_not_chief",
        True,
    ),
    "post before hiring": (
        "岗位变动",
        post_row(date(2018, 1, 1)),
        post(date(2018, 1, 1)),
        "first_appointment_not_hiring",
        True,
    ),
    "post after leaving": (
        "岗位变动",
        post_row(date(2024, 6, 1)),
        post(date(2024, 6, 1)),
        "after_exit",
        True,
    ),
    "degree held at hiring": (
        "学历提升",
        ["硕士研究生", date(2018, 7, 1)],
        lambda worker: EducationRecord(worker=worker, level="硕士研究生", earned_on=date(2018, 7, 1)),
        "degree_before_hiring",
        True,
    ),
    "degree no higher": (
        "学历提升",
        ["大学专科", date(2020, 7, 1)],
        lambda worker: EducationRecord(worker=worker, level="大学专科", earned_on=date(2020, 7, 1)),
        "degree_not_higher",
        True,
    ),
    "certificate of a child": (
        "职业资格",
        ["社会工作师", date(1999, 7, 1)],
        lambda worker: Certificate(worker=worker, level="社会工作师", approved_on=date(1999, 7, 1)),
        "certified_too_young",
        False,
    ),
    "result before hiring": (
        "年度考核",
        [2017, "合格"],
        lambda worker: AnnualAssessment(worker=worker, year=2017, result="合格"),
        "before_hiring",
        True,
    ),
    "result after leaving": (
        "年度考核",
        [2025, "合格"],
        lambda worker: AnnualAssessment(worker=worker, year=2025, result="合格"),
        "after_exit",
        True,
    ),
    "result of a coming year": (
        "年度考核",
        [2027, "合格"],
        lambda worker: AnnualAssessment(worker=worker, year=2027, result="合格"),
        "year_range",
        True,
    ),
    "gap before hiring": (
        "中断服务",
        [date(2018, 7, 1), date(2018, 7, 10)],
        lambda worker: ServiceGap(worker=worker, first_day=date(2018, 7, 1), last_day=date(2018, 7, 10)),
        "gap_before_hiring",
        True,
    ),
    "gap after leaving": (
        "中断服务",
        [date(2024, 6, 1), date(2024, 6, 10)],
        lambda worker: ServiceGap(worker=worker, first_day=date(2024, 6, 1), last_day=date(2024, 6, 10)),
        "after_exit",
        True,
    ),
    "gap over a gap": (
        "中断服务",
        [date(2020, 5, 31), date(2020, 6, 10)],
        lambda worker: ServiceGap(worker=worker, first_day=date(2020, 5, 31), last_day=date(2020, 6, 10)),
        "gap_overlap",
        True,
    ),
    "gap backwards": (
        "中断服务",
        [date(2021, 6, 10), date(2021, 6, 1)],
        lambda worker: ServiceGap(worker=worker, first_day=date(2021, 6, 10), last_day=date(2021, 6, 1)),
        "gap_end_before_start",
        True,
    ),
    "placement before hiring": (
        "定级核定",
        ["2018-06", 4.5],
        lambda worker: Placement(worker=worker, month=parse("2018-06"), credited_months=54),
        "placement_before_hiring",
        True,
    ),
    "placement after leaving": (
        "定级核定",
        ["2024-06", 4.5],
        lambda worker: Placement(worker=worker, month=parse("2024-06"), credited_months=54),
        "after_exit",
        True,
    ),
    "secondment over a secondment": (
        "借调",
        ["住建局", date(2022, 5, 31), date(2022, 8, 31)],
        lambda worker: Secondment(worker=worker, body="住建局", start=date(2022, 5, 31), end=date(2022, 8, 31)),
        "secondment_overlap",
        True,
    ),
    "secondment after leaving": (
        "借调",
        ["住建局", date(2024, 6, 1), date(2024, 8, 31)],
        lambda worker: Secondment(worker=worker, body="住建局", start=date(2024, 6, 1), end=date(2024, 8, 31)),
        "after_exit",
        True,
    ),
    "secondment backwards": (
        "借调",
        ["住建局", date(2023, 6, 10), date(2023, 6, 1)],
        lambda worker: Secondment(worker=worker, body="住建局", start=date(2023, 6, 10), end=date(2023, 6, 1)),
        "secondment_end_before_start",
        True,
    ),
    "training after leaving": (
        "培训",
        ["社区治理", date(2024, 6, 1), date(2024, 6, 2), 8],
        lambda worker: Training(worker=worker, name="社区治理", start=date(2024, 6, 1), end=date(2024, 6, 2), hours=8),
        "after_exit",
        False,
    ),
    "training backwards": (
        "培训",
        ["社区治理", date(2023, 6, 2), date(2023, 6, 1), 8],
        lambda worker: Training(worker=worker, name="社区治理", start=date(2023, 6, 2), end=date(2023, 6, 1), hours=8),
        "training_end_before_start",
        True,
    ),
}
# A corrected day of hiring or of leaving against what is stored of the same person.
CORRECTED: dict[str, tuple[str, Any, str]] = {
    "hired as a child": ("hired_on", date(1999, 7, 15), "hired_too_young"),
    "hired before birth": ("hired_on", date(1985, 1, 1), "hired_before_birth"),
    "hired after a gap": ("hired_on", date(2020, 3, 1), "gap_before_hiring"),
    "left before hiring": ("left_on", date(2018, 7, 1), "exit_before_hiring"),
    "left before a secondment": ("left_on", date(2021, 7, 1), "after_exit"),
}


@pytest.fixture
def worker(tmp_path: Path) -> Worker:
    build.make_regions()
    assert (
        apply_import(read_workbook(build.save(STORED, tmp_path / "stored.xlsx")), actor=None, at=NOW).plan.faults == ()
    )
    return Worker.objects.get()


@pytest.fixture
def administrator() -> User:
    return User.objects.create(username="admin", role=Role.ADMINISTRATOR.value)


def on_the_page(actor: User, worker: Worker, *instances: Any) -> str:
    """Record as the pages do; the refusal's text, nothing where it was recorded."""
    try:
        if isinstance(instances[0], AnnualAssessment):
            leader = User.objects.create(username="leader", role=Role.LEADER.value, region_id="150404001")
            record_assessment(actor=leader, assessment=instances[0], at=NOW)
        else:
            amend_person(actor=actor, worker=worker, saved=[Entry(one) for one in instances], at=NOW)
    except Refused as refusal:
        return str(refusal)
    return ""


def in_a_file(tmp_path: Path, book: build.Book) -> ImportPlan:
    return plan_import(read_workbook(build.save(book, tmp_path / "coming.xlsx")), actor=None, at=NOW)


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_is_judged_alike(tmp_path: Path, worker: Worker, administrator: User, kind: str) -> None:
    sheet, cells, coming, code, refused = FAULTS[kind]
    plan = in_a_file(tmp_path, {"花名册": [], sheet: [[*PERSON[:2], *cells]]})
    before = stored_rows(worker.pk)
    text = on_the_page(administrator, worker, coming(worker))
    if refused:
        assert code in {fault.code for fault in plan.faults}
        assert {(fault.sheet, fault.row) for fault in plan.faults} == {(sheet, 2)}
        assert [line.split("：", 1)[1] for line in text.split("\n")] == [fault.message for fault in plan.faults]
        assert stored_rows(worker.pk) == before
    else:
        assert plan.faults == () and text == ""
        assert [(one.sheet, one.row) for one in plan.notices] == [(sheet, 2)]


@pytest.mark.parametrize("kind", CORRECTED)
def test_a_corrected_day_is_judged_with_what_is_stored(
    tmp_path: Path, worker: Worker, administrator: User, kind: str
) -> None:
    field, day, code = CORRECTED[kind]
    if field == "hired_on":
        changed: Any = worker
        first = worker.postassignments.get()
        worker.hired_on = first.start = day
        plan = in_a_file(tmp_path, {"花名册": [build.person(1, 参加社区工作时间=day, 合同终止日=None)]})
        text = on_the_page(administrator, worker, worker, first)
    else:
        changed = Exit.objects.get()
        changed.left_on = day
        plan = in_a_file(tmp_path, {"花名册": [], "离职": [[*PERSON[:2], day, "自动辞职"]]})
        text = on_the_page(administrator, worker, changed)
    assert code in {fault.code for fault in plan.faults}
    assert [line.split("：", 1)[1] for line in text.split("\n")] == [fault.message for fault in plan.faults]
    assert {(fault.sheet, fault.row) for fault in plan.faults} == {("花名册" if field == "hired_on" else "离职", 2)}


def test_two_overlapping_secondments_of_one_file_are_refused(tmp_path: Path) -> None:
    build.make_regions()
    rows = [
        [*PERSON[:2], "民政局", date(2022, 3, 1), date(2022, 5, 31)],
        [*PERSON[:2], "住建局", date(2022, 5, 1), None],
    ]
    plan = in_a_file(tmp_path, {"花名册": [PERSON], "借调": rows})
    assert [(one.sheet, one.row, one.column, one.code) for one in plan.faults] == [
        ("借调", 3, "开始日期", "secondment_overlap")
    ]


def test_what_is_stored_with_a_fault_comes_back_from_an_export_unhindered(tmp_path: Path, worker: Worker) -> None:
    Exit.objects.update(left_on=date(2021, 12, 31))
    book = {**STORED, "离职": [[*PERSON[:2], date(2021, 12, 31), "自动辞职"]]}
    plan = in_a_file(tmp_path, book)
    assert plan.faults == () and (plan.created, plan.updated) == (0, 0)
