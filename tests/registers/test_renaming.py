"""A region renamed by document: old months keep the old name, old files are understood, the list does not undo it."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from openpyxl import load_workbook

from payroll.files import write_pay_sheet
from payroll.models import GradeTable
from songshan_cw.data.refusal import Refused
from songshan_cw.words.periods import parse
from tests.payroll.conftest import district, table
from tests.payroll.world import A1, A, pay_month, person, staff, user
from workers.models import FormerName, Region
from workers.services.places import rename_region
from workers.services.regions import load_regions
from workers.workbook.places import Places

AT = datetime(2022, 4, 10, 2, tzinfo=UTC)
__all__ = ["district", "table"]


def rename(code: str, name: str, start: date, today: date = date(2022, 4, 10)) -> None:
    given = {"name": name, "start": start, "document_no": "松政〔2022〕8号", "today": today, "at": AT}
    rename_region(actor=user("admin"), code=code, **given)


def sheet_texts(month: str, folder: Path) -> str:
    write_pay_sheet(month=parse(month), street_codes=[A], path=folder / "pay.xlsx", private=True)
    sheet = load_workbook(folder / "pay.xlsx").worksheets[0]
    return "|".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)


def test_approved_months_keep_the_old_names(table: GradeTable, tmp_path: Path) -> None:
    person(staff(date(2020, 1, 1)))
    pay_month("2022-03")
    rename(A, "新甲街道", date(2022, 4, 1))
    rename(A1, "新一社区", date(2022, 4, 1))
    pay_month("2022-04")
    march, april = sheet_texts("2022-03", tmp_path), sheet_texts("2022-04", tmp_path)
    assert "松山区甲街道2022年3月" in march and "甲一社区" in march and "新" not in march
    assert "松山区新甲街道2022年4月" in april and "新一社区" in april and "甲一社区" not in april


def test_the_first_day_and_the_day_before(district: None, tmp_path: Path) -> None:
    rename(A, "新甲街道", date(2022, 4, 1))
    assert FormerName.objects.get().last_day == date(2022, 3, 31)


def test_old_files_find_it_by_either_name(district: None) -> None:
    rename(A1, "新一社区", date(2022, 4, 1))
    places = Places()
    assert places.community("甲一社区", A) == places.community("新一社区", A) == A1


@pytest.mark.parametrize(
    ("name", "start", "document", "word"),
    [
        ("甲街道", date(2022, 4, 1), "1号", "相同"),
        ("新甲街道", date(2022, 4, 11), "1号", "还没有到"),
        ("新甲街道", date(2022, 4, 1), " ", "文号"),
        ("乙街道", date(2022, 4, 1), "1号", "同名"),
    ],
)
def test_what_is_refused(district: None, name: str, start: date, document: str, word: str) -> None:
    given = {"name": name, "start": start, "document_no": document, "today": date(2022, 4, 10), "at": AT}
    with pytest.raises(Refused, match=word):
        rename_region(actor=user("admin"), code=A, **given)
    assert Region.objects.get(pk=A).name == "甲街道"


def test_the_shipped_list_does_not_rename_it_back(db: None) -> None:
    load_regions(["150404"])
    region = Region.objects.filter(level="street").first()
    assert region is not None
    former = region.name
    FormerName.objects.create(region=region, name=former, last_day=date(2022, 1, 1), document_no="1号")
    Region.objects.filter(pk=region.pk).update(name="改过的街道")
    load_regions(["150404"])
    assert Region.objects.get(pk=region.pk).name == "改过的街道"


def test_the_command_is_the_administrator_s(district: None) -> None:
    words = ["rename_region", A, "新甲街道", "--from", f"{timezone.localdate()}", "--document", "1号"]
    with pytest.raises(CommandError, match=r"系统管理员|没有"):
        call_command(*words, "--by", "clerk-a")
    call_command(*words, "--by", "admin")
    assert Region.objects.get(pk=A).name == "新甲街道"
