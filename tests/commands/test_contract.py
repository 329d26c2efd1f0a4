"""The commands as operations use them: what they print, what they refuse, and with which exit status."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from payroll.models import GradeTable, PayrollRun
from tests.payroll import world
from tests.payroll.world import A, B, person, staff
from workers.models import Region, Worker

ROOT = Path(__file__).parent.parent.parent
CSV_HEADER = (
    "id_number,name,street_code,community_code,post,step,grade,coefficient,"
    "base_pay,allowance,arrears,gross_pay,performance_accrual,debt_recovered,payable"
)


def said(*words: Any, **options: Any) -> str:
    out = StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue()


def refused(*words: Any) -> str:
    """The reason; Django's runner turns it into exit status 1 on standard error."""
    with pytest.raises(CommandError) as refusal:
        call_command(*words, stdout=StringIO())
    assert refusal.value.returncode == 1
    return str(refusal.value)


def approve(month: str) -> None:
    said("run_payroll", month, "--street", A)
    said("submit_payroll", month, "--street", A, "--by", "clerk-a")
    said("approve_payroll", month, "--street", A, "--by", "bureau", "--review-all")


def test_a_month_by_commands(table: GradeTable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = person(staff(date(2020, 1, 1), entry_education="大学本科"), name="王一")
    found = json.loads(said("run_payroll", "2022-03", "--json"))
    assert [(run["street_code"], run["people"], run["gross_pay"]) for run in found["runs"]] == [(A, 1, "3307.50")]
    assert "已提交" in said("submit_payroll", "2022-03", "--by", "clerk-a")
    assert "原因" in refused("return_payroll", "2022-03", "--by", "bureau", "--reason", " ")
    assert "已退回" in said("return_payroll", "2022-03", "--by", "bureau", "--reason", "请核对")
    approve("2022-03")
    assert PayrollRun.objects.get().state == "已审核"
    explained = json.loads(said("explain_pay", worker.id_number, "2022-03", "--json"))
    assert (explained["grade"], explained["base_pay"], explained["state"]) == (2, "3307.50", "已审核")
    assert [amount["clause"] for amount in explained["amounts"]] == ["二(五)2(1)", "二(五)2(3)", "二(五)2(2)"]
    assert "42000.00×1.05×90%÷12＝3307.50元" in said("explain_pay", worker.id_number, "2022-03")
    monkeypatch.setattr("sys.stdin", StringIO(f"{worker.id_number}\n"))
    assert "42000.00×1.05×90%÷12＝3307.50元" in said("explain_pay", "-", "2022-03")


def test_the_csv_to_the_letter(table: GradeTable, tmp_path: Path) -> None:
    leaver = person(staff(date(2020, 1, 1)), name="赵离")
    person(staff(date(2012, 1, 1)), name="王留", community=world.A2)
    approve("2022-01")
    world.add_facts(
        leaver, {"left": date(2022, 1, 31), "certificates": [{"date": date(2021, 5, 1), "level": "社会工作师"}]}
    )
    said("run_payroll", "2022-02", "--street", A)
    out = tmp_path / "pay.csv"
    said("export_payroll", "2022-02", str(out), "--street", A, "--format", "csv")
    lines = out.read_text(encoding="utf-8").splitlines()
    assert lines[0] == CSV_HEADER
    rows = list(csv.DictReader(lines))
    assert [(row["name"], row["base_pay"], row["arrears"], row["gross_pay"]) for row in rows] == [
        ("赵离", "0.00", "300.00", "300.00"),
        ("王留", "3622.50", "0.00", "3622.50"),
    ]
    assert (rows[1]["post"], rows[1]["step"], rows[1]["grade"], rows[1]["coefficient"]) == (
        "工作人员",
        "4",
        "4",
        "1.15",
    )


@pytest.mark.parametrize("name", ["pay.csv", "pay.xlsx"])
def test_files_are_readable_by_their_owner_alone(name: str, table: GradeTable, tmp_path: Path) -> None:
    """Also where a file readable by others is replaced."""
    person(staff(date(2020, 1, 1)))
    approve("2022-01")
    out = tmp_path / name
    out.touch(0o644)
    said("export_payroll", "2022-01", str(out), "--street", A, "--format", name.rpartition(".")[2])
    assert out.stat().st_mode & 0o777 == 0o600


def test_performance_as_json(table: GradeTable) -> None:
    first = person(staff(date(2020, 1, 1), assessments={2022: "优秀"}))
    second = person(staff(date(2020, 1, 1)))
    approve("2022-01")
    found = json.loads(said("allocate_performance", "2022", "--street", A, "--json"))
    assert found == {
        "pool": "700.00",
        "shares": [
            {"id_number": first.id_number, "accrual": "350.00", "result": "优秀", "weight": "1.20", "share": "700.00"},
            {"id_number": second.id_number, "accrual": "350.00", "result": None, "weight": "0.00", "share": "0.00"},
        ],
        "unassessed": [second.id_number],
    }


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["run_payroll", "2021-12"], "没有任何文件|施行"),
        (["run_payroll", "2022-01", "--street", "150404999"], "没有登记"),
        (["submit_payroll", "2022-01", "--by", "nobody"], "没有名为"),
        (["approve_payroll", "2022-01", "--by", "bureau"], "没有可审核"),
        (["explain_pay", "150404198001010000", "2022-01"], "没有登记"),
        (["allocate_performance", "2022", "--street", "7"], "没有登记"),
        (["import_grade_table", "/nowhere/table.xlsx"], "找不到文件"),
        (["confirm_grade_table", "--document", "x", "--by", "clerk-a"], "不能确认"),
        (["load_regions", "999999"], "999999"),
        (["export_payroll", "2022-01", "/tmp/never.xlsx"], "2022年1月"),
    ],
)
def test_refusals_in_words(district: None, words: list[str], reason: str) -> None:
    person(staff(date(2015, 1, 1)))
    assert any(part in refused(*words) for part in reason.split("|"))


def test_a_sample_table_gives_a_trial(district: None, tmp_path: Path) -> None:
    person(staff(date(2020, 1, 1)))
    said("import_grade_table", str(world.write_table(tmp_path / "t")))
    assert json.loads(said("run_payroll", "2022-01", "--json"))["runs"][0]["trial"] is True
    said("submit_payroll", "2022-01", "--by", "clerk-a")
    assert "试算" in refused("approve_payroll", "2022-01", "--by", "bureau")
    assert "文号" in said("confirm_grade_table", "--document", "演示〔2022〕1号", "--by", "bureau")


def test_regions_are_loaded_below_a_code(db: None) -> None:
    said("load_regions", "1506")
    assert Region.objects.filter(level="district", code__startswith="1506").count() == 9
    assert not Region.objects.filter(code__startswith="1504").exists()


def test_only_the_asked_street_is_computed(table: GradeTable) -> None:
    person(staff(date(2020, 1, 1)))
    person(staff(date(2020, 1, 1)), community=world.B1)
    said("run_payroll", "2022-01", "--street", B)
    assert list(PayrollRun.objects.values_list("street", flat=True)) == [B]
    assert Worker.objects.count() == 2


@pytest.fixture
def manage(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """The commands as a shell runs them, on an empty database of their own."""

    def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        kept = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), "LANG": "C.UTF-8"}
        return subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *words],
            capture_output=True,
            text=True,
            env=kept | environment,
            cwd=ROOT,
            check=False,
        )

    return run


@pytest.mark.programs
def test_exit_statuses(manage: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    assert manage("migrate", "--verbosity", "0").returncode == 0
    wrong = manage("run_payroll", "2022-13")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "2022-03" in wrong.stderr
    refusal = manage("run_payroll", "2022-01", "--json")
    assert (refusal.returncode, refusal.stdout) == (1, "")
    assert "人事工作簿" in refusal.stderr
    assert "Traceback" not in refusal.stderr + wrong.stderr
    assert manage("load_demo", "--empty").returncode == 1
    assert manage("load_demo", "--empty", DEBUG="1").returncode == 0
