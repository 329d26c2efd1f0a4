from typing import Any

from django.utils import timezone

from songshan_cw.site.commands import ServiceCommand
from workers.workbook.uploads import clear_leftovers


class Command(ServiceCommand):
    help = "删除一天以前上传、没有确认的工作簿。每次上传时也会自动清理；可放进定时任务。"

    def handle(self, *args: Any, **options: Any) -> None:
        gone = clear_leftovers(at=timezone.now())
        self.stdout.write(f"已删除{gone}个过期的上传文件。")
