"""Where the passphrase of a backup comes from: the environment, or the person at the terminal."""

import os
import sys
from getpass import getpass

from songshan_cw.data.refusal import Refused


def asked_passphrase() -> str:
    given = os.environ.get("BACKUP_KEY", "")
    if given or not sys.stdin.isatty():
        if not given:
            raise Refused("没有备份口令：请设置环境变量 BACKUP_KEY。")
        return given
    return getpass("备份口令：")
