"""Grade tables: import as samples, compare with the one in force, confirm under a document number (rules 3.3)."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from payroll.models import GradeTable, PayStandard
from payroll.pages.grade_tables import (
    COEFFICIENTS,
    COMPARED,
    list_table,
    people_table,
    requirements_table,
    streets_table,
)
from payroll.selectors import housekeeping, overview
from payroll.selectors.comparison import Comparison, compare, graded, requirements_of
from payroll.services.tables import confirm_grade_table, import_grade_table
from songshan_cw.data.refusal import Refused
from songshan_cw.site.page import Page, month_in_path
from songshan_cw.words.periods import Month, label, month_of
from songshan_cw.words.terms import RegionLevel, TableState
from workers.models import Region
from workers.rules.rights import roles_with

VIEW = "payroll.view_gradetable"
TABLES, PEOPLE, STEPS = 20, 50, 12


class TablesPage(Page):
    """The tables of a district. A workbook imports a new one."""

    permission = VIEW
    title = "等级系数表"
    template = "pages/tables/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        brings = self.user.has_perm("payroll.import_table")
        nothing = "请在下面导入。" if brings else f"由{roles_with('payroll.import_table')}导入。"
        rows = Paginator(housekeeping.tables_of(self.user), TABLES).get_page(request.GET.get("page"))
        return self.show(
            tables=self.draw(list_table(confirms=self.user.has_perm("payroll.confirm_table"), nothing=nothing), rows),
            brings=brings,
            districts=self.districts() if brings else [],
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        district = self.one(Region.objects.filter(level=RegionLevel.DISTRICT.value), code=request.POST.get("district"))
        file = request.FILES.get("file")
        if not isinstance(file, UploadedFile):
            raise Refused("请先选择等级系数表文件（xlsx，含“系数”“年限”“基数”三张表）。")
        table = self.bring(file, district)
        messages.success(request, f"{table.name}已导入为试算表。请核对影响，由民政局写明文号后确认。")
        return HttpResponseRedirect(reverse("admin:pay_table", args=[table.pk]))

    def bring(self, file: UploadedFile, district: Region) -> GradeTable:
        """Read the upload from a temporary folder with a name of ours."""
        if (file.size or 0) > settings.UPLOAD_BYTES:
            raise Refused(f"文件超过{settings.UPLOAD_BYTES // 1024 // 1024}MB，不是等级系数表。请检查后重新选择。")
        with TemporaryDirectory(prefix="songshan-") as folder:
            path = Path(folder, f"table{Path(file.name or '').suffix.lower()[:6]}")
            with path.open("wb") as copy:
                for chunk in file.chunks():
                    copy.write(chunk)
            return import_grade_table(path=path, district=district.code, actor=self.user, at=timezone.now())

    def districts(self) -> list[Region]:
        """Return where a table may be imported: the own district, or for the administrator any with people."""
        seen = self.seen(Region.objects.filter(level=RegionLevel.DISTRICT.value)).order_by("code")
        if self.user.region_id:
            return list(seen.filter(code=self.user.region_id))
        streets = {row.street.code[:6] for row in overview.months_by_street(self.user, [])}
        return list(seen.filter(code__in=streets)) or list(seen[:1])


class TablePage(Page):
    """One table beside the one in force: coefficients, base, and amounts by street and person."""

    permission = VIEW
    template = "pages/tables/table.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        table = self.one(GradeTable.objects.select_related("district", "uploaded_by", "confirmed_by"), pk=pk)
        decides = self.user.has_perm("payroll.import_table") or self.user.has_perm("payroll.confirm_table")
        compares = decides and table.state == TableState.SAMPLE
        comparison = compare(table=table, month=self.month(table)) if compares else None
        requirements = requirements_of(table, comparison.in_force if comparison else None)
        return self.show(
            title=table.name,
            table=table,
            standards=table.standards.order_by("start"),
            coefficients=self.draw(COEFFICIENTS, table.coefficients.order_by("grade")),
            requirements=self.draw(requirements_table(range(1, STEPS + 1)), requirements.items()),
            confirms=table.state == TableState.SAMPLE and self.user.has_perm("payroll.confirm_table"),
            **(self.effects(comparison) if comparison else {}),
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        table = self.one(GradeTable.objects.all(), pk=pk)
        done = confirm_grade_table(
            district=table.district_id,
            table_id=table.pk,
            document_no=request.POST.get("document_no", "")[:60],
            actor=self.user,
            at=timezone.now(),
        )
        messages.success(request, f"已按{done.document_no}确认。此后计算的批次不再是试算；未审核的批次请重新计算。")
        return HttpResponseRedirect(request.path)

    def month(self, table: GradeTable) -> Month:
        """Return the requested month, by default this one or the table's first if later."""
        asked = self.request.GET.get("month")
        if asked:
            return month_in_path(asked)
        first = PayStandard.objects.filter(table=table).order_by("start").values_list("start", flat=True).first()
        return max(month_of(timezone.localdate()), first or 0)

    def effects(self, comparison: Comparison) -> dict[str, Any]:
        street = self.request.GET.get("street", "")
        people = [one for one in comparison.people if one.difference and street in ("", one.street)]
        people.sort(key=lambda one: (one.community, one.name))
        names = dict(Region.objects.filter(level=RegionLevel.STREET.value).values_list("code", "name"))
        before, after = comparison.bases
        query = f"{urlencode({'month': label(comparison.month), 'street': street})}&"
        paid = [one.label for one in graded() if one.is_paid_monthly]
        sheet = Paginator(people, PEOPLE).get_page(self.request.GET.get("page"))
        return {
            "comparison": comparison,
            "streets": self.draw(streets_table(label(comparison.month)), comparison.streets),
            "grades": self.draw(COMPARED, comparison.grades),
            "graded": [one.label for one in graded()],
            "month": comparison.month,
            "month_key": label(comparison.month),
            "base_before": before,
            "base_after": after,
            "street_name": names.get(street, ""),
            "street": street,
            "people": self.draw(people_table(names, paid), sheet, query=query, anchor="people"),
        }
