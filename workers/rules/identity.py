"""The resident ID number: 18 characters of GB 11643-1999 (rules 2.3)."""

import re
from datetime import date
from operator import mul

FORM = re.compile(r"^[1-9]\d{16}[\dX]$", re.ASCII)
MASKED = re.compile(r"\d{6}(\*{11}[\dX]|\*{8}[\dX]{4})", re.ASCII)  # the second of older exports
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"


def check_character(first_seventeen: str) -> str:
    """Compute the eighteenth character (ISO 7064, MOD 11-2)."""
    return CHECK_CHARACTERS[sum(map(mul, map(int, first_seventeen), WEIGHTS)) % 11]


def birth_date(id_number: str) -> date:
    """Return the birth date. Raises ValueError where the digits name no day."""
    return date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))


def sex(id_number: str) -> str:
    return "男" if int(id_number[16]) % 2 else "女"


def fault_of(id_number: str) -> str:
    """Describe what is wrong with the number. Empty when nothing is."""
    if len(id_number) != 18:
        return f"身份证号应为18位，这里是{len(id_number)}位。"
    if not FORM.match(id_number):
        return "身份证号前17位应为数字，末位为数字或X。"
    try:
        birth_date(id_number)
    except ValueError:
        return f"身份证号第7至14位“{id_number[6:14]}”不是有效的出生日期。"
    if check_character(id_number[:17]) != id_number[17]:
        return "身份证号校验位不符，请逐位核对。"
    return ""


def masked(id_number: str) -> str:
    """Show the region and the last character alone (rules 10.6).

    Whoever learns the birth date from other papers would otherwise have all 18 characters.
    """
    return f"{id_number[:6]}{'*' * 11}{id_number[-1:]}"


def is_masked(text: str) -> bool:
    """Return whether the text is an ID number masked by ``masked``, or by it when it showed the last four."""
    return bool(MASKED.fullmatch(text))


def masked_phone(phone: str) -> str:
    """Show the first three and last four characters, or the last two of a short number."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 10 else f"****{phone[-2:]}" if phone else ""


def masked_account(account: str) -> str:
    """Show the last four digits (rules 10.6)."""
    return f"**** {account[-4:]}" if account else ""
