"""What the policy package refuses, in words a person can act on."""

from datetime import date
from pathlib import Path


class PolicyDataError(ValueError):
    """A policy file that cannot be trusted: ``file`` and ``key`` say where, ``problem`` what to do."""

    def __init__(self, file: str, key: str, problem: str) -> None:
        self.file = file
        self.key = key
        self.problem = problem
        where = f"{file}，{key}" if key else file
        super().__init__(f"政策数据有误：{where}：{problem}")


class PolicyGap(LookupError):
    """No document is in force for a district on a day: nothing is guessed, nothing is paid."""

    def __init__(self, district: str, day: date | None, reason: str, advice: str) -> None:
        self.district = district
        self.day = day
        when = f"在{day:%Y-%m-%d}" if day else ""
        self._rest = f"{when}没有施行中的政策文件：{reason}。{advice}。"
        super().__init__(f"区划{district}{self._rest}")

    def naming(self, name: str) -> str:
        """The same with the district's name, for people who do not know codes by heart."""
        return f"{name}{self._rest}" if name else str(self)


def file_label(path: Path) -> str:
    """``songshan/pay.yaml``: enough to find the file, without the machine's own folders."""
    return f"{path.parent.name}/{path.name}"
