"""Accounts, managed by administrators."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from songshan_cw.site.filters import term_filter
from songshan_cw.site.scoped_admin import ScopedModelAdmin
from songshan_cw.words.terms import Role
from workers.admin.forms import UserForm
from workers.models import User
from workers.services import Entry, device_of, remove_user, save_user


@admin.register(User)
class UserAdmin(ScopedModelAdmin):
    form = UserForm
    list_display = ["username", "full_name", "role", "region", "is_active", "waiting", "sees_private", "last_login"]
    list_select_related = ["region", "unconfirmed_by"]
    list_filter = [term_filter("role", "角色", Role)]
    search_fields = ["username", "full_name"]
    search_help_text = "按用户名、姓名查找"
    autocomplete_fields = ["region"]
    fields = [
        "username",
        "full_name",
        "role",
        "region",
        "new_password",
        "is_active",
        "sees_private",
        "second_factor",
        "waiting",
    ]
    readonly_fields = ["second_factor", "waiting"]
    ordering = ["username"]

    @admin.display(description="动态口令")
    def second_factor(self, obj: User) -> str:
        if obj.pk is None or device_of(obj) is None:
            return "未绑定"
        return format_html('已绑定　<a href="{}">重置（手机丢失时）</a>', reverse("admin:reset_factor", args=[obj.pk]))

    @admin.display(description="待确认")
    def waiting(self, obj: User) -> str:
        if obj.unconfirmed_by is None:
            return ""
        return format_html(
            '由{}办理，须另一位系统管理员<a href="{}">确认</a>',
            obj.unconfirmed_by,
            reverse("admin:confirm_user", args=[obj.pk]),
        )

    def store(self, request: HttpRequest, form: Any, saved: list[Entry], removed: list[Entry]) -> None:
        for entry in saved:
            save_user(
                actor=request.user,
                user=entry.instance,
                password=form.cleaned_data.get("new_password") or "",
                seen=entry.seen,
                at=timezone.now(),
            )

    def discard(self, request: HttpRequest, instance: Any) -> None:
        remove_user(actor=request.user, user=instance, at=timezone.now())
