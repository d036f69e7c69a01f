"""Every setting, read from the environment, with a default that runs on SQLite and files alone.

A `.env` file beside manage.py is read when it exists. docs/operations.md lists the variables. What Celery reads stands in
`settings_celery`.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from concours.environment import BASE_DIR, VAR_DIR, database, env, secret_key
from concours.settings_celery import *  # noqa: F403
from concours.settings_celery import CELERY_BROKER_URL

# Who was forgotten, kept outside the database; see docs/operations.md, Backup and restore.
FORGOTTEN_LEDGER = VAR_DIR / "forgotten.jsonl"
DEBUG = env.bool("DEBUG", default=False)
# True where script/server runs everything on one machine; production sets SECRET_KEY and leaves it off.
EMBEDDED = env.bool("CONCOURS_EMBEDDED", default=False)


SECRET_KEY = secret_key()
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Where links in mails and webhook addresses point.
PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")

INSTALLED_APPS = [
    "concours",
    "providers",
    "appointments",
    "capture",
    "communities",
    "courses",
    "affiliates",
    "commerce",
    "pipelines",
    "conversations",
    "contacts",
    "triggers",
    "concours.admin_app.ConcoursAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_celery_beat",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "concours.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "triggers.middleware.RequestContextMiddleware",
    "concours.local_time.OrganisationTimeMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "concours.urls"
WSGI_APPLICATION = "concours.wsgi.application"
# Widgets are drawn with the same templates as pages, so that ours stand in for Django's.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
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


DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "admin:login"

# The organisation's language: of what is stored, and for readers whose own is not among these.
LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="en")
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_I18N = True
FORMAT_MODULE_PATH = ["concours.formats"]
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
MEDIA_ROOT = VAR_DIR / "media"
# whitenoise serves straight from the apps' static folders where collectstatic has not run.
WHITENOISE_USE_FINDERS = env.bool("WHITENOISE_USE_FINDERS", default=True)

# E-mail. The default keeps every mail in a mailbox that staff open in the admin; EMAIL_URL
# (smtp://user:password@host:587) sends for real.
EMAIL_BACKEND = "conversations.mailbox.MailboxBackend"
if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Concours <hello@example.org>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "triggers.api.keys.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["triggers.api.keys.HasScope"],
    "DEFAULT_PAGINATION_CLASS": "triggers.api.pagination.Pagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["triggers.api.parsers.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "triggers.api.problems.exception_handler",
    "DEFAULT_THROTTLE_CLASSES": ["triggers.api.keys.KeyThrottle"],
    "DEFAULT_THROTTLE_RATES": {"api": env.str("API_RATE", default="600/min")},
    "NUM_PROXIES": env.int("NUM_PROXIES", default=0),
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Concours API",
    "DESCRIPTION": "Contacts, workflows, events and runs of a Concours installation.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "ContactChannelEnum": "contacts.models.Contact.Channel",
        "DndDirectionEnum": "contacts.models.DndChange.Direction",
        "LeadStatusEnum": "contacts.models.Contact.LeadStatus",
        "TrackKindEnum": "pipelines.models.Track.Kind",
        "MessageChannelEnum": "conversations.models.Message.Channel",
        "AppointmentStatusEnum": "appointments.models.Appointment.Status",
        "OpportunityStatusEnum": "pipelines.models.Opportunity.Status",
    },
}

# The engine.
CONCOURS_LEASE_SECONDS = 60
CONCOURS_MAX_DEPTH = 8
CONCOURS_RUN_BUDGET = 200
CONCOURS_RATE_PER_CONTACT = env.int("CONCOURS_RATE_PER_CONTACT", default=60)
CONCOURS_AUTO_PAUSE_AFTER = 20
# The largest file of contacts that is taken, in megabytes.
CONCOURS_IMPORT_MAX_MB = env.int("CONCOURS_IMPORT_MAX_MB", default=50)
# Mail to somebody without an address waits so many days for one.
CONCOURS_HOLD_MAIL_DAYS = env.int("CONCOURS_HOLD_MAIL_DAYS", default=3)
# A video counts as watched from this share on.
CONCOURS_WATCHED_PERCENT = env.int("CONCOURS_WATCHED_PERCENT", default=90)
# The link to a lead's own page is good for so many days after it was made.
CONCOURS_JOURNEY_LINK_DAYS = env.int("CONCOURS_JOURNEY_LINK_DAYS", default=90)
# A link that signs a member in to the courses is good for so many minutes, once.
CONCOURS_LOGIN_LINK_MINUTES = env.int("CONCOURS_LOGIN_LINK_MINUTES", default=30)
# Outgoing requests made for staff: plain http and further ports are refused unless named here.
OUTGOING_ALLOW_HTTP = env.bool("OUTGOING_ALLOW_HTTP", default=False)
OUTGOING_PORTS: list[int] = [int(port) for port in env.list("OUTGOING_PORTS", default=["443", "8443"])]
# Where the networks are asked for the answers of lead forms.
META_GRAPH_URL = env.str("META_GRAPH_URL", default="https://graph.facebook.com/v26.0").rstrip("/")
TIKTOK_API_URL = env.str("TIKTOK_API_URL", default="https://business-api.tiktok.com").rstrip("/")
DROPBOX_SIGN_API_URL = env.str("DROPBOX_SIGN_API_URL", default="https://api.hellosign.com").rstrip("/")
LINKEDIN_API_URL = env.str("LINKEDIN_API_URL", default="https://api.linkedin.com").rstrip("/")
# Where customers are charged.
STRIPE_API_URL = env.str("STRIPE_API_URL", default="https://api.stripe.com").rstrip("/")
# Where text messages are handed over.
TWILIO_API_URL = env.str("TWILIO_API_URL", default="https://api.twilio.com").rstrip("/")
TWILIO_LOOKUP_URL = env.str("TWILIO_LOOKUP_URL", default="https://lookups.twilio.com").rstrip("/")
# Only for tests against a receiver on the same machine.
OUTGOING_ALLOW_LOOPBACK = env.bool("OUTGOING_ALLOW_LOOPBACK", default=False)
# Mail servers that staff may have asked although they stand in a private network.
IMAP_PRIVATE_HOSTS: list[str] = env.list("IMAP_PRIVATE_HOSTS", default=[])

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 100_000}}}
if CELERY_BROKER_URL.startswith("redis"):
    CACHES["default"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": CELERY_BROKER_URL,
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }

X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
HTTPS_ONLY = env.bool("HTTPS_ONLY", default=not (DEBUG or EMBEDDED or PUBLIC_URL.startswith("http://")))
if HTTPS_ONLY:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# A workflow of 200 actions is a form of some thousand fields.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}

# Prometheus sends it as a bearer token; without it only staff read /metrics.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

# False where nothing shall be sent to a broker: the suite drains by itself.
CONCOURS_POKE = env.bool("CONCOURS_POKE", default=True)
