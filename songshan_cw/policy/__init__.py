"""Policy documents as dated, cited data. A jurisdiction is a folder here and needs no code."""

from songshan_cw.policy.book import (
    PolicyBook,
    PolicyTimeline,
    current_book,
    policy_at,
    policy_or_none,
    policy_timeline,
)
from songshan_cw.policy.errors import PolicyDataError, PolicyGap
from songshan_cw.policy.readings import READINGS, Reading
from songshan_cw.policy.schema import cite, clause_note

__all__ = [
    "READINGS",
    "PolicyBook",
    "PolicyDataError",
    "PolicyGap",
    "PolicyTimeline",
    "Reading",
    "cite",
    "clause_note",
    "current_book",
    "policy_at",
    "policy_or_none",
    "policy_timeline",
]
