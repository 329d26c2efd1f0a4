"""Ask about rows of a roster that may be nobody: without a number, vacant, or of people who have left."""

from dataclasses import dataclass

from workers.workbook.lexicon import WORDS, mentions, says_here, squeezed_word
from workers.workbook.numberless import Numberless
from workers.workbook.questions import LEAVE, LEFT, TAKE, key_of
from workers.workbook.rows import shown
from workers.workbook.scene import Scene
from workers.workbook.sheets import EXITS, ROSTER
from workers.workbook.tables import Row


@dataclass(frozen=True, slots=True)
class DoubtfulRows:
    """Collect the doubtful rows of a roster into one question for each reason."""

    scene: Scene

    def settle(self) -> None:
        self._read_once()
        self._ask_about_rows()

    def _read_once(self) -> None:
        """Read a row once that two sheets hold identically, and list the second as skipped."""
        seen: dict[str, Row] = {}
        again = []
        for row in self.scene.roster.rows:
            number = row.values["id_number"]
            first = seen.setdefault(number, row) if number else row
            if first is not row and first.source != row.source and first.values == row.values:
                again.append(row)
        if again:
            self.scene.drop(again, "与另一张表的同一个人完全相同，只读一次")

    def _ask_about_rows(self) -> None:
        """Ask about rows without a number, without a person, or of people who have left, by reason."""
        groups: dict[tuple[str, str], list[Row]] = {}
        for row in self.scene.roster.rows:
            if (reason := self._doubt(row)) is not None:
                groups.setdefault(reason, []).append(row)
        for (column, word), rows in groups.items():
            if column == ROSTER.columns[1].header:
                Numberless(self.scene).settle(rows)
            elif column == "姓名空缺":
                self._ask_vacant(word, rows)
            else:
                self._ask_left(column, word, rows)

    def _doubt(self, row: Row) -> tuple[str, str] | None:
        name = row.values["name"]
        if name and name in WORDS["vacant"]:
            return "姓名空缺", name
        if row.values["id_number"] is None and "id_number" not in row.unread:
            return ROSTER.columns[1].header, ""
        aside = row.aside or {}
        state = shown(aside.get("state"))
        if state and not says_here(state):
            return "人员状态", state
        if aside.get("section"):
            return "分段", aside["section"]
        written = squeezed_word(shown(self.scene.roster.cell(row, "name")))
        if "(" in written and mentions("left", written):
            return "姓名", mentions("left", written)
        if aside.get("struck"):
            return "删除线", ""
        note = row.values["note"] or ""
        return ("备注", note[:40]) if mentions("left", note) else None

    def _ask_vacant(self, word: str, rows: list[Row]) -> None:
        message = f"姓名写的是“{word}”，不像一个人。这{len(rows)}行不导入吗？"
        numbers = [row.number for row in rows]
        key = key_of("rows", "姓名", word)
        answer = self.scene.ask(key, "rows", rows, "姓名", numbers, message, choices=(LEAVE, TAKE), suggested="leave")
        if answer == "leave":
            self.scene.drop(rows, f"“{word}”，按回答不导入")

    def _ask_left(self, column: str, word: str, rows: list[Row]) -> None:
        said = f"“{column}”写着“{word}”" if word and column != "分段" else f"在“{word}”一段里" if word else "画了删除线"
        message = f"这{len(rows)}行{said}，这些人还在岗吗？在岗的照常导入；已离开的按离职登记（再填日期），或不导入。"
        numbers = [row.number for row in rows]
        answer = self.scene.ask(
            key_of("rows", column, word), "rows", rows, column, numbers, message, choices=(TAKE, LEAVE, LEFT)
        )
        if answer == "leave":
            self.scene.drop(rows, f"{said}，按回答不导入")
        elif answer == "left":
            self._enter_exits(column, word, rows)

    def _enter_exits(self, column: str, word: str, rows: list[Row]) -> None:
        """Ask each person's own date: it decides until when they are paid."""
        table = self.scene.table(EXITS)
        known = {row.values["id_number"] for row in table.rows}
        for row in rows:
            number, name = row.values["id_number"], row.values["name"] or ""
            if number is None or number in known:
                continue
            message = f"{name}的离职日期是哪一天？请写成“2025-03-01”的样子。"
            key = key_of("fill", "离职日期", column, word, name)
            day = self.scene.asked_day(key, [row], "离职日期", [name], message)
            if day is not None:
                values = {"left_on": day, "reason": mentions("left", word) or "离职"}
                table.rows.append(self.scene.row_of(row, EXITS, values))
