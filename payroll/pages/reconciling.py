"""The bureau's page of the last full recomputation of closed months (rules 5.6)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from payroll.models import Reconciliation
from payroll.services.reconciling import reconcile_district
from songshan_cw.data.refusal import Refused
from songshan_cw.files.table import MONEY, SIGNED, Column, Table
from songshan_cw.site.page import Page
from songshan_cw.words.components import components
from songshan_cw.words.regions import district_of
from songshan_cw.words.terms import RegionLevel
from workers.models import Region
from workers.rules.identity import masked

Row = Mapping[str, str]


def differences_table() -> Table[Row]:
    labels = {one.csv_name: one.label for one in components()}
    return Table(
        "台账差额",
        [
            Column("身份证号", lambda row: masked(row["id_number"]), names_row=True),
            Column("月份", lambda row: row["month"]),
            Column("项目", lambda row: labels.get(row["component"], row["component"])),
            Column("应得", lambda row: Decimal(row["due"]), MONEY, unit="元"),
            Column("已计", lambda row: Decimal(row["carried"]), MONEY, unit="元"),
            Column("差额", lambda row: Decimal(row["due"]) - Decimal(row["carried"]), SIGNED, unit="元"),
        ],
        empty="没有差额：每个已审核的月份，台账与现在的资料一致。",
    )


class ReconciliationPage(Page):
    """The last result, and a button to recompute the district now."""

    permission = "payroll.reconcile"
    title = "台账核对"
    template = "pages/payroll/reconciliation.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        last = self.seen(Reconciliation.objects.select_related("by", "district")).first()
        rows: list[dict[str, Any]] = last.differences if last else []
        return self.show(last=last, differences=self.draw(differences_table(), rows))

    def post(self, request: HttpRequest) -> HttpResponse:
        code = district_of(self.user.region_id or "")
        if not code:
            raise Refused("请由区民政局核对本区的台账。")
        district = self.one(Region.objects.filter(level=RegionLevel.DISTRICT.value), code=code)
        found = reconcile_district(district=district, actor=self.user, at=timezone.now())
        messages.success(request, f"已核对{found.people}人、{found.months}个人月，{len(found.differences)}处差额。")
        return HttpResponseRedirect(request.path)
