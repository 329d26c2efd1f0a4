"""Random people for hypothesis, as plain `given` mappings that both the oracle and the rules can read."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from songshan_cw.words.terms import CertificateLevel, Education, Post, Result

FIRST_DAY, LAST_DAY = date(1984, 1, 1), date(2027, 12, 31)
HIRED_LAST = date(2026, 12, 31)
PAID_CATEGORIES = ["两委成员", "专职工作者", "调入人员"]
OTHER_CATEGORIES = ["退休人员", "在编在职", "收费站分流", "其他人员"]


def to_edge(day: date, edge: str) -> date:
    """Many faults live on the first and the last day of a month."""
    if edge == "first":
        return day.replace(day=1)
    return day.replace(day=monthrange(day.year, day.month)[1]) if edge == "last" else day


def days(first: date = FIRST_DAY, last: date = LAST_DAY) -> st.SearchStrategy[date]:
    moved = st.builds(to_edge, st.dates(first, last), st.sampled_from(["as is", "first", "last"]))
    return moved.map(lambda day: min(max(day, first), last))


def month_text(day: date) -> str:
    return f"{day.year:04d}-{day.month:02d}"


paid_months = st.builds(lambda year, number: (year, number), st.integers(2022, 2030), st.integers(1, 12))


@st.composite
def posts(draw: st.DrawFn, hired: date) -> list[dict[str, Any]]:
    first = draw(st.sampled_from([hired, min(hired + timedelta(days=draw(st.integers(0, 40))), LAST_DAY)]))
    later = draw(st.lists(days(hired), max_size=4, unique=True))
    starts = [first, *(day for day in later if day > first)]
    rows = []
    for start in starts:
        post = draw(st.sampled_from(list(Post))).value
        rows.append({"from": start, "post": post, "dual": post == "正职" and draw(st.booleans())})
    return rows


@st.composite
def gaps(draw: st.DrawFn, hired: date) -> list[dict[str, Any]]:
    rows = []
    for first in draw(st.lists(days(hired), max_size=4, unique=True)):
        length = draw(st.one_of(st.none(), st.integers(0, 900), st.sampled_from(["month", "next"])))
        if length == "month":
            last = to_edge(first, "last")
        elif length == "next":
            last = to_edge(to_edge(first, "last") + timedelta(days=1), "last")
        else:
            last = None if length is None else first + timedelta(days=length)
        rows.append({"from": first, "to": last})
    return rows


@st.composite
def people(draw: st.DrawFn, placed: bool = True) -> dict[str, Any]:
    """One person's whole history, 1984 to 2027."""
    hired = draw(days(last=HIRED_LAST))
    levels = [level.value for level in Education]
    degrees = draw(st.dictionaries(st.sampled_from(levels), days(hired), max_size=3))
    certificates = draw(st.dictionaries(st.sampled_from([level.value for level in CertificateLevel]), days()))
    placements = draw(st.dictionaries(days(hired).map(month_text), st.integers(0, 500), max_size=3)) if placed else {}
    results = st.sampled_from([result.value for result in Result])
    given: dict[str, Any] = {
        "hired": hired,
        "entry_education": draw(st.sampled_from(levels)),
        "category": draw(st.sampled_from(PAID_CATEGORIES * 6 + OTHER_CATEGORIES)),
        "posts": draw(posts(hired)),
        "degrees": [{"level": level, "date": day} for level, day in degrees.items()],
        "certificates": [{"level": level, "date": day} for level, day in certificates.items()],
        "placements": [{"month": text, "credited_months": credit} for text, credit in placements.items()],
        "gaps": draw(gaps(hired)),
        "assessments": draw(st.dictionaries(st.integers(2019, 2027), results)),
    }
    if draw(st.integers(0, 3)) == 0:
        given["left"] = draw(days(hired))
    return given


cents = st.integers(1_000_000, 9_999_999).map(lambda amount: f"{amount // 100}.{amount % 100:02d}")


@st.composite
def base_amounts(draw: st.DrawFn) -> dict[str, str]:
    """Yearly base amounts to the cent, so that roundings are met, from 2022-01 and up to three later months."""
    later = draw(st.lists(days(date(2022, 2, 1)).map(month_text), max_size=3, unique=True))
    return {text: draw(cents) for text in ["2022-01", *later]}
