"""The book everyone asks: the shipped documents, or another folder's inside ``use_policies``."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import cache
from pathlib import Path

from songshan_cw.policy.book import PolicyBook, PolicyTimeline
from songshan_cw.policy.errors import PolicyGap
from songshan_cw.policy.loader import load_folder
from songshan_cw.policy.schema import Policy

SHIPPED = Path(__file__).resolve().parent

_override: ContextVar[PolicyBook | None] = ContextVar("policy_book", default=None)


@cache
def _shipped() -> PolicyBook:
    return PolicyBook(load_folder(SHIPPED))


def load_policies(folder: Path | None = None) -> PolicyBook:
    """The shipped book, read once; or a fresh one of another folder."""
    return _shipped() if folder is None else PolicyBook(load_folder(folder))


def current_book() -> PolicyBook:
    return _override.get() or load_policies()


def policy_at(district: str, day: date) -> Policy:
    """The policy in force on a day for a district (or a street or community of it), or PolicyGap."""
    return current_book().at(district, day)


def policy_or_none(district: str, day: date) -> Policy | None:
    """``policy_at``, where having none is no fault."""
    try:
        return policy_at(district, day)
    except PolicyGap:
        return None


def policy_timeline(district: str) -> PolicyTimeline:
    """The district's policies by month, for replays."""
    return current_book().timeline(district)


@contextmanager
def use_policies(book: PolicyBook) -> Iterator[PolicyBook]:
    """Answer from another book inside the block; the former one returns even after an error."""
    token = _override.set(book)
    try:
        yield book
    finally:
        _override.reset(token)
