"""Arguments shared by the commands of rules 6.3: year, street and the acting user."""

from collections.abc import Callable
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from payroll.models import PerformanceBatch
from payroll.selectors.streets import streets_with_people
from payroll.services.performance_batches import newest_batch
from songshan_cw.data.refusal import Refused
from songshan_cw.site.commands import ServiceCommand, acting_user
from workers.models import Region, User
from workers.selectors.scope import reaches


def streets_named(code: str | None) -> list[Region]:
    """Return the street of this code, or all with people. Raises Refused."""
    streets = streets_with_people([code] if code else None)
    if not streets:
        raise Refused(f"街道代码“{code}”没有登记，或该街道没有人员。请核对代码。" if code else "还没有登记人员。")
    return streets


class PerformanceTransition(ServiceCommand):
    """Move the newest batch of one street's year, or of every street where it is in one of ``states``."""

    service: Callable[..., PerformanceBatch]
    states: tuple[str, ...]
    verb: str
    done: str

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("year", type=int, metavar="YEAR")
        parser.add_argument("--street", metavar="代码")
        parser.add_argument("--by", required=True, metavar="用户名")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = acting_user(options["by"])
        batches = self.chosen(actor, options["year"], options["street"])
        for one in batches:
            given = {"batch_id": one.pk, "actor": actor, "at": timezone.now(), **self.further(options)}
            batch = type(self).service(**given)
            self.stdout.write(f"{batch}：{self.done}，{batch.headcount}人，分配合计{batch.share_total:,}元")

    def chosen(self, actor: User, year: int, code: str | None) -> list[PerformanceBatch]:
        if code:
            return [newest_batch(street, year) for street in streets_named(code)]
        rows = PerformanceBatch.objects.filter(year=year, state__in=self.states).order_by("street_id")
        found = [batch for batch in rows if reaches(actor, batch.street_id)]
        if not found:
            raise Refused(f"{year}年没有您可以{self.verb}的绩效批次。")
        return found

    def further(self, options: dict[str, Any]) -> dict[str, Any]:
        return {}
