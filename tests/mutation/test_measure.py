"""The mutation runner itself: which faults it makes, how it names them, and when it fails."""

import sys
from types import ModuleType

import pytest
import yaml

from tests.mutation.__main__ import SURVIVORS, explained, report
from tests.mutation.areas import AREAS
from tests.mutation.mutants import Mutant, mutants_of, toggled
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


def test_every_rule_is_tried() -> None:
    tried = {module for area in AREAS.values() for module in area.modules}
    assert {"payroll.rules.pay", "payroll.rules.causes", "workers.rules.absence", "assessment.rules.annual"} <= tried
    assert not any(name.endswith("__init__") for name in tried)


@pytest.mark.parametrize(
    ("hows", "least", "status"),
    [
        (["杀死"] * 19 + ["超时"], 95, 0),
        (["杀死"] * 19 + ["存活"], None, 1),  # not explained
        (["杀死"] * 19 + ["没有测试走到"], None, 1),
        (["杀死"] * 18 + ["解释"] * 2, 95, 1),  # explained, but below 95 %
        (["杀死"] * 18 + ["解释"] * 2, None, 0),  # a sample is no share
        (["杀死"] * 19 + ["解释"], 95, 0),
        (["杀死"] * 19 + ["过时"], 95, 1),  # explained, but noticed
        (["杀死"] * 19 + ["过时"], None, 0),
    ],
)
def test_a_run_fails_below_its_share_or_with_a_survivor_unexplained(
    hows: list[str], least: int | None, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    how_it_ended = {"解释": "存活", "过时": "杀死"}
    mutants = [Mutant("sample", "one", number, "比较", f"{number}", "", lambda _: None) for number in range(len(hows))]
    known = {one.name for one, how in zip(mutants, hows, strict=True) if how in how_it_ended}
    verdicts = [(one, Verdict(how_it_ended.get(how, how))) for one, how in zip(mutants, hows, strict=True)]
    assert report(verdicts, known, least=least) == status
    assert "20个小错" in capsys.readouterr().out


def test_every_explanation_says_why() -> None:
    rows = yaml.safe_load(SURVIVORS.read_text(encoding="utf-8"))
    assert len(explained()) == len(rows)
    for row in rows:
        assert row["kind"] in ("等价", "别处") and len(row["why"]) >= 8, row
