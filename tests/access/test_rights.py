"""Who may do what, written out beside the table of rights, so that a slip in the table shows (rules 10)."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from songshan_cw.words.terms import Role
from workers.rules.rights import PERMISSIONS, role_has_module, role_has_permission, who_may

# Acts with consequences → the only roles that may.
ONLY = {
    "payroll.compute_run": {Role.CLERK, Role.BUREAU, Role.ADMINISTRATOR},
    "payroll.submit_run": {Role.CLERK},
    "payroll.approve_run": {Role.BUREAU},
    "payroll.confirm_table": {Role.BUREAU},
    "payroll.import_table": {Role.BUREAU, Role.ADMINISTRATOR},
    "payroll.export_run": {Role.CLERK, Role.LEADER, Role.BUREAU, Role.FINANCE, Role.ADMINISTRATOR},
    "assessment.decide": {Role.LEADER},
    "assessment.grant_exception": {Role.BUREAU},
    "workers.approve_secondment": {Role.LEADER, Role.BUREAU, Role.ORGANISATION},
    "workers.file_archive": {Role.ORGANISATION},
    "workers.correct_person": {Role.BUREAU, Role.ADMINISTRATOR},
    "workers.import_workbook": {Role.CLERK, Role.ADMINISTRATOR},
    "workers.view_privateaccess": {Role.BUREAU, Role.ADMINISTRATOR},
    "workers.view_signinattempt": {Role.ADMINISTRATOR},
    "workers.change_user": {Role.ADMINISTRATOR},
    "workers.add_user": {Role.ADMINISTRATOR},
    "workers.change_region": {Role.ADMINISTRATOR},
    "workers.add_worker": {Role.CLERK, Role.ADMINISTRATOR},
    "workers.delete_worker": {Role.CLERK, Role.ADMINISTRATOR},
    "workers.view_worker": {Role.CLERK, Role.LEADER, Role.BUREAU, Role.ORGANISATION, Role.ADMINISTRATOR},
    "workers.change_placement": {Role.CLERK, Role.BUREAU, Role.ADMINISTRATOR},
    "payroll.view_payslip": {Role.CLERK, Role.LEADER, Role.BUREAU, Role.FINANCE, Role.ADMINISTRATOR},
}
NEVER_WRITTEN = (
    "change",
    "workbookimport",
    "privateaccess",
    "signinattempt",
    "runevent",
    "payrollrun",
    "payslip",
    "payline",
    "runseal",
)


# The whole table as people read it: 查 view, 增 add, 改 change, 删 delete, 可 an act of its own.
WRITTEN = Path(__file__).with_name("rights.csv")
DEEDS = {"查": "view", "增": "add", "改": "change", "删": "delete"}


def _rights_of(thing: str, letters: str) -> Iterator[str]:
    app, name = thing.split(".")
    for letter in letters:
        yield thing if letter == "可" else f"{app}.{DEEDS[letter]}_{name}"


def written_rights() -> list[tuple[str, dict[Role, set[str]]]]:
    """Row by row: what it is about, and what each role may."""
    with WRITTEN.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [(row["权限"], {role: set(_rights_of(row["权限"], row[role])) for role in Role}) for row in rows]


@pytest.mark.parametrize(("thing", "rights"), written_rights(), ids=lambda one: one if isinstance(one, str) else "")
def test_the_table_of_rights_row_by_row(thing: str, rights: dict[Role, set[str]]) -> None:
    app, name = thing.split(".")
    possible = {thing, *(f"{app}.{deed}_{name}" for deed in DEEDS.values())}
    for role in Role:
        assert {one for one in possible if role_has_permission(role, one)} == rights[role], role


def test_no_right_is_left_out_of_the_written_table() -> None:
    for role in Role:
        assert PERMISSIONS[role] == set().union(*(rights[role] for _, rights in written_rights())), role


@pytest.mark.parametrize("permission", ONLY)
def test_only_these_roles_may(permission: str) -> None:
    assert {role for role in Role if role_has_permission(role, permission)} == ONLY[permission]


def test_every_role_is_in_the_table() -> None:
    assert set(PERMISSIONS) == set(Role)


@pytest.mark.parametrize("model", NEVER_WRITTEN)
def test_nobody_edits_a_ledger_or_a_trail(model: str) -> None:
    written = {f"{app}.{action}_{model}" for app in ("workers", "payroll") for action in ("add", "change", "delete")}
    assert [permission for role in Role for permission in PERMISSIONS[role] & written] == []


def test_modules_follow_from_rights() -> None:
    assert role_has_module(Role.FINANCE, "payroll")
    assert not role_has_module(Role.FINANCE, "assessment")
    assert not role_has_module(Role.ORGANISATION, "payroll")
    assert not role_has_module(Role.CLERK, "pay")


def test_a_refusal_names_exactly_the_roles_with_the_right() -> None:
    for permission in frozenset().union(*PERMISSIONS.values()):
        named = {role for role in Role if role.value in who_may(permission)}
        assert named == {role for role in Role if role_has_permission(role, permission)}, permission
