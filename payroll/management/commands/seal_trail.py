from typing import Any

from django.utils import timezone

from payroll.ledger.sealing import seal_trails
from payroll.ledger.seals import TRAILS
from songshan_cw.site.commands import ServiceCommand


class Command(ServiceCommand):
    help = "封存上次以来的留痕（变更、查看、导入、批次流转）；每天运行一次"

    def handle(self, *args: Any, **options: Any) -> None:
        seals = seal_trails(at=timezone.now())
        for seal in seals:
            name = TRAILS[seal.trail]._meta.verbose_name
            self.stdout.write(f"{name}：第{seal.number}号封印，{seal.row_count}条，{seal.digest}")
        if not seals:
            self.stdout.write("没有新的留痕需要封存。")
