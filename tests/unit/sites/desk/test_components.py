"""Our field templates give the HTML of GOV.UK Frontend: compared with the fixtures that its package ships."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django import forms
from lxml import html

from cets.sites.desk.forms_renderer import DeskRenderer
from cets.sites.desk.pages import Fact, PageLink, Paging, Tag
from cets.sites.desk.pages.forms import Option
from unit.sites.desk import rendering

COMPONENTS = Path(__file__).parents[4] / "frontend/node_modules/govuk-frontend/dist/govuk/components"

pytestmark = pytest.mark.skipif(
    not COMPONENTS.exists(), reason="the front end's packages are not installed (npm ci)"
)

# Where we differ on purpose: Django's ids of hints and errors, its state for screen readers, small radios,
# and words that the fixtures fill with their own.
_OURS = {
    "aria-invalid",
    "aria-describedby",
    "id",
    "for",
    "name",
    "value",
    "maxlength",
    "href",
    "autocomplete",
    "aria-controls",
}


def fixture(component: str, name: str) -> str:
    given = json.loads((COMPONENTS / component / "fixtures.json").read_text(encoding="utf-8"))
    (found,) = [case["html"] for case in given["fixtures"] if case["name"] == name]
    return str(found)


def shape(text: str) -> list[Any]:
    """Reduce markup to tags, classes and the attributes that carry meaning, words left out."""
    return [_shape(node) for node in html.fragments_fromstring(text) if not isinstance(node, str)]


def _shape(node: Any) -> Any:
    attributes = {key: value for key, value in node.attrib.items() if key not in _OURS and value != ""}
    if "class" in attributes:
        kept = [
            css for css in attributes["class"].split() if css not in {"govuk-radios--small", "cets-optional"}
        ]
        attributes["class"] = " ".join(kept)
    attributes = {key: value for key, value in attributes.items() if value}
    return (
        node.tag,
        tuple(sorted(attributes.items())),
        tuple(_shape(child) for child in node if isinstance(child.tag, str)),
    )


class _Form(forms.Form):
    default_renderer = DeskRenderer
    use_required_attribute = False


def field(made: forms.Field, *, data: dict[str, str] | None = None) -> str:
    form = type("Form", (_Form,), {"field": made})(data)
    return DeskRenderer().render("field.html", {"field": form["field"]})


def test_input() -> None:
    assert shape(field(forms.CharField(label="x"))) == shape(fixture("input", "default"))


def test_input_with_hint() -> None:
    assert shape(field(forms.CharField(label="x", help_text="h"))) == shape(
        fixture("input", "with hint text")
    )


def test_input_with_error() -> None:
    ours = shape(field(forms.CharField(label="x", help_text="h"), data={}))
    assert ours == shape(fixture("input", "with error and hint"))


def test_textarea() -> None:
    ours = shape(field(forms.CharField(label="x", widget=forms.Textarea(attrs={"rows": 5, "cols": None}))))
    theirs = shape(fixture("textarea", "default"))
    assert _without(ours, "cols") == theirs


def test_select_with_error() -> None:
    choices = [("1", "a"), ("2", "b"), ("3", "c")]
    ours = shape(field(forms.ChoiceField(label="x", help_text="h", choices=choices), data={}))
    theirs = shape(fixture("select", "with hint text and error message"))
    assert _without(_without(ours, "selected"), "disabled") == _without(
        _without(theirs, "selected"), "disabled"
    )


def test_radios() -> None:
    radios = forms.ChoiceField(label="x", choices=[("yes", "Yes"), ("no", "No")], widget=forms.RadioSelect)
    assert shape(field(radios)) == shape(fixture("radios", "default"))


def test_radios_with_hints_on_items() -> None:
    choices = [("a", Option("A", "h")), ("b", Option("B", "h"))]
    ours = field(forms.ChoiceField(label="x", choices=choices, widget=forms.RadioSelect))
    theirs = re.sub(
        r'<h1 class="govuk-fieldset__heading">\s*(.*?)\s*</h1>',
        r"\1",
        fixture("radios", "with hints on items"),
        flags=re.DOTALL,
    )
    theirs = theirs.replace(" govuk-fieldset__legend--l", "").replace(" govuk-label--s", "")
    assert shape(ours) == shape(theirs)


def test_radios_with_error() -> None:
    choices = [("a", "A"), ("b", "B")]
    ours = field(forms.ChoiceField(label="x", choices=choices, widget=forms.RadioSelect), data={})
    theirs = fixture("radios", "with fieldset and error message").replace(" govuk-radios--inline", "")
    theirs = theirs.replace("app-fieldset--custom-modifier", "").replace(" checked", "")
    assert _without(shape(ours), "data-attribute") == _without(
        _without(shape(theirs), "data-attribute"), "data-second-attribute"
    )


def test_checkboxes() -> None:
    choices = [("a", "A"), ("b", "B"), ("c", "C")]
    ours = field(forms.MultipleChoiceField(label="x", choices=choices, widget=forms.CheckboxSelectMultiple))
    theirs = shape(fixture("checkboxes", "with legend as a page heading").replace("h1", "span"))
    assert "govuk-checkboxes__item" in str(theirs)
    assert str(shape(ours)).count("govuk-checkboxes__input") == str(theirs).count("govuk-checkboxes__input")


def test_file_upload() -> None:
    ours = _without(shape(field(forms.FileField(label="x"))), "cols")
    assert ours == shape(fixture("file-upload", "default"))


def test_password() -> None:
    ours = field(
        forms.CharField(
            label="x", widget=forms.PasswordInput(attrs={"spellcheck": "false", "autocapitalize": "none"})
        )
    )
    assert shape(ours) == shape(fixture("password-input", "default"))


def test_error_summary() -> None:
    form = type("Form", (_Form,), {"a": forms.CharField(), "b": forms.CharField()})({})
    ours = rendering.render("desk/parts/error_summary.html", form=form)
    assert shape(ours) == shape(fixture("error-summary", "default"))


def test_tag() -> None:
    from cets.sites.desk.templatetags.desk import tag

    assert shape(tag(Tag("Grey", "grey"))) == shape(fixture("tag", "grey"))
    assert shape(tag(Tag("Red", "red"))) == shape(fixture("tag", "red"))


def test_summary_list() -> None:
    facts = [Fact("Name", "x")] * 3
    ours = str(shape(rendering.render("desk/parts/facts.html", facts=facts, layout="list")))
    theirs = fixture("summary-list", "default")
    theirs = re.sub(r'<p class="govuk-body">.*?</p>', "", theirs, flags=re.DOTALL)
    assert ours == str(shape(theirs)).replace("(('br', (), ()),)", "()").replace("('br', (), ()), ", "")


def test_pagination() -> None:
    links = (PageLink(1, "/1"), PageLink(2, "/2", current=True), PageLink(3, "/3"))
    paging = Paging(1, 2, 3, previous_url="/previous", next_url="/next", pages=links)
    ours = rendering.render("desk/parts/paging.html", paging=paging)
    (nav,) = [node for node in shape(ours) if node[0] == "nav"]
    assert [nav] == shape(fixture("pagination", "default"))


def test_button() -> None:
    form = rendering.render("desk/parts/filter.html", form=_Form(), url="/")
    (ours,) = list(html.fromstring(form).iter("button"))
    (theirs,) = shape(fixture("button", "secondary"))
    assert _shape(ours) == theirs


def test_back_to_the_fixture_names_that_exist() -> None:
    with pytest.raises(ValueError, match="not enough values"):
        fixture("input", "no such case")


def _without(shaped: Any, attribute: str) -> Any:
    if isinstance(shaped, list):
        return [_without(node, attribute) for node in shaped]
    tag, attributes, children = shaped
    return (
        tag,
        tuple(pair for pair in attributes if pair[0] != attribute),
        tuple(_without(c, attribute) for c in children),
    )
