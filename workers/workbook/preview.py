"""What a page shows of an import before it is confirmed: plain values, long numbers masked."""

from collections.abc import Iterable
from typing import Any

from songshan_cw.security.masking import mask_numbers
from workers.rules.identity import masked
from workers.workbook.changes import Digest, change_items
from workers.workbook.faults import Fault, Notice
from workers.workbook.merging import CREATED, UPDATED
from workers.workbook.people import Person
from workers.workbook.planning import Batch, ImportPlan
from workers.workbook.questions import NOT_READ, Question
from workers.workbook.reading import RawSheet
from workers.workbook.rows import shown
from workers.workbook.sources import FAULT_LIST

MOST_PEOPLE = 5_000
MOST_NOTICES = 200
SHOWN_ROWS, SHOWN_COLUMNS = 8, 20
WHOLE_COLUMNS = frozenset({"column_missing", "header_missing", "sheet_missing", "sheet_repeated", "pay_sheet"})
MOST_CELLS = 12  # cells named of one kind of fault; the annotated copy has all of them


class Preview:
    """Takes the batches of a plan and keeps what a page can show of them."""

    def __init__(self) -> None:
        self.people: list[dict[str, Any]] = []
        self.count = 0
        self.digest = Digest()

    def take(self, batch: Batch) -> None:
        by_person: dict[str, dict[str, Any]] = {}
        for outcome in batch.outcomes:
            items, person = change_items(outcome, batch.places), outcome.person
            self.digest.add(outcome, items)
            if person.id_number not in by_person:
                by_person[person.id_number] = _person(person)
            by_person[person.id_number]["items_shown"] += items
        self.people += list(by_person.values())[: MOST_PEOPLE - len(self.people)]
        self.count += len(by_person)

    def shown(self, plan: ImportPlan, *, remembered: frozenset[str] = frozenset()) -> dict[str, Any]:
        """The whole plan as plain values; of a plan with faults, only the faults.

        ``remembered``: keys of questions whose answers were kept from earlier files.
        """
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
            "questions": [
                *(_question(question, "", kept=False) for question in plan.questions),
                *(_question(question, answer, kept=question.key in remembered) for question, answer in plan.answered),
            ],
            "question_count": len(plan.questions),
            "skipped": [
                [row.sheet, row.row, mask_numbers(row.text), row.reason] for row in plan.skipped[:MOST_NOTICES]
            ],
            "first_rows": _first_rows(plan),
            "people": [] if plan.blocked else self.people,
            "people_count": 0 if plan.blocked else self.count,
            "digest": self.digest.text,
        }


def _person(person: Person) -> dict[str, Any]:
    """A person the import touches; ``items_shown`` gets what is recorded, or each field old → new."""
    number = masked(person.id_number)
    return {"name": person.name, "id_number": number, "new": person.stored is None, "items_shown": []}


def _sheet(raw: RawSheet, plan: ImportPlan) -> dict[str, Any]:
    """How one sheet of the file was understood."""
    source = next((source for source in plan.sources if source.raw is raw and not source.wanted), None)
    known = source.sheet.name if source else ""
    shown: dict[str, Any] = {"name": raw.name, "known": known, "columns": [], "ignored": []}
    if source is None:
        return shown
    written = {field: source.header.head(index).text for field, index in source.fields.items()}
    columns = source.sheet.columns
    shown["columns"] = [[written[c.field], c.header] for c in columns if c.field in written]
    shown["missing"] = [c.header for c in columns if c.field not in written]
    shown["ignored"] = [head.text for head in source.header.unknown][:50]
    shown["header_row"] = source.header.last_row
    counts = plan.tally.get(known, {})
    shown["created"], shown["updated"] = counts.get(CREATED, 0), counts.get(UPDATED, 0)
    shown["rows"] = sum(counts.values())
    shown["unchanged"] = shown["rows"] - shown["created"] - shown["updated"]
    return shown


def _notice(notice: Notice) -> list[str]:
    row = f"第{notice.row}行" if notice.row else ""
    column = f"“{notice.column}”列" if notice.column else ""
    return [f"“{notice.sheet}”表{row}{column}", mask_numbers(notice.message)]


def _question(question: Question, answer: str, *, kept: bool) -> dict[str, Any]:
    """A question with its answer so far; ``kept``: remembered from an earlier file."""
    document = question.document()
    choices = [
        choice if isinstance(choice, dict) else {"value": choice, "label": choice} for choice in document["choices"]
    ]
    values = "、".join(mask_numbers(str(value)) for value in document["values"][:12])
    free = all(choice["value"] == NOT_READ for choice in choices)
    return document | {
        "message": mask_numbers(question.message),
        "values": values,
        "choices": choices,
        "answer": answer,
        "kept": kept,
        "free": free,
    }


def _first_rows(plan: ImportPlan) -> list[list[Any]]:
    """The head and the first rows of each sheet that is asked about, cell by cell, long numbers masked."""
    asked = dict.fromkeys(question.sheet for question in plan.questions)
    found = []
    for raw in plan.reading.sheets:
        if raw.name in asked:
            for number, cells in raw.head[:SHOWN_ROWS]:
                texts = [mask_numbers(shown(cell))[:20] for cell in cells]
                found.append([raw.name, number, *texts[:SHOWN_COLUMNS]])
    return found[: SHOWN_ROWS * 5]


def _grouped(faults: Iterable[Fault]) -> list[dict[str, Any]]:
    """Faults of one kind in one column together, in the order of the file."""
    groups: dict[tuple[str, str, str], list[Fault]] = {}
    for fault in faults:
        groups.setdefault((fault.sheet, fault.column, fault.code), []).append(fault)
    return [
        {
            "sheet": sheet,
            "column": column,
            "mendable": code not in WHOLE_COLUMNS,
            "count": len(found),
            "cells": [
                [fault.row, mask_numbers(fault.value), mask_numbers(fault.message)] for fault in found[:MOST_CELLS]
            ],
            "more": max(len(found) - MOST_CELLS, 0),
            "span": min(len(found), MOST_CELLS) + (len(found) > MOST_CELLS),
        }
        for (sheet, column, code), found in groups.items()
    ]
