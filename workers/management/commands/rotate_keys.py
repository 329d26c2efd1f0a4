from typing import Any

from songshan_cw.data.refusal import Refused
from songshan_cw.data.sealing import SealBroken
from songshan_cw.site.commands import ServiceCommand
from workers.services.rotation import rotate_keys


class Command(ServiceCommand):
    help = "把银行卡号和动态口令的密文全部换到SEALING_KEYS的第一个密钥下；可以中断，再执行时接着做。"

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = rotate_keys()
        except SealBroken as fault:
            raise Refused(f"{fault}已换的保持不变；补上旧密钥后再执行，会接着做。") from fault
        self.stdout.write(
            f"密钥“{done.key}”：银行卡号换了{done.accounts}条（原已是{done.accounts_before}条），"
            f"动态口令换了{done.factors}条（原已是{done.factors_before}条）。"
            "旧密钥可以从SEALING_KEYS里去掉了；用旧密钥时的备份仍须旧密钥才能读出。"
        )
