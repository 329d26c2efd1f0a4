"""Compare a grade table with the one in force, by street and person, for one month (rules 3.3)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from payroll.models import GradeTable
from payroll.rules.credit import replay
from payroll.rules.facts import GradeScale
from payroll.rules.grading import assignment_in
from payroll.rules.pay import MonthlyPay, unpaid_reason
from payroll.rules.slip import pay_for
from payroll.rules.tables import annual_base, scale_in_force
from payroll.selectors.facts import stream_people
from payroll.selectors.jurisdictions import Jurisdictions
from payroll.selectors.streets import streets_with_people
from songshan_cw.data.refusal import Refused
from songshan_cw.words.components import PayComponent, components
from songshan_cw.words.money import EXACT, ZERO, total
from songshan_cw.words.periods import Month, label_zh
from songshan_cw.words.terms import Post
from workers.models import Region
from workers.selectors.streams import people_of


@dataclass(frozen=True, slots=True)
class PersonEffect:
    """One person's month with both tables. Money in yuan; ``before`` is None without a table in force."""

    worker_id: int
    name: str
    street: str
    community: str
    before: MonthlyPay | None
    after: MonthlyPay

    @property
    def difference(self) -> Decimal:
        """A month's yuan of the components that the grade decides; the others do not depend on the table."""
        return EXACT.subtract(_monthly(self.after), _monthly(self.before))

    @property
    def amounts(self) -> list[tuple[Decimal | None, Decimal]]:
        """(by the table in force, by this one) of each of them that is paid with the month."""
        before, after = dict(self.before.amounts()) if self.before else None, dict(self.after.amounts())
        terms = [one.term for one in graded() if one.is_paid_monthly]
        return [(None if before is None else before.get(term, ZERO), after.get(term, ZERO)) for term in terms]


@dataclass(frozen=True, slots=True)
class StreetEffect:
    """A street's month with both tables, in yuan. ``changed``: people whose amounts differ."""

    street: Region
    people: int
    changed: int
    before: Decimal
    after: Decimal

    @property
    def difference(self) -> Decimal:
        return EXACT.subtract(self.after, self.before)


@dataclass(frozen=True, slots=True)
class GradeRow:
    """One grade's coefficient in both tables."""

    grade: int
    before: Decimal | None
    after: Decimal


@dataclass(frozen=True, slots=True)
class Requirement:
    """The months of service that a post's step needs, in both tables."""

    before: int | None
    after: int

    @property
    def changed(self) -> bool:
        return self.before is not None and self.before != self.after


@dataclass(frozen=True, slots=True)
class Comparison:
    """``in_force`` is None where the district has no other table for the month."""

    month: Month
    in_force: GradeScale | None
    table: GradeScale
    people: tuple[PersonEffect, ...]
    streets: tuple[StreetEffect, ...]

    @property
    def bases(self) -> tuple[Decimal | None, Decimal]:
        before = annual_base(self.in_force, self.month) if self.in_force else None
        return before, annual_base(self.table, self.month)

    @property
    def grades(self) -> list[GradeRow]:
        old = self.in_force.coefficients if self.in_force else ()
        return [
            GradeRow(grade, old[grade - 1] if old else None, coefficient)
            for grade, coefficient in enumerate(self.table.coefficients, start=1)
        ]


def compare(*, table: GradeTable, month: Month) -> Comparison:
    """Compare both tables in one pass over the district's people. Raises Refused, PolicyGap."""
    jurisdictions = Jurisdictions()
    scales = jurisdictions[table.district_id].scales
    given = next(scale for scale in scales if scale.key == table.pk)
    if given.start > month:
        raise Refused(f"该表自{label_zh(given.start)}起才有基数，不能按{label_zh(month)}比较。请选择之后的月份。")
    in_force = scale_in_force(tuple(scale for scale in scales if scale.key != table.pk), month)
    streets = streets_with_people(below=table.district_id)
    people = tuple(_effects(jurisdictions, streets, given, in_force, month, table.district_id))
    return Comparison(month, in_force, given, people, tuple(_by_street(streets, people)))


def requirements_of(table: GradeTable, in_force: GradeScale | None) -> dict[Post, list[Requirement]]:
    """Return the requirements of each post's steps, beside the table in force if given."""
    old = in_force.requirements if in_force else {}
    rows: dict[Post, list[Requirement]] = {post: [] for post in Post}
    for post, step, months in table.requirements.order_by("step").values_list("post", "step", "months"):
        before = dict(enumerate(old.get(Post(post), ()), start=1))
        rows[Post(post)].append(Requirement(before.get(step), months))
    return rows


def _effects(
    jurisdictions: Jurisdictions,
    streets: Sequence[Region],
    given: GradeScale,
    in_force: GradeScale | None,
    month: Month,
    district: str,
) -> Iterator[PersonEffect]:
    timeline = jurisdictions[district].timeline
    policy = timeline.at(month)
    codes = {street.code for street in streets}
    if not codes:
        return
    for person in stream_people(people_of(sorted(codes))):
        facts = person.facts
        assignment = assignment_in(facts, month)
        if assignment.street not in codes or unpaid_reason(facts, policy, month) is not None:
            continue
        steps = replay(facts, timeline, month)
        before = pay_for(facts, steps, in_force, policy.pay, month) if in_force else None
        after = pay_for(facts, steps, given, policy.pay, month)
        yield PersonEffect(person.id, person.name, assignment.street, assignment.community, before, after)


def _by_street(streets: Sequence[Region], people: Sequence[PersonEffect]) -> Iterator[StreetEffect]:
    own: dict[str, list[PersonEffect]] = defaultdict(list)
    for person in people:
        own[person.street].append(person)
    for street in streets:
        effects = own[street.code]
        yield StreetEffect(
            street=street,
            people=len(effects),
            changed=sum(bool(effect.difference) for effect in effects),
            before=total(_monthly(effect.before) for effect in effects),
            after=total(_monthly(effect.after) for effect in effects),
        )


def graded() -> list[PayComponent]:
    """The components that follow from the grade table."""
    return [one for one in components() if one.graded]


def _monthly(pay: MonthlyPay | None) -> Decimal:
    """What the grade decides of a month's pay, in yuan."""
    return total(pay.of(one.term) for one in graded()) if pay else ZERO
