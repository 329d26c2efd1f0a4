"""Base of the management commands: refusals on standard error with exit status 1, and JSON output."""

import json
import os
import sys
from argparse import ArgumentTypeError
from datetime import date
from decimal import Decimal
from getpass import getpass, getuser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from songshan_cw.data.outages import FAULTS, outage_of
from songshan_cw.data.refusal import Refused
from songshan_cw.policy import PolicyGap
from songshan_cw.words import periods
from workers.models import User


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


def acting_user(username: str) -> User:
    """Return the user a command acts for, marked with channel and system user for the record (rules 10.7).

    Raises Refused where acting for users is not allowed here, or the account cannot be used.
    """
    if not settings.ACT_FOR_USERS:
        raise Refused(
            "本系统不允许命令以某个用户的名义办理。请该用户在网页上办理；"
            "确需如此，由运维人员设置环境变量 ACT_FOR_USERS=1。"
        )
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise Refused(f"没有名为“{username}”的启用用户。")
    if not user.is_usable:
        raise Refused(f"用户“{username}”刚新建或更改过，须由另一位系统管理员确认后才能使用。")
    user.channel = f"命令（系统用户{getuser()}）"[:80]
    return user


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
