"""Tell which people share a card, a telephone, or name and community: a notice, never a fault, since a couple may share
an account and two people a name (rules 9.8, 10.6)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from songshan_cw.data.sealing import lookups_of
from workers.models import User, Worker
from workers.selectors.scope import reaches
from workers.selectors.streams import among
from workers.workbook.faults import Notice
from workers.workbook.sheets import ROSTER
from workers.workbook.stored import chunks, streets_now
from workers.workbook.tables import Row

FOREIGN = "其他街道的一个人"
LISTED = 3
Registered = tuple[Any, str, str, str | None]  # what is shared, ID number, name, street


class Kind(NamedTuple):
    """A value people may share. ``value`` reads it from a row, or None; ``newcomers`` limits it to new people."""

    field: str
    text: str
    value: Callable[[Row], Any]
    registered: Callable[[Sequence[Any]], Iterator[Registered]]
    newcomers: bool = True


class Shared:
    """Collect the rows of 花名册 in batches, then report values that another row or person has too."""

    def __init__(self, actor: User | None, kind: Kind) -> None:
        self._actor, self._kind = actor, kind
        self._entries: dict[Any, list[tuple[int, str, str, bool]]] = {}
        self._registered: defaultdict[Any, dict[str, str]] = defaultdict(dict)

    def add(self, rows: Iterable[Row], stored: Iterable[str]) -> None:
        """Take rows; ``stored``: ID numbers of those who are registered already."""
        known, values = set(stored), set()
        for row in rows:
            number, value = row.values["id_number"], self._kind.value(row)
            if value and number:
                values.add(value)
                told = not self._kind.newcomers or number not in known
                self._entries.setdefault(value, []).append((row.number, number, row.values["name"] or "人", told))
        for value, number, name, street in self._kind.registered(sorted(values)):
            seen = self._actor is None or (street is not None and reaches(self._actor, street))
            self._registered[value][number] = f"已登记的{name}" if seen else FOREIGN

    def notices(self, sheet: str) -> Iterator[Notice]:
        """Yield a notice for each row that shares; ``sheet``: what the file calls 花名册."""
        header = ROSTER.column(self._kind.field).header if self._kind.field != "name" else "姓名"
        for value, entries in self._entries.items():
            listed = {number: f"第{row}行的{name}" for row, number, name, _ in sorted(entries)}
            registered = self._registered.get(value, {})
            holders = listed | {number: who for number, who in registered.items() if number not in listed}
            for row, own, _, told in sorted(entries):
                others = list(islice((who for number, who in holders.items() if number != own), LISTED))
                if told and others:
                    yield Notice(sheet, row, header, self._kind.text.format("、".join(dict.fromkeys(others))))


def _by_account(accounts: Sequence[str]) -> Iterator[Registered]:
    """Find by digest, since the numbers themselves are sealed."""
    lookups = {lookup: account for account in accounts for lookup in lookups_of(account)}
    for lookup, *who in _holders("account_lookup", sorted(lookups)):
        yield lookups[lookup], *who


def _by_phone(phones: Sequence[str]) -> Iterator[Registered]:
    yield from _holders("phone", phones)


def _by_name(places: Sequence[tuple[str, str]]) -> Iterator[Registered]:
    """Find people of these names in these communities."""
    wanted = set(places)
    for chunk in chunks(sorted({name for name, _ in places})):
        rows = among(Worker.objects.filter(standing__isnull=False).order_by(), "name", chunk)
        for name, number, street, community in rows.values_list(
            "name", "id_number", "standing__street_id", "standing__community_id"
        ):
            if (name, community) in wanted:
                yield (name, community), number, name, street


def _holders(field: str, values: Sequence[str]) -> Iterator[Registered]:
    for chunk in chunks(values):
        found = list(
            among(Worker.objects.filter(merged_into=None).order_by(), field, chunk).values_list(
                "pk", field, "id_number", "name"
            )
        )
        streets = streets_now([pk for pk, *_ in found])
        for pk, value, number, name in found:
            yield value, number, name, streets.get(pk)


def _name_and_community(row: Row) -> tuple[str, str] | None:
    name, community = row.values["name"], row.values["community_id"]
    return (name, community) if name and community else None


KINDS = (
    Kind(
        "bank_account",
        "这个银行卡号与{}的相同，请核对是否填错；确实共用的不用改。",
        lambda row: row.values["bank_account"],
        _by_account,
        newcomers=False,
    ),
    Kind(
        "phone",
        "这个联系电话与{}的相同，请核对是否填错，或是否同一个人已用别的身份证号登记。",
        lambda row: row.values["phone"],
        _by_phone,
    ),
    Kind(
        "name",
        "同一社区已有同名的人：{}。请核对是否同一个人已用别的身份证号登记；确是两个人的不用改。",
        _name_and_community,
        _by_name,
    ),
)
