from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from assessment.selectors.comparison import SubjectRow, compare_policies
from songshan_cw.site.commands import ServiceCommand, day_argument


class Command(ServiceCommand):
    help = "用同一批人员对照各份政策文件：各条规定，以及按各文件会有多少不符合的事项"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--street", metavar="代码")
        parser.add_argument("--date", type=day_argument, metavar="YYYY-MM-DD", help="默认今天")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        day = options["date"] or timezone.localdate()
        rows = compare_policies(day=day, street_codes=[options["street"]] if options["street"] else None)
        if options["json"]:
            self.write_json({"date": day, "subjects": [_document(row) for row in rows]})
            return
        for row in rows:
            self.stdout.write(row.subject.name)
            for side in row.sides:
                self.stdout.write(f"  《{side.document.title}》{side.stated}")
                self.stdout.write(f"    截至{day}不符合{len(side.findings)}项，涉及{side.people}人")


def _document(row: SubjectRow) -> dict[str, Any]:
    sides = [
        {
            "document": side.document.key,
            "stated": side.stated,
            "findings": len(side.findings),
            "people": side.people,
        }
        for side in row.sides
    ]
    return {"rule": row.subject.rule, "subject": row.subject.name, "documents": sides}
