"""What is tried with small faults, and by which tests they must be noticed."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def _modules_of(package: str) -> list[str]:
    """A new file among the rules is tried without being named here."""
    files = ROOT.joinpath(*package.split(".")).glob("*.py")
    return [f"{package}.{file.stem}" for file in sorted(files) if file.stem != "__init__"]


@dataclass(frozen=True)
class Area:
    """``least``: the share of all faults, in per cent, that tests must notice; ``every``: one in how many is tried
    in a sample; ``rights``: a table of rights in the first module."""

    title: str
    modules: tuple[str, ...]
    tests: tuple[str, ...]
    least: int
    every: int
    rights: str = ""


RECORDS = tuple(
    f"workers.rules.{name}"
    for name in (
        "bounds",
        "dossier",
        "judge",
        "absence",
        "contract",
        "leave",
        "leaving",
        "recruitment",
        "secondment",
        "staffing",
        "training",
    )
)
AREAS = {
    "pay": Area(
        "工资规则",
        (
            "songshan_cw.words.money",
            "songshan_cw.words.periods",
            "songshan_cw.words.terms",
            *_modules_of("payroll.rules"),
        ),
        ("tests/rules", "tests/money/test_cases.py"),
        least=95,
        every=40,
    ),
    "records": Area(
        "人员资料与合规",
        ("songshan_cw.words.spans", *RECORDS, "assessment.rules.annual", "assessment.rules.share"),
        ("tests/limits", "tests/assessment/test_rules.py"),
        least=90,
        every=40,
    ),
    "rights": Area(
        "权限与可见范围",
        ("workers.rules.rights", "workers.selectors.scope"),
        ("tests/access/test_rights.py", "tests/access/test_what_is_visible.py"),
        least=95,
        every=60,
        rights="PERMISSIONS",
    ),
    "states": Area(
        "批次、预算与系数表的流转",
        (
            "payroll.services.transitions",
            "payroll.services.settling",
            "payroll.services.budgets",
            "payroll.services.tables",
            "workers.services.secondments",
        ),
        (
            "tests/access/test_moving_runs.py",
            "tests/payroll/test_runs.py",
            "tests/payroll/test_tables.py",
            "tests/payroll/test_arrears.py",
            "tests/money/test_budgets.py",
            "tests/money/test_budgets_moving.py",
            "tests/secondment/test_secondments.py",
            "tests/secondment/test_each_move.py",
        ),
        least=90,
        every=60,
    ),
}
