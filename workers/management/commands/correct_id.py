from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from songshan_cw.data.refusal import Refused
from songshan_cw.site.commands import ServiceCommand, acting_user
from workers.selectors.numbers import worker_with
from workers.services.numbers import correct_id


class Command(ServiceCommand):
    help = "更正身份证号，旧号码留作别名，导入和查找仍认得（以 --by 用户的权限）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("old", metavar="OLD")
        parser.add_argument("new", metavar="NEW")
        parser.add_argument("--reason", required=True, metavar="原因")
        parser.add_argument("--by", required=True, metavar="用户名")

    def handle(self, *args: Any, **options: Any) -> None:
        worker = worker_with(options["old"])
        if worker is None:
            raise Refused("没有登记这个身份证号的人员，请核对号码。")
        actor = acting_user(options["by"])
        correct_id(actor=actor, worker=worker, number=options["new"], reason=options["reason"], at=timezone.now())
        self.stdout.write(f"{worker.name}的身份证号已更正；已审核的月份保留原号码。")
