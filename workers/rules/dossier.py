"""What must hold across the dated facts of one person, whoever enters them: a page, a workbook, a command.

Pure: frozen facts in, findings out. A finding names the record by its kind and its row (the caller's own key).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from songshan_cw.words.periods import Month, label_zh, month_of
from songshan_cw.words.terms import Education, Position, Post

WORKING_AGE = 16  # years; Labour Law of the PRC, article 15
EARLIEST, LATEST = date(1950, 1, 1), date(2099, 12, 31)
MOST_SERVICE_YEARS = 50  # what a working life allows
YEARS_AHEAD, YEARS_AHEAD_OF_RETURN = 1, 5  # how far ahead a day may be recorded, and the end of an interruption

PERSON = "花名册"
APPOINTMENT = "岗位变动"
DEGREE = "学历提升"
GAP = "中断服务"
PLACEMENT = "定级核定"
EXIT = "离职"
SECONDMENT = "借调"


@dataclass(frozen=True, slots=True)
class Appointment:
    start: date
    post: Post
    position: Position
    dual: bool
    row: object = None


@dataclass(frozen=True, slots=True)
class Degree:
    level: Education
    earned_on: date
    row: object = None


@dataclass(frozen=True, slots=True)
class Interval:
    """From a first to a last day, both included; no last day means still going on."""

    first: date
    last: date | None
    row: object = None


@dataclass(frozen=True, slots=True)
class CreditSetting:
    month: Month
    row: object = None


@dataclass(frozen=True, slots=True)
class Dossier:
    """One person's facts as far as they bound each other."""

    born_on: date
    hired_on: date
    entry_education: Education
    appointments: Sequence[Appointment] = ()
    degrees: Sequence[Degree] = ()
    gaps: Sequence[Interval] = ()
    placements: Sequence[CreditSetting] = ()
    contracts: Sequence[Interval] = ()
    secondments: Sequence[Interval] = ()
    left_on: date | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that cannot be: which kind of record, which row of it, which column, and why, in words."""

    record: str
    row: object
    column: str
    code: str
    message: str


def findings(dossier: Dossier) -> list[Finding]:
    """Everything that contradicts itself, in the order people enter it; empty when all is well."""
    checks = (
        working_age,
        posts_match_positions,
        dual_is_chief,
        first_appointment_at_hiring,
        appointments_within_service,
        degrees_after_hiring,
        gaps_within_service,
        gaps_apart,
        placements_within_service,
        exit_after_hiring,
        secondments_before_exit,
        secondments_apart,
    )
    return [finding for check in checks for finding in check(dossier)]


def date_fault(day: date) -> str:
    """Why a date cannot be meant; empty when it can."""
    if EARLIEST <= day <= LATEST:
        return ""
    return f"日期{day}不在{EARLIEST.year}年至{LATEST.year}年之间，请核对年份。"


def latest_day(today: date, years: int = YEARS_AHEAD) -> date:
    """The last day that may be recorded so many years ahead."""
    return date(today.year + years, today.month, min(today.day, 28))


def ahead_fault(day: date, latest: date) -> str:
    """Why a date lies too far in the future; empty when it does not."""
    return f"日期{day}晚于{latest}，不合常理，请核对。" if day > latest else ""


def credit_fault(months: int) -> str:
    """Why a credited service cannot be meant; empty when it can."""
    if months <= MOST_SERVICE_YEARS * 12:
        return ""
    return (
        f"核定工作年限{months}个月超过{MOST_SERVICE_YEARS}年（{MOST_SERVICE_YEARS * 12}个月），请核对；"
        "按月填写，4.5年为54。"
    )


def post_mismatch(post: Post, position: Position) -> str:
    """Why a post does not go with a position; empty when it does (S 二(五)1)."""
    if position.post == post:
        return ""
    return f"职务“{position}”属于{position.post}，与岗位“{post}”不符。"


def dual_fault(dual: bool, post: Post) -> str:
    """Why 一肩挑 cannot be with this post; empty when it can (S 二(五)4(2))."""
    return "一肩挑仅适用于正职（书记、主任由一人担任）。" if dual and post != Post.CHIEF else ""


def working_age(dossier: Dossier) -> Iterator[Finding]:
    born = dossier.born_on
    age = dossier.hired_on.year - born.year - ((dossier.hired_on.month, dossier.hired_on.day) < (born.month, born.day))
    if age < WORKING_AGE:
        text = f"参加社区工作时间{dossier.hired_on}时未满{WORKING_AGE}周岁（出生日期{born}），请核对。"
        yield Finding(PERSON, None, "参加社区工作时间", "too_young", text)


def posts_match_positions(dossier: Dossier) -> Iterator[Finding]:
    for item in dossier.appointments:
        if fault := post_mismatch(item.post, item.position):
            yield Finding(APPOINTMENT, item.row, "职务", "post_mismatch", f"{item.start}任职：{fault}")


def dual_is_chief(dossier: Dossier) -> Iterator[Finding]:
    for item in dossier.appointments:
        if fault := dual_fault(item.dual, item.post):
            yield Finding(APPOINTMENT, item.row, "一肩挑", "dual_not_chief", f"{item.start}任职：{fault}")


def first_appointment_at_hiring(dossier: Dossier) -> Iterator[Finding]:
    """The first appointment counts from the month of hiring (rules 3.5), so it must lie in it."""
    if not dossier.appointments:
        text = "没有任职记录；每人至少要有一条首次任职，日期为参加社区工作时间。"
        yield Finding(APPOINTMENT, None, "任职日期", "no_appointment", text)
        return
    first = min(dossier.appointments, key=lambda item: item.start)
    if month_of(first.start) != month_of(dossier.hired_on):
        text = (
            f"首次任职日期{first.start}应与参加社区工作时间{dossier.hired_on}在同一个月"
            f"（{label_zh(month_of(dossier.hired_on))}）：首次任职就是聘用。"
        )
        yield Finding(APPOINTMENT, first.row, "任职日期", "first_appointment", text)


def appointments_within_service(dossier: Dossier) -> Iterator[Finding]:
    if dossier.left_on is None:
        return
    for item in dossier.appointments:
        if item.start > dossier.left_on:
            text = f"任职日期{item.start}晚于离职日期{dossier.left_on}。"
            yield Finding(APPOINTMENT, item.row, "任职日期", "after_exit", text)


def degrees_after_hiring(dossier: Dossier) -> Iterator[Finding]:
    """A degree held at hiring belongs to 入职学历 (S 二(五)4(3))."""
    for item in dossier.degrees:
        if item.earned_on < dossier.hired_on:
            text = (
                f"{item.level}取得于{item.earned_on}，早于参加社区工作时间{dossier.hired_on}；"
                "聘用前的学历请填入职学历。"
            )
            yield Finding(DEGREE, item.row, "取得日期", "before_hiring", text)
        if item.level.rank <= dossier.entry_education.rank:
            text = f"学历“{item.level}”不高于入职学历“{dossier.entry_education}”，不属于学历提升，请核对。"
            yield Finding(DEGREE, item.row, "学历", "not_higher", text)


def gaps_within_service(dossier: Dossier) -> Iterator[Finding]:
    for gap in dossier.gaps:
        if gap.first < dossier.hired_on:
            text = f"中断开始日期{gap.first}早于参加社区工作时间{dossier.hired_on}。"
            yield Finding(GAP, gap.row, "开始日期", "before_hiring", text)
        if dossier.left_on is not None and gap.first > dossier.left_on:
            text = f"中断开始日期{gap.first}晚于离职日期{dossier.left_on}。"
            yield Finding(GAP, gap.row, "开始日期", "after_exit", text)


def gaps_apart(dossier: Dossier) -> Iterator[Finding]:
    yield from _overlaps(dossier.gaps, GAP, "中断")


def secondments_before_exit(dossier: Dossier) -> Iterator[Finding]:
    for item in dossier.secondments:
        if dossier.left_on is not None and item.first > dossier.left_on:
            text = f"借调开始日期{item.first}晚于离职日期{dossier.left_on}。"
            yield Finding(SECONDMENT, item.row, "开始日期", "after_exit", text)


def secondments_apart(dossier: Dossier) -> Iterator[Finding]:
    yield from _overlaps(dossier.secondments, SECONDMENT, "借调")


def placements_within_service(dossier: Dossier) -> Iterator[Finding]:
    for item in dossier.placements:
        if item.month < month_of(dossier.hired_on):
            text = f"核定月份{label_zh(item.month)}早于参加社区工作的月份。"
            yield Finding(PLACEMENT, item.row, "核定月份", "before_hiring", text)
        if dossier.left_on is not None and item.month > month_of(dossier.left_on):
            text = f"核定月份{label_zh(item.month)}晚于离职月份。"
            yield Finding(PLACEMENT, item.row, "核定月份", "after_exit", text)


def exit_after_hiring(dossier: Dossier) -> Iterator[Finding]:
    if dossier.left_on is not None and dossier.left_on < dossier.hired_on:
        text = f"离职日期{dossier.left_on}早于参加社区工作时间{dossier.hired_on}。"
        yield Finding(EXIT, None, "离职日期", "before_hiring", text)


def _overlaps(intervals: Sequence[Interval], record: str, noun: str) -> Iterator[Finding]:
    ordered = sorted(intervals, key=lambda item: item.first)
    for earlier, later in pairwise(ordered):
        if earlier.last is None or later.first <= earlier.last:
            text = f"{noun}{later.first}起与{earlier.first}至{earlier.last or '今'}重叠；请先填好前一次的结束日期。"
            yield Finding(record, later.row, "开始日期", "overlap", text)
