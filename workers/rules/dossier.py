"""One person's facts as typed, dated rows, in one shape for pages, workbooks, rosters and commands.

A row is read from the values of its fields, named as the model names them. ``row`` is the caller's own key of it (a
primary key, a row of a file), by which a finding comes back to its place. A value is None where it is left blank or
could not be read. Terms may be given as their text, which is equal to them.
"""

from collections.abc import Mapping, Sequence, Set
from datetime import date
from typing import Any, NamedTuple

from songshan_cw.words.periods import Month
from songshan_cw.words.terms import Category, CertificateLevel, Education, Position, Post

PERSON = "花名册"
APPOINTMENT = "岗位变动"
CATEGORY = "人员类别"
DEGREE = "学历提升"
CERTIFICATE = "职业资格"
RESULT = "年度考核"
GAP = "中断服务"
PLACEMENT = "定级核定"
EXIT = "离职"
SECONDMENT = "借调"
TRAINING = "培训"
CONTRACT = "合同"

Values = Mapping[str, Any]
Rows = Mapping[str, Sequence[tuple[object, Values]]]  # by kind of record: the caller's key of each row, its values


class Person(NamedTuple):
    hired_on: date | None
    entry_education: Education | None
    row: object = None


class Appointment(NamedTuple):
    start: date | None
    post: Post | None
    position: Position | None
    dual: bool | None
    row: object = None


class CategoryChange(NamedTuple):
    start: date | None
    category: Category | None
    row: object = None


class Degree(NamedTuple):
    level: Education | None
    earned_on: date | None
    row: object = None


class Certificate(NamedTuple):
    level: CertificateLevel | None
    approved_on: date | None
    ended_on: date | None = None
    row: object = None


class YearResult(NamedTuple):
    year: int | None
    row: object = None


class Gap(NamedTuple):
    """An interruption, both days included; no last day means still away."""

    first_day: date | None
    last_day: date | None
    row: object = None


class Placement(NamedTuple):
    month: Month | None
    credited_months: int | None
    row: object = None


class Exit(NamedTuple):
    left_on: date | None
    row: object = None


class Stay(NamedTuple):
    """A secondment, a training or a contract: from a first to a last day, both included."""

    start: date | None
    end: date | None
    row: object = None


class Dossier(NamedTuple):
    """``unsure``: kinds of record with a row that could not be read whole, so that rows of it are not compared."""

    born_on: date | None = None
    person: Sequence[Person] = ()
    appointments: Sequence[Appointment] = ()
    categories: Sequence[CategoryChange] = ()
    degrees: Sequence[Degree] = ()
    certificates: Sequence[Certificate] = ()
    results: Sequence[YearResult] = ()
    gaps: Sequence[Gap] = ()
    placements: Sequence[Placement] = ()
    exits: Sequence[Exit] = ()
    secondments: Sequence[Stay] = ()
    trainings: Sequence[Stay] = ()
    contracts: Sequence[Stay] = ()
    unsure: Set[str] = frozenset()


class Period(NamedTuple):
    """A period of service from a hiring to an exit, None while it lasts (rules 2.4)."""

    hired_on: date
    left_on: date | None
    hiring: object = None
    leaving: object = None


KINDS: dict[str, tuple[str, type[Any]]] = {
    PERSON: ("person", Person),
    APPOINTMENT: ("appointments", Appointment),
    CATEGORY: ("categories", CategoryChange),
    DEGREE: ("degrees", Degree),
    CERTIFICATE: ("certificates", Certificate),
    RESULT: ("results", YearResult),
    GAP: ("gaps", Gap),
    PLACEMENT: ("placements", Placement),
    EXIT: ("exits", Exit),
    SECONDMENT: ("secondments", Stay),
    TRAINING: ("trainings", Stay),
    CONTRACT: ("contracts", Stay),
}


def fields_of(record: str) -> tuple[str, ...]:
    """Return the fields of a kind of record that are judged."""
    fields: tuple[str, ...] = KINDS[record][1]._fields[:-1]
    return fields


def read_dossier(born_on: date | None, rows: Rows, unsure: Set[str] = frozenset()) -> Dossier:
    """Read rows of values as a dossier. Kinds of record that are not judged are passed over."""
    read = {
        KINDS[record][0]: [
            KINDS[record][1](*[values.get(name) for name in fields_of(record)], row) for row, values in of
        ]
        for record, of in rows.items()
        if of and record in KINDS
    }
    return Dossier(born_on, unsure=unsure, **read)


def periods_of_service(dossier: Dossier) -> list[Period]:
    """Return the periods of service, oldest first; none where the day of hiring is not known.

    An exit before the hiring ends nothing: it is one fault, and must not make others of every later fact.
    """
    leaving = next(iter(dossier.exits), Exit(None))
    return [
        Period(person.hired_on, left, person.row, leaving.row)
        for person in dossier.person
        if person.hired_on is not None
        for left in [leaving.left_on if leaving.left_on and leaving.left_on >= person.hired_on else None]
    ]
