"""Arguments shared by the commands that settle money owed back (rules 5.8)."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from payroll.models import ReceivableEntry
from songshan_cw.data.refusal import Refused
from songshan_cw.site.commands import ServiceCommand, acting_user
from songshan_cw.words.money import total
from workers.selectors.numbers import worker_with


class SettlingCommand(ServiceCommand):
    service: Callable[..., list[ReceivableEntry]]
    done: str

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id_number", metavar="ID")
        parser.add_argument("amount", metavar="AMOUNT")
        parser.add_argument("--reason", required=True, metavar="原因")
        parser.add_argument("--by", required=True, metavar="用户名")

    def handle(self, *args: Any, **options: Any) -> None:
        worker = worker_with(options["id_number"])
        if worker is None:
            raise Refused("没有这个身份证号的人员，没有保存。请核对号码。")
        try:
            amount = Decimal(options["amount"])
        except InvalidOperation as fault:
            raise Refused(f"金额“{options['amount']}”不是数，没有保存。") from fault
        given = {"worker": worker, "amount": amount, "reason": options["reason"], "at": timezone.now()}
        entries = type(self).service(actor=acting_user(options["by"]), **given)
        self.stdout.write(f"{worker.name}：{self.done}{total(entry.amount for entry in entries):,}元")
