"""Earlier months of a street that are not approved, which a later approval affects (rules 5.6)."""

from collections import defaultdict
from collections.abc import Collection

from payroll.models import PayrollRun
from songshan_cw.words.periods import Month
from songshan_cw.words.terms import RunState


def unapproved_before(streets: Collection[str], month: Month) -> dict[str, list[Month]]:
    """List months between a street's first approved one and ``month`` that are not approved.

    One statement; none without streets.
    """
    approved: dict[str, set[Month]] = defaultdict(set)
    runs = PayrollRun.objects.filter(street__in=streets, month__lt=month, state=RunState.APPROVED.value).order_by()
    for street, one in runs.values_list("street", "month") if streets else ():
        approved[street].add(one)
    gaps = {street: sorted({*range(min(found), month)} - found) for street, found in approved.items()}
    return {street: months for street, months in gaps.items() if months}
