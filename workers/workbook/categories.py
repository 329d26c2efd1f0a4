"""人员类别: the sheet holds the changes with their days; that of the hiring day is the person's own (rules 2.4)."""

from datetime import date
from typing import Any

from workers.workbook.agreement import Report
from workers.workbook.people import Person
from workers.workbook.sheets import CATEGORIES, ROSTER


def settle_categories(person: Person, report: Report) -> None:
    """Compare the roster's category with the newest row, and put that of the hiring in its place.

    The row of the hiring day leaves the sheet's rows, unless only the sheet names the person.
    """
    roster, stored, rows = person.roster, person.stored, person.rows.get(CATEGORIES.name, [])
    if {CATEGORIES.name, ROSTER.name} & person.unsure:
        return
    kept = {key[0]: fact.values["category"] for key, fact in person.stored_facts(CATEGORIES.name).items()}
    first = next((row for row in rows if row.values["start"] == person.hired_on not in kept), None)
    at_hiring = stored.values["category"] if stored else None
    if first is not None and (roster is not None or first.values["category"] == at_hiring):
        at_hiring = first.values["category"]
        rows.remove(first)
    if stored is None and rows and first is None:
        report(CATEGORIES, rows[0], "start", "category_not_from_hiring", _from_hiring(person.hired_on))
    if roster is None or roster.values["category"] is None:
        return
    if at_hiring is not None and person.hired_on is not None:
        dated = kept | {row.values["start"]: row.values["category"] for row in rows}
        _compare(person, {person.hired_on: at_hiring} | dated, report)
        roster.values["category"] = at_hiring


def _compare(person: Person, dated: dict[date, Any], report: Report) -> None:
    since = max(dated)
    here, newest = person.roster.values["category"], dated[since]
    if here != newest:
        message = (
            f"人员类别这里是“{here}”，而最新的（{since}起）是“{newest}”。"
            f"如有变动，请在“人员类别”表加一行，起始日期填变动的日期；如无变动，请改成“{newest}”。"
        )
        report(ROSTER, person.roster, "category", "roster_differs_from_history", message)


def _from_hiring(hired_on: date | None) -> str:
    return f"人员类别要从聘用那天起：请加一行，起始日期填参加社区工作时间{hired_on or ''}，写明聘用时的类别。"
