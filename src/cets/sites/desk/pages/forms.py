"""The forms of the desk: fields, labels, hints, and what a person may type. No form reads or writes anything.

Choices that depend on data are passed in. An answer is never preselected where a person has to judge.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cets.access import purposes
from cets.sites.desk.forms_renderer import DeskRenderer

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise
else:  # the stubs are not part of the product
    from django.utils.functional import Promise as StrPromise

Choice = tuple[str, "Words | Option"]
_ANY: Choice = ("", _("Any"))

#: What a label may be: text, or text that is translated when it is shown.
Words = str | StrPromise


@dataclass(frozen=True)
class Option:
    """Label of a radio or checkbox that carries a hint and a shortcut key."""

    label: Words
    hint: Words = ""
    key: str = ""

    def __str__(self) -> str:
        return str(self.label)


class DeskForm(forms.Form):
    """Marks what may be left out, leaves checking to the server, and focuses nothing by itself."""

    default_renderer = DeskRenderer
    use_required_attribute = False
    mark_optional = True


class Filter(DeskForm):
    """Sent by GET, so it holds states, kinds and days: never a value or a name. The key F goes to its first field."""

    mark_optional = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        first = next(iter(self.fields.values()), None)
        if first is not None:
            first.widget.attrs["data-key"] = "f"


def _select(label: Words, choices: Iterable[Choice], *, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[("", _("Choose")), *choices],
        required=required,
        error_messages={"required": _("Choose one of the list")},
    )


def _radios(
    label: Words, choices: Iterable[Choice], *, missing: Words, hint: Words = ""
) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=list(choices),
        widget=forms.RadioSelect(attrs={"class": "govuk-radios--small"}),
        help_text=hint,
        error_messages={"required": missing},
    )


def _text(
    label: Words,
    *,
    missing: Words = "",
    hint: Words = "",
    most: int = 200,
    css: str = "",
    **attributes: str,
) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=most,
        required=bool(missing),
        error_messages={"required": missing} if missing else {},
        widget=forms.TextInput(attrs={"class": css, "autocomplete": "off", **attributes}),
    )


def _prose(
    label: Words,
    *,
    missing: Words = "",
    hint: Words = "",
    rows: int = 4,
    most: int = 4000,
) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=most,
        required=bool(missing),
        error_messages={"required": missing} if missing else {},
        widget=forms.Textarea(attrs={"rows": rows}),
    )


# --- times ----------------------------------------------------------------------------------------


class MomentField(forms.CharField):
    """Day and clock as this desk writes them: "21 Nov 2026, 14:05". Never in the future."""

    formats = ("%d %b %Y, %H:%M", "%d %B %Y, %H:%M", "%Y-%m-%d %H:%M", "%d %b %Y %H:%M")

    def to_python(self, value: Any) -> Any:
        text = " ".join(str(value or "").split())
        if not text:
            return None
        for pattern in self.formats:
            try:
                wall = datetime.strptime(text, pattern)  # noqa: DTZ007 - the page's zone is put on below
            except ValueError:
                continue
            return self._place(wall)
        raise forms.ValidationError(_("Write the day and the time like 21 Nov 2026, 14:05"))

    @staticmethod
    def _place(wall: datetime) -> datetime:
        moment = timezone.make_aware(wall)
        # The page's zone skips this wall clock or has it twice: only the officer can say which.
        if moment.utcoffset() != moment.replace(fold=1).utcoffset():
            raise forms.ValidationError(_("The clocks changed then: write a time outside that hour"))
        if moment > timezone.now() + timedelta(minutes=5):
            raise forms.ValidationError(_("This time is still to come"))
        return moment

    def validate(self, value: Any) -> None:
        if value is None and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """Nothing more to check: the text was read as a time."""


class DayWidget(forms.MultiWidget):
    template_name = "django/forms/widgets/day.html"

    def __init__(self) -> None:
        super().__init__(widgets={"day": self._box(2), "month": self._box(2), "year": self._box(4)})

    @staticmethod
    def _box(width: int) -> forms.TextInput:
        css = f"govuk-date-input__input govuk-input--width-{width}"
        return forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": css})

    def decompress(self, value: date | None) -> list[int | None]:
        return [value.day, value.month, value.year] if value else [None, None, None]


class DayField(forms.MultiValueField):
    """A day in three boxes, so that day and month cannot be confused."""

    widget = DayWidget

    def __init__(self, **options: Any) -> None:
        boxes = (forms.IntegerField(), forms.IntegerField(), forms.IntegerField())
        super().__init__(fields=boxes, require_all_fields=True, **options)

    def compress(self, data_list: Sequence[int | None]) -> date | None:
        if not data_list:
            return None
        day, month, year = data_list
        if day is None or month is None or year is None:
            raise forms.ValidationError(_("Give day, month and year"))
        try:
            return date(year, month, day)
        except ValueError:
            raise forms.ValidationError(_("There is no such day")) from None


# --- purpose, reveal ------------------------------------------------------------------------------

PURPOSES: tuple[Choice, ...] = purposes.ASKED


class PurposeForm(DeskForm):
    """Why the viewer looks, in one click and a reference. Both are kept with the look."""

    purpose = _radios(_("Why do you need it?"), PURPOSES, missing=_("Choose why you need it"))
    reference = _text(
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


# --- reports --------------------------------------------------------------------------------------

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
            _ANY,
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
        choices=[_ANY, ("open", _("Open")), ("contact", _("Contact")), ("silent", _("Silent"))],
    )
    order = forms.ChoiceField(
        label=_("Order"), required=False, choices=[("", _("Newest first")), ("due", _("Due first"))]
    )
    hits = forms.BooleanField(label=_("Only with hits"), required=False)

    def __init__(
        self, *args: Any, owners: Iterable[Choice] = (), sources: Iterable[Choice] = (), **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].choices = [_ANY, *owners]  # type: ignore[attr-defined]
        self.fields["source"].choices = [_ANY, *sources]  # type: ignore[attr-defined]


class IdentifierFilter(Filter):
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    role = forms.ChoiceField(label=_("Role"), required=False)
    hits = forms.BooleanField(label=_("Only with hits"), required=False)

    def __init__(
        self, *args: Any, kinds: Iterable[Choice] = (), roles: Iterable[Choice] = (), **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = [_ANY, *kinds]  # type: ignore[attr-defined]
        self.fields["role"].choices = [_ANY, *roles]  # type: ignore[attr-defined]


class GradingForm(DeskForm):
    """The UK 3x5x2: source, information, handling with conditions."""

    source = _radios(_("Source"), SOURCE_GRADES, missing=_("Grade the source"))
    information = _radios(_("Information"), INFORMATION_GRADES, missing=_("Grade the information"))
    handling = _radios(_("Handling code"), HANDLING_CODES, missing=_("Choose a handling code"))
    conditions = _prose(_("Conditions"), hint=_("Needed with code C. They travel with it."), rows=2)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("handling") == "C" and not data.get("conditions"):
            self.add_error("conditions", _("Write the conditions that go with code C"))
        return data


class SharingForm(DeskForm):
    level = _radios(_("What may the other agency learn?"), LEVELS, missing=_("Choose a level"))
    reason = _prose(_("Why"), missing=_("Say why"), rows=2, most=1000)


class NoteForm(DeskForm):
    """A note on a report: read for identifiers like any other text."""

    text = _prose(_("Note"), missing=_("Write the note"), rows=6, most=20000)


class NewNoteForm(DeskForm):
    """An officer's note that becomes a report of its own."""

    title = _text(_("What it is about"), missing=_("Give it a title, without names"), most=120)
    text = _prose(_("What you were told or saw"), missing=_("Write the note"), rows=10, most=200_000)
    level = forms.ChoiceField(label=_("Sharing of what you add"), choices=list(LEVELS), initial="contact")


class AssignForm(DeskForm):
    """Pass the people and teams that may own it."""

    owner = _select(_("New owner"), [])
    reason = _prose(_("Why"), missing=_("Say why"), rows=2, most=1000)

    def __init__(self, *args: Any, owners: Iterable[Choice], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].choices = [("", _("Choose")), *owners]  # type: ignore[attr-defined]


class SettleForm(DeskForm):
    """Which reading of something ambiguous holds. Pass the candidates; none is preselected."""

    reading = _radios(_("Which reading is right?"), [], missing=_("Choose a reading, or leave it open"))
    reason = _text(_("How do you know?"), missing=_("Say how you know"), most=500)

    def __init__(self, *args: Any, candidates: Iterable[Choice], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reading"].choices = list(candidates)  # type: ignore[attr-defined]


# --- hits -----------------------------------------------------------------------------------------


class HitFilter(Filter):
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("Open")),
            ("contact", _("Needs contact")),
            ("late", _("Late")),
            ("settled", _("Settled")),
        ],
    )
    strength = forms.ChoiceField(
        label=_("Strength"),
        required=False,
        choices=[_ANY, ("strong", _("Strong")), ("fair", _("Fair or strong"))],
    )
    suppressed = forms.BooleanField(label=_("Common values too"), required=False)


class ContactForm(DeskForm):
    """What came of the call. No answer is preselected."""

    spoke_to = _text(
        _("Whom did you speak to?"), missing=_("Name the person you spoke to"), most=120, **{"data-key": "c"}
    )
    spoke_at = MomentField(
        label=_("When?"),
        error_messages={"required": _("Say when you spoke to them")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    agreed = _radios(
        _("What did you agree?"),
        (
            ("together", Option(_("We work together"), _("Opens a joint inquiry"), "1")),
            ("they_lead", Option(_("They lead"), _("We hold, they keep us told"), "2")),
            ("we_lead", Option(_("We lead"), _("They hold, we keep them told"), "3")),
        ),
        missing=_("Choose what you agreed"),
    )

    def __init__(self, *args: Any, zone: str = "", **options: Any) -> None:
        """`zone`: name of the zone in which the clock is read, written beside the field."""
        super().__init__(*args, **options)
        if zone:
            self.fields["spoke_at"].label = _("When? (%(zone)s)") % {"zone": zone}


class AgreedForm(DeskForm):
    """What two holders agreed, in words."""

    agreed = _prose(_("What was agreed?"), missing=_("Say what was agreed"), rows=3, most=1000)


class ReasonForm(DeskForm):
    """Not the same, no action, take back: each with a reason."""

    reason = _prose(_("Reason"), missing=_("Give the reason"), rows=3, most=1000)


# --- upload ---------------------------------------------------------------------------------------


class ManyFilesInput(forms.FileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Any number of files in one field; cleans to a list. Intake says what is wrong with an empty file."""

    widget = ManyFilesInput

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_empty_file=True, **options)

    def clean(self, data: Any, initial: Any = None) -> Any:
        one = super().clean
        given: list[UploadedFile[Any] | None] = list(data) if isinstance(data, (list, tuple)) else [data]
        return [one(file, initial) for file in given or [None]]


class UploadForm(DeskForm):
    # Not "files": a form keeps its uploads under that name.
    uploads = ManyFilesField(
        label=_("Choose files or drop them here"),
        error_messages={"required": _("Choose at least one file")},
        widget=ManyFilesInput(attrs={"data-key": "u"}),
    )
    level = forms.ChoiceField(label=_("Sharing of what you add"), initial="contact")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["level"].choices = [  # type: ignore[attr-defined]
            ("contact", _("Contact: others learn whom to call")),
            ("open", _("Open: others see summary and reference")),
            ("silent", _("Silent: others learn nothing")),
        ]


@dataclass(frozen=True)
class ColumnAsked:
    """One column as the map screen asks about it. `doubtful`: its dates can be read in two ways."""

    index: int
    heading: str
    read_as: str
    role: str = "unknown"
    doubtful: bool = False
    day_first: bool | None = None


class ColumnMapForm(DeskForm):
    """Fields `read_as_N`, `role_N` and, for doubtful dates, `day_first_N` ("day", "month", "both")."""

    save_as = _text(_("Save this map as"), hint=_("Offered again for files with the same headings"), most=80)

    def __init__(
        self,
        *args: Any,
        columns: Iterable[ColumnAsked],
        kinds: Sequence[Choice],
        roles: Sequence[Choice],
        day_words: Mapping[int, tuple[str, str]] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        for column in columns:
            self._ask(column, kinds, roles, (day_words or {}).get(column.index))

    def _ask(
        self,
        column: ColumnAsked,
        kinds: Sequence[Choice],
        roles: Sequence[Choice],
        words: tuple[str, str] | None,
    ) -> None:
        heading = column.heading or str(column.index + 1)
        self.fields[f"read_as_{column.index}"] = forms.ChoiceField(
            label=_("Read column %(heading)s as") % {"heading": heading},
            choices=kinds,
            initial=column.read_as,
            widget=forms.Select(attrs={"aria-label": _("Read column %(heading)s as") % {"heading": heading}}),
        )
        self.fields[f"role_{column.index}"] = forms.ChoiceField(
            label=_("Whose is %(heading)s") % {"heading": heading},
            choices=roles,
            required=False,  # a line number or a time is nobody's, and is then not asked
            initial=column.role,
            widget=forms.Select(attrs={"aria-label": _("Whose is %(heading)s") % {"heading": heading}}),
        )
        if column.doubtful:
            day, month = words or (str(_("Day first")), str(_("Month first")))
            self.fields[f"day_first_{column.index}"] = forms.ChoiceField(
                label=_("Day first or month first?"),
                choices=[
                    ("day", Option(day, key="d")),
                    ("month", Option(month, key="m")),
                    ("both", Option(_("Keep both"), key="b")),
                ],
                initial={True: "day", False: "month", None: None}[column.day_first],
                widget=forms.RadioSelect(attrs={"class": "govuk-radios--small"}),
                error_messages={"required": _("Settle the dates of this column, or keep both")},
            )


# --- search ---------------------------------------------------------------------------------------


class SearchForm(DeskForm):
    """The query. Purpose and reference are asked on their own screen when none is kept yet."""

    mark_optional = False
    query = forms.CharField(
        label=_("Search an identifier, a reference or words"),
        max_length=1000,
        error_messages={"required": _("Write what you look for")},
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )


# --- administration -------------------------------------------------------------------------------


class AgencyForm(DeskForm):
    name = _text(_("Name"), missing=_("Give the agency's name"), most=120)
    code = _text(
        _("Code"),
        missing=_("Give a code of three letters"),
        hint=_("Three capital letters; they stand in every reference and cannot change"),
        most=3,
        css="govuk-input--width-4",
    )
    country = _text(
        _("Country"),
        missing=_("Give the country"),
        hint=_("Two letters, like GB"),
        most=2,
        css="govuk-input--width-2",
    )
    duty_phone = _text(_("Duty team's telephone"), missing=_("Give a number that is answered"), most=40)
    duty_mail = _text(
        _("Duty team's e-mail"), missing=_("Give the duty team's e-mail"), most=200, type="email"
    )


class TeamForm(DeskForm):
    name = _text(_("Name"), missing=_("Give the team's name"), most=120)
    phone = _text(_("Telephone"), most=40)
    mail = _text(_("E-mail"), most=200, type="email")


class OfficerForm(DeskForm):
    """Pass the teams of the agency."""

    name = _text(_("Name as shown to others"), missing=_("Give the officer's name"), most=120)
    login = _text(_("Sign-in e-mail"), missing=_("Give the e-mail to sign in with"), most=200, type="email")
    team = _select(_("Team"), [])

    def __init__(self, *args: Any, teams: Iterable[Choice], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["team"].choices = [("", _("Choose")), *teams]  # type: ignore[attr-defined]


class RoleRequestForm(DeskForm):
    """A role is asked for by one person and approved by another. Pass officers and roles."""

    officer = _select(_("Officer"), [])
    role = _radios(_("Role"), [], missing=_("Choose a role"))
    reason = _prose(_("Why is it needed?"), missing=_("Say why it is needed"), rows=2, most=1000)

    def __init__(
        self, *args: Any, officers: Iterable[Choice], roles: Iterable[Choice], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["officer"].choices = [("", _("Choose")), *officers]  # type: ignore[attr-defined]
        self.fields["role"].choices = list(roles)  # type: ignore[attr-defined]


class DecisionForm(DeskForm):
    """The second person decides; both answers weigh the same."""

    decision = _radios(
        _("Your decision"),
        (("approve", Option(_("Approve"))), ("refuse", Option(_("Refuse")))),
        missing=_("Choose a decision"),
    )
    reason = _prose(_("Reason"), missing=_("Give the reason; both people see it"), rows=2, most=1000)


class AuditFilter(Filter):
    """Sent by POST: a person's name or a record's reference may stand in it."""

    who = _text(_("Person or service"), most=120)
    record = _text(_("Record"), most=60)
    action = forms.ChoiceField(label=_("What was done"), required=False)
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("To"), required=False)

    def __init__(self, *args: Any, actions: Iterable[Choice] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["action"].choices = [_ANY, *actions]  # type: ignore[attr-defined]
