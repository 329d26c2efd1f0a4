"""The batches that pay a street's year-end performance: look, move, download (rules 6.3, 6.4)."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from payroll.files.performance import (
    select_batches,
    write_performance_bank,
    write_performance_csv,
    write_performance_sheet,
)
from payroll.models import PerformanceBatch, PerformanceShare
from payroll.pages.performance import FIRST_YEAR, LAST_YEAR, VIEW
from payroll.rules.second_look import SecondLook
from payroll.selectors.performance_batches import batches_of, looks_of, spread, year_total
from payroll.selectors.reviews import ticks_of
from payroll.services.performance_batches import (
    OPEN_STATES,
    approve_batch,
    computation_of,
    compute_batch,
    read_batch,
    return_batch,
    submit_batch,
)
from payroll.services.reviews import tick_looks
from songshan_cw.data.refusal import Refused
from songshan_cw.files.figures import moment
from songshan_cw.files.table import FACTOR, MONEY, WRAPPED, Column, Table
from songshan_cw.policy.readings import SUPPLEMENT, WEIGHT_BOUNDS
from songshan_cw.site.page import Page
from songshan_cw.words.terms import RegionLevel, Role, RunState
from workers.models import STREET_ROLES, Region
from workers.services import record_private_access

FILES: dict[str, tuple[str, str, Callable[..., int], bool]] = {  # kind → title, ending, writer, also masked
    "sheet": ("绩效发放表", "xlsx", write_performance_sheet, True),
    "bank": ("银行代发清单", "xlsx", write_performance_bank, True),
    "csv": ("逐人明细", "csv", write_performance_csv, False),
}


class YearPage(Page):
    """A page about one street's year."""

    permission = VIEW

    def street(self, code: str, year: int) -> Region:
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise Http404
        return self.one(Region.objects.filter(level=RegionLevel.STREET.value), code=code)

    def batch(self, region: Region, year: int, number: int) -> PerformanceBatch:
        rows = PerformanceBatch.objects.select_related("street", "submitted_by", "approved_by", "read_by")
        return self.one(rows, street=region, year=year, number=number)


Looked = tuple[SecondLook, Any]  # with the tick on it, if any


def looks_table(*, ticks: bool) -> Table[Looked]:
    """``ticks``: with boxes to tick what is looked at."""

    def box(row: Looked) -> str:
        look, tick = row
        html = '<input type="checkbox" name="key" value="{}" aria-label="复核：{}">'
        return "" if tick else format_html(html, look.key, look.message)

    def looked(row: Looked) -> str:
        return f"{row[1].ticked_by} {moment(row[1].ticked_at)}" if row[1] else "待民政局复核"

    table = Table[Looked](
        "复核事项",
        (
            Column("选", show=box),
            Column("类别", lambda row: row[0].kind),
            Column("内容", lambda row: row[0].message, WRAPPED),
            Column("金额", lambda row: row[0].amount, MONEY, unit="元"),
            Column("复核", looked),
        ),
    )
    return table if ticks else table.without("选")


SHARES = Table[PerformanceShare](
    "逐人明细",
    (
        Column("社区", lambda row: row.community_name),
        Column("姓名", lambda row: row.name),
        Column("考核", lambda row: row.result or "未考核"),
        Column("计提", lambda row: row.accrual, MONEY, unit="元"),
        Column("权重", lambda row: row.weight, FACTOR),
        Column("理由", lambda row: row.reason, WRAPPED),
        Column("分配", lambda row: row.share, MONEY, unit="元", total=True),
    ),
    long=True,
)


class BatchesPage(YearPage):
    """Compute the next batch of a street's year."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, year: int, street: str) -> HttpResponse:
        region = self.street(street, year)
        batch = compute_batch(year=year, street=region, actor=self.user, at=timezone.now())
        messages.success(request, f"已计算{batch}：{batch.headcount}人，合计{batch.share_total:,.2f}元。请核对后提交。")
        return HttpResponseRedirect(reverse("admin:pay_performance_batch", args=[year, street, batch.number]))

    def refused(self, refusal: Exception) -> HttpResponse:
        messages.error(self.request, str(refusal))
        return HttpResponseRedirect(
            reverse("admin:pay_performance_year", args=[self.kwargs["year"], self.kwargs["street"]])
        )


class BatchPage(YearPage):
    """One batch with its shares, second looks and next step."""

    template = "pages/performance/batch.html"
    keeps_typed = True

    def get(self, request: HttpRequest, year: int, street: str, number: int) -> HttpResponse:
        region = self.street(street, year)
        batch = self.batch(region, year, number)
        shares = list(batch.shares.select_related("worker"))
        steps = self.steps(batch)
        looks = looks_of(batch)
        ticks = {key: tick for (_, key), tick in ticks_of(looks, batch.occasion).items()}
        return self.show(
            title=str(batch),
            batch=batch,
            street=region,
            year=year,
            shares=self.draw(SHARES, shares),
            spread=spread(shares),
            whole=year_total(region, year),
            looks=self.draw(looks_table(ticks=steps["decides"]), [(look, ticks.get(look.key)) for look in looks]),
            open_count=sum(look.key not in ticks for look in looks),
            others=[one for one in batches_of(region, year) if one.number != number],
            computation=computation_of(batch),
            readings=(WEIGHT_BOUNDS, SUPPLEMENT),
            files=[(kind, title) for kind, (title, _, _, masks) in FILES.items() if masks or self.user.sees_private],
            **steps,
        )

    def post(self, request: HttpRequest, year: int, street: str, number: int) -> HttpResponse:
        batch = self.batch(self.street(street, year), year, number)
        action = ACTIONS.get(request.POST.get("action", ""))
        if action is None:
            raise Refused("没有选择要办理的事项，请重新操作。")
        messages.success(request, action(self, batch))
        return HttpResponseRedirect(request.path)

    def steps(self, batch: PerformanceBatch) -> dict[str, bool]:
        """Return what this user may do next."""
        user, is_open = self.user, batch.state in OPEN_STATES
        decides = user.has_perm("payroll.approve_run") and batch.state == RunState.SUBMITTED
        return {
            "computes": is_open and user.has_perm("payroll.compute_performance"),
            "submits": is_open and user.has_perm("payroll.submit_performance") and user.role in STREET_ROLES,
            "reads": user.role == Role.LEADER and batch.read_at is None and batch.state != RunState.APPROVED,
            "decides": decides,
            "exports": user.has_perm("payroll.export_run"),
        }

    def given(self, batch: PerformanceBatch) -> dict[str, Any]:
        seen = self.request.POST.get("seen", "")
        return {"batch_id": batch.pk, "actor": self.user, "at": timezone.now(), "seen": seen}


class BatchDownload(YearPage):
    """GET masks numbers. POST with a purpose gives whole numbers and is recorded first."""

    permission = "payroll.export_run"

    def get(self, request: HttpRequest, year: int, street: str, number: int, kind: str) -> HttpResponse:
        batch, (title, ending, write, masks) = self.chosen(year, street, number, kind)
        if not masks:
            raise Refused("这份文件含完整证件号，请在批次页面填写用途后导出；没有这项权限的，请系统管理员授权。")
        return _streamed(write, batch, title, ending, {"private": False})

    def post(self, request: HttpRequest, year: int, street: str, number: int, kind: str) -> HttpResponse:
        batch, (title, ending, write, masks) = self.chosen(year, street, number, kind)
        purpose = request.POST.get("purpose", "")
        what = f"导出{batch}{title}"
        record_private_access(actor=self.user, what=what, purpose=purpose, people=batch.headcount, region=street)
        return _streamed(write, batch, title, ending, {"private": True} if masks else {})

    def chosen(self, year: int, street: str, number: int, kind: str) -> tuple[PerformanceBatch, Any]:
        if kind not in FILES:
            raise Http404
        return self.batch(self.street(street, year), year, number), FILES[kind]

    def refused(self, refusal: Exception) -> HttpResponse:
        messages.error(self.request, str(refusal))
        path = [self.kwargs[name] for name in ("year", "street", "number")]
        return HttpResponseRedirect(reverse("admin:pay_performance_batch", args=path))


def _streamed(
    write: Callable[..., int], batch: PerformanceBatch, title: str, ending: str, given: dict[str, Any]
) -> FileResponse:
    """Stream the open file. Its folder is deleted already, so nothing is left behind."""
    [chosen] = [one for one in select_batches(batch.year, [batch.street_id]) if one.pk == batch.pk]
    with TemporaryDirectory(prefix="songshan-") as folder:
        path = Path(folder, "file")
        write(batches=[chosen], path=path, **given)
        return FileResponse(path.open("rb"), as_attachment=True, filename=f"{batch}{title}.{ending}")


def _submit(page: BatchPage, batch: PerformanceBatch) -> str:
    submit_batch(**page.given(batch))
    return "已提交民政局审核。"


def _read(page: BatchPage, batch: PerformanceBatch) -> str:
    read_batch(**page.given(batch))
    return "已登记：负责人看过本批次。"


def _tick(page: BatchPage, batch: PerformanceBatch) -> str:
    keys = page.request.POST.getlist("key")
    if not keys:
        raise Refused("请先勾选要复核的事项。")
    given = {"actor": page.user, "at": timezone.now()}
    ticked = tick_looks(**given, occasion=batch.occasion, looks=looks_of(batch), keys=keys)
    return f"已复核{len(ticked)}件事。"


def _approve(page: BatchPage, batch: PerformanceBatch) -> str:
    approve_batch(**page.given(batch))
    return "已审核通过，可以发放。"


def _return(page: BatchPage, batch: PerformanceBatch) -> str:
    return_batch(**page.given(batch), reason=page.request.POST.get("reason", ""))
    return "已退回街道。"


ACTIONS: dict[str, Callable[[BatchPage, PerformanceBatch], str]] = {
    "submit": _submit,
    "read": _read,
    "tick": _tick,
    "approve": _approve,
    "return": _return,
}
