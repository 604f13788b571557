"""Forms in the markup of GOV.UK Frontend: about a dozen templates instead of a package that lags behind it.

Set `FORM_RENDERER = "cets.sites.desk.forms_renderer.DeskRenderer"`, so that allauth's forms look the same.
"""

from functools import cached_property
from pathlib import Path

import django.forms
from django.forms.renderers import BaseRenderer
from django.template.backends.base import BaseEngine
from django.template.backends.django import DjangoTemplates

_OURS = Path(__file__).parent / "templates" / "widgets"
_DJANGOS = Path(django.forms.__file__).parent / "templates"


class DeskRenderer(BaseRenderer):
    """Look in `templates/widgets` first, then in Django's own for what we do not restyle."""

    form_template_name = "form.html"
    field_template_name = "field.html"

    @cached_property
    def engine(self) -> BaseEngine:
        return DjangoTemplates(
            {
                "APP_DIRS": False,
                "DIRS": [_OURS, _DJANGOS],
                "NAME": "desk-forms",
                "OPTIONS": {
                    "builtins": ["django.templatetags.i18n"],
                    "libraries": {"gov": "cets.sites.desk.templatetags.gov"},
                },
            }
        )

    def get_template(self, template_name: str):  # type: ignore[no-untyped-def]  # noqa: ANN201 - as in the base
        return self.engine.get_template(template_name)
