"""Check reasons and ways of hiring against the lists of the policy in force."""

from datetime import date

from django.db import models

from songshan_cw.data.refusal import Refused
from songshan_cw.policy import PolicyGap, policy_at
from workers.models import Exit, Hiring
from workers.rules.leaving import reason_fault
from workers.rules.recruitment import method_fault
from workers.selectors.places import street_of_worker


def require_stated(instance: models.Model, stored: models.Model | None, day: date) -> None:
    """Require a newly given reason or way to be in the policy's list. Stored ones may stay."""
    if isinstance(instance, Exit):
        said, told, fault_of = instance.reason, isinstance(stored, Exit) and stored.reason, reason_fault
    elif isinstance(instance, Hiring):
        said, told, fault_of = instance.method, isinstance(stored, Hiring) and stored.method, method_fault
    else:
        return
    if said == told:
        return
    try:
        policy = policy_at(street_of_worker(instance.worker_id) or "", day)
    except PolicyGap:
        return  # no document with a list is in force
    if fault := fault_of(policy, said):
        raise Refused(fault)
