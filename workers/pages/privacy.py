"""One person's whole numbers, and all data about them. Each access needs a purpose and is recorded (rules 10.6)."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

from songshan_cw.data.refusal import Refused
from songshan_cw.site.page import Page
from workers.models import Worker
from workers.rules.identity import masked, masked_account, masked_phone
from workers.selectors.personal_data import personal_data
from workers.services import record_private_access

EMPTY = "未登记"


class PurposePage(Page):
    """Ask for a purpose. Private data is shown only in the answer to it."""

    permission = "workers.view_worker"
    template = "pages/people/numbers.html"
    what = ""
    button = ""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        worker = self.person(pk)
        numbers = [
            ("身份证号", masked(worker.id_number)),
            ("联系电话", masked_phone(worker.phone) or EMPTY),
            ("银行卡号", masked_account(worker.bank_account) or EMPTY),
        ]
        return self.show(title=f"{worker.name}：{self.title}", worker=worker, numbers=numbers, button=self.button)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        worker, purpose = self.person(pk), request.POST.get("purpose", "")
        record_private_access(actor=self.user, what=f"{self.what}{worker}", purpose=purpose, worker=worker)
        return self.whole(worker, purpose.strip())

    def person(self, pk: int) -> Worker:
        worker = self.one(Worker.objects.all(), pk=pk)
        if not self.user.sees_private:
            raise Refused("您没有查看完整证件号和账号的权限；请由系统管理员在“用户”里授权。")
        return worker

    def whole(self, worker: Worker, purpose: str) -> HttpResponse:
        """Return what is shown for the purpose."""
        raise Refused(f"{self.title}没有内容。")


class NumbersPage(PurposePage):
    title = "完整号码"
    what = "查看完整号码："
    button = "查看"

    def whole(self, worker: Worker, purpose: str) -> HttpResponse:
        numbers = [
            ("身份证号", worker.id_number),
            ("联系电话", worker.phone or EMPTY),
            ("银行卡号", worker.bank_account or EMPTY),
        ]
        title = f"{worker.name}：{self.title}"
        return self.show(title=title, worker=worker, numbers=numbers, purpose=purpose)


class PersonReport(PurposePage):
    """All data about one person, for print (Personal Information Protection Law, article 45)."""

    title = "个人信息查阅"
    what = "个人信息查阅："
    button = "生成查阅单"

    def person(self, pk: int) -> Worker:
        self.require("payroll.view_payslip")
        return super().person(pk)

    def whole(self, worker: Worker, purpose: str) -> HttpResponse:
        context = {
            "worker": worker,
            "by": self.user,
            "at": timezone.localtime(),
            "purpose": purpose,
            "sections": personal_data(worker=worker, user=self.user),
        }
        return HttpResponse(render_to_string("pages/people/report.html", context))
