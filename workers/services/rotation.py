"""Re-encrypt everything under the newest key, in batches that are committed one by one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.db.models import Q, QuerySet

from songshan_cw.data.bulk import update_rows
from songshan_cw.data.sealing import lookup_of, newest_key, open_bytes, seal_bytes
from workers.models import SecondFactor, Worker

BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Rotated:
    """How many values were re-encrypted, and how many already used the newest key."""

    key: str
    accounts: int
    accounts_before: int
    factors: int
    factors_before: int


def rotate_keys() -> Rotated:
    """Re-encrypt accounts with their lookups, and second factors. A second run continues where the first stopped."""
    old_accounts, all_accounts = _old_accounts(), Worker.objects.exclude(bank_account="")
    old_factors = SecondFactor.objects.exclude(key__startswith=f"{newest_key()}.")
    before = all_accounts.count() - old_accounts.count()
    factors_before = SecondFactor.objects.count() - old_factors.count()
    accounts = sum(_batches(old_accounts, _reseal_accounts))
    factors = sum(_batches(old_factors, _reseal_factors))
    return Rotated(newest_key(), accounts, before, factors, factors_before)


def _old_accounts() -> QuerySet[Worker]:
    new = f"{newest_key()}."
    sealed_new = Q(sealed__startswith=new, account_lookup__startswith=new)
    kept = Worker.objects.exclude(bank_account="")
    return kept.annotate(sealed=models.functions.Cast("bank_account", models.TextField())).exclude(sealed_new)


def _batches(rows: QuerySet[Any], reseal: Callable[[list[Any]], None]) -> Iterator[int]:
    """Lock, rewrite and commit one batch after the other, yielding counts."""
    while True:
        with transaction.atomic():
            found = list(rows.select_for_update().order_by("pk")[:BATCH])
            reseal(found)
        if not found:
            return
        yield len(found)


def _reseal_accounts(people: list[Worker]) -> None:
    """Save the accounts again, which encrypts them under the newest key."""
    rows = ((one.pk, one.bank_account, lookup_of(one.bank_account)) for one in people)
    update_rows(Worker, ("bank_account", "account_lookup"), rows)


def _reseal_factors(factors: list[SecondFactor]) -> None:
    update_rows(SecondFactor, ("key",), ((one.pk, seal_bytes(open_bytes(one.key))) for one in factors))
