"""Colour and comment every fault in the clerk's own workbook, with a list in front."""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from songshan_cw.data.refusal import Refused
from songshan_cw.files.outfile import whole_file
from workers.workbook.planning import ImportPlan
from workers.workbook.sources import FAULT_LIST

ANNOTATOR = Path(__file__).with_name("annotator.py")
MEMORY, SECONDS = 3 * 1024**3, 180


def annotate(plan: ImportPlan, target: Path) -> None:
    """Write the annotated copy to ``target``, or only the list of faults where the file cannot be read."""
    reading = plan.reading
    marks = _marks(plan)
    listed = [[f.sheet, f.row or "", f.column, f.value, f.message] for f in plan.faults]
    listed += [[q.sheet, q.row or "", q.column, "、".join(map(str, q.values[:5])), q.message] for q in plan.questions]
    source = str(reading.path) if reading.sheets else ""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "annotated.xlsx"
        if not _run({"source": source, "target": str(made), "marks": marks, "faults": listed, "title": FAULT_LIST}):
            _run({"source": "", "target": str(made), "marks": [], "faults": listed, "title": FAULT_LIST})
        if not made.is_file():
            raise Refused("标注副本没有写成，请直接按列出的问题修改工作簿。")
        with whole_file(target) as draft:
            shutil.copyfile(made, draft.path)


def _marks(plan: ImportPlan) -> list[list[object]]:
    """Return ``[sheet, row, column number, message]`` for each fault and question with a cell."""
    places: dict[str, dict[str, int]] = {raw.name: {} for raw in plan.reading.sheets if not raw.file}
    for source in plan.sources:
        own = {
            column.header: source.fields[column.field] + 1
            for column in source.sheet.columns
            if column.field in source.fields
        }
        heads = {head.text: head.index + 1 for head in source.header.heads if head.text}
        if source.raw.name in places:
            places[source.raw.name] = heads | own | places[source.raw.name]
    return [
        [found.sheet, max(found.row, 1), places[found.sheet].get(found.column, 1), found.message]
        for found in (*plan.faults, *plan.questions)
        if found.sheet in places
    ]


def _run(task: dict[str, object]) -> bool:
    """Run in a limited process, because it opens the uploaded file again."""
    command = [sys.executable, "-I", str(ANNOTATOR), str(MEMORY), str(SECONDS)]
    given = json.dumps(task).encode()
    try:
        done = subprocess.run(command, input=given, capture_output=True, timeout=SECONDS * 2, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
