"""Contracts: term, end and renewal (rules 9.2; S 二(四)5; O 9, 25)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from songshan_cw.policy.schema import RenewalCondition
from songshan_cw.words.spans import ONE_DAY, Span, add_months, term_end
from songshan_cw.words.terms import Result


def contract_on(contracts: Sequence[Span], day: date) -> Span | None:
    """Return the newest contract that has begun, even if it has ended."""
    return max((span for span in contracts if span.first <= day), key=lambda span: span.first, default=None)


def expired_since(contracts: Sequence[Span], day: date) -> date | None:
    """Return the first day without a contract, or None while one runs or none was ever entered."""
    ends = [span.last for span in contracts if span.first <= day]
    if not ends or None in ends:
        return None
    last = max(end for end in ends if end is not None)
    return last + ONE_DAY if last < day else None


def over_term(contract: Span, term_months: int | None) -> date | None:
    """Return the last day the term allows, or None for contracts within it."""
    if term_months is None:
        return None
    allowed = term_end(contract.first, term_months)
    return allowed if contract.last is None or contract.last > allowed else None


def due_notice(end: date, day: date, due_days: Sequence[int]) -> int | None:
    """Return the shortest notice period (90, 60, 30 days) the end lies in, or None."""
    left = (end - day).days
    if left < 0:
        return None
    return min((days for days in due_days if left <= days), default=None)


def probation_end(start: date, probation_months: int | None) -> date | None:
    """Return the last day of a probation that begins with the contract, or None without a length in the policy."""
    return None if probation_months is None else term_end(start, probation_months)


@dataclass(frozen=True, slots=True)
class RenewalEvidence:
    """The evidence for renewing: results by year (None: not assessed) and years of service.

    ``lacking``: the unassessed years, if only their results can still decide against renewal.
    """

    years: Mapping[int, Result | None]
    serves_from: date
    service_reached: bool
    results_reached: bool
    lacking: tuple[int, ...] = ()

    @property
    def met(self) -> bool:
        return self.service_reached and self.results_reached

    def awaited(self, day: date) -> tuple[int, ...]:
        """Return the decisive years that are not over yet."""
        return self.lacking if all(year >= day.year for year in self.lacking) else ()

    def word(self, day: date) -> str:
        """Return the state of the condition on a day."""
        if self.met:
            return "符合"
        awaited = self.awaited(day)
        return f"待{'、'.join(map(str, awaited))}年度考核" if awaited else "不符合"

    def missing(self, day: date) -> str:
        """Describe what is missing: years without a passing result, or years of service."""
        over = {year: f"{year}年度{result or '未考核'}" for year, result in self.years.items()}
        years = [f"{year}年度尚未考核" if year in self.awaited(day) else text for year, text in over.items()]
        service = "" if self.service_reached else f"自{self.serves_from}起服务年限不足，"
        return f"{service}{'、'.join(years)}"


def renewal_evidence(
    *, condition: RenewalCondition, end: date, hired_on: date, results: Mapping[int, Result]
) -> RenewalEvidence:
    """Judge the last assessed years before the end and the years of service (O 9: 3 and 3).

    The year of the end counts where it is complete, else the years before it.
    """
    newest = end.year if (end.month, end.day) == (12, 31) else end.year - 1
    years = {year: results.get(year) for year in range(newest - condition.consecutive_years + 1, newest + 1)}
    served = add_months(hired_on, condition.service_years * 12) <= end + ONE_DAY
    undecided = served and all(result is None or result in condition.passing for result in years.values())
    return RenewalEvidence(
        years=years,
        serves_from=hired_on,
        service_reached=served,
        results_reached=all(result in condition.passing for result in years.values()),
        lacking=tuple(year for year, result in years.items() if result is None) if undecided else (),
    )


def unmet(evidence: RenewalEvidence, clause: str, day: date) -> str:
    """Describe what is missing for renewal and what to do about it."""
    if evidence.awaited(day):
        return (
            f"{evidence.missing(day)}，还不能判断是否符合续聘条件（{clause}）。"
            "请在考核结果确定后续聘；现在就须续聘的，请写明理由。"
        )
    return f"{evidence.missing(day)}，不符合续聘条件（{clause}）。确需续聘的，请写明理由。"
