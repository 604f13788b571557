"""My work by due time, my team's, the hits that wait for a call, what I must be told."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cets.access.permissions import Permission
from cets.access.viewer import Viewer, require
from cets.domains.deconfliction import queries as hits
from cets.domains.deconfliction.queries import Told
from cets.domains.ledger import actions as ledger
from cets.domains.ledger import queries as work
from cets.domains.ledger.models import Entry
from cets.domains.reports import queries as reports
from cets.domains.reports.models import Report
from cets.domains.reports.queries import NotFound
from cets.kernel.errors import CetsError
from cets.sites.desk import pages, wording
from cets.sites.desk.paging import MOST_COUNTED, counted, page_of
from cets.sites.desk.request import DeskRequest, screen, show
from cets.sites.desk.views import alerts, lookups, steps, tour
from cets.sites.desk.views.alerts import record_url
from cets.sites.desk.views.steps import holders_word

#: So many hits stand on the card.
_ON_CARD = 3
#: Among so many: all open hits by due time would be sorted at every visit.
_STRONGEST = 50


class TakenAlready(CetsError):
    """Somebody else took it a moment ago. It is on their list now."""


@screen("GET")
def home(request: DeskRequest) -> HttpResponse:
    viewer, of_team = request.viewer, request.GET.get("team") == "1"
    midnight = (timezone.localtime(request.at) + timedelta(days=1)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    mine, team = work.open_for(viewer), work.open_for(viewer, team=True)
    n_mine, n_team = counted(mine), counted(team)
    rows, paging = page_of(team if of_team else mine, reverse("home"), request.GET)
    told = _told(viewer, rows)
    waiting = _waiting(viewer)
    page = pages.Home(
        overdue=counted(mine.filter(due_at__lt=request.at)),
        today=counted(mine.filter(due_at__gte=request.at, due_at__lt=midnight)),
        later=counted(mine.filter(due_at__gte=midnight)),
        team=pages.Link(_("Waiting in the team: %(n)s") % {"n": capped(n_team)}, _team_url())
        if n_team
        else None,
        mine_link=pages.Link(_("Mine (%(n)s)") % {"n": capped(n_mine)}, reverse("home")),
        team_link=pages.Link(_("My team (%(n)s)") % {"n": capped(n_team)}, _team_url()),
        groups=tuple(_groups(viewer, rows, told, request.at, midnight, of_team=of_team)),
        next=_next(rows, told) if rows and not of_team and paging is None else None,
        showing_team=of_team,
        hits=tuple(map(_waiting_hit, waiting)),
        all_hits=pages.Link(_("All hits"), reverse("hits")) if waiting else None,
        alerts=alerts.card(viewer) if viewer.may(Permission.REPORT_VIEW) else None,
        tour=tour.card(request) if settings.CETS.is_demo else None,
        paging=paging,
        empty=None if rows else _empty(n_team, team.filter(due_at__lt=request.at), of_team=of_team),
    )
    return show(request, page, current="home")


def capped(number: int) -> str:
    """1,000+ where counting ended."""
    return f"{MOST_COUNTED:,}+" if number > MOST_COUNTED else f"{number:,}"


def _team_url() -> str:
    return f"{reverse('home')}?team=1"


def _empty(n_team: int, late: QuerySet[Entry], *, of_team: bool) -> pages.Empty:
    if of_team:
        return pages.Empty(_("Nothing waits in your team."), pages.Link(_("My work"), reverse("home")))
    if not n_team:
        return pages.Empty(_("Nothing is due, and nothing waits in your team."))
    text = ngettext(
        "Nothing of yours is due. %(n)s waits in your team.",
        "Nothing of yours is due. %(n)s wait in your team.",
        n_team,
    ) % {"n": capped(n_team)}
    if n_late := counted(late):
        text += " " + ngettext("%(n)s is overdue.", "%(n)s are overdue.", n_late) % {"n": capped(n_late)}
    return pages.Empty(text, pages.Link(_("See what waits"), _team_url()), main=True)


_Told = tuple[dict[UUID, Report], dict[UUID, Told]]


def _told(viewer: Viewer, entries: Iterable[Entry]) -> _Told:
    """Return the reports and hits that the entries are about."""
    of = {"report": [], "hit": []}  # type: dict[str, list[UUID]]
    for entry in entries:
        of.get(entry.subject_type, []).append(entry.subject_id)
    found = {r.id: r for r in reports.visible_to(viewer).filter(id__in=of["report"])} if of["report"] else {}
    return found, _tell(viewer, hits.visible_to(viewer).filter(id__in=of["hit"])) if of["hit"] else {}


def _tell(viewer: Viewer, rows: QuerySet) -> dict[UUID, Told]:  # type: ignore[type-arg]
    return {told.hit.id: told for told in hits.tell(viewer, list(rows))}


def _groups(
    viewer: Viewer, entries: list[Entry], told: _Told, at: datetime, midnight: datetime, *, of_team: bool
) -> Iterable[pages.WorkGroup]:
    late = [e for e in entries if e.due_at < at]
    today = [e for e in entries if at <= e.due_at < midnight]
    later = [e for e in entries if e.due_at >= midnight]
    titles = (_("Overdue"), _("Today, %(day)s") % {"day": wording.day(at)}, _("Later"))
    for title, group, is_late in zip(titles, (late, today, later), (True, False, False), strict=True):
        if group:
            yield pages.WorkGroup(
                f"{title} ({len(group)})",
                tuple(_row(viewer, e, told, takes=of_team) for e in group),
                late=is_late,
            )


def _row(viewer: Viewer, entry: Entry, told: _Told, *, takes: bool) -> pages.WorkRow:
    url = record_url(entry.subject_type, entry.subject_id)
    about, risk = _about(entry, told)
    return pages.WorkRow(
        due=entry.due_at,
        record=pages.Link(entry.title, url),
        about=about,
        step=pages.Link(entry.next_step, url),
        owner=lookups.owner_word(viewer, entry),
        risk=risk,
        take_url=reverse("take", args=[entry.id]) if takes and entry.subject_type != "silent_pair" else "",
    )


def _about(entry: Entry, told: _Told) -> tuple[str, pages.Tag | None]:
    found_reports, found_hits = told
    report, hit = found_reports.get(entry.subject_id), found_hits.get(entry.subject_id)
    if report is not None:
        return report_about(report), pages.Tag(_("Urgent"), "red") if report.urgent else None
    if hit is not None:
        about = _("%(holders)s, %(kind)s") % {
            "holders": holders_word(hit),
            "kind": wording.kind_inside(hit.kind),
        }
        return about, pages.Tag(_("Weak hit"), "grey") if hit.strength.word == "weak" else None
    return "", None


def report_about(report: Report) -> str:
    """Say what a report is by category and sender: never by its title, in which a name may stand."""
    sender = report.platform or report.external_body
    return ", ".join(part for part in (report.category or _("Report"), sender) if part)


def _next(rows: list[Entry], told: _Told) -> pages.NextStep:
    entry = rows[0]
    hit = told[1].get(entry.subject_id)
    step = steps.of_hit(hit) if hit else steps.of_entry(entry, _about(entry, told)[0])
    return pages.NextStep(
        lead=_("Do this next"), step=step.text, why=step.why, due=entry.due_at, button=step.button, mine=True
    )


def _waiting(viewer: Viewer) -> list[Told]:
    """Return the open hits with another agency that are due first, among the strongest."""
    if not viewer.may(Permission.HIT_SETTLE):
        return []
    rows = (
        hits.visible_to(viewer)
        .filter(state="open", common="", theirs__gt=0)
        .select_related("entry")
        .order_by("-bits")
    )
    return hits.tell(viewer, sorted(rows[:_STRONGEST], key=lambda hit: hit.entry.due_at)[:_ON_CARD])


def _waiting_hit(told: Told) -> pages.WaitingHit:
    about = _("%(kind)s, %(reports)s") % {
        "kind": wording.kind_word(told.kind),
        "reports": wording.in_reports(len(told.mine)),
    }
    return pages.WaitingHit(
        holder=pages.Link(holders_word(told), reverse("hit", args=[told.hit.id])),
        about=about,
        due=told.hit.entry.due_at,
        bits=pages.Bits(told.strength.bits, told.strength.common),
    )


@screen("POST", see=Permission.REPORT_VIEW)
def take(request: DeskRequest, entry_id: UUID) -> HttpResponse:
    """Take an open entry from one of the viewer's teams. Raises TakenAlready."""
    viewer = request.viewer
    require(viewer, Permission.REPORT_GRADE)
    entry = (
        Entry.objects.select_for_update(of=("self",))
        .filter(id=entry_id, agency_id=viewer.own_agency, closed_at=None)
        .first()
    )
    if entry is None:
        raise NotFound(str(NotFound.__doc__))
    if entry.owner_officer_id == viewer.actor_id:
        return redirect(record_url(entry.subject_type, entry.subject_id))
    if entry.owner_team_id not in viewer.teams:
        raise (
            TakenAlready(str(TakenAlready.__doc__))
            if entry.owner_officer_id
            else NotFound(str(NotFound.__doc__))
        )
    ledger.assign(entry=entry, officer=request.officer, team=None, by=viewer, at=request.at)
    messages.success(request, _("%(record)s is yours now.") % {"record": entry.title})
    return redirect(record_url(entry.subject_type, entry.subject_id))
