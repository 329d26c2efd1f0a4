"""Other policy documents than the shipped ones, for tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from songshan_cw.policy import PolicyBook, current_book
from songshan_cw.policy.loader import load_folder


def load(folder: Path) -> PolicyBook:
    return PolicyBook(load_folder(folder))


@contextmanager
def using(folder: Path | None) -> Iterator[PolicyBook]:
    """Answer every question about policies from another folder inside the block; None: there is no document."""
    documents = load_folder(folder) if folder else ()
    with patch("songshan_cw.policy.book.load_folder", lambda _: documents):
        current_book.cache_clear()
        try:
            yield current_book()
        finally:
            current_book.cache_clear()
