"""Measuring pages as the bureau sees them: server time of one request, warm, at the median."""

from collections.abc import Iterator
from functools import partial

from django.test import Client, override_settings
from django.urls import reverse

from payroll.bench.measuring import Line, measure
from payroll.models import PayrollRun
from songshan_cw.periods import Month, label
from workers.models import User

REQUESTS = 7
# The signing-in is left out: the pages are what is measured.
PLAIN = {
    "ALLOWED_HOSTS": ["testserver"],
    "SECURE_SSL_REDIRECT": False,
    "REQUIRE_TOTP": False,
    "STORAGES": {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    },
}


def measure_pages(*, people: int, of_month: Month) -> Iterator[Line]:
    with override_settings(**PLAIN):
        client = Client()
        client.force_login(User.objects.get(username="bureau"), backend="workers.permissions.RoleBackend")
        for name, address in _addresses(of_month):
            client.get(address)
            samples = tuple(measure(partial(_ask, client, address)) for _ in range(REQUESTS))
            yield Line(people, f"页面：{name}", samples, (), None)


def _addresses(of_month: Month) -> list[tuple[str, str]]:
    run = PayrollRun.objects.filter(month=of_month).order_by("-headcount").first()
    street = run.street_id if run else ""
    listing = reverse("admin:people")
    return [
        ("首页", reverse("admin:index")),
        ("人员列表", listing),
        ("人员列表，按街道和岗位", f"{listing}?street={street}&post=正职"),
        ("人员列表，两字查找", f"{listing}?q=王丽"),
        ("人员列表，第50页", f"{listing}?page=50"),
        ("工资各月", reverse("admin:pay_months")),
        ("全区某月", reverse("admin:pay_month", args=[label(of_month)])),
        ("最大街道的批次", reverse("admin:pay_run", args=[label(of_month), street])),
    ]


def _ask(client: Client, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        raise AssertionError(f"{address} 回答 {answer.status_code}")
