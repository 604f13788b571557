"""What the form templates ask of a bound field."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import template
from django.forms import (
    BoundField,
    CheckboxInput,
    FileInput,
    HiddenInput,
    MultiWidget,
    PasswordInput,
    Textarea,
)
from django.forms.forms import BaseForm
from django.forms.widgets import CheckboxSelectMultiple, RadioSelect, Select
from django.utils.safestring import SafeString

from cets.sites.desk.forms_renderer import DeskRenderer

register = template.Library()

_RENDERER = DeskRenderer()
_GROUPS = (RadioSelect, CheckboxSelectMultiple, MultiWidget)


@register.filter
def control(field: BoundField) -> str:
    """Name the GOV.UK component that stands for a field's widget."""
    widget = field.field.widget
    for kind, name in (
        (RadioSelect, "radios"),
        (CheckboxSelectMultiple, "checkboxes"),
        (CheckboxInput, "checkbox"),
        (MultiWidget, "date"),
        (Select, "select"),
        (Textarea, "textarea"),
        (FileInput, "file"),
        (PasswordInput, "password"),
        (HiddenInput, "hidden"),
    ):
        if isinstance(widget, kind):
            return name
    return "input"


@register.filter
def attribute(attributes: Mapping[str, Any], name: str) -> Any:
    return attributes.get(name, "")


@register.filter
def is_optional(field: BoundField) -> bool:
    return bool(getattr(field.form, "mark_optional", False)) and not field.field.required


@register.filter
def target(field: BoundField) -> str:
    """Return the id that an error summary links to: the first control of a group, else the control itself."""
    return f"{field.auto_id}_0" if isinstance(field.field.widget, _GROUPS) else field.auto_id


@register.filter
def faulty(form: BaseForm) -> Iterator[BoundField]:
    return (field for field in form if field.errors)


@register.simple_tag
def fields(form: BaseForm) -> SafeString:
    """Render all fields of a form, in our markup even where the project's renderer is another."""
    form.renderer = _RENDERER
    return SafeString("".join(str(one(bound)) for bound in form))


@register.simple_tag
def one(bound: BoundField) -> SafeString:
    """Render one field: label, hint, error and control, or the bare hidden input."""
    bound.form.renderer = _RENDERER
    if bound.is_hidden:
        return SafeString(str(bound))
    return SafeString(_RENDERER.render(_RENDERER.field_template_name, {"field": bound}))


@register.simple_tag
def bare(bound: BoundField) -> SafeString:
    """Render the control alone; the table around it names it (`aria-label` is set by the form)."""
    bound.form.renderer = _RENDERER
    return SafeString(str(bound))


@register.inclusion_tag("desk/parts/error_summary.html")
def error_summary(form: BaseForm | None) -> dict[str, Any]:
    return {"form": form}
