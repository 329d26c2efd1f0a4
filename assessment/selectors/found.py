"""The findings of a day within a user's scope, with names of places and people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from assessment.rules.facts import Finding
from assessment.selectors.compliance import check_compliance, check_people
from songshan_cw.policy import PolicyGap
from songshan_cw.words.terms import RegionLevel
from workers.models import Region, User, Worker
from workers.rules.identity import masked
from workers.selectors.scope import visible

ASKED_BY_NUMBER = 5_000
PLACES = (RegionLevel.STREET.value, RegionLevel.COMMUNITY.value)


@dataclass(frozen=True, slots=True)
class Person:
    """A person of a finding in the user's scope."""

    pk: int
    name: str
    masked_number: str


@dataclass(frozen=True, slots=True)
class Found:
    finding: Finding
    place: str
    people: tuple[Person, ...]


def findings_seen(
    *, user: User, day: date, street_codes: Sequence[str] | None, of_people: bool = False
) -> tuple[list[Found], tuple[PolicyGap | str, ...]]:
    """Return the findings of some streets (None: all), and the districts skipped or not fully checked.

    A finding is shown only to users who see all its people. ``of_people``: only contracts and dismissal. Raises
    Refused, PolicyGap.
    """
    check = check_people if of_people else check_compliance
    compliance = check(day=day, street_codes=street_codes)
    people = _people(user, compliance.findings)
    names = dict(visible(Region.objects.filter(level__in=PLACES), user).values_list("code", "name"))
    found = [
        Found(finding, names[finding.region], tuple(people[number] for number in finding.people if number in people))
        for finding in compliance.findings
        if finding.region in names and all(number in people for number in finding.people)
    ]
    return found, (*compliance.skipped, *compliance.notes)


def _people(user: User, findings: Iterable[Finding]) -> dict[str, Person]:
    """Map ID numbers to the people in the user's scope. One statement."""
    wanted = {number for finding in findings for number in finding.people}
    if not wanted:
        return {}
    rows = visible(Worker.objects.all(), user)
    if len(wanted) <= ASKED_BY_NUMBER:
        rows = rows.filter(id_number__in=wanted)
    found = rows.values_list("id_number", "pk", "name").iterator()
    return {number: Person(pk, name, masked(number)) for number, pk, name in found if number in wanted}
