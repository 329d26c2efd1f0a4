"""All policy documents together, and the policy of a district on a day."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from songshan_cw.policy.errors import PolicyDataError, PolicyGap
from songshan_cw.policy.loader import LoadedDocument, load_folder
from songshan_cw.policy.schema import Document, Policy
from songshan_cw.words.periods import Month, first_day, label_zh, month_of, next_month_of
from songshan_cw.words.regions import city_of, district_of

SHIPPED = Path(__file__).resolve().parent


class PolicyTimeline:
    """A district's policies by month. A month is decided by the policy in force on its first day."""

    __slots__ = ("_only", "_policies", "_starts", "district")

    def __init__(self, district: str, documents: Iterable[LoadedDocument]) -> None:
        self.district = district
        entries: list[tuple[Month, Policy | None]] = []
        for loaded in sorted(documents, key=lambda each: each.document.in_force_from):
            entries += [(_first_month_decided(day), policy) for day, policy in loaded.policies]
            if loaded.document.in_force_to:
                entries.append((next_month_of(loaded.document.in_force_to), None))
        self._starts = [start for start, _ in entries]
        self._policies = [policy for _, policy in entries]
        self._only = self._policies[0] if len(entries) == 1 else None

    @property
    def first_month(self) -> Month:
        """Return the first month that the first document decides."""
        return self._starts[0]

    @property
    def policies(self) -> tuple[Policy, ...]:
        """Return every policy of the district, oldest first."""
        return tuple(policy for policy in self._policies if policy is not None)

    def at(self, month: Month) -> Policy:
        """Return the policy of a month. Months before the scheme use its first policy (rules 4.2)."""
        if self._only is not None:
            return self._only
        policy = self._policies[max(bisect_right(self._starts, month) - 1, 0)]
        if policy is None:
            raise PolicyGap(
                self.district,
                first_day(month),
                f"{label_zh(month)}时原文件已终止，之后的文件尚未施行",
                "请选择文件施行期内的月份，或由系统管理员补入新的政策文件",
            )
        return policy


class PolicyBook:
    """Every loaded document. Policies are built once, so the same day returns the same object."""

    def __init__(self, documents: tuple[LoadedDocument, ...]) -> None:
        _refuse_overlaps([loaded.document for loaded in documents])
        self._documents = tuple(sorted(documents, key=lambda loaded: loaded.document.in_force_from))
        self._timelines: dict[str, PolicyTimeline] = {}

    @property
    def documents(self) -> tuple[Document, ...]:
        """Return the documents, oldest first."""
        return tuple(loaded.document for loaded in self._documents)

    def cited(self, version: str) -> str:
        """Write a stored policy version as title and day. Return unknown versions unchanged."""
        key, _, day = version.partition("@")
        titles = {document.key: document.title for document in self.documents}
        return f"《{titles[key]}》（{day}版）" if key in titles else version

    def at(self, district: str, day: date) -> Policy:
        """Return the policy in force for a district on a day. Raises PolicyGap where there is none (rules 1.2)."""
        code = district_of(district)
        candidates = self._documents_of(code)
        for loaded in candidates:
            if is_in_force(loaded.document, day):
                days = [start for start, _ in loaded.policies]
                return loaded.policies[bisect_right(days, day) - 1][1]
        raise _gap(code, day, candidates)

    def timeline(self, district: str) -> PolicyTimeline:
        """Return the district's policies by month. Raises PolicyGap where no document names the district."""
        code = district_of(district)
        if code not in self._timelines:
            documents = self._documents_of(code)
            if not documents:
                raise _gap(code, None, documents)
            self._timelines[code] = PolicyTimeline(code, documents)
        return self._timelines[code]

    def _documents_of(self, code: str) -> tuple[LoadedDocument, ...]:
        names = {code, city_of(code)}
        return tuple(loaded for loaded in self._documents if names.intersection(loaded.document.regions))


@cache
def current_book() -> PolicyBook:
    """Load the documents of this folder, once."""
    return PolicyBook(load_folder(SHIPPED))


def policy_at(district: str, day: date) -> Policy:
    """Return the policy of a district (or of a street or community in it) on a day. Raises PolicyGap."""
    return current_book().at(district, day)


def policy_or_none(district: str, day: date) -> Policy | None:
    """Return ``policy_at``, or None where no policy is in force."""
    try:
        return policy_at(district, day)
    except PolicyGap:
        return None


def policy_timeline(district: str) -> PolicyTimeline:
    """Return the district's policies by month."""
    return current_book().timeline(district)


def is_in_force(document: Document, day: date) -> bool:
    """Return whether a document is in force. Both days are included; without a last day it is open-ended."""
    return document.in_force_from <= day and (document.in_force_to is None or day <= document.in_force_to)


def _first_month_decided(day: date) -> Month:
    """Return the month itself for its first day, else the next month."""
    return month_of(day) if day.day == 1 else next_month_of(day)


def _refuse_overlaps(documents: list[Document]) -> None:
    """Refuse two documents for one district on one day. A city's document covers its districts."""
    for index, document in enumerate(documents):
        for other in documents[:index]:
            shared = _shared_region(document, other)
            if shared and _same_time(document, other):
                raise PolicyDataError(
                    f"{document.key}/document.yaml",
                    "regions",
                    f"区划{shared}同时也由“{other.key}”管辖，时间重叠；请给旧文件写终止日（in_force_to）或改正区划。",
                )


def _shared_region(one: Document, other: Document) -> str | None:
    for mine in one.regions:
        for theirs in other.regions:
            if mine.startswith(theirs) or theirs.startswith(mine):
                return max(mine, theirs, key=len)
    return None


def _same_time(one: Document, other: Document) -> bool:
    return (one.in_force_to or date.max) >= other.in_force_from and (other.in_force_to or date.max) >= one.in_force_from


def _gap(code: str, day: date | None, candidates: tuple[LoadedDocument, ...]) -> PolicyGap:
    """Build the refusal, naming the nearest document that would apply."""
    documents = [loaded.document for loaded in candidates]
    if day is None or not documents:
        return PolicyGap(code, day, "没有任何文件适用于这个区划", "请核对区划代码，或由系统管理员补入该地的政策文件")
    upcoming = [document for document in documents if document.in_force_from > day]
    if upcoming:
        starts = min(upcoming, key=lambda document: document.in_force_from)
        reason = f"《{starts.title}》自{starts.in_force_from}起施行"
        return PolicyGap(code, day, reason, f"请选择{starts.in_force_from}及以后的日期")
    ended = max(documents, key=lambda document: document.in_force_to or date.min)
    after = (ended.in_force_to or day) + timedelta(days=1)
    reason = f"《{ended.title}》施行至{ended.in_force_to}"
    return PolicyGap(code, day, reason, f"请由系统管理员补入自{after}起施行的新文件")
