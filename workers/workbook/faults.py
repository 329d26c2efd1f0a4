"""Faults and notices of a workbook as values, so that one bad cell does not hide the next."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that prevents the import, at its cell. Row 0 or an empty column stands for the whole."""

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
    """A notice about how something was read. It prevents nothing."""

    sheet: str
    row: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row, or with row 0 a sheet, that was not read: what stands there and why."""

    sheet: str
    row: int
    text: str
    reason: str


class CellFault(ValueError):
    """A cell that cannot be read: code and message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Unreadable(Exception):
    """The whole file cannot be read. The message is for the clerk."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
