"""The measure of the tests, itself tested: what it puts in, how it names it, and that the page tells what was found."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.mutation import __main__ as command
from tests.mutation import record
from tests.mutation.areas import AREAS
from tests.mutation.mutants import Mutant, mutants_of, toggled
from tests.mutation.page import PAGE, page
from tests.mutation.record import explanations, on_record, together
from tests.mutation.runner import all_mutants
from tests.mutation.trial import Verdict

FILE = "tests/mutation/sample.py"


def faults_in(text: str) -> list[str]:
    source = f"def one(a, b):\n    {text}\n"
    return [mutant.after for mutant in mutants_of("sample", source, FILE)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = a < b", ["a = a <= b"]),
        ("a = a + b", ["a = a - b"]),
        ("a += b", ["a -= b", "pass"]),
        ("a = 3", ["a = 4", "a = 2"]),
        ("a = Decimal('0.20')", ["a = Decimal('0.21')"]),
        ("a = a and b", ["a = a or b", "a = b", "a = a"]),
        ("a = not b", ["a = b"]),
        ("a = max(b)", ["a = min(b)"]),
        ("a = sorted(b, key=len)", ["a = sorted(b)"]),
        ("a = [c for c in b if c]", ["a = [c for c in b]"]),
        ("return b", ["return None"]),
        ("return False", ["return True"]),
        ("a.c, a.d = (b, b)", ["a.d, = (b,)", "a.c, = (b,)"]),
        ("raise KeyError", ["pass"]),
        ("f(a)", ["pass"]),
        ("yield a", ["pass"]),
        ("a = f'{a:05d}，请核对'", []),
        ("a = '请核对'", []),
        ("a = 'street'", ["a = 'streetX'"]),
        ("a: Literal['x'] = b", []),
    ],
)
def test_each_kind_of_fault(text: str, expected: list[str]) -> None:
    assert faults_in(text) == expected


def test_a_condition_is_turned_round_and_named_by_its_line() -> None:
    source = "def one(a):\n    if a > 1:\n        return a\n    return 0\n"
    found = {(mutant.before, mutant.after) for mutant in mutants_of("sample", source, FILE)}
    assert {("if a > 1:", "if not a > 1:"), ("if a > 1:", "if a >= 1:"), ("if a > 1:", "if a > 2:")} <= found


def test_two_of_the_same_name_are_told_apart() -> None:
    source = "def one(a):\n    f(a)\n    f(a)\n"
    assert [mutant.before for mutant in mutants_of("sample", source, FILE)] == ["f(a)", "f(a)（第2处）"]


def test_a_fault_put_in_is_the_one_named() -> None:
    def one(a: int) -> bool:
        return a < 3

    source = "def one(a):\n    return a < 3\n"
    [fault] = [mutant for mutant in mutants_of("sample", source, FILE) if mutant.after == "return a <= 3"]
    assert not one(3)
    fault.put_in(one)
    assert one(3)


def test_a_constant_is_changed_wherever_it_was_imported_to(monkeypatch: pytest.MonkeyPatch) -> None:
    home, other = ModuleType("sample_home"), ModuleType("sample_other")
    vars(home)["LIMIT"] = vars(other)["LIMIT"] = (15,)
    for module in (home, other):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    more, _ = mutants_of("sample_home", "LIMIT = (15,)\n", FILE)
    more.put_in(None)
    assert vars(home)["LIMIT"] == vars(other)["LIMIT"] == (16,)


def test_every_right_of_every_role_is_taken_or_given() -> None:
    rights = {"甲": frozenset({"look"}), "乙": frozenset({"look", "write"})}
    found = [(mutant.before, mutant.after) for mutant in toggled("sample", "RIGHTS", rights)]
    assert found == [
        ("甲：look", "少一项权限"),
        ("甲：write", "多一项权限"),
        ("乙：look", "少一项权限"),
        ("乙：write", "少一项权限"),
    ]


def everything() -> dict[tuple[str, str, str, str], Mutant]:
    found = {}
    for area in AREAS.values():
        loaded = {name: importlib.import_module(name) for name in area.modules}
        found |= {mutant.name: mutant for mutant in all_mutants(area, loaded)}
    return found


def test_every_explanation_is_of_a_fault_that_exists() -> None:
    gone = sorted(explanations().keys() - everything().keys())
    assert not gone, f"survivors.yaml 里的这些小错已不存在，请删去或按现在的行改写：{gone}"


def test_every_explanation_says_why() -> None:
    for one in explanations().values():
        assert one.kind in ("等价", "别处") and len(one.why) >= 8, one.name


def test_every_rule_is_tried() -> None:
    tried = {module for area in AREAS.values() for module in area.modules}
    assert {"payroll.rules.pay", "payroll.rules.causes", "workers.rules.absence", "assessment.rules.annual"} <= tried
    assert not any(name.endswith("__init__") for name in tried)


def test_the_record_explains_what_survived_and_enough_is_noticed() -> None:
    known = explanations()
    for name, found in on_record().items():
        assert [one for one in found.missed if one not in known] == [], name
        assert together(found.files.values()).share >= AREAS[name].least, name


@pytest.mark.parametrize(
    ("hows", "whole", "code"),
    [
        (["杀死"] * 19 + ["超时"], True, 0),
        (["杀死"] * 19 + ["存活"], False, 1),  # not explained
        (["杀死"] * 19 + ["没有测试走到"], False, 1),
        (["杀死"] * 18 + ["解释"] * 2, True, 1),  # explained, but below 95 %
        (["杀死"] * 18 + ["解释"] * 2, False, 0),  # a sample is no share
        (["杀死"] * 19 + ["解释"], True, 0),
    ],
)
def test_the_run_fails_below_its_share_or_with_a_survivor_unexplained(
    hows: list[str], whole: bool, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def at(number: int) -> Mutant:
        return Mutant("sample", "one", number, "比较", f"{number}", "", lambda _: None)

    mutants = [at(number) for number in range(len(hows))]
    known = {one.name: None for one, how in zip(mutants, hows, strict=True) if how == "解释"}
    monkeypatch.setattr(command, "explanations", lambda: known)
    verdicts = [(one, Verdict("存活" if how == "解释" else how)) for one, how in zip(mutants, hows, strict=True)]
    assert command.told("pay", verdicts, 9, whole=whole) == code
    assert "工资规则：20个小错" in capsys.readouterr().out.splitlines()[-1]


def test_what_is_tried_again_takes_the_place_of_what_was_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "RESULTS", tmp_path / "results.json")
    mutants = list(mutants_of("sample", "def one(a):\n    return a < 3\n", FILE))
    hows = ("杀死", "存活", "没有测试走到", "超时")
    record.keep("pay", "2026-01-01", 9, [(one, Verdict(how)) for one, how in zip(mutants, hows, strict=True)])
    found = on_record()["pay"]
    assert list(found.missed.values()) == ["存活", "没有测试走到"] and together(found.files.values()).share == 50
    record.keep_again("pay", [(mutants[1], Verdict("杀死")), (mutants[2], Verdict("存活"))])
    found = on_record()["pay"]
    assert found.missed == {mutants[2].name: "存活"} and (found.on, found.seconds) == ("2026-01-01", 9)
    assert found.files["sample"].counts == {"杀死": 2, "存活": 1, "超时": 1}


def test_the_page_tells_what_the_record_holds() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert page(text) == text, "docs/mutation.md 与记录不一致，请运行 python -m tests.mutation table"
