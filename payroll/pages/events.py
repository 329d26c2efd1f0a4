"""Guided actions on one person: a form, then its effect on grade and pay, then the record (rules 3.5, 4, 5.6)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from payroll.pages.event_forms import FORMS, EventForm
from payroll.pages.pay_tables import pay_columns
from payroll.rules.columns import Column as PayColumn
from payroll.rules.columns import PayColumns
from payroll.rules.effect import Stretch
from payroll.rules.pay import MonthlyPay, Unpaid
from payroll.selectors.preview import preview
from payroll.services.guided import record_previewed
from songshan_cw.data.refusal import Refused
from songshan_cw.files.table import MONEY, MONTH, SIGNED, Column, Table
from songshan_cw.policy import PolicyGap
from songshan_cw.policy.schema import article
from songshan_cw.site.page import Page
from songshan_cw.words.money import plain
from songshan_cw.words.periods import label_zh, years
from workers.models import User, Worker
from workers.rules.contract import unmet
from workers.selectors.refusals import reason_of

OLD, NEW = "原", "新"


@dataclass(frozen=True, slots=True)
class Event:
    """``tab``: where the person's page lists the record afterwards."""

    key: str
    title: str
    tab: str
    hint: str

    @property
    def permission(self) -> str:
        meta = FORMS[self.key]._meta.model._meta
        return f"{meta.app_label}.add_{meta.model_name}"


EVENTS = {
    event.key: event
    for event in (
        Event("post", "岗位变动", "posts", "任新职、调到别的社区，或一肩挑的开始和结束；自次月起计薪。"),
        Event(
            "category",
            "人员类别变动",
            "posts",
            "纳入或退出薪酬体系；纳入当月起发放，退出前的最后一天所在月份照发。",
        ),
        Event("degree", "取得学历", "degrees", "入职以后取得的更高学历；自取得次月起调整等级。"),
        Event("certificate", "取得证书", "certificates", "社会工作者职业资格；自批准次月起发放津贴，只取最高一项。"),
        Event("hiring", "录用登记", "contracts", "怎样录用的，一人一条；按政策核对学历和年龄，不影响等级和工资。"),
        Event("renewal", "续聘", "contracts", "原合同期满后新签一份；按政策核对考核和服务年限，聘期自动推算。"),
        Event("gap", "中断服务", "absences", "中断期间不计工作年限；整月中断的不发工资。"),
        Event("placement", "定级核定", "posts", "按核定文件直接确定工作年限，代替推算结果。"),
        Event("exit", "离职", "absences", "离职当月工资照发，自次月起停发；档案保留。"),
    )
}


def people_standing() -> QuerySet[Worker]:
    """People with where they stand; one without any appointment has no page yet, only the form for corrections."""
    return Worker.objects.exclude(standing=None).select_related("standing__street", "standing__community", "hiring")


def events_for(user: User, worker: Worker) -> list[Event]:
    """What the user may start for this person; somebody who has left only gets corrections."""
    if worker.standing.left_on is not None:
        return []
    done = {"hiring"} if hasattr(worker, "hiring") else set()
    return [event for event in EVENTS.values() if event.key not in done and user.has_perm(event.permission)]


@dataclass(frozen=True, slots=True)
class Side:
    """What is due for some months by the facts as they are, or as they would be; ``months`` on the first side only.

    ``sums``: in yuan, by column.
    """

    months: str
    word: str
    post: str
    grade: str
    sums: dict[PayColumn, Decimal]


def stretches_table(columns: PayColumns) -> Table[Side]:
    return Table(
        "对等级和工资的影响",
        (
            Column("月份", lambda row: row.months, show=lambda row: row.months),
            Column("新旧", lambda row: row.word),
            Column("岗位", lambda row: row.post),
            Column("等级", lambda row: row.grade),
            *pay_columns(columns.of_a_month, lambda row: row.sums),
        ),
        row_class=lambda row: "sw-old" if row.word == OLD else "sw-new",
    )


def arrears_table(columns: PayColumns) -> Table[Any]:
    def remark(row: Any) -> str:
        return "" if columns.of(row.component).paid_monthly else "只调整计提，不按月发放"

    return Table(
        "已审核月份的差额",
        (
            Column("所属月份", lambda row: row.for_month, MONTH),
            Column("项目", lambda row: row.component),
            Column("此前已发", lambda row: row.already_paid, MONEY, unit="元"),
            Column("差额", lambda row: row.amount, SIGNED, unit="元"),
            Column("说明", remark, show=remark),
        ),
    )


class EventPage(Page):
    """GET: the form. POST ``step``: 「preview」 shows the effect, 「edit」 the form again, 「confirm」 records."""

    permission = "workers.view_worker"
    template = "pages/people/event.html"

    def get(self, request: HttpRequest, pk: int, kind: str) -> HttpResponse:
        event, worker = self._allowed(pk, kind)
        return self._form_page(event, worker, self._form(event, worker))

    def post(self, request: HttpRequest, pk: int, kind: str) -> HttpResponse:
        event, worker = self._allowed(pk, kind)
        form = self._form(event, worker, request.POST)
        if request.POST.get("step") == "edit" or not form.is_valid():
            return self._form_page(event, worker, form)
        try:
            if request.POST.get("step") == "confirm":
                return self._confirm(event, worker, form)
            return self._preview_page(event, worker, form)
        except (Refused, PolicyGap) as refusal:
            form.add_error(None, reason_of(refusal).splitlines())
            return self._form_page(event, worker, form)

    def _allowed(self, pk: int, kind: str) -> tuple[Event, Worker]:
        event = EVENTS.get(kind)
        if event is None:
            raise Http404
        worker = self.one(people_standing(), pk=pk)
        self.require(event.permission)
        return event, worker

    def _form(self, event: Event, worker: Worker, data: Any = None) -> EventForm:
        return FORMS[event.key](data, worker=worker, user=self.user, today=_today())

    def _confirm(self, event: Event, worker: Worker, form: EventForm) -> HttpResponse:
        seen, note = self.request.POST.get("seen", ""), form.cleaned_data.get("note", "")
        try:
            record_previewed(
                actor=self.user,
                worker=worker,
                record=form.instance,
                seen=seen,
                reason=note,
                today=_today(),
                at=timezone.now(),
            )
        except Refused as refusal:
            messages.error(self.request, str(refusal))
            return self._preview_page(event, worker, self._form(event, worker, self.request.POST))
        messages.success(self.request, f"已登记{worker}的{event.title}。")
        return HttpResponseRedirect(f"{reverse('admin:person', args=[worker.pk])}?tab={event.tab}")

    def _form_page(self, event: Event, worker: Worker, form: EventForm) -> HttpResponse:
        return self.show(title=f"{event.title}：{worker}", event=event, worker=worker, form=form)

    def _preview_page(self, event: Event, worker: Worker, form: EventForm) -> HttpResponse:
        if not form.is_valid():
            return self._form_page(event, worker, form)
        found = preview(worker=worker, record=form.instance, today=_today())
        if found.faults:
            form.add_error(None, list(found.faults))
            return self._form_page(event, worker, form)
        if found.renewal and not found.renewal.evidence.met and not form.cleaned_data["note"].strip():
            form.add_error("note", unmet(found.renewal.evidence, article(found.renewal.clause), _today()))
            return self._form_page(event, worker, form)
        columns = PayColumns()
        sides = [side for one in found.stretches for side in _sides(one, columns)]
        return self.show(
            "pages/people/event_preview.html",
            title=f"{event.title}：{worker}",
            event=event,
            worker=worker,
            form=form,
            entered=_entered(form),
            found=found,
            renewable=found.renewal.evidence.word(_today()) if found.renewal else "",
            stretches=self.draw(stretches_table(columns), sides),
            arrears=self.draw(arrears_table(columns), found.arrears),
            arrears_total=abs(found.arrears_cash),
            carried_by=label_zh(found.carried_by),
        )


def _today() -> date:
    return timezone.localdate()


def _entered(form: EventForm) -> list[tuple[str, str]]:
    """What was typed, as it will be recorded."""
    told = []
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name)
        if name == "month":
            value = label_zh(value)
        elif isinstance(value, bool):
            value = "是" if value else "否"
        told.append((str(field.label), str(value) if value not in (None, "") else "—"))
    return told


def _sides(one: Stretch, columns: PayColumns) -> list[Side]:
    until = "起" if one.last is None else "" if one.last == one.first else f"至{label_zh(one.last)}"
    months = f"{label_zh(one.first)}{until}"
    return [Side(months, OLD, *_due(one.before, columns)), Side("", NEW, *_due(one.after, columns))]


def _due(due: MonthlyPay | Unpaid, columns: PayColumns) -> tuple[str, str, dict[PayColumn, Decimal]]:
    if isinstance(due, Unpaid):
        return f"不发放：{due.value}", "", columns.due(())
    place = due.assignment
    return (
        f"{place.position}（{place.post}{'，一肩挑' if place.dual else ''}）",
        f"{due.grade}级（{due.step}档，系数{plain(due.coefficient)}，年限{years(due.credited_months)}）",
        columns.due(due.amounts()),
    )
