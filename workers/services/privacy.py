"""Sight of whole ID and account numbers: a right of its own, and recorded (rules 10.6)."""

from songshan_cw.refusal import NotAllowed
from workers.models import PrivateAccess, User


def record_private_access(*, actor: User, what: str, purpose: str = "", people: int = 1) -> PrivateAccess:
    """Before whole numbers leave for a page or a file."""
    if not actor.sees_private:
        raise NotAllowed(f"{actor}没有查看完整证件号和账号的权限；请由系统管理员授权。")
    return PrivateAccess.objects.create(actor=actor, what=what[:200], purpose=purpose[:200], people=people)
