"""A fact that decides pay and comes from one hand: the bureau looks at it before it approves (rules 7.7)."""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from songshan_cw.words.terms import Term


class LookKind(Term):
    """What needs a second look."""

    PLACEMENT = "定级核定"
    EARLIER_MONTHS = "影响已审核月份"
    ACCOUNT = "银行账户变更"
    FIRST_WITH_ARREARS = "首次发放即有补发"
    SHARED = "与他人资料相同"
    TAKEN_IN = "新纳入体系"
    UNDOCUMENTED_POST = "岗位变动无文号"
    RISE = "较上月增加较多"
    OWN_WEIGHT = "个人权重"
    UNASSESSED = "未考核"
    BELOW_ZERO = "扣回"
    MONTHS_OPEN = "月份不全"
    NOT_READ = "负责人未阅"


class SecondLook(NamedTuple):
    """An entry for the bureau to check. ``amount`` is its effect in yuan, ``author`` and ``at`` its entry.

    ``key`` identifies the fact by its content. It holds no ID number, because pages show it.
    """

    key: str
    kind: LookKind
    street_code: str
    worker_id: int | None
    id_number: str
    name: str
    amount: Decimal
    message: str
    author: str = ""
    author_id: int | None = None
    at: datetime | None = None
    document: str = ""
