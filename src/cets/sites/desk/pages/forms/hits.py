"""What is asked about hits: filters, the contact step, an outcome and its reason."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cets.sites.desk.pages.forms.fields import (
    ANY,
    DeskForm,
    Filter,
    MomentField,
    Option,
    prose_field,
    radio_field,
    text_field,
)

#: Two who spoke of the same person a day before the files came in have spoken of the hit.
BEFORE_FOUND = timedelta(days=1)


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
        choices=[ANY, ("strong", _("Strong")), ("fair", _("Fair or strong"))],
    )
    suppressed = forms.BooleanField(label=_("Common values too"), required=False)


class ContactForm(DeskForm):
    """What came of the call. No answer is preselected."""

    spoke_to = text_field(
        _("Whom did you speak to?"), missing=_("Name the person you spoke to"), most=120, **{"data-key": "c"}
    )
    spoke_at = MomentField(
        label=_("When?"),
        error_messages={"required": _("Say when you spoke to them")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    agreed = radio_field(
        _("What did you agree?"),
        (
            ("together", Option(_("We work together"), _("Opens a joint inquiry"), "1")),
            ("they_lead", Option(_("They lead"), _("We hold, they keep us told"), "2")),
            ("we_lead", Option(_("We lead"), _("They hold, we keep them told"), "3")),
        ),
        missing=_("Choose what you agreed"),
    )

    def __init__(self, *args: Any, zone: str = "", found_at: datetime | None = None, **options: Any) -> None:
        """`zone`: in which the clock is read, written beside the field. `found_at`: when the hit was found."""
        super().__init__(*args, **options)
        self._found_at = found_at
        if zone:
            self.fields["spoke_at"].label = _("When? (%(zone)s)") % {"zone": zone}

    def clean_spoke_at(self) -> datetime:
        """Refuse a call long before there was anything to call about: a slip in day or year."""
        spoke_at: datetime = self.cleaned_data["spoke_at"]
        if self._found_at is not None and spoke_at < self._found_at - BEFORE_FOUND:
            found = timezone.localtime(self._found_at)
            raise forms.ValidationError(
                gettext("The hit was found %(at)s: say when you spoke about it")
                % {"at": f"{found:%d %b %Y, %H:%M}"}
            )
        return spoke_at


class AgreedForm(DeskForm):
    """What two holders agreed, in words."""

    agreed = prose_field(_("What was agreed?"), missing=_("Say what was agreed"), rows=3, most=1000)


class ReasonForm(DeskForm):
    """Not the same, no action, take back: each with a reason."""

    reason = prose_field(_("Reason"), missing=_("Give the reason"), rows=3, most=1000)
