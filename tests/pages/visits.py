"""What the page tests share: who signs in, and the two steps of a guided action."""

from datetime import date
from typing import Any

from django.test import Client
from django.urls import reverse

from tests.payroll import world
from workers.models import Worker

TODAY = date(2026, 11, 21)
CANARY = "不该看见"
HIRED = date(2021, 3, 8)
YEARS = dict.fromkeys(range(2022, 2026), "合格")


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(world.user(username), backend="django.contrib.auth.backends.ModelBackend")
    return client


def act(client: Client, worker: Worker, kind: str, step: str, **given: Any) -> Any:
    return client.post(reverse("admin:person_event", args=[worker.pk, kind]), {**given, "step": step})


def confirm(client: Client, worker: Worker, kind: str, **given: Any) -> Any:
    """Preview, then confirm what was previewed."""
    shown = act(client, worker, kind, "preview", **given)
    assert "found" in shown.context_data, shown.context_data["form"].errors
    return act(client, worker, kind, "confirm", seen=shown.context_data["found"].fingerprint, **given)
