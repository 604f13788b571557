"""What a report says of its own state: whether it is read, graded, shared, closed."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from cets.domains.reports.models import Part, Report
from cets.domains.sharing.levels import Level
from cets.sites.desk import pages, wording


def title(report: Report) -> str:
    """Return what stands beside the reference: the category, as far as it is known."""
    if report.state == "sealed":
        return report.category or _("not read yet")
    if report.state == "not_understood":
        return report.category or _("could not be read")
    return report.category or _("no category stated")


#: Sealed and kept, and no source could make anything of it, or not to its end.
_UNREADABLE = frozenset({"not_understood", "failed"})


def waits(parts: Iterable[Part]) -> str:
    """Say that a report, or a file of it, is not read, or not to its end: where nothing was found, nothing is known.

    An archive is read when its list of files is: what they hold is known of those alone that were read themselves.
    """
    found = list(parts)
    if {part.state for part in found if not part.member} == {"sealed"}:
        return _("Not read yet")
    states = {part.state for part in found}
    if states & {"sealed", "needs_map"}:
        return _("Not all of it is read yet")
    if states & _UNREADABLE:
        return _("It could not be read") if states <= _UNREADABLE else _("Not all of it could be read")
    return ""


def tags(report: Report) -> Iterable[pages.Tag]:
    if report.urgent:
        yield pages.Tag(_("Urgent"), "red")
    yield wording.level_tag(Level(report.sharing))
    grading = f"{report.grading_source}-{report.grading_information}-{report.grading_handling}"
    if report.graded_by is None:
        yield pages.Tag(_("Not graded"), "amber")
    else:
        yield pages.Tag(_("Grading %(grading)s") % {"grading": grading}, "grey")
    if report.entry.closed_at:
        yield pages.Tag(_("Closed"), "green")


def alert(report: Report, parts: Sequence[Part]) -> pages.Alert | None:
    if report.state == "sealed":
        return pages.Alert(
            _("The file is sealed and waits to be read."),
            _("What it holds appears here by itself."),
            "information",
        )
    if any(p.state == "sealed" and not p.member for p in parts):
        return pages.Alert(
            _("A file or a note of it waits to be read."),
            _("What it holds appears here by itself."),
            "information",
        )
    waiting = next((p for p in parts if p.state == "needs_map"), None)
    if waiting is not None:
        return pages.Alert(
            _("Confirm the columns of a table."),
            _("What is sure in it was read. The rest waits for you."),
            "warning",
        )
    if any(p.state == "failed" for p in parts):
        return pages.Alert(
            _("A part could not be read to its end."),
            _("The original is sealed; the receipt says how far it was read."),
            "warning",
        )
    return None
