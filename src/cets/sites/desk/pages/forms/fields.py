"""What the desk's forms are made of: fields with labels and hints, and moments as people type them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cets.kernel.texts import shows_something
from cets.sites.desk.forms_renderer import DeskRenderer

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise
else:  # the stubs are not part of the product
    from django.utils.functional import Promise as StrPromise

Choice = tuple[str, "Words | Option"]
ANY: Choice = ("", _("Any"))

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


def select_field(label: Words, choices: Iterable[Choice], *, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[("", _("Choose")), *choices],
        required=required,
        error_messages={"required": _("Choose one of the list")},
    )


def radio_field(
    label: Words, choices: Iterable[Choice], *, missing: Words, hint: Words = ""
) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=list(choices),
        widget=forms.RadioSelect(attrs={"class": "govuk-radios--small"}),
        help_text=hint,
        error_messages={"required": missing},
    )


_TOO_LONG_FOR_A_NOTE = _(
    "This has %(show_value)d characters, and at most %(limit_value)d fit here. Nothing was saved, and all you wrote is"
    " still in the field: shorten it, or add it as a file."
)


class SeenField(forms.CharField):
    """Text that somebody can see: signs that show nothing are as good as none.

    The browser is not told the longest: it would cut off the end of what is pasted without a word.
    """

    default_error_messages = {
        "max_length": _(
            "This has %(show_value)d characters, and at most %(limit_value)d fit here. Nothing was saved, and all you"
            " wrote is still in the field: shorten it."
        )
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        # Above a form stand the errors of all its fields.
        self.error_messages["max_length"] = format_lazy(
            "{field}: {words}", field=self.label, words=self.error_messages["max_length"]
        )

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return text if not text or shows_something(text) else self.empty_value


def text_field(
    label: Words,
    *,
    missing: Words = "",
    hint: Words = "",
    most: int = 200,
    css: str = "",
    **attributes: str,
) -> forms.CharField:
    return SeenField(
        label=label,
        help_text=hint,
        max_length=most,
        required=bool(missing),
        error_messages={"required": missing} if missing else {},
        widget=forms.TextInput(attrs={"class": css, "autocomplete": "off", **attributes}),
    )


def prose_field(
    label: Words,
    *,
    missing: Words = "",
    hint: Words = "",
    rows: int = 4,
    most: int = 4000,
    or_a_file: bool = False,
) -> forms.CharField:
    """Return a field for a text. `or_a_file`: what is too long for it may be added as a file instead."""
    messages = {"required": missing} if missing else {}
    if or_a_file:
        messages["max_length"] = _TOO_LONG_FOR_A_NOTE
    return SeenField(
        label=label,
        help_text=hint,
        max_length=most,
        required=bool(missing),
        error_messages=messages,
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

    def _place(self, wall: datetime) -> datetime:
        moment = timezone.make_aware(wall)
        # The page's zone skips this wall clock or has it twice: only the officer can say which.
        if moment.utcoffset() != moment.replace(fold=1).utcoffset():
            raise forms.ValidationError(_("The clocks changed then: write a time outside that hour"))
        self._check(moment, timezone.now())
        return moment

    def _check(self, moment: datetime, now: datetime) -> None:
        if moment > now + timedelta(minutes=5):
            raise forms.ValidationError(_("This time is still to come"))

    def validate(self, value: Any) -> None:
        if value is None and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """Nothing more to check: the text was read as a time."""


class DueField(MomentField):
    """By when something is to be done: from now on, within a year."""

    def _check(self, moment: datetime, now: datetime) -> None:
        if moment < now:
            raise forms.ValidationError(_("This time is over"))
        if moment > now + timedelta(days=366):
            raise forms.ValidationError(_("Give a time within a year"))


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


#: Years that a record can be of: beyond them lie slips of the hand, and the ends of the calendar.
EARLIEST, LATEST = 1900, 2200


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
            found = date(year, month, day)
        except (ValueError, OverflowError):
            raise forms.ValidationError(_("There is no such day")) from None
        if not EARLIEST <= found.year <= LATEST:
            raise forms.ValidationError(_("There is no such day in these records"))
        return found
