"""Checks before every write: right, scope and the record's own constraints."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models

from songshan_cw.data.refusal import NotAllowed, Refused
from songshan_cw.words.terms import Role
from workers.models import User
from workers.rules.bounds import date_fault
from workers.rules.hidden import hidden_fault
from workers.rules.rights import role_has_permission
from workers.selectors.scope import visible

VERBS = {"add": "新增", "change": "修改", "delete": "删除"}


def require_right(actor: User, action: str, model: type[models.Model]) -> None:
    """Require a right of the role. The refusal names the roles that have it."""
    permission = f"{model._meta.app_label}.{action}_{model._meta.model_name}"
    if actor.has_perm(permission):
        return
    holders = "、".join(role for role in Role if role_has_permission(role, permission))
    who = f"可由{holders}办理。" if holders else "这类记录由系统生成，不能手工改动。"
    raise NotAllowed(f"{actor}（{actor.role}）不能{VERBS[action]}{model._meta.verbose_name}；{who}")


def require_visible(actor: User, instance: models.Model) -> None:
    """Refuse a stored record outside the actor's scope as if it did not exist."""
    rows = visible(type(instance)._default_manager.filter(pk=instance.pk), actor)
    if not rows.exists():
        raise NotAllowed(f"该{instance._meta.verbose_name}记录不存在，或不在您的管辖范围内。")


def require_references_reached(actor: User, instance: models.Model, stored: models.Model | None) -> None:
    """Require that newly chosen references were among the actor's choices."""
    for field in instance._meta.concrete_fields:
        if not isinstance(field, models.ForeignKey):
            continue
        key = getattr(instance, field.attname)
        if key is None or (stored is not None and getattr(stored, field.attname) == key):
            continue
        if not visible(field.related_model._default_manager.filter(pk=key), actor).exists():
            raise NotAllowed(f"所选的{field.verbose_name}不存在，或不在您的管辖范围内，请重新选择。")


def require_clean(instance: models.Model) -> None:
    """Check constraints, dates and hidden characters, and report all faults in one refusal."""
    faults = [
        f"{field.verbose_name}：{fault}"
        for field in instance._meta.concrete_fields
        if type(value := field.value_from_object(instance)) is date and (fault := date_fault(value))
    ]
    faults += [
        f"{field.verbose_name}：{fault}"
        for field in instance._meta.concrete_fields
        if isinstance(value := field.value_from_object(instance), str)
        and (fault := hidden_fault(value, lines=isinstance(field, models.TextField)))
    ]
    try:
        instance.full_clean()
    except ValidationError as error:
        faults += _faults(instance, error)
    if faults:
        raise Refused("\n".join(faults))


def _faults(instance: models.Model, error: ValidationError) -> list[str]:
    names = {field.name: str(field.verbose_name) for field in instance._meta.concrete_fields}
    return [
        f"{names[key]}：{text}" if key in names else text for key, texts in error.message_dict.items() for text in texts
    ]
