from argparse import ArgumentParser
from typing import Any

from songshan_cw.site.commands import ServiceCommand
from workers.services.regions import load_regions


class Command(ServiceCommand):
    help = "从随附名单装入区划：所给代码以下的全部区划及其上级。可重复执行。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("codes", nargs="+", metavar="CODE", help="区划代码，如 150404、1506、15")

    def handle(self, *args: Any, **options: Any) -> None:
        done = load_regions(options["codes"])
        self.stdout.write(f"区划：新增{done.created}个，改名{done.renamed}个，未变{done.unchanged}个。")
