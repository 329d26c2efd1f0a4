"""Nobody holds both ends of rights and grade tables (rules 10.7)."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from payroll.models import GradeTable, RunEvent
from payroll.services.runs import compute_runs
from payroll.services.tables import confirm_grade_table, import_grade_table
from songshan_cw.data.refusal import NotAllowed, Overtaken
from songshan_cw.words.terms import Role
from tests.payroll.world import DISTRICT, A, bring_table, person, staff, user, write_table
from workers.models import Change, User
from workers.services import confirm_user, reset_device, save_user
from workers.services.credentials import SecondFactor, new_secret

AT = datetime(2026, 11, 21, 2, tzinfo=UTC)
PASSWORD = "Songshan-2026-x"


@pytest.fixture
def second(district: None) -> User:
    return User.objects.create(username="admin-2", role=Role.ADMINISTRATOR.value)


def made(role: Role, region: str | None, **more: object) -> User:
    account = User(username=f"new-{role.name.lower()}", role=role.value, region_id=region, **more)
    save_user(actor=user("admin"), user=account, password=PASSWORD, at=AT)
    return User.objects.get(username=account.username)


def signs_in(username: str) -> bool:
    answer = Client().post("/login/", {"username": username, "password": PASSWORD})
    return answer.status_code == 302


def test_one_administrator_cannot_make_accounts_that_approve(second: User) -> None:
    account = made(Role.BUREAU, DISTRICT)
    assert not account.has_perm("payroll.approve_run") and not signs_in(account.username)
    with pytest.raises(NotAllowed, match="本人"):
        confirm_user(actor=user("admin"), user=account, at=AT)
    confirm_user(actor=second, user=account, at=AT)
    account = User.objects.get(pk=account.pk)
    assert account.has_perm("payroll.approve_run") and signs_in(account.username)
    with pytest.raises(Overtaken):
        confirm_user(actor=second, user=account, at=AT)
    assert Change.objects.filter(actor=second, reason="确认账号").count() == 1


def test_a_second_administrator_made_alone_confirms_nothing(second: User) -> None:
    third = made(Role.ADMINISTRATOR, None)
    account = made(Role.BUREAU, DISTRICT)
    with pytest.raises(NotAllowed):
        confirm_user(actor=third, user=account, at=AT)


def test_accounts_without_power_work_at_once(second: User) -> None:
    assert signs_in(made(Role.CLERK, A).username)


@pytest.mark.parametrize("change", ["sees_private", "password", "role", "enabled", "factor"])
def test_every_way_to_gain_power_waits(second: User, change: str) -> None:
    account = made(Role.CLERK, A) if change in ("sees_private", "role") else made(Role.BUREAU, DISTRICT)
    if account.unconfirmed_by_id:
        confirm_user(actor=second, user=account, at=AT)
    account = User.objects.get(pk=account.pk)
    if change == "factor":
        SecondFactor.objects.create(user=account, name="x", key=new_secret(), confirmed=True)
        reset_device(actor=user("admin"), user=account, at=AT)
    elif change == "enabled":
        account.is_active = False
        save_user(actor=user("admin"), user=account, at=AT)
        account.is_active = True
        save_user(actor=user("admin"), user=account, at=AT)
    else:
        if change == "sees_private":
            account.sees_private = True
        elif change == "role":
            account.role = Role.LEADER.value
        save_user(actor=user("admin"), user=account, password="Wangfu-2027-y" if change == "password" else "", at=AT)
    assert User.objects.get(pk=account.pk).unconfirmed_by == user("admin")
    assert not User.objects.get(pk=account.pk).is_usable


def test_a_new_name_alone_needs_nobody(second: User) -> None:
    account = made(Role.BUREAU, DISTRICT)
    confirm_user(actor=second, user=account, at=AT)
    account = User.objects.get(pk=account.pk)
    account.full_name = "王审核"
    save_user(actor=user("admin"), user=account, at=AT)
    assert User.objects.get(pk=account.pk).is_usable


def test_who_brought_a_table_cannot_confirm_it(second: User, tmp_path: Path) -> None:
    import_grade_table(path=write_table(tmp_path / "t"), district=DISTRICT, actor=user("bureau"), at=AT)
    given = {"district": DISTRICT, "document_no": "松政〔2026〕1号", "at": AT}
    with pytest.raises(NotAllowed, match="另一人"):
        confirm_grade_table(**given, actor=user("bureau"))
    assert confirm_grade_table(**given, actor=user("bureau-2")).confirmed_by == user("bureau-2")
    assert GradeTable.objects.get().uploaded_by == user("bureau")


def test_commands_act_for_users_only_where_it_is_allowed(second: User, settings, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = str(write_table(tmp_path / "t"))
    settings.ACT_FOR_USERS = False
    with pytest.raises(CommandError, match="ACT_FOR_USERS"):
        call_command("import_grade_table", path, by="bureau")
    settings.ACT_FOR_USERS = True
    call_command("import_grade_table", path, by="bureau")
    assert GradeTable.objects.get().uploaded_by == user("bureau")


def test_the_record_says_that_a_command_acted(second: User, settings, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]

    settings.ACT_FOR_USERS = True
    bring_table(tmp_path / "t")
    person(staff(AT.date().replace(year=2020)))
    compute_runs(month=2026 * 12 + 10, street_codes=[A], at=AT)
    call_command("submit_payroll", "2026-11", by="clerk-a")
    channel = RunEvent.objects.get(action="提交").channel
    assert channel is not None and channel.startswith("命令（系统用户")
    assert RunEvent.objects.get(action="计算").channel is None
