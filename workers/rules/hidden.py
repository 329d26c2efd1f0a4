"""Characters nobody sees: they make two names look alike, or turn a line round."""

import re

# Soft hyphen, zero-width characters, marks and overrides of direction, byte order mark.
INVISIBLE = (
    "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
HIDDEN = re.compile(f"[{INVISIBLE}\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
BREAK = re.compile("[\t\n\r\x85\u2028\u2029]")


def hidden_fault(text: str, *, lines: bool) -> str:
    """Why a text cannot be recorded; empty when it can. ``lines``: it may have several lines."""
    if found := HIDDEN.search(text):
        return f"第{found.start() + 1}个字是看不见的字符，请删去后重新录入。"
    if not lines and (found := BREAK.search(text)):
        return f"第{found.start() + 1}个字是换行或制表符，这一项只能写一行，请删去。"
    return ""
