"""The guided tour of the demonstration: a card on the home page until it is hidden."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cets.access.permissions import Permission
from cets.access.viewer import Viewer
from cets.domains.reports.queries import NotFound
from cets.sites.desk import pages
from cets.sites.desk.navigation import address, has
from cets.sites.desk.request import DeskRequest, screen

_HIDDEN, _DONE = "tour_hidden", "tour_done"


@dataclass(frozen=True)
class _Step:
    text: str
    name: str  # of the screen where it is seen
    see: Permission | None = None  # where the screen's own does not say it
    query: str = ""


def card(request: DeskRequest) -> pages.Tour | None:
    """Return the card with the next step, or None once it was hidden or finished."""
    steps, done = _steps(request.viewer), _done(request)
    if request.session.get(_HIDDEN) or done >= len(steps):
        return None
    way = pages.Link(_("Show me"), reverse("tour", args=[done + 1]))
    return pages.Tour(done, len(steps), steps[done].text, way, reverse("tour_hide"))


def _done(request: DeskRequest) -> int:
    return int(request.session.get(_DONE, 0))


def _steps(viewer: Viewer) -> tuple[_Step, ...]:
    """Return the steps whose screens the viewer has: an administrator is led to other ones than an officer."""
    work = Permission.REPORT_VIEW
    steps = (
        _Step(_("See what waits in your team, the most urgent first."), "home", work, "?team=1"),
        _Step(
            _("Read a report: what it says, what was found in it, and what was not understood."), "reports"
        ),
        _Step(_("Learn that another agency holds the same identifier, and whom to call."), "hits"),
        _Step(_("Search for a value in any spelling."), "search"),
        _Step(_("Put a file in and watch its hits appear."), "upload"),
        _Step(_("See where two silent records meet, which neither agency is told."), "silent_pairs"),
        _Step(_("See the agencies, their teams, and who holds which role."), "agencies"),
        _Step(_("See what waits for the yes of a second person."), "approvals"),
        _Step(_("Read who did what in your agency, and whether the record of it is whole."), "audit"),
        _Step(_("See what is recorded about your own work."), "recorded"),
    )
    return tuple(s for s in steps if has(viewer, s.name) and (s.see is None or viewer.may(s.see)))


@screen("GET")
def go_on(request: DeskRequest, number: int) -> HttpResponse:
    """Lead to the screen of a step; the next one counts as seen then, no other. Raises NotFound."""
    steps = _steps(request.viewer)
    if not 1 <= number <= len(steps):
        raise NotFound(str(NotFound.__doc__))
    if number == _done(request) + 1:
        request.session[_DONE] = number
    step = steps[number - 1]
    return redirect(address(step.name) + step.query)


@screen("POST")
def hide(request: DeskRequest) -> HttpResponse:
    request.session[_HIDDEN] = True
    return redirect("home")
