"""Load folders of YAML into checked documents. Missing, unknown or mistyped values stop the start."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args, get_type_hints

from songshan_cw.policy.checks import check_document, check_policy_values
from songshan_cw.policy.errors import PolicyDataError, file_label
from songshan_cw.policy.schema import Cited, ClauseNote, Document, Policy
from songshan_cw.policy.yamlfile import Place, convert, convert_record, describe, mapping_with_keys, read_yaml

NOT_SECTIONS = {"document", "version", "clauses"}
SECTIONS: Mapping[str, Any] = {name: kind for name, kind in get_type_hints(Policy).items() if name not in NOT_SECTIONS}
PARAMETERS = frozenset(f"{section}.{field.name}" for section, kind in SECTIONS.items() for field in fields(kind))
DOCUMENT_FIELDS = frozenset(f"document.{field.name}" for field in fields(Document))
ENTRY_KEYS = {"from", "value", "clause"}
FILE_NAMES = {f"{name}.yaml" for name in ("document", "clauses", *SECTIONS)}

Dated = tuple[Cited[Any], ...]


@dataclass(frozen=True, slots=True)
class LoadedDocument:
    """A document with its policy at each day on which a value changes, oldest first."""

    document: Document
    policies: tuple[tuple[date, Policy], ...]


def load_folder(folder: Path) -> tuple[LoadedDocument, ...]:
    """Load every subfolder with policy files as one jurisdiction."""
    homes = sorted(home for home in folder.iterdir() if home.is_dir() and any(home.glob("*.y*ml")))
    if not homes:
        raise PolicyDataError(folder.name, "", "这个目录下没有任何政策文件，请至少放入一个辖区的目录。")
    return tuple(load_document(home) for home in homes)


def load_document(folder: Path) -> LoadedDocument:
    """Load and check one jurisdiction's folder."""
    _refuse_unknown_files(folder)
    document = _read_document(folder / "document.yaml")
    clauses = _read_clauses(folder / "clauses.yaml")
    values = {name: _read_section(folder / f"{name}.yaml", name, document) for name in SECTIONS}
    _check_citations(folder, values, clauses)
    days = _breakpoints(document, values)
    policies = tuple((day, _policy_on(day, document, values, clauses)) for day in days)
    for _, policy in policies:
        check_policy_values(policy, folder.name)
    return LoadedDocument(document, policies)


def _refuse_unknown_files(folder: Path) -> None:
    for path in sorted(folder.glob("*.y*ml")):
        if path.name not in FILE_NAMES:
            raise PolicyDataError(file_label(path), "", f"不认识这个文件。可用的有：{'、'.join(sorted(FILE_NAMES))}。")


def _read_document(path: Path) -> Document:
    document: Document = convert_record(Document, read_yaml(path), Place(file_label(path), ""))
    check_document(document, path)
    return document


def _read_clauses(path: Path) -> tuple[ClauseNote, ...]:
    place = Place(file_label(path), "clauses")
    notes: tuple[ClauseNote, ...] = convert(tuple[ClauseNote, ...], read_yaml(path), place)
    seen: set[str] = set()
    for note in notes:
        here = place.inside(note.number)
        if note.number in seen:
            here.refuse("这一条款写了两次，请只留一个。")
        seen.add(note.number)
        if not note.summary.strip():
            here.refuse("缺少条款的内容概要，请补上一句。")
        for name in note.parameters:
            if name not in PARAMETERS and name not in DOCUMENT_FIELDS:
                here.refuse(f"没有名为“{name}”的参数。")
    return notes


def _read_section(path: Path, section: str, document: Document) -> dict[str, Dated]:
    kind = SECTIONS[section]
    label = file_label(path)
    content = mapping_with_keys(read_yaml(path), {field.name for field in fields(kind)}, Place(label, ""))
    hints = get_type_hints(kind)
    return {
        name: _dated_values(get_args(hints[name])[0], raw, Place(label, name), document)
        for name, raw in content.items()
    }


def _dated_values(kind: Any, raw: object, place: Place, document: Document) -> Dated:
    """Read one parameter's values, oldest first. Each holds until the next one starts."""
    if not isinstance(raw, list) or not raw:
        place.refuse(f"应是带施行日期的列表，至少一项；现在是{describe(raw)}。")
    values = tuple(_entry(kind, item, place.inside(index)) for index, item in enumerate(raw))
    for earlier, later in pairwise(values):
        if later.since == earlier.since:
            place.refuse(f"有两项都从{later.since}起，时间重叠，请只留一项。")
        if later.since < earlier.since:
            place.refuse(f"各项要按日期先后写：{later.since}应排在{earlier.since}之前。")
    if values[0].since > document.in_force_from:
        place.refuse(f"最早一项从{values[0].since}起，没有覆盖文件的施行日{document.in_force_from}，请补上。")
    if document.in_force_to and values[-1].since > document.in_force_to:
        place.refuse(f"{values[-1].since}晚于文件的终止日{document.in_force_to}，这一项不会生效。")
    return values


def _entry(kind: Any, raw: object, place: Place) -> Cited[Any]:
    content = mapping_with_keys(raw, ENTRY_KEYS, place)
    return Cited(
        value=convert(kind, content["value"], place.inside("value")),
        clause=convert(str, content["clause"], place.inside("clause")),
        since=convert(date, content["from"], place.inside("from")),
    )


def _check_citations(folder: Path, values: Mapping[str, Mapping[str, Dated]], clauses: tuple[ClauseNote, ...]) -> None:
    """Check that every value cites a listed clause, and that the clause lists the parameter."""
    carried = {note.number: note.parameters for note in clauses}
    for section, parameters in values.items():
        for name, dated in parameters.items():
            for cited in dated:
                place = Place(f"{folder.name}/{section}.yaml", name)
                if cited.clause not in carried:
                    place.refuse(f"所引条款“{cited.clause}”不在clauses.yaml里，请改正条款号或补上该条款。")
                if f"{section}.{name}" not in carried[cited.clause]:
                    place.refuse(
                        f"clauses.yaml的“{cited.clause}”没有列出参数{section}.{name}，请在该条款的parameters里补上。"
                    )


def _breakpoints(document: Document, values: Mapping[str, Mapping[str, Dated]]) -> list[date]:
    changes = {cited.since for parameters in values.values() for dated in parameters.values() for cited in dated}
    later = {day for day in changes if day > document.in_force_from}
    return sorted({document.in_force_from, *later})


def _policy_on(
    day: date,
    document: Document,
    values: Mapping[str, Mapping[str, Dated]],
    clauses: tuple[ClauseNote, ...],
) -> Policy:
    """Build the policy of a day from the newest value of each parameter that has started."""
    sections = {
        name: SECTIONS[name](**{key: _newest(dated, day) for key, dated in parameters.items()})
        for name, parameters in values.items()
    }
    return Policy(document=document, version=f"{document.key}@{day}", clauses=clauses, **sections)


def _newest(dated: Dated, day: date) -> Cited[Any]:
    return next(cited for cited in reversed(dated) if cited.since <= day)
