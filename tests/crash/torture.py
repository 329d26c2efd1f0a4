"""Kills import, run and approval at their statements and around COMMIT, each in a process of its own, and looks at what
is left. Run as a program on a database of its own; tells what it found as JSON.

A fork stands for the server's process: it is killed by SIGKILL inside the hook, so the moment is exact.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import django

django.setup()

from django.db import InterfaceError, OperationalError, connection, connections, transaction  # noqa: E402

from payroll.ledger import contents  # noqa: E402
from payroll.ledger.verifying import verify  # noqa: E402
from payroll.models import PayrollRun  # noqa: E402
from payroll.services.runs import compute_runs  # noqa: E402
from payroll.services.transitions import approve_runs, submit_runs  # noqa: E402
from songshan_cw.data import bulk  # noqa: E402
from songshan_cw.words.periods import parse  # noqa: E402
from tests.payroll import world  # noqa: E402
from tests.workbook import build  # noqa: E402
from workers.workbook.reading import read_workbook  # noqa: E402
from workers.workbook.writing import apply_import  # noqa: E402

MARCH = parse("2022-03")
BROKEN_OFF = 3
LOSS = "connection lost" if connection.vendor == "postgresql" else "disk full"
Action = Callable[[], object]
Strike = Callable[[], None]


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def lose_connection() -> None:
    """The action's own connection, whichever thread is using it."""
    database = Killer.database
    with database.wrap_database_errors:
        database.connection.cursor().execute("SELECT pg_terminate_backend(pg_backend_pid())")


def leave_no_page() -> None:
    pages = connection.connection.execute("PRAGMA page_count").fetchone()[0]
    connection.connection.execute(f"PRAGMA max_page_count = {pages}")


# What happens at a statement; others who torture may add to it.
STRIKES: dict[str, Strike] = {"statement": die, "connection lost": lose_connection, "disk full": leave_no_page}
AT_COMMIT: dict[str, Strike] = {}


class Killer:
    """Counts statements and ends the process at one of them, or before or after the COMMIT."""

    database: Any = None

    def __init__(self, moment: str, number: int, pipe: int) -> None:
        self.moment, self.number, self.pipe, self.count = moment, number, pipe, 0

    def install(self) -> None:
        connection.ensure_connection()
        connection.execute_wrappers.append(self._executing)
        self._commit, connection._commit = connection._commit, self._committing
        Killer.database = connections["default"]
        self._copy, bulk.send_copy = bulk.send_copy, self._copying

    def _next(self) -> None:
        self.count += 1
        if self.count == self.number:
            STRIKES[self.moment]()

    def _executing(self, execute: Any, statement: str, params: Any, many: bool, context: Any) -> Any:
        self._next()
        return execute(statement, params, many, context)

    def _copying(self, *given: Any) -> None:
        self._next()
        self._copy(*given)
        self._next()

    def _committing(self) -> None:
        os.write(self.pipe, str(self.count).encode())
        if self.moment in AT_COMMIT:
            AT_COMMIT[self.moment]()
        elif self.moment != "after COMMIT":
            die()
        self._commit()
        if self.moment == "after COMMIT":
            die()


def struck(action: Action, moment: str, number: int = 0, delay: float | None = None) -> tuple[int, int]:
    """Act in a process that is struck; (how it ended, statements told at COMMIT)."""
    connections.close_all()
    told, telling = os.pipe()
    child = os.fork()
    if not child:
        _act(action, Killer(moment, number, telling))
    os.close(telling)
    if delay is not None:
        time.sleep(delay)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    count = int(os.read(told, 20) or b"0")
    os.close(told)
    return -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status), count


def _act(action: Action, killer: Killer) -> None:
    """In the child; never returns."""
    ended = 1
    try:
        killer.install()
        action()
        ended = 0
    except (OperationalError, InterfaceError):
        ended = BROKEN_OFF
    finally:
        os._exit(ended)


def everything() -> dict[str, list[Any]]:
    return {model._meta.label: list(contents.rows_of(model)) for model in contents.kept_models()}


def outline() -> dict[str, Any]:
    """What an action makes, without keys and clocks, which another try may choose differently."""
    runs = PayrollRun.objects.order_by("pk").values_list("street_id", "month", "state", "headcount", "gross_total")
    findings = [finding.text for finding in verify().findings]
    return {"counts": contents.counts(), "sums": contents.ledger_sums(), "runs": list(runs), "findings": findings}


def tried(action: Action) -> dict[str, Any]:
    """What the action would make now; taken back again."""
    with transaction.atomic():
        action()
        made = outline()
        transaction.set_rollback(True)
    return made


def torture(name: str, action: Action, every: int, chances: int) -> dict[str, Any]:
    """Strike one action at all its moments. Ends with the action done."""
    before, started = everything(), time.monotonic()
    wanted = tried(action)
    lasting = time.monotonic() - started
    faults: list[str] = []

    def look(moment: str, ended: int, expected: tuple[int, ...] = (-signal.SIGKILL,)) -> None:
        if ended not in expected:
            faults.append(f"{name} {moment}: ended with {ended} instead of {expected}")
        if everything() != before:
            faults.append(f"{name} {moment}: something was written")
        elif tried(action) != wanted:
            faults.append(f"{name} {moment}: the next try made something else")

    ended, statements = struck(action, "before COMMIT")
    look("before COMMIT", ended)
    points = sorted({*range(1, statements + 1, every), statements})
    for number in points:
        look(f"statement {number} of {statements}", struck(action, "statement", number)[0])
    broken_off = 0
    for number in sorted({3, statements // 3, statements // 2, statements - 1}):
        ended, _ = struck(action, LOSS, number)
        look(f"{LOSS} at {number}", ended, (BROKEN_OFF, -signal.SIGKILL))
        broken_off += ended == BROKEN_OFF
    random = Random(20261121)
    for _ in range(chances):
        look("by chance", struck(action, "before COMMIT", delay=random.uniform(0, lasting))[0])
    _finish(name, action, wanted, faults)
    kills = len(points) + chances + 2
    return {"name": name, "statements": statements, "kills": kills, "broken_off": broken_off, "faults": faults}


def _finish(name: str, action: Action, wanted: dict[str, Any], faults: list[str]) -> None:
    """Killed just after COMMIT: all of it is there."""
    ended, _ = struck(action, "after COMMIT")
    if ended != -signal.SIGKILL or outline() != wanted:
        faults.append(f"{name} after COMMIT: ended with {ended}, not all of it is there")


def prepare(folder: Path) -> Iterator[tuple[str, Action]]:
    """The three actions, each on what stands when it is its turn."""
    build.make_regions()
    reading = read_workbook(build.save(build.clean_book(), folder / "book.xlsx"))
    yield "import", partial(apply_import, reading, actor=None, at=world.NOW)
    world.found_offices()
    world.bring_table(folder / "table")
    for _ in range(4):
        world.person(world.staff(date(2020, 1, 1)))
    world.pay_month("2022-02")
    world.person(world.staff(date(2020, 1, 1)))
    yield "run", partial(compute_runs, month=MARCH, at=world.NOW)
    submit_runs(month=MARCH, street_codes=[world.A], actor=world.user("clerk-a"), at=world.NOW)
    submit_runs(month=MARCH, street_codes=[world.B], actor=world.user("clerk-b"), at=world.NOW)
    yield "approval", partial(approve_runs, review_all=True, month=MARCH, actor=world.user("bureau"), at=world.NOW)


def main(every: int, chances: int, folder: Path) -> None:
    report = [torture(name, action, every, chances) for name, action in prepare(folder)]
    json.dump({"engine": connection.vendor, "actions": report}, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
