"""Archives: which parts have files, and which must be filed with the organisation department (rules 9.5)."""

from dataclasses import dataclass
from datetime import date

from workers.models import ArchiveFiling, Attachment
from workers.selectors.serving import Roll, Servant


@dataclass(frozen=True, slots=True)
class ArchiveRow:
    """``files`` counts files by part; ``filed_on`` is the newest filing."""

    person: Servant
    files: dict[str, int]
    to_be_filed: bool
    filed_on: date | None

    @property
    def missing(self) -> list[str]:
        return [part for part, number in self.files.items() if not number]

    @property
    def complete(self) -> bool:
        return not self.missing and (self.filed_on is not None or not self.to_be_filed)


def archives(roll: Roll) -> list[ArchiveRow]:
    """List the archive of each person serving on the day. Five statements."""
    attachments = roll.rows(Attachment, "id", "part")
    filings = roll.rows(ArchiveFiling, "filed_on", "filed_on")
    rows = []
    for person in roll.servants:
        rules = person.policy.archive
        parts = [row[1] for row in attachments(person.id)]
        filed = [row[1] for row in filings(person.id) if row[1] <= roll.day]
        rows.append(
            ArchiveRow(
                person,
                {part: parts.count(part) for part in rules.parts.value},
                person.position in rules.filed_positions.value,
                max(filed, default=None),
            )
        )
    return rows
