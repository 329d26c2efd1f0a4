"""System checks: the policy documents load and the encryption keys are well formed."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, register

from songshan_cw.data.sealing import faults_of_keys
from songshan_cw.policy import PolicyDataError, current_book


@register()
def policies_load(**_: Any) -> list[Error]:
    try:
        current_book()
    except PolicyDataError as fault:
        return [Error(str(fault), id="policy.E001")]
    return []


@register()
def keys_are_keys(**_: Any) -> list[Error]:
    material = settings.SEALING_KEYS
    return (
        [Error(f"SEALING_KEYS：{fault}", id="sealing.E001") for fault in faults_of_keys(material)] if material else []
    )
