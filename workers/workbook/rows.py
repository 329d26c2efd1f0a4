"""Tell the rows below a head apart: people, sections, subtotals, notes. What is nobody's row is listed, never lost."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from workers.workbook.faults import Skipped
from workers.workbook.header import Header
from workers.workbook.lexicon import mentions, normal
from workers.workbook.places import Places
from workers.workbook.spooling import Rows

FOOTER = re.compile(
    r"^(合计|总计|小计|共计|总人数|制表|填表|填报|编制|审核|复核|审批|负责人|单位负责人|经办|联系人|单位盖章|备注:|说明:|注:|填写说明)"
)
SUM = re.compile(r"(合计|总计|小计|共计|共\d+人)")
EXAMPLE = "示例"
ID_DIGITS = 10
LEAST_FILLED = 3
LONGEST_NAME = 15
ENUMERATED = re.compile(r"^(\(?[一二三四五六七八九十]+\)?[、.．]|\(?\d{1,2}\)?[、.．])")
HEADCOUNT = re.compile(r"[(（]?共?\d+人[)）]?$")


@dataclass(slots=True)
class Sections:
    """Rows that stand alone above people: from which row on a word or a community applies."""

    numbers: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    communities: list[str] = field(default_factory=list)

    def left_at(self, number: int) -> str:
        """Return the section's text where it says that its people have left."""
        place = bisect_right(self.numbers, number) - 1
        return self.texts[place] if place >= 0 and mentions("left", self.texts[place]) else ""

    def community_at(self, number: int) -> str:
        for place in range(bisect_right(self.numbers, number) - 1, -1, -1):
            if self.communities[place]:
                return self.communities[place]
        return ""


def sections_of(sparse: Rows, header: Header, places: Places) -> Sections:
    """Return the section rows among the rows with hardly anything in them."""
    found = Sections()
    for number, cells in sparse:
        texts = [cell for cell in cells if isinstance(cell, str)]
        if number <= header.last_row or len(texts) != 1 or is_sum(texts[0]):
            continue
        text = HEADCOUNT.sub("", ENUMERATED.sub("", "".join(texts[0].split())))
        community = text if places.streets_with(text) else ""
        if community or mentions("left", text) or mentions("here", text) or ENUMERATED.match(texts[0].strip()):
            found.numbers.append(number)
            found.texts.append(text)
            found.communities.append(community)
    return found


@dataclass(slots=True)
class RowJudge:
    """Tells the rows of one source apart; ``skipped`` lists the others with the reason."""

    sheet: str
    header: Header
    fields: dict[str, int]
    sections: Sections
    skipped: list[Skipped] = field(default_factory=list)

    def people(self, rows: Rows) -> Iterator[tuple[int, list[Any]]]:
        """Yield the rows of people below the head."""
        number_at = self.fields.get("id_number", -1)
        name_at = self.fields.get("person_name", self.fields.get("name", -1))
        known = sorted(self.fields.values())
        for number, cells in rows:
            if number <= self.header.last_row:
                continue
            name = cells[name_at] if 0 <= name_at < len(cells) else None
            reason = ""
            if not looks_like_id(cells[number_at] if 0 <= number_at < len(cells) else None):
                reason = self._reason(number, cells, name, known)
            if isinstance(name, str) and name.startswith(EXAMPLE):
                reason = "示例行"
            if reason == "空行":
                continue
            if reason:
                self.skipped.append(Skipped(self.sheet, number, text_of_row(cells), reason))
                continue
            yield number, cells

    def _reason(self, number: int, cells: list[Any], name: Any, known: list[int]) -> str:
        """Return why a row without an ID number is nobody's; nothing where it is somebody's."""
        filled = [index for index in known if index < len(cells) and cells[index] is not None]
        if all(cell is None for cell in cells):
            return "空行"
        if number in self.sections.numbers:
            return "分段标题"
        if _repeats(cells, self.header):
            return "重复的表头"
        first = next((cell for cell in cells if isinstance(cell, str) and not cell.strip().isdigit()), "")
        named = is_name(name) and len(filled) >= LEAST_FILLED
        if not named and (_is_footer(first) or any(isinstance(cell, str) and is_sum(cell) for cell in cells)):
            return "合计或签注行"
        if not filled:
            only_number = sum(cell is not None for cell in cells) == 1 and isinstance(first, str) and not first
            return "空行" if only_number else "没有姓名和身份证号"
        if not named and len(filled) <= 1 and not isinstance(name, str):
            return "没有姓名和身份证号"
        if not named and len(filled) == 1 and len(str(name)) > LONGEST_NAME:
            return "说明行"
        return ""


def is_name(cell: Any) -> bool:
    """Whether the cell can be a person's name rather than a heading, a count or a signature."""
    if not isinstance(cell, str):
        return False
    text = "".join(unicodedata.normalize("NFKC", cell).split())
    return 1 < len(text) <= LONGEST_NAME and ":" not in text and not text[0].isdigit() and not SUM.search(text)


def is_sum(cell: str) -> bool:
    return bool(SUM.search("".join(cell.split())))


def looks_like_id(cell: Any) -> bool:
    if isinstance(cell, str) and cell[:ID_DIGITS].isdigit():
        return len(cell) >= ID_DIGITS
    return cell is not None and sum(c.isdigit() for c in shown(cell)) >= ID_DIGITS


def _is_footer(first: str) -> bool:
    return bool(FOOTER.match("".join(unicodedata.normalize("NFKC", first).split())))


def _repeats(cells: list[Any], header: Header) -> bool:
    given = [normal(cell) for cell in cells if cell is not None]
    return bool(given) and all(name in header.texts for name in given)


def text_of_row(cells: list[Any]) -> str:
    return " ".join(shown(cell) for cell in cells if cell is not None)[:120]


def shown(raw: Any) -> str:
    """The cell as the clerk sees it, shortened."""
    if raw is None:
        return ""
    if isinstance(raw, tuple):
        raw = raw[1]
    if isinstance(raw, float):
        raw = str(int(raw)) if raw == raw and abs(raw) < 1e18 and raw == int(raw) else repr(raw)
    return "".join(c for c in str(raw)[:60] if c.isprintable())
