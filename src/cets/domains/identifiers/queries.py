"""Identifiers as their viewer may see them. A victim's value is its pseudonym until it is revealed, which is recorded."""

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from cets.access.permissions import Permission
from cets.access.viewer import Viewer, require
from cets.audit.recording import Entry, record, record_many
from cets.domains.identifiers import events
from cets.domains.identifiers.kinds import KINDS
from cets.domains.identifiers.models import Holding, Sighting
from cets.domains.reports.models import Remark, Report
from cets.domains.reports.queries import NotFound
from cets.domains.reports.queries import visible_to as visible_reports
from cets.kernel.ids import keyed_id


def visible_to(viewer: Viewer) -> QuerySet[Holding]:
    """Return the holdings of the reports this viewer may see."""
    holdings = Holding.objects.filter(agency_id=viewer.own_agency)
    return (
        holdings.filter(report__in=visible_reports(viewer))
        if viewer.narrow
        else holdings
        if viewer.may(Permission.REPORT_VIEW)
        else holdings.none()
    )


def of_report(report: Report) -> QuerySet[Holding]:
    """Return a report's identifiers: those that can link first, by kind and value."""
    return Holding.objects.filter(report=report).order_by("-pivot", "kind", "value")


def of_key(viewer: Viewer, key: UUID) -> list[Holding]:
    """Return every holding of one identifier that the viewer may see, and record the look. Raises NotFound."""
    holdings = list(visible_to(viewer).filter(key=key).select_related("report").order_by("report__reference"))
    if not holdings:
        raise NotFound(str(NotFound.__doc__))
    record(events.OPENED, by=viewer, subject=("identifier", key))
    return holdings


def places_of(holdings: Iterable[Holding]) -> QuerySet[Sighting]:
    """Return every place where these stand."""
    return (
        Sighting.objects.filter(holding__in=list(holdings))
        .select_related("report", "part")
        .order_by("report_id", "id")
    )


def key_of(kind: str, value: str) -> UUID:
    """Return the id under which an identifier is held, whoever holds it."""
    return keyed_id(settings.CETS.match_key, kind, value)


def shown(holding: Holding) -> str:
    """Return what may be shown of a value without a reveal."""
    return f"{holding.pseudonym} · {KINDS[holding.kind].in_text}" if holding.pseudonym else holding.value


def reveal(viewer: Viewer, holdings: Iterable[Holding]) -> dict[UUID, str]:
    """Return victims' values by holding, each recorded. Raises Refused."""
    require(viewer, Permission.IDENTIFIER_REVEAL)
    masked = [h for h in holdings if h.pseudonym]
    record_many(
        (Entry(events.REVEALED, "identifier", str(h.key), {"report": h.report_id}) for h in masked), by=viewer
    )
    return {h.id: h.value for h in masked}


def reveal_doubt(viewer: Viewer, remark: Remark) -> None:
    """Record that a victim's value with two meanings is shown as it came. Raises Refused."""
    require(viewer, Permission.IDENTIFIER_REVEAL)
    record(
        events.REVEALED,
        by=viewer,
        subject=("report", remark.report_id),
        report=remark.report_id,
        remark=remark.id,
    )


def reveal_names(viewer: Viewer, report: Report) -> None:
    """Record that a report's title and its files' names are shown as they came. Raises Refused."""
    require(viewer, Permission.IDENTIFIER_REVEAL)
    record(events.REVEALED, by=viewer, subject=("report", report.id), report=report.id)
