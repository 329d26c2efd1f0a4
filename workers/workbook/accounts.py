"""Tell which people share a bank account: a notice, never a fault, since a couple may share one (rules 10.6)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from songshan_cw.data.sealing import lookups_of
from workers.models import User, Worker
from workers.selectors.scope import reaches
from workers.selectors.streams import among
from workers.workbook.faults import Notice
from workers.workbook.sheets import ROSTER
from workers.workbook.stored import chunks, streets_now
from workers.workbook.tables import Row

HEADER = ROSTER.column("bank_account").header
FOREIGN = "其他街道的一个人"
Entry = tuple[int, str, str]  # row, ID number, name


class SharedAccounts:
    """Takes the rows of 花名册 batch by batch, then says which accounts another row or a registered person has too."""

    def __init__(self, actor: User | None) -> None:
        self._actor = actor
        self._entries: dict[str, list[Entry]] = {}
        self._registered: defaultdict[str, dict[str, str]] = defaultdict(dict)

    def add(self, rows: Iterable[Row]) -> None:
        accounts = set()
        for row in rows:
            number, account = row.values["id_number"], row.values["bank_account"]
            if account and number:
                accounts.add(account)
                self._entries.setdefault(account, []).append((row.number, number, row.values["name"] or "人"))
        self._find_registered({lookup: account for account in accounts for lookup in lookups_of(account)})

    def notices(self, sheet: str) -> list[Notice]:
        """A notice for each row whose account somebody else has; ``sheet``: what the file calls 花名册."""
        found = []
        for account, entries in self._entries.items():
            entries.sort()
            listed = {number: f"第{row}行的{name}" for row, number, name in entries}
            holders = self._registered.get(account, {}) | listed
            found += [notice for row, number, _ in entries if (notice := _notice(sheet, row, number, holders))]
        return found

    def _find_registered(self, accounts: dict[str, str]) -> None:
        """Find registered people with these accounts by digest, since the numbers themselves are sealed."""
        for lookup, number, name, street in _registered(sorted(accounts)):
            account = accounts[lookup]
            if self._entries[account][0][1] != number:
                known = self._actor is None or (street is not None and reaches(self._actor, street))
                self._registered[account][number] = f"已登记的{name}" if known else FOREIGN


def _notice(sheet: str, row: int, own: str, holders: dict[str, str]) -> Notice | None:
    others = [holder for number, holder in holders.items() if number != own]
    if not others:
        return None
    message = f"这个银行卡号与{'、'.join(dict.fromkeys(others[:3]))}的相同，请核对是否填错；确实共用的不用改。"
    return Notice(sheet, row, HEADER, message)


def _registered(lookups: list[str]) -> Iterator[tuple[str, str, str, str | None]]:
    """Digest, ID number, name and street of the registered people with these accounts."""
    for chunk in chunks(lookups):
        rows = among(Worker.objects.order_by(), "account_lookup", chunk)
        found = list(rows.values_list("pk", "account_lookup", "id_number", "name"))
        streets = streets_now([pk for pk, *_ in found])
        for pk, lookup, number, name in found:
            yield lookup, number, name, streets.get(pk)
