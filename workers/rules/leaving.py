"""Reasons to leave: the policy's own, and those that are no dismissal (rules 9.4; S 二(四)5; O 23)."""

from songshan_cw.policy.schema import Policy
from songshan_cw.words.terms import Result

# Ends of service that no document counts among its reasons, since nothing is decided in them.
OTHER_EXITS = ("退休", "调离", "去世")


def exit_reasons(policy: Policy) -> tuple[str, ...]:
    """The one list that forms offer and services accept."""
    return (*policy.dismissal.reasons.value, *OTHER_EXITS)


def alleges_failing(reason: str) -> bool:
    """Whether a reason rests on results of assessments, in whatever words the document has for it."""
    return "考核" in reason and Result.FAILED in reason


def reason_fault(policy: Policy, reason: str) -> str:
    """Why a reason cannot be entered; empty where it is one of the list."""
    listed = exit_reasons(policy)
    if reason in listed:
        return ""
    clause = policy.dismissal.reasons.article
    return f"离职原因“{reason}”不在政策列明的原因中（{clause}）。请选择：{'、'.join(listed)}。"
