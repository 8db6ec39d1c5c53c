"""Django settings, derived from the process settings in `core.config`."""

from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from pulsescore.connectors.intercom.addresses import WEB_URLS
from pulsescore.core import config as process_config
from pulsescore.core import logs
from pulsescore.core.mail_url import mail_settings

CONFIG = process_config.load()
# Django's own set-up would add handlers beside ours.
LOGGING_CONFIG = None
logs.configure(log_format=CONFIG.log_format, level=CONFIG.log_level)
PACKAGE = Path(__file__).resolve().parent

_secret_keys = [key.strip() for key in CONFIG.secret_key.split(",") if key.strip()]
SECRET_KEY = _secret_keys[0] if _secret_keys else ""
SECRET_KEY_FALLBACKS = _secret_keys[1:]
DEBUG = CONFIG.debug
PUBLIC_URL = CONFIG.public_url
ALLOWED_HOSTS = ["*"]
SECURE_COOKIES = CONFIG.public_url.startswith("https://")

INSTALLED_APPS = [
    "pulsescore.core",
    "pulsescore.accounts",
    "pulsescore.store",
    "pulsescore.ingest",
    "pulsescore.scoring",
    "pulsescore.segments",
    "pulsescore.alerts",
    "pulsescore.delivery",
    "pulsescore.connectors.intercom",
    "pulsescore.connectors.intercom.outbound",
    "pulsescore.connectors.email",
    "pulsescore.pipeline",
    "pulsescore.api",
    "pulsescore.cli",
    "pulsescore.web",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_cotton",
    "django_htmx",
    "lucide",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
]

MIDDLEWARE = [
    "pulsescore.core.request_ids.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "pulsescore.web.static_files.StaticMiddleware",
    "csp.middleware.CSPMiddleware",
    "pulsescore.web.shell.status.StatusMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "pulsescore.web.middleware.MemberMiddleware",
    "pulsescore.web.accounts.tracking.ActivityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pulsescore.api.gate.ApiGate",
]

ROOT_URLCONF = "pulsescore.urls"
ASGI_APPLICATION = "pulsescore.asgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Each area of the web keeps its templates beside its views.
        "DIRS": [PACKAGE / "web" / "templates", *sorted((PACKAGE / "web").glob("*/templates"))],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "pulsescore.web.context.shell",
            ],
        },
    }
]


def _database(conninfo: str, pool_size: int) -> dict[str, Any]:
    parts = conninfo_to_dict(conninfo)
    known = {key: str(parts.pop(key, "")) for key in ("dbname", "user", "password", "host", "port")}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": known["dbname"],
        "USER": known["user"],
        "PASSWORD": known["password"],
        "HOST": known["host"],
        "PORT": known["port"],
        # Each request has a thread of its own: connections are kept in a pool, not by thread.
        "OPTIONS": {**parts, "pool": _pool(pool_size)},
        "CONN_MAX_AGE": 0 if pool_size else 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _pool(size: int) -> dict[str, int] | None:
    return {"min_size": 1, "max_size": size, "timeout": 10} if size else None


DATABASES = {"default": _database(CONFIG.database_url, CONFIG.database_pool)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache",
    }
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/login"
LOGIN_REDIRECT_URL = "/"
CSRF_FAILURE_VIEW = "pulsescore.web.shell.errors.form_expired"

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_TRUSTED_ORIGINS = [CONFIG.public_url]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

INTERCOM_PAGES = [CONFIG.intercom_oauth_url] if CONFIG.intercom_oauth_url else [*WEB_URLS.values()]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "https:", "data:"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        # Connecting leaves by a form that is redirected to Intercom's permission page.
        "form-action": ["'self'", *INTERCOM_PAGES],
        "frame-ancestors": ["'none'"],
    }
}

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

STATIC_URL = "/static/"
STATIC_ROOT = CONFIG.data_dir / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "pulsescore.web.static_files.StaticStorage"},
}
# Files that were not laid out (tests, development) are served from where they are installed.
WHITENOISE_USE_FINDERS = True
vars().update(mail_settings(CONFIG.smtp_url))
DEFAULT_FROM_EMAIL = CONFIG.mail_from

ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
MFA_ADAPTER = "pulsescore.accounts.two_step.sealing.SealingAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]

# Tasks are declared in `pipeline.tasks`; finished jobs leave no rows behind.
PROCRASTINATE_WORKER_DEFAULTS = {"delete_jobs": "successful", "shutdown_graceful_timeout": 8.0}
