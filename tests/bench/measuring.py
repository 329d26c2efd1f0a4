"""One measurement: seconds, statements, peak memory; and a set of them beside the limit measured in the same run."""

import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from django.db import connection

CLEAR_PEAK = Path("/proc/self/clear_refs")
KIBIBYTES = 1024


@dataclass(frozen=True, slots=True)
class Sample:
    """Seconds by the clock and of this process's CPU; statements sent; peak memory of the process in MiB."""

    seconds: float
    cpu: float
    statements: int
    peak: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the report: the product's time, its limit's, both medians. ``limit`` None: there is none to compare."""

    people: int
    name: str
    samples: tuple[Sample, ...]
    limits: tuple[Sample, ...]
    aim: float | None

    @property
    def seconds(self) -> float:
        return median(sample.seconds for sample in self.samples)

    @property
    def cpu(self) -> float:
        return median(sample.cpu for sample in self.samples)

    @property
    def limit(self) -> float | None:
        return median(sample.seconds for sample in self.limits) if self.limits else None

    @property
    def ratio(self) -> float | None:
        """The median of the ratios, each of two measurements made one after the other."""
        pairs = [own.seconds / bare.seconds for own, bare in zip(self.samples, self.limits, strict=False)]
        return median(pairs) if pairs else None

    @property
    def statements(self) -> int:
        return max(sample.statements for sample in self.samples)

    @property
    def peak(self) -> int:
        return max(sample.peak for sample in self.samples)


def measure(work: Callable[[], Any]) -> Sample:
    """Do the work once and say what it cost."""
    _forget_peak()
    with _counting() as count:
        clock, cpu = time.perf_counter(), time.process_time()
        work()
        seconds, used = time.perf_counter() - clock, time.process_time() - cpu
    return Sample(seconds, used, count[0], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // KIBIBYTES)


def _forget_peak() -> None:
    """Start the peak afresh where the system can; elsewhere it is the highest so far."""
    if CLEAR_PEAK.exists():
        CLEAR_PEAK.write_text("5")


@contextmanager
def _counting() -> Iterator[list[int]]:
    count = [0]

    def counted(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        count[0] += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(counted):
        yield count
