"""Compare the documents: what each states, and what each would find for the same people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assessment.rules.facts import Finding
from assessment.rules.stated import SUBJECTS, Subject
from assessment.selectors.compliance import Policies, check_compliance
from songshan_cw.data.refusal import Refused
from songshan_cw.policy import current_book
from songshan_cw.policy.book import is_in_force
from songshan_cw.policy.schema import Document, Policy


class Everywhere(Policies):
    """One document, applied as if it were in force everywhere."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._region = document.regions[0]

    def _ask(self, district: str, day: date) -> Policy:
        return current_book().at(self._region, day)


@dataclass(frozen=True, slots=True)
class Side:
    """One document's statement and findings on one subject."""

    document: Document
    stated: str
    findings: tuple[Finding, ...]

    @property
    def people(self) -> int:
        """Count the people of the findings, each once."""
        return len({person for finding in self.findings for person in finding.people})


@dataclass(frozen=True, slots=True)
class SubjectRow:
    subject: Subject
    sides: tuple[Side, ...]


def compare_policies(*, day: date, street_codes: Sequence[str] | None = None) -> list[SubjectRow]:
    """Compare every document in force anywhere on the day. Raises Refused."""
    documents = [document for document in current_book().documents if is_in_force(document, day)]
    if not documents:
        raise Refused(f"{day}没有任何施行中的政策文件，不能对照。请选择文件施行期内的日期。")
    found = {
        document.key: check_compliance(day=day, street_codes=street_codes, policies=Everywhere(document)).findings
        for document in documents
    }
    policies = {document.key: current_book().at(document.regions[0], day) for document in documents}
    return [
        SubjectRow(subject, tuple(_side(subject, each, policies[each.key], found[each.key]) for each in documents))
        for subject in SUBJECTS
    ]


def _side(subject: Subject, document: Document, policy: Policy, findings: Sequence[Finding]) -> Side:
    mine = tuple(finding for finding in findings if finding.rule == subject.rule)
    return Side(document, subject.stated(policy), mine)
