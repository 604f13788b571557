"""Why somebody looks: the pick-list. Codes are stored; words are shown."""

from django.utils.translation import gettext_lazy as _

PURPOSES = {
    "intake": _("Intake and grading of a report"),
    "inquiry": _("Active inquiry"),
    "deconfliction": _("Deconfliction of a hit"),
    "safeguarding": _("Safeguarding a child"),
    "supervision": _("Supervision or review"),
    "training": _("Training, on invented records only"),
    "command line": _("Command line"),
}
