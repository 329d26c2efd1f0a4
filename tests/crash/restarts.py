"""Kills the PostgreSQL server itself in the middle of import, run and approval, and at their COMMIT; starts it and
looks at what is left. Run as a program on a server of its own: ``EVERY FOLDER CLUSTER-HOME PORT``.
"""

import json
import signal
import sys
from pathlib import Path
from typing import Any

from tests.crash import torture
from tests.crash.cluster import Cluster
from tests.crash.torture import BROKEN_OFF, Action, everything, prepare, struck, tried

STATEMENT, COMMIT = "server killed", "server killed at COMMIT"


def kill_server(cluster: Cluster, name: str, action: Action, every: int) -> dict[str, Any]:
    """Kill it at every few statements and at COMMIT. Ends with the action done."""
    before, wanted, faults = everything(), tried(action), list[str]()
    ended, statements = struck(action, "before COMMIT")
    points = range(2, statements - 1, every)
    moments = [(STATEMENT, number) for number in points] + [(COMMIT, 0)]
    for moment, number in moments:
        ended, _ = struck(action, moment, number)
        cluster.start()
        place = f"{name} {moment} {number}"
        if ended != BROKEN_OFF:
            faults.append(f"{place}: ended with {ended}")
        if everything() != before:
            faults.append(f"{place}: something was written")
        elif tried(action) != wanted:
            faults.append(f"{place}: the next try made something else")
    ended, _ = struck(action, "after COMMIT")
    cluster.kill()
    cluster.start()
    if ended != -signal.SIGKILL or torture.outline() != wanted:
        faults.append(f"{name}: committed, yet not all of it is there after a restart")
    return {"name": name, "statements": statements, "kills": len(moments) + 1, "faults": faults}


def main(every: int, folder: Path, home: Path, port: int) -> None:
    cluster = Cluster(home, port)
    torture.STRIKES[STATEMENT] = torture.AT_COMMIT[COMMIT] = cluster.kill
    report = [kill_server(cluster, name, action, every) for name, action in prepare(folder)]
    json.dump({"actions": report}, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
