"""What comes next with a record, in a sentence that names the other agency, and the button that leads there."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from cets.domains.deconfliction.queries import Told
from cets.domains.ledger.models import Entry
from cets.sites.desk import wording
from cets.sites.desk.pages import Link
from cets.sites.desk.views.alerts import record_url


@dataclass(frozen=True)
class Step:
    """`text` is one sentence with a verb, `button` a verb and its object."""

    text: str
    why: str
    button: Link


def holders_word(told: Told) -> str:
    """Name the agencies that may be known to hold the same, or say that it is the own reports."""
    return ", ".join(dict.fromkeys(side.agency_name for side in told.theirs)) or _("your own reports")


def of_hit(told: Told) -> Step:
    """Return the step of an open hit: a call, or the agency's own reports to be joined."""
    hit, kind = told.hit, wording.kind_inside(told.kind)
    url = reverse("hit", args=[hit.id])
    if not told.theirs:
        return Step(
            _("%(step)s: hit %(reference)s") % {"step": hit.entry.next_step, "reference": hit.reference},
            _("Your own reports hold the same %(kind)s.") % {"kind": kind},
            Link(_("Open the hit"), url),
        )
    return Step(
        _("Contact %(holders)s about hit %(reference)s")
        % {"holders": holders_word(told), "reference": hit.reference},
        _("They hold the same %(kind)s. Do not approach anyone until you have spoken to them.")
        % {"kind": kind},
        Link(_("Contact the holder"), url),
    )


def of_entry(entry: Entry, about: str) -> Step:
    """Return the step of any other entry; `about` stands in where nobody wrote why."""
    words = {
        "report": _("Open the report"),
        "hit": _("Open the hit"),
        "silent_pair": _("Open the silent pairs"),
    }
    return Step(
        f"{entry.next_step}: {entry.title}",
        entry.why or about,
        Link(
            words.get(entry.subject_type, _("Open the record")),
            record_url(entry.subject_type, entry.subject_id),
        ),
    )
