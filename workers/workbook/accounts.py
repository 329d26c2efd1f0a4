"""One bank account for two people: told, never refused, since a couple may share one. Found by digest (rules 10.6)."""

from collections import defaultdict
from collections.abc import Iterable

from songshan_cw.sealing import lookups_of
from workers.models import User, Worker
from workers.scope import reaches
from workers.workbook.faults import Notice
from workers.workbook.sheets import ROSTER
from workers.workbook.stored import chunks
from workers.workbook.tables import Row, Table

HEADER = ROSTER.column("bank_account").header
FOREIGN = "其他街道的一个人"


def shared_accounts(table: Table, actor: User | None) -> list[Notice]:
    """A notice for each row whose account stands in another row or with another registered person."""
    rows = [row for row in table.rows if row.values["bank_account"] and row.values["id_number"]]
    holders = _holders(rows, actor)
    for row in rows:
        holders[row.values["bank_account"]][row.values["id_number"]] = f"第{row.number}行的{row.values['name'] or '人'}"
    return [notice for row in rows if (notice := _notice(table, row, holders[row.values["bank_account"]]))]


def _notice(table: Table, row: Row, holders: dict[str, str]) -> Notice | None:
    others = [told for number, told in holders.items() if number != row.values["id_number"]]
    if not others:
        return None
    message = f"这个银行卡号与{'、'.join(dict.fromkeys(others[:3]))}的相同，请核对是否填错；确实共用的不用改。"
    return Notice(table.name, row.number, HEADER, message)


def _holders(rows: Iterable[Row], actor: User | None) -> dict[str, dict[str, str]]:
    """Account → the ID numbers of the registered people who have it, with how the actor may be told of them."""
    wanted = {
        lookup: account for account in {row.values["bank_account"] for row in rows} for lookup in lookups_of(account)
    }
    holders: dict[str, dict[str, str]] = defaultdict(dict)
    for chunk in chunks(sorted(wanted)):
        found = Worker.objects.filter(account_lookup__in=chunk).order_by()
        for lookup, number, name, street in found.values_list(
            "account_lookup", "id_number", "name", "standing__street_id"
        ):
            known = actor is None or (street is not None and reaches(actor, street))
            holders[wanted[lookup]][number] = f"已登记的{name}" if known else FOREIGN
    return holders
