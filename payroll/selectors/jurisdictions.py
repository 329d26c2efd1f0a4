"""A district's policies and grade tables, read once per computation."""

from payroll.rules.slip import Jurisdiction
from payroll.selectors.scales import scales_of
from songshan_cw.policy import policy_timeline


class Jurisdictions(dict[str, Jurisdiction]):
    """Map district codes to jurisdictions, loaded on first use. Raises PolicyGap without any document."""

    def __missing__(self, district: str) -> Jurisdiction:
        self[district] = Jurisdiction(district, policy_timeline(district), scales_of(district))
        return self[district]
