"""Sight of whole ID and account numbers, and of files of an archive: rights of their own, and recorded (rules 10.6)."""

from songshan_cw.refusal import NotAllowed
from workers.models import Attachment, PrivateAccess, User
from workers.scope import visible


def record_private_access(*, actor: User, what: str, purpose: str = "", people: int = 1) -> PrivateAccess:
    """Before whole numbers leave for a page or a file."""
    if not actor.sees_private:
        raise NotAllowed(f"{actor}没有查看完整证件号和账号的权限；请由系统管理员授权。")
    return PrivateAccess.objects.create(actor=actor, what=what[:200], purpose=purpose[:200], people=people)


def record_attachment_opened(*, actor: User, attachment: Attachment) -> PrivateAccess:
    """Before a file of an archive leaves: whoever reads the archive may open it, and each opening stays on record."""
    rows = visible(Attachment.objects.filter(pk=attachment.pk), actor)
    if not actor.has_perm("workers.view_attachment") or not rows.exists():
        raise NotAllowed("该档案附件不存在，或不在您的管辖范围内。")
    what = f"打开{attachment.worker}的档案附件“{attachment.part} {attachment.title}”（编号{attachment.pk}）"
    return PrivateAccess.objects.create(actor=actor, what=what[:200])
