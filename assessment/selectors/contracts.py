"""Contracts near their end, with the condition of renewal and its evidence (rules 9.2; S 二(四)5; O 9, 25)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from assessment.models import AnnualAssessment
from songshan_cw.policy.schema import RenewalCondition
from songshan_cw.words.spans import Span
from songshan_cw.words.terms import Result
from workers.models import Contract, Worker
from workers.rules.contract import RenewalEvidence, contract_on, due_notice, probation_end, renewal_evidence
from workers.selectors.serving import Roll, Servant


@dataclass(frozen=True, slots=True)
class DueContract:
    """A contract near its end. ``notice`` is the notice period it lies in (90, 60, 30 days)."""

    person: Servant
    end: date
    days_left: int
    notice: int
    evidence: RenewalEvidence


def contracts_due(roll: Roll) -> list[DueContract]:
    """List contracts near their end, the nearest first, without those already followed by another. Five statements."""
    day, contracts = roll.day, roll.rows(Contract, "start", "start", "end")
    results = roll.rows(AnnualAssessment, "year", "year", "result")
    found = []
    for person in roll.servants:
        spans = [Span(start, end) for _, start, end in contracts(person.id)]
        newest = contract_on(spans, day)
        rules = person.policy.contract
        if newest is None or newest.last is None or any(span.first > newest.first for span in spans):
            continue
        notice = due_notice(newest.last, day, rules.due_days.value)
        if notice is None:
            continue
        evidence = renewal_evidence(
            condition=rules.renewal.value,
            end=newest.last,
            hired_on=person.service.first,
            results={year: Result(result) for _, year, result in results(person.id)},
        )
        found.append(DueContract(person, newest.last, (newest.last - day).days, notice, evidence))
    return sorted(found, key=lambda due: (due.end, due.person.id))


@dataclass(frozen=True, slots=True)
class Probation:
    """A running probation. ``until`` is None where neither the policy nor the contract sets its end."""

    person: Servant
    since: date
    until: date | None


def on_probation(roll: Roll) -> list[Probation]:
    """List first contracts with a running probation, as entered or by the policy. Four statements."""
    day = roll.day
    contracts = roll.rows(Contract, "start", "start", "probation_end", where=Q(start__lte=day))
    found = []
    for person in roll.servants:
        rows = contracts(person.id)
        if len(rows) != 1:
            continue
        _, start, entered = rows[0]
        until = entered or probation_end(start, person.policy.contract.probation_months.value)
        if until is not None and until >= day:
            found.append(Probation(person, start, until))
    return found


def evidence_at_renewal(worker: Worker, start: date, condition: RenewalCondition) -> RenewalEvidence:
    """Return the evidence for a new contract, measured at the end of the one before. Two statements."""
    ends = Contract.objects.filter(worker=worker, start__lt=start, end__isnull=False)
    end = ends.order_by("-start").values_list("end", flat=True).first() or start
    rows = AnnualAssessment.objects.filter(worker=worker).values_list("year", "result")
    results = {year: Result(result) for year, result in rows}
    return renewal_evidence(condition=condition, end=end, hired_on=worker.hired_on, results=results)
