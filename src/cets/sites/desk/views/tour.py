"""The guided tour of the demonstration: a card on the home page until it is hidden."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cets.sites.desk import pages
from cets.sites.desk.navigation import address
from cets.sites.desk.request import DeskRequest, screen

_HIDDEN, _DONE = "tour_hidden", "tour_done"


def card(request: DeskRequest) -> pages.Tour | None:
    """Return the card with the next step, or None once it was hidden or finished."""
    steps = _steps()
    done = int(request.session.get(_DONE, 0))
    if request.session.get(_HIDDEN) or done >= len(steps):
        return None
    return pages.Tour(
        done, len(steps), steps[done][0], pages.Link(_("Show me"), reverse("tour")), reverse("tour_hide")
    )


def _steps() -> tuple[tuple[str, str], ...]:
    """What each step says, and the name of the screen where it is seen."""
    return (
        (_("See what waits in your team, the most urgent first."), "home"),
        (_("Read a report: what it says, what was found in it, and what was not understood."), "reports"),
        (_("Learn that another agency holds the same identifier, and whom to call."), "hits"),
        (_("Search for a value in any spelling."), "search"),
        (_("Put a file in and watch its hits appear."), "upload"),
        (_("See what is recorded about your own work."), "recorded"),
    )


@screen("GET")
def go_on(request: DeskRequest) -> HttpResponse:
    """Note the step as seen and lead to its screen."""
    steps = _steps()
    done = min(int(request.session.get(_DONE, 0)), len(steps) - 1)
    request.session[_DONE] = done + 1
    return redirect(address(steps[done][1]) or reverse("home"))


@screen("POST")
def hide(request: DeskRequest) -> HttpResponse:
    request.session[_HIDDEN] = True
    return redirect("home")
