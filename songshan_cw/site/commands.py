"""Base of the management commands: refusals on standard error with exit status 1, and JSON output."""

import json
import os
import sys
from argparse import ArgumentTypeError
from datetime import date
from decimal import Decimal
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from songshan_cw.data.outages import FAULTS, outage_of
from songshan_cw.data.refusal import Refused
from songshan_cw.policy import PolicyGap
from songshan_cw.words import periods


class ServiceCommand(BaseCommand):
    """Call a service and report. Refusals and outages become exit status 1 with their message."""

    requires_migrations_checks = False

    def execute(self, *args: Any, **options: Any) -> Any:
        try:
            return super().execute(*args, **options)
        except (Refused, PolicyGap) as refusal:
            raise CommandError(str(refusal)) from refusal
        except FAULTS as fault:
            outage = outage_of(fault)
            if not outage:
                raise
            raise CommandError(outage) from fault

    def write_json(self, document: Any) -> None:
        self.stdout.write(json.dumps(document, ensure_ascii=False, indent=2, default=_plain))


def month_argument(text: str) -> int:
    """Parse ``2022-03`` for argparse. Other forms are wrong usage (exit 2)."""
    try:
        return periods.parse(text)
    except ValueError as fault:
        raise ArgumentTypeError(str(fault)) from fault


def day_argument(text: str) -> date:
    """Parse ``2022-03-31`` for argparse. Other forms are wrong usage (exit 2)."""
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise ArgumentTypeError(f"日期应写作“2022-03-31”的样子，收到的是“{text}”。") from fault


def backup_passphrase() -> str:
    """The passphrase of a backup: from the environment, or from the person at the terminal."""
    given = os.environ.get("BACKUP_KEY", "")
    if given:
        return given
    if not sys.stdin.isatty():
        raise Refused("没有备份口令：请设置环境变量 BACKUP_KEY。")
    return getpass("备份口令：")


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)
