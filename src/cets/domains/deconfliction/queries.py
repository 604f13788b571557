"""Hits as one side may know them: the own records, and of the others what their level allows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet

from cets.access.permissions import Permission
from cets.access.viewer import Viewer
from cets.audit.recording import record
from cets.domains.deconfliction import events
from cets.domains.deconfliction.models import Decision, Hit, SilentPair
from cets.domains.deconfliction.strength import BEST_FIRST, Known, Strength, strongest, weigh
from cets.domains.identifiers import queries as identifiers
from cets.domains.identifiers.models import Holding, MatchKey
from cets.domains.reports.models import Report
from cets.domains.reports.queries import NotFound
from cets.domains.sharing.levels import Level
from cets.kernel.errors import CetsError


class HitOver(CetsError):
    """This hit is over: nothing is left that may be told of it. What was decided on it is kept."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to call: an officer, else the duty team."""

    name: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class Theirs:
    """What one other agency's record may tell. At level contact there is one for each agency, without a reference."""

    level: Level
    agency_code: str
    agency_name: str
    reference: str | None
    report_id: UUID | None
    category: str | None
    summary: str | None
    incident_at: datetime | None
    contact: Contact
    relation: str


@dataclass(frozen=True, slots=True)
class Mine:
    """One of the own reports that hold the identifier, or one like it."""

    report_id: UUID
    reference: str
    sharing: Level


@dataclass(slots=True)
class Told:
    """Everything one side may know of one hit."""

    hit: Hit
    value: str
    pseudonym: str
    kind: str
    strength: Strength
    mine: list[Mine] = field(default_factory=list)
    theirs: list[Theirs] = field(default_factory=list)
    digests: list[UUID] = field(default_factory=list)

    @property
    def shown(self) -> str:
        """The value, or the pseudonym of the victim whose it is in one of the own reports."""
        return self.pseudonym or self.value


def visible_to(viewer: Viewer) -> QuerySet[Hit]:
    """Return the agency's hits. Secondees and those without reports see none."""
    if viewer.narrow or not viewer.may(Permission.REPORT_VIEW):
        return Hit.objects.none()
    return Hit.objects.filter(agency_id=viewer.own_agency)


def listed(viewer: Viewer, *, with_common: bool = False, only_open: bool = False) -> QuerySet[Hit]:
    """Return hits by due time; those put aside as common only on request."""
    chosen = Q() if with_common else Q(common="")
    state = Q(state="open") if only_open else ~Q(state="withdrawn")
    return (
        visible_to(viewer)
        .filter(chosen, state)
        .select_related("entry", "entry__owner_officer", "entry__owner_team")
        .order_by("entry__due_at", "reference")
    )


def record_listed(viewer: Viewer, hits: Iterable[Hit]) -> None:
    """Record that these hits were listed, with the values and contacts that a list tells: one event."""
    record(events.LISTED, by=viewer, subject=("hit", "list"), hits=[str(hit.id) for hit in hits])


def needs_purpose(viewer: Viewer, hit: Hit) -> bool:
    """Return whether opening this hit asks why: its owner is of another team and no purpose is set."""
    owner = hit.entry.owner_officer
    team = owner.team_id if owner else hit.entry.owner_team_id
    return team not in viewer.teams and viewer.purpose is None


def find(viewer: Viewer, hit_id: UUID) -> Hit:
    """Return one hit, also one that is over; nothing is opened yet. Raises NotFound."""
    hit = visible_to(viewer).filter(id=hit_id).select_related("entry__owner_officer").first()
    if hit is None:
        raise NotFound(str(NotFound.__doc__))
    return hit


def opened(viewer: Viewer, hit: Hit) -> Told | None:
    """Record that a hit was opened; return what may be told of it, None once it is over."""
    record(events.OPENED, by=viewer, subject=("hit", hit.id))
    return None if hit.is_over else tell(viewer, [hit])[0]


def get(viewer: Viewer, hit_id: UUID) -> Told:
    """Return one hit and record that it was opened. Raises NotFound, HitOver."""
    told = opened(viewer, find(viewer, hit_id))
    if told is None:
        raise HitOver(str(HitOver.__doc__))
    return told


def on_keys(viewer: Viewer, keys: Iterable[UUID], *, with_common: bool = False) -> QuerySet[Hit]:
    """Return the hits on these identifiers."""
    return listed(viewer, with_common=with_common).filter(key__in=list(keys))


def worth(holding: Holding, hit: Hit | None = None) -> tuple[float, str]:
    """Return what an identifier is worth in bits, as its hit was weighed, else by itself; and why it is common, or nothing."""
    if hit is not None:
        return hit.bits, hit.common or holding.common
    limits, is_declared = settings.CETS, "mentioned" not in holding.ways or len(holding.ways) > 1
    weighed = weigh(
        Known(holding.kind, "exact", is_declared, 1, 1, holding.common),
        common_reports=limits.common_reports,
        common_agencies=limits.common_agencies,
    )
    return weighed.bits, weighed.common


def decisions_of(hit: Hit) -> QuerySet[Decision]:
    return Decision.objects.filter(hit=hit).order_by("at")


def silent_pairs(viewer: Viewer) -> QuerySet[SilentPair]:
    """Return what only the centre's deconfliction desk is told."""
    if not viewer.may(Permission.SILENT_PAIRS):
        return SilentPair.objects.none()
    return SilentPair.objects.select_related("first_agency", "second_agency", "entry").order_by("-found_at")


def silent_pair(viewer: Viewer, pair_id: UUID) -> SilentPair:
    """Return one of these pairs. Raises NotFound."""
    pair = silent_pairs(viewer).filter(id=pair_id).first()
    if pair is None:
        raise NotFound(str(NotFound.__doc__))
    return pair


def silent_contacts(pair_ids: Iterable[UUID]) -> dict[UUID, list[Contact]]:
    """Return by pair whom the deconfliction desk may call: both holders' duty teams, named by their agencies."""
    found: dict[UUID, list[Contact]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "select pair, agency_name, phone, email from cets_silent_contacts(%s)", [list(pair_ids)]
        )
        for pair, name, phone, email in cursor.fetchall():
            found.setdefault(pair, []).append(Contact(name, phone or "", email or ""))
    return found


def tell(viewer: Viewer, hits: Sequence[Hit]) -> list[Told]:
    """Return what the viewer may know of these hits: two statements for any number of them.

    A value in which only a part is a victim's is masked by `intake.masked_values.mask_told`.
    """
    keys = [hit.key for hit in hits]
    rows: dict[UUID, list[dict[str, Any]]] = {}
    for row in overlaps(keys):
        rows.setdefault(row["own_key"], []).append(row)
    holdings: dict[UUID, list[Holding]] = {}
    for holding in Holding.objects.filter(agency_id=viewer.own_agency, key__in=keys).order_by("id"):
        holdings.setdefault(holding.key, []).append(holding)
    declared = set(
        MatchKey.objects.filter(
            agency_id=viewer.own_agency, key__in=keys, is_exact=True, is_declared=True
        ).values_list("key", flat=True)
    )
    references = _references(rows)
    return [
        _told(hit, holdings.get(hit.key, []), rows.get(hit.key, []), hit.key in declared, references)
        for hit in hits
    ]


_COLUMNS = (
    "own_key", "other_report", "told", "relation", "is_mine", "agency_id", "agency_code", "agency_name", "reference",
    "category", "summary", "incident_at", "contact_name", "contact_phone", "contact_email", "digest",
)  # fmt: skip


def overlaps(keys: Sequence[UUID]) -> Iterable[dict[str, Any]]:
    """Return every other record that may be known of on these identifiers, as the database tells it to this viewer."""
    with connection.cursor() as cursor:
        cursor.execute("select * from cets_my_overlaps(%s::uuid[])", [list(keys)])
        return [dict(zip(_COLUMNS, row, strict=True)) for row in cursor.fetchall()]


def _references(rows: dict[UUID, list[dict[str, Any]]]) -> dict[UUID, tuple[str, Level]]:
    ids = {row["other_report"] for group in rows.values() for row in group if row["is_mine"]}
    return {
        i: (reference, Level(level))
        for i, reference, level in Report.objects.filter(id__in=ids).values_list("id", "reference", "sharing")
    }


def _told(
    hit: Hit,
    holdings: list[Holding],
    rows: list[dict[str, Any]],
    is_declared: bool,  # noqa: FBT001 - one of the values of the row
    references: dict[UUID, tuple[str, Level]],
) -> Told:
    mine = {row["other_report"] for row in rows if row["is_mine"]}
    foreign = [row for row in rows if not row["is_mine"]]
    others = {row["digest"]: row["agency_id"] for row in foreign}
    first = holdings[0] if holdings else None
    known = Known(
        hit.kind,
        strongest(row["relation"] for row in rows),
        is_declared,
        len(mine) + len(others),
        1 + len(set(others.values())),
        first.common if first else "",
    )
    limits = settings.CETS
    return Told(
        hit=hit,
        value=first.value if first else "",
        pseudonym=next((identifiers.shown(h) for h in holdings if h.pseudonym), ""),
        kind=hit.kind,
        strength=weigh(known, common_reports=limits.common_reports, common_agencies=limits.common_agencies),
        mine=sorted((Mine(i, *references[i]) for i in mine if i in references), key=lambda m: m.reference),
        theirs=_sides(foreign),
        digests=[row["digest"] for row in rows],
    )


def _sides(foreign: list[dict[str, Any]]) -> list[Theirs]:
    """Name each open record, and each agency with records at level contact once.

    How many those are is told all the same, in the strength and in `why`: `Known` counts every record that may be known of.
    """
    sides: dict[Any, Theirs] = {}
    for row in sorted(foreign, key=lambda r: BEST_FIRST.index(r["relation"])):
        level = Level(row["told"])
        key = row["other_report"] if level is Level.OPEN else row["agency_id"]
        sides.setdefault(
            key,
            Theirs(
                level=level, agency_code=row["agency_code"], agency_name=row["agency_name"], reference=row["reference"],
                report_id=row["other_report"], category=row["category"], summary=row["summary"], incident_at=row["incident_at"],
                contact=Contact(row["contact_name"] or "Duty team", row["contact_phone"] or "", row["contact_email"] or ""),
                relation=row["relation"],
            ),
        )  # fmt: skip
    return sorted(sides.values(), key=lambda t: (-t.level, t.agency_code, t.reference or ""))
