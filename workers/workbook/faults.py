"""What is wrong or worth knowing in a clerk's workbook, as values: one bad cell never hides the next."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that keeps the workbook from being imported, at its cell. Row 0 or an empty column: the whole of it."""

    sheet: str
    row: int
    column: str
    value: str
    code: str
    message: str

    @property
    def place(self) -> str:
        parts = [
            self.sheet and f"“{self.sheet}”表",
            self.row and f"第{self.row}行",
            self.column and f"“{self.column}”列",
        ]
        return "".join(part for part in parts if part) or "文件"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something read in a way the clerk should know of; it stops nothing."""

    sheet: str
    row: int
    column: str
    message: str


class CellFault(ValueError):
    """A cell that cannot be read: its code and the reason in words."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Unreadable(Exception):
    """The file as a whole cannot be read; the message is for the clerk."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
