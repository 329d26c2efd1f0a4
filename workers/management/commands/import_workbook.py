import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from songshan_cw.data.refusal import Refused
from songshan_cw.site.commands import ServiceCommand, acting_user
from workers.workbook.annotating import annotate
from workers.workbook.planning import ImportPlan, open_workbook, plan_import
from workers.workbook.writing import Imported, apply_import

KINDS = "人事工作簿或街道自己的花名册（xlsx、xls、et、xlsb、ods、csv等，或装有这些文件的zip）"


class Command(ServiceCommand):
    help = "导入人事工作簿或花名册：全部检查通过、问题都有回答才写入，否则列出每一处，什么也不写。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help=KINDS)
        parser.add_argument("--dry-run", action="store_true", help="只检查和比较，不写入")
        parser.add_argument("--report", type=Path, help="有问题时，标注了问题的副本写到这里（.xlsx）")
        parser.add_argument("--answers", type=Path, help="对问题的回答：JSON，问题的key→回答")
        parser.add_argument("--accept-suggestions", action="store_true", help="没有回答的问题采用建议")
        parser.add_argument("--by", metavar="用户名", help="导入的用户；不填按系统管理员")
        parser.add_argument("--json", action="store_true", help="结果以JSON输出")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = acting_user(options["by"]) if options["by"] else None
        answers = _answers(options["answers"]) if options["answers"] else {}
        asked: dict[str, Any] = {"answers": answers, "suggestions": options["accept_suggestions"]}
        reading, at = open_workbook(options["file"]), timezone.now()
        if options["dry_run"]:
            done = Imported(plan_import(reading, actor=actor, at=at, **asked), None)
        else:
            done = apply_import(reading, actor=actor, at=at, **asked)
        plan = done.plan
        if options["json"]:
            self.write_json(_document(done))
        if plan.blocked:
            if options["report"]:
                annotate(plan, options["report"])
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
        for row in plan.skipped[:50]:
            self.stdout.write(f"未读取：{row.sheet}第{row.row}行“{row.text}”（{row.reason}）")


def _answers(path: Path) -> dict[str, str]:
    """Read a file of answers. Raises Refused where it is none."""
    try:
        found = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as fault:
        raise Refused(f"读不出回答文件“{path.name}”。应是JSON：{{问题的key: 回答}}。") from fault
    if not isinstance(found, dict):
        raise Refused(f"回答文件“{path.name}”应是一个JSON对象：{{问题的key: 回答}}。")
    return {str(key): str(value) for key, value in found.items() if value is not None}


def _document(done: Imported) -> dict[str, Any]:
    plan = done.plan
    return {
        "import": done.record.pk if done.record else None,
        "rows": plan.rows,
        "created": plan.created,
        "updated": plan.updated,
        "unchanged": plan.unchanged,
        "errors": [asdict(fault) for fault in plan.faults],
        "questions": [question.document() for question in plan.questions],
        "skipped": [asdict(row) for row in plan.skipped],
        "notices": [asdict(notice) for notice in plan.notices],
    }


def _refusal(plan: ImportPlan, *, brief: bool) -> str:
    asked = f"，{len(plan.questions)}个问题没有回答" if plan.questions else ""
    lines = [f"工作簿有{len(plan.faults)}处问题{asked}，没有写入任何内容。"]
    if not brief:
        lines += [f"{fault.place}：{fault.message}" for fault in plan.faults]
        lines += [f"问题（{question.key}）：{question.message}" for question in plan.questions]
    return "\n".join(lines)
