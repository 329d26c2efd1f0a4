"""A pytest plugin: every test once, noting which functions it enters; then for each fault a fork with the fault in it,
which runs the tests that enter the function, quickest first, until one fails."""

import functools
import gc
import importlib
import inspect
import os
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from tests.mutation.mutators import Mutant, mutants_of

LEAST_SECONDS = 20
TRIED_TESTS = 400
CONTROLS = 10


@dataclass
class Outcome:
    killed: list[Mutant] = field(default_factory=list)
    survived: list[Mutant] = field(default_factory=list)
    untested: list[Mutant] = field(default_factory=list)


class MutationRun:
    def __init__(self, modules: list[str], every: int) -> None:
        self.modules, self.every = modules, every
        self.outcome = Outcome()
        self.entered: dict[Any, list[pytest.Item]] = defaultdict(list)
        self.seconds: dict[str, float] = {}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            raise pytest.UsageError("collection failed")
        loaded = {name: importlib.import_module(name) for name in self.modules}
        originals = {(name, path): function for name in loaded for path, function in _functions_in(loaded[name])}
        self._first_run(session, {function.__code__: key for key, function in originals.items()})
        self._without_fault(originals)
        for mutant in self._mutants(loaded):
            self._judge(mutant, originals[mutant.module, mutant.function])
        return True

    def _without_fault(self, originals: dict[Any, FunctionType]) -> None:
        """The measure measured: a function put in the place of itself must survive."""
        for key in list(self.entered)[:: max(1, len(self.entered) // CONTROLS)]:
            control = Mutant(*key, 0, "没有改动", originals[key].__code__)
            if not _survives(control, originals[key], self._tests_of(key), LEAST_SECONDS * 10):
                raise pytest.UsageError(f"{control}: noticed, though nothing is wrong with it")

    def _tests_of(self, key: Any) -> list[pytest.Item]:
        return sorted(self.entered[key], key=lambda item: self.seconds[item.nodeid])[:TRIED_TESTS]

    def _mutants(self, loaded: dict[str, ModuleType]) -> Iterator[Mutant]:
        found = []
        for name, module in loaded.items():
            path = str(inspect.getsourcefile(module))
            found += list(mutants_of(name, Path(path).read_text(encoding="utf-8"), path))
        yield from found[:: self.every]

    def _first_run(self, session: pytest.Session, codes: dict[Any, Any]) -> None:
        items = session.items
        for number, item in enumerate(items):
            seen: set[Any] = set()
            started = time.monotonic()
            sys.setprofile(_noting(codes, seen))
            following = items[(number + 1) % len(items)]
            reports = runtestprotocol(item, nextitem=following, log=False)
            sys.setprofile(None)
            if any(report.failed for report in reports):
                raise pytest.UsageError(f"{item.nodeid} fails without any fault")
            self.seconds[item.nodeid] = time.monotonic() - started
            for key in seen:
                self.entered[key].append(item)

    def _judge(self, mutant: Mutant, original: FunctionType) -> None:
        items = self._tests_of((mutant.module, mutant.function))
        if not items:
            self.outcome.untested.append(mutant)
            return
        limit = LEAST_SECONDS + int(5 * sum(self.seconds[item.nodeid] for item in items))
        survives = _survives(mutant, original, items, limit)
        (self.outcome.survived if survives else self.outcome.killed).append(mutant)


def _survives(mutant: Mutant, original: FunctionType, items: list[pytest.Item], limit: int) -> bool:
    child = os.fork()
    if not child:
        _try(mutant, original, items, limit)
    _, status = os.waitpid(child, 0)
    return status == 0


def _try(mutant: Mutant, original: FunctionType, items: list[pytest.Item], limit: int) -> None:
    """In the fork; never returns. 0: no test noticed. A test that never ends counts as noticing."""
    ended = 1
    try:
        signal.alarm(limit)
        original.__code__ = mutant.code
        for one in gc.get_objects():
            if isinstance(one, functools._lru_cache_wrapper) and one.__module__.startswith(mutant.module.split(".")[0]):
                one.cache_clear()
        items[0].session._setupstate.teardown_exact(items[0])
        following = [*items[1:], items[-1]]
        passed = all(_passes(item, following[number]) for number, item in enumerate(items))
        ended = 0 if passed else 1
    finally:
        os._exit(ended)


def _passes(item: pytest.Item, following: pytest.Item) -> bool:
    return not any(report.failed for report in runtestprotocol(item, nextitem=following, log=False))


def _noting(codes: dict[Any, Any], seen: set[Any]) -> Callable[..., None]:
    def note(frame: Any, event: str, _argument: Any) -> None:
        if event == "call" and frame.f_code in codes:
            seen.add(codes[frame.f_code])

    return note


def _functions_in(module: ModuleType) -> Iterator[tuple[str, FunctionType]]:
    """Qualified name → function, beneath decorators."""
    for name, value in vars(module).items():
        if inspect.isclass(value) and value.__module__ == module.__name__:
            for inner, member in vars(value).items():
                function = _bare(member)
                if function is not None and function.__module__ == module.__name__:
                    yield f"{name}.{inner}", function
        else:
            function = _bare(value)
            if function is not None and function.__module__ == module.__name__:
                yield function.__qualname__, function


def _bare(value: Any) -> FunctionType | None:
    value = getattr(value, "fget", None) or getattr(value, "__func__", None) or value
    value = inspect.unwrap(value) if callable(value) else value
    return value if isinstance(value, FunctionType) else None
