"""花名册 is today, the other sheets are how it came about: the newest of them must say the same."""

from collections.abc import Callable
from typing import Any

from songshan_cw.words.terms import EDUCATION_RANK, Education
from workers.workbook.coming import laid_over
from workers.workbook.people import Person
from workers.workbook.places import Places
from workers.workbook.sheets import ASSIGNMENTS, DEGREES, ROSTER, Sheet

Report = Callable[[Sheet, Any, str, str, str], None]


def check_agreement(person: Person, places: Places, report: Report) -> None:
    """Compare a person's roster row with the newest of their history; rows that could not be read are left alone."""
    if person.roster is None:
        return
    if not {ASSIGNMENTS.name, ROSTER.name} & person.unsure:
        _check_newest(person, places, report)
    if person.roster.values["education"] is not None:
        _check_education(person, report)


def _check_newest(person: Person, places: Places, report: Report) -> None:
    history = [values for _, values in laid_over(ASSIGNMENTS, person)]
    if not history:
        return
    newest, given = max(history, key=lambda values: values["start"]), person.roster.values
    for name in ("community_id", "post", "position", "dual"):
        here, there = given[name], newest.get(name) or False
        if here is None:
            if name != "dual" or person.stored is not None:
                continue
            here = False
        if here != there:
            header = ROSTER.column(name).header
            given_text, newest_text = _shown(here, places), _shown(there, places)
            message = (
                f"{header}这里是“{given_text}”，而岗位变动最新一行（{newest['start']}起）是“{newest_text}”。"
                f"如有变动，请在“岗位变动”表加一行，任职日期填变动的日期；如无变动，请改成“{newest_text}”。"
            )
            report(ROSTER, person.roster, name, "roster_differs_from_history", message)


def _shown(value: Any, places: Places) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return places.name(value)


def _highest_education(person: Person) -> str | None:
    """The highest of the education at hiring and the degrees earned since."""
    levels = [person.entry_education, *(values.get("level") for _, values in laid_over(DEGREES, person))]
    return max((level for level in levels if level), key=lambda level: EDUCATION_RANK[Education(level)], default=None)


def _check_education(person: Person, report: Report) -> None:
    if person.entry_education is None:
        if person.rows.get(DEGREES.name) and "entry_education" not in person.roster.unread:
            message = "这个人在“学历提升”表有记录，所以必须填写入职学历（聘用时的学历）。"
            report(ROSTER, person.roster, "entry_education", "entry_education_required", message)
        return
    if DEGREES.name in person.unsure or "entry_education" in person.roster.unread:
        return
    here, highest = person.roster.values["education"], _highest_education(person)
    if here == highest:
        return
    message = (
        f"学历这里是“{here}”，而入职学历和学历提升中最高的是“{highest}”。"
        f"入职后取得的学历，请在“学历提升”表加一行并写明取得日期；否则请把两处改为一致。"
    )
    report(ROSTER, person.roster, "education", "education_differs", message)
