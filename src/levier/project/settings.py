"""Django's settings, all derived from the checked environment."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
from csp.constants import NONE, SELF

from levier.project.database import database_settings
from levier.project.environment import read_environment
from levier.project.logs import logging_settings
from levier.project.postgres.server import EmbeddedPostgres
from levier.project.secret import secret_key_in

django_stubs_ext.monkeypatch()  # ModelForm[Organisation] and the like, written at run time too

ENVIRONMENT = read_environment()
PACKAGE = Path(__file__).resolve().parent.parent

SECRET_KEY = ENVIRONMENT.secret_key or secret_key_in(ENVIRONMENT.data)
DEBUG = False
BASE_URL = ENVIRONMENT.base_url
ALLOWED_HOSTS = [str(urlsplit(BASE_URL).hostname), "127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CSRF_FAILURE_VIEW = "levier.faces.public.errors.csrf_failure"
HTTPS = BASE_URL.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django_htmx",
    "csp",
    "pgtrigger",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "levier",
    "levier.project",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",  # counts the bytes of what those below say
    "levier.project.middleware.say_what_is_not_allowed",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "levier.project.middleware.transaction_per_request",
]

ROOT_URLCONF = "levier.project.urls"
ASGI_APPLICATION = "levier.project.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "levier.foundation.common.template_filters",
            ],
        },
    }
]

DATABASES = {
    "default": database_settings(
        ENVIRONMENT.database_url or EmbeddedPostgres(ENVIRONMENT.data).url()
    )
}

AUTH_USER_MODEL = "levier.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/tableau-de-bord/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_ADAPTER = "levier.project.account_adapter.AccountAdapter"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
MFA_ADAPTER = "levier.project.account_adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Levier"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_TZ = True
HOSTED_BY = ENVIRONMENT.hosted_by
TIME_ZONE = ENVIRONMENT.time_zone
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = ENVIRONMENT.data / "static"
MEDIA_ROOT = ENVIRONMENT.data / "media"
MEDIA_URL = "/media/"
PRIVATE_ROOT = ENVIRONMENT.data / "private"  # files that nobody is served
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "cards": {  # Open Graph cards: shared by the processes of a machine, kept over a restart
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": ENVIRONMENT.data / "cards",
        "OPTIONS": {"MAX_ENTRIES": 500},
    },
    "documents": {  # posters, flyers, paper sheets: set once for the same words
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": ENVIRONMENT.data / "documents",
        "OPTIONS": {"MAX_ENTRIES": 300},
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
FILE_UPLOAD_MAX_MEMORY_SIZE = 8_388_608
FILE_UPLOAD_HANDLERS = [
    "levier.foundation.common.uploads.CappedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

EMAIL_URL = ENVIRONMENT.email_url
SMTP_CONNECTIONS = ENVIRONMENT.smtp_connections
SMTP_PER_MINUTE = ENVIRONMENT.smtp_per_minute
JOURNAL_ROOT = ENVIRONMENT.data / "journal"  # what left, on this machine's own disk
BOUNCE_DOMAIN = ENVIRONMENT.bounce_domain
BOUNCE_IMAP_URL = ENVIRONMENT.bounce_imap_url
DKIM_SELECTORS = ENVIRONMENT.dkim_selectors
MAIL_PROVIDER = ENVIRONMENT.mail_provider
MAIL_HOOK_SECRET = ENVIRONMENT.mail_hook_secret
MAILGUN_SIGNING_KEY = ENVIRONMENT.mailgun_signing_key
SENDGRID_PUBLIC_KEY = ENVIRONMENT.sendgrid_public_key
TRUSTED_PROXIES = ENVIRONMENT.trusted_proxies
RATE_LIMITS = ENVIRONMENT.rate_limits
DEMO = ENVIRONMENT.demo
METRICS = ENVIRONMENT.metrics

LOGGING = logging_settings(ENVIRONMENT.log_format)

PROCRASTINATE_IMPORT_PATHS = sorted(
    ".".join(path.with_suffix("").relative_to(PACKAGE.parent).parts)
    for path in (*PACKAGE.glob("*/*/tasks.py"), *PACKAGE.glob("*/*/tasks/[a-z]*.py"))
)
