"""Whose closed months can owe nothing, so that their ledger need not be compared again (rules 5.6).

A mark says: with these facts, policies, tables and rules, everything closed up to this month was made good. It counts
only while the same digest comes out today and no later month has been closed in any street the person was ever
assigned to. Approving a street's month takes away the marks of everybody ever assigned there, and gives new ones to
those alone whose slip it approved (``payroll/services/settling.py``). So a person without a slip is always compared.
"""

from collections.abc import Mapping
from functools import cache
from hashlib import md5
from pathlib import Path

from django.conf import settings

from payroll.models import Settlement
from payroll.rules.facts import Facts
from payroll.rules.slip import Jurisdiction
from payroll.selectors.scales import signature
from songshan_cw.words.periods import Month
from songshan_cw.words.regions import district_of

DECIDING = ("payroll/rules", "payroll/selectors", "payroll/services", "songshan_cw/policy", "songshan_cw/words")
Mark = tuple[Month, str]  # the newest closed month that was made good, and the digest


def digest_of(facts: Facts, jurisdictions: Mapping[str, Jurisdiction]) -> str:
    """Return a digest of all that decides a person's pay; empty for people of several districts."""
    districts = {district_of(one.community) for one in facts.assignments}
    if len(districts) != 1:
        return ""
    content = f"{facts!r}|{context_of(jurisdictions[districts.pop()])}"
    return md5(content.encode(), usedforsecurity=False).hexdigest()


@cache
def context_of(jurisdiction: Jurisdiction) -> str:
    """Return what decides beside the facts: confirmed tables, policies, and the rules as they are written."""
    versions = ",".join(policy.version for policy in jurisdiction.timeline.policies)
    return f"{signature(jurisdiction.scales)}|{versions}|{_rules_as_written()}"


def is_settled(mark: Mark | None, digest: str, facts: Facts, newest_closed: Mapping[str, Month]) -> bool:
    """Return whether a mark still counts. ``newest_closed``: the newest closed month by street.

    Without a mark nobody is settled, also where no street of today's facts has closed a month: a street of a post that
    was removed may have paid the person.
    """
    newest = max((newest_closed.get(one.street, 0) for one in facts.assignments), default=0)
    return bool(digest) and mark == (newest, digest)


def marks_of(worker_ids: list[int]) -> dict[int, Mark]:
    rows = Settlement.objects.filter(worker__in=worker_ids)
    return {key: (month, digest) for key, month, digest in rows.values_list("worker_id", "month", "facts_digest")}


@cache
def _rules_as_written() -> str:
    """Return a digest of the files of the rules and of what settles by them.

    After an upgrade that changes one, no mark counts and everybody is compared once.
    """
    paths = sorted(path for name in DECIDING for path in Path(settings.BASE_DIR, name).rglob("*"))
    written = b"".join(path.read_bytes() for path in paths if path.suffix in {".py", ".yaml"})
    return md5(written, usedforsecurity=False).hexdigest()
