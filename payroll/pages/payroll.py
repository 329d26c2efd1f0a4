"""Pages of pay: list of months, a district's month, a street's run with the causes of changes (rules 7)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Page as Sheet
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from payroll.ledger.seals import seal_of
from payroll.models import PayrollRun
from payroll.pages.downloads import downloads_of
from payroll.pages.pay_page import PayPage
from payroll.pages.pay_tables import (
    CHECK_ALL,
    EVENTS,
    StreetMonth,
    changes_table,
    district_table,
    matrix_table,
    months_table,
    slips_table,
    totals_table,
)
from payroll.selectors import month as month_selector
from payroll.selectors import overview
from payroll.selectors.month import PayChange
from payroll.selectors.overview import StreetMonths
from payroll.services.computing import open_computation
from payroll.services.runs import DRAFTS, OPEN_STATES, compute_runs
from payroll.services.transitions import approve_runs, computation_of, return_runs, submit_runs, withdraw_runs
from payroll.tasks import send
from songshan_cw.data.refusal import Refused
from songshan_cw.site.drawing import Drawn
from songshan_cw.site.page import month_in_path
from songshan_cw.words.periods import Month, label, label_zh, month_of
from songshan_cw.words.terms import RegionLevel, RunState
from workers.models import STREET_ROLES, Region
from workers.selectors.scope import DISTRICT_DIGITS

MONTHS, MONTHS_OF_A_STREET = 6, 12
SLIPS = 50
STREETS = 50
CHANGES = 50
NOTES = 50
VIEW = "payroll.view_payrollrun"
NOT_APPROVED = "民政局审核通过后，会列在这里。"


class StreetsPage(PayPage):
    """A table of streets in pages."""

    permission = VIEW

    def sheet(self, streets: QuerySet[Region]) -> Sheet:
        """Who has people is found out once, for the count and the rows."""
        page = Paginator(list(streets.values_list("pk", flat=True)), STREETS).get_page(self.request.GET.get("page"))
        found = Region.objects.select_related("parent").in_bulk(page.object_list)
        page.object_list = [found[code] for code in page.object_list]
        return page

    def of_several(self) -> bool:
        """Return whether street names need their district."""
        return len(self.user.region_id or "") < DISTRICT_DIGITS


class PayMonths(StreetsPage):
    """Months × streets, newest first, in pages."""

    title = "工资"
    template = "pages/payroll/months.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        newest = max(month_of(timezone.localdate()), overview.latest_month(self.user) or 0)
        count = MONTHS_OF_A_STREET if self.user.role in STREET_ROLES else MONTHS
        until = request.GET.get("until")
        last = min(month_in_path(until), newest) if until else newest
        months = overview.recent(last, count)
        streets = self.sheet(overview.streets_listed(self.user, months))
        rows = overview.runs_of(self.user, list(streets), months)
        query, single = f"until={label(last)}&" if until else "", streets.paginator.count == 1
        return self.show(
            street=streets[0] if single else None,
            months=self.one_street(months, rows[0]) if single else self.matrix(months, rows, streets, query),
            older=label(last - count),
            newer=label(min(last + count, newest)) if last < newest else "",
        )

    def one_street(self, months: Sequence[Month], row: StreetMonths) -> Drawn:
        pairs = zip(months, row.runs, strict=True)
        return self.draw(months_table(), [StreetMonth(row.street, month, run) for month, run in pairs])

    def matrix(self, months: Sequence[Month], rows: list[StreetMonths], streets: Sheet, query: str) -> Drawn:
        """Draw months by street; the totals are of all sheets."""
        totals = list(zip(months, overview.month_totals(self.user, months), strict=True))
        opens = self.user.has_perm("workers.view_worker")
        table, sums = matrix_table(totals, of_several=self.of_several(), opens=opens)
        if streets.paginator.num_pages > 1:
            sums["街道"] = f"全部{streets.paginator.count:,}个街道合计"
        nothing = "请先导入人员，再计算工资。" if self.user.has_perm("payroll.compute_run") else NOT_APPROVED
        streets.object_list = rows
        return self.draw(replace(table, empty=f"还没有可看的工资。{nothing}"), streets, totals=sums, query=query)


class PayMonth(StreetsPage):
    """A district's month by state, where several streets can be moved at once."""

    template = "pages/payroll/district.html"

    def get(self, request: HttpRequest, month: str) -> HttpResponse:
        ordinal = month_in_path(month)
        if self.user.role in STREET_ROLES:
            return HttpResponseRedirect(reverse("admin:pay_run", args=[month, self.user.region_id]))
        pair = [ordinal, ordinal - 1]
        streets = self.sheet(overview.streets_listed(self.user, pair))
        rows = overview.runs_of(self.user, list(streets), pair)
        totals, before = overview.month_totals(self.user, pair)
        approves = self.user.has_perm("payroll.approve_run")
        open_codes = [row.street.code for row in rows if not (row.runs[0] and row.runs[0].state == RunState.APPROVED)]
        gaps = overview.unapproved_before(open_codes, ordinal)
        computes = self.user.has_perm("payroll.compute_run")
        count, streets.object_list = streets.paginator.count, [_street_month(row, ordinal, gaps) for row in rows]
        table = district_table(of_several=self.of_several(), opens=computes)
        approves = approves and totals.submitted > 0
        return self.show(
            title=f"{label_zh(ordinal)}工资",
            month=ordinal,
            streets=self.draw(table if approves else table.without(CHECK_ALL), streets),
            gaps=gaps,
            **_beside_today(ordinal),
            totals=totals,
            before=before,
            trial=totals.trial > 0,
            approves=approves,
            computes=computes and totals.approved + totals.submitted + totals.returned < count,
            downloads=downloads_of(self.user, ordinal, None) if totals.streets else [],
        )

    def post(self, request: HttpRequest, month: str) -> HttpResponse:
        ordinal, action = month_in_path(month), request.POST.get("action", "")
        codes = request.POST.getlist("street")
        if action == "compute" and settings.CELERY_BROKER_URL:
            job = open_computation(month=ordinal, actor=self.user, at=timezone.now())
            send(job)
            return HttpResponseRedirect(reverse("admin:job", args=[job.pk]))
        if action == "compute":
            runs = compute_runs(month=ordinal, at=timezone.now(), actor=self.user, states=DRAFTS)
            messages.success(request, f"已计算{len(runs)}个街道，共{sum(run.headcount for run in runs)}人。")
            return HttpResponseRedirect(request.path)
        if not codes:
            raise Refused("请先勾选要办理的街道。")
        common: dict[str, Any] = {"month": ordinal, "street_codes": codes, "actor": self.user, "at": timezone.now()}
        if action == "approve":
            seen = {code: request.POST.get(f"seen-{code}", "") for code in codes}
            done = approve_runs(**common, seen=seen)
            messages.success(request, f"已审核通过：{_names(done)}。")
        elif action == "return":
            done = return_runs(**common, reason=request.POST.get("reason", ""))
            messages.success(request, f"已退回：{_names(done)}。街道会在首页看到退回原因。")
        else:
            raise Http404
        return HttpResponseRedirect(request.path)


def _street_month(row: StreetMonths, month: Month, gaps: Mapping[str, list[Month]]) -> StreetMonth:
    run, before = row.runs
    computation = computation_of(run) if run else ""
    return StreetMonth(row.street, month, run, before, computation, gaps.get(row.street.code, ()))


class PayRun(PayPage):
    """One street's month: totals beside last month's, changes with causes, notes, slips, and the next step."""

    permission = VIEW
    template = "pages/payroll/run.html"

    def get(self, request: HttpRequest, month: str, street: str) -> HttpResponse:
        ordinal, region = month_in_path(month), self.street(street)
        run = self.seen(PayrollRun.objects.select_related("street", "table", "submitted_by", "approved_by"))
        found = run.filter(street=region, month=ordinal).first()
        title = f"{region.name}{label_zh(ordinal)}工资"
        if found is None:
            if not self.user.has_perm("workers.view_worker"):
                raise Http404
            computes = self.user.has_perm("payroll.compute_run")
            given = {"street": region, "month": ordinal, "computes": computes, **self.turn(region, ordinal)}
            return self.show("pages/payroll/not_yet.html", title=title, **given)
        return self.show(title=title, **self.figures(found), **self.rights(found), **self.turn(region, ordinal))

    def post(self, request: HttpRequest, month: str, street: str) -> HttpResponse:
        region = self.street(street)
        action = ACTIONS.get(request.POST.get("action", ""))
        if action is None:
            raise Http404
        messages.success(request, action(self, month_in_path(month), region))
        return HttpResponseRedirect(request.path)

    def street(self, code: str) -> Region:
        return self.one(Region.objects.select_related("parent").filter(level=RegionLevel.STREET.value), code=code)

    def turn(self, street: Region, month: Month) -> dict[str, Any]:
        """What is out of turn about working on this month now."""
        return {"gaps": overview.unapproved_before([street.code], month).get(street.code), **_beside_today(month)}

    def figures(self, run: PayrollRun) -> dict[str, Any]:
        name = self.request.GET.get("name", "").strip()[:40]
        before = self.seen(PayrollRun.objects.filter(street=run.street, month=run.month - 1)).first()
        changes = month_selector.pay_changes(run, before)
        unexplained = month_selector.unexplained(changes)
        rest = [change for change in changes if not change.unexplained]
        return {
            "run": run,
            "month": run.month,
            "before": before,
            "totals": self.draw(totals_table(before), month_selector.total_rows(run, before)),
            "unexplained": self.changes("未说明的变动", unexplained, "u", "unexplained"),
            "causes": month_selector.count_causes(changes),
            "changed": len(changes),
            "changes": self.changes("与上月相比的变动", rest, "c", "changes"),
            "notes": self.notes(run),
            "name": name,
            "slips": self.slips(run, name),
            "events": self.draw(EVENTS, run.events.select_related("actor")),
            "seal": seal_of(run),
            "downloads": downloads_of(self.user, run.month, run.street_id),
            "computation": computation_of(run),
        }

    def changes(self, title: str, changes: Sequence[PayChange], parameter: str, anchor: str) -> Drawn:
        sheet = Paginator(changes, CHANGES).get_page(self.request.GET.get(parameter))
        return self.draw(changes_table(title), sheet, parameter=parameter, anchor=anchor)

    def slips(self, run: PayrollRun, name: str) -> Drawn:
        sheet = Paginator(month_selector.slips_of(run, name), SLIPS).get_page(self.request.GET.get("page"))
        query = f"{urlencode({'name': name})}&" if name else ""
        nobody = f"没有找到“{name}”。" if name else "本批次没有人。请先导入人员，再重新计算。"
        return self.draw(slips_table(nobody), sheet, query=query, anchor="slips")

    def notes(self, run: PayrollRun) -> list[tuple[str, str, Sheet]]:
        """Return (kind, query, page of notes) for each kind."""
        asked, number = self.request.GET.get("kind"), self.request.GET.get("n")
        return [
            (kind, f"{urlencode({'kind': kind})}&", Paginator(notes, NOTES).get_page(number if kind == asked else 1))
            for kind, notes in month_selector.notes_by_kind(run).items()
        ]

    def rights(self, run: PayrollRun) -> dict[str, bool]:
        user, is_open = self.user, run.state in OPEN_STATES
        decides = user.has_perm("payroll.approve_run") and run.state == RunState.SUBMITTED
        submits = user.has_perm("payroll.submit_run") and user.role in STREET_ROLES
        return {
            "may_compute": is_open and user.has_perm("payroll.compute_run"),
            "may_submit": submits and run.state == RunState.DRAFT,
            "to_mend": submits and run.state == RunState.RETURNED,
            "may_return": decides,
            "may_withdraw": submits and run.state == RunState.SUBMITTED,
            "may_approve": decides and not run.trial,
        }


def _beside_today(month: Month) -> dict[str, Any]:
    today = month_of(timezone.localdate())
    return {"today": today, "future": month > today}


def _compute(page: PayRun, month: Month, street: Region) -> str:
    [run] = compute_runs(month=month, street_codes=[street.code], at=timezone.now(), actor=page.user)
    return f"已计算：{run.headcount}人，应发合计{run.gross_total:,.2f}元。请核对变动和待核事项，再提交。"


def _submit(page: PayRun, month: Month, street: Region) -> str:
    seen = {street.code: page.request.POST.get("seen", "")}
    submit_runs(month=month, street_codes=[street.code], actor=page.user, at=timezone.now(), seen=seen)
    return "已提交民政局审核。"


def _approve(page: PayRun, month: Month, street: Region) -> str:
    seen = {street.code: page.request.POST.get("seen", "")}
    approve_runs(month=month, street_codes=[street.code], actor=page.user, at=timezone.now(), seen=seen)
    return "已审核通过，可以发放。"


def _return(page: PayRun, month: Month, street: Region) -> str:
    reason = page.request.POST.get("reason", "")
    return_runs(month=month, street_codes=[street.code], actor=page.user, at=timezone.now(), reason=reason)
    return "已退回。街道会在首页看到退回原因。"


def _withdraw(page: PayRun, month: Month, street: Region) -> str:
    withdraw_runs(month=month, street_codes=[street.code], actor=page.user, at=timezone.now())
    return "已撤回，成为草稿；可以重新计算、再提交。"


ACTIONS: dict[str, Callable[[PayRun, Month, Region], str]] = {
    "withdraw": _withdraw,
    "compute": _compute,
    "submit": _submit,
    "approve": _approve,
    "return": _return,
}


def _names(runs: list[PayrollRun]) -> str:
    return "、".join(run.street.name for run in runs)
