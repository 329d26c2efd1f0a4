"""Pinyin initials of a name, for search: 张伟 → ``zw``."""

from functools import lru_cache

# Characters read differently as a surname.
SURNAMES = {
    "单": "s", "解": "x", "曾": "z", "仇": "q", "查": "z", "区": "o", "朴": "p", "任": "r",
    "盖": "g", "乐": "y", "尉": "w", "万俟": "mq", "尉迟": "yc", "翟": "z", "缪": "m", "冼": "x",
    "逄": "p", "覃": "q", "种": "c", "重": "c", "黑": "h", "折": "s", "召": "s", "员": "y",
}  # fmt: skip


@lru_cache(maxsize=65_536)
def initials_of(name: str) -> str:
    """Lower-case first letters, the surname read as a surname; letters stay, all else is left out."""
    for length in (2, 1):
        if reading := SURNAMES.get(name[:length]):
            return (reading + _letters(name[length:]))[:40]
    return _letters(name)[:40]


def _letters(text: str) -> str:
    from pypinyin import Style, lazy_pinyin  # its dictionary takes 57 MB, which who only computes pay never needs

    parts = lazy_pinyin(text, style=Style.FIRST_LETTER, errors=lambda rest: list(rest))
    return "".join(part[0].lower() for part in parts if part and part[0].isascii() and part[0].isalnum())
