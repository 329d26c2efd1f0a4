"""Find the columns of a roster that belong to other sheets: certificates, results of years, the present appointment."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from workers.workbook.header import Head, Header, year_of
from workers.workbook.lexicon import bare, spellings
from workers.workbook.sheets import ASSIGNMENTS, CERTIFICATES, Sheet, all_sheets

if TYPE_CHECKING:
    from workers.workbook.sources import Source

CERTIFYING = ("证", "社工", "资格")  # 等级 alone is not a certificate's
NEAREST = 2  # columns between a certificate and its date
RESULTS = "年度考核"  # registered by a later app


def with_since(header: Header) -> Header:
    """Note the column of the present appointment's date, which a roster has beside its own columns."""
    head = next((head for head in header.unknown if _means(head, ASSIGNMENTS, "start")), None)
    if head is None:
        return header
    unknown = tuple(other for other in header.unknown if other is not head)
    return replace(header, unknown=unknown, helpers=header.helpers | {"since": head.index})


def other_sheets(source: "Source") -> list["Source"]:
    """Return the columns of a roster that are rows of other sheets, as sources of those sheets, their person aside."""
    return [*_certificates(source), *_results(source)]


def of_people(part: "Source", roster: "Source") -> "Source":
    """Say in which columns of the roster the person of these rows is named."""
    person = {"person_name": roster.fields.get("name"), "id_number": roster.fields.get("id_number")}
    return replace(part, fields={name: index for name, index in person.items() if index is not None} | part.fields)


def _certificates(source: "Source") -> Iterator["Source"]:
    heads = source.header.unknown
    level = next((head for head in heads if _certifies(head) and _means(head, CERTIFICATES, "level")), None)
    if level is None:
        return
    fields = {"level": level.index}
    for head in heads:
        if 0 < head.index - level.index <= NEAREST or _certifies(head):
            for field in ("approved_on", "number"):
                if head is not level and _means(head, CERTIFICATES, field):
                    fields.setdefault(field, head.index)
    yield replace(source, sheet=CERTIFICATES, fields=fields, fixed={}, both={}, wanted="level")


def _certifies(head: Head) -> bool:
    return any(word in head.whole for word in CERTIFYING)


def _results(source: "Source") -> Iterator["Source"]:
    sheet = next((sheet for sheet in all_sheets() if sheet.name == RESULTS), None)
    for head in source.header.unknown if sheet else ():
        year = year_of(head)
        if sheet and year and _means(head, sheet, "result"):
            fields, fixed = {"result": head.index}, {"year": str(year)}
            yield replace(source, sheet=sheet, fields=fields, fixed=fixed, both={}, wanted="result")


def _means(head: Head, sheet: Sheet, field: str) -> bool:
    names = {head.name, bare(head.name), head.whole}
    names |= {"".join(char for char in name if not char.isdigit()).replace("年年", "年") for name in names}
    names |= {name.removeprefix("年") for name in names if name.startswith("年年")}
    return bool(names & set(spellings(sheet.column(field).header)))
