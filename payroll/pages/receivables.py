"""Money owed back: list, cash, write-off (rules 5.8)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from payroll.models import ReceivableEntry
from payroll.pages.money import posted_number
from payroll.selectors.receivables import Debt, debts_seen
from payroll.services.receivables import repay, write_off
from songshan_cw.data.refusal import Refused
from songshan_cw.files.table import MOMENT, MONEY, MONTH, WRAPPED, Column, Table
from songshan_cw.site.page import Page
from songshan_cw.words.money import ZERO, total
from workers.models import Worker

ACTIONS = {"repay": (repay, "已登记归还"), "write_off": (write_off, "已核销")}
ENTRIES = Table[ReceivableEntry](
    "结清记录",
    [
        Column("姓名", lambda row: row.receivable.worker.name, names_row=True),
        Column("发生月份", lambda row: row.receivable.arose, MONTH),
        Column("方式", lambda row: row.kind),
        Column("金额", lambda row: row.amount, MONEY, unit="元"),
        Column("原因", lambda row: row.reason, WRAPPED),
        Column("办理", lambda row: row.by or "系统"),
        Column("时间", lambda row: row.at, MOMENT),
    ],
    empty="还没有结清的记录。",
)


def person_address(debt: Debt) -> str:
    return reverse("admin:person", args=[debt.receivable.worker_id])


DEBTS = Table[Debt](
    "应收款",
    [
        Column("姓名", lambda row: row.receivable.worker.name, link=person_address, names_row=True),
        Column("街道", lambda row: row.receivable.street.name),
        Column("发生月份", lambda row: row.receivable.arose, MONTH),
        Column("金额", lambda row: row.receivable.amount, MONEY, total=True, unit="元"),
        Column("已结清", lambda row: row.settled, MONEY, total=True, unit="元"),
        Column("未结清", lambda row: row.open, MONEY, total=True, unit="元"),
    ],
    empty="没有应收款。",
)


class ReceivablesPage(Page):
    """The debts in the user's scope, open ones first, and the forms to settle one person's."""

    permission = "payroll.view_receivable"
    title = "应收款"
    template = "pages/payroll/receivables.html"
    keeps_typed = True

    def get(self, request: HttpRequest) -> HttpResponse:
        found = debts_seen(self.user)
        found.sort(key=lambda debt: (not debt.open, debt.receivable.arose, debt.receivable.pk))
        entries = [entry for debt in found for entry in debt.receivable.entries.all()]
        owing = {debt.receivable.worker: ZERO for debt in found if debt.open}
        for debt in found:
            if debt.open:
                owing[debt.receivable.worker] += debt.open
        return self.show(
            debts=self.draw(DEBTS, found),
            entries=self.draw(ENTRIES, sorted(entries, key=lambda one: one.pk, reverse=True)),
            open_sum=total(debt.open for debt in found),
            owing=[
                (worker, total(d.open for d in found if d.receivable.worker_id == key)) for key, worker in owing.items()
            ],
            repays=self.user.has_perm("payroll.repay_receivable"),
            writes_off=self.user.has_perm("payroll.write_off_receivable"),
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        if request.POST.get("action", "") not in ACTIONS:
            raise Refused("没有选择要办理的事项，请重新操作。")
        service, done = ACTIONS[request.POST["action"]]
        seen = {debt.receivable.worker_id for debt in debts_seen(self.user)}
        key = request.POST.get("worker", "")
        worker = Worker.objects.filter(pk=int(key)).first() if key.isdecimal() and int(key) in seen else None
        if worker is None:
            raise Refused("请先选择欠款的人，没有保存。")
        given: dict[str, Any] = {"reason": request.POST.get("reason", ""), "at": timezone.now()}
        entries = service(actor=self.user, worker=worker, amount=posted_number(request, "amount", "金额"), **given)
        messages.success(request, f"{worker.name}：{done}{total(entry.amount for entry in entries):,.2f}元。")
        return HttpResponseRedirect(request.path)
