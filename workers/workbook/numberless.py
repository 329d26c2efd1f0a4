"""Find the stored person whom a row without an ID number means: by name, street and community."""

from dataclasses import dataclass

from workers.rules.identity import masked
from workers.workbook.faults import CellFault, Notice
from workers.workbook.questions import LEAVE, key_of
from workers.workbook.scene import Scene
from workers.workbook.stored import Namesake
from workers.workbook.tables import Row

NUMBER = "身份证号"


@dataclass(frozen=True, slots=True)
class Numberless:
    """Gives such rows the number of the only person meant, and asks where there are several or nobody."""

    scene: Scene

    def settle(self, rows: list[Row]) -> None:
        stored = self.scene.namesakes(row.values["name"] for row in rows if row.values["name"])
        alone = []
        for row in rows:
            found = self._meant(row, stored.get(row.values["name"] or "", []))
            if len(found) == 1:
                self._give(row, found[0])
            elif found:
                self._ask_which(row, found)
            else:
                alone.append(row)
        if alone:
            self._ask_to_leave(alone)

    def _meant(self, row: Row, found: list[Namesake]) -> list[Namesake]:
        """Those in the row's street, else the clerk's own, and in the row's community where the row names one."""
        street = self._street(row)
        found = [one for one in found if not street or one.street == street]
        community = row.values["community_id"]
        if not community:
            return found
        return [one for one in found if self._is_in(community, one)]

    def _street(self, row: Row) -> str:
        try:
            return (
                self.scene.places.street(row.values["street"], self.scene.street)
                if row.values["street"]
                else self.scene.street
            )
        except CellFault:
            return self.scene.street

    def _is_in(self, community: str, one: Namesake) -> bool:
        try:
            return self.scene.places.community(community, one.street) == one.community
        except CellFault:
            return False

    def _give(self, row: Row, person: Namesake) -> None:
        """Take the person's number for the row, in the other sheets read from it too."""
        for table in self.scene.tables.values():
            for other in table.rows:
                if (other.source, other.number) == (row.source, row.number) and other.values["id_number"] is None:
                    other.values["id_number"] = person.id_number
        message = f"没有身份证号，按姓名和社区认作已登记的{row.values['name']}（{masked(person.id_number)}）。"
        self.scene.roster.notices.append(Notice(row.source, row.number, NUMBER, message))

    def _ask_which(self, row: Row, found: list[Namesake]) -> None:
        name = row.values["name"]
        message = f"“{name}”没有身份证号，已登记的有{len(found)}人叫这个名字。是哪一个？"
        by_mask = _told_apart(found)
        choices = (*by_mask, LEAVE)
        answer = self.scene.ask(
            key_of("rows", NUMBER, name), "rows", [row], NUMBER, [row.number], message, choices=choices
        )
        if answer == LEAVE[0]:
            self.scene.drop([row], "没有身份证号，按回答不导入")
        elif answer is not None:
            self._give(row, by_mask[answer])

    def _ask_to_leave(self, rows: list[Row]) -> None:
        message = f"这{len(rows)}行有姓名，没有身份证号，不能登记。请在文件里补上号码再导入；或者这次先不导入这几行。"
        key, numbers = key_of("rows", NUMBER, "空"), [row.number for row in rows]
        if self.scene.ask(key, "rows", rows, NUMBER, numbers, message, choices=(LEAVE,)):
            self.scene.drop(rows, "没有身份证号，按回答不导入")


def _told_apart(found: list[Namesake]) -> dict[str, Namesake]:
    """Name each by its masked number; those whose masks are equal also by their place among them."""
    by_mask: dict[str, list[Namesake]] = {}
    for one in sorted(found):
        by_mask.setdefault(masked(one.id_number), []).append(one)
    return {
        mask if len(alike) == 1 else f"{mask}（第{place}位）": one
        for mask, alike in by_mask.items()
        for place, one in enumerate(alike, 1)
    }
