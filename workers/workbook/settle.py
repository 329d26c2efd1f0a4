"""Settle what a roster says in other ways than by its columns: who has left, the street, the post, the person's sex.

Derives what follows for certain, tells it, and asks the rest. Runs on typed rows before they are checked.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from songshan_cw.words.terms import Category, Position
from workers.rules.identity import birth_date, sex
from workers.workbook.cells import Context, Noted
from workers.workbook.dates import clean_date
from workers.workbook.faults import CellFault, Fault, Notice, Skipped
from workers.workbook.lexicon import SECRETARY_AND_DIRECTOR, WORDS, mentions, says_here, squeezed_word
from workers.workbook.places import Places
from workers.workbook.questions import LEAVE, LEFT, NOT_READ, TAKE, Answers, Choice, Question, key_of
from workers.workbook.rows import shown
from workers.workbook.sheets import ASSIGNMENTS, CERTIFICATES, EXITS, ROSTER, Sheet
from workers.workbook.sources import Source
from workers.workbook.tables import Row, Table

ALWAYS = "一直任现职"
STREET, COMMUNITY = ROSTER.column("street").header, ROSTER.column("community_id").header


@dataclass(slots=True)
class Settler:
    """Works on the tables of one batch; ``street``: the clerk's own, where there is one."""

    tables: dict[str, Table]
    sources: list[Source]
    answers: Answers
    places: Places
    street: str
    file_name: str
    context: Context

    def settle(self) -> None:
        if ROSTER.name not in self.tables:
            return
        self._read_once()
        self._ask_about_rows()
        for row in self.roster.rows:
            self._derive_post(row)
        self._derive_category()
        self._find_places()
        self._compare_with_number()
        self._appoint()
        self._date_certificates()

    @property
    def roster(self) -> Table:
        return self.tables[ROSTER.name]

    def _table(self, sheet: Sheet) -> Table:
        return self.tables.setdefault(sheet.name, Table(sheet, sheet.name))

    def _ask(
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

    def _drop(self, rows: list[Row], reason: str) -> None:
        """Leave these rows out, with what was read of them in other sheets, and list them."""
        gone = {(row.source, row.number) for row in rows}
        for table in self.tables.values():
            table.faults = [fault for fault in table.faults if (fault.sheet, fault.row) not in gone]
            table.rows = [row for row in table.rows if (row.source, row.number) not in gone]
        for row in rows:
            text = " ".join(filter(None, (shown(self.roster.cell(row, name)) for name in ("name", "position", "note"))))
            self.roster.skipped.append(Skipped(row.source, row.number, text, reason))

    def _read_once(self) -> None:
        """A row that another sheet of the file repeats to the letter is read once, and that is told."""
        seen: dict[str, Row] = {}
        again = []
        for row in self.roster.rows:
            number = row.values["id_number"]
            first = seen.setdefault(number, row) if number else row
            if first is not row and first.source != row.source and first.values == row.values:
                again.append(row)
        if again:
            self._drop(again, "与另一张表的同一个人完全相同，只读一次")

    def _ask_about_rows(self) -> None:
        """Rows without a number or a person, and of people who have left, by what says so."""
        groups: dict[tuple[str, str], list[Row]] = {}
        for row in self.roster.rows:
            if (reason := self._doubt(row)) is not None:
                groups.setdefault(reason, []).append(row)
        for (column, word), rows in groups.items():
            if column == ROSTER.columns[1].header:
                self._ask_without_number(rows)
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
        written = squeezed_word(shown(self.roster.cell(row, "name")))
        if "(" in written and mentions("left", written):
            return "姓名", mentions("left", written)
        if aside.get("struck"):
            return "删除线", ""
        note = row.values["note"] or ""
        return ("备注", note[:40]) if mentions("left", note) else None

    def _ask_without_number(self, rows: list[Row]) -> None:
        message = f"这{len(rows)}行有姓名，没有身份证号，不能登记。请在文件里补上号码再导入；或者这次先不导入这几行。"
        numbers = [row.number for row in rows]
        if self._ask(key_of("rows", "身份证号", "空"), "rows", rows, "身份证号", numbers, message, choices=(LEAVE,)):
            self._drop(rows, "没有身份证号，按回答不导入")

    def _ask_vacant(self, word: str, rows: list[Row]) -> None:
        message = f"姓名写的是“{word}”，不像一个人。这{len(rows)}行不导入吗？"
        numbers = [row.number for row in rows]
        key = key_of("rows", "姓名", word)
        answer = self._ask(key, "rows", rows, "姓名", numbers, message, choices=(LEAVE, TAKE), suggested="leave")
        if answer == "leave":
            self._drop(rows, f"“{word}”，按回答不导入")

    def _ask_left(self, column: str, word: str, rows: list[Row]) -> None:
        said = f"“{column}”写着“{word}”" if word and column != "分段" else f"在“{word}”一段里" if word else "画了删除线"
        message = f"这{len(rows)}行{said}，这些人还在岗吗？在岗的照常导入；已离开的按离职登记（再填日期），或不导入。"
        numbers = [row.number for row in rows]
        answer = self._ask(
            key_of("rows", column, word), "rows", rows, column, numbers, message, choices=(TAKE, LEAVE, LEFT)
        )
        if answer == "leave":
            self._drop(rows, f"{said}，按回答不导入")
        elif answer == "left":
            self._enter_exits(column, word, rows)

    def _enter_exits(self, column: str, word: str, rows: list[Row]) -> None:
        names = [row.values["name"] or "" for row in rows]
        message = f"{'、'.join(names[:5])}等{len(rows)}人的离职日期是哪一天？请写成“2025-03-01”的样子。"
        day = self._asked_day(key_of("fill", "离职日期", column, word), rows, "离职日期", names, message)
        if day is None:
            return
        table = self._table(EXITS)
        known = {row.values["id_number"] for row in table.rows}
        for row in rows:
            if row.values["id_number"] and row.values["id_number"] not in known:
                values = {"left_on": day, "reason": mentions("left", word) or "离职"}
                table.rows.append(self._row_of(row, EXITS, values))

    def _asked_day(self, key: str, rows: list[Row], column: str, values: list[Any], message: str, **more: Any) -> Any:
        """Return the day that the clerk gives, or one of the choices; None where there is none yet."""
        answer = self._ask(key, "fill", rows, column, values, message, free=True, **more)
        if answer is None or answer == NOT_READ:
            return answer
        try:
            day = clean_date(answer, self.context)
        except CellFault as fault:
            self.roster.faults.append(Fault(rows[0].source, rows[0].number, column, answer, fault.code, fault.message))
            return None
        return day.value if isinstance(day, Noted) else day

    @staticmethod
    def _row_of(row: Row, sheet: Sheet, values: dict[str, Any]) -> Row:
        blank = dict.fromkeys(column.field for column in sheet.columns)
        person = {"person_name": row.values["name"], "id_number": row.values["id_number"]}
        return Row(row.number, blank | person | values, frozenset(), row.source, row.index)

    def _derive_post(self, row: Row) -> None:
        """The post follows from the position; a secretary who is director too holds both."""
        values = row.values
        if values["position"] == SECRETARY_AND_DIRECTOR:
            values["position"] = str(Position.SECRETARY)
            values["dual"] = True if values["dual"] is None else values["dual"]
        if values["post"] is None and values["position"] and "post" not in row.unread and not row.partial:
            values["post"] = str(Position(values["position"]).post)

    def _derive_category(self) -> None:
        """Without a column of categories, committee posts make 两委成员, 社区工作者 专职工作者."""
        having = {source.raw.name for source in self.sources if source.sheet is ROSTER and "category" in source.fields}
        derived = [row for row in self.roster.rows if row.source not in having and row.values["position"]]
        for row in derived:
            staff = row.values["position"] == Position.COMMUNITY_WORKER
            row.values["category"] = str(Category.STAFF if staff else Category.COMMITTEE)
        for name in dict.fromkeys(row.source for row in derived if not row.partial):
            message = "没有“人员类别”列，按职务确定：两委职务为“两委成员”，社区工作者为“专职工作者”。"
            self.roster.notices.append(Notice(name, 0, "人员类别", message))

    def _find_places(self) -> None:
        for source in self.sources:
            if source.sheet is not ROSTER or source.partial:
                continue
            rows = [row for row in self.roster.rows if row.source == source.raw.name]
            open_ = [row for row in rows if row.values["street"] is None and "street" not in row.unread]
            if open_ and "street" not in source.fields:
                self._give_street(source, open_)
            for row in rows:
                if row.values["community_id"] is None and row.aside and row.aside.get("community"):
                    row.values["community_id"] = row.aside["community"]
            bare = [row for row in rows if row.values["community_id"] is None and "community_id" not in row.unread]
            if bare and "community_id" not in source.fields:
                self._give_community(source, bare)

    def _titles(self, source: Source) -> list[str]:
        """Texts that may name the street or the community: the sheet, the lines above its head, the file."""
        above = [
            cell
            for number, cells in source.raw.head
            if number < source.header.first_row
            for cell in cells
            if isinstance(cell, str)
        ]
        return [source.raw.title, *above, source.raw.file, self.file_name]

    def _give_street(self, source: Source, rows: list[Row]) -> None:
        """The street that the sheet or its title names, the clerk's own, or the only one with the communities."""
        named = next((found for text in self._titles(source) if (found := self.places.streets_in(text))), [])
        street = named[0] if len(set(named[:2])) == 1 or named else self.street
        if not street:
            communities = {row.values["community_id"] for row in rows if row.values["community_id"]}
            having = [set(self.places.streets_with(community)) for community in communities]
            common = set.intersection(*having) if having else set()
            street = common.pop() if len(common) == 1 else ""
        if street:
            message = f"没有“{STREET}”列，按{self.places.name(street)}读取。"
            self.roster.notices.append(Notice(source.raw.name, source.header.last_row, STREET, message))
        else:
            message = "这张表没有写街道(乡镇)。这些人属于哪个街道(乡镇)？"
            choices = tuple(self.places.street_names())
            street = self._ask(key_of("fill", STREET), "fill", rows, STREET, [], message, choices=choices) or ""
        for row in rows:
            row.values["street"] = street or None
            if not street:
                row.unread |= {"street"}

    def _give_community(self, source: Source, rows: list[Row]) -> None:
        """The community that the sheet or its title names, else asked for the whole sheet."""
        street = next((row.values["street"] for row in rows if row.values["street"]), "")
        code = self._street_code(street)
        names = self.places.communities_of(code) if code else []
        titles = "".join(self._titles(source)[:-1])
        titles = titles.replace(self.places.name(code), "") if code else titles
        inside = [name for name in names if self.places.core(name) + "社区" in titles]
        if self.places.streets_with(source.raw.title):
            community: str | None = source.raw.title
        elif len(inside) == 1:
            community = inside[0]
        else:
            message = f"“{source.raw.name}”表没有“{COMMUNITY}”列。这张表的人都属于哪个社区？"
            key = key_of("fill", COMMUNITY, source.raw.title)
            community = self._ask(key, "fill", rows, COMMUNITY, [], message, choices=tuple(names))
        for row in rows:
            row.values["community_id"] = community
            if community is None:
                row.unread |= {"community_id"}

    def _street_code(self, text: str) -> str:
        try:
            return self.places.street(text, self.street) if text else ""
        except CellFault:
            return ""

    def _compare_with_number(self) -> None:
        """A sex or birth that the ID number contradicts is the best sign of somebody else's number."""
        self._compare("性别", "sex", lambda number, said: said in {"男", "女"} and said != sex(number))
        self._compare("出生日期", "birth", self._born_otherwise)

    def _compare(self, column: str, name: str, differs: Callable[[str, str], bool]) -> None:
        rows = []
        for row in self.roster.rows:
            number, cell = row.values["id_number"], (row.aside or {}).get(name)
            if number and cell is not None and differs(number, cell):
                rows.append(row)
        if not rows:
            return
        message = (
            f"这{len(rows)}行的{column}与身份证号不符，可能填了别人的号码。号码核对无误的照常导入；否则先不导入这几行。"
        )
        numbers = [row.number for row in rows]
        answer = self._ask(key_of("rows", column), "rows", rows, column, numbers, message, choices=(TAKE, LEAVE))
        if answer == "leave":
            self._drop(rows, f"{column}与身份证号不符，按回答不导入")

    def _born_otherwise(self, number: str, cell: Any) -> bool:
        try:
            said = clean_date(cell, self.context)
        except CellFault:
            return False
        day = said.value if isinstance(said, Noted) else said
        born = birth_date(number)
        return isinstance(day, date) and (day != born and not (isinstance(said, Noted) and day == born.replace(day=1)))

    def _appoint(self) -> None:
        """任现职时间 after hiring: the post before is asked for, by position."""
        groups: dict[str, list[tuple[Row, date]]] = {}
        had = (
            {row.values["id_number"] for row in self.tables[ASSIGNMENTS.name].rows}
            if ASSIGNMENTS.name in self.tables
            else set()
        )
        for row in self.roster.rows:
            since, hired = self._since(row), row.values["hired_on"]
            if not since or not hired or row.values["id_number"] in had or not row.values["position"]:
                continue
            if since < hired.replace(day=1):
                message = f"任现职时间{since}早于参加社区工作时间{hired}，请核对这两项。"
                self.roster.faults.append(
                    Fault(row.source, row.number, "任现职时间", str(since), "appointed_before_hiring", message)
                )
            elif (since.year, since.month) != (hired.year, hired.month):
                groups.setdefault(row.values["position"], []).append((row, since))
        for position, found in groups.items():
            self._ask_post_before(position, found)

    def _since(self, row: Row) -> date | None:
        cell = (row.aside or {}).get("since")
        if cell is None:
            return None
        try:
            since = clean_date(cell, self.context)
        except CellFault as fault:
            self.roster.faults.append(
                Fault(row.source, row.number, "任现职时间", shown(cell), fault.code, fault.message)
            )
            return None
        return since.value if isinstance(since, Noted) else since

    def _ask_post_before(self, position: str, found: list[tuple[Row, date]]) -> None:
        rows = [row for row, _ in found]
        message = (
            f"{len(rows)}名“{position}”的任现职时间晚于参加社区工作时间。任现职以前是什么职务？"
            f"以前月份的岗位等级按它确定；一直任现职的选“{ALWAYS}”。"
        )
        choices = (*(str(word) for word in Position), ALWAYS)
        key = key_of("fill", "任职日期", position)
        before = self._ask(key, "fill", rows, "任现职时间", [position], message, choices=choices)
        if before is None or before == ALWAYS:
            return
        table = self._table(ASSIGNMENTS)
        for row, since in found:
            same = {"community_id": row.values["community_id"]}
            first = {"start": row.values["hired_on"], "post": str(Position(before).post), "position": before}
            now = {"start": since} | {name: row.values[name] for name in ("post", "position", "dual")}
            table.rows += [self._row_of(row, ASSIGNMENTS, same | first), self._row_of(row, ASSIGNMENTS, same | now)]

    def _date_certificates(self) -> None:
        """A certificate in a roster without its date is asked: the date decides from when it is paid."""
        table = self.tables.get(CERTIFICATES.name)
        own = {source.raw.name for source in self.sources if source.sheet is CERTIFICATES and source.wanted}
        groups: dict[str, list[Row]] = {}
        for row in table.rows if table else ():
            if row.source in own and row.values["approved_on"] is None and "approved_on" not in row.unread:
                groups.setdefault(row.values["level"] or "", []).append(row)
        for level, rows in groups.items():
            if not level or table is None:
                continue
            message = (
                f"{len(rows)}人有“{level}”证书而没有批准日期，不能计发津贴。都是同一天批准的，请写日期（如“2021-09-01”）；"
                f"否则选“{NOT_READ}”，以后在“职业资格”逐人登记。"
            )
            names = [row.values["person_name"] for row in rows]
            choices: tuple[Choice, ...] = ((NOT_READ, "先不登记这些证书"),)
            day = self._asked_day(key_of("fill", "批准日期", level), rows, "批准日期", names, message, choices=choices)
            for row in rows:
                if day == NOT_READ:
                    text = f"{row.values['person_name']} {level}"
                    table.skipped.append(Skipped(row.source, row.number, text, "证书没有批准日期，按回答不登记"))
                else:
                    row.values["approved_on"] = day
            if day == NOT_READ or day is None:
                table.rows = [row for row in table.rows if row not in rows]


def hidden_rows_told(sources: Iterable[Source]) -> list[Notice]:
    """Tell which hidden rows were read."""
    notices = []
    for source in sources:
        rows = sorted(number for number in source.raw.hidden if number > source.header.last_row)
        if rows and not source.wanted:
            listed = "、".join(map(str, rows[:10]))
            message = f"第{listed}行等{len(rows)}行是隐藏的行，也读取了。不要的请删除这些行。"
            notices.append(Notice(source.raw.name, rows[0], "", message))
    return notices
