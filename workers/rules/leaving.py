"""Reasons to leave: the policy's own, and ordinary ends of service (rules 9.4; S 二(四)5; O 23)."""

from songshan_cw.policy.schema import Policy
from songshan_cw.words.terms import Result

# Ordinary ends of service, which no document lists because they are no dismissal.
OTHER_EXITS = ("退休", "调离", "去世")


def exit_reasons(policy: Policy) -> tuple[str, ...]:
    """Return the list that forms offer and services accept."""
    return (*policy.dismissal.reasons.value, *OTHER_EXITS)


def alleges_failing(reason: str) -> bool:
    """Return whether a reason rests on assessment results, in the wording of either document."""
    return "考核" in reason and Result.FAILED in reason


def reason_fault(policy: Policy, reason: str) -> str:
    """Describe why a reason is not accepted. Empty for a reason of the list."""
    listed = exit_reasons(policy)
    if reason in listed:
        return ""
    clause = policy.dismissal.reasons.article
    return f"离职原因“{reason}”不在政策列明的原因中（{clause}）。请选择：{'、'.join(listed)}。"
