from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from songshan_cw.site.commands import ServiceCommand
from workers.workbook.annotating import annotate
from workers.workbook.planning import ImportPlan, open_workbook, plan_import
from workers.workbook.writing import apply_import


class Command(ServiceCommand):
    help = "导入人事工作簿：全部检查通过才写入，否则列出每一处问题，什么也不写。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="人事工作簿（.xlsx）")
        parser.add_argument("--dry-run", action="store_true", help="只检查和比较，不写入")
        parser.add_argument("--report", type=Path, help="有问题时，标注了问题的副本写到这里（.xlsx）")
        parser.add_argument("--json", action="store_true", help="结果以JSON输出")

    def handle(self, *args: Any, **options: Any) -> None:
        reading, at = open_workbook(options["file"]), timezone.now()
        if options["dry_run"]:
            plan = plan_import(reading, actor=None, at=at)
        else:
            plan = apply_import(reading, actor=None, at=at).plan
        if options["json"]:
            self.write_json(_document(plan))
        if plan.faults:
            if options["report"]:
                annotate(reading, plan.faults, options["report"])
            raise CommandError(_refusal(plan, brief=options["json"]))
        if not options["json"]:
            self._summarise(plan, dry_run=options["dry_run"])

    def _summarise(self, plan: ImportPlan, *, dry_run: bool) -> None:
        done = "试导入（未写入）" if dry_run else "导入完成"
        counts = f"新增{plan.created}，更新{plan.updated}，未变{plan.unchanged}"
        self.stdout.write(f"{done}：共{plan.rows}行，{counts}。")
        for notice in plan.notices[:50]:
            where = f"{notice.sheet}第{notice.row}行" if notice.row else notice.sheet
            self.stdout.write(f"提示：{where} {notice.message}")


def _document(plan: ImportPlan) -> dict[str, Any]:
    errors = [asdict(fault) for fault in plan.faults]
    counts = {"created": plan.created, "updated": plan.updated, "unchanged": plan.unchanged}
    return {"rows": plan.rows, **counts, "errors": errors}


def _refusal(plan: ImportPlan, *, brief: bool) -> str:
    lines = [f"工作簿有{len(plan.faults)}处问题，没有写入任何内容。"]
    if not brief:
        lines += [f"{fault.place}：{fault.message}" for fault in plan.faults]
    return "\n".join(lines)
