"""Django settings. What differs between places comes from the environment."""

import os
from datetime import timedelta

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.home import REPOSITORY, database_url, engine, home, in_production
from config.keys import LiveKeyring, key_path, load_keys
from config.sign_on import sign_on, sign_on_apps

DEBUG = False
PRODUCTION = in_production()
KEY_FILE = key_path()
_KEYS = load_keys()
SECRET_KEY = _KEYS.django
ALLOWED_HOSTS = os.environ.get("BANGFU_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("BANGFU_ORIGINS", "").split(",") if origin]
BEHIND_TLS = bool(CSRF_TRUSTED_ORIGINS)

INSTALLED_APPS = [
    "bangfu.ui",
    "bangfu.audit",
    "bangfu.intake",
    "bangfu.divisions",
    "bangfu.accounts",
    "bangfu.exports",
    "bangfu.people",
    "bangfu.employers",
    "bangfu.cases",
    "bangfu.placements",
    "bangfu.monitoring",
    "bangfu.bulletins",
    "bangfu.home",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "csp",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "bangfu.accounts.middleware.NoStore",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "bangfu.accounts.middleware.SessionLimits",
    "bangfu.accounts.middleware.Unfinished",
    "bangfu.accounts.middleware.SpecialSight",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "bangfu.home.context.shell",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "bangfu.ui.templatetags.ui"],
        },
    }
]


def _database(url: str) -> dict[str, object]:
    database = dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    if database["ENGINE"] == "django.db.backends.sqlite3":
        # WAL and immediate transactions: readers never wait, writers queue instead of failing (house.md 4).
        database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;"
            "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456;",
        }
    return database


DATABASES = {"default": _database(database_url())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
# ASVS 5.0, 6.2: long, not common, not of this place; no rules of composition, no expiry.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "office")},
    },
    {"NAME": "bangfu.accounts.passwords.ContextWords"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # opens older ones, which are hashed anew at the next sign-in
]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "home:worklist"
LOGOUT_REDIRECT_URL = "accounts:sign-in"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "accounts/locked.html"
AXES_VERBOSE = False
AXES_RESET_ON_SUCCESS = True
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address"]

# django-allauth carries the second factor and the provincial sign-on; users are made by administrators only.
ACCOUNT_ADAPTER = "bangfu.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_ADAPTER = "bangfu.accounts.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # steps of half a minute by which the clock of a telephone may be wrong
SOCIALACCOUNT_ADAPTER = "bangfu.accounts.adapters.SignOnAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_STORE_TOKENS = False
SIGN_ON = sign_on()  # the provincial sign-on (OpenID Connect): its address, or "" where there is none
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": sign_on_apps()}}
SECOND_FACTOR_DEMANDED = PRODUCTION or os.environ.get("BANGFU_SECOND_FACTOR") == "1"
IDLE_LIMIT = timedelta(minutes=30)
SESSION_LIMIT = timedelta(hours=8)
SPECIAL_ACCESS_HOURS = 3

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [REPOSITORY / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["config.formats"]
LANGUAGE_COOKIE_SAMESITE = "Lax"

STATIC_URL = "static/"
STATIC_ROOT = home() / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # a cookie would hold names
CSRF_FAILURE_VIEW = "bangfu.ui.errors.stale"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, *([SIGN_ON] if SIGN_ON else [])],
        "manifest-src": [SELF],
        "base-uri": [SELF],
        "frame-ancestors": [NONE],
    }
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# No value of a request, and so no person's data, reaches a log: only the level, the place and the code.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "config.logs.WithoutValues", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}

# ---- Bangfu's own settings: what the rooms may ask for, so that no room needs to know where things lie ----
KEYRING = LiveKeyring(KEY_FILE)
AUDIT_KEY = bytes.fromhex(_KEYS.audit)
FACTOR_KEY = bytes.fromhex(_KEYS.factor)
# The sealed columns of each room, each a tuple of bangfu.core.sealing.SealedColumn: what `bangfu keys` walks.
SEALED_COLUMNS = [
    "bangfu.intake.keeping.SEALED",
    "bangfu.people.identity.SEALED",
    "bangfu.employers.actions.SEALED",
    "bangfu.monitoring.feeds.SEALED",
    "bangfu.monitoring.feed_reviews.SEALED",
    "bangfu.monitoring.feed_memory.SEALED",
]
# What each room has to hand over when a user leaves: each a bangfu.accounts.handover.Handover.
HANDOVERS = ["bangfu.cases.handover.HANDOVER", "bangfu.cases.handover.PAIRINGS"]
# What is derived at once when facts of persons change: each a bangfu.people.watchers.Watcher.
FACT_WATCHERS = ["bangfu.monitoring.quality.judge_entry"]
LAKE = home() / "lake"
ENGINE = engine()  # what judges the night; pages ask DuckDB
RULES = REPOSITORY / "rules"
DATABASE_URL = database_url()
UPLOAD_LIMIT_BYTES = 64 * 1024 * 1024
# The kinds of ledger that may be imported, in the order of the menu: each a bangfu.intake.kinds.Kind.
INTAKE_KINDS = [
    "bangfu.people.importing.ROSTER",
    "bangfu.people.importing.FULL_ROSTER",
    "bangfu.people.household_ledger.HOUSEHOLD_LEDGER",
    "bangfu.people.work_ledgers.JOBS",
    "bangfu.people.work_ledgers.WORK_MONTHLY",
    "bangfu.people.work_ledgers.PUBLIC_POSTS",
    "bangfu.people.importing.EDITS",
    "bangfu.employers.importing.POSTS",
    "bangfu.people.statements.CATEGORY_LEDGER",
    "bangfu.people.statements.INCOME_LEDGER",
    "bangfu.people.statements.CERTIFICATE_LEDGER",
    "bangfu.people.statements.ACCOUNT_LEDGER",
    "bangfu.people.statements.TRAINING_ROSTER",
]
# The lists that may be taken out as files: each a bangfu.exports.lists.ExportList.
EXPORT_LISTS = [
    "bangfu.people.exporting.PEOPLE",
    "bangfu.home.exporting.WORKLIST",
    "bangfu.cases.exporting.CASES",
    "bangfu.monitoring.exporting.SIGNALS",
    "bangfu.monitoring.exporting.FINDINGS",
    "bangfu.monitoring.family_exporting.ZERO_FAMILIES",
    "bangfu.employers.exporting.POSTS",
]
EXPORTS = home() / "exports"
# Policy F10: "bulk export needs a second person". More persons than this in one file, or in the files that one user
# took alone within 24 hours, count as bulk; the figure is the programme's own, in force from the first release.
EXPORT_ALONE_PERSONS = 1000
EXPORT_AT_ONCE_ROWS = 5000  # more rows are made in the background
EXPORT_KEPT_DAYS = 7  # then the file is erased; its line in the list stays
