"""Accounts and second factors at rest: unreadable without the key, found by digest, moved to a new key whole."""

from datetime import date
from importlib import import_module
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from songshan_cw.data.sealing import SealBroken, faults_of_keys, lookup_of, lookups_of, open_sealed, seal
from songshan_cw.words.terms import Role
from tests.security.conftest import make_user
from workers.models import SecondFactor, Worker, new_secret
from workers.services import rotation

ACCOUNT, OTHER = "6228480012345678901", "6228480012345678902"
OLD, NEW = "a:the-first-secret-of-all", "b:the-second-secret-of-all"


@pytest.fixture(autouse=True)
def old_key(settings: Any) -> None:
    settings.SEALING_KEYS = OLD


def person(serial: int, account: str) -> Worker:
    number = f"1504041990030700{serial:02d}"
    return Worker.objects.create(id_number=number, name="甲", bank_account=account, hired_on=date(2020, 1, 1))


def stored(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def sealed_columns() -> list[tuple[Any, ...]]:
    rows = stored("SELECT bank_account, account_lookup FROM workers_worker ORDER BY id")
    return rows + stored("SELECT key, '' FROM otp_totp_totpdevice ORDER BY id")


def test_nothing_stands_readable_in_the_tables() -> None:
    person(1, ACCOUNT)
    secret = SecondFactor.objects.create(user=make_user("admin", Role.ADMINISTRATOR), key=new_secret()).bin_key
    columns = str(sealed_columns())
    assert ACCOUNT not in columns and secret.hex() not in columns and len(secret) == 20
    assert all(column.startswith("a.") for row in sealed_columns() for column in row if column)


def test_equal_accounts_are_found_without_opening_any() -> None:
    first, second, third = person(1, ACCOUNT), person(2, ACCOUNT), person(3, OTHER)
    assert first.account_lookup == second.account_lookup != third.account_lookup
    assert set(Worker.objects.filter(account_lookup__in=lookups_of(ACCOUNT))) == {first, second}
    assert person(4, "").account_lookup == "" and lookups_of("") == []
    first.bank_account = OTHER
    first.save()
    assert set(Worker.objects.filter(account_lookup__in=lookups_of(OTHER))) == {first, third}


def test_another_key_gives_another_digest(settings: Any) -> None:
    before = lookup_of(ACCOUNT)
    settings.SEALING_KEYS = OLD.replace("first", "other")
    assert lookup_of(ACCOUNT) != before


def test_altered_text_and_a_missing_key_are_told(settings: Any) -> None:
    sealed = seal(ACCOUNT)
    altered = sealed[:-6] + ("A" if sealed[-6] != "A" else "B") + sealed[-5:]
    with pytest.raises(SealBroken, match="被改动过"):
        open_sealed(altered)
    settings.SEALING_KEYS = NEW
    with pytest.raises(SealBroken, match="“a”未配置"):
        open_sealed(sealed)


def rotated() -> str:
    out = StringIO()
    call_command("rotate_keys", stdout=out)
    return out.getvalue()


def test_rotation_moves_all_and_the_old_key_can_go(settings: Any) -> None:
    for serial in range(5):
        person(serial, f"{ACCOUNT}{serial}" if serial else "")
    factor = SecondFactor.objects.create(user=make_user("admin", Role.ADMINISTRATOR), key=new_secret())
    secret = factor.bin_key
    settings.SEALING_KEYS = f"{NEW},{OLD}"
    fresh = person(9, OTHER)
    assert set(Worker.objects.filter(account_lookup__in=lookups_of(f"{ACCOUNT}1"))) == {Worker.objects.all()[1]}
    assert "银行卡号换了4条（原已是1条），动态口令换了1条（原已是0条）" in rotated()
    assert "银行卡号换了0条（原已是5条），动态口令换了0条（原已是1条）" in rotated()
    settings.SEALING_KEYS = NEW
    assert [one.bank_account for one in Worker.objects.order_by("pk")] == [
        *["", *[f"{ACCOUNT}{serial}" for serial in range(1, 5)]],
        OTHER,
    ]
    assert all(column.startswith("b.") for row in sealed_columns() for column in row if column)
    assert Worker.objects.filter(account_lookup=lookup_of(OTHER)).get() == fresh
    assert SecondFactor.objects.get().bin_key == secret


def test_a_rotation_broken_off_goes_on_where_it_stopped(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for serial in range(5):
        person(serial, f"{ACCOUNT}{serial}")
    monkeypatch.setattr(rotation, "BATCH", 2)
    settings.SEALING_KEYS = f"{NEW},{OLD}"
    reseal, done = rotation._reseal_accounts, []

    def fail_at_the_second(people: list[Worker]) -> None:
        reseal(people)
        done.append(len(people))
        if len(done) == 2:
            raise SealBroken("断了。")

    monkeypatch.setattr(rotation, "_reseal_accounts", fail_at_the_second)
    with pytest.raises(CommandError, match="接着做"):
        rotated()
    assert [row[0][0] for row in stored("SELECT bank_account FROM workers_worker ORDER BY id")] == list("bbaaa")
    monkeypatch.setattr(rotation, "_reseal_accounts", reseal)
    assert "银行卡号换了3条（原已是2条）" in rotated()


@pytest.mark.parametrize(
    ("material", "told"),
    [
        ("a:the-first-secret-of-all", ""),
        ("the-first-secret-of-all", "后接冒号"),
        ("a.b:the-first-secret-of-all", "应为1至12个字母"),
        ("a:short", "不足16个字符"),
        (f"{OLD},{OLD}", "同名"),
    ],
)
def test_keys_are_checked_at_the_start(settings: Any, material: str, told: str) -> None:
    settings.SEALING_KEYS = material
    faults = [str(fault.msg) for fault in run_checks() if fault.id == "sealing.E001"]
    assert faults == [f"SEALING_KEYS：{fault}" for fault in faults_of_keys(material)]
    assert bool(faults) == bool(told) and told in "".join(faults)


def test_the_migration_fills_lookups_batch_by_batch(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    migration = import_module("workers.migrations.0009_lookup_and_sealed_factors")
    monkeypatch.setattr(migration, "AT_ONCE", 2)
    people = [person(serial, f"62284800000000{serial:05d}" if serial else "") for serial in range(6)]
    Worker.objects.update(account_lookup="")
    migration.fill_lookups(apps, None)
    for worker in Worker.objects.all():
        assert worker.account_lookup == lookup_of(worker.bank_account)
    assert Worker.objects.exclude(account_lookup="").count() == len(people) - 1 > 2
