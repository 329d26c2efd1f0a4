"""Geometry of the SVG charts in whole units. Templates draw them, and their tables use the same numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH = 340
ROW = 26
LABEL = 96
TAIL = 84
PLOT_HEIGHT = 130
WIDEST = 44
MANY = 12
TOP = 22
FOOT = 22


@dataclass(frozen=True, slots=True)
class Point:
    """One value. ``text`` is its displayed form; ``limit`` marks its limit."""

    label: str
    number: Decimal | int
    text: str
    limit: int | None = None
    href: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A bar: its box, label position and limit line (None: no limit)."""

    point: Point
    x: int
    y: int
    width: int
    height: int
    label_x: int
    label_y: int
    text_x: int
    text_y: int
    limit_at: int | None = None

    @property
    def over(self) -> bool:
        return self.point.limit is not None and self.point.number > self.point.limit


@dataclass(frozen=True, slots=True)
class Chart:
    title: str
    heads: tuple[str, str]
    upright: bool
    width: int
    height: int
    marks: tuple[Mark, ...]

    @property
    def dense(self) -> bool:
        """Return whether there are so many columns that labels must be small."""
        return self.upright and len(self.marks) > MANY

    @property
    def points(self) -> tuple[Point, ...]:
        return tuple(mark.point for mark in self.marks)


def bars(title: str, heads: tuple[str, str], points: Sequence[Point]) -> Chart:
    """Lay out horizontal bars for named things."""
    most = _most(points)
    room = WIDTH - LABEL - TAIL
    marks = []
    for index, point in enumerate(points):
        y = index * ROW
        width = _part(point.number, most, room)
        limit_at = None if point.limit is None else LABEL + _part(point.limit, most, room)
        end = LABEL + max(width, 0 if point.limit is None else _part(point.limit, most, room))
        marks.append(Mark(point, LABEL, y + 5, width, ROW - 10, LABEL - 8, y + 18, end + 6, y + 18, limit_at))
    return Chart(title, heads, False, WIDTH, max(len(points), 1) * ROW, tuple(marks))


def columns(title: str, heads: tuple[str, str], points: Sequence[Point]) -> Chart:
    """Lay out vertical columns for ordered things such as grades or months."""
    most = _most(points)
    slot = WIDTH // max(len(points), 1)
    marks = []
    for index, point in enumerate(points):
        height = _part(point.number, most, PLOT_HEIGHT)
        middle = index * slot + slot // 2
        wide = min(max(slot - slot // 4, 2), WIDEST)
        x, y = middle - wide // 2, TOP + PLOT_HEIGHT - height
        marks.append(Mark(point, x, y, wide, height, middle, TOP + PLOT_HEIGHT + 15, middle, y - 5))
    return Chart(title, heads, True, WIDTH, TOP + PLOT_HEIGHT + FOOT, tuple(marks))


def people(title: str, head: str, counts: Sequence[tuple[str, int]], *, upright: bool = False) -> Chart:
    """Format counts of people."""
    points = [Point(label, number, f"{number:,}人" if not upright else f"{number:,}") for label, number in counts]
    return (columns if upright else bars)(title, (head, "人数"), points)


def ten_thousands(amount: Decimal) -> str:
    """Write ``430.29万``, short enough for a bar."""
    return f"{amount / 10_000:,.2f}万"


def _most(points: Sequence[Point]) -> Decimal | int:
    return max([1, *(max(point.number, point.limit or 0) for point in points)])


def _part(number: Decimal | int, most: Decimal | int, room: int) -> int:
    """Return the length of a bar: nothing for zero, at least one unit otherwise."""
    return max(int(number * room / most), 2) if number > 0 else 0
