"""What must hold between the rows of one person: 花名册 is today, the other sheets are how it came about."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from songshan_cw.words import periods
from songshan_cw.words.terms import EDUCATION_RANK, Education
from workers.workbook.people import Person
from workers.workbook.places import Places
from workers.workbook.sheets import ASSIGNMENTS, DEGREES, GAPS, ROSTER, Sheet

Report = Callable[[Sheet, Any, str, str, str], None]
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Assignment:
    """An appointment of the merged history; ``row`` is the file's row, None where it is only stored."""

    start: date
    values: Values
    row: Any


def merged_assignments(person: Person) -> list[Assignment]:
    """The stored history with the file's rows laid over it, oldest first."""
    if person.stored is None and ASSIGNMENTS.name not in person.rows:
        return []
    found: dict[date, Assignment] = {}
    for (start,), fact in person.stored_facts(ASSIGNMENTS.name).items():
        start = moved_start(person, start)
        found[start] = Assignment(start, fact.values, None)
    for row in person.rows.get(ASSIGNMENTS.name, ()):
        start = row.values["start"]
        if start:
            before = found[start].values if start in found else {"dual": False}
            given = {name: value for name, value in row.values.items() if value is not None}
            found[start] = Assignment(start, {**before, **given}, row)
    return [found[start] for start in sorted(found)]


def moved_start(person: Person, start: date) -> date:
    """The appointment at hiring moves with a corrected date of hiring, unless another row stands in between."""
    if person.stored is None or start != person.stored.values["hired_on"] or person.hired_on in (None, start):
        return start
    if any(row.values["start"] == start for row in person.rows.get(ASSIGNMENTS.name, ())):
        return start
    others = [key[0] for key in person.stored_facts(ASSIGNMENTS.name) if key[0] != start]
    return person.hired_on if all(other > person.hired_on for other in others) else start


def check_history(person: Person, places: Places, report: Report) -> None:
    """One person's rows against each other; sheets with an unreadable row of theirs are left alone."""
    if ASSIGNMENTS.name not in person.unsure and ROSTER.name not in person.unsure:
        _check_assignments(person, places, report)
    if person.roster is not None and person.roster.values["education"] is not None:
        _check_education(person, report)
    if person.rows.get(GAPS.name) and GAPS.name not in person.unsure:
        _check_gaps(person, report)


def _check_assignments(person: Person, places: Places, report: Report) -> None:
    history = merged_assignments(person)
    if not history:
        return
    _check_first(person, history[0], report)
    if person.roster is not None:
        _check_newest(person, history[-1], places, report)


def _check_first(person: Person, first: Assignment, report: Report) -> None:
    hired = person.hired_on
    if hired is None or periods.month_of(first.start) == periods.month_of(hired):
        return
    if first.row is not None:
        message = (
            f"第一行任职日期{first.start}应与参加社区工作时间{hired}在同一个月：首次任职就是聘用。"
            f"请补上{periods.label_zh(periods.month_of(hired))}的首次任职，或核对这两个日期。"
        )
        report(ASSIGNMENTS, first.row, "start", "first_appointment_not_hiring", message)
    elif person.roster is not None:
        message = f"参加社区工作时间{hired}与已登记的首次任职{first.start}不在同一个月，请核对。"
        report(ROSTER, person.roster, "hired_on", "first_appointment_not_hiring", message)


def _check_newest(person: Person, newest: Assignment, places: Places, report: Report) -> None:
    given = person.roster.values
    for name in ("community_id", "post", "position", "dual"):
        here, there = given[name], newest.values[name]
        if here is None:
            if name != "dual" or person.stored is not None:
                continue
            here = False
        if here != there:
            header = ROSTER.column(name).header
            given_text, held_text = _shown(here, places), _shown(there, places)
            message = (
                f"{header}这里是“{given_text}”，而岗位变动最新一行（{newest.start}起）是“{held_text}”。"
                f"如有变动，请在“岗位变动”表加一行，任职日期填变动的日期；如无变动，请改成“{held_text}”。"
            )
            report(ROSTER, person.roster, name, "roster_differs_from_history", message)


def _shown(value: Any, places: Places) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return places.name(value)


def education_held(person: Person) -> str | None:
    """The highest of the education at hiring and the degrees earned since."""
    held = [person.entry_education] if person.entry_education else []
    held += [key[0] for key in person.stored_facts(DEGREES.name)]
    held += [row.values["level"] for row in person.rows.get(DEGREES.name, ()) if row.values["level"]]
    return max(held, key=lambda level: EDUCATION_RANK[Education(level)], default=None)


def _check_education(person: Person, report: Report) -> None:
    if person.entry_education is None:
        if person.rows.get(DEGREES.name) and "entry_education" not in person.roster.unread:
            message = "这个人在“学历提升”表有记录，所以必须填写入职学历（聘用时的学历）。"
            report(ROSTER, person.roster, "entry_education", "entry_education_required", message)
        return
    if DEGREES.name in person.unsure or "entry_education" in person.roster.unread:
        return
    here, held = person.roster.values["education"], education_held(person)
    if here == held:
        return
    message = (
        f"学历这里是“{here}”，而入职学历和学历提升中最高的是“{held}”。"
        f"入职后取得的学历，请在“学历提升”表加一行并写明取得日期；否则请把两处改为一致。"
    )
    report(ROSTER, person.roster, "education", "education_differs", message)


def _check_gaps(person: Person, report: Report) -> None:
    """Two interruptions cannot cover the same day."""
    spans: dict[date, tuple[date | None, Any]] = {}
    for (first,), fact in person.stored_facts(GAPS.name).items():
        spans[first] = (fact.values["last_day"], None)
    for row in person.rows[GAPS.name]:
        first, last = row.values["first_day"], row.values["last_day"]
        if first:
            before = spans[first][0] if first in spans else None
            spans[first] = (last or before, row)
    ordered = sorted(spans.items())
    for (first, (last, earlier)), (following, (_, later)) in pairwise(ordered):
        if last is not None and last < following:
            continue
        row = later if later is not None else earlier
        if row is not None:
            message = f"中断服务{first}至{last or '今'}与{following}开始的一段重叠，请核对起止日期。"
            report(GAPS, row, "first_day", "gap_overlap", message)
