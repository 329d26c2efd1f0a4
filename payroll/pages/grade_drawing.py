"""Geometry of the grade timeline in whole pixels of a picture 1000 wide. The template draws it."""

from dataclasses import dataclass

from payroll.rules.timeline import Moment, Timeline
from songshan_cw.words.periods import Month, january, label, year_of

WIDTH, LEFT, RIGHT, SCALE = 1000, 52, 24, 28
TOP, ROW, MOST_TALL = 30, 30, 210
MONTHS_AFTER = 6
MOST_TICKS = 14


@dataclass(frozen=True, slots=True)
class Mark:
    """A grade with its place, label and row number in the table."""

    x: int
    y: int
    grade: int
    number: int
    month: str
    future: bool


@dataclass(frozen=True, slots=True)
class Line:
    x: int
    y: int
    text: str


@dataclass(frozen=True, slots=True)
class Drawing:
    width: int
    height: int
    bottom: int
    left: int
    right: int
    past: str
    coming: str
    today_x: int
    marks: tuple[Mark, ...]
    years: tuple[Line, ...]
    grades: tuple[Line, ...]

    @property
    def tick(self) -> int:
        return self.bottom + 5


@dataclass(frozen=True, slots=True)
class _Frame:
    first: Month
    last: Month
    lowest: int
    highest: int

    @property
    def row(self) -> int:
        return min(ROW, max(14, MOST_TALL // max(1, self.highest - self.lowest)))

    @property
    def bottom(self) -> int:
        return TOP + (self.highest - self.lowest) * self.row

    def x(self, month: Month) -> int:
        return LEFT + (WIDTH - LEFT - RIGHT) * (month - self.first) // max(1, self.last - self.first)

    def y(self, grade: int) -> int:
        return TOP + (self.highest - grade) * self.row


def numbered(line: Timeline) -> tuple[tuple[int, Moment], ...]:
    """Return the moments in the order of the table. Only those that change the grade have a number above 0."""
    rows: list[tuple[int, Moment]] = []
    count, seen = 0, False
    for moment in (*line.moments, *line.ahead):
        moves = moment.level is not None and (moment.rose != 0 or not seen)
        seen = seen or moment.level is not None
        count += moves
        rows.append((count if moves else 0, moment))
    return tuple(rows)


def drawing(line: Timeline, last_day_in: Month | None = None) -> Drawing | None:
    """Return the drawing, or None without any grade table. ``last_day_in``: the month of leaving."""
    moves = [(number, moment) for number, moment in numbered(line) if number]
    if not moves:
        return None
    end = line.today if last_day_in is None else min(line.today, last_day_in)
    frame = _frame([moment for _, moment in moves], end)
    past = [(moment.month, _grade(moment)) for _, moment in moves if not moment.future]
    coming = [(moment.month, _grade(moment)) for _, moment in moves if moment.future]
    start = past[-1:] or coming[:1]
    ahead = [(end, start[0][1]), *coming, (frame.last, coming[-1][1])] if coming else []
    return Drawing(
        width=WIDTH,
        height=frame.bottom + 34,
        bottom=frame.bottom,
        left=LEFT,
        right=WIDTH - RIGHT,
        past=_path(frame, [*past, (end, past[-1][1])]) if past else "",
        coming=_path(frame, ahead),
        today_x=frame.x(end),
        marks=tuple(_mark(frame, number, moment) for number, moment in moves),
        years=_years(frame),
        grades=tuple(Line(SCALE, frame.y(grade), str(grade)) for grade in range(frame.lowest + 1, frame.highest)),
    )


def _grade(moment: Moment) -> int:
    return moment.level.grade if moment.level else 0


def _frame(moves: list[Moment], end: Month) -> _Frame:
    grades = [_grade(moment) for moment in moves]
    last = max(end, *(moment.month for moment in moves)) + MONTHS_AFTER
    return _Frame(min(moves[0].month, end), last, min(grades) - 1, max(grades) + 1)


def _path(frame: _Frame, points: list[tuple[Month, int]]) -> str:
    """Draw a horizontal line until the month of a change, then one step."""
    if not points:
        return ""
    month, grade = points[0]
    parts = [f"M{frame.x(month)} {frame.y(grade)}"]
    for month, grade in points[1:]:
        parts.append(f"H{frame.x(month)}V{frame.y(grade)}")
    return "".join(parts)


def _mark(frame: _Frame, number: int, moment: Moment) -> Mark:
    grade = _grade(moment)
    return Mark(frame.x(moment.month), frame.y(grade), grade, number, label(moment.month), moment.future)


def _years(frame: _Frame) -> tuple[Line, ...]:
    first, last = year_of(frame.first), year_of(frame.last)
    every = max(1, -(-(last - first + 1) // MOST_TICKS))
    years = [year for year in range(first, last + 1, every) if january(year) >= frame.first]
    return tuple(Line(frame.x(january(year)), frame.bottom, str(year)) for year in years)
