"""The words of ``lexicon.yaml``: which head means which column, which word which value."""

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import yaml

WORDS: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("lexicon.yaml").read_text("utf-8"))
NOISE = re.compile(r"[\s*:：、_.。★※\"'“”]+")
ASIDE = re.compile(r"\([^()]*\)|【[^【】]*】|\[[^\[\]]*\]")
NUMBERED = re.compile(r"^(\(?\d{1,2}\)|\d{1,2}[.、．]|[①-⑳])")
DERIVED = re.compile(r"^(序号|序|行号|编号|no|年龄|.*街道代码|.*社区代码|证件类型|签字|签名)$")
SECRETARY_AND_DIRECTOR = "党组织书记(一肩挑)"
HELPERS = {"性别": "sex", "出生日期": "birth", "人员状态": "state"}


def normal(cell: Any) -> str:
    """Normalise a head: no spaces, line breaks, marks, leading numbers or full-width forms."""
    if not isinstance(cell, str):
        return ""
    text = "".join(unicodedata.normalize("NFKC", cell).split())
    return NOISE.sub("", NUMBERED.sub("", text)).lower()


def bare(name: str) -> str:
    """Return a normalised head without its remarks in brackets."""
    return ASIDE.sub("", name) or name


def squeezed_word(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


@cache
def spellings(header: str) -> tuple[str, ...]:
    """Return the head and its synonyms, normalised."""
    return tuple(dict.fromkeys(normal(word) for word in (header, *WORDS["heads"].get(header, ()))))


@cache
def helper_of(name: str) -> str | None:
    """Return the helper that a normalised head means: sex, birth or state."""
    for head, field in HELPERS.items():
        if name in {normal(word) for word in (head, *WORDS["helpers"][head])}:
            return field
    return None


def perhaps(name: str) -> str | None:
    """Return the head that a normalised head may mean."""
    return next((meant for word, meant in WORDS["perhaps"].items() if normal(word) == name), None)


@cache
def values_of(column: str) -> dict[str, str]:
    """Map each way of writing a value of this column to the value."""
    found: dict[str, str] = {}
    for value, others in WORDS["values"][column].items():
        for word in (value, *others):
            found[squeezed_word(str(word))] = value
    return found


def pay_heads(names: tuple[str, ...]) -> int:
    marks = {normal(word) for word in WORDS["pay"]}
    return len(marks & {bare(name) for name in names})


@cache
def _any(kind: str) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, WORDS[kind])))


def mentions(kind: str, text: str) -> str:
    """Return the first word of a list (left, vacant, others) that the text holds, or nothing."""
    found = _any(kind).search("".join(text.split()))
    return found[0] if found else ""


def says_here(text: str) -> bool:
    return squeezed_word(text) in WORDS["here"]
