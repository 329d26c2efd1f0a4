"""One file out, one file in, on a clean database of either engine, proven by counts, sums and seals."""

import io
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction

from payroll.ledger import contents, triggers
from payroll.ledger.backup import write_backup
from payroll.ledger.restore import read_backup
from payroll.ledger.sealing import seal_trails
from payroll.ledger.verifying import verify
from payroll.models import Payslip
from songshan_cw.data.refusal import Refused
from songshan_cw.data.sealed_file import decrypted, encrypted
from tests.house.source import ROOT
from tests.migrated import sqlite_copy
from tests.payroll.world import NOW, user
from workers.models import Attachment, Change, Worker

KEY = "一把足够长的备份口令 0123456789"
FULL = os.environ.get("TORTURE") == "1"
PEOPLE = [] if FULL else ["--workers", "60"]
AT = datetime(2026, 11, 21, tzinfo=UTC)
ACCOUNT = "6228480000000000001"


@pytest.fixture
def holding(paid: None, tmp_path: Path) -> Iterator[Path]:
    """A database with approved pay, trails and a stored file, and its backup."""
    worker = Worker.objects.first()
    Change.objects.create(
        actor=user("admin"), worker=worker, subject="甲\t\n\\N", items=[["人员", "甲", "姓名", "", "乙"]]
    )
    seal_trails(at=NOW)
    name = default_storage.save("archive/合同.pdf", ContentFile(os.urandom(300_000)))
    Attachment.objects.create(worker=worker, file=name, **_rest_of_attachment())
    path = tmp_path / "out.backup"
    write_backup(path=path, passphrase=KEY, at=AT)
    yield path
    default_storage.delete(name)


def _rest_of_attachment() -> dict[str, Any]:
    given: dict[str, Any] = {}
    for field in Attachment._meta.concrete_fields:
        if field.attname not in {"id", "worker_id", "file"} and not field.null and not field.has_default():
            if field.is_relation:
                given[field.attname] = user("admin").pk
            elif field.get_internal_type() in {"DateTimeField", "DateField"}:
                given[field.attname] = AT
            else:
                given[field.attname] = 1 if "Integer" in field.get_internal_type() else "合同"
    return given


def emptied() -> None:
    """As a new database: what migrating fills stays."""
    kept = set(contents.filled_by_migrating())
    with transaction.atomic(), triggers.lifted():
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":  # the run in this test's one transaction has them checked at once
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            for model in contents.kept_models():
                if model not in kept:
                    cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")
        connection.check_constraints()
    for name in ("archive/合同.pdf",):
        default_storage.delete(name)


def everything() -> dict[str, list[Any]]:
    return {model._meta.label: list(contents.rows_of(model)) for model in contents.kept_models()}


def test_what_went_out_comes_back_in(holding: Path) -> None:
    before, sums, file = everything(), contents.ledger_sums(), default_storage.open("archive/合同.pdf").read()
    emptied()
    assert Payslip.objects.count() == 0
    kept = read_backup(path=holding, passphrase=KEY)
    assert everything() == before and contents.ledger_sums() == sums
    assert sum(sums["应发"].values()) > 0
    assert default_storage.open("archive/合同.pdf").read() == file and kept.files == 1
    assert verify().findings == []
    assert Worker.objects.first().bank_account == ACCOUNT
    assert Worker.objects.create(name="新", id_number="150404199003070017", hired_on=NOW.date()).pk


def test_a_backup_shows_nothing_without_the_passphrase(holding: Path) -> None:
    data = holding.read_bytes()
    assert ACCOUNT.encode() not in data and "甲街道".encode() not in data
    assert (holding.stat().st_mode & 0o777) == 0o600
    emptied()
    with pytest.raises(Refused, match="口令不对"):
        read_backup(path=holding, passphrase=KEY + "x")
    assert Payslip.objects.count() == 0 and triggers.not_standing() == []


def test_a_full_database_is_not_restored_into(holding: Path) -> None:
    before = everything()
    with pytest.raises(Refused, match="不是空的"):
        read_backup(path=holding, passphrase=KEY)
    assert everything() == before


@pytest.mark.parametrize("damage", ["cut", "flipped", "grown", "header", "empty"])
def test_a_damaged_backup_restores_nothing(holding: Path, damage: str, tmp_path: Path) -> None:
    data = holding.read_bytes()
    middle = len(data) // 2
    broken = {
        "cut": data[:-20],
        "flipped": data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :],
        "grown": data + b"x",
        "header": b"X" + data[1:],
        "empty": b"",
    }[damage]
    path = tmp_path / "broken"
    path.write_bytes(broken)
    emptied()
    with pytest.raises(Refused):
        read_backup(path=path, passphrase=KEY)
    assert Payslip.objects.count() == 0 and not default_storage.exists("archive/合同.pdf")


def test_figures_that_do_not_match_the_manifest_restore_nothing(holding: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    emptied()
    monkeypatch.setattr(contents, "ledger_sums", dict)
    with pytest.raises(Refused, match="金额合计"):
        read_backup(path=holding, passphrase=KEY)
    assert Payslip.objects.count() == 0 and not default_storage.exists("archive/合同.pdf")


def test_an_older_structure_is_refused(holding: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    emptied()
    monkeypatch.setattr(contents, "structure", lambda: ["payroll.9999_new"])
    with pytest.raises(Refused, match="数据库结构与备份时不同"):
        read_backup(path=holding, passphrase=KEY)


def test_a_file_is_never_written_over(holding: Path) -> None:
    with pytest.raises(Refused, match="已经存在"):
        write_backup(path=holding, passphrase=KEY, at=AT)


def test_a_failed_backup_leaves_no_file(paid: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> None:
        raise OSError("disk full")

    monkeypatch.setattr(contents, "ledger_sums", full)
    with pytest.raises(OSError, match="disk full"):
        write_backup(path=tmp_path / "out", passphrase=KEY, at=AT)
    assert list(tmp_path.glob("out*")) == []


@pytest.mark.parametrize("pieces", [[], [b""], [b"a"], [b"a", b"", b"bc"], [bytes(1_000_000), b"x"]])
def test_a_sealed_file_opens_to_what_was_put_in(pieces: list[bytes]) -> None:
    data = io.BytesIO(b"".join(encrypted(pieces, KEY)))
    assert b"".join(decrypted(data, KEY)) == b"".join(pieces)


def test_swapped_dropped_repeated_and_cut_pieces_are_noticed() -> None:
    head, *pieces = encrypted([b"first", b"other", b"third"], KEY)
    broken = [[1, 0, 2, 3], [0, 2, 3], [0, 1, 2], [3], [], [0, 0, 1, 2, 3], [0, 1, 2, 3, 3]]
    files = [head + b"".join(pieces[number] for number in order) for order in broken]
    whole = head + b"".join(pieces)
    files += [whole[:length] for length in range(len(head), len(whole))]
    files += [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(len(head), len(whole))]
    for data in files:
        with pytest.raises(Refused):
            list(decrypted(io.BytesIO(data), KEY))


def test_a_backup_of_another_format_is_refused() -> None:
    with pytest.raises(Refused, match="备份时的程序版本"):
        list(decrypted(io.BytesIO(b"SCWBACKUP1\n" + bytes(100)), KEY))


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(Refused, match="至少16个字符"):
        list(encrypted([b"data"], "short"))


def _manage(url: str, folder: Path, *arguments: str) -> str:
    environment = {**os.environ, "VAR_DIR": str(folder), "BACKUP_KEY": KEY, "DEBUG": "1", "SECRET_KEY": "drill" * 12}
    environment.pop("DATABASE_URL", None)
    if url:
        environment["DATABASE_URL"] = url
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.postgres
def test_drill_from_sqlite_to_postgresql_and_back(own_database: str, tmp_path: Path) -> None:
    """The commands as an administrator types them: demo data out of SQLite into PostgreSQL and out and in again."""
    for folder in ("first", "second", "third"):
        (tmp_path / folder).mkdir()
        sqlite_copy(tmp_path / folder)
    one, two = str(tmp_path / "one.backup"), str(tmp_path / "two.backup")
    first, second, third = tmp_path / "first", tmp_path / "second", tmp_path / "third"
    for command in (["load_demo", *PEOPLE], ["demo_month"], ["seal_trail"], ["backup", one]):
        _manage("", first, *command)
    for command in (["restore", one], ["backup", two]):
        _manage(own_database, second, *command)
    _manage("", third, "restore", two)
    told = [
        _manage(url, folder, "verify_ledger", "--json")
        for url, folder in (("", first), (own_database, second), ("", third))
    ]
    assert json.loads(told[0])["ok"] and json.loads(told[0])["runs"] > 0
    assert told[0] == told[1] == told[2]
    assert _sqlite_rows(first) == _sqlite_rows(third)


def _sqlite_rows(folder: Path) -> list[Any]:
    with sqlite3.connect(folder / "songshan.sqlite3") as database:
        return list(database.execute("SELECT * FROM payroll_payline ORDER BY id"))
