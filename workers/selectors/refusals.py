"""Put refusals into words, with the district where no policy is in force."""

from collections.abc import Iterable

from songshan_cw.policy import PolicyGap
from workers.models import Region


def reasons_of(refusals: Iterable[Exception | str]) -> list[str]:
    """Return the messages of refusals, with the district's name where no policy is in force. One statement."""
    refusals = list(refusals)
    codes = {one.district for one in refusals if isinstance(one, PolicyGap)}
    names = dict(Region.objects.filter(code__in=codes).values_list("code", "name")) if codes else {}
    return [one.naming(names.get(one.district, "")) if isinstance(one, PolicyGap) else str(one) for one in refusals]


def reason_of(refusal: Exception) -> str:
    return reasons_of([refusal])[0]
