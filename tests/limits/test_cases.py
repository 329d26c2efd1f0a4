"""Every worked case of tests/cases/policy by the rules and the policy in force (rules 8, 9)."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from assessment.rules.annual import failing_run, total_score
from assessment.rules.share import share_limit
from songshan_cw.policy import clause_note, policy_at
from songshan_cw.policy.schema import Policy
from songshan_cw.words.spans import Span, term_end
from songshan_cw.words.terms import Category, Education, Position, Result
from workers.rules.absence import Reached, running_limit, yearly_limit
from workers.rules.contract import due_notice, renewal_evidence
from workers.rules.leave import annual_leave_days
from workers.rules.recruitment import hiring_doubts, leaves_early, serves_at_least_until
from workers.rules.secondment import Away, first_day_too_long, first_day_too_many
from workers.rules.staffing import recommended
from workers.rules.training import Session, requirement_for, training_standing
from workers.selectors.calendar import is_working, national_days

FOLDER = Path(__file__).parent.parent / "cases" / "policy"
DAY = date(2022, 12, 31)
Case = dict[str, Any]
CASES: list[Case] = [
    case for path in sorted(FOLDER.glob("*.yaml")) for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


def span(row: Case) -> Span:
    return Span(row["from"], row["to"])


def share(case: Case, policy: Policy) -> Case:
    return {"excellent": share_limit(case["people"], policy.assessment.excellent_share.value)}


def score(case: Case, policy: Policy) -> Case:
    scores = {name: Decimal(case[name]) for name in ("everyday", "yearly", "satisfaction")}
    total = total_score(satisfaction_weight=policy.assessment.satisfaction_weight.value, **scores)
    return {"total": str(total)}


def failing(case: Case, policy: Policy) -> Case:
    results = {year: Result(result) for year, result in case["results"].items()}
    run = failing_run(results, [span(row) for row in case["contracts"]], policy.dismissal.failing.value)
    return {"years": list(run.years) if run else None}


def crowd(case: Case, policy: Policy) -> Case:
    away = [Away(str(number), span(row)) for number, row in enumerate([*case["away"], case["asked"]])]
    day = first_day_too_many(away, span(case["asked"]), policy.secondment.most_at_once.value)
    return {"too_many_on": day}


def length(case: Case, policy: Policy) -> Case:
    return {"too_long_from": first_day_too_long(span(case), policy.secondment.most_months.value)}


def term(case: Case, policy: Policy) -> Case:
    months = policy.contract.term_months.value[Category(case["category"])]
    return {"ends": term_end(case["from"], months)}


def notice(case: Case, policy: Policy) -> Case:
    return {"notice": due_notice(case["ends"], case["day"], policy.contract.due_days.value)}


def renewal(case: Case, policy: Policy) -> Case:
    results = {year: Result(result) for year, result in case["results"].items()}
    condition = policy.contract.renewal.value
    found = renewal_evidence(condition=condition, end=case["ends"], hired_on=case["hired"], results=results)
    return {"service": found.service_reached, "passed": found.results_reached}


def absence(case: Case, policy: Policy) -> Case:
    def told(reached: Reached | None) -> Case | None:
        return {"day": reached.on, "days": reached.days} if reached else None

    def working(day: date) -> bool:
        return is_working(day, national_days())

    spans, rules = [span(row) for row in case["absent"]], policy.dismissal
    return {
        "running": told(running_limit(spans, case["until"], rules.absence_running.value, working)),
        "yearly": told(yearly_limit(spans, case["until"], rules.absence_yearly.value, working)),
    }


def hiring(case: Case, policy: Policy) -> Case:
    category, hired_on = Category(case["category"]), case["hired"]
    doubts = hiring_doubts(
        policy=policy,
        category=category,
        born=case["born"],
        education=Education(case["education"]),
        hired_on=hired_on,
        method=case["method"],
    )
    until = serves_at_least_until(policy=policy, category=category, hired_on=hired_on)
    return {"doubts": len(list(doubts)), "until": until}


def leaving(case: Case, policy: Policy) -> Case:
    category = Category(case["category"])
    return {"early": bool(leaves_early(policy=policy, category=category, hired_on=case["hired"], left_on=case["left"]))}


def training(case: Case, policy: Policy) -> Case:
    requirement = requirement_for(Position(case["position"]), policy.training.yearly.value)
    sessions = [Session(span(row), Decimal(row["hours"]) if row.get("hours") else None) for row in case["attended"]]
    found = training_standing(sessions, requirement, case["year"])
    return {"done": str(found.done), "met": found.met}


def staffing(case: Case, policy: Policy) -> Case:
    found = recommended(case["households"], policy.staffing)
    return {"fewest": found.fewest, "most": found.most}


def leave(case: Case, policy: Policy) -> Case:
    return {"days": annual_leave_days(case["since"], case["day"], policy.leave.annual_days.value)}


KINDS: dict[str, Callable[[Case, Policy], Case]] = {
    "优秀名额": share,
    "总分": score,
    "连续不合格": failing,
    "借调人数": crowd,
    "借调期限": length,
    "聘期": term,
    "到期提醒": notice,
    "续聘": renewal,
    "旷工": absence,
    "录用": hiring,
    "提前离职": leaving,
    "培训": training,
    "人员配备": staffing,
    "年休假": leave,
}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: Case) -> None:
    assert KINDS[case["kind"]](case, policy_at(case["district"], DAY)) == case["expect"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_cited_clause_is_the_documents_own(case: Case) -> None:
    clause = case["cite"].removeprefix("第").replace("条", "")
    assert clause_note(policy_at(case["district"], DAY), clause) is not None


def test_every_kind_has_cases_and_names_are_unique() -> None:
    assert {case["kind"] for case in CASES} == set(KINDS)
    assert [name for name, times in Counter(case["name"] for case in CASES).items() if times > 1] == []
