"""What must hold before the product starts: the policy documents load without a fault."""

from typing import Any

from django.core.checks import Error, register

from songshan_cw.policy import PolicyDataError, load_policies


@register()
def policies_load(**_: Any) -> list[Error]:
    try:
        load_policies()
    except PolicyDataError as fault:
        return [Error(str(fault), id="policy.E001")]
    return []
