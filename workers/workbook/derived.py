"""Derive what follows from other columns for certain, and compare columns with the ID number."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from songshan_cw.words.terms import Category, Position
from workers.rules.identity import birth_date, sex
from workers.workbook.cells import Noted
from workers.workbook.dates import clean_date
from workers.workbook.faults import CellFault, Notice
from workers.workbook.lexicon import SECRETARY_AND_DIRECTOR
from workers.workbook.questions import LEAVE, TAKE, key_of
from workers.workbook.scene import Scene
from workers.workbook.sheets import ROSTER
from workers.workbook.sources import Source
from workers.workbook.tables import Row

STREET, COMMUNITY = ROSTER.column("street").header, ROSTER.column("community_id").header


@dataclass(frozen=True, slots=True)
class Derived:
    """Fills in posts, categories, streets and communities, and says so."""

    scene: Scene

    def settle(self) -> None:
        for row in self.scene.roster.rows:
            self._derive_post(row)
        self._derive_category()
        self._find_places()
        self._compare_with_number()

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
        having = {
            source.raw.name for source in self.scene.sources if source.sheet is ROSTER and "category" in source.fields
        }
        derived = [row for row in self.scene.roster.rows if row.source not in having and row.values["position"]]
        for row in derived:
            staff = row.values["position"] == Position.COMMUNITY_WORKER
            row.values["category"] = str(Category.STAFF if staff else Category.COMMITTEE)
        for name in dict.fromkeys(row.source for row in derived if not row.partial):
            message = "没有“人员类别”列，按职务确定：两委职务为“两委成员”，社区工作者为“专职工作者”。"
            self.scene.roster.notices.append(Notice(name, 0, "人员类别", message))

    def _find_places(self) -> None:
        for source in self.scene.sources:
            if source.sheet is not ROSTER or source.partial:
                continue
            rows = [row for row in self.scene.roster.rows if row.source == source.raw.name]
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
        return [source.raw.title, *above, source.raw.file, self.scene.file_name]

    def _give_street(self, source: Source, rows: list[Row]) -> None:
        """The street that the sheet or its title names, the clerk's own, or the only one with the communities."""
        named = next((found for text in self._titles(source) if (found := self.scene.places.streets_in(text))), [])
        street = named[0] if len(named) == 1 else self.scene.street
        if not street:
            communities = {row.values["community_id"] for row in rows if row.values["community_id"]}
            having = [set(self.scene.places.streets_with(community)) for community in communities]
            common = set.intersection(*having) if having else set()
            street = common.pop() if len(common) == 1 else ""
        if street:
            message = f"没有“{STREET}”列，按{self.scene.places.name(street)}读取。"
            self.scene.roster.notices.append(Notice(source.raw.name, source.header.last_row, STREET, message))
        else:
            message = "这张表没有写街道(乡镇)。这些人属于哪个街道(乡镇)？"
            choices = tuple(self.scene.places.street_names())
            street = self.scene.ask(key_of("fill", STREET), "fill", rows, STREET, [], message, choices=choices) or ""
        for row in rows:
            row.values["street"] = street or None
            if not street:
                row.unread |= {"street"}

    def _give_community(self, source: Source, rows: list[Row]) -> None:
        """The community that the sheet or its title names, else asked for the whole sheet."""
        street = next((row.values["street"] for row in rows if row.values["street"]), "")
        code = self._street_code(street)
        names = self.scene.places.communities_of(code) if code else []
        titles = "".join(self._titles(source)[:-1])
        titles = titles.replace(self.scene.places.name(code), "") if code else titles
        inside = [name for name in names if self.scene.places.core(name) + "社区" in titles]
        if self.scene.places.streets_with(source.raw.title):
            community: str | None = source.raw.title
        elif len(inside) == 1:
            community = inside[0]
        else:
            message = f"“{source.raw.name}”表没有“{COMMUNITY}”列。这张表的人都属于哪个社区？"
            key = key_of("fill", COMMUNITY, source.raw.title)
            community = self.scene.ask(key, "fill", rows, COMMUNITY, [], message, choices=tuple(names))
        for row in rows:
            row.values["community_id"] = community
            if community is None:
                row.unread |= {"community_id"}

    def _street_code(self, text: str) -> str:
        try:
            return self.scene.places.street(text, self.scene.street) if text else ""
        except CellFault:
            return ""

    def _compare_with_number(self) -> None:
        """A sex or birth that the ID number contradicts is the best sign of somebody else's number."""
        self._compare("性别", "sex", lambda number, said: said in {"男", "女"} and said != sex(number))
        self._compare("出生日期", "birth", self._born_otherwise)
        early = [row for row in self.scene.roster.rows if _contract_before_hiring(row)]
        message = "行的合同起始日早于参加社区工作时间。核对无误的照常导入；否则先不导入这几行，改好再导入。"
        self._ask_about("合同起始日", early, message)

    def _compare(self, column: str, name: str, differs: Callable[[str, str], bool]) -> None:
        rows = []
        for row in self.scene.roster.rows:
            number, cell = row.values["id_number"], (row.aside or {}).get(name)
            if number and cell is not None and differs(number, cell):
                rows.append(row)
        message = f"行的{column}与身份证号不符，可能填了别人的号码。号码核对无误的照常导入；否则先不导入这几行。"
        self._ask_about(column, rows, message)

    def _ask_about(self, column: str, rows: list[Row], message: str) -> None:
        """Ask once whether the rows that contradict themselves are right."""
        if not rows:
            return
        numbers = [row.number for row in rows]
        key, message = key_of("rows", column), f"这{len(rows)}{message}"
        answer = self.scene.ask(key, "rows", rows, column, numbers, message, choices=(TAKE, LEAVE))
        if answer == "leave":
            self.scene.drop(rows, f"{column}有疑问，按回答不导入")

    def _born_otherwise(self, number: str, cell: Any) -> bool:
        try:
            said = clean_date(cell, self.scene.context)
        except CellFault:
            return False
        day = said.value if isinstance(said, Noted) else said
        born = birth_date(number)
        return isinstance(day, date) and (day != born and not (isinstance(said, Noted) and day == born.replace(day=1)))


def _contract_before_hiring(row: Row) -> bool:
    start, hired = row.values["contract_start"], row.values["hired_on"]
    return start is not None and hired is not None and start < hired.replace(day=1)
