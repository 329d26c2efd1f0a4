"""What one batch of a file holds, for the steps that settle it: asking, leaving rows out, entering rows elsewhere."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from workers.workbook.cells import Context, Noted
from workers.workbook.dates import clean_date
from workers.workbook.faults import CellFault, Fault, Skipped
from workers.workbook.places import Places
from workers.workbook.questions import NOT_READ, Answers, Choice, Question
from workers.workbook.rows import shown
from workers.workbook.sheets import ROSTER, Sheet
from workers.workbook.sources import Source
from workers.workbook.stored import Namesake
from workers.workbook.tables import Row, Table


@dataclass(slots=True)
class Scene:
    """The tables of one batch; ``street``: the clerk's own, where there is one; ``namesakes`` finds stored people."""

    tables: dict[str, Table]
    sources: list[Source]
    answers: Answers
    places: Places
    street: str
    file_name: str
    context: Context
    namesakes: Callable[[Iterable[str]], Mapping[str, list[Namesake]]]

    @property
    def roster(self) -> Table:
        return self.tables[ROSTER.name]

    def table(self, sheet: Sheet) -> Table:
        return self.tables.setdefault(sheet.name, Table(sheet, sheet.name))

    def ask(
        self, key: str, kind: str, rows: list[Row], column: str, values: Iterable[Any], message: str, **more: Any
    ) -> str | None:
        choices: tuple[Choice, ...] = more.pop("choices", ())
        question = Question(
            key,
            kind,
            rows[0].source,
            rows[0].number,
            column,
            tuple(values),
            choices,
            more.pop("suggested", None),
            message,
        )
        return self.answers.ask(question, **more)

    def drop(self, rows: list[Row], reason: str) -> None:
        """Leave these rows out, with what was read of them in other sheets, and list them."""
        gone = {(row.source, row.number) for row in rows}
        for table in self.tables.values():
            table.faults = [fault for fault in table.faults if (fault.sheet, fault.row) not in gone]
            table.rows = [row for row in table.rows if (row.source, row.number) not in gone]
        for row in rows:
            text = " ".join(filter(None, (shown(self.roster.cell(row, name)) for name in ("name", "position", "note"))))
            self.roster.skipped.append(Skipped(row.source, row.number, text, reason))

    def asked_day(self, key: str, rows: list[Row], column: str, values: list[Any], message: str, **more: Any) -> Any:
        """Return the day that the clerk gives, or one of the choices; None where there is none yet."""
        answer = self.ask(key, "fill", rows, column, values, message, free=True, **more)
        if answer is None or answer == NOT_READ:
            return answer
        try:
            day = clean_date(answer, self.context)
        except CellFault as fault:
            self.roster.faults.append(Fault(rows[0].source, rows[0].number, column, answer, fault.code, fault.message))
            return None
        return day.value if isinstance(day, Noted) else day

    @staticmethod
    def row_of(row: Row, sheet: Sheet, values: dict[str, Any]) -> Row:
        blank = dict.fromkeys(column.field for column in sheet.columns)
        person = {"person_name": row.values["name"], "id_number": row.values["id_number"]}
        return Row(row.number, blank | person | values, frozenset(), row.source, row.index)
