"""Renew a contract under the policy's condition (rules 9.2; S 二(四)5; O 9)."""

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from assessment.selectors.contracts import evidence_at_renewal
from songshan_cw.data.refusal import Refused
from songshan_cw.policy import policy_at
from songshan_cw.words.spans import Span, term_end
from workers.models import Contract, User, Worker
from workers.rules.contract import contract_on, unmet
from workers.selectors.categories import category_of
from workers.services.amendment import Entry, amend_person


@transaction.atomic
def renew_contract(*, actor: User, worker: Worker, start: date, reason: str = "", at: datetime) -> Contract:
    """Sign a new contract for the category's term. An unmet condition needs a reason, which is recorded."""
    rules = policy_at(worker.standing.street_id, start).contract
    category = category_of(worker, start)
    months = rules.term_months.value.get(category)
    if months is None:
        raise Refused(f"{category}不在体系内，没有规定聘期，不能在这里续签。")
    contracts = [Span(row.start, row.end) for row in Contract.objects.filter(worker=worker)]
    before = contract_on(contracts, start)
    if before is None or before.last is None:
        raise Refused("没有可续签的合同：请先登记原合同及其终止日。")
    if start <= before.last:
        raise Refused(f"新合同应从{before.last}之后起，原合同到{before.last}才期满。")
    evidence = evidence_at_renewal(worker, start, rules.renewal.value)
    if not evidence.met and not reason.strip():
        raise Refused(unmet(evidence, rules.renewal.article, localdate(at)))
    contract = Contract(worker=worker, start=start, end=term_end(start, months))
    amend_person(actor=actor, worker=worker, saved=[Entry(contract)], reason=reason.strip() or "续签合同", at=at)
    return contract
