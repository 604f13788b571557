"""The audit record as its reader may see it, and what can be said of the chain without reading all of it."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db.models import Q, QuerySet

from cets.audit.heads import BadLine, HeadFile, Line, decode
from cets.audit.models import Event, Link, Payload
from cets.audit.recording import BY_AGENCY

#: So many of the newest events are looked at for those that wait for the sequencer.
_NEWEST = 1_000
#: The sequencer runs twice a second: an event that waits longer shows that it stands still.
_PATIENCE = timedelta(minutes=1)


def of_agency(
    agency_id: UUID,
    *,
    actors: Collection[UUID] | None = None,
    agencies: Collection[UUID] = (),
    subjects: Collection[str] | None = None,
    types: Collection[str] = (),
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[Event]:
    """Return an agency's events, the newest first, as far as the database shows them to the viewer.

    `actors`, `subjects`: None for any; an empty one finds nothing. `agencies`: also what their people did here, whose
    names are not told. `until` is not included.
    """
    events = Event.objects.filter(agency_id=agency_id).order_by("-number")
    if actors is not None:
        events = events.filter(Q(actor_id__in=actors) | _done_from(agencies))
    if subjects is not None:
        events = events.filter(subject_id__in=subjects)
    if types:
        events = events.filter(type__in=types)
    if since:
        events = events.filter(at__gte=since)
    if until:
        events = events.filter(at__lt=until)
    return events


def _done_from(agencies: Collection[UUID]) -> Q:
    """Return the condition of what was done by people of these agencies, as the events themselves say."""
    said = Q()
    for agency_id in agencies:
        said |= Q(body__contains=f'"{BY_AGENCY}":"{agency_id}"')
    return Q(id__in=Payload.objects.filter(said).values("event_id")) if agencies else Q(pk__in=())


def details_of(events: Iterable[Event]) -> dict[UUID, Mapping[str, Any]]:
    """Return what each event said; one whose details were erased is left out."""
    bodies = Payload.objects.filter(event_id__in=[e.id for e in events]).values_list("event_id", "body")
    return {event_id: json.loads(body) for event_id, body in bodies}


def references_of(subjects: Collection[str]) -> dict[str, str]:
    """Return the references of records, as the events say in which they were made: also for who may not see a record."""
    made = Event.objects.filter(subject_id__in=subjects, type__in=_MADE)
    said = details_of(made)
    return {e.subject_id: str(said[e.id]["reference"]) for e in made if "reference" in said.get(e.id, {})}


def subjects_of(agency_id: UUID, reference: str) -> list[str]:
    """Return the ids of an agency's records of this reference."""
    made = Event.objects.filter(agency_id=agency_id, type__in=_MADE)
    text = json.dumps(reference, ensure_ascii=False)
    said = Payload.objects.filter(
        event_id__in=made.values("id"), body__contains=f'"reference":{text}'
    ).values("event_id")
    return list(made.filter(id__in=said).values_list("subject_id", flat=True))


_MADE = ("reports:report:received", "deconfliction:hit:found")


@dataclass(frozen=True)
class Chain:
    """What the signed head says, and whether the database agrees with it."""

    chained: int
    signed_at: datetime | None
    problem: str  # "", no_head, bad_head, other_head, stands_still
    waiting: int  # of the agency's newest events, those that are not chained yet


def chain_of(agency_id: UUID, *, heads: HeadFile, key: Ed25519PublicKey, at: datetime) -> Chain:
    """Compare the last signed head with the database, and count what waits for the sequencer.

    Says nothing of what lies before the head: that is for `verify`, which reads everything.
    """
    raw = heads.last()  # before the database: what is signed was committed
    waiting, stands_still = _waiting(agency_id, at)
    if raw is None:
        return Chain(0, None, "no_head", waiting)
    try:
        line = decode(raw, key)
    except BadLine:
        return Chain(0, None, "bad_head", waiting)
    problem = "" if _agrees(line) else "other_head"
    return Chain(line.last, line.at, problem or ("stands_still" if stands_still else ""), waiting)


def _agrees(line: Line) -> bool:
    link = Link.objects.filter(seq=line.last).first()
    if link is None:
        return line.last == 0 and not Link.objects.exists()
    return bytes(link.head) == line.head


def _waiting(agency_id: UUID, at: datetime) -> tuple[int, bool]:
    newest = dict(
        Event.objects.filter(agency_id=agency_id).order_by("-number").values_list("id", "at")[:_NEWEST]
    )
    for chained in Link.objects.filter(event_id__in=newest).values_list("event_id", flat=True):
        del newest[chained]
    return len(newest), any(when < at - _PATIENCE for when in newest.values())
