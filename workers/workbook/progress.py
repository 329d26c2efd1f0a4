"""How far the work on an upload is, for whoever looks: a private note beside the file, no part of any transaction."""

from collections.abc import Callable

Tell = Callable[[str, int, int], None]


def silent(stage: str, done: int, total: int) -> None:
    """For callers with nobody looking."""
