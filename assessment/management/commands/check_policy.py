from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from assessment.selectors.compliance import check_compliance
from songshan_cw.site.commands import ServiceCommand, day_argument


class Command(ServiceCommand):
    help = "列出某日不符合现行政策各项限额的人员和社区（全部街道，或用 --street 指定一个街道）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--street", metavar="代码")
        parser.add_argument("--date", type=day_argument, metavar="YYYY-MM-DD", help="默认今天")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        day = options["date"] or timezone.localdate()
        streets = [options["street"]] if options["street"] else None
        compliance = check_compliance(day=day, street_codes=streets)
        if options["json"]:
            for gap in compliance.skipped:
                self.stderr.write(f"未检查：{gap}")
            self.write_json({"findings": [asdict(finding) for finding in compliance.findings]})
            return
        self.stdout.write(f"截至{day}，不符合政策规定的事项{len(compliance.findings)}项")
        for finding in compliance.findings:
            self.stdout.write(f"  [{finding.rule} {finding.clause}] {finding.since}起 {finding.message}")
        for gap in compliance.skipped:
            self.stdout.write(f"未检查：{gap}")
        for note in compliance.notes:
            self.stdout.write(f"请注意：{note}")
