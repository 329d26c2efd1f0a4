"""One bank account for two people: told, never refused, since a couple may share one. Found by digest (rules 10.6)."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial

from songshan_cw.data.relay import Relay
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
Registered = tuple[str, str, str, str | None]


class SharedAccounts:
    """Takes the rows of 花名册 share by share, and says at the end which of their accounts somebody else has too: in
    another row, or as a registered person."""

    def __init__(self, actor: User | None, relay: Relay) -> None:
        self._actor, self._relay = actor, relay
        self._first: dict[str, bytes] = {}  # by far the most: packed
        self._more: defaultdict[str, list[bytes]] = defaultdict(list)
        self._registered: defaultdict[str, dict[str, str]] = defaultdict(dict)
        self._wanted: dict[str, str] = {}
        self._found: Callable[[], list[Registered]] = list

    def add(self, rows: Iterable[Row]) -> None:
        """Asks who is registered with these accounts; the answer is taken when the next ones are added."""
        self._take_answer()
        accounts = set()
        for row in rows:
            number, account = row.values["id_number"], row.values["bank_account"]
            if account and number:
                accounts.add(account)
                holder = _packed(row.number, number, row.values["name"] or "人")
                if self._first.setdefault(account, holder) is not holder:
                    self._more[account].append(holder)
        self._wanted = {lookup: account for account in accounts for lookup in lookups_of(account)}
        self._found = self._relay.submit(partial(_registered, sorted(self._wanted)))

    def notices(self, sheet: str) -> list[Notice]:
        """A notice for each row whose account somebody else has; ``sheet``: what the file calls 花名册."""
        self._take_answer()
        told = []
        for account in self._more.keys() | self._registered.keys():
            rows = sorted(map(_unpacked, [self._first[account], *self._more.get(account, ())]))
            holders = self._registered.get(account, {}) | {number: f"第{row}行的{name}" for row, number, name in rows}
            told += [notice for row, number, _ in rows if (notice := _notice(sheet, row, number, holders))]
        return told

    def _take_answer(self) -> None:
        for lookup, number, name, street in self._found():
            account = self._wanted[lookup]
            if _unpacked(self._first[account])[1] != number:
                known = self._actor is None or (street is not None and reaches(self._actor, street))
                self._registered[account][number] = f"已登记的{name}" if known else FOREIGN


def _packed(row: int, number: str, name: str) -> bytes:
    return f"{row}\t{number}\t{name}".encode()


def _unpacked(holder: bytes) -> tuple[int, str, str]:
    """Row, ID number, name."""
    row, number, name = holder.decode().split("\t")
    return int(row), number, name


def _notice(sheet: str, row: int, own: str, holders: dict[str, str]) -> Notice | None:
    others = [told for number, told in holders.items() if number != own]
    if not others:
        return None
    message = f"这个银行卡号与{'、'.join(dict.fromkeys(others[:3]))}的相同，请核对是否填错；确实共用的不用改。"
    return Notice(sheet, row, HEADER, message)


def _registered(lookups: list[str]) -> list[Registered]:
    """The registered people with these accounts."""
    registered: list[Registered] = []
    for chunk in chunks(lookups):
        rows = among(Worker.objects.order_by(), "account_lookup", chunk)
        found = list(rows.values_list("pk", "account_lookup", "id_number", "name"))
        streets = streets_now([pk for pk, *_ in found])
        registered += [(lookup, number, name, streets.get(pk)) for pk, lookup, number, name in found]
    return registered
