"""The second factor with an encrypted secret."""

import os

from django_otp.plugins.otp_totp.models import TOTPDevice

from songshan_cw.data.sealing import open_bytes, seal_bytes

SECRET_BYTES = 20


def new_secret() -> str:
    return seal_bytes(os.urandom(SECRET_BYTES))


class SecondFactor(TOTPDevice):
    """动态口令: the library's device with an encrypted ``key``."""

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "动态口令"

    @property
    def bin_key(self) -> bytes:
        return open_bytes(self.key)
