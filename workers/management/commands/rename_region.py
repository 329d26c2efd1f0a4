from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from songshan_cw.site.commands import ServiceCommand, acting_user, day_argument
from workers.services.places import rename_region


class Command(ServiceCommand):
    help = "区划自某日起改名，写明文号；以前的月份保留原名（以 --by 用户的权限）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", metavar="CODE")
        parser.add_argument("name", metavar="NAME")
        parser.add_argument("--from", dest="start", type=day_argument, required=True, metavar="DATE")
        parser.add_argument("--document", required=True, metavar="文号")
        parser.add_argument("--by", required=True, metavar="用户名")

    def handle(self, *args: Any, **options: Any) -> None:
        rename_region(
            actor=acting_user(options["by"]),
            code=options["code"],
            name=options["name"],
            start=options["start"],
            document_no=options["document"],
            today=timezone.localdate(),
            at=timezone.now(),
        )
        self.stdout.write(f"{options['code']}自{options['start']}起改名为“{options['name']}”。")
