"""Grade tables by page: brought in, compared, confirmed; who may and what is refused (rules 3.3)."""

import csv
from pathlib import Path
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from payroll.models import GradeTable
from songshan_cw.words.terms import TableState
from tests.pages.visits import HIRED, YEARS, signed_in
from tests.payroll import world
from tests.payroll.world import DISTRICT, person, staff
from workers.models import Worker

LIST = "/tables/"
GRADED = ("基本工资", "绩效计提")


def workbook(folder: Path, **content: str) -> bytes:
    """The sample table as the xlsx an office would bring."""
    source = world.write_table(folder, **content)
    book = Workbook()
    book.remove(book.active)
    for name in ("系数", "年限", "基数"):
        sheet = book.create_sheet(name)
        with (source / f"{name}.csv").open(encoding="utf-8") as lines:
            for row in csv.reader(lines):
                sheet.append(row)
    path = folder / "table.xlsx"
    book.save(path)
    return path.read_bytes()


def bring(username: str, content: bytes, name: str = "等级系数表.xlsx", **given: Any) -> tuple[Any, str]:
    file = SimpleUploadedFile(name, content)
    response = signed_in(username).post(LIST, {"district": DISTRICT, "file": file, **given})
    return response, " ".join(str(message) for message in get_messages(response.wsgi_request))


@pytest.mark.parametrize("username", ["bureau", "admin"])
def test_a_table_comes_in_as_a_sample(town: GradeTable, tmp_path: Path, username: str) -> None:
    response, said = bring(username, workbook(tmp_path / "new", base="45600.00"))
    new = GradeTable.objects.latest("pk")
    assert response.url == reverse("admin:pay_table", args=[new.pk])
    assert new.state == TableState.SAMPLE and "试算表" in said


@pytest.mark.parametrize(
    ("content", "name", "word"),
    [
        (b"not a workbook", "等级系数表.xlsx", "不能导入"),
        (b"a,b", "等级系数表.csv", "CSV"),
        (b"", "空.xlsx", "选择"),
    ],
)
def test_a_bad_file_changes_nothing_and_says_why(town: GradeTable, content: bytes, name: str, word: str) -> None:
    response, said = bring("bureau", content, name)
    assert response.status_code == 302 and word in said
    assert GradeTable.objects.count() == 1


@pytest.mark.parametrize("username", ["clerk-a", "leader-a", "finance"])
def test_others_look_and_cannot_bring_or_confirm(town: GradeTable, tmp_path: Path, username: str) -> None:
    sample = world.bring_table(tmp_path / "next", confirmed=False)
    response, said = bring(username, workbook(tmp_path / "new"))
    assert response.status_code == 404 or "不能导入" in said
    address = reverse("admin:pay_table", args=[sample.pk])
    signed_in(username).post(address, {"document_no": "1号"})
    assert list(GradeTable.objects.filter(state=TableState.SAMPLE.value)) == [sample]
    assert "确认此表" not in signed_in(username).get(address).content.decode()


def test_another_district_cannot_be_chosen(town: GradeTable, tmp_path: Path) -> None:
    response, _ = bring("bureau", workbook(tmp_path / "new"), district="150402")
    assert response.status_code == 404


def test_the_comparison_tells_street_and_person(worker: Worker, stranger: Worker, tmp_path: Path) -> None:
    person(staff(HIRED, category="退休人员", assessments=YEARS))
    sample = world.bring_table(tmp_path / "next", confirmed=False, base="45600.00", start="2026-12")
    page = signed_in("bureau").get(reverse("admin:pay_table", args=[sample.pk]), {"month": "2026-12"})
    found = page.context_data["comparison"]
    assert [(one.people, one.changed) for one in found.streets] == [(1, 1), (1, 1)]
    for one in found.people:
        assert one.before.step == one.after.step
        assert one.difference == sum(one.after.of(term) for term in GRADED) - (
            sum(one.before.of(term) for term in GRADED)
        )
    own = signed_in("bureau").get(reverse("admin:pay_table", args=[sample.pk]), {"street": world.A})
    assert "张三丰" in own.content.decode() and stranger.name not in own.content.decode()


def test_the_service_each_step_needs_is_shown_in_years_and_what_differs_is_marked(
    town: GradeTable, tmp_path: Path
) -> None:
    own = signed_in("clerk-a").get(reverse("admin:pay_table", args=[town.pk])).content.decode()
    assert own.count("34年") == 3 and own.count(">0年</td>") == 3 and "→" not in own
    sample = world.bring_table(tmp_path / "next", confirmed=False)
    sample.requirements.filter(post="副职", step=2).update(months=54)
    page = signed_in("bureau").get(reverse("admin:pay_table", args=[sample.pk])).content.decode()
    assert 'sw-up">4年 → 4年6个月</span></td>' in page and page.count("34年") == 3 and page.count(" → ") == 2


def test_a_month_before_the_table_is_refused_in_words(worker: Worker, tmp_path: Path) -> None:
    sample = world.bring_table(tmp_path / "next", confirmed=False, start="2026-12")
    page = signed_in("bureau").get(reverse("admin:pay_table", args=[sample.pk]), {"month": "2026-01"})
    assert "2026年12月起才有基数" in page.content.decode()


def test_the_bureau_confirms_the_table_it_looked_at(town: GradeTable, tmp_path: Path) -> None:
    first = world.bring_table(tmp_path / "one", confirmed=False, base="43000.00")
    second = world.bring_table(tmp_path / "two", confirmed=False, base="44000.00")
    bureau, address = signed_in("bureau"), reverse("admin:pay_table", args=[first.pk])
    bureau.post(address, {"document_no": " "})
    assert GradeTable.objects.get(pk=first.pk).state == TableState.SAMPLE
    bureau.post(address, {"document_no": "松政办发〔2026〕9号"})
    assert GradeTable.objects.get(pk=first.pk).document_no == "松政办发〔2026〕9号"
    assert GradeTable.objects.get(pk=second.pk).state == TableState.SAMPLE
    again = bureau.post(address, {"document_no": "10号"})
    assert "已由他人确认" in str([str(message) for message in get_messages(again.wsgi_request)])
