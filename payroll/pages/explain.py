"""Where a person's pay of a month comes from: facts, replay, grade, arithmetic, ledger (rules 5.7)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse

from payroll.files import one_payslip_html
from payroll.models import PayLine, Payslip
from payroll.pages.explain_tables import LEDGER, amounts_table, carried_table
from payroll.rules.columns import ARREARS, Column, PayColumns
from payroll.rules.explanation import MOVED_SINCE, Explained
from payroll.selectors.explain import Explanation, explain
from songshan_cw.policy import Reading, clause_note
from songshan_cw.policy.schema import Policy, cite
from songshan_cw.site.page import Page, month_in_path
from songshan_cw.words.money import EXACT, ZERO
from songshan_cw.words.periods import january, label_zh, year_of, years
from workers.models import Worker
from workers.services import record_private_access

FEW = 3


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause as the page cites it, and what it asks, in a sentence."""

    number: str
    citation: str
    summary: str


@dataclass(frozen=True, slots=True)
class Folded:
    """Years before the scheme, one line that opens."""

    title: str
    lines: tuple[Explained, ...]


class ExplainPage(Page):
    permission = "payroll.view_payslip"
    template = "pages/payroll/explain.html"

    def explanation_page(self, worker: Worker, month: int) -> HttpResponse:
        """The person's facts only for who may see the person; the slip's own figures for who may see the slip."""
        found = explain(worker=worker, month=month, lines=self.seen(PayLine.objects.all()))
        knows = self.user.has_perm("workers.view_worker") and self.seen(Worker.objects.filter(pk=worker.pk)).exists()
        return self.show(
            title=f"{found.slip.name if found.slip else found.person.name} {label_zh(month)}工资说明",
            month=month,
            found=found,
            slip=found.slip,
            pay=found.pay,
            service=years(found.pay.credited_months) if found.pay else "",
            facts=found.facts if knows else (),
            moved_since=MOVED_SINCE if found.moved else "",
            knows_person=knows,
            worker_id=worker.pk,
            steps=fold(found.steps, found.policy),
            **self.tables(found),
            **_cited(found),
        )

    def tables(self, found: Explanation) -> dict[str, Any]:
        """Draw the amounts with how each comes about, what earlier months carry, and the ledger."""
        clauses = _cited(found)["clauses"]

        def cited(number: str) -> str:
            return render_to_string("pages/payroll/clause.html", {"clauses": clauses, "number": number})

        explained = {one.component: one for one in found.amounts}
        rows = [(column, amount, explained.get(column.label)) for column, amount in found.sums.items()]
        shown = [row for row in rows if row[2] or _shown(row[0], found)]
        return {
            "amounts": self.draw(amounts_table(cited, carries=bool(found.carried_here)), shown),
            "sums": [(column, amount) for column, amount, _ in rows if column.is_sum],
            "carried_lines": self.draw(carried_table(cited), found.carried_here),
            "carried": _carried(found),
            "ledger": self.draw(LEDGER, found.ledger),
        }


class ExplainSlip(ExplainPage):
    def get(self, request: HttpRequest, slip: int) -> HttpResponse:
        found = self.one(Payslip.objects.select_related("worker"), pk=slip)
        return self.explanation_page(found.worker, found.month)


class ExplainMonth(ExplainPage):
    """A person's month without a slip, past or to come."""

    permission = "workers.view_worker"

    def get(self, request: HttpRequest, worker: int, month: str) -> HttpResponse:
        self.require(ExplainPage.permission)
        person = self.one(Worker.objects.all(), pk=worker)
        return self.explanation_page(person, month_in_path(month))


class PrintedSlip(ExplainPage):
    """One person's slip to print: numbers masked, or whole for a purpose."""

    def get(self, request: HttpRequest, slip: int) -> HttpResponse:
        return HttpResponse(one_payslip_html(slip=self.slip(slip), private=False))

    def post(self, request: HttpRequest, slip: int) -> HttpResponse:
        found = self.slip(slip)
        what = f"打印{label_zh(found.month)}工资条：{found.name}"
        purpose = request.POST.get("purpose", "")
        record_private_access(actor=self.user, what=what, purpose=purpose, worker=found.worker)
        return HttpResponse(one_payslip_html(slip=found, private=True))

    def slip(self, pk: int) -> Payslip:
        return self.one(Payslip.objects.select_related("worker", "run"), pk=pk)

    def refused(self, refusal: Exception) -> HttpResponse:
        messages.error(self.request, str(refusal))
        return HttpResponseRedirect(reverse("admin:pay_explain", args=[self.kwargs["slip"]]))


def fold(steps: Sequence[Explained], policy: Policy) -> list[Explained | Folded]:
    """The years before the scheme become one line, where there are more than a few."""
    first = policy.pay.assessed_from_year.value
    early = [step for step in steps if _before_scheme(step, first)]
    if len(early) <= FEW:
        return list(steps)
    start, end = year_of(early[0].month) - 1, year_of(early[-1].month) - 1
    folded = Folded(f"{start}至{end}年，方案施行前，不要求考核，{len(early)}个年度逐年累计", tuple(early))
    shown: list[Explained | Folded] = []
    for step in steps:
        if not _before_scheme(step, first):
            shown.append(step)
        elif step is early[0]:
            shown.append(folded)
    return shown


def _before_scheme(step: Explained, first_year: int) -> bool:
    return step.title == "年度累加" and step.month <= january(first_year)


def _shown(column: Column, found: Explanation) -> bool:
    """Sums always; arrears where there is a slip that could carry some."""
    return column.is_sum or (column.is_difference and found.slip is not None)


def _carried(found: Explanation) -> list[tuple[Column, Decimal]]:
    """What the lines of earlier months come to, by the column they count in."""
    columns, sums = PayColumns(), {ARREARS: ZERO}
    for line in found.carried_here:
        column = columns.of_earlier(line.component)
        sums[column] = EXACT.add(sums.get(column, ZERO), line.amount)
    return list(sums.items())


def _cited(found: Explanation) -> dict[str, Any]:
    lines = [*found.steps, *found.grading]
    numbers = [line.clause for line in (*lines, *found.amounts, *found.carried_here)]
    readings = [line.reading for line in lines if line.reading is not None]
    return {"clauses": _clauses(numbers, found.policy), "readings": _distinct(readings)}


def _clauses(numbers: Iterable[str], policy: Policy) -> dict[str, Clause]:
    clauses = {}
    for number in dict.fromkeys(numbers):
        note = clause_note(policy, number)
        clauses[number] = Clause(number, cite(policy.document, number), note.summary if note else "")
    return clauses


def _distinct(readings: Iterable[Reading]) -> list[Reading]:
    return list({reading.code: reading for reading in readings}.values())
