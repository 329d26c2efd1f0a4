"""Find everything that breaks a limit of the policy in force on a day (rules 8, 9)."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from assessment.rules.communities import Community, LocalSeat, Presence, check_community
from assessment.rules.facts import Finding, Member
from assessment.rules.persons import check_person, check_training
from assessment.rules.share import Share, counted_in, share_limit, too_many_excellent
from assessment.selectors.members import stream_members
from assessment.selectors.share import extras
from songshan_cw.data.refusal import Refused
from songshan_cw.policy import PolicyGap, policy_at
from songshan_cw.policy.schema import Policy
from songshan_cw.words.regions import DIGITS, district_of, street_of
from songshan_cw.words.spans import Span, without
from songshan_cw.words.terms import Committee, RegionLevel
from workers.models import CommitteeSeat, CommunityProfile, Region, Worker
from workers.rules.absence import working_day_candidates
from workers.rules.secondment import Away
from workers.selectors.calendar import WorkCalendar, calendar_note, working_days
from workers.selectors.streams import people_of

StreetYear = tuple[str, int]
YEARS_BACK = 50


@dataclass(frozen=True, slots=True)
class Compliance:
    """The findings of a day, the districts skipped for lack of a policy, and notes about missing calendars."""

    findings: tuple[Finding, ...]
    skipped: tuple[PolicyGap, ...]
    notes: tuple[str, ...] = ()


def check_people(*, day: date, street_codes: Sequence[str] | None = None) -> Compliance:
    """Check only single persons' contracts and grounds of dismissal. Raises Refused, PolicyGap."""
    return _checked(day, street_codes, Policies(), of_people=True)


def check_compliance(
    *, day: date, street_codes: Sequence[str] | None = None, policies: "Policies | None" = None
) -> Compliance:
    """Check some streets or all. The number of statements is fixed.

    Refuses a named street without a policy in force, and a day without any policy. Otherwise districts without one are
    skipped and named. ``policies`` replaces those in force. Raises Refused, PolicyGap.
    """
    return _checked(day, street_codes, policies or Policies(), of_people=False)


def _checked(day: date, street_codes: Sequence[str] | None, policies: "Policies", *, of_people: bool) -> Compliance:
    _require(street_codes, policies, day)
    workers = Worker.objects.all() if street_codes is None else people_of(street_codes)
    gathered = _gather(workers, policies, day, of_people=of_people)
    gaps = policies.gaps_on(day)
    if gaps and not policies.any_on(day):
        raise gaps[0]
    places = [] if of_people else [*_communities(gathered, policies, day), *_streets(gathered, policies)]
    codes = None if street_codes is None else frozenset(street_codes)
    found = [
        finding for finding in (*gathered.findings, *places) if codes is None or street_of(finding.region) in codes
    ]
    found.sort(key=lambda finding: (finding.rule, finding.region, finding.since, finding.people))
    return Compliance(tuple(found), gaps, tuple(_notes(gathered)))


class Policies:
    """Policies by district and day, each looked up once; gaps are kept."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, date], Policy | PolicyGap] = {}

    def on(self, region: str, day: date) -> Policy | None:
        key = (district_of(region), day)
        if key not in self._found:
            try:
                self._found[key] = self._ask(*key)
            except PolicyGap as gap:
                self._found[key] = gap
        found = self._found[key]
        return None if isinstance(found, PolicyGap) else found

    def _ask(self, district: str, day: date) -> Policy:
        return policy_at(district, day)

    def any_on(self, day: date) -> bool:
        return any(asked == day and not isinstance(found, PolicyGap) for (_, asked), found in self._found.items())

    def gaps_on(self, day: date) -> tuple[PolicyGap, ...]:
        return tuple(
            found
            for (_, asked), found in sorted(self._found.items(), key=lambda item: item[0])
            if asked == day and isinstance(found, PolicyGap)
        )


@dataclass(slots=True)
class _Gathered:
    """The result of one pass over the people: findings about persons, and presences for the other checks."""

    findings: list[Finding] = field(default_factory=list)
    presences: dict[str, list[Presence]] = field(default_factory=lambda: defaultdict(list))
    away: dict[str, list[Away]] = field(default_factory=lambda: defaultdict(list))
    names: dict[str, str] = field(default_factory=dict)
    not_entered: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    headcounts: dict[StreetYear, int] = field(default_factory=lambda: defaultdict(int))
    excellent: dict[StreetYear, list[str]] = field(default_factory=lambda: defaultdict(list))


def _require(street_codes: Sequence[str] | None, policies: Policies, day: date) -> None:
    if street_codes is None:
        return
    known = set(
        Region.objects.filter(code__in=street_codes, level=RegionLevel.STREET.value).values_list("code", flat=True)
    )
    for code in street_codes:
        if code not in known:
            raise Refused(f"街道代码“{code}”没有登记，请核对代码。")
        if policies.on(code, day) is None:
            raise policies.gaps_on(day)[0]


def _gather(workers: QuerySet[Worker], policies: Policies, day: date, *, of_people: bool) -> _Gathered:
    gathered = _Gathered()
    calendars: Callable[[str], WorkCalendar] = working_days()
    for member in stream_members(workers, day):
        seat = member.seat_on(day)
        policy = policies.on(seat.community, day) if seat else None
        if seat and policy and member.category in policy.scope.in_scheme.value:
            district = district_of(seat.community)
            calendar = calendars(district)
            years = calendar.not_entered(_days_asked(member, policy, day)) if member.absences else []
            gathered.not_entered[district].update(years)
            gathered.findings += check_person(member, seat, policy, day, calendar, calendar_note(years))
            if not of_people:
                gathered.findings += _training(member, seat.community, policies, day)
        if not of_people:
            _place(gathered, member, policies, day)
            _count_years(gathered, member, policies, day)
    return gathered


def _days_asked(member: Member, policy: Policy, day: date) -> list[date]:
    limits = policy.dismissal
    return working_day_candidates(member.absences, day, limits.absence_running.value, limits.absence_yearly.value)


def _notes(gathered: _Gathered) -> Iterator[str]:
    """Name districts whose days absent fall in years without a calendar."""
    wanting = {code: years for code, years in sorted(gathered.not_entered.items()) if years}
    names = dict(Region.objects.filter(code__in=wanting).values_list("code", "name")) if wanting else {}
    for code, years in wanting.items():
        yield f"{names[code]}的旷工：{calendar_note(sorted(years))}"


def _training(member: Member, community: str, policies: Policies, day: date) -> Iterator[Finding]:
    """Check the last completed year, where the policy was in force all through it."""
    year = completed_year(day)
    policy = policies.on(community, date(year, 12, 31))
    if policy is not None and policy.document.in_force_from <= date(year, 1, 1):
        yield from check_training(member, policy, year)


def completed_year(day: date) -> int:
    return day.year if (day.month, day.day) == (12, 31) else day.year - 1


def _place(gathered: _Gathered, member: Member, policies: Policies, day: date) -> None:
    for seat in member.seats:
        policy = policies.on(seat.community, day)
        in_scheme = policy is not None and member.category in policy.scope.in_scheme.value
        gathered.presences[seat.community] += [
            Presence(member.id_number, seat.post, seat.position, in_scheme, span, member.party_work)
            for span in without(seat.span, member.gaps)
        ]
    for away in member.away:
        seat = member.seat_on(away.span.first) or (member.seats[0] if member.seats else None)
        if seat is not None:
            gathered.away[seat.community].append(away)
            gathered.names[member.id_number] = member.name


def _count_years(gathered: _Gathered, member: Member, policies: Policies, day: date) -> None:
    """Count headcount and 优秀 of each completed year under a policy of the person's districts."""
    districts = {district_of(seat.community) for seat in member.seats}
    for year in range(max(member.service.first.year, day.year - YEARS_BACK), completed_year(day) + 1):
        last = date(year, 12, 31)
        if not any(policies.on(district, last) for district in districts):
            continue
        counted = counted_in(member, year)
        policy = policies.on(counted.street, last) if counted else None
        if counted is None or policy is None or member.category not in policy.scope.in_scheme.value:
            continue
        gathered.headcounts[counted.street, year] += counted.in_headcount
        if counted.excellent:
            gathered.excellent[counted.street, year].append(member.id_number)


def _streets(gathered: _Gathered, policies: Policies) -> Iterator[Finding]:
    names = _names({street for street, _ in gathered.excellent})
    granted = extras({street for street, _ in gathered.excellent})
    for (street, year), people in gathered.excellent.items():
        policy = policies.on(street, date(year, 12, 31))
        if policy is None:
            continue
        headcount = gathered.headcounts[street, year]
        limit = share_limit(headcount, policy.assessment.excellent_share.value)
        share = Share(headcount, limit, granted.get((street, year), 0), len(people))
        yield from too_many_excellent(
            street=street, name=names[street], year=year, share=share, people=people, policy=policy
        )


def _communities(gathered: _Gathered, policies: Policies, day: date) -> Iterator[Finding]:
    """Check communities with anybody in post or away on the day."""
    households, local_seats = _households(day), _local_seats()
    codes = {code for code, rows in gathered.presences.items() if any(row.span.covers(day) for row in rows)}
    codes |= {code for code, rows in gathered.away.items() if any(row.span.covers(day) for row in rows)}
    names = _names(codes)
    for code in codes:
        policy = policies.on(code, day)
        if policy is None:
            continue
        community = Community(
            code=code,
            name=names[code],
            presences=gathered.presences[code],
            away=gathered.away[code],
            households=households.get(code, ()),
            local_seats=local_seats.get(code),
        )
        yield from check_community(community, gathered.names, policy, day)


def _names(codes: set[str]) -> dict[str, str]:
    """Return the names of all regions of the same levels, in one statement."""
    lengths = {len(code) for code in codes}
    levels = [level.value for level, digits in DIGITS.items() if digits in lengths]
    return dict(Region.objects.filter(level__in=levels).values_list("code", "name"))


def _households(day: date) -> dict[str, list[tuple[date, int]]]:
    found: dict[str, list[tuple[date, int]]] = defaultdict(list)
    rows = CommunityProfile.objects.filter(since__lte=day).order_by("community", "since")
    for code, since, count in rows.values_list("community_id", "since", "households"):
        found[code].append((since, count))
    return dict(found)


def _local_seats() -> dict[str, list[LocalSeat]]:
    """List local residents on residents' committees. Communities with any seat entered are included."""
    found: dict[str, list[LocalSeat]] = {}
    rows = CommitteeSeat.objects.filter(committee=Committee.RESIDENTS.value).order_by()
    columns = ("community_id", "worker__id_number", "local", "start", "end")
    for code, id_number, local, start, end in rows.values_list(*columns):
        seats = found.setdefault(code, [])
        if local:
            seats.append(LocalSeat(id_number, Span(start, end)))
    return found
