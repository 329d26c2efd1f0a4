"""All checks of a workbook in one go: every fault at its cell, none hiding another."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from songshan_cw.policy import PolicyGap, policy_at
from workers.models import User
from workers.rules.leaving import exit_reasons
from workers.selectors.scope import reaches
from workers.workbook.agreement import check_agreement
from workers.workbook.categories import settle_categories
from workers.workbook.coming import cell_of, findings_of
from workers.workbook.differences import differences, same_text
from workers.workbook.faults import CellFault, Fault, Notice
from workers.workbook.lexicon import squeezed_word
from workers.workbook.people import Person, StoredPerson
from workers.workbook.places import Places
from workers.workbook.questions import Answers, Question, key_of
from workers.workbook.rows import shown
from workers.workbook.sheets import ASSIGNMENTS, EXITS, ROSTER, Sheet
from workers.workbook.tables import Row, Table

UNKNOWN_PERSON = "花名册和已登记人员中都没有这个身份证号。请先在“花名册”登记，或核对号码。"
NOT_STORED = "已登记人员中没有这个身份证号，只有电话等少数几列不能新登记。请核对号码，或补齐职务、学历等列。"
OUT_OF_REACH = "不属于您管辖的街道，不能在这里导入。请核对；调入人员请联系系统管理员办理。"


class Checker:
    """Goes over the tables once; ``faults`` holds what it found, ``notices`` what it only tells."""

    def __init__(
        self,
        tables: Mapping[str, Table],
        stored: dict[str, StoredPerson],
        places: Places,
        actor: User | None,
        today: date,
        answers: Answers,
    ) -> None:
        self.tables, self.stored, self.places, self.actor, self.today = tables, stored, places, actor, today
        self.answers = answers
        self.faults: list[Fault] = []
        self.notices: list[Notice] = []
        self.people: dict[str, Person] = {}
        self.foreign: set[str] = set()

    def check(self) -> None:
        self._gather_people()
        self._resolve_places()
        for table in self.tables.values():
            if table.sheet.locked is not None:
                self._check_locked(table.sheet)
        for person in self.people.values():
            settle_categories(person, self.report)
            self._judge(person)
            check_agreement(person, self.places, self.report)

    def _judge(self, person: Person) -> None:
        """Put the findings of the rules for facts to the cells they come from."""
        for finding in findings_of(person, self.today):
            sheet, row, field = cell_of(finding, person)
            report = self.report if finding.refused else self.notice
            report(sheet, row, field, finding.code, finding.message)
        for row in person.rows.get(EXITS.name, ()):
            if row.values["reason"] and (message := self._reason_not_listed(row.values["reason"], person)):
                self.notice(EXITS, row, "reason", "reason_not_listed", message)

    def notice(self, sheet: Sheet, row: Row, field: str, _code: str, message: str) -> None:
        self.notices.append(Notice(row.source, row.number, _header(sheet, field), message))

    def report(self, sheet: Sheet, row: Row, field: str, code: str, message: str) -> None:
        table, header = self.tables[sheet.name], _header(sheet, field)
        value = shown(table.cell(row, field))
        self.faults.append(Fault(row.source, row.number, header, value, code, message))

    def _gather_people(self) -> None:
        roster = self.tables[ROSTER.name]
        for row in roster.rows:
            self._enter_roster(roster.sheet, row)
        for table in self.tables.values():
            if table.sheet is not ROSTER:
                seen: dict[Any, int] = {}
                for row in table.rows:
                    self._enter_fact(table.sheet, row, seen)

    def _enter_roster(self, sheet: Sheet, row: Row) -> None:
        number = row.values["id_number"]
        if number is None:
            return
        if number in self.people:
            first = self.people[number].roster.number
            self.report(sheet, row, "id_number", "duplicate_person", f"这个人在第{first}行已有一行，请只留一行。")
            return
        stored = self.stored.get(number)
        if stored is not None and not self._reaches(stored.street):
            self.foreign.add(number)
            self.report(sheet, row, "id_number", "out_of_reach", f"这个人{OUT_OF_REACH}")
            stored = None
        if row.partial and stored is None and number not in self.foreign:
            self.report(sheet, row, "id_number", "unknown_person", NOT_STORED)
        person = self.people[number] = Person(number, row, stored)
        if row.unread:
            person.unsure.add(sheet.name)

    def _enter_fact(self, sheet: Sheet, row: Row, seen: dict[Any, int]) -> None:
        number = row.values["id_number"]
        if number is None:
            return
        person = self.people.get(number) or self._stored_person(number)
        if person is None:
            self.report(sheet, row, "id_number", "unknown_person", UNKNOWN_PERSON)
            return
        name = row.values["person_name"]
        if name and person.name and not same_text(name, person.name):
            self.report(
                sheet, row, "person_name", "name_mismatch", f"姓名“{name}”与这个身份证号登记的姓名不一致，请核对。"
            )
        if self._is_repeated(sheet, row, number, seen):
            return
        person.rows.setdefault(sheet.name, []).append(row)
        if row.unread:
            person.unsure.add(sheet.name)

    def _stored_person(self, number: str) -> Person | None:
        stored = self.stored.get(number)
        if stored is None or not self._reaches(stored.street):
            return None
        return self.people.setdefault(number, Person(number, None, stored))

    def _is_repeated(self, sheet: Sheet, row: Row, number: str, seen: dict[Any, int]) -> bool:
        key = (number, *(row.values[name] for name in sheet.key))
        if None in key:
            return False
        first = seen.setdefault(key, row.number)
        if first == row.number:
            return False
        field = sheet.key[0] if sheet.key else "id_number"
        what = "、".join(sheet.column(name).header for name in sheet.key) or "身份证号"
        self.report(sheet, row, field, "duplicate_row", f"与第{first}行是同一个人的同一{what}，请只留一行。")
        return True

    def _reaches(self, region: str) -> bool:
        return self.actor is None or reaches(self.actor, region)

    def _resolve_places(self) -> None:
        """Names of streets and communities → codes, the person's street first."""
        own = (self.actor.region_id or "") if self.actor else ""
        for row in self.tables[ROSTER.name].rows:
            self._resolve(ROSTER, row, "street", partial(self.places.street, preferred=own))
            street = row.values["street"]
            if street and not self._reaches(street):
                self.report(ROSTER, row, "street", "out_of_reach", f"这个街道{OUT_OF_REACH}")
                street = None
            self._resolve(ROSTER, row, "community_id", partial(self.places.community, street=street), wanted=street)
        for person in self.people.values():
            street = self._street_of(person)
            for row in person.rows.get(ASSIGNMENTS.name, ()):
                find = partial(self.places.community_anywhere, street=street)
                self._resolve(ASSIGNMENTS, row, "community_id", find, wanted=street)
                self._check_reach(person, row)
                if "community_id" in row.unread:
                    person.unsure.add(ASSIGNMENTS.name)
            if person.roster and person.roster.unread:
                person.unsure.add(ROSTER.name)

    def _check_reach(self, person: Person, row: Row) -> None:
        """A clerk neither enters nor alters an appointment in another street; repeating what is stored is fine."""
        stored = person.stored_facts(ASSIGNMENTS.name).get((row.values["start"],))
        places = [row.values["community_id"], stored.values["community_id"] if stored else None]
        if all(place is None or self._reaches(place) for place in places):
            return
        if stored is None or differences(stored.values, row.values, ASSIGNMENTS.fields):
            self.report(ASSIGNMENTS, row, "community_id", "out_of_reach", f"这段任职{OUT_OF_REACH}")

    def _street_of(self, person: Person) -> str:
        given = person.roster.values["street"] if person.roster else None
        return given or (person.stored.street if person.stored else "")

    def _resolve(self, sheet: Sheet, row: Row, field: str, find: Any, wanted: str | None = "-") -> None:
        written = row.values[field]
        if written is None:
            return
        try:
            row.values[field] = find(written) if wanted else None
        except CellFault as fault:
            row.values[field] = self._asked_place(sheet, row, field, find, wanted, fault)
        if row.values[field] is None:
            row.unread |= {field}

    def _asked_place(
        self, sheet: Sheet, row: Row, field: str, find: Any, street: str | None, fault: CellFault
    ) -> str | None:
        """Ask which community or street a name means; a code that does not exist is a fault."""
        written = row.values[field]
        names = self.places.communities_of(street) if field == "community_id" and street else self.places.street_names()
        if not fault.code.startswith("unknown_") or written.isdigit() or not names:
            self.report(sheet, row, field, fault.code, fault.message)
            return None
        column = next(column for column in sheet.columns if column.field == field)
        question = Question(
            key_of("value", column.header, squeezed_word(written)),
            "value",
            row.source,
            row.number,
            column.header,
            (written,),
            tuple(names),
            None,
            f"“{column.header}”列的“{written[:30]}”是哪一个？{fault.message}",
        )
        answer = self.answers.ask(question)
        try:
            return find(answer) if answer is not None else None  # type: ignore[no-any-return]
        except CellFault as again:
            self.report(sheet, row, field, again.code, again.message)
            return None

    def _reason_not_listed(self, reason: str, person: Person) -> str:
        """The workbook's reason is free text: one outside the policy's list comes in as it was written."""
        try:
            listed = exit_reasons(policy_at(self._street_of(person), self.today))
        except PolicyGap:
            return ""
        if reason in listed:
            return ""
        return f"离职原因“{reason}”不在政策列明的原因中，已按原文登记；政策的说法是：{'、'.join(listed)}。"

    def _check_locked(self, sheet: Sheet) -> None:
        """What was decided in the product with its approvals is not rewritten by a file."""
        for person in self.people.values():
            for row in person.rows.get(sheet.name, ()):
                stored = person.stored_facts(sheet.name).get(tuple([row.values[name] for name in sheet.key]))
                if stored is None or not stored.locked:
                    continue
                for change in differences(stored.values, row.values, sheet.fields)[:1]:
                    message = (
                        f"这条{sheet.name}是在系统里办理确定的，不能用工作簿改动。"
                        f"请改回一致，或在“{sheet.name}”页面办理。"
                    )
                    self.report(sheet, row, change.field, "decided_in_product", message)


def _header(sheet: Sheet, field: str) -> str:
    return next(column.header for column in sheet.columns if column.field == field)
