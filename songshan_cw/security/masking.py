"""Masking of long numbers in logs, error reports and previews (rules 10.6)."""

import logging
import re
from typing import Any

from django.views.debug import ExceptionReporter

# An ID number of 18 characters, a mobile phone, and 15 digits or more (an old ID number or a bank account).
ID_NUMBER = re.compile(r"(?<!\d)(\d{6})\d{11}([\dXx])(?!\d)")
PHONE = re.compile(r"(?<!\d)([1１][3-9３-９]\d)\d{4}(\d{4})(?!\d)")
ACCOUNT = re.compile(r"(?<!\d)\d{11,}(\d{4})(?!\d)")


def holds_id_number(text: str) -> bool:
    return bool(ID_NUMBER.search(text))


def mask_numbers(text: str) -> str:
    return PHONE.sub(r"\1****\2", ACCOUNT.sub(r"**** \1", ID_NUMBER.sub(r"\1***********\2", text)))


class MaskingFormatter(logging.Formatter):
    """Mask the finished log line, including arguments, tracebacks and SQL."""

    def format(self, record: logging.LogRecord) -> str:
        return mask_numbers(super().format(record))


class MaskingReporter(ExceptionReporter):
    """Mask Django's error report, on the page and by mail."""

    def get_traceback_html(self) -> Any:
        return mask_numbers(super().get_traceback_html())

    def get_traceback_text(self) -> Any:
        return mask_numbers(super().get_traceback_text())
