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
    """Return lower-case first letters with the surname's own reading; keep Latin letters and digits, drop the rest."""
    for length in (2, 1):
        if reading := SURNAMES.get(name[:length]):
            return (reading + _letters(name[length:]))[:40]
    return _letters(name)[:40]


def _letters(text: str) -> str:
    from pypinyin import Style, lazy_pinyin  # imported late: its dictionary takes 57 MB, and payroll needs no initials

    letters = "".join(lazy_pinyin(text, style=Style.FIRST_LETTER))
    return "".join(letter for letter in letters if letter.isascii() and letter.isalnum()).lower()
