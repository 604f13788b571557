"""Write an audit event in the transaction of the data: no event, no data."""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from cets.kernel.ids import new_id
from cets.kernel.rows import insert_rows


class Actor(Protocol):
    """What the record needs of whoever acted; `access.Viewer` is one."""

    @property
    def kind(self) -> str: ...
    @property
    def actor_id(self) -> UUID: ...
    @property
    def agency_id(self) -> UUID | None: ...
    @property
    def purpose(self) -> Any: ...
    @property
    def request_id(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Entry:
    """One event to record. `details` becomes JSON; it must hold no victim's value and no secret."""

    type: str
    subject_type: str
    subject_id: str
    details: Mapping[str, Any] = field(default_factory=dict)
    agency_id: UUID | None = None  # default: the actor's


_EVENT = {
    "id": "uuid",
    "type": "text",
    "actor_kind": "text",
    "actor_id": "uuid",
    "agency_id": "uuid",
    "subject_type": "text",
    "subject_id": "text",
    "purpose": "text",
    "purpose_reference": "text",
    "request_id": "text",
    "commitment": "bytea",
}
#: The detail that names the agency of whoever acted on another's.
BY_AGENCY = "by_agency"
_PAYLOAD = {"event_id": "uuid", "salt": "bytea", "body": "text"}


def record(
    type_: str,
    *,
    by: Actor,
    subject: tuple[str, object],
    using: str = "default",
    agency_id: UUID | None = None,
    **details: Any,
) -> None:
    """Record one event: `record("reports:report:graded", by=viewer, subject=("report", report.id), grading="1-B-P")`."""
    entry = Entry(type_, subject[0], str(subject[1]), details, agency_id)
    record_many([entry], by=by, using=using)


def record_many(entries: Iterable[Entry], *, by: Actor, using: str = "default") -> None:
    """Record many events of one actor with two statements."""
    events, payloads = [], []
    purpose, reference = (by.purpose.code, by.purpose.reference) if by.purpose else ("", "")
    for entry in entries:
        event_id, salt, body = new_id(), os.urandom(16), canonical(_told(entry, by))
        events.append(
            (event_id, entry.type, by.kind, by.actor_id, entry.agency_id or by.agency_id, entry.subject_type,
             entry.subject_id, purpose, reference, by.request_id, commitment(salt, body))
        )  # fmt: skip
        payloads.append((event_id, salt, body))
    insert_rows("audit_event", _EVENT, events, using=using)
    insert_rows("audit_payload", _PAYLOAD, payloads, using=using)


def _told(entry: Entry, by: Actor) -> Mapping[str, Any]:
    """Return what the event says; of what is done to another agency also whose officer did it.

    Its data-protection officer may not read that officer's name, and must learn whom to ask.
    """
    if by.agency_id is None or entry.agency_id in {None, by.agency_id}:
        return entry.details
    return {**entry.details, BY_AGENCY: str(by.agency_id)}


def canonical(details: Mapping[str, Any]) -> str:
    """Return the one JSON text of these details."""
    return json.dumps(details, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def commitment(salt: bytes, body: str) -> bytes:
    """Return SHA-256 over the salt and the payload: binds it without telling it."""
    return hashlib.sha256(salt + body.encode()).digest()
