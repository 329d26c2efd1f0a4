from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from payroll.management.performance import streets_named
from payroll.services.performance import set_own_weight
from songshan_cw.data.refusal import Refused
from songshan_cw.site.commands import ServiceCommand, acting_user
from workers.selectors.numbers import worker_with


class Command(ServiceCommand):
    help = "设定一个人某年的绩效权重，写明理由（以 --by 用户的权限）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("year", type=int, metavar="YEAR")
        parser.add_argument("--street", required=True, metavar="代码")
        parser.add_argument("--person", required=True, metavar="身份证号")
        parser.add_argument("--weight", required=True, metavar="权重")
        parser.add_argument("--reason", required=True, metavar="理由")
        parser.add_argument("--by", required=True, metavar="用户名")

    def handle(self, *args: Any, **options: Any) -> None:
        [street] = streets_named(options["street"])
        worker = worker_with(options["person"])
        if worker is None:
            raise Refused("没有这个身份证号的人员，没有保存。请核对号码。")
        try:
            weight = Decimal(options["weight"])
        except InvalidOperation as fault:
            raise Refused(f"权重“{options['weight']}”不是数，没有保存。") from fault
        change = set_own_weight(
            actor=acting_user(options["by"]),
            street=street,
            year=options["year"],
            worker=worker,
            weight=weight,
            reason=options["reason"],
            at=timezone.now(),
        )
        self.stdout.write(f"{worker.name}{options['year']}年的权重{'已设为' if change else '原本就是'}{weight}")
