"""Policy documents as dated, cited data; a jurisdiction is a folder here and needs no code."""

from songshan_cw.policy.book import PolicyBook, PolicyTimeline
from songshan_cw.policy.citation import cite, clause_note
from songshan_cw.policy.current import (
    current_book,
    load_policies,
    policy_at,
    policy_or_none,
    policy_timeline,
    use_policies,
)
from songshan_cw.policy.errors import PolicyDataError, PolicyGap
from songshan_cw.policy.readings import READINGS, Reading

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
    "load_policies",
    "policy_at",
    "policy_or_none",
    "policy_timeline",
    "use_policies",
]
