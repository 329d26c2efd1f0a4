"""Downloads of a month from temporary files. Whole numbers need a right and a purpose (rules 10.6)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from payroll.files import (
    payslips_html,
    write_bank_list,
    write_csv,
    write_pay_sheet,
    write_payslips,
    write_register,
)
from payroll.models import PayrollRun
from payroll.selectors import overview
from songshan_cw.data.refusal import Refused
from songshan_cw.site.page import Page, month_in_path
from songshan_cw.words.periods import Month, label, label_zh
from workers.models import User
from workers.services import record_private_access

Writer = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file. ``masks``: also available with masked numbers. ``private``: contains ID or account numbers."""

    name: str
    title: str
    ending: str
    write: Writer | None
    private: bool = True
    masks: bool = True
    whole_district: bool = False
    one_street: bool = False

    def fits(self, street: str | None) -> bool:
        """Return whether the kind is available here. Payslips of a whole district would not fit into memory."""
        return not (self.one_street if street is None else self.whole_district)


KINDS = {
    kind.name: kind
    for kind in (
        Kind("sheet", "工资发放表", "xlsx", write_pay_sheet),
        Kind("payslips", "工资条（PDF）", "pdf", write_payslips, one_street=True),
        Kind("print", "工资条（打印）", "html", None),
        Kind("bank", "银行代发清单", "xlsx", write_bank_list),
        Kind("register", "发放汇总登记表", "xlsx", write_register, private=False, whole_district=True),
        Kind("csv", "逐人明细（csv）", "csv", write_csv, masks=False),
    )
}


@dataclass(frozen=True, slots=True)
class Link:
    title: str
    href: str
    private: bool
    masks: bool


def downloads_of(user: User, month: Month, street: str | None) -> list[Link]:
    """List the files this user may take from a month."""
    if not user.has_perm("payroll.export_run"):
        return []
    kinds = [kind for kind in KINDS.values() if kind.fits(street)]
    kinds = [kind for kind in kinds if kind.masks or user.sees_private]
    return [
        Link(kind.title, _address(month, street, kind.name), kind.private and user.sees_private, kind.masks)
        for kind in kinds
    ]


def _address(month: Month, street: str | None, kind: str) -> str:
    if street is None:
        return reverse("admin:pay_month_download", args=[label(month), kind])
    return reverse("admin:pay_run_download", args=[label(month), street, kind])


class Download(Page):
    """GET masks numbers. POST with a purpose gives whole numbers and is recorded first."""

    permission = "payroll.export_run"

    def get(self, request: HttpRequest, month: str, kind: str, street: str | None = None) -> HttpResponse:
        chosen = self.kind(kind, street)
        if not chosen.masks:
            raise Refused("这份文件含完整证件号，请在工资页面填写用途后导出；没有这项权限的，请系统管理员授权。")
        return self.file(chosen, month_in_path(month), street, private=False)

    def post(self, request: HttpRequest, month: str, kind: str, street: str | None = None) -> HttpResponse:
        chosen, ordinal = self.kind(kind, street), month_in_path(month)
        purpose = request.POST.get("purpose", "")
        runs = self.runs(ordinal, street)
        names = "、".join(run.street.name for run in runs)
        people = sum(run.headcount for run in runs)
        what = f"导出{label_zh(ordinal)}{chosen.title}：{names}"
        record_private_access(actor=self.user, what=what, purpose=purpose, people=people, region=street)
        return self.file(chosen, ordinal, street, private=True)

    def refused(self, refusal: Exception) -> HttpResponse:
        """Redirect to the page the file was requested on."""
        messages.error(self.request, str(refusal))
        month, street = self.kwargs["month"], self.kwargs.get("street")
        if street is None:
            return HttpResponseRedirect(reverse("admin:pay_month", args=[month]))
        return HttpResponseRedirect(reverse("admin:pay_run", args=[month, street]))

    def kind(self, name: str, street: str | None) -> Kind:
        kind = KINDS.get(name)
        if kind is None or not kind.fits(street):
            raise Http404
        return kind

    def runs(self, month: Month, street: str | None) -> list[PayrollRun]:
        """Return the runs in the user's scope, or 404 for a street without one."""
        runs = self.seen(PayrollRun.objects.filter(month=month)).select_related("street").order_by("street")
        found = list(runs if street is None else runs.filter(street=street))
        if not found:
            raise Http404
        return found

    def file(self, kind: Kind, month: Month, street: str | None, *, private: bool) -> HttpResponse:
        codes = [run.street_id for run in self.runs(month, street)]
        if kind.write is None:
            return HttpResponse(payslips_html(month=month, street_codes=codes, private=private))
        if kind.whole_district:
            codes = [row.street.code for row in overview.months_by_street(self.user, [month])]
        place = "" if street is None else self.runs(month, street)[0].street.name
        name = f"{place}{label(month)}{kind.title.partition('（')[0]}.{kind.ending}"
        given: dict[str, Any] = {"private": private} if kind.private and kind.masks else {}
        return _streamed(kind.write, month, codes, name, given)


def _streamed(write: Writer, month: Month, codes: Sequence[str], name: str, given: dict[str, Any]) -> FileResponse:
    """Stream the open file. Its folder is deleted already, so nothing is left behind."""
    with TemporaryDirectory(prefix="songshan-") as folder:
        path = Path(folder, "file")
        write(month=month, street_codes=codes, path=path, **given)
        return FileResponse(path.open("rb"), as_attachment=True, filename=name)
