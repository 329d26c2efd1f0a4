"""人民币大写, as the central bank's rules for filling in vouchers (支付结算办法，附一) spell it."""

from decimal import Decimal

import cn2an

from songshan_cw.words.money import yuan


def capital_yuan(amount: Decimal) -> str:
    """``人民币壹仟元整``; quantized first because the library truncates; a negative amount begins with 负."""
    exact = yuan(amount)
    sign = "负" if exact < 0 else ""
    return f"人民币{sign}{cn2an.an2cn(format(abs(exact), 'f'), 'rmb')}"
