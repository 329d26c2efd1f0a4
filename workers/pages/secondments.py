"""Secondments: pending approvals, requests, returns and overdue ones (rules 9.1)."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from songshan_cw.data.refusal import Refused
from songshan_cw.files.figures import day
from songshan_cw.files.table import DAY, WRAPPED, Column, Table
from songshan_cw.policy import policy_at
from songshan_cw.site.page import Page
from songshan_cw.site.parts import badge, button, link, person_address
from songshan_cw.words.terms import RegionLevel, SecondmentState
from workers.models import STREET_ROLES, Region, Secondment, Worker
from workers.selectors.places import streets_of
from workers.selectors.scope import visible
from workers.selectors.secondments import Overdue, Turn, overdue_secondments, waiting_for
from workers.services.secondments import (
    REASON_NEEDED,
    approve_secondment,
    reject_secondment,
    request_secondment,
    return_secondment,
)

VIEW = "workers.view_secondment"
SHOWN = 30
RELATED = ("worker__standing__street", "worker__standing__community")


def _place(secondment: Secondment) -> str:
    standing = secondment.worker.standing
    return f"{standing.street}　{standing.community}"


def _span(secondment: Secondment) -> str:
    return f"{day(secondment.start)}至{day(secondment.end) if secondment.end else '未定'}"


def _state(secondment: Secondment) -> str:
    return f"{secondment.state}{'，已返回' if secondment.returned_on else ''}"


def _address(secondment: Secondment) -> str:
    return reverse("admin:secondment", args=[secondment.pk])


TURNS = Table[Turn](
    "等您审批",
    (
        Column("街道", lambda row: row.secondment.worker.standing.street),
        Column("人员", lambda row: row.secondment.worker.name),
        Column("借调单位", lambda row: row.secondment.body, WRAPPED),
        Column("起止", lambda row: _span(row.secondment)),
        Column("原因", lambda row: row.secondment.reason, WRAPPED),
        Column("第几道", lambda row: f"第{row.number}道　{row.step.authority}"),
        Column("办理", show=lambda row: button("审批", _address(row.secondment))),
    ),
)
OVERDUE = Table[Overdue](
    "逾期未归",
    (
        Column("街道、社区", lambda row: _place(row.secondment)),
        Column(
            "人员",
            lambda row: row.secondment.worker.name,
            link=lambda row: person_address(row.secondment.worker_id),
        ),
        Column("借调单位", lambda row: row.secondment.body, WRAPPED),
        Column("起止", lambda row: _span(row.secondment)),
        Column("逾期自", lambda row: row.since, DAY, show=lambda row: badge(day(row.since), "未说明")),
        Column(
            "办理",
            show=lambda row: button("登记返回", _address(row.secondment)),
            permission="workers.change_secondment",
        ),
    ),
)
SECONDMENTS = Table[Secondment](
    "全部借调",
    (
        Column("街道、社区", _place),
        Column("人员", lambda row: row.worker.name, link=lambda row: person_address(row.worker_id)),
        Column("借调单位", lambda row: row.body, WRAPPED),
        Column("起止", _span),
        Column("状态", _state, show=lambda row: badge(_state(row))),
        Column("办理", show=lambda row: link("打开", _address(row))),
    ),
    empty="没有借调记录。",
)


class SecondmentsPage(Page):
    permission = VIEW
    title = "借调"
    template = "pages/registers/secondments.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        state = request.GET.get("state", "")
        known = [each.value for each in SecondmentState]
        rows: QuerySet[Secondment] = self.seen(Secondment.objects.select_related(*RELATED)).order_by("-start", "pk")
        if state:
            rows = rows.filter(state=state) if state in known else rows.none()
        sheet = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
        return self.show(
            turns=self.draw(TURNS, waiting_for(self.user)),
            overdue=self.draw(OVERDUE, overdue_secondments(self.user, timezone.localdate())),
            secondments=self.draw(SECONDMENTS, sheet, query=f"state={state}&" if state in known else ""),
            states=known,
            state=state,
            asks=self.user.has_perm("workers.add_secondment"),
        )


class SecondmentRequest(Page):
    """A street's request. It is checked at once by the rules of the later approvals, and a refusal keeps the input."""

    permission = "workers.add_secondment"
    title = "申请借调"
    template = "pages/registers/secondment_request.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.form({"worker": request.GET.get("worker", "")})

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            found = self.ask()
        except Refused as refusal:
            return self.form(request.POST.dict(), refusal=str(refusal))
        messages.success(request, f"已提交{found.worker}的借调申请，等待依次审批。")
        return HttpResponseRedirect(reverse("admin:secondment", args=[found.pk]))

    def ask(self) -> Secondment:
        """Request the secondment, reporting all missing fields at once."""
        given, days, faults = self.request.POST, dict[str, date | None](), list[str]()
        worker = self.chosen(given.get("worker", ""))
        body, reason = given.get("body", "").strip(), given.get("reason", "").strip()
        if worker is None:
            faults.append("请选择本街道在岗的人员。")
        if not body:
            faults.append("请填写借调到哪个单位。")
        for field, name in (("start", "开始日期"), ("end", "结束日期")):
            try:
                days[field] = day_of(given.get(field, ""), name)
            except Refused as refusal:
                faults.append(str(refusal))
        start = days.get("start")
        if start is None and "start" in days:
            faults.append("请填写开始日期。")
        if not reason:
            faults.append(REASON_NEEDED)
        if faults or worker is None or start is None:
            raise Refused("\n".join(faults))
        return request_secondment(
            actor=self.user, worker=worker, body=body, start=start, end=days["end"], reason=reason, at=timezone.now()
        )

    def chosen(self, key: str) -> Worker | None:
        known = key.isascii() and key.isdecimal() and len(key) < 12
        return self.people(self.street()).filter(pk=int(key)).first() if known else None

    def form(self, given: dict[str, Any], refusal: str = "") -> HttpResponse:
        street = self.street()
        rules = policy_at(street, timezone.localdate()).secondment if street else None
        return self.show(
            given=given,
            refusal=refusal,
            street=street,
            streets=[] if self.user.role in STREET_ROLES else streets_of(self.user),
            people=self.people(street).order_by("standing__community_id", "initials", "pk"),
            rules=rules,
            today=timezone.localdate(),
        )

    def street(self) -> str:
        """Return the own street of a street's user, else the chosen one within the user's scope."""
        if self.user.role in STREET_ROLES:
            return self.user.region_id or ""
        asked = self.request.GET.get("street", "")
        streets = visible(Region.objects.filter(level=RegionLevel.STREET.value), self.user)
        return streets.filter(code=asked).values_list("code", flat=True).first() or ""

    def people(self, street: str) -> QuerySet[Worker]:
        serving = self.seen(Worker.objects.filter(standing__left_on=None, standing__street=street or "-"))
        return serving.select_related("standing__community")


class SecondmentPage(Page):
    """One secondment. POST ``do``: approve, reject, return."""

    permission = VIEW
    template = "pages/registers/secondment.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        turn, secondment = self.found(pk)
        standing = secondment.worker.standing
        rules = policy_at(standing.street_id, secondment.start).secondment
        done = list(secondment.approvals.select_related("by").order_by("step"))
        coming = rules.approvals.value[len(done) :] if secondment.state == SecondmentState.REQUESTED else ()
        away = secondment.state == SecondmentState.APPROVED and secondment.returned_on is None
        started = secondment.start <= timezone.localdate()
        return self.show(
            title=f"借调：{secondment.worker.name}",
            secondment=secondment,
            turn=turn,
            done=done,
            coming=coming,
            rules=rules,
            links_person=self.seen(Worker.objects.filter(pk=secondment.worker_id)).exists(),
            returns=away and started and self.user.has_perm("workers.change_secondment"),
            today=timezone.localdate(),
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.found(pk)
        verb = {"approve": self.approve, "reject": self.reject, "return": self.bring_back}.get(
            request.POST.get("do", "")
        )
        if verb is None:
            raise Refused("没有这项操作，请重新打开页面。")
        messages.success(request, verb(pk))
        return HttpResponseRedirect(reverse("admin:secondments"))

    def found(self, pk: int) -> tuple[Turn | None, Secondment]:
        """Find a secondment in the user's scope or pending at the user's office (O 14)."""
        turn = next((turn for turn in waiting_for(self.user) if turn.secondment.pk == pk), None)
        if turn is not None:
            return turn, turn.secondment
        secondment = self.seen(Secondment.objects.select_related(*RELATED)).filter(pk=pk).first()
        if secondment is None:
            raise Http404
        return None, secondment

    def approve(self, pk: int) -> str:
        given = self.request.POST
        done = approve_secondment(
            actor=self.user,
            secondment_id=pk,
            document_no=given.get("document_no", ""),
            reason=given.get("reason", "")[:200],
            at=timezone.now(),
        )
        return "已同意，借调生效。" if done.state == SecondmentState.APPROVED else "已同意，转下一道审批。"

    def reject(self, pk: int) -> str:
        reason = self.request.POST.get("reason", "")[:200]
        reject_secondment(actor=self.user, secondment_id=pk, reason=reason, at=timezone.now())
        return "已登记不同意，申请结束。"

    def bring_back(self, pk: int) -> str:
        self.require("workers.change_secondment")
        last = day_of(self.request.POST.get("last_day", ""), "借调最后一天")
        if last is None:
            raise Refused("请填写借调的最后一天。")
        reason = self.request.POST.get("reason", "")[:200]
        return_secondment(actor=self.user, secondment_id=pk, last_day=last, reason=reason, at=timezone.now())
        return f"已登记返回，借调到{last}止。"


def day_of(text: str, name: str) -> date | None:
    """Parse a day as sent by the browser, or return None for an empty one."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as fault:
        raise Refused(f"{name}“{text[:12]}”不是日期，请填写为2026-11-21的样子。") from fault
