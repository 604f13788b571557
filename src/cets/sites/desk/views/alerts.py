"""What a person or a team was told: opened or put aside it leaves the home page, and stays here among the earlier ones."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cets.access.permissions import Permission
from cets.access.viewer import Viewer
from cets.domains.ledger import actions
from cets.domains.ledger import queries as work
from cets.domains.ledger.models import Alert
from cets.domains.reports.queries import NotFound
from cets.sites.desk import pages, wording
from cets.sites.desk.paging import page_of
from cets.sites.desk.request import DeskRequest, screen, show
from cets.sites.desk.views import lookups

#: So many stand on the home page, and no more are put aside at once than stood on a page.
ON_CARD = 4


def tag_of(one: Alert) -> pages.Tag:
    """Return the word and colour an alert is marked with."""
    match one.kind:
        case "hit":
            return pages.Tag(_("Hit"), "plum")
        case "joined":
            return pages.Tag(_("Joined"), "blue")
        case "assigned":
            return pages.Tag(_("Given to you"), "blue")
        case "fell_to_team":
            return pages.Tag(_("Fell to the team"), "amber")
        case _other:
            return pages.Tag(_("Note"), "grey")


def record_url(subject_type: str, subject_id: UUID) -> str:
    """Return the address of the record that an entry or an alert is about."""
    name = {"report": "report", "hit": "hit", "silent_pair": "silent_pairs"}.get(subject_type)
    if name is None:
        return reverse("home")
    return reverse(name) if name == "silent_pairs" else reverse(name, args=[subject_id])


def card(viewer: Viewer) -> pages.AlertCard:
    """Return the newest unread alerts, as the home page shows them."""
    unread = list(work.alerts_for(viewer, most=ON_CARD + 1))
    shown, has_more = unread[:ON_CARD], len(unread) > ON_CARD
    all_words = _("Mark these %(n)s read") % {"n": len(shown)} if has_more else _("Mark all read")
    return pages.AlertCard(
        alerts=tuple(map(_on_card, shown)),
        read_url=reverse("alerts_read"),
        read_all=all_words if len(shown) > 1 else "",
        earlier=pages.Link(_("Earlier alerts"), reverse("alerts")),
        has_more=has_more,
    )


def _on_card(one: Alert) -> pages.HomeAlert:
    return pages.HomeAlert(
        id=str(one.id), tag=tag_of(one), text=one.text, url=reverse("alert", args=[one.id]), at=one.at
    )


@screen("GET", see=Permission.REPORT_VIEW)
def alerts(request: DeskRequest) -> HttpResponse:
    """The alerts that were read, with who read them and when."""
    rows, paging = page_of(work.earlier_alerts(request.viewer), reverse("alerts"), request.GET)
    page = pages.TablePage(
        title=_("Earlier alerts"),
        lead=_("What you or your team were told and have read. What is new stands on the home page."),
        crumbs=(pages.Link(_("My work"), reverse("home")),),
        table=_table(rows),
        paging=paging,
    )
    return show(request, page, current="home")


def _table(rows: Sequence[Alert]) -> pages.Table:
    readers = lookups.names(one.read_by for one in rows if one.read_by)
    columns = (pages.Column(_("Alert")), pages.Column(_("Told")), pages.Column(_("Read")))
    cells = tuple(
        (
            pages.Cell(one.text, record_url(one.subject_type, one.subject_id), tag=tag_of(one)),
            pages.Cell(at=one.at),
            _read(one, one.read_by, readers),
        )
        for one in rows
        if one.read_by
    )
    return pages.Table(columns, cells, empty=_("No alert was read yet. New ones stand on the home page."))


def _read(one: Alert, read_by: UUID, names: Mapping[UUID, str]) -> pages.Cell:
    """Say who read it and when; of a hit that is over the day alone: the second is another agency's."""
    if read_by.int == 0:
        return pages.Cell(
            wording.day(one.read_at) if one.read_at else "", sub=_("put aside: the hit is over")
        )
    return pages.Cell(at=one.read_at, sub=_("by %(name)s") % {"name": names.get(read_by, _("somebody"))})


@screen("POST", see=Permission.REPORT_VIEW)
def alert(request: DeskRequest, alert_id: UUID) -> HttpResponse:
    """Open what an alert is about; it is read then."""
    one = work.told_to(request.viewer).filter(id=alert_id).first()
    if one is None:
        raise NotFound(str(NotFound.__doc__))
    actions.mark_read(alert_ids=[one.id], by=request.viewer, at=request.at)
    return redirect(record_url(one.subject_type, one.subject_id))


@screen("POST", see=Permission.REPORT_VIEW)
def alerts_read(request: DeskRequest) -> HttpResponse:
    """Put aside the alerts that stood on the page: one that came since stays new."""
    ids = islice(_ids(request.POST.getlist("alert")), ON_CARD)
    read = actions.mark_read(alert_ids=ids, by=request.viewer, at=request.at)
    if read:
        words = ngettext(
            "%(n)s alert is read now. It stands under “Earlier alerts”.",
            "%(n)s alerts are read now. They stand under “Earlier alerts”.",
            read,
        )
        messages.success(request, words % {"n": read})
    return redirect("home")


def _ids(texts: Iterable[str]) -> Iterable[UUID]:
    for text in texts:
        try:
            yield UUID(text)
        except ValueError:
            continue
