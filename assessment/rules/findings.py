from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken limit.

    ``rule``: number in the rules of the domain; ``region``: code of the street or community; ``people``: ID numbers;
    ``since``: first day of the breach; ``message``: the breach and its remedy.
    """

    rule: str
    clause: str
    region: str
    people: tuple[str, ...]
    since: date
    message: str


def day_zh(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
