"""The bureau's review of a month: the second looks of every street, and the notes (rules 7.3, 7.7)."""

from collections import Counter
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from payroll.models import PayrollRun, ReviewTick, RunNote
from payroll.pages.pay_page import PayPage
from payroll.rules.second_look import SecondLook
from payroll.selectors.reviews import ticks_of
from payroll.selectors.run_looks import OCCASION, looks_of_runs
from payroll.services.reviews import tick_looks
from songshan_cw.data.refusal import Refused
from songshan_cw.files.table import MOMENT, SIGNED, WRAPPED, Column, Table
from songshan_cw.site.page import month_in_path
from songshan_cw.words.periods import Month, label, label_zh
from songshan_cw.words.terms import RunState


class Looked(NamedTuple):
    """A look with its tick, and the name of its street."""

    look: SecondLook
    street: str
    tick: ReviewTick | None
    month: Month

    @property
    def field(self) -> str:
        """Name it in the form."""
        return f"{self.look.street_code}|{self.look.key}"


def _box(row: Looked) -> str:
    if row.tick is not None:
        return ""
    text = '<input type="checkbox" name="look" value="{}" aria-label="复核：{}">'
    return format_html(text, row.field, row.look.message)


def _run(row: Looked) -> str:
    return reverse("admin:pay_run", args=[label(row.month), row.look.street_code])


LOOKS = Table[Looked](
    "复核事项",
    [
        Column("", show=_box, permission="payroll.approve_run"),
        Column("类别", lambda row: row.look.kind, sort="kind"),
        Column("街道", lambda row: row.street, link=_run, sort="street"),
        Column("内容", lambda row: row.look.message, WRAPPED, names_row=True),
        Column("金额", lambda row: row.look.amount, SIGNED, unit="元", sort="amount"),
        Column("录入", lambda row: row.look.author or "—"),
        Column("录入时间", lambda row: row.look.at, MOMENT),
        Column("文号", lambda row: row.look.document or "—"),
        Column("复核", lambda row: row.tick.ticked_by if row.tick else "待复核"),
    ],
    empty="没有待复核的事项。",
)
NOTES = Table[RunNote](
    "待核事项",
    [
        Column("街道", lambda row: row.run.street.name),
        Column("类别", lambda row: row.kind),
        Column("说明", lambda row: row.text, WRAPPED, names_row=True),
    ],
    empty="没有待核事项。",
)
ORDERS = {
    "kind": lambda row: (row.look.kind, row.street),
    "street": lambda row: (row.look.street_code, row.look.kind),
    "amount": lambda row: -abs(row.look.amount),
}
NOTES_SHOWN = 100


class ReviewPage(PayPage):
    """Everything of the month that one hand entered, to be seen by a second; open looks come first."""

    permission = "payroll.view_payrollrun"
    template = "pages/payroll/review.html"

    def get(self, request: HttpRequest, month: str) -> HttpResponse:
        ordinal = month_in_path(month)
        runs = self.runs(ordinal)
        rows = self.rows(ordinal, runs)
        order = ORDERS.get(request.GET.get("order", ""), ORDERS["street"])
        rows.sort(key=lambda row: (row.tick is not None, order(row)))
        kind = request.GET.get("kind", "")
        kinds = Counter(str(row.look.kind) for row in rows if row.tick is None)
        notes = RunNote.objects.filter(run__in=runs).select_related("run__street").order_by("kind", "run__street")
        return self.show(
            title=f"{label_zh(ordinal)}复核",
            month=ordinal,
            looks=self.draw(LOOKS, [row for row in rows if kind in ("", row.look.kind)]),
            kinds=sorted(kinds.items()),
            kind=kind,
            open_count=sum(kinds.values()),
            done_count=sum(row.tick is not None for row in rows),
            ticks=self.user.has_perm("payroll.approve_run"),
            notes=self.draw(NOTES, notes[:NOTES_SHOWN]),
            notes_count=notes.count(),
            waiting=sum(run.state == RunState.SUBMITTED.value for run in runs),
        )

    def post(self, request: HttpRequest, month: str) -> HttpResponse:
        ordinal = month_in_path(month)
        rows = [row for row in self.rows(ordinal, self.runs(ordinal)) if row.tick is None]
        kind, chosen = request.POST.get("kind", ""), set(request.POST.getlist("look"))
        picked = [row for row in rows if (row.look.kind == kind if kind else row.field in chosen)]
        if not picked:
            raise Refused("没有勾选要复核的事项，或事项已经变化。请刷新页面，核对后再勾选。")
        looks = [row.look for row in picked]
        done = tick_looks(actor=self.user, occasion=OCCASION, looks=looks, keys=None, at=timezone.now())
        messages.success(request, f"已复核{len(done)}件。")
        return HttpResponseRedirect(request.get_full_path())

    def runs(self, month: Month) -> list[PayrollRun]:
        found = self.seen(PayrollRun.objects.filter(month=month)).select_related("street").order_by("street")
        runs = list(found)
        if not runs:
            raise Http404
        return runs

    def rows(self, month: Month, runs: list[PayrollRun]) -> list[Looked]:
        names: dict[str, Any] = {run.street_id: run.street.name for run in runs}
        looks = looks_of_runs([run for run in runs if run.state != RunState.APPROVED.value])
        ticks = ticks_of(looks, OCCASION)
        return [Looked(look, names[look.street_code], ticks.get((look.street_code, look.key)), month) for look in looks]
