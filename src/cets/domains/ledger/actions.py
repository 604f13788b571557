"""The one way in which work is opened, handed over and closed. Nothing here leaves a record without an owner."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, connections

from cets.access.permissions import Permission
from cets.access.viewer import Viewer, acting
from cets.audit.recording import Entry as AuditEntry
from cets.audit.recording import record, record_many
from cets.domains.agencies.models import Officer, Team
from cets.domains.agencies.queries import who_can
from cets.domains.ledger import events
from cets.domains.ledger.models import Alert, Entry
from cets.domains.ledger.queries import told_to
from cets.kernel.errors import CetsError
from cets.kernel.ids import new_id
from cets.kernel.rows import insert_rows
from cets.kernel.shown import mark, require_as_shown


class NotTheirs(CetsError):
    """The new owner is not there: not a team or present officer of this agency. The work stays where it was."""


class CannotSeeIt(CetsError):
    """This officer has no role to work on it with. The work stays where it was."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A new entry for one record; a duty team owns it until a person takes it."""

    agency_id: UUID
    subject_type: str
    subject_id: UUID
    title: str
    team_id: UUID
    due_at: datetime
    next_step: str
    why: str = ""
    officer_id: UUID | None = None
    closed_as: str = ""  # opened and closed at once: kept for the record, asks nobody for anything

    def row(self, entry_id: UUID, at: datetime) -> tuple[object, ...]:
        owner_team = None if self.officer_id else self.team_id
        return (
            entry_id, self.agency_id, self.subject_type, self.subject_id, self.title, self.officer_id, owner_team, self.due_at,
            self.next_step, self.why, at, at if self.closed_as else None, self.closed_as,
        )  # fmt: skip


_ENTRY = {
    "id": "uuid",
    "agency_id": "uuid",
    "subject_type": "text",
    "subject_id": "uuid",
    "title": "text",
    "owner_officer_id": "uuid",
    "owner_team_id": "uuid",
    "due_at": "timestamptz",
    "next_step": "text",
    "why": "text",
    "opened_at": "timestamptz",
    "closed_at": "timestamptz",
    "outcome": "text",
}
#: What the owner of a record must be allowed: work with somebody who cannot see it is lost.
NEEDS = {
    "report": Permission.REPORT_VIEW,
    "hit": Permission.HIT_SETTLE,
    "silent_pair": Permission.SILENT_PAIRS,
}
_ALERT = {
    "id": "uuid",
    "agency_id": "uuid",
    "team_id": "uuid",
    "officer_id": "uuid",
    "kind": "text",
    "text": "text",
    "subject_type": "text",
    "subject_id": "uuid",
    "at": "timestamptz",
}


def open_entries(openings: Iterable[Opening], *, at: datetime, using: str = "default") -> list[UUID]:
    """Open one entry per record, in the caller's transaction, and return their ids in order."""
    openings = list(openings)
    ids = [new_id() for _ in openings]
    insert_rows(
        "ledger_entry", _ENTRY, (o.row(i, at) for i, o in zip(ids, openings, strict=True)), using=using
    )
    return ids


def alert(
    *, agency_id: UUID, kind: str, text: str, subject: tuple[str, UUID], at: datetime, team_id: UUID | None = None,
    officer_id: UUID | None = None, using: str = "default",
) -> None:  # fmt: skip
    """Tell a team or an officer, in the caller's transaction. The text holds no identifier's value."""
    alerts([(new_id(), agency_id, team_id, officer_id, kind, text, *subject, at)], using=using)


def alerts(rows: Iterable[tuple[object, ...]], *, using: str = "default") -> None:
    """Many at once, in the order of columns: id, agency, team, officer, kind, text, subject type, subject, at."""
    insert_rows("ledger_alert", _ALERT, rows, using=using)


def put_aside(hit_ids: Sequence[UUID], *, at: datetime, using: str) -> None:
    """Note of unread alerts of hits that are over that nobody need read them, in the matcher's transaction."""
    with connections[using].cursor() as cursor:
        cursor.execute("select ledger_put_aside(%s::uuid[], %s)", [list(hit_ids), at])


def owner_mark(entry: Entry) -> str:
    """Return the mark of whose an entry is, for a form that shows it."""
    return mark(entry.closed_at, entry.owner_officer_id, entry.owner_team_id)


def assign(
    *, entry: Entry, officer: Officer | None, team: Team | None, by: Viewer, at: datetime, reason: str = "",
    shown: str | None = None,
) -> None:  # fmt: skip
    """Give an open entry to an officer or a team of its agency. Raises NotTheirs, CannotSeeIt, Meanwhile."""
    with acting(by):
        if shown is not None:
            require_as_shown(
                shown, owner_mark(Entry.objects.select_for_update(of=("self",)).get(id=entry.id))
            )
        _check_owner(entry, officer, team)
        entry.owner_officer, entry.owner_team = officer, None if officer else team
        entry.save(update_fields=["owner_officer", "owner_team"])
        owner = f"officer {officer.id}" if officer else f"team {team.id}" if team else ""
        record(
            events.ASSIGNED, by=by, subject=(entry.subject_type, entry.subject_id), owner=owner, reason=reason
        )
        if officer and officer.id != by.actor_id:
            alert(
                agency_id=entry.agency_id, kind="assigned", text=f"{entry.title}: {entry.next_step}", officer_id=officer.id,
                subject=(entry.subject_type, entry.subject_id), at=at,
            )  # fmt: skip


def _check_owner(entry: Entry, officer: Officer | None, team: Team | None) -> None:
    owner = officer or team
    away = officer is not None and (officer.left_at or officer.absent_at)
    if owner is None or owner.agency_id != entry.agency_id or away:
        raise NotTheirs(str(NotTheirs.__doc__))
    if officer and officer.id not in who_can(entry.agency_id, NEEDS[entry.subject_type]):
        raise CannotSeeIt(str(CannotSeeIt.__doc__))


def set_step(
    *, entry: Entry, next_step: str, due_at: datetime, by: Viewer, why: str = "", using: str = "default"
) -> None:
    """Say what comes next and by when, in the caller's transaction."""
    entry.next_step, entry.due_at, entry.why = next_step, due_at, why
    entry.save(using=using, update_fields=["next_step", "due_at", "why"])
    record(
        events.STEP_SET, by=by, subject=(entry.subject_type, entry.subject_id), agency_id=entry.agency_id, using=using,
        next_step=next_step, due_at=due_at,
    )  # fmt: skip


def close(*, entry: Entry, outcome: str, by: Viewer, at: datetime) -> None:
    """Close an entry with what came of it, in the caller's transaction."""
    entry.closed_at, entry.outcome = at, outcome
    entry.save(update_fields=["closed_at", "outcome"])
    record(events.CLOSED, by=by, subject=(entry.subject_type, entry.subject_id), outcome=outcome)


def reopen(*, entry: Entry, next_step: str, due_at: datetime, team: Team, by: Viewer) -> None:
    """Open a closed entry again, for the team, in the caller's transaction."""
    entry.closed_at, entry.outcome = None, ""
    entry.owner_officer, entry.owner_team, entry.next_step, entry.due_at = None, team, next_step, due_at
    entry.save()
    record(events.REOPENED, by=by, subject=(entry.subject_type, entry.subject_id), next_step=next_step)


def fall_to_team(*, officer: Officer, why: str, at: datetime) -> int | None:
    """Hand all open work of an officer to the officer's team, tell it and record it.

    Returns how many records that were; None where the viewer is of another agency, who is not told. In the caller's
    transaction, before the officer is marked absent or gone: the database refuses that as long as anything is theirs. A
    function of the database does it all, for an administrator sees none of the records.
    """
    with connection.cursor() as cursor:
        cursor.execute("select ledger_fall_to_team(%s, %s, %s)", [officer.id, why, at])
        fallen: int | None = cursor.fetchone()[0]
    return fallen


def mark_read(*, alert_ids: Iterable[UUID], by: Viewer, at: datetime) -> int:
    """Note that these alerts were read, a team's for all of the team; return how many were unread until now.

    Alerts of others are passed over as if they were not there.
    """
    with acting(by):
        unread = list(
            told_to(by)
            .select_for_update(of=("self",), no_key=True)
            .filter(id__in=list(alert_ids), read_at=None)
        )
        Alert.objects.filter(id__in=[one.id for one in unread]).update(read_at=at, read_by=by.actor_id)
        record_many(
            (
                AuditEntry(
                    events.ALERT_READ, one.subject_type, str(one.subject_id), {"alert": one.id, "kind": one.kind}, one.agency_id
                )
                for one in unread
            ),
            by=by,
        )  # fmt: skip
    return len(unread)
