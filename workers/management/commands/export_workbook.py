from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from songshan_cw.data.refusal import Refused
from songshan_cw.site.commands import ServiceCommand
from songshan_cw.words.terms import RegionLevel
from workers.models import Region
from workers.workbook.exporting import export_workbook


class Command(ServiceCommand):
    help = "把人员和全部历史导出为人事工作簿；原样导入回来不会有任何变化。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="写到这个.xlsx文件")
        parser.add_argument("--street", default="", help="只导出这个街道(乡镇)，填9位区划代码")

    def handle(self, *args: Any, **options: Any) -> None:
        street, target = options["street"], options["file"]
        if street and not Region.objects.filter(code=street, level=RegionLevel.STREET.value).exists():
            raise Refused(f"没有区划代码为“{street}”的街道(乡镇)。请核对代码（9位）。")
        if not target.parent.is_dir():
            raise Refused(f"文件夹“{target.parent}”不存在，请先建立或换一个位置。")
        if target.is_dir():
            raise Refused(f"“{target}”是一个文件夹，请写明要导出成的文件，例如“{target / '人事.xlsx'}”。")
        done = export_workbook(target, actor=None, street=street)
        self.stdout.write(f"已导出{done.people}人、{done.rows}行到{target}。")
