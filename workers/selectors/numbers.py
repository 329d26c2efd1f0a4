"""Find people by any ID number they were recorded under, and the records that are one person (rules 9.8)."""

from collections.abc import Collection, Iterable

from workers.models import FormerNumber, Worker
from workers.selectors.streams import among


def worker_with(id_number: str) -> Worker | None:
    """Return the person with this ID number, be it corrected since or that of a record merged into another."""
    number = id_number.strip().upper()
    former = FormerNumber.objects.filter(id_number=number).select_related("worker").first()
    return former.worker if former else Worker.objects.filter(id_number=number).first()


def current_numbers(id_numbers: Iterable[str]) -> dict[str, str]:
    """Map those of the numbers that were corrected or merged to the number the person has now."""
    rows = among(FormerNumber.objects.order_by(), "id_number", sorted(id_numbers))
    return dict(rows.values_list("id_number", "worker__id_number"))


def owners_of(worker_ids: Collection[int]) -> dict[int, int]:
    """Map these people and the records merged into them to the people, for reading a ledger as a whole."""
    merged = among(Worker.objects.order_by(), "merged_into_id", list(worker_ids))
    return {key: key for key in worker_ids} | dict(merged.values_list("pk", "merged_into_id"))
