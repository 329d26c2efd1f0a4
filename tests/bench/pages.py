"""Measuring pages as each role sees them: server time of one request, warm, at the median.

The CPU reported is this process's and the database's together, where the system says it: on a busy machine the clock
also counts the waiting.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse

from payroll.models import PayrollRun
from songshan_cw.words.periods import Month, label, parse
from tests.bench.measuring import Line, Sample, measure
from workers.models import User

REQUESTS = 10
NANOSECONDS = 1_000_000_000
# The signing-in is left out: the pages are what is measured. No static files are collected for it.
PLAIN = {
    "ALLOWED_HOSTS": ["testserver"],
    "SECURE_SSL_REDIRECT": False,
    "REQUIRE_TOTP": False,
    "MIDDLEWARE": [name for name in settings.MIDDLEWARE if "whitenoise" not in name],
    "STORAGES": {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    },
}
Addresses = list[tuple[str, str]]


def measure_pages(*, people: int, of_month: Month) -> Iterator[Line]:
    """The largest street's clerk, then the district's users, then the administrator."""
    run = PayrollRun.objects.filter(month=of_month).order_by("-headcount", "street").first()
    street = run.street_id if run else ""
    with override_settings(**PLAIN):
        for username, addresses in addresses_by_user(street, label(of_month)).items():
            client = Client()
            user = User.objects.get(username=username)
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
            for name, address in addresses:
                client.get(address)
                samples = tuple(_sample(client, address) for _ in range(REQUESTS))
                yield Line(people, f"页面：{user.role}，{name}", samples, (), None)


def addresses_by_user(street: str, month: str) -> dict[str, Addresses]:
    """Who opens what."""
    start = [("首页", reverse("admin:index"))]
    run = [("最大街道的批次", reverse("admin:pay_run", args=[month, street]))]
    months = [("工资各月", reverse("admin:pay_months")), ("某月各街道", reverse("admin:pay_month", args=[month]))]
    one_street = [("人员列表，按街道和岗位", f"{reverse('admin:people')}?street={street}&post=正职")]
    return {
        f"clerk-{street}": [*start, *_lists(), *_grades(), *run, *_registers("")],
        "bureau": [*start, *_lists(), *_grades(), *one_street, *months, *run, *_registers("")],
        "finance": [*start, *months, *run],
        "organisation": [*start, *_lists()],
        "admin": [*start, *_lists(), *one_street, *months, *run, *_registers(street), *_tables(street, month)],
    }


def _lists() -> Addresses:
    listing = reverse("admin:people")
    queries = {
        "人员列表": "",
        "人员列表，按岗位": "?post=正职",
        "人员列表，按职业资格": "?certificate=社会工作师",
        "人员列表，合同已到期": "?contract=已到期",
        "人员列表，已离职": "?serving=已离职",
        "人员列表，缺银行卡号": "?missing=缺银行卡号",
        "人员列表，缺上年度考核": "?missing=缺上年度考核",
        "人员列表，两字查找": "?q=王丽",
        "人员列表，首字母查找": "?q=wl",
        "人员列表，电话查找": "?q=1380",
        "人员列表，按姓名排序": "?o=name",
        "人员列表，按合同排序": "?o=-contract",
        "人员列表，最后一页": "?page=200",
    }
    return [(name, listing + query) for name, query in queries.items()]


def _grades() -> Addresses:
    listing = reverse("admin:people")
    return [("人员列表，按等级", f"{listing}?grade=9"), ("人员列表，按等级排序", f"{listing}?o=-grade")]


def _registers(street: str) -> Addresses:
    chosen = f"?street={street}" if street else ""
    names = {
        "限额检查": "limits",
        "人员配备": "staffing",
        "培训走访休假": "duties",
        "合同": "contracts",
        "档案": "archives",
        "晋级预测": "forecast",
        "经费预算": "budgets",
    }
    return [(name, reverse(f"admin:{route}") + chosen) for name, route in names.items()]


def _tables(street: str, month: str) -> Addresses:
    """The tables of records as the administrator asks them: by nothing, by place, by person, by column, to the end."""
    place, ledger = f"street={street}", f"street={street}&month={parse(month)}"
    tables = {
        "社区工作者": ("workers_worker", f"{place}&post=正职", "o=0"),
        "任职": ("workers_postassignment", f"{place}&post=正职", f"{place}&o=2"),
        "合同": ("workers_contract", place, f"{place}&o=3"),
        "年度考核": ("assessment_annualassessment", f"{place}&result=优秀", f"{place}&o=2"),
        "工资条": ("payroll_payslip", f"{ledger}&post=正职", f"{ledger}&o=4"),
        "工资明细": ("payroll_payline", f"{ledger}&component=基本工资", f"{ledger}&o=3"),
        "工资批次": ("payroll_payrollrun", f"month={parse(month)}", "o=4"),
        "变更记录": ("workers_change", "", ""),
    }
    addresses = []
    for name, (route, filtered, sorted_by) in tables.items():
        placed = {"按旗县区": f"district={street[:6]}", "按街道": place, "筛选": filtered, "排序": sorted_by}
        queries = {"": "", "最后一页": "p=200", "两字查找": "q=王丽", "首字母查找": "q=wl"} | (
            placed if filtered else {}
        )
        listing = reverse(f"admin:{route}_changelist")
        addresses += [(f"记录表，{name}{asked}", f"{listing}?{query}") for asked, query in queries.items()]
    return addresses


def _sample(client: Client, address: str) -> Sample:
    before = _database_cpu()
    sample = measure(partial(_ask, client, address))
    return replace(sample, cpu=sample.cpu + _database_cpu() - before)


def _database_cpu() -> float:
    """Seconds of the connection's own server process; none where it cannot be seen."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")  # all work in the process looked at
        cursor.execute("SELECT pg_backend_pid()")
        used = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    return int(used.read_text().split()[0]) / NANOSECONDS if used.exists() else 0


def _ask(client: Client, address: str) -> None:
    answer = client.get(address, follow=True)  # a list shorter than the last page asked for opens its first
    if answer.status_code != 200:
        raise AssertionError(f"{address} 回答 {answer.status_code}")
