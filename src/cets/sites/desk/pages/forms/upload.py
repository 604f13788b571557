"""What is asked when files come in, and when somebody searches."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from cets.domains.search.queries import MOST_LETTERS
from cets.sites.desk.pages.forms.fields import (
    Choice,
    DeskForm,
    Option,
    Words,
    text_field,
)


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
    # Asked first: when a file goes, it is settled what others learn of it.
    level = forms.ChoiceField(label=_("What others learn of what you add"), initial="contact")
    # Not "files": a form keeps its uploads under that name.
    uploads = ManyFilesField(
        label=_("Choose files or drop them here"),
        error_messages={"required": _("Choose at least one file")},
        widget=ManyFilesInput(attrs={"data-key": "u"}),
    )
    together = forms.BooleanField(
        label=_("These files are one report"),
        help_text=_("Otherwise each file is a report of its own."),
        required=False,
    )
    #: Of what came together and is sent in several requests: the report that the first one made.
    report = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["level"].choices = [  # type: ignore[attr-defined]
            ("contact", _("Contact: whom to call")),
            ("open", _("Open: summary, reference")),
            ("silent", _("Silent: nothing")),
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

    save_as = text_field(
        _("Save this map as"), hint=_("Offered again for files with the same headings"), most=80
    )

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


class PickMapForm(DeskForm):
    """A column map to try on a table. Sent by GET: it holds the map's own name for itself, nothing of the file."""

    mark_optional = False
    map = forms.ChoiceField(label=_("Read the columns by a map that is there"), required=False)

    def __init__(self, *args: Any, groups: Sequence[tuple[str, Sequence[Choice]]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["map"].choices = [  # type: ignore[attr-defined]
            ("", _("As it was read")),
            *groups,
        ]


class SearchForm(DeskForm):
    """The query. Purpose and reference are asked on their own screen when none is kept yet."""

    mark_optional = False
    query = forms.CharField(
        label=_("Search an identifier, a reference or words"),
        max_length=MOST_LETTERS,
        error_messages={"required": _("Write what you look for")},
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )


class FindForm(DeskForm):
    """Words to look for within one report. `every`: in all its conversations, where there are several."""

    mark_optional = False
    words = forms.CharField(
        label=_("Find in this report"),
        max_length=200,
        error_messages={"required": _("Write what you look for")},
        widget=forms.TextInput(
            attrs={"type": "search", "autocomplete": "off", "spellcheck": "false", "data-key": "f"}
        ),
    )
    every = forms.BooleanField(label=_("In all conversations"), required=False)

    def __init__(self, *args: Any, label: Words, several: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["words"].label = label
        if not several:
            del self.fields["every"]


class ChooseForm(DeskForm):
    """One conversation of many. Sent by GET: it holds the number of the conversation, never its name."""

    mark_optional = False
    c = forms.ChoiceField(label=_("Conversation"))

    def __init__(self, *args: Any, choices: Iterable[Choice], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["c"].choices = list(choices)  # type: ignore[attr-defined]
