from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from payroll.ledger.restore import read_backup
from songshan_cw.data.refusal import Refused
from songshan_cw.site.commands import ServiceCommand, backup_passphrase


class Command(ServiceCommand):
    help = "把 backup 的文件恢复到一个刚建好的空库（先 migrate），并按清单核对；不符则全部撤回"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, metavar="文件")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["path"].is_file():
            raise Refused(f"找不到备份文件“{options['path']}”。")
        done = read_backup(path=options["path"], passphrase=backup_passphrase())
        self.stdout.write(f"已恢复{done.rows:,}行、{done.files}个附件；行数、各月金额和封印均与备份时一致。")
        if done.findings:
            self.stderr.write(f"备份时台账核对就有{done.findings}处问题，已照样恢复；请运行 verify_ledger 查看。")
