"""Record access to whole ID, phone and account numbers and to files of archives (rules 10.6)."""

from songshan_cw.data.refusal import NotAllowed, Refused
from songshan_cw.security.masking import mask_numbers
from workers.models import Attachment, PrivateAccess, User, Worker
from workers.selectors.scope import visible
from workers.services.guards import require_visible

LEAST_PURPOSE = 2


def record_private_access(
    *, actor: User, what: str, purpose: str, people: int = 1, worker: Worker | None = None, region: str | None = None
) -> PrivateAccess:
    """Record access before numbers are shown or exported: of one person, or of everybody in a region."""
    if not actor.sees_private:
        raise NotAllowed(f"{actor}没有查看完整证件号和账号的权限；请由系统管理员授权。")
    if len(purpose.strip()) < LEAST_PURPOSE:
        raise Refused(f"查看、导出完整证件号和账号须写明用途（至少{LEAST_PURPOSE}个字），用途会留痕。")
    if worker is not None:
        require_visible(actor, worker)
    return PrivateAccess.objects.create(
        actor=actor,
        what=mask_numbers(what)[:200],
        purpose=mask_numbers(purpose.strip())[:200],
        people=people,
        worker=worker,
        region_id=region or (None if worker else actor.region_id),
    )


def record_attachment_opened(*, actor: User, attachment: Attachment) -> PrivateAccess:
    """Record that a file of an archive was opened. Everybody who may read the archive may open it."""
    rows = visible(Attachment.objects.filter(pk=attachment.pk), actor)
    if not actor.has_perm("workers.view_attachment") or not rows.exists():
        raise NotAllowed("该档案附件不存在，或不在您的管辖范围内。")
    what = f"打开{attachment.worker}的档案附件“{attachment.part} {attachment.title}”（编号{attachment.pk}）"
    return PrivateAccess.objects.create(actor=actor, what=mask_numbers(what)[:200], worker=attachment.worker)
