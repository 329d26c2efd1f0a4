"""Read days and months in the forms clerks use. Ambiguous ones are faults."""

import re
import unicodedata
from datetime import date, timedelta
from typing import Any

from songshan_cw.words import periods
from workers.workbook.cells import Context, Noted, blank_mark, squeezed, text_of
from workers.workbook.faults import CellFault

EARLIEST = date(1950, 1, 1)
EPOCH_1900 = date(1899, 12, 30)
EPOCH_1904 = date(1904, 1, 1)
MIDNIGHT = re.compile(r"(?<=\d)[T\s]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
FULL = re.compile(r"^(\d{4})(?:([-./])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})[日号]?)$", re.ASCII)
MONTH_ONLY = re.compile(r"^(\d{4})(?:[-./](\d{1,2})|年(\d{1,2})月?)$", re.ASCII)
TRAILING = re.compile(r"(起|[.,、。])$")
WEEKDAY = re.compile(r"星期[一二三四五六日天]$")
CHINESE_YEAR = re.compile(
    r"^([〇零○一二三四五六七八九]{4})年(十?[一二三四五六七八九]?|十)月(?:(二?三?十?[一二三四五六七八九]?)[日号])?$"
)
CHINESE_DIGITS = {digit: number for number, digit in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
DIGITS = re.compile(r"^\d{4,8}$", re.ASCII)
YEAR_AND_TENTH = re.compile(r"^((?:19|20)\d\d)\.(\d{1,2})$")
FORMS = "请写成“2018-07-15”或“2018年7月15日”的样子。"


def clean_date(raw: Any, context: Context) -> Any:
    """Read a day. A month without a day becomes its first day, with a notice."""
    text = text_of(raw)
    if blank_mark(text) or text in {"至今", "今"}:
        return None
    day, month_only = _read(raw, text, context)
    if day < EARLIEST:
        raise CellFault("date_range", f"日期{day}早于{EARLIEST.year}年，不合常理，请核对。")
    if month_only:
        return Noted(day, f"“{text}”只写到月，按{day}（当月第一天）读取。")
    return day


def serial_of(day: date) -> int:
    """Return the serial number of a day in the date system of 1900."""
    return (day - EPOCH_1900).days


def clean_month(raw: Any, context: Context) -> Any:
    text = text_of(raw)
    if blank_mark(text):
        return None
    day, _ = _read(raw, text, context)
    if day < EARLIEST:
        raise CellFault("date_range", f"月份{periods.label_zh(periods.month_of(day))}不合常理，请核对。")
    return periods.month_of(day)


def clean_year(raw: Any, context: Context) -> Any:
    text = squeezed(raw).removesuffix("年度").removesuffix("年")
    if blank_mark(text):
        return None
    if not re.fullmatch(r"\d{4}", text, re.ASCII):
        raise CellFault("year_unreadable", f"年度“{text}”读不出来，请写成“2022”的样子。")
    return int(text)


def _read(raw: Any, text: str, context: Context) -> tuple[date, bool]:
    if isinstance(raw, float):
        return _read_number(raw, text, context)
    compact = _plain(text)
    if found := FULL.match(compact):
        month, number = (found[3], found[4]) if found[3] else (found[5], found[6])
        return _day(found[1], month, number, text), False
    if found := MONTH_ONLY.match(compact):
        return _day(found[1], found[2] or found[3], "1", text), True
    if DIGITS.match(compact):
        return _read_digits(compact, text, context)
    raise CellFault("date_unreadable", f"日期“{text[:30]}”读不出来。{FORMS}")


def _plain(text: str) -> str:
    """Write a date in one way: half-width, no time of day, no weekday, one kind of dash, Chinese digits as digits."""
    compact = "".join(MIDNIGHT.sub("", unicodedata.normalize("NFKC", text).strip()).split())
    compact = TRAILING.sub("", WEEKDAY.sub("", compact))
    compact = re.sub(r"[—–―−]+", "-", compact)
    compact = re.sub(r"^(\d{4})[、,](\d{1,2})[、,](\d{1,2})$", r"\1-\2-\3", compact)
    if found := CHINESE_YEAR.match(compact):
        year = "".join(str(CHINESE_DIGITS[digit]) for digit in found[1])
        return f"{year}年{_small(found[2])}月" + (f"{_small(found[3])}日" if found[3] else "")
    return compact


def _small(word: str) -> int:
    """Read a number below forty in Chinese digits."""
    tens, ten, ones = word.rpartition("十")
    return (CHINESE_DIGITS.get(tens, 1) * 10 if ten else 0) + (CHINESE_DIGITS[ones] if ones else 0)


def _read_number(raw: float, text: str, context: Context) -> tuple[date, bool]:
    if raw != raw or raw <= 0 or raw >= 1e8:
        raise CellFault("date_unreadable", f"“{text[:30]}”不是日期。{FORMS}")
    if raw == int(raw):
        return _read_digits(str(int(raw)), text, context)
    found = YEAR_AND_TENTH.match(text)
    if not found:
        return _serial(int(raw), text, context), False
    if found[2] == "1":
        raise CellFault(
            "date_ambiguous",
            f"“{text}”存成了数字，分不清是{found[1]}年1月还是10月。请写成“{found[1]}-01”或“{found[1]}-10”。",
        )
    return _day(found[1], found[2], "1", text), True


def _read_digits(digits: str, text: str, context: Context) -> tuple[date, bool]:
    """Read 20180715, 201807, or a serial number."""
    if len(digits) == 8:
        return _day(digits[:4], digits[4:6], digits[6:], text), False
    if len(digits) == 6:
        return _day(digits[:4], digits[4:], "1", text), True
    if len(digits) == 7:
        raise CellFault("date_ambiguous", f"“{text}”有7位数字，分不清月和日。{FORMS}")
    if len(digits) <= 4 and 1900 <= int(digits) <= 2100:
        raise CellFault("date_unreadable", f"“{text}”只有年份，请补上月和日。{FORMS}")
    if len(digits) == 5 and digits.startswith(("19", "20")):
        raise CellFault("date_ambiguous", f"“{text}”有5位数字，像是年份和月份，分不清是哪一个月。{FORMS}")
    return _serial(int(digits), text, context), False


def _serial(number: int, text: str, context: Context) -> date:
    if context.date1904:
        return EPOCH_1904 + timedelta(days=number)
    if number == 60:
        raise CellFault("date_unreadable", f"日期序号“{text}”是不存在的1900年2月29日。{FORMS}")
    return EPOCH_1900 + timedelta(days=number if number > 60 else number + 1)


def _day(year: str, month: str, day: str, text: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise CellFault("date_unreadable", f"“{text[:30]}”不是日历上的日子，请核对。{FORMS}") from None
