"""The disk full to the last byte: a sentence, everything as before, and the next try works once there is room.

On SQLite, and on PostgreSQL with only its tables, and with all of it, on a small file system that is really full;
uploads, temporary files and backups lie on it too.
"""

import io
import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import psycopg2
import pytest
import requests

from tests.crash.cluster import Cluster, programs, running
from tests.crash.tiny_disk import Disk, may_mount, mounted
from tests.load.forms import form_with, forms_of
from tests.load.serving import environment, manage, served
from tests.load.visitor import Notes, Visitor, told
from tests.shown import shown
from tests.workbook import build

MONTH, STREET = "2026-07", "150404001"
RUN = f"/pay/{MONTH}/{STREET}/"
COUNTED = ("workers_worker", "workers_change", "workers_workbookimport", "workers_upload", "payroll_payslip")
COUNTED += ("payroll_payline", "payroll_runevent", "payroll_runseal", "workers_privateaccess")
STATES = "SELECT street_id, month, state, headcount FROM payroll_payrollrun ORDER BY street_id, month"
KEY = {"BACKUP_KEY": "一把足够长的备份口令 0123456789"}

pytestmark = [
    pytest.mark.torture,
    pytest.mark.skipif(not may_mount(), reason="这里不能挂载小文件系统（须由管理员运行）"),
]
needs_server = pytest.mark.skipif(programs() is None, reason="本机没有 PostgreSQL 的服务程序（.ci/install postgres）")
Act = Callable[[], requests.Response]


@dataclass
class Place:
    """A site whose data lie on a disk; ``cluster`` None: SQLite."""

    kind: str
    disk: Disk
    settings: dict[str, str]
    cluster: Cluster | None = None

    def free(self) -> None:
        """Room again; a server that stopped for want of it is started, as its administrator would."""
        self.disk.free()
        if self.cluster is not None and not self.cluster.answers():
            self.cluster.kill()
            self.cluster.start()

    def stored(self) -> list[object]:
        if self.cluster is None:
            with sqlite3.connect(self.disk.folder / "var" / "songshan.sqlite3") as database:
                return _rows(database.cursor())
        database = psycopg2.connect(self.settings["DATABASE_URL"])
        try:
            return _rows(database.cursor())
        finally:
            database.close()

    def shrink(self) -> None:
        """What SQLite wrote ahead goes into the file, so that the next write needs new room."""
        if self.cluster is None:
            with sqlite3.connect(self.disk.folder / "var" / "songshan.sqlite3") as database:
                database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _rows(cursor: "sqlite3.Cursor | psycopg2.extensions.cursor") -> list[object]:
    found: list[object] = []
    for table in COUNTED:
        cursor.execute(f"SELECT count(*) FROM {table}")
        found.append((table, cursor.fetchone()))
    cursor.execute(STATES)
    return [*found, *map(tuple, cursor.fetchall())]


@pytest.fixture(
    params=[
        pytest.param("sqlite", marks=pytest.mark.sqlite),
        pytest.param("tables", marks=[pytest.mark.postgres, needs_server]),
        pytest.param("everything", marks=[pytest.mark.postgres, needs_server]),
    ]
)
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    with ExitStack() as stack:
        disk = stack.enter_context(mounted(240))
        cluster = None
        if request.param != "sqlite":
            home = disk.folder / "server" if request.param == "everything" else None
            if home is not None:
                home.mkdir()
            cluster = stack.enter_context(running(home, "--wal-segsize=1"))
        url = _database(cluster, disk) if cluster and request.param == "tables" else cluster.url if cluster else ""
        for name in ("var", "temporary"):
            (disk.folder / name).mkdir()
        settings = environment(url, disk.folder / "var", TMPDIR=str(disk.folder / "temporary"), WEB_WORKERS="1", **KEY)
        manage(settings, "migrate", "-v0")
        manage(settings, "load_demo", "--workers", "120", debug=True)
        manage(settings, "demo_month", "--month", "2026-06", "--earlier", "0", debug=True)
        yield Place(request.param, disk, settings, cluster)


def _database(cluster: Cluster, disk: Disk) -> str:
    """A database whose tables lie on the disk, while the server's own log does not."""
    folder = disk.folder / "tables"
    folder.mkdir()
    cluster.own(folder)
    server = psycopg2.connect(cluster.url)
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(f"CREATE TABLESPACE small LOCATION '{folder}'")
        cursor.execute("CREATE DATABASE small TABLESPACE small")
    server.close()
    return cluster.url.rpartition("/")[0] + "/small"


def tried(place: Place, name: str, act: Act, done: str, *, writes: bool = True) -> str:
    """Act with a full disk, then with room. Returns what the full disk did to it."""
    place.shrink()
    before = place.stored()
    place.disk.fill()
    refused = act()
    text = told(refused.text) if "text/html" in refused.headers["Content-Type"] else ""
    place.free()
    if refused.status_code != 503:
        assert re.search(done, text), f"{name}: {refused.status_code} {text[:500]}"
        return "needed no room"
    assert re.search("磁盘写满了|数据库暂时连不上", text), f"{name}: {text[:300]}"
    assert place.stored() == before, f"{name}: something was written"
    again = act()
    text = told(again.text) if "text/html" in again.headers["Content-Type"] else again.headers["Content-Type"]
    assert again.status_code == 200 and re.search(done, text), f"{name} again: {again.status_code} {text[:500]}"
    assert not writes or place.stored() != before
    return "磁盘写满" if "磁盘写满了" in told(refused.text) else "数据库停了"


def book() -> bytes:
    rows = [build.person(index, **{"街道(乡镇)": "振兴街道", "社区": "北苑社区居委会"}) for index in range(1, 400)]
    workbook, target = openpyxl.Workbook(), io.BytesIO()
    sheet = workbook.worksheets[0]
    sheet.title = "花名册"
    for row in [build.HEADERS["花名册"], *rows]:
        sheet.append(row)
    workbook.save(target)
    return target.getvalue()


class Desk:
    """Acts of the clerk and the bureau, each to be tried twice."""

    def __init__(self, site: str) -> None:
        self.notes = Notes()
        self.clerk, self.bureau = Visitor(site, f"clerk-{STREET}", self.notes), Visitor(site, "bureau", self.notes)
        assert self.clerk.sign_in() and self.bureau.sign_in()
        self.content, self.preview, self.page = book(), "", ""

    def upload(self) -> requests.Response:
        page = self.clerk.get("open", "/import/").text
        shown = self.clerk.upload("upload", "/import/", page, self.content, "人员.xlsx")
        self.preview = shown.text
        return shown

    def confirm(self) -> requests.Response:
        form = next(one for one in forms_of(self.preview) if one.attributes.get("action", "").endswith("/confirm/"))
        return self.clerk.send("confirm", form.attributes["action"], form)

    def look(self) -> None:
        self.page = self.clerk.get("open", RUN).text

    def compute(self) -> requests.Response:
        return self.clerk.send("compute", RUN, form_with(self.page, "csrfmiddlewaretoken"), action="compute")

    def submit(self) -> requests.Response:
        return self.clerk.send("submit", RUN, form_with(self.page, "seen"), action="submit")

    def approve(self) -> requests.Response:
        page = self.bureau.get("open", RUN).text
        return self.bureau.send("approve", RUN, form_with(page, "seen"), action="approve")

    def export(self) -> requests.Response:
        form = form_with(self.clerk.get("open", "/export/").text, "numbers")
        return self.clerk.send("export", "/export/", form)

    def sheet(self) -> requests.Response:
        return self.clerk.get("sheet", f"/pay/2026-06/{STREET}/download/sheet/")


def test_full(place: Place, tmp_path: Path) -> None:
    manage(place.settings, "collectstatic", "--noinput", "-v0")
    with served(place.settings, tmp_path / "server.log") as site:
        desk = Desk(site)
        happened = {"upload": tried(place, "upload", desk.upload, "导入预览")}
        assert len(list((place.disk.folder / "var" / "uploads").iterdir())) == 1, "上传的半个文件留下了"
        happened["import"] = tried(place, "import", desk.confirm, "已导入：")
        desk.look()
        happened["run"] = tried(place, "run", desk.compute, "已计算：")
        desk.look()
        happened["submit"] = tried(place, "submit", desk.submit, "已提交民政局审核")
        happened["approval"] = tried(place, "approval", desk.approve, "已审核通过")
        happened["export"] = tried(place, "export", desk.export, "spreadsheetml", writes=False)
        happened["sheet"] = tried(place, "sheet", desk.sheet, "spreadsheetml", writes=False)
        place.disk.fill()
        looks = [desk.clerk.get("look", path).status_code for path in ("/people/", RUN)]
        place.free()
    shown(f"磁盘写满 {place.kind}：{happened}")
    assert looks == [200, 200], "盘满时连看也不能看"
    assert {happened[name] for name in ("upload", "import", "run", "export")} <= {"磁盘写满", "数据库停了"}
    backed_up(place)
    assert json.loads(manage(place.settings, "verify_ledger", "--json"))["ok"]
    assert "Traceback" not in "".join(desk.notes.faults)


def backed_up(place: Place) -> None:
    """A backup that finds no room leaves no file, and a sentence."""
    target = place.disk.folder / "out.backup"
    place.disk.fill()
    with pytest.raises(RuntimeError, match=r"磁盘写满了|数据库暂时连不上") as told_so:
        manage(place.settings, "backup", str(target))
    assert "Traceback" not in str(told_so.value) and not list(place.disk.folder.glob("out.backup*"))
    place.free()
    assert "已备份" in manage(place.settings, "backup", str(target))
