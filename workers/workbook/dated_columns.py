"""Read what a roster says of other sheets with dates: the present appointment and certificates."""

from dataclasses import dataclass
from datetime import date

from songshan_cw.words.terms import Position
from workers.workbook.cells import Noted
from workers.workbook.dates import clean_date
from workers.workbook.faults import CellFault, Fault, Skipped
from workers.workbook.questions import NOT_READ, Choice, key_of
from workers.workbook.rows import shown
from workers.workbook.scene import Scene
from workers.workbook.sheets import ASSIGNMENTS, CERTIFICATES
from workers.workbook.tables import SINCE, Row

ALWAYS = "一直任现职"


@dataclass(frozen=True, slots=True)
class DatedColumns:
    """Asks the post before the present one, and the dates of certificates without one."""

    scene: Scene

    def settle(self) -> None:
        self._appoint()
        self._date_certificates()

    def _appoint(self) -> None:
        """任现职时间 after hiring: the post before is asked for, by position."""
        groups: dict[str, list[tuple[Row, date]]] = {}
        had = (
            {row.values["id_number"] for row in self.scene.tables[ASSIGNMENTS.name].rows}
            if ASSIGNMENTS.name in self.scene.tables
            else set()
        )
        for row in self.scene.roster.rows:
            since, hired = self._since(row), row.values["hired_on"]
            if not since or not hired or row.values["id_number"] in had or not row.values["position"]:
                continue
            if since < hired.replace(day=1):
                message = f"任现职时间{since}早于参加社区工作时间{hired}，请核对这两项。"
                self.scene.roster.faults.append(
                    Fault(row.source, row.number, SINCE, str(since), "appointed_before_hiring", message)
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
            since = clean_date(cell, self.scene.context)
        except CellFault as fault:
            self.scene.roster.faults.append(
                Fault(row.source, row.number, SINCE, shown(cell), fault.code, fault.message)
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
        before = self.scene.ask(key, "fill", rows, SINCE, [position], message, choices=choices)
        if before is None or before == ALWAYS:
            return
        table = self.scene.table(ASSIGNMENTS)
        for row, since in found:
            same = {"community_id": row.values["community_id"]}
            first = {"start": row.values["hired_on"], "post": str(Position(before).post), "position": before}
            now = {"start": since} | {name: row.values[name] for name in ("post", "position", "dual")}
            table.rows += [
                self.scene.row_of(row, ASSIGNMENTS, same | first),
                self.scene.row_of(row, ASSIGNMENTS, same | now),
            ]

    def _date_certificates(self) -> None:
        """A certificate in a roster without its date is asked: the date decides from when it is paid."""
        table = self.scene.tables.get(CERTIFICATES.name)
        own = {source.raw.name for source in self.scene.sources if source.sheet is CERTIFICATES and source.wanted}
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
            day = self.scene.asked_day(
                key_of("fill", "批准日期", level), rows, "批准日期", names, message, choices=choices
            )
            for row in rows:
                if day == NOT_READ:
                    text = f"{row.values['person_name']} {level}"
                    table.skipped.append(Skipped(row.source, row.number, text, "证书没有批准日期，按回答不登记"))
                else:
                    row.values["approved_on"] = day
            if day == NOT_READ or day is None:
                gone = {id(row) for row in rows}
                table.rows = [row for row in table.rows if id(row) not in gone]
