"""Turning people's facts into slips, lines and notes: one stream in, three tables out."""

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

from django.db import connection

from payroll.models import PayLine, PayrollRun, Payslip, RunNote
from payroll.rules import review
from payroll.rules.arrears import ArrearsLine
from payroll.rules.grading import assignment_in
from payroll.rules.histories import Replayed, Replays
from payroll.rules.pay import MonthlyPay, Unpaid
from payroll.rules.slip import Slip, arrears_of, closed_for, monthly_due, settles_arrears
from payroll.selectors import ledger
from payroll.selectors.digests import (
    DIGEST_ROWS,
    context_of,
    count_held,
    digest_in,
    held,
    hold_digests,
    hold_unsettled,
    of_the_held,
    unsettled,
)
from payroll.selectors.facts import Person, of_everybody, stream_people
from payroll.selectors.jurisdictions import Jurisdictions
from payroll.selectors.streets import streets_with_people
from payroll.services.carrying import carry_forward, write_carried
from payroll.services.lines import hold_clauses, lines_of
from songshan_cw.data.bulk import Columns, reserve_ids
from songshan_cw.data.portions import CHUNK
from songshan_cw.data.relay import Outlet, Relay
from songshan_cw.policy.schema import PayRules
from songshan_cw.words.money import EXACT, ZERO
from songshan_cw.words.periods import Month
from songshan_cw.words.terms import Component
from workers.models import Worker
from workers.selectors.scope import district_of
from workers.selectors.streams import Follower, people_of

FEW, THEIR_ROWS = 25_000, 150_000  # so many people's rows are fetched before the server is kept busy with the others'
SLIP_COLUMNS = (
    *("id", "run_id", "worker_id", "month", "name", "community_id", "post", "position", "dual", "credited_months"),
    *("step", "grade", "coefficient", "annual_base", "base_pay", "allowance", "arrears", "gross_pay"),
    *("performance_accrual", "policy_version", "table_id", "facts_digest", "trace"),
)
LINE_COLUMNS = ("payslip_id", "worker_id", "for_month", "component", "amount", "already_paid", "clause")
TABLES = (
    Columns(Payslip, SLIP_COLUMNS),
    Columns(PayLine, LINE_COLUMNS),
    Columns(RunNote, ("run_id", "worker_id", "kind", "text")),
)


@dataclass(frozen=True, slots=True)
class Here:
    """What holds in one district in this month."""

    context: str
    replays: Replays
    clauses: dict[Component, str]


@dataclass(slots=True)
class RunTotals:
    """What a run adds up to, in people and yuan."""

    headcount: int = 0
    amounts: list[Decimal] = field(default_factory=lambda: [ZERO] * 5)

    def add(self, amounts: Sequence[Decimal]) -> None:
        self.headcount += 1
        self.amounts = list(map(EXACT.add, self.amounts, amounts))


class Draft(NamedTuple):
    """What a person is due, before the ledger has its say."""

    person: Person
    run: PayrollRun
    here: Here
    digest: str
    unsettled: bool
    history: Replayed
    due: MonthlyPay | Unpaid


class Drafting:
    """One computation of a month's open runs. Used as a context: all is written when it ends well."""

    def __init__(
        self,
        *,
        month: Month,
        runs: Sequence[PayrollRun],
        jurisdictions: Jurisdictions,
    ) -> None:
        self.month = month
        self.runs = {run.street_id: run for run in runs}
        self.jurisdictions = jurisdictions
        self.totals = {run.pk: RunTotals() for run in runs}
        self.closed = ledger.closed_months(month)
        self.months = sorted({closed_month for _, closed_month in self.closed})
        self.here = {district: self._here(district) for district in set(map(district_of, self.runs))}
        self.stack = ExitStack()

    def __enter__(self) -> "Drafting":
        everybody = self.runs.keys() >= {street.code for street in streets_with_people()}
        hold_digests(None if everybody else people_of(self.runs))
        self.cursor = self.stack.enter_context(connection.cursor())
        hold_clauses(self.cursor, list(self.runs.values()), {name: here.clauses for name, here in self.here.items()})
        carried = self._carry_forward()
        whose = of_everybody if everybody and not carried else of_the_held
        hold_unsettled([here.context for here in self.here.values()] if self.months else [])
        self.elsewhere = ledger.slips_elsewhere(held(), self.month, [run.pk for run in self.runs.values()])
        count = count_held()
        self.slip_ids = iter(reserve_ids(Payslip, count))
        relay = self.stack.enter_context(Relay())
        ahead = partial(relay.read_ahead, first=THEIR_ROWS if count <= FEW else CHUNK)
        self.people = stream_people(Worker.objects.filter(pk__in=held()), ahead, whose)
        ledger_rows = [ledger.paid_rows(unsettled(), self.month), ledger.regular_pay(held(), self.month - 1)]
        self.digests, self.paid, self.before = (Follower(rows) for rows in ahead([DIGEST_ROWS, *ledger_rows]))
        self.add_slip, self.add_line, self.add_note = self.stack.enter_context(
            Outlet(relay, *TABLES, then=partial(lines_of, self.cursor, self.month))
        )
        relay.start()
        if carried:
            relay.submit(partial(write_carried, self.cursor, self.month))
        return self

    def __exit__(self, *failure: Any) -> None:
        self.stack.__exit__(*failure)

    def draft_all(self) -> None:
        """Every person of the streets; those whose closed months may be due something else, with their ledger."""
        for person in self.people:
            run = self.runs.get(assignment_in(person.facts, self.month).street)
            if run is None or self._kept_elsewhere(person, run):
                continue
            one = self._draft(person, run)
            self._write(one, () if self._settled(one) else self._arrears(one))

    def sums_of(self, run: PayrollRun) -> tuple[Any, ...]:
        """Headcount and amounts (yuan) of a run."""
        totals = self.totals[run.pk]
        return (totals.headcount, *totals.amounts)

    def _here(self, district: str) -> Here:
        jurisdiction = self.jurisdictions[district]
        rules = jurisdiction.timeline.at(self.month).pay
        clauses = {component: clause_of(component, rules) for component in Component}
        return Here(context_of(jurisdiction), Replays(jurisdiction.timeline, self.month), clauses)

    def _carry_forward(self) -> bool:
        """Those who are due what they were due last month; from here on only the others are looked at."""
        runs = list(self.runs.values())
        carried = carry_forward(month=self.month, runs=runs, jurisdictions=self.jurisdictions)
        for run_id, (people, amounts) in carried.items():
            self.totals[run_id] = RunTotals(people, amounts)
        return bool(carried)

    def _kept_elsewhere(self, person: Person, run: PayrollRun) -> bool:
        street = self.elsewhere.get(person.id)
        if street is None:
            return False
        text = f"{person.name}：本月已列入{street}的批次，此处不再列入；如已调动，差额随下一批次处理。"
        self.add_note((run.id, person.id, review.NoteKind.ELSEWHERE, text))
        return True

    def _draft(self, person: Person, run: PayrollRun) -> Draft:
        district = run.street_id[:6]
        here = self.here[district]
        history = here.replays.of(person.facts)
        due = monthly_due(person.facts, history.steps, self.jurisdictions[district], self.month)
        return Draft(person, run, here, *self._digest(person, district), history, due)

    def _digest(self, person: Person, district: str) -> tuple[str, bool]:
        """The digest, and whether it is not the one the ledger was last made whole with. It changes with any fact, the
        policy or the confirmed tables; it is empty for people of several districts, who are looked at every time."""
        [(_, digest, unsettled)] = self.digests.of(person.id)
        for assignment in person.facts.assignments:
            if assignment.community[:6] != district:
                return "", True
        return digest_in(self.here[district].context, digest), unsettled

    def _settled(self, one: Draft) -> bool:
        """Nothing can be owed: no month is closed, or the facts are those the ledger was last made whole with."""
        return not self.months or not settles_arrears(one.due) or not one.unsettled

    def _arrears(self, one: Draft) -> tuple[ArrearsLine, ...]:
        facts = one.person.facts
        months = closed_for(facts, self.closed, self.months)
        paid = ledger.sums_of(self.paid.of(one.person.id))
        return arrears_of(facts, one.history.steps, self.jurisdictions, months, paid)

    def _write(self, one: Draft, arrears: tuple[ArrearsLine, ...]) -> None:
        pay = one.due if isinstance(one.due, MonthlyPay) else None
        slip = Slip(pay, one.history.steps, arrears)
        gross = slip.gross_pay
        for note in self._notes(one, gross):
            self.add_note((one.run.id, one.person.id, note.kind, note.text))
        if pay is None and not arrears:
            return
        slip_id = next(self.slip_ids)
        self._add_slip(slip_id, one, slip, gross)
        for line in arrears:
            amounts = (line.component, line.amount, line.already_paid)
            self.add_line((slip_id, one.person.id, line.for_month, *amounts, one.here.clauses[line.component]))

    def _add_slip(self, slip_id: int, one: Draft, slip: Slip, gross: Decimal) -> None:
        run, person, pay = one.run, one.person, slip.pay
        place: tuple[Any, ...]
        if pay is not None:
            assignment = pay.assignment
            place = (
                assignment.post,
                assignment.position,
                assignment.dual,
                *(pay.credited_months, pay.step, pay.grade, pay.coefficient, pay.annual_base),
            )
            amounts = (pay.base_pay, pay.allowance, slip.arrears, gross, pay.performance_accrual)
        else:
            assignment = assignment_in(person.facts, self.month)
            place = ("", "", False, None, None, None, None, None)
            amounts = (ZERO, ZERO, slip.arrears, gross, ZERO)
        whose = (slip_id, run.id, person.id, self.month, person.name, assignment.community)
        self.add_slip((*whose, *place, *amounts, run.policy_version, run.table_id, one.digest, one.history.trace))
        self.totals[run.id].add(amounts)

    def _notes(self, one: Draft, gross: Decimal) -> Iterable[review.Note]:
        person = one.person
        before = next((base + allowance for _, base, allowance in self.before.of(person.id)), None)
        if isinstance(one.due, Unpaid):
            note = review.left_out(person.name, person.facts, one.due, self.month, before)
            return [note] if note else []
        return (
            *review.of_paid(person.name, one.history.unassessed, one.due, before),
            *review.of_payment(person.name, self.month, gross, person.has_account, person.contract_end),
        )


def clause_of(component: Component, rules: PayRules) -> str:
    """The clause a component of pay rests on."""
    clauses = {
        Component.BASE: rules.base_share.clause,
        Component.ALLOWANCE: rules.allowances.clause,
        Component.PERFORMANCE: rules.performance_share.clause,
    }
    return clauses[component]
