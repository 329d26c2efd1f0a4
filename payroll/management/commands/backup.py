from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from payroll.ledger.backup import write_backup
from songshan_cw.site.commands import ServiceCommand, backup_passphrase


class Command(ServiceCommand):
    help = "把全部数据和附件写入一个加密文件（口令取自环境变量 BACKUP_KEY，没有则询问）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, metavar="文件")

    def handle(self, *args: Any, **options: Any) -> None:
        done = write_backup(path=options["path"], passphrase=backup_passphrase(), at=timezone.now())
        self.stdout.write(f"已备份{done.rows:,}行、{done.files}个附件：{options['path']}")
        for name in done.missing_files:
            self.stderr.write(f"附件“{name}”在存储中找不到，没有备份。")
        if done.findings:
            self.stderr.write(f"备份时台账核对有{done.findings}处问题，已照录；请运行 verify_ledger 查看。")
