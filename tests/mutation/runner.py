"""A pytest plugin: every test once, noting which functions it enters; then for each fault a fork with the fault in it,
which runs the tests that enter the function, those that caught its other faults first, then the quickest."""

import importlib
import inspect
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from tests import worlds
from tests.mutation.areas import Area
from tests.mutation.mutants import Mutant, mutants_of, toggled
from tests.mutation.trial import BrokenMeasure, Verdict, get_ready, judged

TRIED_TESTS = 400
CONTROLS = 4
UNTESTED = Verdict("没有测试走到")
Key = tuple[str, str]


class MutationRun:
    """Tries one in ``every`` mutants; ``verdicts`` in the order of the files; ``broken`` says why there are none."""

    def __init__(self, area: Area, every: int, show: Callable[[Mutant, Verdict], None]) -> None:
        self.area, self.every, self.show = area, every, show
        self.verdicts: list[tuple[Mutant, Verdict]] = []
        self.broken = ""
        self.entered: dict[Key, list[pytest.Item]] = defaultdict(list)
        self.seconds: dict[str, float] = {}
        self.caught: Counter[tuple[Key, str]] = Counter()

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            self.broken = "有的测试文件读不进来。"
            return True
        try:
            self._run(session)
        except BrokenMeasure as fault:
            self.broken = str(fault)
        return True

    def _run(self, session: pytest.Session) -> None:
        worlds.KEEP = False
        loaded = {name: importlib.import_module(name) for name in self.area.modules}
        originals = {(name, path): function for name in loaded for path, function in functions_in(loaded[name])}
        self._first_run(session, {function.__code__: key for key, function in originals.items()})
        get_ready()
        self._measure_the_measure(originals)
        for mutant in list(all_mutants(self.area, loaded))[:: self.every]:
            key = (mutant.module, mutant.function)
            items = self._tests_of(self._ways_to(mutant, originals))
            items.sort(key=lambda item: -self.caught[key, item.nodeid])
            verdict = self._judged(mutant, originals.get(key), items)
            self.caught[key, verdict.by.split("\n")[0]] += 1
            self.verdicts.append((mutant, verdict))
            self.show(mutant, verdict)

    def _judged(self, mutant: Mutant, function: FunctionType | None, items: list[pytest.Item]) -> Verdict:
        if not items:
            return UNTESTED
        return judged(mutant, function, items, sum(self.seconds[item.nodeid] for item in items))

    def _measure_the_measure(self, originals: dict[Key, FunctionType]) -> None:
        """A function in the place of itself must survive; one that only fails must be noticed."""
        for key in list(self.entered)[:: max(1, len(self.entered) // CONTROLS)]:
            function, items = originals[key], self._tests_of([key])
            same = _control(key, "没有改动", function.__code__)
            verdict = self._judged(same, function, items)
            if verdict.how != "存活":
                raise BrokenMeasure(f"{same}\n没有改动，测试却没有通过：量具不准，结果作废。\n{verdict.by}")
            if not function.__code__.co_freevars:
                failing = _control(key, "一进去就出错", _fails.__code__)
                if self._judged(failing, function, items).how != "杀死":
                    raise BrokenMeasure(f"{failing}\n一进去就出错，测试却都通过：量具不准，结果作废。")

    def _tests_of(self, keys: Iterable[Key]) -> list[pytest.Item]:
        items = {item.nodeid: item for key in keys for item in self.entered.get(key, ())}
        return sorted(items.values(), key=lambda item: self.seconds[item.nodeid])[:TRIED_TESTS]

    def _ways_to(self, mutant: Mutant, originals: dict[Key, FunctionType]) -> list[Key]:
        """The mutant's function; for a constant the functions that read it, or else all."""
        key = (mutant.module, mutant.function)
        if key in originals:
            return [key]
        readers = [one for one in originals if mutant.function in _names_in(originals[one].__code__)]
        return readers or list(originals)

    def _first_run(self, session: pytest.Session, codes: dict[CodeType, Key]) -> None:
        items = session.items
        for number, item in enumerate(items):
            seen: set[Key] = set()
            started = time.process_time()
            sys.setprofile(_noting(codes, seen))
            reports = runtestprotocol(item, nextitem=items[(number + 1) % len(items)], log=False)
            sys.setprofile(None)
            for report in reports:
                if report.failed:
                    raise BrokenMeasure(f"{item.nodeid}没有改动就不通过：\n{report.longreprtext}")
            self.seconds[item.nodeid] = time.process_time() - started
            for key in seen:
                self.entered[key].append(item)


def all_mutants(area: Area, loaded: dict[str, ModuleType]) -> Iterator[Mutant]:
    for name, module in loaded.items():
        path = str(inspect.getsourcefile(module))
        if area.rights and hasattr(module, area.rights):
            yield from toggled(name, area.rights, getattr(module, area.rights))
        for mutant in mutants_of(name, Path(path).read_text(encoding="utf-8"), path):
            if not (area.rights and hasattr(module, area.rights) and mutant.function.isupper()):
                yield mutant


def _fails() -> None:
    raise AssertionError("put in on purpose")


def _control(key: Key, what: str, code: CodeType) -> Mutant:
    def put_in(function: FunctionType | None) -> None:
        assert function is not None
        function.__code__ = code

    return Mutant(*key, 0, what, "", "", put_in)


def _names_in(code: CodeType) -> set[str]:
    inner = [one for one in code.co_consts if isinstance(one, CodeType)]
    return {*code.co_names}.union(*(_names_in(one) for one in inner))


def _noting(codes: dict[CodeType, Key], seen: set[Key]) -> Callable[..., None]:
    def note(frame: Any, event: str, _argument: Any) -> None:
        if event == "call" and frame.f_code in codes:
            seen.add(codes[frame.f_code])

    return note


def functions_in(module: ModuleType) -> Iterator[tuple[str, FunctionType]]:
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
    """The written function; not what dataclasses generate."""
    value = getattr(value, "fget", None) or getattr(value, "__func__", None) or value
    value = inspect.unwrap(value) if callable(value) else value
    return value if isinstance(value, FunctionType) and value.__code__.co_filename != "<string>" else None
