"""Posting a page as a browser would: what its form shows, with a few values changed."""

from typing import Any

from django.http import HttpResponse
from django.test import Client


def form_data(response: HttpResponse) -> dict[str, Any]:
    """Every field of the page's form and its inline rows, as they stand."""
    context = response.context
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    return {form.add_prefix(name): _shown(form, name) for form in forms for name in form.fields}


def _shown(form: Any, name: str) -> Any:
    value = form[name].value()
    prepared = form.fields[name].prepare_value(value)
    return "" if prepared is None or prepared is False else prepared


def submit(client: Client, url: str, **changes: Any) -> HttpResponse:
    """Open a page, change some fields, save."""
    return client.post(url, form_data(client.get(url)) | changes)


def errors_of(response: HttpResponse) -> str:
    """All the faults a refused page shows."""
    context = response.context
    shown = str(context["adminform"].form.errors)
    return shown + "".join(str(inline.formset.errors) for inline in context["inline_admin_formsets"])
