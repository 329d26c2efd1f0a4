"""Read single cells. Certain values are cleaned, uncertain ones are faults."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from django.conf import settings

from workers.rules.bounds import MOST_SERVICE_YEARS
from workers.rules.hidden import INVISIBLE
from workers.rules.identity import birth_date, check_character, fault_of
from workers.workbook.faults import CellFault
from workers.workbook.lexicon import WORDS, mentions

BLANK_MARKS = frozenset({"", "/", "-", "—", "——", "－", "无", "／", "\\"})
QUOTED = re.compile(rf"^'+[{re.escape(settings.FORMULA_PREFIXES)}]")
UNSEEN = dict.fromkeys(map(ord, INVISIBLE))
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]|_x[dD][89a-fA-F][0-9a-fA-F]{2}_")
DECIMAL_FORM = re.compile(r"^-?\d{1,6}(\.\d{1,8})?$", re.ASCII)
CHINESE_GAP = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
BETWEEN = re.compile(r"(?<=[\u3400-\u9fff])\.(?=[\u3400-\u9fff])")
DOTS = str.maketrans("•・‧∙．", "·····")
LONGEST_CELL = 2_000
ID_MARKS = str.maketrans("×ХΧ✕", "XXXX", "'‘’`´\"“”-—–")
LABEL = re.compile(r"^(居民|公民)?身份(证|号)(件|号|号码|证号)?[::]?(?=\d)")
REMARK = re.compile(r"^([^()]*)\(([^()]*)\)$")
UNCLEAR_NAME = re.compile(r"[\d*#?()\[\]{}/\\、,;:+&\n]|[\ue000-\uf8ff]")


@dataclass(frozen=True, slots=True)
class Context:
    """What reading a cell may depend on."""

    date1904: bool
    today: date


class Noted(NamedTuple):
    """A value with a notice about how it was read."""

    value: Any
    message: str


Clean = Callable[[Any, Context], Any]


def text_of(raw: Any) -> str:
    """Return the cell as text, whole numbers without a decimal point. Raises for values that are none."""
    if isinstance(raw, str):
        if raw.isalnum() and len(raw) <= LONGEST_CELL:
            return raw
        if len(raw) > LONGEST_CELL:
            raise CellFault("text_too_long", f"单元格有{len(raw)}个字，过长。请删去多余内容。")
        if CONTROL.search(raw):
            raise CellFault("bad_character", "单元格里有看不见的控制字符，请删去后重新录入。")
        stripped = raw.translate(UNSEEN).strip()
        return stripped[1:] if QUOTED.match(stripped) else stripped
    if raw is None:
        return ""
    if isinstance(raw, float):
        return str(int(raw)) if raw == int(raw) else repr(raw)
    kind, text = raw
    if kind == "formula":
        raise CellFault("formula_without_value", "公式没有计算结果。请把公式换成它的值（复制后选择性粘贴为数值）。")
    if kind == "error":
        raise CellFault("cell_error", f"单元格是错误值“{text}”，请改成正确的内容。")
    if kind == "lost":
        raise CellFault("digits_lost", f"长数字存成了数值（{text}），后几位已经丢失。请把单元格设为文本后重新录入。")
    return str(text)


def blank_mark(text: str) -> bool:
    return text in BLANK_MARKS


def squeezed(raw: Any) -> str:
    """Convert to half-width without spaces, for codes and terms."""
    text = text_of(raw)
    if text.isascii() and text.isalnum():
        return text
    return "".join(unicodedata.normalize("NFKC", text).split())


def clean_id_number(raw: Any, _context: Context) -> str | None:
    """Clean a number of quotes, dashes, a leading label and the signs that stand for X; none of them can be a digit."""
    number = squeezed(raw).upper()
    if not number:
        return None
    if len(number) != 18 or not number.isascii():
        number = LABEL.sub("", number.translate(ID_MARKS))
        if not any(c.isdigit() for c in number):
            return None  # 待补, 无: no number yet
    message = fault_of(number)
    if not message:
        return number
    raise CellFault(_id_code(number), message)


def _id_code(number: str) -> str:
    if len(number) != 18:
        return "id_length"
    if not (number[:17].isascii() and number[:17].isdigit()):
        return "id_format"
    try:
        birth_date(number)
    except ValueError:
        return "id_birth_date"
    return "id_checksum" if check_character(number[:17]) != number[17] else "id_format"


def clean_name(raw: Any, _context: Context) -> str | None:
    """Clean a person's name: no spaces between Chinese characters, one kind of middle dot."""
    text = text_of(raw)
    if text.isalnum() and not any(c.isdigit() for c in text):
        return _fitting(text, 40)
    text = _without_remark(text)
    unclear = UNCLEAR_NAME.search(unicodedata.normalize("NFKC", text))
    text = CHINESE_GAP.sub("", " ".join(text.split())).translate(DOTS)
    text = BETWEEN.sub("·", text)
    if not text:
        return None
    if not any(c.isalpha() for c in text):
        raise CellFault("name_unreadable", f"姓名“{text[:20]}”里没有文字，请核对。")
    if unclear:
        raise CellFault("name_unclear", f"姓名“{text[:20]}”里有姓名以外的内容，不知道这个人叫什么。")
    return _fitting(text, 40)


def _without_remark(text: str) -> str:
    """Take a remark that a person has left, or brackets round a vacancy, off a name; both are asked as rows."""
    found = REMARK.match(unicodedata.normalize("NFKC", text).strip())
    if not found:
        return text
    if not found[1] and found[2] in WORDS["vacant"]:
        return found[2]
    return found[1] if found[1] and mentions("left", found[2]) else text


def text(longest: int) -> Clean:
    """Read one line of free text up to a length."""

    def clean(raw: Any, _context: Context) -> str | None:
        return _fitting(" ".join(text_of(raw).split()), longest) or None

    return clean


def clean_ethnicity(raw: Any, context: Context) -> str | None:
    """Read a people's name; 汉 and 汉族 are one."""
    word: str | None = text(20)(raw, context)
    short = word is not None and len(word) <= 4 and not word.endswith(("族", "人"))
    return f"{word}族" if short and not blank_mark(word or "") else word


def note(longest: int) -> Clean:
    """Read free text that may have several lines."""

    def clean(raw: Any, _context: Context) -> str | None:
        return _fitting(text_of(raw).replace("\r\n", "\n").replace("\r", "\n"), longest) or None

    return clean


def _fitting(value: str, longest: int) -> str:
    if len(value) > longest:
        raise CellFault("text_too_long", f"内容有{len(value)}个字，最多{longest}个字，请缩短。")
    return value


def term(vocabulary: Mapping[str, str]) -> Clean:
    """Read one of a closed vocabulary, or an unambiguous synonym."""
    allowed = "、".join(dict.fromkeys(vocabulary.values()))

    def clean(raw: Any, _context: Context) -> str | None:
        word = squeezed(raw)
        if blank_mark(word):
            return None
        if word not in vocabulary:
            raise CellFault("unknown_value", f"不认识“{word[:20]}”。可填：{allowed}。")
        return vocabulary[word]

    return clean


def truth(words: Mapping[str, bool]) -> Clean:
    def clean(raw: Any, _context: Context) -> bool | None:
        word = squeezed(raw).upper()
        if blank_mark(word):
            return None
        if word not in words:
            raise CellFault("unknown_value", f"不认识“{word[:20]}”。请填“是”或“否”。")
        return words[word]

    return clean


def clean_phone(raw: Any, _context: Context) -> str | None:
    text = text_of(raw)
    if text.isascii() and text.isdigit() and 5 <= len(text) <= 20:
        return text
    number = " ".join(unicodedata.normalize("NFKC", text).split()).replace("—", "-")
    number = re.sub(r"^\((\d{3,4})\)\s*", r"\1-", number)
    if blank_mark(number):
        return None
    if not re.fullmatch(r"[0-9+\- ]{5,20}", number):
        raise CellFault("phone_malformed", f"电话“{number[:30]}”只应含5到20位数字、加号、短横。请只填一个号码。")
    return number


def clean_account(raw: Any, _context: Context) -> str | None:
    number = squeezed(raw).replace("-", "")
    if blank_mark(number):
        return None
    if not (number.isascii() and number.isdigit()):
        raise CellFault("account_malformed", "银行卡号只应含数字，请核对。")
    if len(number) > 32:
        raise CellFault("account_malformed", f"银行卡号有{len(number)}位，过长，请核对。")
    return number


def _decimal(raw: Any, what: str, suffixes: tuple[str, ...]) -> Decimal | None:
    word = squeezed(raw)
    for suffix in suffixes:
        word = word.removesuffix(suffix)
    if blank_mark(word):
        return None
    if not DECIMAL_FORM.match(word):
        raise CellFault("number_unreadable", f"{what}“{word[:20]}”不是数字，请只填数字。")
    return Decimal(word)


def clean_service_years(raw: Any, _context: Context) -> int | None:
    """Convert years with at most two decimals to the nearest month."""
    years = _decimal(raw, "核定工作年限", ("年",))
    if years is None:
        return None
    if not 0 <= years <= MOST_SERVICE_YEARS:
        raise CellFault("years_range", f"核定工作年限{years}年超出0至{MOST_SERVICE_YEARS}年，请核对。")
    if years.normalize().as_tuple().exponent < -2:  # type: ignore[operator]
        raise CellFault("too_many_decimals", f"核定工作年限{years}最多两位小数，例如4.5。")
    return int((years * 12).quantize(Decimal(1), ROUND_HALF_UP))


def clean_hours(raw: Any, _context: Context) -> Decimal | None:
    hours = _decimal(raw, "学时", ("学时", "课时", "小时", "时"))
    if hours is None:
        return None
    if not 0 <= hours <= 10_000:
        raise CellFault("hours_range", f"学时{hours}应在0至10000之间，请核对。")
    if hours.normalize().as_tuple().exponent < -1:  # type: ignore[operator]
        raise CellFault("too_many_decimals", f"学时{hours}最多一位小数。")
    return hours.quantize(Decimal("0.1"))
