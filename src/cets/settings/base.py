"""What all processes share. Each process has its own module, database role and rights (desk, worker, owner)."""

import os
from pathlib import Path
from typing import Any

import django_stubs_ext

from cets.settings import types
from cets.settings.connections import connection

django_stubs_ext.monkeypatch()

PACKAGE = Path(__file__).resolve().parent.parent
CETS = types.load(Path(os.environ.get("CETS_HOME", "")).resolve())
CETS_ROLE_PREFIX: str = CETS.secrets["role_prefix"]

SECRET_KEY = CETS.secrets["django_key"]
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *CETS.hosts]
USE_TZ = True
TIME_ZONE = "UTC"
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
    "django.contrib.postgres",
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
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cets.sites.desk.middleware.no_store",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "cets.sites.desk.middleware.known_officer",
]
DATABASES: dict[str, Any] = {}
LOGGING_CONFIG = None
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "sites/desk/templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]


def databases(process: str) -> dict[str, Any]:
    """Return the connections of one process: its own role, and for the worker its matcher part."""
    chosen = {"default": connection(CETS, process)}
    if process == "worker":
        chosen["matcher"] = connection(CETS, "matcher")
    return chosen
