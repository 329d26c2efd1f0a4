"""Many clerks and the bureau at work against the shipped server and PostgreSQL: nothing is lost, nobody sees a fault.

Three clerks for some seconds by default; fifty for more than three minutes with TORTURE=1.
"""

import json
import os
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.load.acts import Bureau, Clerk, Day, Street
from tests.load.serving import environment, manage, program, served
from tests.load.visitor import Notes, Visitor
from tests.shown import shown

FULL = os.environ.get("TORTURE") == "1"
CLERKS, PEOPLE, SECONDS = (50, 1200, 200) if FULL else (3, 40, 3)
LONGEST, MOST_ACTS, PAUSE = 6 * SECONDS if FULL else 90, 400, 0.5
RECYCLED_AFTER = "150"  # requests, so that processes are replaced in the middle of the work
SLOWEST_P95 = 30.0  # seconds; a server that hangs is found, a busy machine is not a fault

pytestmark = pytest.mark.postgres


@pytest.fixture
def city(own_database: str, tmp_path: Path) -> Iterator[dict[str, str]]:
    settings = environment(own_database, tmp_path, WEB_MAX_REQUESTS=RECYCLED_AFTER)
    manage(settings, "load_demo", "--workers", str(PEOPLE), debug=True)
    manage(settings, "demo_month", "--month", "2026-06", "--earlier", "0", debug=True)
    manage(settings, "collectstatic", "--noinput", "-v0")
    program(settings, "-m", "tests.load.city", "prepare", str(CLERKS), str(tmp_path / "city.json"))
    yield settings


def at_work(site: str, listed: Sequence[Any], notes: Notes) -> None:
    """Everybody in a thread; they stop by the clock or after so many acts."""
    staff: list[Clerk | Bureau] = [
        Clerk(site, name, notes, seed, Street(code, street, community, number))
        for seed, (name, code, street, community, number) in enumerate(listed)
    ]
    for number in (0, 2):
        colleague = Visitor(site, f"load-bureau-{number + 1}", notes)
        staff.append(Bureau(site, f"load-bureau-{number}", notes, 1000 + number, colleague))
    day = Day(threading.Barrier(len(staff)), SECONDS, LONGEST, MOST_ACTS, PAUSE, CLERKS, refused=FULL)
    threads = [threading.Thread(target=one.work, args=(day,)) for one in staff]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=LONGEST + 300)
    assert not any(thread.is_alive() for thread in threads), "有人没有等到答复"


def table(notes: Notes) -> str:
    rows = [f"{'':22}{'次数':>6}{'p50':>8}{'p95':>8}{'最长':>8}"]
    for kind, seconds in sorted(notes.seconds.items()):
        p50, p95 = percentile(seconds, 50), percentile(seconds, 95)
        rows.append(f"{kind:22}{len(seconds):8}{p50:8.2f}{p95:8.2f}{max(seconds):8.2f}")
    rows += [f"{what:30}{count:8}" for what, count in sorted(notes.counts.items())]
    rows.append(f"edits accepted {len(notes.edits)}, told {len(notes.refused_edits)}")
    return "\n".join(rows)


def percentile(seconds: Sequence[float], part: int) -> float:
    return sorted(seconds)[min(len(seconds) - 1, len(seconds) * part // 100)]


def test_many_at_once(city: dict[str, str], tmp_path: Path) -> None:
    notes, known = Notes(), json.loads((tmp_path / "city.json").read_text(encoding="utf-8"))
    with served(city, tmp_path / "server.log") as site:
        at_work(site, known["clerks"], notes)
        found = {
            "before": known["before"],
            "edits": notes.edits,
            "approved": notes.approved,
            "imports": notes.counts["imports"],
        }
        (tmp_path / "found.json").write_text(json.dumps(found), encoding="utf-8")
        report = json.loads(program(city, "-m", "tests.load.city", "judge", str(tmp_path / "found.json")))
    requests = sum(map(len, notes.seconds.values()))
    shown(f"{CLERKS}名经办：{requests}个请求，故障{len(notes.faults)}个")
    shown(f"事后{report['runs']}个批次，与独立计算核对{report['compared']}笔，不符{len(report['faults'])}笔")
    shown(*table(notes).splitlines())
    log = (tmp_path / "server.log").read_text()
    assert notes.faults == [], log[-6000:]
    assert report["faults"] == []
    assert "Traceback" not in log, log[-6000:]
    assert requests > 5 * CLERKS and len(notes.edits) >= CLERKS and (notes.refused_edits or not FULL)
    assert notes.counts["approvals"] and notes.counts["imports"] and report["compared"] > (500 if FULL else 50)
    slow = {kind: percentile(taken, 95) for kind, taken in notes.seconds.items() if percentile(taken, 95) > SLOWEST_P95}
    assert slow == {}
