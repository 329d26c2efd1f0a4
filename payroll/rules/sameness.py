"""When a month is decided exactly as the one before (rules 3.3, 4.6, 5.4): then only dated facts make a difference."""

from payroll.rules.slip import Jurisdiction
from payroll.rules.tables import annual_base, scale_in_force
from songshan_cw.words.periods import Month, is_january, month_of


def decided_alike(jurisdiction: Jurisdiction, month: Month) -> bool:
    """The same policy, the same confirmed table and base amount, and neither a January nor the scheme's first month."""
    timeline, before = jurisdiction.timeline, month - 1
    if is_january(month) or timeline.first_month > before:
        return False
    policy = timeline.at(month)
    if policy is not timeline.at(before) or month == month_of(policy.pay.allowance_from.value):
        return False
    scale = scale_in_force(jurisdiction.scales, month)
    if scale is None or not scale.confirmed or scale is not scale_in_force(jurisdiction.scales, before):
        return False
    return annual_base(scale, month) == annual_base(scale, before)
