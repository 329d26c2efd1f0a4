"""What a computation of some runs would write for each person: slip, lines and notes (rules 5, 7.3). Reads only.

It serves the computation itself, and the check that a computed run still says what the facts say (rules 7.6).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

from payroll.models import PayrollRun
from payroll.rules import review
from payroll.rules.arrears import Key
from payroll.rules.credit import replay, service_area
from payroll.rules.facts import Assignment, Facts
from payroll.rules.grading import assignment_in, assignments_until
from payroll.rules.pay import MonthlyPay, Unpaid
from payroll.rules.registry import RULES
from payroll.rules.review import Note, NoteKind, missing_assessments
from payroll.rules.slip import arrears_of, closed_for, monthly_due
from payroll.rules.trace import dump
from payroll.selectors import ledger
from payroll.selectors.facts import Person, stream_people
from payroll.selectors.jurisdictions import Jurisdictions
from payroll.selectors.settled import digest_of, is_settled, marks_of
from songshan_cw.policy.schema import PayRules
from songshan_cw.words.components import earned
from songshan_cw.words.money import ZERO
from songshan_cw.words.periods import Month
from songshan_cw.words.regions import district_of
from workers.selectors.streams import people_of

CHUNK = 5_000  # people whose ledger is read together


class DraftLine(NamedTuple):
    """One amount of a slip, in yuan. ``already_paid``: what earlier runs paid for that month and component."""

    for_month: Month
    component: str
    amount: Decimal
    already_paid: Decimal
    clause: str


@dataclass(frozen=True, slots=True)
class Draft:
    """One person's part of a run. Without ``lines`` there is no slip, only notes. ``pay`` None: arrears alone."""

    run: PayrollRun
    person: Person
    assignment: Assignment
    pay: MonthlyPay | None
    lines: tuple[DraftLine, ...]
    notes: tuple[Note, ...]
    digest: str
    trace: str

    @property
    def gross_pay(self) -> Decimal:
        return earned((line.component, line.amount) for line in self.lines)


class Drafts:
    """The parts of all people of a month's runs."""

    def __init__(self, *, month: Month, runs: Sequence[PayrollRun], jurisdictions: Jurisdictions) -> None:
        self.month, self.jurisdictions = month, jurisdictions
        self.runs = {run.street_id: run for run in runs}
        self.closed = ledger.closed_months(month)
        self.newest_closed = ledger.newest_by_street(self.closed)
        self.closed_months = sorted({closed for _, closed in self.closed})

    def chunks(self) -> Iterator[list[Draft]]:
        """Yield the drafts in order of the people's keys. Statements grow with chunks, not with people."""
        people = stream_people(people_of(self.runs))
        while chunk := list(islice(people, CHUNK)):
            yield list(self._drafts(chunk))

    def _drafts(self, people: Sequence[Person]) -> Iterator[Draft]:
        keys = [person.id for person in people]
        elsewhere = ledger.slips_elsewhere(keys, self.month, [run.pk for run in self.runs.values()])
        before = ledger.month_cash(keys, self.month - 1)
        digests = {person.id: digest_of(person.facts, self.jurisdictions) for person in people}
        paid = self._paid_of_unsettled(people, digests)
        for person in people:
            run = self.runs.get(self._street_that_pays(person.facts))
            if run is None:
                continue
            if person.id in elsewhere:
                yield self._listed_elsewhere(run, person, elsewhere[person.id])
            else:
                yield self._draft(run, person, digests[person.id], before.get(person.id), paid.get(person.id))

    def _paid_of_unsettled(self, people: Sequence[Person], digests: Mapping[int, str]) -> dict[int, dict[Key, Decimal]]:
        """Map those whose closed months are to be compared to what was paid for these, in yuan."""
        if not self.closed:
            return {}
        marks = marks_of(list(digests))
        asked = [
            one.id
            for one in people
            if not is_settled(marks.get(one.id), digests[one.id], one.facts, self.newest_closed)
        ]
        return {key: {} for key in asked} | ledger.paid_sums(asked, self.month)

    def _street_that_pays(self, facts: Facts) -> str:
        """Return the street a person is in this month, or was in last, of those that can run (rules 5.6)."""
        places = assignments_until(facts, self.month)
        able = (one.street for one in reversed(places) if self.jurisdictions.can_pay(one.street, self.month))
        return next(able, places[-1].street)

    def _draft(
        self, run: PayrollRun, person: Person, digest: str, before: Decimal | None, paid: Mapping[Key, Decimal] | None
    ) -> Draft:
        """``before``: last month's pay, ``paid``: what was paid for closed months, both in yuan; None: not compared."""
        facts, assignment = person.facts, assignment_in(person.facts, self.month)
        here = self.jurisdictions[district_of(run.street_id)]
        rules = here.timeline.at(self.month).pay
        steps = replay(facts, here.timeline, self.month)
        due = monthly_due(facts, steps, here, self.month) if assignment.street == run.street_id else Unpaid.ELSEWHERE
        pay = due if isinstance(due, MonthlyPay) else None
        lines = [DraftLine(self.month, term, amount, ZERO, _clause(term, rules)) for term, amount in _parts(pay)]
        if paid is not None:
            months = closed_for(facts, self.closed, self.closed_months)
            arrears = arrears_of(facts, steps, self.jurisdictions, months, paid)
            lines += [DraftLine(*line, _clause(line.component, rules)) for line in arrears]
        draft = Draft(run, person, assignment, pay, tuple(lines), (), digest, dump(steps))
        return replace(draft, notes=tuple(self._notes(draft, due, rules, before)))

    def _notes(self, draft: Draft, due: MonthlyPay | Unpaid, rules: PayRules, before: Decimal | None) -> Iterator[Note]:
        person = draft.person
        if isinstance(due, Unpaid):
            note = review.left_out(person.name, person.facts, due, self.month)
            yield from [note] if note else []
            return
        unassessed = missing_assessments(person.facts, rules, self.month, service_area(draft.run.street_id, rules))
        yield from review.of_paid(person.name, unassessed, due, before)
        yield from review.of_payment(person.name, self.month, draft.gross_pay, person.has_account, person.contract_end)

    def _listed_elsewhere(self, run: PayrollRun, person: Person, street: str) -> Draft:
        text = f"{person.name}：本月已列入{street}的批次，此处不再列入；如已调动，差额随下一批次处理。"
        note = Note(NoteKind.ELSEWHERE, text)
        return Draft(run, person, assignment_in(person.facts, self.month), None, (), (note,), "", "")


def _parts(pay: MonthlyPay | None) -> tuple[tuple[str, Decimal], ...]:
    return pay.amounts() if pay else ()


def _clause(component: str, rules: PayRules) -> str:
    return RULES[component].clause(rules)
