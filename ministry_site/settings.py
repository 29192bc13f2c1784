"""
Settings, read from the environment. docs/operations.md lists every variable.

The defaults run on SQLite, below DATA_DIR, with DEBUG off.
"""

import os
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from ministry_site.environment import (
    Network,
    bucket,
    contact,
    database,
    day,
    flag,
    folder,
    hosts,
    key,
    keys,
    networks,
    number,
    origin,
    origin_beside,
    range_service,
    read,
    review_days,
    scanner,
    secret_key,
)
from ministry_site.logs import JSON, TEXT, log_file, log_format, logging_config
from ministry_site.publisher import PUBLISHER_OF_SAMPLE, Publisher, publisher
from ministry_site.services import (
    NO_MAIL,
    OWN_MEMORY,
    cache,
    mail,
    mail_address,
    send_errors_to,
    sentry_dsn,
)

os.umask(0o077)  # only the owner reads what the site writes
BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = folder("DATA_DIR", BASE_DIR / "var")

DEBUG = flag("DEBUG", default=False)
HTTPS = flag("HTTPS", default=False)
SITE_ORIGIN = read(
    "SITE_ORIGIN", "", parse=origin, expected="https://www.example.go.jp の形のアドレス"
)
SECURITY_CONTACT = read(
    "SECURITY_CONTACT",
    "",
    parse=contact,
    expected="https:// か mailto: か tel: で始まる連絡先",
)
SECURITY_TXT_EXPIRES = read(
    "SECURITY_TXT_EXPIRES", date(2027, 9, 30), parse=day, expected="2027-09-30 の形の日付"
)
SECRET_KEY = read("SECRET_KEY", "", parse=key, expected="32文字以上の無作為な文字列") or secret_key(
    DATA_DIR
)
SECRET_KEY_FALLBACKS: list[str] = read(
    "SECRET_KEY_FALLBACKS", [], parse=keys, expected="コンマで区切った、32文字以上の前の鍵"
)
ALLOWED_HOSTS = read(
    "ALLOWED_HOSTS",
    ["localhost", "127.0.0.1", "[::1]"],
    parse=hosts,
    expected="https:// やポートを付けずに、コンマで区切ったホスト名（www.example.go.jp）",
)
TRUSTED_PROXIES = number("TRUSTED_PROXIES", 0, 0, 9)
SESSION_HOURS = number("SESSION_HOURS", 10, 1, 24)
IDLE_MINUTES = number("IDLE_MINUTES", 60, 1, 1440)
SEAL_HOURS = number("SEAL_HOURS", 72, 1, 720)
# How often a minute, from one address or by one officer; 0 is without a limit.
SEARCH_RATE = number("SEARCH_RATE", 300, 0, 100_000)
SUGGESTION_RATE = number("SUGGESTION_RATE", 1200, 0, 100_000)
PREVIEW_RATE = number("PREVIEW_RATE", 300, 0, 100_000)
FORM_RATE = number("FORM_RATE", 300, 0, 100_000)
# Threads and time limits in seconds (docs/adr/0027, docs/operations.md).
THREADS = number("THREADS", 2, 1, 64)
# Of bodies that were rendered once, in each process (docs/adr/0067); 0: none is kept.
RENDERED_MEGABYTES = number("RENDERED_MEGABYTES", 32, 0, 4_096)
QUEUE_SECONDS = number("QUEUE_SECONDS", 5, 1, 60)
DATABASE_SECONDS = number("DATABASE_SECONDS", 5, 1, 60)
LOCK_SECONDS = number("LOCK_SECONDS", 5, 1, 60)
STORAGE_SECONDS = number("STORAGE_SECONDS", 5, 1, 60)
BODY_SECONDS = number("BODY_SECONDS", 20, 1, 600)
BODY_RATE = 8 * 1024  # bytes a second, after BODY_SECONDS
RETRY_SECONDS = 10  # what Retry-After says
DISK_MEGABYTES = number(
    "DISK_MEGABYTES", 256, 1, 1_000_000
)  # of free disk, below which readyz warns
MEDIA_ORIGIN = read(
    "MEDIA_ORIGIN",
    "",
    parse=origin_beside(ALLOWED_HOSTS),
    expected="https://files.example.go.jp の形の、ALLOWED_HOSTS のどれとも違うホストのアドレス",
)
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HTTPS else []
if MEDIA_ORIGIN:
    ALLOWED_HOSTS.append(urlsplit(MEDIA_ORIGIN).hostname or "")

INSTALLED_APPS = [
    # Before our app, which unregisters their model admins: those show secrets.
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "bureaus",
    "treebeard",
    "csp",
    "ministry_site.apps.MinistryAdminConfig",
    "django_prose_editor",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "axes",
    "bureaus.login",  # after axes, whose receivers mark a locked-out request
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

# The first four add headers to static files and refusals too, so they are outside WhiteNoise.
# Compression is outside the conditional answer: it adds random bytes, and the ETag has to be that
# of the page without them.
MIDDLEWARE = [
    "bureaus.middleware.IsolationMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "bureaus.middleware.PolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "bureaus.middleware.MediaHostMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "bureaus.middleware.RefusalMiddleware",
    "bureaus.middleware.CompressionMiddleware",
    "bureaus.middleware.ConditionalMiddleware",
    "bureaus.login.officer_middleware.OfficerSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "ministry_site.middleware.UserKeyMiddleware",
    "bureaus.login.officer_middleware.OfficerAuthenticationMiddleware",
    "bureaus.login.officer_middleware.OfficerOTPMiddleware",
    "bureaus.middleware.BodyLimitMiddleware",
    "bureaus.login.officer_middleware.OfficerMessageMiddleware",
    "bureaus.login.edit_link_hint.EditLinkHintMiddleware",
    "bureaus.login.middleware.SecurityLogMiddleware",
    "bureaus.login.middleware.FormRateMiddleware",
    "bureaus.login.middleware.SessionLimitsMiddleware",
    "bureaus.login.middleware.SecondFactorMiddleware",
    "bureaus.middleware.ErrorPageMiddleware",
    "axes.middleware.AxesMiddleware",  # innermost: its page replaces that of the login
]

ROOT_URLCONF = "ministry_site.urls"
WSGI_APPLICATION = "ministry_site.wsgi.application"
APPEND_SLASH = False  # bureaus.views redirects former and misspelt addresses

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

PREPARED_STATEMENTS = flag("PREPARED_STATEMENTS", default=True)
DATABASES: dict[str, dict[str, Any]] = {
    "default": read(
        "DATABASE_URL",
        {"ENGINE": "django.db.backends.sqlite3", "NAME": str(DATA_DIR / "site.sqlite3")},
        parse=database,
        expected="postgres://… か sqlite:///… の形の番地",
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE: a writer waits at BEGIN (docs/adr/0003). No mmap: each connection would map the
    # file separately (docs/adr/0027).
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
        " PRAGMA foreign_keys=ON",
    }
    DATABASES["default"]["CONN_MAX_AGE"] = None
else:
    # A server that has gone is an error after seconds, not a page that hangs; for one that accepts
    # connections and does not answer there is ministry_site.serving.time_limits.
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": DATABASE_SECONDS,
        "tcp_user_timeout": DATABASE_SECONDS * 2_000,  # ms
        "keepalives_idle": 30,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        # Executions of a public statement before a connection prepares it (docs/adr/0025).
        "prepare_threshold": 2 if PREPARED_STATEMENTS else None,
        **DATABASES["default"].get("OPTIONS", {}),
    }
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

PUBLISHER = publisher()
# On: an empty database gets the sample, and each page says so. Any setting of a production site
# turns it off, unless the operator says otherwise. SAMPLE_SITE is its earlier name.
SAMPLE = flag(
    "SAMPLE",
    default=flag(
        "SAMPLE_SITE",
        default=DATABASES["default"]["ENGINE"].endswith("sqlite3")
        and not (HTTPS or SITE_ORIGIN or Publisher() != PUBLISHER),
    ),
)
if SAMPLE and Publisher() == PUBLISHER:
    PUBLISHER = PUBLISHER_OF_SAMPLE
SECOND_FACTOR = flag("SECOND_FACTOR", default=not SAMPLE)  # of every officer

CACHES = {
    "default": read(
        "CACHE_URL",
        OWN_MEMORY,
        parse=cache,
        expected="redis://:パスワード@ホスト:6379/0 か locmemcache:// の形の番地",
    )
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": name}
    for name in (
        "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "django.contrib.auth.password_validation.MinimumLengthValidator",
        "bureaus.login.passwords.MaximumLengthValidator",
        "bureaus.login.passwords.CommonWordValidator",
        "bureaus.login.passwords.ContextWordValidator",
        "bureaus.login.passwords.BreachedPasswordValidator",
        "django.contrib.auth.password_validation.NumericPasswordValidator",
    )
]
BREACHED_PASSWORDS = read(
    "BREACHED_PASSWORDS", "", parse=range_service, expected="https:// で始まり / で終わるアドレス"
)

PASSWORD_HASHERS = [
    "ministry_site.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # until the account logs in again
]

# Logging in (docs/adr/0013). The first backend refuses before the second hashes a password.
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
LOGIN_URL = "/admin/login/"
LOGIN_REDIRECT_URL = "/admin/"
AXES_HANDLER = "bureaus.login.limits.Limiter"
AXES_CLIENT_IP_CALLABLE = "bureaus.security.addresses.client_address"
AXES_LOCKOUT_CALLABLE = "bureaus.login.limits.locked_out"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "ip_address"]  # as Limiter reads them
AXES_FAILURE_LIMIT = 5
NAMES_OF_AN_ADDRESS = 10  # times the limit from one address, which all of a ministry may share
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the time on the page stays true
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False  # docs/operations.md has the commands
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60  # seconds: validity of an invitation
SHARED_PREVIEWS_LAST = timedelta(days=7)  # validity of a signed link to a draft
OTP_TOTP_ISSUER = f"{PUBLISHER.name} サイトの管理".lstrip()

LANGUAGE_CODE = "ja"
LOCALE_PATHS = [BASE_DIR / "ministry_site" / "locale"]  # translations that the libraries lack
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
if os.environ.get("STATIC_FOLDER"):
    STATIC_ROOT = folder("STATIC_FOLDER", STATIC_ROOT)
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_ROOT = BASE_DIR / "public"  # files at the root, such as /favicon.ico
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000  # a draft with all its rows has 1,100, file fields included
MEDIA_URL = f"{MEDIA_ORIGIN}/media/"
MEDIA_ROOT = DATA_DIR / "media"
CLAMD = read(
    "CLAMD",
    "",
    parse=scanner,
    expected="unix:/run/clamav/clamd.ctl か tcp://ホスト:3310 の形の番地",
)
CLAMD_MEGABYTES = number("CLAMD_MEGABYTES", 25, 1, 4000)  # the daemon's MaxFileSize
CLAMD_SECONDS = number("CLAMD_SECONDS", 30, 1, 600)  # for each step of a scan
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700
FIXTURE_DIRS = [BASE_DIR / "fixtures"]
STORAGES = {
    "default": read(
        "MEDIA_STORAGE",
        {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        parse=partial(bucket, seconds=STORAGE_SECONDS),
        expected="s3://バケット/フォルダー?endpoint=https://…&region=… の形の番地",
    ),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "ministry_site.static_files.StaticFiles"
    },
}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Largest body of a request, and of an officer's request with files (docs/operations.md).
BODY_BYTES = 4 * 1024**2
UPLOAD_BYTES = 200 * 1024**2
DATA_UPLOAD_MAX_NUMBER_FILES = 100  # twenty are accepted; up to here a sentence refuses more

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, MEDIA_ORIGIN] if MEDIA_ORIGIN else [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_ENGINE = "bureaus.login.sessions"
# A browser accepts a cookie named __Host- from this host only, over TLS.
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = SESSION_HOURS * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_SSL_HOST = urlsplit(SITE_ORIGIN).netloc or None  # else the Host of the request, port and all
SECURE_REDIRECT_EXEMPT = [
    r"^(?:healthz|livez|metrics|readyz)$"
]  # requested from inside, without TLS
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 63_072_000  # two years, as browsers' preload lists require
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True

# After how many days the text of a page is due for a review, by kind; 0: never. News never is.
REVIEW_DAYS: dict[str, int] = read(
    "REVIEW_DAYS",
    review_days("365"),
    parse=review_days,
    expected="365 か、organisation=182,page=365 の形の日数（0〜3650）",
)

LOG_FORMAT = read("LOG_FORMAT", TEXT, parse=log_format, expected="text か json ")
LOGGING = logging_config(
    LOG_FORMAT,
    access=flag("ACCESS_LOG", default=LOG_FORMAT == JSON),
    security=read(
        "SECURITY_LOG", "", parse=log_file, expected="書き込めるフォルダーの中のファイルの場所"
    ),
)
METRICS_FROM: list[Network] = read(
    "METRICS_FROM", [], parse=networks, expected="コンマで区切ったアドレス（127.0.0.1,10.0.0.0/8）"
)

# EMAIL_BACKEND, EMAIL_HOST and the others of Django
globals().update(
    read(
        "EMAIL_URL",
        NO_MAIL,
        parse=mail,
        expected="smtp+tls://利用者:パスワード@ホスト:587 の形の番地",
    )
)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = read(
    "EMAIL_FROM", "webmaster@localhost", parse=mail_address, expected="メールアドレス"
)
SENTRY_DSN = read(
    "SENTRY_DSN", "", parse=sentry_dsn, expected="Sentry の DSN（https://鍵@ホスト/番号）"
)
if SENTRY_DSN:
    send_errors_to(SENTRY_DSN)
