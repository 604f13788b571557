"""What is asked about reports: filters, grading, sharing, notes, owners; and the purpose of a look."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cets.access import purposes
from cets.sites.desk.pages.forms.fields import (
    ANY,
    Choice,
    DeskForm,
    DueField,
    Filter,
    Option,
    prose_field,
    radio_field,
    select_field,
    text_field,
)

PURPOSES: tuple[Choice, ...] = purposes.ASKED


class PurposeForm(DeskForm):
    """Why the viewer looks, in one click and a reference. Both are kept with the look."""

    purpose = radio_field(_("Why do you need it?"), PURPOSES, missing=_("Choose why you need it"))
    reference = text_field(
        _("Case or report reference"),
        missing=_("Give the reference you work on"),
        hint=_("For example CETS-ESX-2026-000123 or your force's own number"),
        most=60,
        css="govuk-input--width-20",
    )
    #: Opaque token of where the viewer was going.
    go_on = forms.CharField(required=False, widget=forms.HiddenInput)


class RevealForm(PurposeForm):
    """The same two questions before a victim's value is shown."""


LEVELS: tuple[Choice, ...] = (
    ("open", Option(_("Open"), _("The other agency sees the summary and the reference"))),
    ("contact", Option(_("Contact"), _("The other agency learns that you hold it, and whom to call"))),
    ("silent", Option(_("Silent"), _("The other agency learns nothing; you still learn of the hit"))),
)
SOURCE_GRADES: tuple[Choice, ...] = (
    ("1", Option(_("1 Reliable"))),
    ("2", Option(_("2 Untested"))),
    ("3", Option(_("3 Not reliable"))),
)
INFORMATION_GRADES: tuple[Choice, ...] = (
    ("A", Option(_("A Known directly"))),
    ("B", Option(_("B Known indirectly, corroborated"))),
    ("C", Option(_("C Known indirectly"))),
    ("D", Option(_("D Not known"))),
    ("E", Option(_("E Suspected to be false"))),
)
HANDLING_CODES: tuple[Choice, ...] = (
    ("P", Option(_("P Lawful sharing permitted"))),
    ("C", Option(_("C Lawful sharing permitted with conditions"))),
)


class ReportFilter(Filter):
    """Pass the owners (duty team, people) and sources there are."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ANY,
            ("late", _("Late")),
            ("today", _("Due today")),
            ("open", _("Open")),
            ("doubt", _("Something to settle")),
            ("ungraded", _("Not graded")),
            ("closed", _("Closed")),
        ],
    )
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    source = forms.ChoiceField(label=_("Came as"), required=False)
    sharing = forms.ChoiceField(
        label=_("Sharing"),
        required=False,
        choices=[ANY, ("open", _("Open")), ("contact", _("Contact")), ("silent", _("Silent"))],
    )
    order = forms.ChoiceField(
        label=_("Order"), required=False, choices=[("", _("Newest first")), ("due", _("Due first"))]
    )
    hits = forms.BooleanField(label=_("Only with hits"), required=False)

    def __init__(
        self, *args: Any, owners: Iterable[Choice] = (), sources: Iterable[Choice] = (), **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].choices = [ANY, *owners]  # type: ignore[attr-defined]
        self.fields["source"].choices = [ANY, *sources]  # type: ignore[attr-defined]


class IdentifierFilter(Filter):
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    role = forms.ChoiceField(label=_("Role"), required=False)
    hits = forms.BooleanField(label=_("Only with hits"), required=False)

    def __init__(
        self, *args: Any, kinds: Iterable[Choice] = (), roles: Iterable[Choice] = (), **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = [ANY, *kinds]  # type: ignore[attr-defined]
        self.fields["role"].choices = [ANY, *roles]  # type: ignore[attr-defined]


class GradingForm(DeskForm):
    """The UK 3x5x2: source, information, handling with conditions."""

    source = radio_field(_("Source"), SOURCE_GRADES, missing=_("Grade the source"))
    information = radio_field(_("Information"), INFORMATION_GRADES, missing=_("Grade the information"))
    handling = radio_field(_("Handling code"), HANDLING_CODES, missing=_("Choose a handling code"))
    conditions = prose_field(_("Conditions"), hint=_("Needed with code C. They travel with it."), rows=2)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("handling") == "C" and not data.get("conditions"):
            self.add_error("conditions", _("Write the conditions that go with code C"))
        return data


class SharingForm(DeskForm):
    level = radio_field(_("What may the other agency learn?"), LEVELS, missing=_("Choose a level"))
    reason = prose_field(_("Why"), missing=_("Say why"), rows=2, most=1000)


class NoteForm(DeskForm):
    """A note on a report: read for identifiers like any other text."""

    text = prose_field(_("Note"), missing=_("Write the note"), rows=6, most=20000, or_a_file=True)


class NewNoteForm(DeskForm):
    """An officer's note that becomes a report of its own."""

    title = text_field(_("What it is about"), missing=_("Give it a title, without names"), most=120)
    text = prose_field(
        _("What you were told or saw"), missing=_("Write the note"), rows=10, most=200_000, or_a_file=True
    )
    level = forms.ChoiceField(label=_("Sharing of what you add"), choices=list(LEVELS), initial="contact")


class AssignForm(DeskForm):
    """Pass the people and teams that may own it."""

    owner = select_field(_("New owner"), [])
    reason = prose_field(_("Why"), missing=_("Say why"), rows=2, most=1000)

    def __init__(self, *args: Any, owners: Iterable[Choice], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].choices = [("", _("Choose")), *owners]  # type: ignore[attr-defined]


class StepForm(DeskForm):
    """What comes next with a report, and by when."""

    step = text_field(_("Next step"), missing=_("Say what comes next"), most=200)
    due_at = DueField(
        label=_("By when?"),
        error_messages={"required": _("Say by when")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, now: datetime, **options: Any) -> None:
        """`now`: the page's clock, whose zone is written beside the field."""
        super().__init__(*args, **options)
        due = self.fields["due_at"]
        due.label = _("By when? (%(zone)s)") % {"zone": now.tzname()}
        due.help_text = _("For example %(day)s, 09:00") % {"day": f"{now + timedelta(days=1):%d %b %Y}"}


class CloseForm(DeskForm):
    outcome = prose_field(_("What came of it?"), missing=_("Say what came of it"), rows=3, most=1000)


class SettleForm(DeskForm):
    """Which reading of something ambiguous holds. Pass the candidates; none is preselected."""

    reading = radio_field(_("Which reading is right?"), [], missing=_("Choose a reading, or leave it open"))
    reason = text_field(_("How do you know?"), missing=_("Say how you know"), most=500)

    def __init__(self, *args: Any, candidates: Iterable[Choice], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reading"].choices = list(candidates)  # type: ignore[attr-defined]
