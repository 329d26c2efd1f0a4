"""A district's policies and grade tables, read once per computation."""

from payroll.rules.slip import Jurisdiction
from payroll.rules.tables import scale_in_force
from payroll.selectors.scales import scales_of
from songshan_cw.policy import PolicyGap, policy_timeline
from songshan_cw.words.periods import Month
from songshan_cw.words.regions import district_of


class Jurisdictions(dict[str, Jurisdiction]):
    """Map district codes to jurisdictions, loaded on first use. Raises PolicyGap without any document."""

    def __missing__(self, district: str) -> Jurisdiction:
        self[district] = Jurisdiction(district, policy_timeline(district), scales_of(district))
        return self[district]

    def can_pay(self, street: str, month: Month) -> bool:
        """Return whether a street's district has a policy and a grade table for the month."""
        try:
            here = self[district_of(street)]
            here.timeline.at(month)
        except PolicyGap:
            return False
        return scale_in_force(here.scales, month) is not None
