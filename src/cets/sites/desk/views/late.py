"""A form that was not taken: a colleague was faster, or the right to it is gone.

The officer is told what was done meanwhile and how it stands now, gets the words back, and is led to the record. Of a
record that the viewer may not see nothing of this is told.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from cets.access.permissions import Permission
from cets.access.viewer import Viewer, acting
from cets.domains.agencies.models import Officer, RoleGrant
from cets.domains.approvals import queries as approvals
from cets.domains.deconfliction import queries as hits
from cets.domains.deconfliction.models import Hit
from cets.domains.identifiers.models import Holding
from cets.domains.reports import queries as reports
from cets.domains.reports.models import Part, Report
from cets.domains.reports.queries import NotFound
from cets.kernel.errors import CetsError, Meanwhile
from cets.sites.desk import pages
from cets.sites.desk.pages import Fact, Link
from cets.sites.desk.request import DeskRequest
from cets.sites.desk.views import lookups, unsent

#: So many of a record's last events tell what happened meanwhile.
_LAST = 3
#: So many of the own reports stand on the page of a hit that is over.
_OWN = 5


def shown_in(request: DeskRequest) -> str | None:
    """Return the mark of the state that the sent form showed, or None where none was sent."""
    return request.POST.get("shown")


def too_late(request: DeskRequest, error: type[Meanwhile]) -> CetsError:
    """Return what to raise where nothing is left to do: whoever sent a form is told so, whoever looks finds nothing."""
    found: type[CetsError] = error if request.method == "POST" else NotFound
    return found(str(found.__doc__))


def refused(request: Any, title: str, text: str, *, tells: bool) -> pages.Problem:
    """Return the page for what was not done. `tells`: also what happened to the record last."""
    is_sent = request.method not in {"GET", "HEAD"}
    with acting(request.viewer):
        about = _about(request)
        first, *more = about.ways if about else (_page_above(request),)
        tells = tells and is_sent
        opened = about.open() if about and tells else None
        last = lookups.history(lookups.events_of([opened], looks=False)[:_LAST]) if opened else ()
        return pages.Problem(
            title,
            text,
            first,
            ways=tuple(more),
            reference="" if about or is_sent else request.request_id,
            facts=about.facts if about and tells else (),
            meanwhile=last,
            typed=unsent.typed_in(request),
        )


@dataclass(frozen=True)
class _About:
    """A record that a form was about: the ways on, the best first, and how it stands."""

    ways: tuple[Link, ...]
    facts: tuple[Fact, ...] = field(default=())
    #: Opens it anew, as what the view recorded was undone; returns of which record events tell what happened meanwhile.
    open: Callable[[], UUID | None] = field(default=lambda: None)


def _about(request: Any) -> _About | None:
    """Return what a form was about, if the viewer may see it."""
    asked = request.resolver_match.kwargs
    for name, find in _RECORDS.items():
        if name in asked:
            return find(request.viewer, asked[name])
    return None


def _page_above(request: Any) -> Link:
    on = unsent.record_page_of(request.path)
    return Link(_("Go to my work") if on == reverse("home") else _("Go to the page it belongs to"), on)


def _report(viewer: Viewer, report_id: UUID) -> _About | None:
    asked = reports.visible_to(viewer).filter(id=report_id).first()
    if asked is None:
        return None
    way_on = Link(_("Go to the report"), reverse("report", args=[report_id]))
    return _About((way_on,), open=partial(_open_report, viewer, asked))


def _part(viewer: Viewer, part_id: UUID) -> _About | None:
    found = Part.objects.filter(id=part_id, report__in=reports.visible_to(viewer)).first()
    return _report(viewer, found.report_id) if found is not None else None


def _open_report(viewer: Viewer, asked: Report) -> UUID | None:
    if reports.needs_purpose(viewer, asked):
        return None
    found = reports.get(viewer, asked.id)  # of a supplement the report that it joined
    return None if reports.needs_purpose(viewer, found) else found.id


def _hit(viewer: Viewer, hit_id: UUID) -> _About | None:
    found = hits.visible_to(viewer).filter(id=hit_id).select_related("entry__owner_officer").first()
    if found is None:
        return None
    may_open = not hits.needs_purpose(viewer, found)
    if found.is_over:
        if may_open:
            hits.opened(viewer, found)
        return _About((*own_reports(viewer, found), Link(_("Go to the hits"), reverse("hits"))))
    way_on = Link(_("Go to the hit"), reverse("hit", args=[hit_id]))
    if not may_open:
        return _About((way_on,))
    standing = lookups.standing_decision(found)
    facts = (Fact(_("Settled with"), lookups.decision_words(standing)),) if standing else ()
    return _About((way_on,), facts, partial(_open_hit, viewer, found))


def _open_hit(viewer: Viewer, found: Hit) -> UUID:
    hits.opened(viewer, found)
    return found.id


def own_reports(viewer: Viewer, hit: Hit) -> tuple[Link, ...]:
    """Return the ways to the own reports that hold what a hit was about; none where opening it asks why first."""
    if hits.needs_purpose(viewer, hit):
        return ()
    held = Holding.objects.filter(key=hit.key).values("report")
    rows = reports.visible_to(viewer).filter(id__in=held).order_by("-received_at", "-reference")[:_OWN]
    return tuple(
        Link(
            _("Go to your report %(reference)s") % {"reference": one.reference},
            reverse("report", args=[one.id]),
        )
        for one in rows
    )


def _pair(viewer: Viewer, pair_id: UUID) -> _About | None:
    found = hits.silent_pairs(viewer).filter(id=pair_id).first()
    if found is None:
        return None
    facts = (Fact(_("What was agreed"), found.entry.outcome), Fact(_("Closed"), at=found.entry.closed_at))
    way_on = Link(_("Go to the pair"), reverse("silent_pair", args=[pair_id]))
    return _About((way_on,), facts if found.entry.closed_at else ())


def _approval(viewer: Viewer, approval_id: UUID) -> _About | None:
    found = approvals.visible_to(viewer).filter(id=approval_id).first()
    if found is None:
        return None
    facts: tuple[Fact, ...] = ()
    if found.decided_by is not None:
        facts = (
            Fact(_("Decision"), _("Agreed") if found.agreed else _("Refused")),
            Fact(_("Decided by"), lookups.names([found.decided_by]).get(found.decided_by, "")),
            Fact(_("Decided"), at=found.decided_at),
            *((Fact(_("Answer"), found.answer),) if found.answer else ()),
        )
    return _About((Link(_("Go to the request"), reverse("approval", args=[approval_id])),), facts)


def _officer(viewer: Viewer, officer_id: UUID) -> _About | None:
    people = Officer.objects.filter(id=officer_id, is_service=False)
    found = people.first() if viewer.may(Permission.OFFICER_MANAGE) else None
    if found is None:
        return None
    facts: tuple[Fact, ...] = (Fact(_("Officer"), found.name),)
    if found.left_at:
        facts = (*facts, Fact(_("Left"), at=found.left_at))
    elif found.absent_at:
        facts = (*facts, Fact(_("Away since"), at=found.absent_at))
    return _About((Link(_("Go to the officer"), reverse("officer", args=[found.id])),), facts)


def _grant(viewer: Viewer, grant_id: UUID) -> _About | None:
    held = RoleGrant.objects.filter(id=grant_id).first()
    return _officer(viewer, held.officer_id) if held is not None else None


#: By the name of its id in an address: of two ids the first of these counts, a hit's theirs is about the hit.
_RECORDS: dict[str, Callable[[Viewer, UUID], _About | None]] = {
    "hit_id": _hit,
    "report_id": _report,
    "part_id": _part,
    "pair_id": _pair,
    "approval_id": _approval,
    "officer_id": _officer,
    "grant_id": _grant,
}
