"""What a record may say only in the words of the policy in force: asked of every write about a person."""

from datetime import date

from django.db import models

from songshan_cw.policy import PolicyGap, policy_at
from songshan_cw.refusal import Refused
from workers.limits.leaving import reason_fault
from workers.models import Exit
from workers.selectors import street_of_worker


def require_stated(instance: models.Model, stored: models.Model | None, day: date) -> None:
    """A reason newly given is one the policy lists; what is stored already, from a workbook, may stay."""
    if not isinstance(instance, Exit) or (isinstance(stored, Exit) and stored.reason == instance.reason):
        return
    try:
        policy = policy_at(street_of_worker(instance.worker_id) or "", day)
    except PolicyGap:
        return  # no document in force has a list to choose from
    if fault := reason_fault(policy, instance.reason):
        raise Refused(fault)
