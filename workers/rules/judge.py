"""Judge a person's facts, stored and new ones together, for pages, workbooks and commands alike.

Pure: a dossier in, findings out. A finding is a value with its places, so that a page shows it at the field and a
workbook at the cell.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from songshan_cw.words.periods import Month, january, label_zh, last_day, month_of
from songshan_cw.words.terms import EDUCATION_RANK, POST_OF_POSITION, Post
from workers.rules.bounds import (
    YEARS_AHEAD,
    YEARS_AHEAD_OF_RETURN,
    ahead_fault,
    credit_fault,
    latest_day,
    working_age_from,
)
from workers.rules.dossier import (
    APPOINTMENT,
    CATEGORY,
    CERTIFICATE,
    CONTRACT,
    DEGREE,
    EXIT,
    GAP,
    PERSON,
    PLACEMENT,
    RESULT,
    SECONDMENT,
    TRAINING,
    Dossier,
    Period,
    periods_of_service,
    read_dossier,
)

FIRST_YEAR = 1980


class Verdict(StrEnum):
    REFUSED = "不能登记"
    NOTICED = "请留意"


class Place(NamedTuple):
    """A kind of record, the caller's key of the row (None: no row), and the field."""

    record: str
    row: object
    field: str


class Finding(NamedTuple):
    """``places``: where the contradiction lies, the likeliest to mend first."""

    code: str
    message: str
    places: tuple[Place, ...]
    verdict: Verdict = Verdict.REFUSED

    @property
    def refused(self) -> bool:
        return self.verdict is Verdict.REFUSED


Found = Iterator[Finding]


def judge(dossier: Dossier, today: date) -> list[Finding]:
    """Return everything that cannot be or is odd, in the order people enter it; empty when all is well."""
    return [*_row_findings(dossier, today), *(found for rule in RULES for found in rule(dossier))]


def judge_row(record: str, values: dict[str, object], today: date) -> list[Finding]:
    """Return what is wrong with one row taken alone, as far as that can be said without the person's others."""
    return list(_row_findings(read_dossier(None, {record: [(None, values)]}), today))


def judge_change(before: Dossier, after: Dossier, today: date) -> list[Finding]:
    """Return what a change brings about. What was wrong before stops no change, so that faults can be mended singly."""
    found = judge(after, today)
    known = {finding.message for finding in judge(before, today)} if found else set()
    return [finding for finding in found if finding.message not in known]


def refusals(findings: Sequence[Finding]) -> list[str]:
    """Return the messages of what cannot be recorded."""
    return [finding.message for finding in findings if finding.refused]


def _row_findings(dossier: Dossier, today: date) -> Found:
    for rule in ROW_RULES:
        yield from rule(dossier)
    yield from days_not_far_ahead(dossier, today)
    yield from placement_months_not_far_ahead(dossier, today)
    yield from years_begun(dossier, today)


# --- one row taken alone ---


def days_not_far_ahead(dossier: Dossier, today: date) -> Found:
    latest = {years: latest_day(today, years) for years in (YEARS_AHEAD, YEARS_AHEAD_OF_RETURN)}
    for record, kind, field, years in DAYS:
        for item in getattr(dossier, kind):
            day = getattr(item, field)
            if day is not None and (fault := ahead_fault(day, latest[years])):
                yield Finding("date_range", fault, (Place(record, item.row, field),))


def placement_months_not_far_ahead(dossier: Dossier, today: date) -> Found:
    latest = month_of(latest_day(today))
    for item in dossier.placements:
        if item.month is not None and item.month > latest:
            text = f"核定月份{label_zh(item.month)}晚于{label_zh(latest)}，不合常理，请核对。"
            yield Finding("date_range", text, (Place(PLACEMENT, item.row, "month"),))


def years_begun(dossier: Dossier, today: date) -> Found:
    for item in dossier.results:
        if item.year is not None and not FIRST_YEAR <= item.year <= today.year:
            text = f"年度{item.year}应在{FIRST_YEAR}至{today.year}之间，请核对。"
            yield Finding("year_range", text, (Place(RESULT, item.row, "year"),))


def credit_of_a_working_life(dossier: Dossier) -> Found:
    for item in dossier.placements:
        if item.credited_months is not None and (fault := credit_fault(item.credited_months)):
            yield Finding("years_range", fault, (Place(PLACEMENT, item.row, "credited_months"),))


def posts_match_positions(dossier: Dossier) -> Found:
    """A position belongs to one post (S 二(五)1)."""
    for item in dossier.appointments:
        expected = item.position and POST_OF_POSITION.get(item.position)
        if item.post and expected and expected != item.post:
            text = f"{item.start}任职：职务“{item.position}”属于{expected}，与岗位“{item.post}”不符。"
            yield Finding("post_position_mismatch", text, (Place(APPOINTMENT, item.row, "position"),))


def dual_is_chief(dossier: Dossier) -> Found:
    """Only a chief is secretary and director in one (S 二(五)4(2))."""
    for item in dossier.appointments:
        if item.dual and item.post and item.post != Post.CHIEF:
            text = f"{item.start}任职：一肩挑仅适用于正职，这里的岗位是“{item.post}”。请填“否”或核对岗位。"
            yield Finding("dual_not_chief", text, (Place(APPOINTMENT, item.row, "dual"),))


def ends_after_starts(dossier: Dossier) -> Found:
    for item in dossier.certificates:
        if item.approved_on and item.ended_on and item.ended_on < item.approved_on:
            text = f"失效日期{item.ended_on}早于批准日期{item.approved_on}，请核对。"
            yield Finding("certificate_end_before_approval", text, (Place(CERTIFICATE, item.row, "ended_on"),))
    for gap in dossier.gaps:
        yield from _reversed(gap.first_day, gap.last_day, "gap", Place(GAP, gap.row, "last_day"))
    for record, stays, code in (
        (SECONDMENT, dossier.secondments, "secondment"),
        (TRAINING, dossier.trainings, "training"),
        (CONTRACT, dossier.contracts, "contract"),
    ):
        for stay in stays:
            yield from _reversed(stay.start, stay.end, code, Place(record, stay.row, "end"))


def _reversed(first: date | None, last: date | None, code: str, place: Place) -> Found:
    if first and last and last < first:
        yield Finding(f"{code}_end_before_start", f"结束日期{last}早于开始日期{first}，请核对。", (place,))


# --- rows against each other ---


def hired_of_age(dossier: Dossier) -> Found:
    born = dossier.born_on
    for person in dossier.person:
        hired, place = person.hired_on, Place(PERSON, person.row, "hired_on")
        if hired is None or born is None or hired >= working_age_from(born):
            continue
        if hired <= born:
            text = f"参加社区工作时间{hired}不晚于身份证号里的出生日期，请核对这两项。"
            yield Finding("hired_before_birth", text, (place,))
        else:
            text = f"参加社区工作时间{hired}时未满16周岁（按身份证号），请核对这两项。"
            yield Finding("hired_too_young", text, (place,))


def first_appointment_at_hiring(dossier: Dossier) -> Found:
    """The first appointment counts from the month of hiring (rules 3.5), so it must lie in it."""
    if APPOINTMENT in dossier.unsure:
        return
    periods = periods_of_service(dossier)
    if not dossier.appointments:
        text = "没有任职记录；每人至少要有一条首次任职，日期为参加社区工作时间。"
        yield Finding("no_appointment", text, (Place(APPOINTMENT, None, "start"),))
    dated = [(item.start, item.row) for item in dossier.appointments if item.start]
    if not dated or not periods:
        return
    (start, row), hired = min(dated, key=lambda one: one[0]), periods[0].hired_on
    if month_of(start) != month_of(hired):
        text = (
            f"首次任职日期{start}应与参加社区工作时间{hired}在同一个月（{label_zh(month_of(hired))}）："
            "首次任职就是聘用。请补上那个月的首次任职，或核对这两个日期。"
        )
        places = Place(APPOINTMENT, row, "start"), Place(PERSON, periods[0].hiring, "hired_on")
        yield Finding("first_appointment_not_hiring", text, places)


def appointments_before_exit(dossier: Dossier) -> Found:
    for item in dossier.appointments:
        yield from _after_exit(dossier, item.start, "任职日期", Place(APPOINTMENT, item.row, "start"))


def categories_within_service(dossier: Dossier) -> Found:
    for item in dossier.categories:
        place, text = Place(CATEGORY, item.row, "start"), "人员类别起始日期{day}早于参加社区工作时间{hired}，请核对。"
        yield from _before_hiring(dossier, item.start, text, "category_before_hiring", place)
        yield from _after_exit(dossier, item.start, "人员类别起始日期", place)


def degrees_after_hiring(dossier: Dossier) -> Found:
    """A degree held at hiring belongs to 入职学历 (S 二(五)4(3))."""
    for item in dossier.degrees:
        place = Place(DEGREE, item.row, "earned_on")
        text = "取得日期{day}早于参加社区工作时间{hired}；聘用前取得的学历请填“入职学历”。"
        yield from _before_hiring(dossier, item.earned_on, text, "degree_before_hiring", place)
        for person in dossier.person:
            entry, level = person.entry_education, item.level
            if entry and level and EDUCATION_RANK[level] <= EDUCATION_RANK[entry]:
                text = f"学历“{level}”不高于入职学历“{entry}”，不属于学历提升，请核对。"
                places = Place(DEGREE, item.row, "level"), Place(PERSON, person.row, "entry_education")
                yield Finding("degree_not_higher", text, places)


def certified_of_age(dossier: Dossier) -> Found:
    """A certificate dated in childhood is odd; its date alone moves nothing before hiring."""
    born = dossier.born_on
    for item in dossier.certificates:
        if item.approved_on and born and item.approved_on < working_age_from(born):
            text = f"批准日期{item.approved_on}时未满16周岁，请核对。"
            place = Place(CERTIFICATE, item.row, "approved_on")
            yield Finding("certified_too_young", text, (place,), Verdict.NOTICED)


def results_of_years_in_service(dossier: Dossier) -> Found:
    """A result belongs to a year with a month in service (rules 4.2, 4.3)."""
    periods = periods_of_service(dossier)
    if not periods or GAP in dossier.unsure:
        return
    for item in dossier.results:
        if item.year is None or any(_in_service(dossier, periods, month) for month in _months(item.year)):
            continue
        place = Place(RESULT, item.row, "year")
        hired, left = periods[0], periods[-1]
        if item.year < hired.hired_on.year:
            text = f"{item.year}年度早于参加社区工作的{hired.hired_on.year}年，请核对年度或参加社区工作时间。"
            yield Finding("before_hiring", text, (place, Place(PERSON, hired.hiring, "hired_on")))
        elif left.left_on and item.year > left.left_on.year:
            text = f"{item.year}年度晚于离职的{left.left_on.year}年，请核对年度或离职日期。"
            yield Finding("after_exit", text, (place, Place(EXIT, left.leaving, "left_on")))
        else:
            text = f"{item.year}年度没有一个月月末在岗，不应有考核等次，请核对。"
            others = [Place(GAP, gap.row, "first_day") for gap in dossier.gaps]
            others += [Place(EXIT, left.leaving, "left_on"), Place(PERSON, hired.hiring, "hired_on")]
            yield Finding("no_month_in_service", text, (place, *others))


def gaps_within_service(dossier: Dossier) -> Found:
    for gap in dossier.gaps:
        place = Place(GAP, gap.row, "first_day")
        text = "中断开始日期{day}早于参加社区工作时间{hired}，请核对。"
        yield from _before_hiring(dossier, gap.first_day, text, "gap_before_hiring", place)
        yield from _after_exit(dossier, gap.first_day, "中断开始日期", place)


def gaps_apart(dossier: Dossier) -> Found:
    spans = [(gap.first_day, gap.last_day, Place(GAP, gap.row, "first_day")) for gap in dossier.gaps if gap.first_day]
    if GAP not in dossier.unsure:
        yield from _overlaps(spans, "中断", "gap_overlap")


def placements_within_service(dossier: Dossier) -> Found:
    """A placement sets the credit of a month in service (rules 4.5)."""
    periods = periods_of_service(dossier)
    for item in dossier.placements:
        if item.month is None or not periods:
            continue
        place, first, last = Place(PLACEMENT, item.row, "month"), periods[0], periods[-1]
        if item.month < month_of(first.hired_on):
            text = f"核定月份{label_zh(item.month)}早于参加社区工作的月份，请核对。"
            yield Finding("placement_before_hiring", text, (place, Place(PERSON, first.hiring, "hired_on")))
        if last.left_on and item.month > month_of(last.left_on):
            text = f"核定月份{label_zh(item.month)}晚于离职月份，请核对。"
            yield Finding("after_exit", text, (place, Place(EXIT, last.leaving, "left_on")))


def exits_after_hiring(dossier: Dossier) -> Found:
    for item in dossier.exits:
        text = "离职日期{day}早于参加社区工作时间{hired}，请核对。"
        yield from _before_hiring(dossier, item.left_on, text, "exit_before_hiring", Place(EXIT, item.row, "left_on"))


def secondments_before_exit(dossier: Dossier) -> Found:
    for item in dossier.secondments:
        yield from _after_exit(dossier, item.start, "借调开始日期", Place(SECONDMENT, item.row, "start"))


def secondments_apart(dossier: Dossier) -> Found:
    spans = [(item.start, item.end, Place(SECONDMENT, item.row, "start")) for item in dossier.secondments if item.start]
    if SECONDMENT not in dossier.unsure:
        yield from _overlaps(spans, "借调", "secondment_overlap")


def trainings_before_exit(dossier: Dossier) -> Found:
    """A training after leaving is odd, yet decides nothing."""
    for item in dossier.trainings:
        place = Place(TRAINING, item.row, "start")
        for finding in _after_exit(dossier, item.start, "培训开始日期", place):
            yield finding._replace(verdict=Verdict.NOTICED)


def _before_hiring(dossier: Dossier, day: date | None, text: str, code: str, place: Place) -> Found:
    periods = periods_of_service(dossier)
    if day and periods and day < periods[0].hired_on:
        hired = periods[0].hired_on
        yield Finding(code, text.format(day=day, hired=hired), (place, Place(PERSON, periods[0].hiring, "hired_on")))


def _after_exit(dossier: Dossier, day: date | None, what: str, place: Place) -> Found:
    if not day or not dossier.exits:
        return
    for period in periods_of_service(dossier)[-1:]:
        if period.left_on and day > period.left_on:
            text = f"{what}{day}晚于离职日期{period.left_on}，请核对。"
            yield Finding("after_exit", text, (place, Place(EXIT, period.leaving, "left_on")))


def _months(year: int) -> range:
    """Return the months of a year, December first: most people serve then."""
    return range(january(year + 1) - 1, january(year) - 1, -1)


def _in_service(dossier: Dossier, periods: Sequence[Period], month: Month) -> bool:
    """Return whether the person is in service on the month's last day (rules 4.3)."""
    day = last_day(month)
    serves = any(one.hired_on <= day and (one.left_on or day) >= day for one in periods)
    away = any(gap.first_day and gap.first_day <= day <= (gap.last_day or day) for gap in dossier.gaps)
    return serves and not away


def _overlaps(spans: Sequence[tuple[date, date | None, Place]], noun: str, code: str) -> Found:
    for (first, last, earlier), (start, _, later) in pairwise(sorted(spans, key=lambda span: span[0])):
        if last is None or start <= last:
            text = f"{noun}{start}起与{first}至{last or '今'}重叠；请先填好前一次的结束日期，或核对起止日期。"
            yield Finding(code, text, (later, earlier))


DAYS = (
    (PERSON, "person", "hired_on", YEARS_AHEAD),
    (APPOINTMENT, "appointments", "start", YEARS_AHEAD),
    (CATEGORY, "categories", "start", YEARS_AHEAD),
    (DEGREE, "degrees", "earned_on", YEARS_AHEAD),
    (CERTIFICATE, "certificates", "approved_on", YEARS_AHEAD),
    (CERTIFICATE, "certificates", "ended_on", YEARS_AHEAD),
    (GAP, "gaps", "first_day", YEARS_AHEAD),
    (GAP, "gaps", "last_day", YEARS_AHEAD_OF_RETURN),
    (EXIT, "exits", "left_on", YEARS_AHEAD),
    (SECONDMENT, "secondments", "start", YEARS_AHEAD),
    (SECONDMENT, "secondments", "end", YEARS_AHEAD_OF_RETURN),
    (TRAINING, "trainings", "start", YEARS_AHEAD),
)
ROW_RULES: tuple[Callable[[Dossier], Found], ...] = (
    credit_of_a_working_life,
    posts_match_positions,
    dual_is_chief,
    ends_after_starts,
)
RULES: tuple[Callable[[Dossier], Found], ...] = (
    hired_of_age,
    first_appointment_at_hiring,
    appointments_before_exit,
    categories_within_service,
    degrees_after_hiring,
    certified_of_age,
    results_of_years_in_service,
    gaps_within_service,
    gaps_apart,
    placements_within_service,
    exits_after_hiring,
    secondments_before_exit,
    secondments_apart,
    trainings_before_exit,
)
