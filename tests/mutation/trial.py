"""One fault in a fork of the process: which test notices it, if any."""

import functools
import gc
import os
import resource
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType
from typing import Any, NoReturn

import pytest
from _pytest.runner import runtestprotocol

from tests.mutation.mutants import Mutant

LEAST_SECONDS = 5
SLOWER = 5  # times the processor time the tests need without a fault
WAITING = 20  # times that again on the clock, on a busy machine
MORE_MEMORY = 2 * 1024**3
SURVIVED, NOTICED, BROKEN = 0, 10, 20
memories: list[Any] = []


@dataclass(frozen=True)
class Verdict:
    """``how``: 杀死, 超时 or 存活; ``by``: the test that noticed."""

    how: str
    by: str = ""


class BrokenMeasure(Exception):
    """The fault could not be put in, or the fork ended in no known way: that is no verdict."""


def judged(mutant: Mutant, function: FunctionType | None, items: Sequence[pytest.Item], seconds: float) -> Verdict:
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _try(mutant, function, items, LEAST_SECONDS + SLOWER * seconds, writing)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        output = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGPROF, signal.SIGALRM):
        return Verdict("超时", output)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) in (SURVIVED, NOTICED):
        return Verdict("杀死" if os.WEXITSTATUS(status) == NOTICED else "存活", output)
    raise BrokenMeasure(f"{mutant}\n子进程没有正常结束（状态{status}）：{output}")


def _try(
    mutant: Mutant, function: FunctionType | None, items: Sequence[pytest.Item], limit: float, pipe: int
) -> NoReturn:
    """In the fork; never returns."""
    ended = BROKEN
    try:
        _bounded(limit)
        mutant.put_in(function)
        _forget()
        items[0].session._setupstate.teardown_exact(items[0])
        ended = SURVIVED
        for item, following in zip(items, [*items[1:], items[-1]], strict=True):
            failed = [one for one in runtestprotocol(item, nextitem=following, log=False) if one.failed]
            if failed:
                os.write(pipe, f"{item.nodeid}\n{failed[0].longreprtext}".encode()[:60000])
                ended = NOTICED
                break
    except BaseException as fault:
        ended = BROKEN
        os.write(pipe, repr(fault).encode()[:1000])
    finally:
        os._exit(ended)


def _bounded(limit: float) -> None:
    """Processor time, so that a busy machine makes no verdicts; the clock only for what waits; and memory."""
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, limit)
    signal.alarm(int(limit * WAITING))
    used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MORE_MEMORY, used + MORE_MEMORY))


def get_ready() -> None:
    """Before the first fork: what is there is left alone by the collector, so that forks share its memory."""
    gc.collect()
    memories.extend(one for one in gc.get_objects() if isinstance(one, functools._lru_cache_wrapper))
    gc.freeze()


def _forget() -> None:
    """What was computed and remembered before the fault was put in; not the policies, which tests hold in hand."""
    for memory in memories:
        if str(memory.__module__).startswith(("payroll", "assessment", "workers")):
            memory.cache_clear()
