"""Why somebody looks: the pick-list. Codes are stored; words are shown."""

from django.utils.translation import gettext_lazy as _

PURPOSES = {
    "intake": _("Intake and grading of a report"),
    "inquiry": _("Active inquiry"),
    "deconfliction": _("Deconfliction of a hit"),
    "safeguarding": _("Safeguarding a child"),
    "supervision": _("Supervision or review"),
    "disclosure": _("Court or disclosure"),
    "audit": _("Data-protection check"),
    "training": _("Training, on invented records only"),
    "command line": _("Command line"),
}

COMMAND_LINE = "command line"
#: What a person may choose; the other is what a command says of itself.
ASKED = tuple((code, words) for code, words in PURPOSES.items() if code != COMMAND_LINE)


def words_of(code: str) -> str:
    """Return what is shown for a code; one that is no longer offered shows as itself."""
    return str(PURPOSES.get(code, code))
