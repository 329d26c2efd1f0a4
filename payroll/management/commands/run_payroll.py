from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from payroll.models import PayrollRun
from payroll.services.runs import compute_runs, passed_over
from songshan_cw.site.commands import ServiceCommand, month_argument
from songshan_cw.words.periods import label, label_zh


class Command(ServiceCommand):
    help = "计算某月的工资批次草稿（全部街道，或用 --street 指定一个街道）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("month", type=month_argument, metavar="YYYY-MM")
        parser.add_argument("--street", metavar="代码")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        streets = [options["street"]] if options["street"] else None
        runs = compute_runs(month=options["month"], street_codes=streets, at=timezone.now())
        for reason in () if streets else passed_over(month=options["month"]):
            self.stderr.write(f"未计算：{reason}")
        if options["json"]:
            self.write_json({"month": label(options["month"]), "runs": [_document(run) for run in runs]})
            return
        for run in runs:
            mark = "（试算）" if run.trial else ""
            self.stdout.write(
                f"{run.street.name}{label_zh(run.month)}{mark}：{run.headcount}人，应发合计{run.gross_total:,}元，"
                f"待核事项{run.notes.count()}条"
            )


def _document(run: PayrollRun) -> dict[str, Any]:
    return {
        "street_code": run.street_id,
        "street": run.street.name,
        "state": run.state,
        "trial": run.trial,
        "people": run.headcount,
        **{column.csv_name: amount for column, amount in run.sums.items()},
        "notes": [{"kind": note.kind, "text": note.text} for note in run.notes.all()],
    }
