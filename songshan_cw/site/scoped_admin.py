"""Base of all admin classes: scope, masking, versions, and writing through services.

They translate: a posted form becomes one service call, a refusal becomes a message on the same form.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ShowFacets, helpers
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import SuspiciousOperation
from django.db import transaction
from django.db.models import ForeignKey, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.admin import ModelAdmin, TabularInline

from songshan_cw.data.refusal import Refused
from songshan_cw.site.changelists import ListMixin
from workers.selectors.scope import visible
from workers.selectors.trail import changes_of
from workers.services import Entry, version_of

VERSION_FIELD = "seen_version"


class VersionField(forms.CharField):
    """Hold the version the page showed. It never counts as a change of the user."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class ServiceForm(forms.ModelForm):
    """A model form with the version it was opened on, showing the service's refusal."""

    seen_version = VersionField(required=False, label="")
    refusal = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[VERSION_FIELD].initial = version_of(self.instance)
        if self.instance.pk:
            self._keep_what_is_out_of_reach()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.refusal:
            self.add_error(None, self.refusal.splitlines())
        if self.instance.pk and not self.instance._state.adding and not cleaned.get(VERSION_FIELD):
            self.add_error(None, "页面已过期，请重新打开后再修改。")
        return cleaned

    def _keep_what_is_out_of_reach(self) -> None:
        """Keep a place of another street in somebody's history selectable."""
        for name, field in self.fields.items():
            if not isinstance(field, forms.ModelChoiceField):
                continue
            key = getattr(self.instance, f"{name}_id", None)
            if key is not None and not field.queryset.filter(pk=key).exists():
                field.queryset = field.queryset.model._default_manager.filter(pk=key)
                field.disabled = True

    def entry(self) -> Entry:
        return Entry(self.instance, self.cleaned_data.get(VERSION_FIELD, ""))


class ScopedMixin:
    """Limit rows, choices and labels to the user's scope, for pages and inlines."""

    form = ServiceForm

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return visible(super().get_queryset(request), request.user)

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("queryset", visible(db_field.related_model._default_manager.all(), request.user))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer an empty choice first, so that nothing is preselected."""
        kwargs.setdefault("choices", db_field.get_choices(include_blank=True, blank_choice=[("", "请选择")]))
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and hasattr(field.widget, "can_add_related"):
            for link in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
                setattr(field.widget, link, False)
        return field

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Add the version to forms that can be saved."""
        return self._with_version(request, obj, super().get_fieldsets(request, obj))

    def _with_version(self, request: HttpRequest, obj: Any, fieldsets: Any) -> Any:
        sets = [
            (title, {**options, "fields": [name for name in options["fields"] if name != VERSION_FIELD]})
            for title, options in fieldsets
        ]
        if self._can_save(request, obj):
            sets[-1][1]["fields"].append(VERSION_FIELD)
        return sets

    def _can_save(self, request: HttpRequest, obj: Any) -> bool:
        if obj is None:
            return bool(self.has_add_permission(request))
        return bool(self.has_change_permission(request, obj))


class ScopedInline(ScopedMixin, TabularInline):
    """One kind of a person's facts, as a tab of the person's page."""

    extra = 0
    tab = True
    show_change_link = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._page_is_kept(request) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._page_is_kept(request) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._page_is_kept(request) and super().has_delete_permission(request, obj)

    def _page_is_kept(self, request: HttpRequest) -> bool:
        """Return whether the page can be saved, which its rows need to be editable."""
        opts = self.parent_model._meta
        return bool(request.user.has_perm(f"{opts.app_label}.change_{opts.model_name}"))

    def _can_save(self, request: HttpRequest, obj: Any) -> bool:
        return bool(self.has_change_permission(request, obj) or self.has_add_permission(request, obj))


class ScopedModelAdmin(ListMixin, ScopedMixin, ModelAdmin):
    """Records within the user's scope, written by ``store`` and ``discard``, which call services."""

    actions: Sequence[Any] = ()
    list_per_page = 50
    list_max_show_all = 200
    list_filter_submit = True
    show_facets = ShowFacets.NEVER
    save_on_top = False
    warn_unsaved_form = True
    delete_confirmation_template = "songshan/delete.html"
    object_history_template = "songshan/history.html"

    def store(self, request: HttpRequest, form: Any, saved: list[Entry], removed: list[Entry]) -> None:
        """Pass a posted page to a service. Read-only pages never call it."""
        raise Refused("这类记录由系统生成，不能手工改动。")

    def discard(self, request: HttpRequest, instance: Any) -> None:
        """Pass a deletion to a service."""
        raise Refused("这类记录由系统生成，不能手工删除。")

    # --- reading ---

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> Any:
        raise Http404

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        try:
            return super().get_object(request, object_id, from_field)
        except OverflowError:
            return None

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Show our own changes within the user's scope."""
        obj = self.get_object(request, object_id)
        if obj is None or not self.has_view_or_change_permission(request, obj):
            raise Http404
        context = {
            **self.admin_site.each_context(request),
            "title": f"变更记录：{obj}",
            "subtitle": None,
            "changes": changes_of(request.user, obj)[:200],
            "object": obj,
            "opts": self.opts,
            "preserved_filters": self.get_preserved_filters(request),
        }
        return TemplateResponse(request, self.object_history_template, context)

    # --- writing ---

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.refusal = getattr(request, "refusal", "")
        return form

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show a refusal as a message on the form with the user's input. Its transaction is rolled back."""
        if IS_POPUP_VAR in request.GET or IS_POPUP_VAR in request.POST:
            raise SuspiciousOperation("弹出窗口未启用。")
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refusal:
            request.refusal = str(refusal)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Do nothing: ``save_related`` writes the record with its inline rows."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Iterable[Any], change: bool) -> None:
        saved = [form.entry()] if not change or form.changed_data else []
        removed: list[Entry] = []
        for formset in formsets:
            formset.save(commit=False)
            gone = formset.deleted_forms
            removed += [row.entry() for row in gone if not row.instance._state.adding]
            saved += [row.entry() for row in formset.forms if row not in gone and row.has_changed()]
        self.store(request, form, saved, removed)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except Refused as refusal:
            messages.error(request, str(refusal))
            name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
            return HttpResponseRedirect(reverse(name, args=[object_id]))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.discard(request, obj)

    def get_deleted_objects(self, objs: Iterable[Any], request: HttpRequest) -> Any:
        """List only the requested records, because related ones may be outside the user's scope."""
        rows = list(objs)
        return [str(row) for row in rows], {str(self.opts.verbose_name): len(rows)}, set(), []

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        """Apply an action to all records or none, and validate their keys."""
        for key in request.POST.getlist(helpers.ACTION_CHECKBOX_NAME):
            try:
                self.opts.pk.to_python(key)
            except forms.ValidationError as fault:
                raise SuspiciousOperation("所选记录的编号无效。") from fault
        try:
            with transaction.atomic():
                return super().response_action(request, queryset)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(request.get_full_path())

    # --- services record changes ---

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """Do nothing: the service records it."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """Do nothing: the service records it."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:
        """Do nothing: the service records it."""


class ReadOnlyAdmin(ScopedModelAdmin):
    """Records that are written elsewhere."""

    form = forms.ModelForm

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyInline(ScopedInline):
    """Read-only rows of a record."""

    form = forms.ModelForm

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
