"""Settings. Whatever differs between installations comes from the environment (see README)."""

import os
import secrets
from datetime import timedelta
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static
from django.urls import reverse_lazy

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("VAR_DIR", BASE_DIR / "var"))


def flag(name: str, default: str = "0") -> bool:
    return os.environ.get(name, default).lower() in {"1", "true", "yes", "on"}


DEBUG = flag("DEBUG")


def local_secret() -> str:
    """Return a random key kept beside the local database, for when the environment names none."""
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    path = VAR_DIR / "secret_key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(64))
    return path.read_text()


SECRET_KEY = os.environ.get("SECRET_KEY") or local_secret()
# Django only warns of these (security.W009), and only when asked: a key that can be guessed signs any session.
if not DEBUG and (len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5 or SECRET_KEY.startswith("django-insecure-")):
    raise ImproperlyConfigured(
        "SECRET_KEY 太短或太简单，程序没有启动：须是50个以上字符的随机文字，不要用例子里的。"
        "没有设 SEALING_KEYS 的，换之前先设 SEALING_KEYS=k0:原来的SECRET_KEY（去掉逗号），否则读不出已加密的银行卡号。"
    )
SEALING_KEYS = os.environ.get("SEALING_KEYS", "")
ALLOWED_HOSTS = [host for host in os.environ.get("ALLOWED_HOSTS", "").split(",") if host]
if DEBUG and not ALLOWED_HOSTS:
    ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",  # without unfold's default site, which would replace our own
    "unfold.contrib.filters",
    "unfold.contrib.import_export",
    "import_export",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "songshan_cw.apps.SongshanAdminConfig",
    "songshan_cw.apps.SongshanConfig",
    "workers",
    "assessment",
    "payroll",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "songshan_cw.security.requests.add_headers",
    "csp.middleware.CSPMiddleware",
    "songshan_cw.security.requests.refuse_malformed",
    "songshan_cw.security.requests.refuse_oversized",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "songshan_cw.security.sessions.end_old_sessions",
    "songshan_cw.security.sessions.finish_sign_in_first",
    "songshan_cw.security.requests.answer_impossible_values",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "songshan_cw.urls"
WSGI_APPLICATION = "songshan_cw.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASE_URL = os.environ.get("DATABASE_URL", "")
if DATABASE_URL:
    DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=60, conn_health_checks=True)}
    if DATABASES["default"]["ENGINE"].endswith("postgresql"):
        # SSDs read single rows by index almost as fast as rows in order, and compiling a plan that runs once does not
        # pay. With the server's older defaults a list of ten thousand people read a million names.
        DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c random_page_cost=1.1 -c jit=off")
else:
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR_DIR / "songshan.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "".join(
                    f"PRAGMA {pragma};"
                    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "recursive_triggers=ON")
                ),
            },
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# A message is acknowledged when its work is committed, so that another worker repeats it after a crash. For Redis the
# timeout after which a worker counts as dead must exceed the longest part of a job.
CELERY_BROKER_URL = os.environ.get("CELERY_BROKER_URL", "")
CELERY_TASK_DEFAULT_QUEUE = os.environ.get("CELERY_QUEUE", "songshan")
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 1_000_000  # KiB; a child above it is replaced after its task
CELERY_TASK_TIME_LIMIT = int(os.environ.get("CELERY_TASK_SECONDS", "1800"))
IMPORT_SECONDS = int(os.environ.get("IMPORT_SECONDS", "900"))  # the longest time of a workbook in a worker
IMPORT_MEMORY = int(os.environ.get("IMPORT_MEMORY_MB", "2048")) * 2**20  # its largest address space
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
if CELERY_BROKER_URL.startswith("redis"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": int(os.environ.get("CELERY_VISIBILITY_SECONDS", "2400")),
        "unacked_restore_throttle": 1,  # look for the messages of dead workers every ten seconds
    }

AUTH_USER_MODEL = "workers.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# Passwords and sign-in follow the grade-protection standard (GB/T 22239, level 3) by default.
PASSWORD_MIN_LENGTH = int(os.environ.get("PASSWORD_MIN_LENGTH", "8"))
PASSWORD_KINDS = int(os.environ.get("PASSWORD_KINDS", "3"))
PASSWORD_MAX_AGE_DAYS = int(os.environ.get("PASSWORD_MAX_AGE_DAYS", "0" if DEBUG else "90"))
# Whether commands with --by act for that user; on the record either way (rules 10.7).
ACT_FOR_USERS = flag("ACT_FOR_USERS", "1" if DEBUG else "0")
REQUIRE_TOTP = flag("REQUIRE_TOTP", "0" if DEBUG else "1")
OTP_TOTP_ISSUER = "松山社区工作者管理"
DJANGO_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{DJANGO_VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{DJANGO_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": PASSWORD_MIN_LENGTH}},
    {"NAME": f"{DJANGO_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{DJANGO_VALIDATION}.NumericPasswordValidator"},
    {"NAME": "songshan_cw.security.passwords.KindsValidator", "OPTIONS": {"kinds": PASSWORD_KINDS}},
    {"NAME": "songshan_cw.security.passwords.DifferentValidator"},
]
# Failures make a user wait at an address, longer each time; see workers/rules/waiting.py.
# Trust addresses reported by our own proxies only (by default one on this machine).
TRUSTED_PROXIES = [proxy for proxy in os.environ.get("TRUSTED_PROXIES", "127.0.0.1,::1").split(",") if proxy]
LOGIN_FAILURES = int(os.environ.get("LOGIN_FAILURES", "5"))  # before the first wait
LOGIN_LONGEST_WAIT = timedelta(minutes=int(os.environ.get("LOGIN_LOCK_MINUTES", "60")))
LOGIN_CHECKS_AT_ONCE = int(os.environ.get("LOGIN_CHECKS_AT_ONCE", "2"))  # of one process: a password check is costly
AXES_HANDLER = "workers.services.sign_ins.WaitingHandler"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # a try refused while waiting checks no password
AXES_CLIENT_IP_CALLABLE = "songshan_cw.security.signing_in.client_address"
AXES_LOCKOUT_CALLABLE = "songshan_cw.security.signing_in.locked_out"
AXES_ENABLE_ADMIN = False
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False
LOCALE_PATHS = [BASE_DIR / "songshan_cw" / "locale"]
FORMAT_MODULE_PATH = ["songshan_cw.formats"]

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "songshan_cw" / "static"]
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "workers.services.session_store"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 8 * 3600
SESSION_IDLE_SECONDS = int(os.environ.get("SESSION_IDLE_MINUTES", "30")) * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
BEHIND_TLS = flag("BEHIND_TLS", "0" if DEBUG else "1")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = BEHIND_TLS
if BEHIND_TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True

# Alpine, which the theme is built on, evaluates expressions and sets styles; nothing else is looser than 'self'.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, UNSAFE_EVAL],
        "style-src": [SELF, UNSAFE_INLINE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

UNFOLD = {
    "SITE_TITLE": "松山社区工作者管理",
    "SITE_HEADER": "松山社区工作者管理",
    "SITE_SYMBOL": "diversity_3",
    "SITE_URL": None,
    "LOGIN": {"form": "songshan_cw.security.signing_in.SignInForm"},
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda request: static("songshan/icon.svg"),
        }
    ],
    "STYLES": [lambda request: static("songshan/admin.css")],
    "SCRIPTS": [lambda request: static("songshan/labels.js")],
    "ACCOUNT": {"navigation": [{"title": "我的登录", "link": reverse_lazy("admin:sessions")}]},
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": True,
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": "songshan_cw.site.navigation.navigation",
    },
    "COLORS": {
        "primary": {
            "50": "#fef2f2",
            "100": "#fee2e2",
            "200": "#fecaca",
            "300": "#fca5a5",
            "400": "#f87171",
            "500": "#dc2626",
            "600": "#b91c1c",
            "700": "#991b1b",
            "800": "#7f1d1d",
            "900": "#691818",
            "950": "#450a0a",
        }
    },
}

FORMULA_PREFIXES = "=+-@\t\r＝＋－＠"
UPLOAD_BYTES = 20 * 1024 * 1024
UPLOAD_DIR = VAR_DIR / "uploads"  # uploads that are not confirmed; no address of the site serves them
UPLOAD_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
FILE_UPLOAD_TEMP_DIR = UPLOAD_DIR
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_NUMBER_FIELDS = 50_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "songshan_cw.security.masking.MaskingFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "axes": {"level": "WARNING"},
    },
}
DEFAULT_EXCEPTION_REPORTER = "songshan_cw.security.masking.MaskingReporter"
