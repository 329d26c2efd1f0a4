"""A clerk's import reaches the own street only, and tells nothing of any other."""

from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from songshan_cw.data.refusal import NotAllowed
from songshan_cw.words.terms import Role
from tests.workbook import build
from tests.workbook.stored_rows import stored_rows
from workers.models import PostAssignment, PrivateAccess, User, Worker
from workers.workbook.exporting import export_workbook
from workers.workbook.planning import ImportPlan
from workers.workbook.reading import read_workbook
from workers.workbook.writing import apply_import

pytestmark = pytest.mark.django_db
OWN, FOREIGN = "150404001", "150404002"
CANARY = "金丝雀甲乙丙"


@pytest.fixture
def clerk(tmp_path: Path) -> User:
    """The clerk of one street; the canary serves in the other."""
    build.make_regions()
    book = {"花名册": [build.person(1), build.person(2, 姓名=CANARY, 备注="仅邻街道可见")]}
    call_command("import_workbook", build.save(book, tmp_path / "stored.xlsx"), stdout=StringIO())
    return User.objects.create(username="clerk", role=Role.CLERK.value, region_id=OWN, sees_private=True)


def as_clerk(clerk: User, tmp_path: Path, book: build.Book) -> ImportPlan:
    path = build.save(book, tmp_path / "given.xlsx")
    return apply_import(read_workbook(path), actor=clerk, at=timezone.now()).plan


def told(plan: ImportPlan) -> str:
    return repr([(f.code, f.message) for f in plan.faults] + [n.message for n in plan.notices])


def test_own_street_goes_in(clerk: User, tmp_path: Path) -> None:
    plan = as_clerk(clerk, tmp_path, {"花名册": [build.person(1, 备注="新"), build.person(3)]})
    assert (plan.faults, plan.created, plan.updated) == ((), 1, 1)


def test_a_row_of_another_street_is_refused(clerk: User, tmp_path: Path) -> None:
    plan = as_clerk(clerk, tmp_path, {"花名册": [build.person(4)]})
    assert [(f.column, f.code) for f in plan.faults] == [("街道(乡镇)", "out_of_reach")]
    assert Worker.objects.count() == 2


@pytest.mark.parametrize("claimed", ["王五", CANARY])
def test_a_person_of_another_street_is_neither_shown_nor_taken(clerk: User, tmp_path: Path, claimed: str) -> None:
    """Whatever the clerk guesses of the person, the answer is the same."""
    before = stored_rows()
    number = build.person(2)[1]
    row = build.person(1, 姓名=claimed, 身份证号=number, 岗位="副职", 职务="党组织副书记")
    plan = as_clerk(clerk, tmp_path, {"花名册": [row], "年度考核": [[claimed, number, 2022, "合格"]]})
    assert [(f.sheet, f.column, f.code) for f in plan.faults] == [("花名册", "身份证号", "out_of_reach")]
    for secret in (CANARY, "仅邻街道可见", "向阳", "安居", "工作人员", FOREIGN):
        assert secret not in told(plan)
    assert stored_rows() == before


def test_a_later_sheet_answers_for_foreign_people_as_for_nobody(clerk: User, tmp_path: Path) -> None:
    nobody = build.id_number(date(1971, 2, 3), 77)
    for sheet, cells in (("年度考核", [2022, "合格"]), ("离职", [date(2022, 1, 1), "其他"])):
        answers = []
        for number in (build.person(2)[1], nobody):
            plan = as_clerk(clerk, tmp_path, {"花名册": [], sheet: [["某人", number, *cells]]})
            answers.append([(f.sheet, f.row, f.column, f.code, f.message) for f in plan.faults])
        assert answers[0] == answers[1] and answers[0][0][3] == "unknown_person"


def test_history_in_another_street_can_be_repeated_but_not_entered(clerk: User, tmp_path: Path) -> None:
    worker = Worker.objects.get(id_number=build.person(1)[1])
    PostAssignment.objects.filter(worker=worker).update(community_id="150404002001")
    later = PostAssignment(worker=worker, start=date(2020, 1, 1), community_id="150404001001", post="工作人员")
    later.position = "社区工作者"
    later.save()
    export_workbook(tmp_path / "out.xlsx", actor=clerk, purpose="年度核对")
    again = apply_import(read_workbook(tmp_path / "out.xlsx"), actor=clerk, at=timezone.now()).plan
    assert (again.faults, again.created, again.updated) == ((), 0, 0)
    name, number = build.person(1)[:2]
    rows: list[list[Any]] = [[name, number, date(2018, 7, 15), "150404002003", "工作人员", "社区工作者", None, None]]
    plan = as_clerk(clerk, tmp_path, {"花名册": [], "岗位变动": rows})
    assert [(f.column, f.code) for f in plan.faults] == [("社区", "out_of_reach")]


def test_export_holds_only_what_the_actor_sees(clerk: User, tmp_path: Path) -> None:
    done = export_workbook(tmp_path / "out.xlsx", actor=clerk, purpose="年度核对")
    assert done.people == 1
    seen = PrivateAccess.objects.get()
    assert (seen.actor, seen.people, seen.purpose) == (clerk, 1, "年度核对")
    assert CANARY not in repr(read_workbook(tmp_path / "out.xlsx").sheets)
    clerk.sees_private = False
    with pytest.raises(NotAllowed):
        export_workbook(tmp_path / "x.xlsx", actor=clerk)
    assert not (tmp_path / "x.xlsx").exists()
    with pytest.raises(NotAllowed):
        export_workbook(tmp_path / "x.xlsx", actor=User(username="f", role=Role.FINANCE.value, region_id="150404"))


@pytest.mark.parametrize("role", [Role.LEADER, Role.BUREAU, Role.FINANCE, Role.ORGANISATION])
def test_only_clerks_and_administrators_import(clerk: User, tmp_path: Path, role: Role) -> None:
    other = User(username="other", role=role.value, region_id=OWN)
    with pytest.raises(NotAllowed):
        as_clerk(other, tmp_path, {"花名册": [build.person(3)]})
    clerk.is_active = False
    with pytest.raises(NotAllowed):
        as_clerk(clerk, tmp_path, {"花名册": [build.person(3)]})
