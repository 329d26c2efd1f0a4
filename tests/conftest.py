"""What every test may use: hypothesis profiles. Rooms with needs of their own have a conftest beside their tests."""

import gc
import os
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, Phase, settings

import songshan_cw.urls  # noqa: F401  (all pages and services, before a test holds the clock they import)
from payroll.ledger import triggers
from tests import migrated, parts, worlds

SLOW_MACHINE = [HealthCheck.too_slow]
settings.register_profile("default", max_examples=100, deadline=None, suppress_health_check=SLOW_MACHINE)
settings.register_profile(
    "ci", max_examples=200, deadline=None, derandomize=True, print_blob=True, suppress_health_check=SLOW_MACHINE
)
settings.register_profile(  # a fault noticed is enough; nobody looks for the smallest example of it
    "mutants",
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=SLOW_MACHINE,
)
settings.register_profile("quick", max_examples=10, deadline=None, suppress_health_check=SLOW_MACHINE)
settings.register_profile("deep", max_examples=5000, deadline=None, suppress_health_check=SLOW_MACHINE)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "default"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="tests without a database, and those of changed files")


def pytest_configure(config: pytest.Config) -> None:
    gc.set_threshold(100_000, 20, 100)  # a tenth of the time went into looking for what nobody has left behind
    if not hasattr(config, "workerinput"):
        migrated.begin_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        migrated.end_run()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated.postgres_template()


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Iterator[None]:
    """Tests of programs take longest and come first, so that at the end no worker waits for another."""
    parts.mark(items)
    touched = parts.touched_tests() if config.getoption("--quick") else None
    left_out = [item for item in items if parts.left_out(item, touched)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in set(left_out)]
    yield
    items.sort(key=lambda item: item.get_closest_marker("programs") is None)


@pytest.fixture(autouse=True, scope="session")
def cleaning_after_real_commits() -> Iterator[None]:
    """Tests with real commits are cleaned by emptying every table, which is what the triggers are there to refuse.
    They are lifted for that moment and stand again for the next test."""
    operations = type(connection.ops)
    clean = operations.execute_sql_flush

    def lifted_clean(self: Any, statements: Sequence[str]) -> None:
        with transaction.atomic(using=self.connection.alias), triggers.lifted():
            clean(self, statements)

    operations.execute_sql_flush = lifted_clean
    yield
    operations.execute_sql_flush = clean


@pytest.fixture(autouse=True, scope="session")
def connections_stay_open_in_transactions() -> Iterator[None]:
    """A streamed answer that is closed closes old connections, and with this thread's one the worlds would go."""
    wrapper = type(connections["default"])
    close = wrapper.close_if_unusable_or_obsolete

    def outside_only(self: Any) -> None:
        if not self.in_atomic_block:
            close(self)

    wrapper.close_if_unusable_or_obsolete = outside_only
    yield
    wrapper.close_if_unusable_or_obsolete = close


@pytest.fixture
def shared_worlds(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        worlds.prepare(request.node)


@pytest.fixture
def _django_db_helper(shared_worlds: None, _django_db_helper: None) -> None:
    """Open the test's transaction only where the worlds it asks for stand."""


@pytest.fixture(autouse=True)
def nothing_kept_from_the_last_test() -> None:
    """Figures are kept by the state of a ledger; another test's ledger may look alike."""
    cache.clear()
