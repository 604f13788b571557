"""What is asked for is given when somebody can see it, in whichever form."""

import pytest
from django import forms as django_forms

from cets.sites.desk.pages import forms
from cets.sites.desk.pages.forms.fields import SeenField, prose_field, text_field

#: A search box takes what is pasted; a hidden field holds what the desk wrote.
OTHERS = {"SearchForm.query", "FindForm.words", "PurposeForm.go_on", "RevealForm.go_on", "PatternForm.tried"}


def written() -> dict[str, django_forms.Field]:
    """The fields of all forms of the desk into which people write text."""
    kinds = [
        kind for kind in vars(forms).values() if isinstance(kind, type) and issubclass(kind, forms.DeskForm)
    ]
    return {
        f"{kind.__name__}.{name}": field
        for kind in kinds
        for name, field in kind.base_fields.items()
        if type(field) in {SeenField, django_forms.CharField}
    }


def test_every_text_that_people_write_has_to_show_something():
    loose = {name for name, field in written().items() if not isinstance(field, SeenField)}

    assert loose <= OTHERS, loose
    assert {"ReasonForm.reason", "PurposeForm.reference", "OfficerForm.login"} <= set(written())


@pytest.mark.parametrize("make", [text_field, prose_field])
@pytest.mark.parametrize("given", ["\u200b", "\u202e\u200b", "\ufeff", "\u3164 \u2800"])
def test_what_nobody_sees_is_missing(make, given):
    with pytest.raises(django_forms.ValidationError, match="Say why"):
        make("Why", missing="Say why").clean(given)
    assert make("Why").clean(given) == ""


@pytest.mark.parametrize("make", [text_field, prose_field])
@pytest.mark.parametrize("given", ["Same wallet", "\u200bpasted\u200b", "محمد\u200f", "می\u200cخواهم", "?"])
def test_what_somebody_sees_stays_as_it_is(make, given):
    assert make("Why", missing="Say why").clean(given) == given


def test_a_text_too_long_names_its_field_and_a_file_only_where_one_may_be_added():
    too_long = {"name": "a" * 121, "phone": "1" * 61, "mail": "b" * 300}
    form = forms.TeamForm(too_long)

    said = [str(one) for errors in form.errors.values() for one in errors]

    assert len(said) == len(too_long)
    for name in form.errors:
        (one,) = (str(e) for e in form.errors[name])
        assert one.startswith(f"{form.fields[name].label}: "), one
        assert "file" not in one

    note = forms.NoteForm({"text": "word " * 5000})
    assert "add it as a file" in str(note.errors["text"])
    outcome = forms.CloseForm({"outcome": "word " * 5000})
    assert "shorten it" in str(outcome.errors["outcome"])
    assert "file" not in str(outcome.errors["outcome"])
