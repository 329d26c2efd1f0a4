import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.utils import timezone

from songshan_cw.data.refusal import Refused
from songshan_cw.site.commands import ServiceCommand
from workers.services import create_administrator


class Command(ServiceCommand):
    help = "建立一个系统管理员（新安装的第一个账号）。密码在提示后输入，或由标准输入的第一行给出。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="用户名")
        parser.add_argument("--name", default="", help="姓名")

    def handle(self, *args: Any, **options: Any) -> None:
        password = _asked() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        user = create_administrator(
            username=options["username"], full_name=options["name"], password=password, at=timezone.now()
        )
        self.stdout.write(f"已建立系统管理员“{user.username}”。")


def _asked() -> str:
    password = getpass("密码：")
    if getpass("再输一次：") != password:
        raise Refused("两次输入的密码不一样，没有建立账号。")
    return password
