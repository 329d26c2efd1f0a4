"""Colour and comment every fault in the clerk's own workbook, with a list in front."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from songshan_cw.data.refusal import Refused
from workers.workbook.faults import Fault
from workers.workbook.header import find_header
from workers.workbook.planning import FAULT_LIST, known_sheet
from workers.workbook.reading import Reading

ANNOTATOR = Path(__file__).with_name("annotator.py")
MEMORY, SECONDS = 3 * 1024**3, 180


def annotate(reading: Reading, faults: Sequence[Fault], target: Path) -> None:
    """Write the annotated copy to ``target``, or only the list of faults where the file cannot be read."""
    marks = _marks(reading, faults)
    listed = [[f.sheet, f.row or "", f.column, f.value, f.message] for f in faults]
    source = str(reading.path) if reading.sheets else ""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "annotated.xlsx"
        if not _run({"source": source, "target": str(made), "marks": marks, "faults": listed, "title": FAULT_LIST}):
            _run({"source": "", "target": str(made), "marks": [], "faults": listed, "title": FAULT_LIST})
        if not made.is_file():
            raise Refused("标注副本没有写成，请直接按列出的问题修改工作簿。")
        try:
            shutil.copyfile(made, target)
        except OSError as fault:
            raise Refused(f"标注副本写不到“{target}”，请检查文件夹是否存在、是否可写。") from fault


def _marks(reading: Reading, faults: Sequence[Fault]) -> list[list[object]]:
    """Return ``[sheet, row, column number, message]`` for each fault with a cell."""
    places = {raw.name: _columns(raw.name, reading) for raw in reading.sheets}
    return [
        [fault.sheet, max(fault.row, 1), places[fault.sheet].get(fault.column, 1), fault.message]
        for fault in faults
        if fault.sheet in places
    ]


def _columns(name: str, reading: Reading) -> dict[str, int]:
    """Map headers to column numbers, from 1."""
    sheet = known_sheet(name)
    header = find_header(sheet, next(raw.head for raw in reading.sheets if raw.name == name)) if sheet else None
    if sheet is None or header is None:
        return {}
    return {c.header: header.fields[c.field] + 1 for c in sheet.columns if c.field in header.fields}


def _run(task: dict[str, object]) -> bool:
    """Run in a limited process, because it opens the uploaded file again."""
    command = [sys.executable, "-I", str(ANNOTATOR), str(MEMORY), str(SECONDS)]
    given = json.dumps(task).encode()
    try:
        done = subprocess.run(command, input=given, capture_output=True, timeout=SECONDS * 2, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
