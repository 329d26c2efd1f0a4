"""What a page shows of an import before it is confirmed: plain values to store and draw, long numbers masked."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from songshan_cw.security.masking import mask_numbers
from workers.identity import masked
from workers.workbook.faults import Fault, Notice
from workers.workbook.header import find_header
from workers.workbook.merging import CREATED, UPDATED, Outcome
from workers.workbook.planning import FAULT_LIST, ImportPlan, known_sheet
from workers.workbook.reading import RawSheet
from workers.workbook.writing import change_items

MOST_PEOPLE = 5_000
MOST_NOTICES = 200
MOST_CELLS = 12  # cells named of one kind of fault; the annotated copy has all of them


def preview_of(plan: ImportPlan) -> dict[str, Any]:
    people = changed_people(plan)
    return {
        "rows": plan.rows,
        "created": plan.created,
        "updated": plan.updated,
        "unchanged": plan.unchanged,
        "sheets": [_sheet(raw, plan) for raw in plan.reading.sheets if raw.visible and raw.name != FAULT_LIST],
        "notices": [_notice(notice) for notice in plan.notices[:MOST_NOTICES]],
        "notice_count": len(plan.notices),
        "faults": _grouped(plan.faults),
        "fault_count": len(plan.faults),
        "people": people[:MOST_PEOPLE],
        "people_count": len(people),
        "digest": digest_of(plan),
    }


def digest_of(plan: ImportPlan) -> str:
    """The same for two plans that would do the same."""
    does = [[o.sheet.name, o.person.id_number, o.kind, change_items(o, plan)] for o in plan.outcomes]
    return hashlib.sha256(json.dumps(does, ensure_ascii=False).encode()).hexdigest()


def changed_people(plan: ImportPlan) -> list[dict[str, Any]]:
    """Each person touched: new ones with what is recorded, known ones with each field old → new."""
    by_person: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in plan.outcomes:
        by_person[outcome.person.id_number].append(outcome)
    return [_person(outcomes, plan) for outcomes in by_person.values()]


def _person(outcomes: Sequence[Outcome], plan: ImportPlan) -> dict[str, Any]:
    person = outcomes[0].person
    return {
        "name": person.name,
        "id_number": masked(person.id_number),
        "new": person.stored is None,
        "items_shown": [item for outcome in outcomes for item in change_items(outcome, plan)],
    }


def _sheet(raw: RawSheet, plan: ImportPlan) -> dict[str, Any]:
    """How one sheet of the file was understood."""
    sheet = known_sheet(raw.name)
    header = find_header(sheet, raw.rows) if sheet else None
    told: dict[str, Any] = {"name": raw.name, "known": sheet.name if sheet else "", "columns": [], "ignored": []}
    if sheet is None or header is None:
        return told
    written = {field: header.names[index] for field, index in header.fields.items()}
    told["columns"] = [[written[c.field], c.header] for c in sheet.columns if c.field in written]
    told["missing"] = [c.header for c in sheet.columns if c.field not in written]
    told["ignored"] = list(header.unknown)[:50]
    told["header_row"] = header.last_row
    counts = plan.tally.get(sheet.name, {})
    told["created"], told["updated"] = counts.get(CREATED, 0), counts.get(UPDATED, 0)
    told["rows"] = sum(counts.values())
    told["unchanged"] = told["rows"] - told["created"] - told["updated"]
    return told


def _notice(notice: Notice) -> list[str]:
    row = f"第{notice.row}行" if notice.row else ""
    column = f"“{notice.column}”列" if notice.column else ""
    return [f"“{notice.sheet}”表{row}{column}", mask_numbers(notice.message)]


def _grouped(faults: Iterable[Fault]) -> list[dict[str, Any]]:
    """Faults of one kind in one column together, in the order of the file."""
    groups: dict[tuple[str, str, str], list[Fault]] = {}
    for fault in faults:
        groups.setdefault((fault.sheet, fault.column, fault.code), []).append(fault)
    return [
        {
            "sheet": sheet,
            "column": column,
            "count": len(found),
            "cells": [
                [fault.row, mask_numbers(fault.value), mask_numbers(fault.message)] for fault in found[:MOST_CELLS]
            ],
            "more": max(len(found) - MOST_CELLS, 0),
            "span": min(len(found), MOST_CELLS) + (len(found) > MOST_CELLS),
        }
        for (sheet, column, _), found in groups.items()
    ]
