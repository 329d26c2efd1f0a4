"""Messages for outages: the database cannot be reached, or the disk is full."""

import errno
import logging
import sqlite3
import sys
from collections.abc import Iterator

import psycopg2
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)
AWAY = "数据库暂时连不上或正忙，这一步没有办完。请等一两分钟再试；再试之前先刷新看看，已经办好的不要重办。"
FULL = "存放数据的磁盘写满了，这一步没有写入任何内容。请告诉系统管理员清理磁盘，腾出空间后再办一次即可。"
NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
PG_DISK_FULL = "53100"
SQLITE_AWAY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN)
AGAIN_SECONDS = 30
# Django's own classes, and the driver's where COPY bypasses Django.
OF_DATABASE = (OperationalError, InterfaceError, psycopg2.OperationalError, psycopg2.InterfaceError, sqlite3.Error)
FAULTS = (*OF_DATABASE, OSError)


def outage_of(fault: BaseException | None) -> str:
    """Return the message for an outage, or an empty text for any other error."""
    sentences = [sentence for one in _chain(fault) if (sentence := _sentence(one))]
    return FULL if FULL in sentences else "".join(sentences[:1])


def server_fault(request: HttpRequest) -> HttpResponse:
    """Answer unexpected errors (``handler500``). An outage is named as such and as temporary."""
    outage = outage_of(sys.exc_info()[1])
    if not outage:
        return HttpResponse(render_to_string("500.html"), status=500)
    logger.error("%s %s: %s", request.method, request.path, outage)
    later = {"Retry-After": str(AGAIN_SECONDS)}
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return JsonResponse({"refused": outage}, status=503, headers=later)
    return HttpResponse(render_to_string("503.html", {"outage": outage}), status=503, headers=later)


def _chain(fault: BaseException | None) -> Iterator[BaseException]:
    while fault is not None:
        yield fault
        fault = fault.__cause__ or fault.__context__


def _sentence(fault: BaseException) -> str:
    if isinstance(fault, OSError):
        return FULL if fault.errno in NO_SPACE else ""
    if isinstance(fault, OF_DATABASE):
        return _of_database(fault.__cause__ or fault)
    return ""


def _of_database(cause: BaseException | None) -> str:
    """Judge by the engine's error code, since SQLite also calls a missing table an operational error."""
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        return FULL if code == sqlite3.SQLITE_FULL else AWAY if code in SQLITE_AWAY else ""
    return FULL if getattr(cause, "pgcode", None) == PG_DISK_FULL else AWAY
