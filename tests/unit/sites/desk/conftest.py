"""The templates are rendered without a database: with the project's test settings, or with just enough of our own."""

import os

import django
from django.conf import settings

if not settings.configured and "DJANGO_SETTINGS_MODULE" not in os.environ:
    settings.configure(
        SECRET_KEY="only-for-this-test",
        USE_TZ=True,
        TIME_ZONE="Europe/London",
        LANGUAGE_CODE="en-gb",
        STATIC_URL="/static/",
        FORM_RENDERER="cets.sites.desk.forms_renderer.DeskRenderer",
        ROOT_URLCONF="unit.sites.desk.account_urls",
        MIDDLEWARE=["allauth.account.middleware.AccountMiddleware"],
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "allauth",
            "allauth.account",
            "allauth.mfa",
        ],
    )
    django.setup()
