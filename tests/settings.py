"""The product's settings, with what only slows tests or needs TLS taken out."""

from songshan_cw.settings import *  # noqa: F403

SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# It warns where no static files are collected, and warnings are errors here.
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]  # noqa: F405

# Signing in is tested in tests/security; everywhere else a session is simply there.
AXES_ENABLED = False
REQUIRE_TOTP = False

# Commands act for the users of a test; tests/payroll/test_two_hands.py takes it away.
ACT_FOR_USERS = True
