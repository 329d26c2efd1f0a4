"""The csv, byte for byte as the data contract has it."""

from decimal import Decimal

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from payroll.files import write_csv
from payroll.files.csv_file import coefficient_text
from payroll.models import PayrollRun
from songshan_cw.data.refusal import Refused
from songshan_cw.words.terms import RunState
from tests.exporting.factories import MONTH, Person, a_street, id_number, make_run

HEADER = (
    "id_number,name,street_code,community_code,post,step,grade,coefficient,"
    "base_pay,allowance,arrears,gross_pay,performance_accrual,debt_recovered,payable"
)


def test_every_byte_is_as_agreed(tmp_path):
    make_run(a_street())
    write_csv(month=MONTH, street_codes=None, path=tmp_path / "pay.csv")
    lines = [
        HEADER,
        f"{id_number(1)},张三,150404001,150404001001,工作人员,3,3,1.10,3465.00,200.00,0.00,3665.00,385.00,0.00,3665.00",
        f"{id_number(2)},李四,150404001,150404001001,正职,8,8,1.35,4252.50,300.00,0.00,4552.50,472.50,0.00,4552.50",
        f"{id_number(3)},王五,150404001,150404001002,工作人员,3,3,1.10,3465.00,0.00,472.50,3937.50,385.00,0.00,3937.50",
        f"{id_number(4)},乌云其其格,150404001,150404001002,,,,,0.00,0.00,-2950.00,-2950.00,0.00,0.00,0.00",
        f"{id_number(5)},赵六,150404001,150404001002,工作人员,3,3,1.10,3465.00,0.00,0.00,3465.00,385.00,0.00,3465.00",
    ]
    assert (tmp_path / "pay.csv").read_bytes() == "".join(f"{line}\r\n" for line in lines).encode()


def test_people_come_by_street_community_and_id_number(tmp_path):
    make_run([Person(9, community="150404002001")], street="150404002")
    make_run([Person(7, community="150404001002"), Person(8), Person(2), Person(1, community="150404001002")])
    write_csv(month=MONTH, street_codes=None, path=tmp_path / "pay.csv")
    rows = [line.split(",") for line in (tmp_path / "pay.csv").read_text().splitlines()[1:]]
    assert [row[0] for row in rows] == [id_number(serial) for serial in (2, 8, 1, 7, 9)]
    assert [row[3] for row in rows] == ["150404001001"] * 2 + ["150404001002"] * 2 + ["150404002001"]


@pytest.mark.parametrize(
    ("value", "text"), [("1.0500", "1.05"), ("1.1250", "1.125"), ("2.0000", "2.00"), ("1.3333", "1.3333")]
)
def test_coefficients_have_two_decimals_and_no_further_zeros(value, text):
    assert coefficient_text(Decimal(value)) == text


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "\t=1"])
def test_a_name_that_is_a_formula_is_disarmed(tmp_path, name):
    make_run([Person(1, name)])
    write_csv(month=MONTH, street_codes=None, path=tmp_path / "pay.csv")
    assert (tmp_path / "pay.csv").read_text().splitlines()[1].split(",")[1] == f"'{name}"


def test_a_street_is_exported_alone(tmp_path):
    make_run([Person(1)])
    make_run([Person(2, community="150404002001")], street="150404002")
    write_csv(month=MONTH, street_codes=["150404002"], path=tmp_path / "pay.csv")
    text = (tmp_path / "pay.csv").read_text()
    assert id_number(2) in text
    assert id_number(1) not in text


def test_totals_that_differ_leave_the_old_file_alone(tmp_path):
    run = make_run([Person(1)], state=RunState.DRAFT)
    PayrollRun.objects.filter(pk=run.pk).update(headcount=2)
    target = tmp_path / "pay.csv"
    target.write_text("earlier")
    with pytest.raises(Refused, match="人数合计1人，与批次合计2人不一致"):
        write_csv(month=MONTH, street_codes=None, path=target)
    assert target.read_text() == "earlier"
    assert list(tmp_path.iterdir()) == [target]


def test_the_command_takes_the_format_from_the_file_name(tmp_path, capsys):
    make_run([Person(1)])
    call_command("export_payroll", "2026-10", str(tmp_path / "pay.csv"))
    call_command("export_payroll", "2026-10", str(tmp_path / "pay.xlsx"), "--street", "150404001")
    call_command("export_payroll", "2026-10", str(tmp_path / "pay.dat"), "--format", "csv")
    call_command("export_payroll", "2026-10", str(tmp_path / "pay"))
    assert (tmp_path / "pay.csv").read_text().startswith(HEADER)
    assert (tmp_path / "pay.dat").read_bytes() == (tmp_path / "pay.csv").read_bytes()
    assert (tmp_path / "pay.xlsx").read_bytes()[:2] == (tmp_path / "pay").read_bytes()[:2] == b"PK"
    assert "2026年10月 1人" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["2026-09"], "2026年9月还没有工资批次"),
        (["2026-10", "--street", "150404002"], "向阳街道2026年10月还没有工资批次"),
        (["2026-10", "--street", "150404999"], "街道代码“150404999”没有登记"),
    ],
)
def test_a_month_without_a_run_is_refused_in_words(tmp_path, arguments, message):
    make_run([Person(1)])
    month, *options = arguments
    with pytest.raises(CommandError, match=message) as refusal:
        call_command("export_payroll", month, str(tmp_path / "pay.csv"), *options)
    assert refusal.value.returncode == 1
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_said(tmp_path):
    make_run([Person(1)])
    with pytest.raises(Refused, match="写不进去"):
        write_csv(month=MONTH, street_codes=None, path=tmp_path / "missing" / "pay.csv")
