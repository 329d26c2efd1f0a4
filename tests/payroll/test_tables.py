"""Grade tables: complete and rising or refused with every fault; sample until the bureau confirms (rules 3.3)."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from payroll.models import GradeCoefficient, GradeTable
from payroll.services.table_file import read_table
from payroll.services.tables import confirm_grade_table, import_grade_table
from songshan_cw.data.refusal import NotAllowed, Overtaken, Refused
from songshan_cw.words.terms import Post, Role, TableState
from tests.payroll import world
from tests.payroll.world import DISTRICT, NOW, A, user
from workers.models import Region, User

Rows = list[list[str]]


def lines(file: Path) -> Rows:
    with file.open(encoding="utf-8") as source:
        return list(csv.reader(source))


def edited(folder: Path, sheet: str, edit: Callable[[Rows], object]) -> Path:
    """The sample table with one sheet changed."""
    world.write_table(folder)
    file = folder / f"{sheet}.csv"
    rows = lines(file)
    edit(rows)
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows)
    return folder


def test_a_complete_table_is_read(tmp_path: Path) -> None:
    content = read_table(world.write_table(tmp_path / "t"))
    assert len(content.coefficients) == 18
    assert content.requirements[Post.CHIEF, 12] == 34 * 12
    assert content.requirements[Post.STAFF, 2] == 48


def test_a_workbook_reads_like_the_folder(tmp_path: Path) -> None:
    folder = world.write_table(tmp_path / "t")
    book = Workbook()
    book.remove(book.active)
    for name in ("系数", "年限", "基数"):
        sheet = book.create_sheet(name)
        sheet.append(["松山区社区工作者", None, None])
        for row in lines(folder / f"{name}.csv"):
            sheet.append([None, *row])
    book.save(tmp_path / "t.xlsx")
    assert read_table(tmp_path / "t.xlsx") == read_table(folder)


@pytest.mark.parametrize(
    ("sheet", "edit", "named"),
    [
        ("系数", lambda rows: rows.pop(), "系数缺少等级：18"),
        ("系数", lambda rows: rows[5].__setitem__(1, rows[4][1]), "不高于4级"),
        ("系数", lambda rows: rows[5].__setitem__(1, "-1"), "系数第6行"),
        ("系数", lambda rows: rows[5].__setitem__(1, "NaN"), "系数第6行"),
        ("系数", lambda rows: rows[5].__setitem__(0, "19"), "1至18"),
        ("系数", lambda rows: rows.append(rows[3]), "3级重复"),
        ("系数", lambda rows: rows[0].__setitem__(0, "级别"), "找不到表头"),
        ("年限", lambda rows: rows.pop(3), "年限缺少正职档次：3"),
        ("年限", lambda rows: rows[3].__setitem__(2, "3"), "正职3档不高于2档"),
        ("年限", lambda rows: rows[1].__setitem__(2, "1"), "应为0"),
        ("年限", lambda rows: rows[3].__setitem__(0, "主任"), "岗位“主任”"),
        ("年限", lambda rows: rows[3].__setitem__(2, "7.01"), "整月"),
        ("基数", lambda rows: rows[1].__setitem__(1, "0"), "年基数“0”"),
        ("基数", lambda rows: rows[1].__setitem__(0, "二零二二年"), "起始月份"),
        ("基数", lambda rows: rows.append(rows[1]), "2022-01重复"),
        ("基数", lambda rows: rows.pop(), "至少要有一行"),
    ],
)
def test_each_fault_is_named(tmp_path: Path, sheet: str, edit: Callable[[Rows], object], named: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_table(edited(tmp_path / "t", sheet, edit))
    assert named in str(refusal.value)


def test_all_faults_at_once(tmp_path: Path) -> None:
    folder = edited(tmp_path / "t", "系数", lambda rows: rows[5].__setitem__(1, "x"))
    (folder / "年限.csv").unlink()
    with pytest.raises(Refused) as refusal:
        read_table(folder)
    assert "系数第6行" in str(refusal.value) and "缺少“年限”表" in str(refusal.value)


@pytest.mark.parametrize("content", [b"", b"<html></html>", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0" + b"0" * 600])
def test_a_fake_file_gets_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "t.xlsx").write_bytes(content)
    with pytest.raises(Refused, match="不能导入"):
        read_table(tmp_path / "t.xlsx")


def test_a_refused_table_leaves_nothing(district: None, tmp_path: Path) -> None:
    folder = edited(tmp_path / "t", "系数", lambda rows: rows.pop())
    with pytest.raises(Refused):
        import_grade_table(path=folder, district=DISTRICT, actor=None, at=NOW)
    assert not GradeTable.objects.exists() and not GradeCoefficient.objects.exists()


def test_sample_then_confirmed_by_document(district: None, tmp_path: Path) -> None:
    sample = world.bring_table(tmp_path / "t", confirmed=False)
    assert sample.state == TableState.SAMPLE
    with pytest.raises(Refused, match="文号"):
        confirm_grade_table(district=DISTRICT, document_no=" ", actor=user("bureau"), at=NOW)
    table = confirm_grade_table(district=DISTRICT, document_no="松民发〔2022〕1号", actor=user("bureau"), at=NOW)
    assert (table.pk, table.state, table.confirmed_by) == (sample.pk, TableState.CONFIRMED, user("bureau"))
    with pytest.raises(Overtaken):
        confirm_grade_table(district=DISTRICT, document_no="又", actor=user("bureau"), at=NOW)


def test_tables_of_one_day_are_told_apart(district: None, tmp_path: Path) -> None:
    names = [world.bring_table(tmp_path / str(number), confirmed=False).name for number in range(3)]
    assert len(set(names)) == 3 and names[1] == f"{names[0]}（第2份）"


def test_a_table_brought_before_eight_is_named_by_the_local_day(district: None, tmp_path: Path) -> None:
    folder = world.write_table(tmp_path / "t")
    table = import_grade_table(path=folder, district=DISTRICT, actor=None, at=world.EVENING)
    assert table.name == "松山区等级系数表 2026-11-28"


@pytest.mark.parametrize("username", ["clerk-a", "leader-a", "admin"])
def test_only_the_bureau_confirms(district: None, tmp_path: Path, username: str) -> None:
    world.bring_table(tmp_path / "t", confirmed=False)
    with pytest.raises(NotAllowed):
        confirm_grade_table(district=DISTRICT, document_no="x", actor=user(username), at=NOW)


def bring(folder: Path, who: str | None, code: str = DISTRICT) -> GradeTable:
    actor = None if who is None else user(who)
    return import_grade_table(path=world.write_table(folder), district=code, actor=actor, at=NOW)


@pytest.mark.parametrize("who", ["bureau", "admin", None])
def test_the_bureau_an_administrator_or_a_command_bring_a_table(district: None, tmp_path: Path, who: str) -> None:
    table = bring(tmp_path / "t", who)
    assert (table.district_id, table.state) == (DISTRICT, TableState.SAMPLE)
    assert table.uploaded_by == (user(who) if who else None)
    assert table.name == f"松山区等级系数表 {NOW:%Y-%m-%d}"
    assert table.confirmed_by is None and table.document_no == ""


@pytest.mark.parametrize("who", ["clerk-a", "leader-a"])
def test_nobody_else_brings_a_table(district: None, tmp_path: Path, who: str) -> None:
    with pytest.raises(NotAllowed, match="不能导入松山区的等级系数表"):
        bring(tmp_path / "t", who)
    assert not GradeTable.objects.exists()


def test_a_bureau_brings_and_confirms_the_own_districts_tables_only(district: None, tmp_path: Path) -> None:
    Region.objects.create(code="150403", name="元宝山区", level="district", parent_id="1504")
    with pytest.raises(NotAllowed, match="不能导入元宝山区"):
        bring(tmp_path / "t", "bureau", "150403")
    bring(tmp_path / "u", None, "150403")
    with pytest.raises(NotAllowed, match="不能确认"):
        confirm_grade_table(district="150403", document_no="1号", actor=user("bureau"), at=NOW)


@pytest.mark.parametrize("code", ["150499", A, "1504"])
def test_a_table_belongs_to_a_registered_district(district: None, tmp_path: Path, code: str) -> None:
    with pytest.raises(Refused, match=f"^区划“{code}”不是已登记的旗县区，请先载入区划。$"):
        bring(tmp_path / "t", None, code)


def test_what_is_brought_is_kept_to_the_last_row(district: None, tmp_path: Path) -> None:
    table = bring(tmp_path / "t", "bureau")
    content = read_table(tmp_path / "t")
    assert dict(table.coefficients.values_list("grade", "coefficient")) == content.coefficients
    kept = {(post, step): months for post, step, months in table.requirements.values_list("post", "step", "months")}
    assert kept == {(post.value, step): months for (post, step), months in content.requirements.items()}
    assert dict(table.standards.values_list("start", "annual_base")) == content.standards


def test_the_newest_sample_is_confirmed_or_the_one_named(district: None, tmp_path: Path) -> None:
    first, second, third = (bring(tmp_path / name, "bureau") for name in "abc")
    given = {"district": DISTRICT, "actor": user("bureau-2"), "at": NOW}
    assert confirm_grade_table(document_no=" 1号 ", **given).pk == third.pk
    assert confirm_grade_table(document_no="2号", table_id=first.pk, **given).pk == first.pk
    with pytest.raises(Overtaken, match="没有待确认的试算表"):
        confirm_grade_table(document_no="3号", table_id=first.pk, **given)
    third.refresh_from_db()
    second.refresh_from_db()
    assert (third.state, third.document_no) == (TableState.CONFIRMED, "1号")
    assert (third.confirmed_by, third.confirmed_at) == (user("bureau-2"), NOW)
    assert second.state == TableState.SAMPLE


@pytest.mark.parametrize("role", [Role.FINANCE, Role.ORGANISATION])
def test_an_office_of_the_district_without_the_right_brings_none(district: None, tmp_path: Path, role: Role) -> None:
    User.objects.create(username="office", role=role.value, region_id=DISTRICT)
    with pytest.raises(NotAllowed, match="不能导入松山区的等级系数表"):
        bring(tmp_path / "t", "office")
