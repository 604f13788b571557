"""What is asked about agencies, teams, officers, roles and the audit."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cets.sites.desk.pages.forms.fields import (
    ANY,
    Choice,
    DayField,
    DeskForm,
    Filter,
    Option,
    prose_field,
    radio_field,
    select_field,
    text_field,
)


class AgencyForm(DeskForm):
    name = text_field(_("Name"), missing=_("Give the agency's name"), most=120)
    code = text_field(
        _("Code"),
        missing=_("Give a code, usually of three letters"),
        hint=_(
            "2 to 12 capital letters or digits, usually three; they stand in every reference and cannot change"
        ),
        most=12,
        css="govuk-input--width-4",
    )
    country = text_field(
        _("Country"),
        missing=_("Give the country"),
        hint=_("Two letters, like GB"),
        most=2,
        css="govuk-input--width-2",
    )
    duty_phone = text_field(_("Duty team's telephone"), missing=_("Give a number that is answered"), most=40)
    duty_mail = text_field(
        _("Duty team's e-mail"), missing=_("Give the duty team's e-mail"), most=200, type="email"
    )


class TeamForm(DeskForm):
    name = text_field(_("Name"), missing=_("Give the team's name"), most=120)
    phone = text_field(_("Telephone"), most=40)
    mail = text_field(_("E-mail"), most=200, type="email")


class OfficerForm(DeskForm):
    """Pass the teams of the agency."""

    name = text_field(_("Name as shown to others"), missing=_("Give the officer's name"), most=120)
    login = text_field(
        _("Sign-in e-mail"), missing=_("Give the e-mail to sign in with"), most=200, type="email"
    )
    team = select_field(_("Team"), [])

    def __init__(self, *args: Any, teams: Iterable[Choice], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["team"].choices = [("", _("Choose")), *teams]  # type: ignore[attr-defined]


class RoleRequestForm(DeskForm):
    """A role is asked for by one person and approved by another. Pass officers and roles."""

    officer = select_field(_("Officer"), [])
    role = radio_field(_("Role"), [], missing=_("Choose a role"))
    reason = prose_field(_("Why is it needed?"), missing=_("Say why it is needed"), rows=2, most=1000)

    def __init__(
        self, *args: Any, officers: Iterable[Choice], roles: Iterable[Choice], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["officer"].choices = [("", _("Choose")), *officers]  # type: ignore[attr-defined]
        self.fields["role"].choices = list(roles)  # type: ignore[attr-defined]


class DecisionForm(DeskForm):
    """The second person decides; both answers weigh the same."""

    decision = radio_field(
        _("Your decision"),
        (("approve", Option(_("Approve"))), ("refuse", Option(_("Refuse")))),
        missing=_("Choose a decision"),
    )
    reason = prose_field(_("Reason"), missing=_("Give the reason; both people see it"), rows=2, most=1000)


class PatternForm(DeskForm):
    """A pattern of the agency's own, with its examples. Pass the kinds; `tried` says of which pattern they were tried."""

    tried = forms.CharField(required=False, widget=forms.HiddenInput)
    name = text_field(
        _("Name"),
        missing=_("Give the pattern a name"),
        hint=_("Officers read it beside each value it finds"),
        most=60,
    )
    pattern = prose_field(
        _("Pattern"),
        missing=_("Give the pattern"),
        hint=_(
            "A regular expression of RE2. Where a part of it is the value, mark that part: (?P<value>...). To leave capitals"
            " and small letters alike, begin with (?i)."
        ),
        rows=2,
        most=500,
    )
    kind = select_field(_("What it finds"), [])
    platform = text_field(_("Platform"), hint=_("Of the accounts or rooms that it finds"), most=60)
    matching = prose_field(
        _("Examples in which it must find a value"),
        missing=_("Give at least one example"),
        hint=_("One on each line: the text, then => and the value as it is kept. Invented ones, of nobody."),
        rows=4,
        most=10_000,
    )
    not_matching = prose_field(
        _("Examples in which it must find nothing"),
        missing=_("Give at least one example"),
        hint=_("One on each line: what looks like it and is something else."),
        rows=4,
        most=10_000,
    )

    def __init__(self, *args: Any, kinds: Iterable[Choice], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = [("", _("Choose")), *kinds]  # type: ignore[attr-defined]

    def clean_matching(self) -> tuple[tuple[str, str], ...]:
        lines = [line.rpartition("=>") for line in _lines(self.cleaned_data["matching"])]
        if not all(text.strip() and value.strip() for text, _arrow, value in lines):
            raise forms.ValidationError(_("Write each line as: text => value"))
        return tuple((text.strip(), value.strip()) for text, _arrow, value in lines)

    def clean_not_matching(self) -> tuple[str, ...]:
        return tuple(_lines(self.cleaned_data["not_matching"]))


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class AuditFilter(Filter):
    """Sent by POST: a person's name or a record's reference may stand in it."""

    who = text_field(_("Person or service"), most=120)
    record = text_field(_("Record"), most=60)
    action = forms.ChoiceField(label=_("What was done"), required=False)
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("To"), required=False)

    def __init__(self, *args: Any, actions: Iterable[Choice] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["action"].choices = [ANY, *actions]  # type: ignore[attr-defined]
