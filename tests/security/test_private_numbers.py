"""Whole ID and account numbers reach no log and no error report."""

import logging
import sys
from typing import Any

import pytest
from django.test import RequestFactory
from django.views.debug import get_exception_reporter_class

from songshan_cw.security.masking import mask_numbers
from songshan_cw.settings import LOGGING

ID_NUMBER, CARD = "150404199003071234", "6228480012345678901"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (ID_NUMBER, "150404***********4"),
        ("15040419900307123x", "150404***********x"),
        (f"证件{ID_NUMBER}，卡{CARD}。", "证件150404***********4，卡**** 8901。"),
        ("622848001234567", "**** 4567"),
        ("id_number='150404199003071234'&x=1", "id_number='150404***********4'&x=1"),
        ("150404001001", "150404001001"),
        ("13900001111 2026-11-21 4123.45", "139****1111 2026-11-21 4123.45"),
        ("电话１３９００００１１１１", "电话１３９****１１１１"),
        ("6" * 32, "**** 6666"),
    ],
)
def test_masking(given: str, shown: str) -> None:
    assert mask_numbers(given) == shown


def logged(message: str, *args: Any, **words: Any) -> str:
    made = dict(LOGGING["formatters"]["plain"])
    formatter = logging.Formatter
    module, _, name = made.pop("()").rpartition(".")
    formatter = getattr(sys.modules.get(module) or __import__(module, fromlist=[name]), name)
    record = logging.LogRecord("x", logging.ERROR, "x.py", 1, message, args, words.get("exc_info"))
    return formatter(made["format"], style=made["style"]).format(record)


def test_log_lines_arguments_and_tracebacks_are_masked() -> None:
    line = logged("GET /people/?q=%s", ID_NUMBER)
    assert ID_NUMBER not in line and "150404***********4" in line
    try:
        raise ValueError(f"bad card {CARD}")
    except ValueError:
        line = logged("failed", exc_info=sys.exc_info())
    assert "Traceback" in line and CARD not in line and "**** 8901" in line


def test_every_handler_masks() -> None:
    handlers = LOGGING["handlers"]
    assert {handler["formatter"] for handler in handlers.values()} == {"plain"}
    assert "MaskingFormatter" in LOGGING["formatters"]["plain"]["()"]


def test_error_reports_are_masked() -> None:
    request = RequestFactory().post("/x/?q=" + ID_NUMBER, {"id_number": ID_NUMBER, "card": CARD})
    number = ID_NUMBER
    try:
        raise ValueError(number)
    except ValueError:
        reporter = get_exception_reporter_class(request)(request, *sys.exc_info())
    for report in (reporter.get_traceback_text(), reporter.get_traceback_html()):
        assert "ValueError" in report and ID_NUMBER not in report and CARD not in report
