"""The list of people and a person's page."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from unfold.widgets import UnfoldAdminTextInputWidget

from songshan_cw.data.fields import SealedTextField
from songshan_cw.site.filters import ChoiceFilter, place_filters, term_filter
from songshan_cw.site.scoped_admin import ScopedModelAdmin
from songshan_cw.words.terms import Category, CertificateLevel, Education, Position, Post
from workers.admin.forms import RegisterForm, WorkerForm
from workers.admin.inlines import FACT_INLINES
from workers.admin.policy_choices import policy_choices
from workers.models import STREET_ROLES, PostAssignment, Worker
from workers.rules.identity import birth_date, fault_of, masked, masked_account, masked_phone, sex
from workers.rules.recruitment import hiring_methods
from workers.rules.staffing import age_on
from workers.selectors.duplicates import sharing_notices
from workers.services import (
    Entry,
    amend_person,
    register_worker,
    remove_worker,
)

PARTICULARS = ["name", "id_number", "ethnicity", "political_status", "phone", "category", "hired_on", "entry_education"]
BANK = ["bank_name", "bank_account", "note"]
CONCEALED = {"id_number": "shown_id_number", "phone": "shown_phone", "bank_account": "shown_bank_account"}


class InServiceFilter(ChoiceFilter):
    title = "在岗状态"
    parameter_name = "in_service"
    path = "standing__left_on__isnull"

    def listed(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        return [(True, "在岗"), (False, "已离职")]


@admin.register(Worker)
class WorkerAdmin(ScopedModelAdmin):
    list_display = [
        "name",
        "shown_id_number",
        "community",
        "post",
        "position",
        "education",
        "certificate",
        "hired_on",
        "left_on",
    ]
    list_select_related = ["standing__street", "standing__community"]
    list_filter = [
        *place_filters("standing__street", community="standing__community"),
        term_filter("post", "岗位", Post, "standing__post"),
        term_filter("position", "职务", Position, "standing__position"),
        term_filter("education", "学历", Education, "standing__education"),
        term_filter("certificate", "职业资格", CertificateLevel, "standing__certificate"),
        term_filter("category", "聘用时的类别", Category),
        InServiceFilter,
    ]
    large = True
    quick_sorts = ["name", "hired_on"]
    ordering = ["id"]
    place_ordering = ["standing__street_id", "standing__community_id", "standing__worker_id", "id"]
    person_path = "pk"
    search_fields = ["name"]
    inlines = FACT_INLINES
    formfield_overrides = {SealedTextField: {"widget": UnfoldAdminTextInputWidget}}

    # --- display ---

    def get_list_display(self, request: HttpRequest) -> list[str]:
        columns = super().get_list_display(request)
        return columns if request.user.role in STREET_ROLES else [*columns[:2], "street", *columns[2:]]

    def get_fieldsets(self, request: HttpRequest, obj: Worker | None = None) -> Any:
        self_only = [
            ("基本情况", {"fields": [*PARTICULARS]}),
            ("工资账户与备注", {"fields": [*BANK]}),
        ]
        if obj is None:
            first = ["community", "post", "position", "dual", "method", "document_no"]
            self_only.insert(1, ("首次任职（自参加社区工作之日起）", {"fields": first}))
        else:
            self_only[0][1]["fields"] += ["age", "shown_sex"]
            if request.user.sees_private:
                self_only[0][1]["description"] = _way_to_numbers(obj)
        return self._with_version(request, obj, self._as_seen(request, obj, self_only))

    def _as_seen(self, request: HttpRequest, obj: Worker | None, sets: list[Any]) -> list[Any]:
        """Return the form for editing, or fields with masked numbers for reading. Whole numbers have their own page."""
        if self._can_save(request, obj):
            return sets
        return [
            (name, {**options, "fields": [CONCEALED.get(field, field) for field in options["fields"]]})
            for name, options in sets
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Worker | None = None) -> list[str]:
        return ["age", "shown_sex", *CONCEALED.values()]

    def get_inlines(self, request: HttpRequest, obj: Worker | None) -> Any:
        return [] if obj is None else self.inlines

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        kwargs["form"] = self._form_with_community(request) if obj is None else WorkerForm
        return super().get_form(request, obj, change=change, **kwargs)

    def _form_with_community(self, request: HttpRequest) -> Any:
        """Offer the communities that the appointment page would offer this user."""
        field = PostAssignment._meta.get_field("community")
        pages = self.admin_site.get_model_admin(PostAssignment)
        methods = policy_choices(request.user, timezone.localdate(), hiring_methods)
        given = {"community": pages.formfield_for_dbfield(field, request), "methods": methods}
        return type("RegisterForm", (RegisterForm,), given)

    # --- writing ---

    def store(self, request: HttpRequest, form: Any, saved: list[Entry], removed: list[Entry]) -> None:
        if form.instance._state.adding:
            given = form.cleaned_data
            register_worker(
                actor=request.user,
                worker=form.instance,
                community=given["community"],
                post=Post(given["post"]),
                position=Position(given["position"]),
                dual=given["dual"],
                document_no=given["document_no"],
                method=given["method"],
                at=timezone.now(),
            )
            self._warn_of_sharing(request, form.instance)
            return
        amend_person(actor=request.user, worker=form.instance, saved=saved, removed=removed, at=timezone.now())
        self._warn_of_sharing(request, form.instance)

    def _warn_of_sharing(self, request: HttpRequest, worker: Worker) -> None:
        for notice in sharing_notices(request.user, Worker.objects.select_related("standing").get(pk=worker.pk)):
            messages.warning(request, notice)

    def discard(self, request: HttpRequest, instance: Any) -> None:
        remove_worker(actor=request.user, worker=instance, at=timezone.now())

    # --- columns ---

    @admin.display(description="身份证号")
    def shown_id_number(self, obj: Worker) -> str:
        return masked(obj.id_number)

    @admin.display(description="联系电话", empty_value="未登记")
    def shown_phone(self, obj: Worker) -> str | None:
        return masked_phone(obj.phone) or None

    @admin.display(description="银行卡号", empty_value="未登记")
    def shown_bank_account(self, obj: Worker) -> str | None:
        return masked_account(obj.bank_account) or None

    @admin.display(description="年龄")
    def age(self, obj: Worker) -> str:
        """Show the age, because the birth date would complete the masked number."""
        return "—" if fault_of(obj.id_number) else f"{age_on(birth_date(obj.id_number), timezone.localdate())}岁"

    @admin.display(description="性别")
    def shown_sex(self, obj: Worker) -> str:
        """Derive the sex. A refused form may show a number without a seventeenth digit."""
        return "—" if fault_of(obj.id_number) else sex(obj.id_number)

    @admin.display(description="街道(乡镇)", ordering="standing__street", empty_value="—")
    def street(self, obj: Worker) -> Any:
        return _standing(obj, "street")

    @admin.display(description="社区", ordering="standing__community", empty_value="—")
    def community(self, obj: Worker) -> Any:
        return _standing(obj, "community")

    @admin.display(description="岗位", ordering="standing__post", empty_value="—")
    def post(self, obj: Worker) -> Any:
        return _standing(obj, "post")

    @admin.display(description="职务", ordering="standing__position", empty_value="—")
    def position(self, obj: Worker) -> Any:
        position = _standing(obj, "position")
        return f"{position}（一肩挑）" if _standing(obj, "dual") else position

    @admin.display(description="学历", ordering="standing__education", empty_value="—")
    def education(self, obj: Worker) -> Any:
        return _standing(obj, "education")

    @admin.display(description="职业资格", ordering="standing__certificate", empty_value="—")
    def certificate(self, obj: Worker) -> Any:
        return _standing(obj, "certificate") or None

    @admin.display(description="离职日期", ordering="standing__left_on", empty_value="—")
    def left_on(self, obj: Worker) -> Any:
        return _standing(obj, "left_on")


def _way_to_numbers(worker: Worker) -> str:
    address = reverse("admin:person_numbers", args=[worker.pk])
    return format_html('号码部分隐去。<a class="text-primary-600" href="{}">填写用途后查看完整号码</a>', address)


def _standing(worker: Worker, name: str) -> Any:
    return getattr(getattr(worker, "standing", None), name, None)
