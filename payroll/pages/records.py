"""One person, one record: correct an ID number, merge two records, remove a mistake; each with a preview (9.8)."""

from abc import ABC, abstractmethod
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from payroll.selectors.merging import plan_merger
from payroll.services.merging import merge_people, remove_person, require_unpaid
from songshan_cw.data.refusal import Refused
from songshan_cw.site.page import Page
from songshan_cw.site.parts import person_address
from workers.models import Worker
from workers.rules.identity import birth_date, fault_of, masked, sex
from workers.selectors.duplicates import lookalikes
from workers.selectors.numbers import worker_with
from workers.selectors.scope import visible
from workers.services.numbers import PERMISSION, correct_id, require_free_number


class RecordPage(Page, ABC):
    """A form with its preview; the same form confirms what was previewed."""

    permission = PERMISSION
    template = "pages/people/record.html"
    keeps_typed = True
    button = ""
    explained = ""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._page(pk)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        worker, reason = self.worker(pk), request.POST.get("reason", "").strip()[:200]
        if request.POST.get("step") == "confirm":
            messages.success(request, self.act(worker, reason))
            return HttpResponseRedirect(self.leads_to(worker))
        if not reason:
            raise Refused("请写明原因，没有保存。")
        return self._page(pk, lines=self.preview(worker))

    def worker(self, pk: int) -> Worker:
        return self.one(Worker.objects.select_related("standing__community"), pk=pk)

    def _page(self, pk: int, **context: Any) -> HttpResponse:
        worker = self.worker(pk)
        given = {"button": self.button, "explained": self.explained, **self.choices(worker)}
        return self.show(title=f"{self.title}：{worker}", worker=worker, heading=self.title, **given, **context)

    def choices(self, worker: Worker) -> dict[str, Any]:
        return {}

    @abstractmethod
    def preview(self, worker: Worker) -> list[str]:
        """Return the effect in words; writes nothing. Raises Refused where it cannot be done."""

    @abstractmethod
    def act(self, worker: Worker, reason: str) -> str:
        """Do it and return what was done in words."""

    def leads_to(self, worker: Worker) -> str:
        return person_address(worker.pk)


class CorrectNumberPage(RecordPage):
    title = "更正身份证号"
    button = "更正"
    explained = "旧号码留作别名，旧名册用旧号码也能认出本人；已审核的月份保留原号码。"

    def choices(self, worker: Worker) -> dict[str, Any]:
        return {"asks_number": "新的身份证号", "former": [str(one) for one in worker.former_numbers.all()]}

    def preview(self, worker: Worker) -> list[str]:
        number = self._number()
        require_free_number(worker, number)
        lines = [f"身份证号：{masked(worker.id_number)} 改为 {masked(number)}。"]
        for what, told in (("出生日期", birth_date), ("性别", sex)):
            before = "" if fault_of(worker.id_number) else str(told(worker.id_number))
            after = str(told(number))
            lines.append(f"{what}不变。" if before == after else f"{what}改为{after}。")
        return lines

    def act(self, worker: Worker, reason: str) -> str:
        correct_id(actor=self.user, worker=worker, number=self._number(), reason=reason, at=timezone.now())
        return f"{worker}的身份证号已更正，旧号码留作别名。"

    def _number(self) -> str:
        return self.request.POST.get("number", "").strip().upper()[:30]


class MergePage(RecordPage):
    title = "合并记录"
    button = "合并"
    explained = "把另一份记录的全部资料移到这一份。已审核的工资不动，两份的台账合计；另一份的号码留作别名。"

    def choices(self, worker: Worker) -> dict[str, Any]:
        rows = [(one.worker, masked(one.worker.id_number), one.shared) for one in lookalikes(self.user, worker)]
        return {"asks_number": "另一份记录的身份证号", "lookalikes": rows, "may_choose": True}

    def preview(self, worker: Worker) -> list[str]:
        plan = plan_merger(keep=worker, other=self._other(), today=timezone.localdate())
        if plan.conflicts:
            raise Refused("\n".join(["两份记录有矛盾，请先更正其中一份。", *plan.conflicts]))
        return plan.lines

    def act(self, worker: Worker, reason: str) -> str:
        other = self._other()
        merge_people(actor=self.user, keep=worker, other=other, reason=reason, at=timezone.now())
        return f"{other}的另一份记录已并入。"

    def _other(self) -> Worker:
        """Return the record chosen from the list, or that with the number typed; in the user's scope only."""
        chosen, number = self.request.POST.get("other", ""), self.request.POST.get("number", "").strip()
        if number:
            found = worker_with(number)
        else:
            found = Worker.objects.filter(pk=int(chosen)).first() if chosen.isdecimal() and len(chosen) < 10 else None
        if found is None or not visible(Worker.objects.filter(pk=found.pk), self.user).exists():
            raise Refused("没有找到另一份记录。请从下面选择，或填写它的身份证号。")
        return found


class RemovePersonPage(RecordPage):
    title = "移除误登的人"
    button = "移除"
    explained = "只能移除没有已审核工资的误登记录，连同全部资料删除；草稿重新计算。重复登记的，请用“合并记录”。"

    def preview(self, worker: Worker) -> list[str]:
        require_unpaid(worker)
        return [f"{worker}（{masked(worker.id_number)}）的全部资料将被删除，不能恢复；变更记录里留有内容。"]

    def act(self, worker: Worker, reason: str) -> str:
        remove_person(actor=self.user, worker=worker, reason=reason, at=timezone.now())
        return f"{worker}的记录已移除。"

    def leads_to(self, worker: Worker) -> str:
        return reverse("admin:people")
