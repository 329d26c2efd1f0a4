"""The errors of the policy package, with messages that say what to do."""

from datetime import date
from pathlib import Path


class PolicyDataError(ValueError):
    """A faulty policy file. ``file`` and ``key`` name the place, ``problem`` says what to correct."""

    def __init__(self, file: str, key: str, problem: str) -> None:
        self.file = file
        self.key = key
        self.problem = problem
        where = f"{file}，{key}" if key else file
        super().__init__(f"政策数据有误：{where}：{problem}")


class PolicyGap(LookupError):
    """No document is in force for a district on a day, so nothing can be computed or paid."""

    def __init__(self, district: str, day: date | None, reason: str, advice: str) -> None:
        self.district = district
        self.day = day
        when = f"在{day:%Y-%m-%d}" if day else ""
        self._rest = f"{when}没有施行中的政策文件：{reason}。{advice}。"
        super().__init__(f"区划{district}{self._rest}")

    def naming(self, name: str) -> str:
        """Return the message with the district's name in place of its code."""
        return f"{name}{self._rest}" if name else str(self)


def file_label(path: Path) -> str:
    """Return ``songshan/pay.yaml``, without folders of the machine."""
    return f"{path.parent.name}/{path.name}"
