"""The product as an office runs it (no DEBUG), on this machine, on a working day that never changes.

The clock goes forward by a moment at every look, so that what happens later is later, and two runs are alike.
"""

import itertools
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

START = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
_looks = itertools.count()


def now() -> datetime:
    return START + timedelta(milliseconds=next(_looks))


# Before anything else is imported that would keep the real one.
timezone.now = now

from songshan_cw.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
