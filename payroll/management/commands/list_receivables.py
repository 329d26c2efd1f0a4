from typing import Any

from django.core.management.base import CommandParser

from payroll.models import Receivable
from payroll.selectors.receivables import debts
from songshan_cw.site.commands import ServiceCommand
from songshan_cw.words.periods import label


class Command(ServiceCommand):
    help = "列出应收款：负数工资条留下、须归还的钱"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--street", metavar="代码")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = Receivable.objects.all()
        found = debts(rows.filter(street=options["street"]) if options["street"] else rows)
        if options["json"]:
            people = [
                {
                    "id_number": debt.receivable.worker.id_number,
                    "arose": label(debt.receivable.arose),
                    "amount": debt.receivable.amount,
                    "recovered": debt.settled,
                    "open": debt.open,
                }
                for debt in found
            ]
            self.write_json({"people": people})
            return
        self.stdout.write(f"应收款{len(found)}笔。")
        for debt in found:
            one = debt.receivable
            self.stdout.write(f"  {one}，已结{debt.settled:,}元，未结{debt.open:,}元")
