"""Checks of a community on a day: staffing and secondments (rules 9.1, 9.6)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from assessment.rules.facts import Finding, day_zh
from songshan_cw.policy.schema import Policy
from songshan_cw.words.spans import Running, Span, change_days, true_since
from songshan_cw.words.terms import Position, Post
from workers.rules.secondment import Away, first_day_too_long, last_day_allowed, people_away
from workers.rules.staffing import does_party_work, is_leader, recommended


@dataclass(frozen=True, slots=True)
class Presence:
    """A person in the community over a span of days."""

    id_number: str
    post: Post
    position: Position
    in_scheme: bool
    span: Span
    party_work: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class LocalSeat:
    """A local resident's seat on the residents' committee."""

    id_number: str
    span: Span


@dataclass(frozen=True, slots=True)
class Community:
    """A community's people and data. ``households`` are dated; ``local_seats`` is None where never entered."""

    code: str
    name: str
    presences: Sequence[Presence]
    away: Sequence[Away]
    households: Sequence[tuple[date, int]]
    local_seats: Sequence[LocalSeat] | None

    def present(self, day: date) -> list[Presence]:
        return [presence for presence in self.presences if presence.span.covers(day)]

    def workers(self, day: date) -> frozenset[str]:
        """Return the people of the scheme in post, including those on secondment (readings: STAFF_COUNTED)."""
        return frozenset(presence.id_number for presence in self.present(day) if presence.in_scheme)

    def leaders(self, day: date) -> frozenset[str]:
        return frozenset(presence.id_number for presence in self.present(day) if is_leader(presence.post))

    def party_workers(self, day: date) -> frozenset[str]:
        return frozenset(
            presence.id_number
            for presence in self.present(day)
            if does_party_work(presence.position, named=any(span.covers(day) for span in presence.party_work))
        )

    def locals(self, day: date) -> frozenset[str]:
        return frozenset(seat.id_number for seat in self.local_seats or () if seat.span.covers(day))

    def households_on(self, day: date) -> int | None:
        return next((count for since, count in reversed(self.households) if since <= day), None)

    def counts(self, of: Callable[["Presence"], bool]) -> Running:
        """Count day by day the people with such presences."""
        return Running((one.id_number, one.span) for one in self.presences if of(one))

    def change_days(self) -> list[date]:
        spans = [presence.span for presence in self.presences]
        spans += [span for presence in self.presences for span in presence.party_work]
        spans += [seat.span for seat in self.local_seats or ()]
        return sorted({*change_days(spans), *(since for since, _ in self.households)})


Condition = Callable[[date], bool]


def too_few_workers(community: Community, policy: Policy, day: date) -> Iterator[Finding]:
    """Find fewer workers than the policy's minimum (S 二(三)1)."""
    rule = policy.staffing.fewest_workers
    fewest = rule.value
    if fewest is None:
        return
    counts = community.counts(_in_scheme)
    since = _since(community, policy, day, lambda moment: counts.on(moment) < fewest)
    if since is not None:
        people = community.workers(day)
        text = f"{community.name}在岗{len(people)}人，少于最低{fewest}人。请补充{fewest - len(people)}人，或调入人员。"
        yield _finding("9.6", rule.clause, community, people, since, text)


def fewer_than_recommended(community: Community, policy: Policy, day: date) -> Iterator[Finding]:
    """Find fewer workers than recommended by households, where that exceeds the minimum (S 二(三)1; O 3)."""
    rule, counts = policy.staffing.households_per_worker, community.counts(_in_scheme)

    def short(moment: date) -> bool:
        households = community.households_on(moment)
        if households is None:
            return False
        fewest = policy.staffing.fewest_workers.value or 0
        return max(fewest, counts.on(moment)) < recommended(households, policy.staffing).fewest

    since = _since(community, policy, day, short)
    households = community.households_on(day)
    if since is not None and households is not None:
        people = community.workers(day)
        wanted = recommended(households, policy.staffing).fewest
        text = (
            f"{community.name}常住{households}户，按每{rule.value.most}户左右1人应配备{wanted}人，在岗{len(people)}人。"
            f"请列入招聘计划补充{wanted - len(people)}人；户数有变的，更新社区概况。"
        )
        yield _finding("9.6", rule.clause, community, people, since, text)


def too_many_leaders(community: Community, policy: Policy, day: date) -> Iterator[Finding]:
    """Find more 正职 and 副职 than the policy's leading posts (S 二(三)1)."""
    rule = policy.staffing.most_leaders
    most = rule.value
    if most is None:
        return
    counts = community.counts(lambda presence: is_leader(presence.post))
    since = _since(community, policy, day, lambda moment: counts.on(moment) > most)
    if since is not None:
        people = community.leaders(day)
        text = (
            f"{community.name}有正职、副职{len(people)}人，原则上不超过{most}人。"
            f"请核对岗位登记，或调整{len(people) - most}人的岗位。"
        )
        yield _finding("9.6", rule.clause, community, people, since, text)


def no_party_worker(community: Community, policy: Policy, day: date) -> Iterator[Finding]:
    """Find fewer full-time party workers than required (S 二(三)1; O 3; readings: PARTY_WORKER)."""
    rule, counts = policy.staffing.party_workers, Running(_party_work(community.presences))
    since = _since(community, policy, day, lambda moment: counts.on(moment) < rule.value)
    if since is not None:
        people = community.party_workers(day)
        text = (
            f"{community.name}应配备专职党务工作者{rule.value}人，现有{len(people)}人。"
            "请配备党组织副书记，或登记负责党建日常工作的专职人员。"
        )
        yield _finding("9.6", rule.clause, community, people, since, text)


def too_few_locals(community: Community, policy: Policy, day: date) -> Iterator[Finding]:
    """Find too few local residents on the residents' committee, where seats were entered (S 二(三)1)."""
    rule = policy.staffing.local_committee_members
    fewest = rule.value
    if fewest is None or community.local_seats is None:
        return
    counts = Running((seat.id_number, seat.span) for seat in community.local_seats)
    since = _since(community, policy, day, lambda moment: counts.on(moment) < fewest)
    if since is not None:
        people = community.locals(day)
        text = (
            f"{community.name}居委会成员中属地居民{len(people)}人，应至少{fewest}人。"
            "请核对两委任职的属地登记，换届时优先推选本社区居民。"
        )
        yield _finding("9.6", rule.clause, community, people, since, text)


def too_many_away(community: Community, policy: Policy, day: date) -> Iterator[Finding]:
    """Find more people of one community on secondment at once than allowed (S 二(四)2; O 14)."""
    rule = policy.secondment.most_at_once
    days = change_days(away.span for away in community.away)
    since = true_since(
        _from_policy(days, policy), day, lambda moment: len(people_away(community.away, moment)) > rule.value
    )
    if since is not None:
        people = people_away(community.away, day)
        text = (
            f"{community.name}自{day_zh(since)}起同时借调{len(people)}人，同一时期不得超过{rule.value}人。"
            f"请让其中{len(people) - rule.value}人返回社区。"
        )
        yield _finding("9.1", rule.clause, community, people, since, text)


def away_too_long(community: Community, names: dict[str, str], policy: Policy, day: date) -> Iterator[Finding]:
    """Find people still away after the longest allowed time (O 14)."""
    rule = policy.secondment.most_months
    for away in community.away:
        since = first_day_too_long(away.span, rule.value)
        allowed = last_day_allowed(away.span.first, rule.value)
        if since is None or allowed is None or since > day or not away.span.covers(day):
            continue
        text = (
            f"{names[away.person]}自{day_zh(away.span.first)}起借调，期限为{rule.value}个月，"
            f"应在{day_zh(allowed)}前返回。请通知借调单位让其返回，并登记返回日期。"
        )
        yield _finding("9.1", rule.clause, community, {away.person}, max(since, policy.document.in_force_from), text)


def check_community(community: Community, names: dict[str, str], policy: Policy, day: date) -> Iterator[Finding]:
    """Run every check. ``names`` maps the ID numbers of people away to names."""
    for check in CHECKS:
        yield from check(community, policy, day)
    yield from away_too_long(community, names, policy, day)


CHECKS = (
    too_few_workers,
    fewer_than_recommended,
    too_many_leaders,
    no_party_worker,
    too_few_locals,
    too_many_away,
)


def _in_scheme(presence: Presence) -> bool:
    return presence.in_scheme


def _party_work(presences: Iterable[Presence]) -> Iterator[tuple[str, Span]]:
    """Return the spans of party work: by position, or by entry in the register."""
    for one in presences:
        if does_party_work(one.position, named=False):
            yield one.id_number, one.span
            continue
        for span in one.party_work:
            if shared := one.span.shared(span):
                yield one.id_number, shared


def _since(community: Community, policy: Policy, day: date, condition: Condition) -> date | None:
    """Return since when a breach has lasted, starting with the policy at the earliest."""
    return true_since(_from_policy(community.change_days(), policy), day, condition)


def _from_policy(days: Iterable[date], policy: Policy) -> list[date]:
    start = policy.document.in_force_from
    return sorted({start if each < start else each for each in days})


def _finding(rule: str, clause: str, community: Community, people: Iterable[str], since: date, message: str) -> Finding:
    return Finding(rule, clause, community.code, tuple(sorted(people)), since, message)
