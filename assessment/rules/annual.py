"""Annual assessment: total score and failing years (rules 8; S 二(四)4, 5; O 18, 23(二))."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from songshan_cw.policy.schema import FailingLimit
from songshan_cw.words.spans import Span
from songshan_cw.words.terms import Result

CENT = Decimal("0.01")
PARTS = 3


def total_score(
    *, everyday: Decimal, yearly: Decimal, satisfaction: Decimal, satisfaction_weight: Decimal | None
) -> Decimal:
    """Compute points out of 100. Without a weight in the policy all scores count alike (readings: SCORES_EQUAL)."""
    if satisfaction_weight is None:
        total = (everyday + yearly + satisfaction) / PARTS
    else:
        total = satisfaction * satisfaction_weight + (everyday + yearly) / 2 * (1 - satisfaction_weight)
    return total.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class FailingRun:
    """Consecutive failing years. ``same_term`` is None where no contract was entered."""

    years: tuple[int, ...]
    same_term: bool | None


def failing_run(results: Mapping[int, Result], contracts: Sequence[Span], limit: FailingLimit) -> FailingRun | None:
    """Return the newest run of failing years that permits dismissal, unless a new contract was signed since."""
    failed = sorted((year for year, result in results.items() if result is Result.FAILED), reverse=True)
    for newest in failed:
        years = tuple(range(newest - limit.years + 1, newest + 1))
        if not all(results.get(year) is Result.FAILED for year in years):
            continue
        if any(span.first > date(newest, 12, 31) for span in contracts):
            return None
        same_term = in_one_term(years, contracts)
        if limit.within_term and same_term is False:
            continue
        return FailingRun(years, same_term)
    return None


def in_one_term(years: Sequence[int], contracts: Sequence[Span]) -> bool | None:
    """Return whether the years' last days lie in one contract (readings: TERM_YEARS), or None without contracts."""
    if not contracts:
        return None
    return any(all(span.covers(date(year, 12, 31)) for year in years) for span in contracts)
