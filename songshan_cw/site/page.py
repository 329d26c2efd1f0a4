"""Base of all pages: sign-in, right, scope, and refusals as messages."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.views import View

from songshan_cw.data.refusal import NotAllowed, Overtaken, Refused
from songshan_cw.files.table import Table
from songshan_cw.policy import PolicyGap
from songshan_cw.site.drawing import Drawn, drawn
from songshan_cw.words import periods
from songshan_cw.words.periods import Month
from workers.models import User
from workers.rules.rights import who_may
from workers.selectors.refusals import reason_of
from workers.selectors.scope import visible

M = TypeVar("M", bound=models.Model)
FIRST_YEAR, LAST_YEAR = 2000, 2100


class Page(View):
    """One page. ``permission`` is the right it needs (empty: any signed-in user), ``template`` draws it."""

    permission = ""
    title = ""
    template = ""
    keeps_typed = False  # draw the page again after a refused POST, with the fields from ``request.POST``
    http_method_names = ["get", "post", "head", "options"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.permission:
            self.require(self.permission)
        try:
            return super().dispatch(request, *args, **kwargs)
        except (Refused, PolicyGap) as refusal:
            return self.refused(refusal)

    def refused(self, refusal: Exception) -> HttpResponse:
        """Redirect a refused POST to its page with the reason. Show the reason of a refused GET on an empty page."""
        if self.request.method != "POST":
            return self.show("pages/refusal.html", reason=reason_of(refusal))
        messages.error(self.request, reason_of(refusal))
        if self.keeps_typed and not isinstance(refusal, NotAllowed | Overtaken | PolicyGap):
            return self.again()
        return HttpResponseRedirect(self.request.get_full_path())

    def again(self) -> HttpResponse:
        """Draw the page with the user's input, except after another user's change."""
        get: Callable[..., HttpResponse] = getattr(self, "get")  # noqa: B009
        try:
            return get(self.request, **self.kwargs)
        except (Refused, PolicyGap):
            return HttpResponseRedirect(self.request.get_full_path())

    def show(self, template: str = "", **context: Any) -> HttpResponse:
        context.setdefault("title", self.title)
        context |= self.common()
        return TemplateResponse(
            self.request, template or self.template, {**admin.site.each_context(self.request), **context}
        )

    def draw(self, table: Table[Any], rows: Iterable[Any], **given: Any) -> Drawn:
        """Draw a table without the columns that the user has no right to."""
        return drawn(table.seen_by(self.user.has_perm), rows, **given)

    def common(self) -> dict[str, Any]:
        """Add to the context of every template of the page."""
        return {}

    @property
    def user(self) -> User:
        user = self.request.user
        if not isinstance(user, User):
            raise PermissionDenied
        return user

    def require(self, permission: str) -> None:
        """Refuse users without the right, naming the roles that have it."""
        if not self.user.has_perm(permission):
            raise PermissionDenied(who_may(permission))

    def seen(self, rows: QuerySet[M]) -> QuerySet[M]:
        return visible(rows, self.user)

    def one(self, rows: QuerySet[M], **lookup: Any) -> M:
        """Return the row, or 404 for a missing one and for one outside the user's scope."""
        found = self.seen(rows).filter(**lookup).first()
        if found is None:
            raise Http404
        return found


Address = tuple[str, type[Page], str]  # route, page, name


def month_in_path(text: str) -> Month:
    """Parse ``2026-10`` from a URL. Other forms and impossible months are 404."""
    try:
        month = periods.parse(text)
    except ValueError as fault:
        raise Http404 from fault
    if not FIRST_YEAR <= periods.year_of(month) <= LAST_YEAR:
        raise Http404
    return month
