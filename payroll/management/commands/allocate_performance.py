from typing import Any

from django.core.management.base import CommandParser

from payroll.selectors.performance import allocation
from songshan_cw.data.refusal import Refused
from songshan_cw.site.commands import ServiceCommand
from songshan_cw.words.money import plain
from workers.models import Region


class Command(ServiceCommand):
    help = "按年末考核结果分配街道的绩效工资总量"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("year", type=int, metavar="YEAR")
        parser.add_argument("--street", required=True, metavar="代码")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        street = Region.objects.filter(code=options["street"], level="street").first()
        if street is None:
            raise Refused(f"街道代码“{options['street']}”没有登记，请核对代码。")
        found = allocation(street=street, year=options["year"])
        if options["json"]:
            shares = [
                {
                    "id_number": one.id_number,
                    "accrual": one.accrual,
                    "result": one.result,
                    "weight": plain(one.weight),
                    "share": one.share,
                }
                for one in found.shares
            ]
            unassessed = [one.id_number for one in found.unassessed]
            self.write_json({"pool": found.pool, "shares": shares, "unassessed": unassessed})
            return
        self.stdout.write(f"{street.name}{options['year']}年绩效工资总量{found.pool:,}元，{len(found.shares)}人")
        for one in found.shares:
            self.stdout.write(f"  {one.name} {one.result or '未考核'} 权重{plain(one.weight)} {one.share:,}元")
        if found.unassessed:
            self.stdout.write(f"未录入考核、权重为零：{len(found.unassessed)}人，请补录考核或设定个人权重。")
