"""Long numbers never stand whole where people did not ask for them: logs, error reports, previews (rules 10.6)."""

import re

# An ID number of 18 characters, else 15 to 19 digits: an old ID number or a bank card.
ID_NUMBER = re.compile(r"(?<!\d)(\d{6})\d{8}(\d{3}[\dXx])(?!\d)")
ACCOUNT = re.compile(r"(?<!\d)\d{11,15}(\d{4})(?!\d)")


def mask_numbers(text: str) -> str:
    return ACCOUNT.sub(r"**** \1", ID_NUMBER.sub(r"\1********\2", text))
