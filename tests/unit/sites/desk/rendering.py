"""Renders a page model as a view would, without the project's settings or a database."""

from functools import cache
from pathlib import Path
from typing import Any

import allauth
from django.template.backends.django import DjangoTemplates
from django.test import RequestFactory
from django.utils import timezone, translation

import cets.sites.desk

DESK = Path(cets.sites.desk.__path__[0])


@cache
def engine() -> DjangoTemplates:
    return DjangoTemplates(
        {
            "NAME": "desk-under-test",
            "DIRS": [DESK / "templates", Path(allauth.__path__[0]) / "templates"],
            "APP_DIRS": False,
            "OPTIONS": {
                "libraries": {
                    "desk": "cets.sites.desk.templatetags.desk",
                    "gov": "cets.sites.desk.templatetags.gov",
                    "allauth": "allauth.templatetags.allauth",
                    "account": "allauth.account.templatetags.account",
                    "humanize": "django.contrib.humanize.templatetags.humanize",
                },
                "string_if_invalid": "",
            },
        }
    )


def render(template: str, **context: Any) -> str:
    request = RequestFactory().get("/")
    with timezone.override("Europe/London"), translation.override("en-gb"):
        return engine().get_template(template).render(context, request)


def render_page(page: Any, shell: Any) -> str:
    return render(page.template, page=page, shell=shell)
