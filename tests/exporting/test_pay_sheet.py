"""工资发放表, read back cell by cell."""

from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from payroll.files import write_csv, write_pay_sheet
from payroll.files.month import TotalsDiffer
from payroll.models import PayLine, PayrollRun
from songshan_cw.files.capital import capital_yuan
from songshan_cw.files.styles import sheet_names
from songshan_cw.files.text import lines_in
from songshan_cw.words.terms import Component, RunState
from tests.exporting.factories import MONTH, Person, a_street, id_number, make_run

FIRST = 5  # the first person's row
BASE, ARREARS, GROSS, ACCRUAL, NOTE = 10, 12, 13, 14, 18


def sheet_of(tmp_path, *, values=True, private=True, streets=("150404001",), name=None):
    path = tmp_path / "sheet.xlsx"
    write_pay_sheet(month=MONTH, street_codes=streets, path=path, private=private)
    book = load_workbook(path, data_only=values)
    return book[name] if name else book.worksheets[0]


def row_of(sheet, label):
    return next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value == label)


def texts(sheet):
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_title_unit_month_and_columns(tmp_path):
    make_run(a_street())
    sheet = sheet_of(tmp_path)
    assert sheet["A1"].value == "松山区振兴街道2026年10月社区工作者工资发放表"
    assert sheet["A2"].value == "已审核"
    assert {"编制单位：松山区振兴街道", "月份：2026年10月", "单位：元"} <= set(texts(sheet))
    heads = [cell.value for cell in sheet[4]]
    assert heads[:6] == ["序号", "姓名", "身份证号", "社区", "岗位", "职务"]
    assert heads[9:13] == ["基本工资", "职业津贴", "补发/扣回", "应发工资"]
    assert heads[14:] == ["开户行", "银行卡号", "领款人签字", "备注"]


def test_a_person_s_row(tmp_path):
    make_run(a_street())
    sheet = sheet_of(tmp_path)
    values = [cell.value for cell in sheet[FIRST + 1]]
    assert values[:9] == [2, "李四", id_number(2), "北苑社区居委会", "正职", "党组织书记", 8, 8, 1.35]
    assert values[9:14] == [4252.5, 300, 0, 4552.5, 472.5]
    assert values[14:] == ["中国农业银行赤峰松山支行", "6228480000000000000", None, "一肩挑"]
    assert sheet.cell(FIRST, 3).data_type == sheet.cell(FIRST, 16).data_type == "s"
    assert sheet.cell(FIRST, 3).number_format == "@"
    assert sheet.cell(FIRST, BASE).number_format == "#,##0.00"


def test_subtotals_and_total_are_live_and_carry_their_values(tmp_path):
    make_run(a_street())
    live, shown = sheet_of(tmp_path, values=False), sheet_of(tmp_path)
    first, second = row_of(live, "北苑社区居委会 小计"), row_of(live, "广场社区居委会 小计")
    total = row_of(live, "合计")
    assert live.cell(first, GROSS).value == "=SUBTOTAL(9,M5:M6)"
    assert live.cell(second, GROSS).value == "=SUBTOTAL(9,M8:M10)"
    assert live.cell(total, GROSS).value == "=SUBTOTAL(9,M5:M11)"
    assert shown.cell(first, GROSS).value == 8217.5
    assert shown.cell(second, GROSS).value == 4452.5
    assert [shown.cell(total, column).value for column in range(BASE, ACCRUAL + 1)] == [
        14647.5,
        500,
        -2477.5,
        12670,
        1627.5,
    ]
    assert shown.cell(total, 5).value == 5


def test_capital_amount_and_signatures_stand_below(tmp_path):
    make_run(a_street())
    found = texts(sheet_of(tmp_path))
    assert any("人民币壹万贰仟陆佰柒拾元整" in text and "¥12,670.00" in text for text in found)
    assert {"制表：", "审核：", "负责人："} <= set(found)


def test_remarks_name_the_months_made_good(tmp_path):
    people = a_street()
    people[0].earlier = [("2024-03", Component.BASE, "10.00"), ("2024-07", Component.BASE, "10.00")]
    people[1].earlier = [("2026-01", Component.BASE, "-5.00")]
    people[4].earlier = [("2026-01", Component.PERFORMANCE, "5.00")]
    make_run(people)
    sheet = sheet_of(tmp_path)
    assert [sheet.cell(row, NOTE).value for row in (5, 6, 8, 9, 10)] == [
        "补发2024-03至2024-07中2个月",
        "一肩挑；扣回2026-01",
        "补发2024-03至2024-05",
        "仅扣回2026-08至2026-09；为负数，不发放，转为应收款",
        "调整绩效计提2026-01；缺银行卡号",
    ]


def test_who_gets_only_arrears_has_no_grade(tmp_path):
    make_run(a_street())
    values = [cell.value for cell in sheet_of(tmp_path)[9]]
    assert values[1] == "乌云其其格"
    assert not any(values[4:9])
    assert values[9:14] == [0, 0, -2950, -2950, 0]


def test_a_negative_total_is_spelt_out(tmp_path):
    make_run([a_street()[3]])
    sheet = sheet_of(tmp_path)
    assert sheet.cell(row_of(sheet, "合计"), GROSS).value == -2950
    assert any("人民币负贰仟玖佰伍拾元整" in text for text in texts(sheet))


@pytest.mark.parametrize(
    ("state", "trial", "title_end", "warning"),
    [
        (RunState.DRAFT, True, "工资发放表（试算）", "试算"),
        (RunState.DRAFT, False, "工资发放表", "草稿"),
        (RunState.SUBMITTED, False, "工资发放表", "待审核"),
        (RunState.RETURNED, False, "工资发放表", "已退回"),
    ],
)
def test_what_is_not_final_says_so(tmp_path, state, trial, title_end, warning):
    make_run([Person(1)], state=state, trial=trial)
    sheet = sheet_of(tmp_path)
    assert sheet["A1"].value.endswith(title_end)
    assert warning in sheet["A2"].value
    assert "不得据此发放" in sheet["A2"].value
    assert warning in sheet.oddHeader.right.text


def test_it_prints_on_a4_landscape_with_repeated_heads_and_page_numbers(tmp_path):
    make_run(a_street())
    sheet = sheet_of(tmp_path)
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.page_setup.fitToWidth in (None, 1)  # 1 is what an absent attribute means
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$1:$4"
    assert sheet.oddFooter.center.text == "第 &P 页 共 &N 页"
    assert sheet.freeze_panes == "C5"
    assert sheet.print_area.startswith("'振兴街道'!$A$1:$R$")


def test_without_the_right_numbers_are_masked(tmp_path):
    make_run(a_street())
    found = texts(sheet_of(tmp_path, private=False))
    assert id_number(1) not in found
    assert "6228480000000000000" not in found
    assert f"{id_number(1)[:6]}***********{id_number(1)[-1]}" in found


def test_text_is_never_a_formula(tmp_path):
    make_run([Person(1, "=1+1", bank="@cmd", account="+1")])
    sheet = sheet_of(tmp_path, values=False)
    assert [(sheet.cell(5, column).value, sheet.cell(5, column).data_type) for column in (2, 15, 16)] == [
        ("=1+1", "s"),
        ("@cmd", "s"),
        ("+1", "s"),
    ]


def test_several_streets_get_a_sheet_each_and_a_summary(tmp_path):
    make_run(a_street())
    make_run([Person(9, community="150404002001")], street="150404002", state=RunState.DRAFT, trial=True)
    live = sheet_of(tmp_path, values=False, streets=None, name="汇总")
    shown = sheet_of(tmp_path, streets=None, name="汇总")
    assert load_workbook(tmp_path / "sheet.xlsx").sheetnames == ["汇总", "振兴街道", "向阳街道"]
    assert shown["A1"].value == "松山区2026年10月社区工作者工资发放汇总表（试算）"
    assert live["G5"].value == "='振兴街道'!M12"
    assert (shown["G5"].value, shown["G6"].value, shown["I6"].value) == (12670, 3465, "草稿")
    assert (live["G7"].value, shown["G7"].value, shown["C7"].value) == ("=SUM(G5:G6)", 16135, 6)


def test_a_street_nobody_is_paid_in_has_an_empty_sheet(tmp_path):
    make_run([])
    sheet = sheet_of(tmp_path)
    assert sheet.cell(row_of(sheet, "合计"), GROSS).value == 0
    assert any("人民币零元整" in text for text in texts(sheet))


@pytest.mark.parametrize("column", ["base_pay", "allowance", "arrears", "gross_pay"])
def test_a_run_that_differs_from_the_ledger_is_not_written(tmp_path, column):
    run = make_run(a_street(), state=RunState.DRAFT)
    run.totals.filter(column=column).update(amount=F("amount") + Decimal("0.01"))
    with pytest.raises(TotalsDiffer, match="不一致，没有写出文件"):
        sheet_of(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_slips_that_differ_from_the_run_are_not_written(tmp_path):
    run = make_run(a_street(), state=RunState.DRAFT)
    PayrollRun.objects.filter(pk=run.pk).update(headcount=4)
    with pytest.raises(TotalsDiffer, match="人数合计5人，与批次合计4人"):
        sheet_of(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_lost_line_is_noticed(tmp_path):
    make_run(a_street(), state=RunState.DRAFT)
    PayLine.objects.filter(component=Component.ALLOWANCE.value, for_month=MONTH).first().delete()
    with pytest.raises(TotalsDiffer, match=r"职业津贴合计300\.00元（明细），与批次合计500\.00元"):
        sheet_of(tmp_path)


def test_the_number_of_statements_does_not_grow(tmp_path):
    make_run([Person(1, earlier=[("2026-01", Component.BASE, "1.00")])])
    people = [
        Person(serial, community="150404002001", earlier=[("2026-01", Component.BASE, "1.00")])
        for serial in range(2, 1_202)
    ]
    make_run(people, street="150404002")
    for write, statements in ((_sheet, 6), (write_csv, 6)):
        for street in ("150404001", "150404002"):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                write(month=MONTH, street_codes=[street], path=tmp_path / "out")
            assert _selects(queries) == statements, (write, street)


def _sheet(**arguments):
    write_pay_sheet(**arguments, private=True)


def _selects(queries):
    """Statements that ask something; fetching more of a cursor is none."""
    return sum("SELECT" in query["sql"] for query in queries.captured_queries)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "人民币零元整"),
        ("0.05", "人民币伍分"),
        ("100.05", "人民币壹佰元零伍分"),
        ("325.04", "人民币叁佰贰拾伍元零肆分"),
        ("16409.02", "人民币壹万陆仟肆佰零玖元零贰分"),
        ("107000.53", "人民币壹拾万柒仟元伍角叁分"),
        ("1010.1", "人民币壹仟零壹拾元壹角"),
        ("100010000", "人民币壹亿零壹万元整"),
        ("2.675", "人民币贰元陆角捌分"),
        ("-12.30", "人民币负壹拾贰元叁角"),
    ],
)
def test_capital_numerals(amount, words):
    assert capital_yuan(Decimal(amount)) == words


def test_sheet_names_are_ones_excel_accepts():
    names = sheet_names([("150404001", "振兴/街道"), ("150404002", "汇总"), ("150404003", "长" * 40)])
    assert names == ["振兴_街道", "汇总150404002", "长" * 31]


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("", 10, 1),
        ("内蒙古银行", 14, 1),
        ("中国农业银行赤峰松山支行", 14, 2),
        ("补发2024-03至2024-05", 14, 2),
        ("长" * 40, 9, 10),
    ],
)
def test_rows_are_high_enough_for_wrapped_text(text, columns, lines):
    assert lines_in(text, columns) == lines
