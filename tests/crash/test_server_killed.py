"""PostgreSQL killed and started again: wholly before or wholly after; pages say so in plain words and come back."""

import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.crash.cluster import Cluster, programs, running
from tests.load.forms import form_with
from tests.load.serving import environment, manage, program, served
from tests.load.visitor import Notes, Visitor, told
from tests.shown import shown

MONTH = "2026-07"

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(programs() is None, reason="本机没有 PostgreSQL 的服务程序（.ci/install postgres）"),
]


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with running() as one:
        yield one


@pytest.mark.torture
def test_killed_at_statements(cluster: Cluster, tmp_path: Path) -> None:
    settings = environment(cluster.url, tmp_path, DJANGO_SETTINGS_MODULE="tests.settings", PYTHONHASHSEED="0")
    arguments = ["1", str(tmp_path), str(cluster.home), str(cluster.port)]
    report = json.loads(program(settings, "-m", "tests.crash.restarts", *arguments))["actions"]
    assert [one["name"] for one in report] == ["import", "run", "approval"]
    assert [fault for one in report for fault in one["faults"]] == []
    for one in report:
        assert one["kills"] >= 3
        shown(f"杀数据库 {one['name']}：{one['statements']}条语句，杀{one['kills']}次")


def plain(answer: requests.Response) -> bool:
    """A page for people: what is the matter, in Chinese, and when to try again."""
    text = told(answer.text)
    return answer.status_code == 503 and "数据库暂时连不上" in text and "Retry-After" in answer.headers


@pytest.mark.torture
def test_a_site_serving_over_the_restart(cluster: Cluster, tmp_path: Path) -> None:
    settings = environment(cluster.url, tmp_path)
    manage(settings, "migrate", "-v0")
    manage(settings, "load_demo", "--workers", "150", debug=True)
    manage(settings, "demo_month", "--month", "2026-06", "--earlier", "0", debug=True)
    manage(settings, "collectstatic", "--noinput", "-v0")
    with served(settings, tmp_path / "server.log") as site:
        notes = Notes()
        bureau = Visitor(site, "bureau", notes)
        assert bureau.sign_in()
        for _ in range(40):
            bureau.get("warm", "/people/")
        assert notes.faults == []
        token = form_with(bureau.get("warm", f"/pay/{MONTH}/").text, "csrfmiddlewaretoken").fields
        answers: list[requests.Response] = []
        press = threading.Thread(target=lambda: answers.append(post(bureau, token)))
        press.start()
        press.join(timeout=0.3)
        cluster.kill()
        press.join()
        away = [bureau.get("away", path) for path in ("/", "/people/", "/pay/", "/people/")]
        cluster.start()
        after = [bureau.get("after", path) for path in ("/", "/people/", "/pay/") * 15]
        done = post(bureau, token)
        bureau.session.close()
    assert plain(answers[0]) or answers[0].status_code == 200
    assert all(plain(answer) for answer in away), [told(answer.text)[:200] for answer in away]
    assert {answer.status_code for answer in after} == {200}
    assert done.status_code == 200 and re.search(r"已计算\d+个街道", told(done.text))
    assert json.loads(manage(settings, "verify_ledger", "--json"))["ok"]


def post(visitor: Visitor, fields: list[tuple[str, str]]) -> requests.Response:
    return visitor._ask("compute", "POST", f"/pay/{MONTH}/", data=[*fields, ("action", "compute")])


def test_a_command_says_it_in_a_sentence(cluster: Cluster, tmp_path: Path) -> None:
    settings = environment(cluster.url, tmp_path)
    manage(settings, "migrate", "-v0")
    cluster.kill()
    with pytest.raises(RuntimeError, match="数据库暂时连不上") as told_so:
        manage(settings, "run_payroll", MONTH)
    assert "Traceback" not in str(told_so.value)
    cluster.start()
    with pytest.raises(RuntimeError, match="没有可计算的"):
        manage(settings, "run_payroll", MONTH)
