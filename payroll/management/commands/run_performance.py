from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from payroll.management.performance import streets_named
from payroll.services.performance_batches import compute_batch
from songshan_cw.data.refusal import Refused
from songshan_cw.site.commands import ServiceCommand, month_argument


class Command(ServiceCommand):
    help = "计算某年的绩效批次；已审核过的，计算补充批次"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("year", type=int, metavar="YEAR")
        parser.add_argument("--street", metavar="代码")
        parser.add_argument("--paid", type=month_argument, metavar="YYYY-MM", help="发放（计税）月份；默认当年12月")

    def handle(self, *args: Any, **options: Any) -> None:
        streets, refusals = streets_named(options["street"]), []
        for street in streets:
            given = {"year": options["year"], "street": street, "paid_month": options["paid"]}
            try:
                batch = compute_batch(**given, actor=None, at=timezone.now())
            except Refused as refusal:
                refusals.append(refusal)
                continue
            self.stdout.write(
                f"{batch}：{batch.headcount}人，绩效总量{batch.pool:,}元，分配合计{batch.share_total:,}元"
            )
        if len(refusals) == len(streets):
            raise refusals[0]
        for refusal in refusals:
            self.stderr.write(f"未计算：{refusal}")
