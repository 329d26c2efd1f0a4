"""Runs, slips, tables: to look at. What moves a run are services with pages of their own."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from payroll.models import (
    Budget,
    BudgetBasis,
    BudgetMonth,
    DisposableIncome,
    GradeCoefficient,
    GradeTable,
    PayLine,
    PayrollRun,
    Payslip,
    PayStandard,
    PersonalWeight,
    ResultWeight,
    RunEvent,
    RunNote,
    StepRequirement,
)
from payroll.rules.columns import Column, PayColumns
from payroll.services.performance import remove_weight, set_weight
from songshan_cw.policy import current_book
from songshan_cw.site.columns import decimal_column, money_column, month_column
from songshan_cw.site.filters import place_filters, span_filter, term_filter, year_filter
from songshan_cw.site.scoped_admin import ReadOnlyAdmin, ReadOnlyInline, ScopedModelAdmin
from songshan_cw.words.terms import Component, Post, Result, RunState, TableState
from workers.models import STREET_ROLES
from workers.services import Entry

MONTH = month_column("month", "月份")
FOR_MONTH = month_column("for_month", "所属月份")
AMOUNT = money_column("amount", "金额")
COEFFICIENT = decimal_column("coefficient", "系数")
ANNUAL_BASE = money_column("annual_base", "年基数")


@admin.display(description="政策文件")
def policy_document(obj: PayrollRun | Payslip) -> str:
    return current_book().cited(obj.policy_version)


def sum_columns() -> list[Callable[[Any], str]]:
    """One column of the admin for each column of pay."""
    return [_sum_column(column) for column in PayColumns().all]


def _sum_column(column: Column) -> Callable[[Any], str]:
    @admin.display(description=f"{column.label}(元)")
    def amount(obj: PayrollRun | Payslip) -> str:
        return f"{obj.sums[column]:,.2f}"

    amount.__name__ = column.csv_name
    return amount


class SumsMixin:
    """Runs and slips with their amounts; these come of the component table, so they are added when a page is shown."""

    sums_after: tuple[Any, Any]  # what they follow in the list, and on the page of one
    sums_of = "totals"  # the rows that hold the amounts

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related(self.sums_of)

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return _insert_after(super().get_list_display(request), self.sums_after[0])

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return _insert_after(super().get_fields(request, obj), self.sums_after[1])

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [*super().get_readonly_fields(request, obj), *sum_columns()]


def _insert_after(names: Sequence[Any], name: Any) -> list[Any]:
    place = list(names).index(name) + 1
    return [*names[:place], *sum_columns(), *names[place:]]


class RunEventInline(ReadOnlyInline):
    model = RunEvent
    fields = readonly_fields = ["at", "actor", "action", "reason"]


class RunNoteInline(ReadOnlyInline):
    model = RunNote
    fields = readonly_fields = ["kind", "worker", "text"]
    per_page = 50

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("worker")


@admin.register(PayrollRun)
class PayrollRunAdmin(SumsMixin, ReadOnlyAdmin):
    sums_after = "headcount", "headcount"
    list_display = ["street", MONTH, "state", "trial", "headcount", "submitted_by", "approved_by"]
    list_select_related = ["street", "table", "submitted_by", "approved_by"]
    ordering = ["-month", "street_id"]
    list_filter = [
        *place_filters("street"),
        span_filter("month", "月份", PayrollRun),
        term_filter("state", "状态", RunState),
    ]
    readonly_fields = [
        "street",
        MONTH,
        "state",
        "trial",
        "return_reason",
        "headcount",
        "table",
        policy_document,
        "computed_at",
        "submitted_by",
        "submitted_at",
        "approved_by",
        "approved_at",
    ]
    fields = readonly_fields
    inlines = [RunEventInline, RunNoteInline]


class PayLineInline(ReadOnlyInline):
    model = PayLine
    fields = readonly_fields = [FOR_MONTH, "component", AMOUNT, "clause"]


class LedgerAdmin(ReadOnlyAdmin):
    """Rows of every person and month: one run's at a time, newest first."""

    large = True
    narrow_first = "先选街道和月份"

    def narrowed(self, request: HttpRequest) -> bool:
        street = request.GET.get("street") or request.user.role in STREET_ROLES
        return bool(street and request.GET.get("month"))


@admin.register(Payslip)
class PayslipAdmin(SumsMixin, LedgerAdmin):
    sums_after = COEFFICIENT, ANNUAL_BASE
    sums_of = "lines"
    list_display = ["name", MONTH, "community", "post", "grade", COEFFICIENT, "run_state"]
    list_filter = [
        *place_filters("run__street", community="community"),
        span_filter("month", "月份", PayrollRun, "run__month"),
        term_filter("post", "岗位", Post),
        term_filter("state", "状态", RunState, "run__state"),
    ]
    ordering = ["-run_id", "id"]
    person_path = "worker"
    search_fields = ["worker__name"]
    readonly_fields = [
        "name",
        "run",
        MONTH,
        "community",
        "post",
        "position",
        "dual",
        "credited_months",
        "step",
        "grade",
        COEFFICIENT,
        ANNUAL_BASE,
        policy_document,
        "table",
        "explanation",
    ]
    fields = readonly_fields
    inlines = [PayLineInline]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("run__street", "community")

    @admin.display(description="推算过程")
    def explanation(self, obj: Payslip) -> str:
        return format_html(
            '<a class="text-primary-600" href="{}">查看工资说明</a>', reverse("admin:pay_explain", args=[obj.pk])
        )

    @admin.display(description="批次状态", ordering="run__state")
    def run_state(self, obj: Payslip) -> str:
        return f"{obj.run.state}（试算）" if obj.run.trial else obj.run.state


@admin.register(PayLine)
class PayLineAdmin(LedgerAdmin):
    list_display = ["payslip", FOR_MONTH, "component", AMOUNT, "clause"]
    list_select_related = ["payslip"]
    list_filter = [
        *place_filters("payslip__run__street"),
        span_filter("month", "批次月份", PayrollRun, "payslip__run__month"),
        term_filter("component", "项目", Component),
    ]
    ordering = ["-payslip__run_id", "payslip_id", "for_month", "component"]
    person_path = "worker"
    search_fields = ["worker__name"]
    fields = readonly_fields = ["payslip", FOR_MONTH, "component", AMOUNT, "clause"]


@admin.register(RunEvent)
class RunEventAdmin(ReadOnlyAdmin):
    list_display = ["run", "at", "actor", "action", "reason"]
    list_select_related = ["run__street", "actor"]
    list_filter = place_filters("run__street")
    large = True
    fields = readonly_fields = list_display
    ordering = ["-id"]
    place_ordering = ["-run_id", "-id"]


class CoefficientInline(ReadOnlyInline):
    model = GradeCoefficient
    fields = readonly_fields = ["grade", COEFFICIENT]


class RequirementInline(ReadOnlyInline):
    model = StepRequirement
    fields = readonly_fields = ["post", "step", "months"]


class StandardInline(ReadOnlyInline):
    model = PayStandard
    fields = readonly_fields = [month_column("start", "起始月份"), money_column("annual_base", "年基数")]


@admin.register(GradeTable)
class GradeTableAdmin(ReadOnlyAdmin):
    list_display = ["name", "district", "state", "document_no", "uploaded_at", "uploaded_by", "confirmed_by"]
    list_select_related = ["district", "uploaded_by", "confirmed_by"]
    list_filter = [term_filter("state", "状态", TableState)]
    fields = readonly_fields = [*list_display, "confirmed_at"]
    inlines = [CoefficientInline, RequirementInline, StandardInline]


@admin.register(GradeCoefficient)
class GradeCoefficientAdmin(ReadOnlyAdmin):
    list_display = ["table", "grade", COEFFICIENT]
    list_select_related = ["table"]
    fields = readonly_fields = list_display


@admin.register(StepRequirement)
class StepRequirementAdmin(ReadOnlyAdmin):
    list_display = ["table", "post", "step", "months"]
    list_select_related = ["table"]
    fields = readonly_fields = list_display


@admin.register(PayStandard)
class PayStandardAdmin(ReadOnlyAdmin):
    list_display = ["table", month_column("start", "起始月份"), money_column("annual_base", "年基数")]
    list_select_related = ["table"]
    fields = readonly_fields = list_display


class WeightAdmin(ScopedModelAdmin):
    """What a street sets for its performance pool."""

    list_select_related = ["street"]
    autocomplete_fields = ["street"]

    def store(self, request: HttpRequest, form: Any, saved: list[Entry], removed: list[Entry]) -> None:
        for entry in saved:
            set_weight(actor=request.user, weight=entry.instance, seen=entry.seen, at=timezone.now())

    def discard(self, request: HttpRequest, instance: Any) -> None:
        remove_weight(actor=request.user, weight=instance, at=timezone.now())


@admin.register(ResultWeight)
class ResultWeightAdmin(WeightAdmin):
    list_display = ["street", "year", "result", decimal_column("weight", "权重")]
    list_filter = [
        *place_filters("street"),
        year_filter("year", "年度"),
        term_filter("result", "等次", Result),
    ]


@admin.register(PersonalWeight)
class PersonalWeightAdmin(WeightAdmin):
    list_display = ["worker", "street", "year", decimal_column("weight", "权重"), "reason"]
    list_select_related = ["worker", "street"]
    list_filter = [*place_filters("street"), year_filter("year", "年度")]
    autocomplete_fields = ["worker", "street"]
    person_path = "worker"
    search_fields = ["worker__name"]


class BudgetMonthInline(ReadOnlyInline):
    model = BudgetMonth
    fields = readonly_fields = [MONTH, "headcount", "promoted", "base", "allowance", "performance", "insurance"]


@admin.register(Budget)
class BudgetAdmin(ReadOnlyAdmin):
    list_display = [
        "street",
        "year",
        "state",
        "trial",
        "headcount",
        money_column("base_total", "基本工资"),
        money_column("allowance_total", "职业津贴"),
        money_column("performance_total", "绩效工资"),
        money_column("insurance_total", "单位缴费"),
        money_column("training_total", "培训经费"),
        "submitted_by",
        "approved_by",
    ]
    list_select_related = ["street", "submitted_by", "approved_by"]
    list_filter = [
        *place_filters("street"),
        year_filter("year", "年度"),
        term_filter("state", "状态", RunState),
    ]
    fields = readonly_fields = [
        *list_display,
        "insurance_rate",
        "training_per_head",
        "computed_at",
        "submitted_at",
        "approved_at",
        "return_reason",
    ]
    inlines = [BudgetMonthInline]


@admin.register(BudgetBasis)
class BudgetBasisAdmin(ReadOnlyAdmin):
    list_display = [
        "district",
        "year",
        decimal_column("insurance_rate", "单位缴费比例(%)"),
        money_column("training_per_head", "人均培训经费"),
        "entered_by",
        "entered_at",
    ]
    list_select_related = ["district", "entered_by"]
    fields = readonly_fields = list_display


@admin.register(DisposableIncome)
class DisposableIncomeAdmin(ReadOnlyAdmin):
    list_display = ["district", "year", money_column("amount", "人均可支配收入"), "entered_by", "entered_at"]
    list_select_related = ["district", "entered_by"]
    fields = readonly_fields = list_display
