"""Pauses the cyclic garbage collector while many long-lived rows are built: it would walk them again and again. Around
a whole service, it finds them gone."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
