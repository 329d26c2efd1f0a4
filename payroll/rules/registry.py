"""The rule of each component of pay: one row beside its row in ``songshan_cw/words/components.py``.

A further component needs a row there, a row here with its functions, and a worked case; nothing else names it.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import NamedTuple

from payroll.rules.arithmetic import Computed, accrual_told, allowance_told, base_told
from payroll.rules.pay import Situation, allowance, base_pay, performance_accrual
from payroll.rules.reasons import FrozenMonth, Reason, Setting, allowance_reasons, base_reasons
from songshan_cw.policy.schema import PayRules
from songshan_cw.words.terms import Component

Reasons = Callable[[FrozenMonth, FrozenMonth, Setting], Iterator[Reason]]


class Rule(NamedTuple):
    """``amount``: yuan of a paid month. ``clause``: what it rests on. ``told``: its arithmetic in words.

    ``reasons``: why it differs from last month's; None where a change needs no reason of its own.
    """

    amount: Callable[[Situation], Decimal]
    clause: Callable[[PayRules], str]
    told: Callable[[Computed], str]
    reasons: Reasons | None = None


RULES: dict[str, Rule] = {
    Component.BASE: Rule(base_pay, lambda rules: rules.base_share.clause, base_told, base_reasons),
    Component.ALLOWANCE: Rule(allowance, lambda rules: rules.allowances.clause, allowance_told, allowance_reasons),
    Component.PERFORMANCE: Rule(performance_accrual, lambda rules: rules.performance_share.clause, accrual_told),
}
