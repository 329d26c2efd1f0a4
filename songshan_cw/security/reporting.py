"""Logs and error reports with the long numbers in them masked."""

import logging
from typing import Any

from django.views.debug import ExceptionReporter

from songshan_cw.security.masking import mask_numbers


class MaskingFormatter(logging.Formatter):
    """Masks the finished line, so that arguments, tracebacks and SQL in them are covered too."""

    def format(self, record: logging.LogRecord) -> str:
        return mask_numbers(super().format(record))


class MaskingReporter(ExceptionReporter):
    """The report of a fault, on the page or by mail."""

    def get_traceback_html(self) -> Any:
        return mask_numbers(super().get_traceback_html())

    def get_traceback_text(self) -> Any:
        return mask_numbers(super().get_traceback_text())
