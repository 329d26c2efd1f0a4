from typing import Any

from django.core.management.base import CommandError, CommandParser

from payroll.ledger.verifying import Verdict, verify
from songshan_cw.site.commands import ServiceCommand


class Command(ServiceCommand):
    help = "核对台账：触发器齐全、封印连贯、合计等于明细之和；有问题即指出最早的断处并以非零状态结束"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="输出一个 JSON 文档")
        parser.add_argument(
            "--head", action="append", default=[], metavar="校验值", help="以前留存的链尾校验值，可多次给出"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = verify(known_heads=options["head"])
        if options["json"]:
            self.write_json(document(verdict))
        else:
            self._tell(verdict)
        if verdict.findings:
            raise CommandError(f"台账核对未通过，共{len(verdict.findings)}处问题。请保留现场，用最近的备份比对。")

    def _tell(self, verdict: Verdict) -> None:
        for finding in verdict.findings:
            self.stdout.write(f"{finding.place}：{finding.text}")
        self.stdout.write(
            f"核对了{verdict.runs}个已封印批次、{verdict.trail_rows}条已封存留痕；尚未封存的留痕{verdict.unsealed_rows}条。"
        )
        for district, head in verdict.heads.items():
            self.stdout.write(f"{district}链尾：{head}")


def document(verdict: Verdict) -> dict[str, Any]:
    return {
        "ok": not verdict.findings,
        "runs": verdict.runs,
        "trail_rows": verdict.trail_rows,
        "unsealed_rows": verdict.unsealed_rows,
        "heads": verdict.heads,
        "findings": [{"place": finding.place, "text": finding.text} for finding in verdict.findings],
    }
