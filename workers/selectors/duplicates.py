"""Find people who may be one, or who share what belongs to one."""

from typing import Any

from songshan_cw.data.sealing import lookups_of
from workers.models import Worker
from workers.selectors.scope import visible


def shared_account_notice(user: Any, worker: Worker) -> str:
    """Name the people in the user's scope with the same bank account. Empty where there are none."""
    others = Worker.objects.filter(account_lookup__in=lookups_of(worker.bank_account)).exclude(pk=worker.pk)
    count = others.count()
    if not count:
        return ""
    names = list(visible(others, user).order_by("pk").values_list("name", flat=True)[:3])
    who = "、".join(names) + ("等" if count > len(names) and names else "") if names else "其他街道的人"
    return f"{worker.name}的银行卡号与{who}（共{count}人）的相同，请核对是否填错；确实共用的不用改。"
