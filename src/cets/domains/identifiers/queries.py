"""Identifiers as their viewer may see them. A victim's value is its pseudonym until it is revealed, which is recorded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import F, QuerySet, prefetch_related_objects
from django.db.models.functions import Left

from cets.access.permissions import Permission
from cets.access.viewer import Viewer, require
from cets.audit.recording import Entry, record, record_many
from cets.domains.identifiers import events, explaining
from cets.domains.identifiers.explaining import Explanation
from cets.domains.identifiers.kinds import KINDS
from cets.domains.identifiers.kinds.base import Context
from cets.domains.identifiers.models import AgencyPattern, Holding, Sighting
from cets.domains.identifiers.own import OwnPattern
from cets.domains.reports.models import Message, Passage, Remark, Report
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
    with_pseudonyms(holdings[:1])  # of a secondee's reports none may say that it is a victim's
    return holdings


def places_of(holdings: Iterable[Holding]) -> QuerySet[Sighting]:
    """Return every place where these stand."""
    return (
        Sighting.objects.filter(holding__in=list(holdings))
        .select_related("report", "part")
        .order_by("report_id", "id")
    )


def patterns_visible_to(viewer: Viewer) -> QuerySet[AgencyPattern]:
    """Return the patterns of the viewer's own agency, those in use first: for who reads its reports, and who administers."""
    may = viewer.may(Permission.AGENCY_MANAGE) or (viewer.may(Permission.REPORT_VIEW) and not viewer.narrow)
    own = AgencyPattern.objects.filter(agency_id=viewer.own_agency) if may else AgencyPattern.objects.none()
    return own.order_by(F("retired_at").desc(nulls_first=True), "name", "-version")


@dataclass(frozen=True, slots=True)
class InUse:
    """An agency's patterns as files are read with them. Each that is added or retired makes another version."""

    version: int
    patterns: tuple[OwnPattern, ...]


def in_use(viewer: Viewer) -> InUse:
    """Return the patterns by which the viewer's agency looks through what it reads."""
    rows = list(patterns_visible_to(viewer))
    used = sorted((one for one in rows if one.retired_at is None), key=lambda one: one.slot)
    return InUse(
        version=len(rows) + len(rows) - len(used),
        patterns=tuple(
            OwnPattern(str(one.id), one.name, one.pattern, one.kind, one.platform or None) for one in used
        ),
    )


def pattern_uses(viewer: Viewer) -> dict[UUID, int]:
    """Return at how many places each pattern of the agency found something. Raises Refused."""
    require(viewer, Permission.AGENCY_MANAGE)
    with connection.cursor() as cursor:
        cursor.execute("select pattern_id, uses from cets_pattern_uses()")
        return dict(cursor.fetchall())


#: Of a text so many characters are looked through for what explains a value in it.
_MOST_TEXT = 400_000


def explained(viewer: Viewer, sightings: Sequence[Sighting]) -> dict[UUID, Explanation]:
    """Return, by sighting, why each value is taken for one of its kind.

    Says nothing of the text around a value but which known word announced it. Those masked for the viewer are for the caller
    to leave out.
    """
    prefetch_related_objects(sightings, "holding", "report__agency")
    texts = _texts(viewer, sightings)
    names = dict(patterns_visible_to(viewer).values_list("id", "name"))
    found: dict[UUID, Explanation] = {}
    for one in sightings:
        told = explaining.of_place(
            one.holding.kind,
            one.raw,
            Context(country=one.report.agency.country),
            text=texts.get((one.part_id, one.message, "" if one.message is not None else one.place), ""),
            start=one.start,
            end=one.end,
            pattern=None if one.pattern_id is None else names.get(one.pattern_id, ""),
        )
        if told:
            found[one.id] = told
    return found


def _texts(viewer: Viewer, sightings: Sequence[Sighting]) -> dict[tuple[UUID, int | None, str], str]:
    """Return the messages and passages in which these stand: by part and number, or by part and place."""
    placed = [one for one in sightings if one.start is not None and one.way != "declared"]
    mine = visible_reports(viewer).filter(id__in={one.report_id for one in placed})
    parts, short = {one.part_id for one in placed}, Left("text", _MOST_TEXT)
    numbers = {one.message for one in placed if one.message is not None}
    places = {one.place for one in placed if one.message is None and one.trace is None}
    texts: dict[tuple[UUID, int | None, str], str] = {}
    if numbers:
        messages = Message.objects.filter(report__in=mine, part__in=parts, number__in=numbers)
        texts |= {
            (part, number, ""): text
            for part, number, text in messages.values_list("part_id", "number", short)
        }
    if places:
        passages = Passage.objects.filter(report__in=mine, part__in=parts, place__in=places)
        texts |= {
            (part, None, place): text for part, place, text in passages.values_list("part_id", "place", short)
        }
    return texts


def key_of(kind: str, value: str) -> UUID:
    """Return the id under which an identifier is held, whoever holds it."""
    return keyed_id(settings.CETS.match_key, kind, value)


@dataclass(frozen=True, slots=True)
class Victims:
    """An identifier in a report that is a victim's, there or in another report of the agency."""

    report_id: UUID
    holding_id: UUID
    pseudonym: str
    of_report: UUID | None  # whose victim it is; a secondee is told it of the report itself alone
    is_telling: bool  # it leads to one person: neither a common value nor one that links nothing


def victims_in(report_ids: Iterable[UUID]) -> list[Victims]:
    """Return which identifiers of these reports are a victim's in any report of the agency: one statement.

    What the viewer may not see of the reports is left out. An identifier comes once for each report that says so, its own
    report first.
    """
    return _victims(_IN, report_ids)


def with_pseudonyms(holdings: Sequence[Holding]) -> Sequence[Holding]:
    """Give each holding the pseudonym under which the agency knows its value, from whichever report: one statement.

    For every door that shows values: the role belongs to the sighting, and masks the value in all of the agency.
    """
    known: dict[UUID, str] = {}
    for one in _victims(_AMONG, {h.id for h in holdings if not h.pseudonym}):
        known.setdefault(one.holding_id, one.pseudonym)
    for holding in holdings:
        holding.pseudonym = holding.pseudonym or known.get(holding.id, "")
    return holdings


_SELECT = "select report_id, holding_id, pseudonym, of_report, is_telling from "
_OWN_FIRST = " order by of_report is distinct from report_id, of_report"
_IN = f"{_SELECT} cets_victims_in(%s::uuid[]) {_OWN_FIRST}"
_AMONG = f"{_SELECT} cets_victims_among(%s::uuid[]) {_OWN_FIRST}"


def _victims(statement: str, ids: Iterable[UUID]) -> list[Victims]:
    wanted = list(ids)
    if not wanted:
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement, [wanted])
        return [Victims(*row) for row in cursor.fetchall()]


def shown(holding: Holding) -> str:
    """Return what may be shown of a value without a reveal."""
    if holding.pseudonym:
        return f"{holding.pseudonym} · {KINDS[holding.kind].in_text}"
    return holding.instead or holding.value


def reveal(viewer: Viewer, holdings: Iterable[Holding]) -> dict[UUID, str]:
    """Return victims' values by holding, each recorded. Raises Refused."""
    require(viewer, Permission.IDENTIFIER_REVEAL)
    masked = [h for h in holdings if h.is_masked]
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
