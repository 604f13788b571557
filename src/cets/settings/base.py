"""What all processes share. Each process has its own module, database role and rights (desk, worker, owner)."""

import os
import secrets
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from cets.settings import passwords, types
from cets.settings.connections import connection

PACKAGE = Path(__file__).resolve().parent.parent
CETS = types.load(
    Path(os.environ.get("CETS_HOME", "")).resolve(),
    process=types.process_of(os.environ.get("DJANGO_SETTINGS_MODULE", "")),
)
CETS_ROLE_PREFIX: str = CETS.secrets["role_prefix"]

#: Signs sessions and forms: the desk's. Django asks the others for one too, and they sign nothing that outlives them.
SECRET_KEY = CETS.secrets.get("django_key") or secrets.token_hex(32)
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *CETS.hosts]
USE_TZ = True
TIME_ZONE = CETS.time_zone  # every screen's times; its footer says which
LANGUAGE_CODE = "en-gb"
USE_I18N = True
LOCALE_PATHS = [PACKAGE / "locale"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "agencies.Login"
ROOT_URLCONF = "cets.sites.desk.urls"
STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "static"]
STATIC_ROOT = PACKAGE / "static"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "cets.access",
    "cets.audit",
    "cets.domains.agencies",
    "cets.domains.ledger",
    "cets.domains.approvals",
    "cets.domains.vault",
    "cets.domains.reports",
    "cets.domains.identifiers",
    "cets.domains.deconfliction",
    "cets.domains.intake",
    "cets.domains.search",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cets.sites.desk.middleware.no_store",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "cets.sites.desk.middleware.KnownOfficer",
]
DATABASES: dict[str, Any] = {}
LOGGING_CONFIG = None
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "sites/desk/templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "libraries": {
                "desk": "cets.sites.desk.templatetags.desk",
                "gov": "cets.sites.desk.templatetags.gov",
            },
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cets.sites.desk.navigation.shell_of_request",
            ],
        },
    }
]
FORM_RENDERER = "cets.sites.desk.forms_renderer.DeskRenderer"

# --- What a browser may do with our answers ---------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
#: Not "no-referrer": browsers then send "Origin: null" with every form, and the form token is refused.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 0 if CETS.is_demo else 365 * 24 * 3600
SECURE_PROXY_SSL_HEADER = None if CETS.is_demo else ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_FAILURE_VIEW = "cets.sites.desk.views.errors.no_form_token"

# --- What a browser sends: files lie in memory without a name until they are sealed --------------------------------
#: Text of a form, as it is sent: many times the longest note, so that whoever pastes more is told so at the field.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["cets.sites.desk.uploading.AnonymousUpload"]

# --- Sessions: in the database, 15 minutes idle, 12 hours in all -------------------------------------------------
SESSION_COOKIE_AGE = 15 * 60
SESSION_LONGEST = 12 * 3600
SESSION_COOKIE_NAME = "cets-session" if CETS.is_demo else "__Host-cets-session"
#: A browser that a login was used in before: strangers' wrong tries do not lock that login there (`desk.signing`).
KNOWN_COOKIE_NAME = "cets-known" if CETS.is_demo else "__Host-cets-known"
KNOWN_COOKIE_AGE = 90 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_EXPIRE_AT_BROWSER_CLOSE = False
CSRF_COOKIE_NAME = "cets-form" if CETS.is_demo else "__Host-cets-form"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
#: The demo is served on loopback without TLS.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not CETS.is_demo
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Sign-in -----------------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["cets.sites.desk.signing.LoginBackend"]
AUTH_PASSWORD_VALIDATORS = passwords.VALIDATORS
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "signed_out"
ACCOUNT_ADAPTER = "cets.sites.desk.signing.DeskAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "name"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_UNIQUE_EMAIL = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SESSION_REMEMBER = True  # the session's own limits hold, never the browser's
ACCOUNT_LOGOUT_REDIRECT_URL = "signed_out"
#: A whole force may sign in from one address at the turn of a shift; a single login is held to five failures, counted for
#: each browser in which it was used before and once for all others together.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "100/m/ip,5/15m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = CETS.trusted_proxies  # 0: whatever X-Forwarded-For says is not believed
MFA_ADAPTER = "cets.sites.desk.second_factors.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = CETS.is_demo
MFA_TOTP_ISSUER = "CETS"
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True  # no mail is sent, so none is verified
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
#: What the sign-in library counts: in the database, so that all desk processes count together and after a restart, too.
CACHES = {
    "default": {"BACKEND": "cets.domains.agencies.attempts.SharedCounts"},
    # What must lie in no table: names of files that were refused or held already.
    "memory": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}


def databases(process: str) -> dict[str, Any]:
    """Return the connections of one process: its own role, and for the worker its matcher part."""
    chosen = {"default": connection(CETS, process)}
    if process == "worker":
        chosen["matcher"] = connection(CETS, "matcher")
    return chosen
