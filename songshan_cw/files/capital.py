"""人民币大写 by the central bank's rules for vouchers (支付结算办法，附一)."""

from decimal import Decimal

import cn2an

from songshan_cw.words.money import yuan


def capital_yuan(amount: Decimal) -> str:
    """Write ``人民币壹仟元整``. Round first, because the library truncates. Negative amounts begin with 负."""
    exact = yuan(amount)
    sign = "负" if exact < 0 else ""
    return f"人民币{sign}{cn2an.an2cn(format(abs(exact), 'f'), 'rmb')}"
