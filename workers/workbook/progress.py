"""How far the work on an upload is: a small file beside it, since rows of an open transaction are seen by nobody."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Stage:
    """What is being done and how much. ``total`` is 0 where unknown."""

    name: str
    done: int
    total: int


def silent(stage: str, done: int, total: int) -> None:
    """For callers that show no progress."""


def note_stage(token: str, stage: str, done: int, total: int) -> None:
    """Replace the file as a whole, so that a reader never finds half of it."""
    path = _path(token)
    draft = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump([stage, done, total], file)
    os.replace(draft, path)


def stage_of(token: str) -> Stage | None:
    try:
        return Stage(*json.loads(_path(token).read_text()))
    except FileNotFoundError:
        return None


def forget_stage(token: str) -> None:
    _path(token).unlink(missing_ok=True)


def _path(token: str) -> Path:
    return Path(settings.UPLOAD_DIR) / f"{token}.stage"
