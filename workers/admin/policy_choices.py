"""Values of the policies as choices and suggestions on forms."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminTextInputWidget

from songshan_cw.policy import PolicyGap, current_book, policy_at
from songshan_cw.policy.book import is_in_force
from songshan_cw.policy.schema import Policy
from workers.models import User
from workers.rules.leaving import exit_reasons
from workers.rules.recruitment import hiring_methods

Of = Callable[[Policy], Iterable[str]]


def policy_choices(user: User, day: date, of: Of) -> list[str]:
    """Return a value from the policy of the user's region, or from every document in force for users of all regions."""
    if user.region_id:
        try:
            return list(of(policy_at(user.region_id, day)))
        except PolicyGap:
            return []
    book = current_book()
    regions = [document.regions[0] for document in book.documents if is_in_force(document, day)]
    return list(dict.fromkeys(term for region in regions for term in of(book.at(region, day))))


def leave_kinds(policy: Policy) -> Iterable[str]:
    return policy.leave.kinds.value


def suggest_methods(field: Any, db_field: models.Field, request: HttpRequest) -> Any:
    """Suggest the ways of hiring in a text field (S 二(三)2; O 7)."""
    if field is not None and db_field.name == "method":
        field.widget = SuggestingInput(policy_choices(request.user, timezone.localdate(), hiring_methods))
    return field


def suggest_reasons(field: Any, db_field: models.Field, request: HttpRequest) -> Any:
    """Suggest the policy's reasons to leave in a text field (rules 9.4)."""
    if field is not None and db_field.name == "reason":
        field.widget = SuggestingInput(policy_choices(request.user, timezone.localdate(), exit_reasons))
    return field


class SuggestingInput(UnfoldAdminTextInputWidget):
    """A text field with suggestions. Stored values remain valid."""

    def __init__(self, suggestions: Iterable[str]) -> None:
        super().__init__(attrs={"autocomplete": "off"})
        self.suggestions = tuple(suggestions)

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        key = f"list-{name}"
        shown = super().render(name, value, {**(attrs or {}), "list": key}, renderer)
        options = format_html_join("", '<option value="{}"></option>', ((each,) for each in self.suggestions))
        return format_html('{}<datalist id="{}">{}</datalist>', shown, key, options)
