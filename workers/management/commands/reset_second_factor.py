from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from songshan_cw.data.refusal import Refused
from songshan_cw.site.commands import ServiceCommand
from workers.models import User
from workers.services import reset_device


class Command(ServiceCommand):
    help = "重置一个用户的动态口令（手机丢失，又没有另一位系统管理员时），并退出其全部登录。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="用户名")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise Refused(f"没有用户名为“{options['username']}”的用户。")
        reset_device(actor=None, user=user, at=timezone.now())
        self.stdout.write(f"已重置{user}的动态口令；下次登录时重新绑定。")
