"""Who reads and acts: one frozen value, built once per request, and its signed token for the database."""

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntFlag
from typing import Literal
from uuid import UUID

from django.conf import settings
from django.db import connections, transaction

from cets.access.permissions import Permission
from cets.kernel import clock
from cets.kernel.errors import CetsError

#: Longer than any request or job may last; a token stolen from a log is worthless afterwards.
TOKEN_LIFE = timedelta(minutes=15)


class Right(IntFlag):
    """What the database must know of a viewer. Row-level security reads it from the signed token."""

    CASE = 1  # reads records of the own agency
    NARROW = 2  # only those given by name
    ADMIN = 4  # agencies, teams, officers, roles
    AUDIT = 8  # the audit trail of the own agency
    SILENT_PAIRS = 16  # the centre's deconfliction desk
    MATCHER = 32  # match keys of every agency, no values
    SEQUENCER = 64  # chains audit rows
    SIGN_IN = 128  # builds a viewer from a login


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why somebody looks: a code of the pick-list and a reference (a report, a case, a warrant)."""

    code: str
    reference: str


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person, a service account or a part of the system that reads or acts."""

    kind: Literal["officer", "service", "system"]
    actor_id: UUID
    name: str
    agency_id: UUID | None
    permissions: frozenset[Permission] = frozenset()
    teams: frozenset[UUID] = frozenset()
    narrow: bool = False
    purpose: Purpose | None = None
    request_id: str = ""
    system_right: Right = field(default=Right(0))

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    @property
    def own_agency(self) -> UUID:
        """The agency's id; for a part of the system the nil id, which no record has."""
        return self.agency_id or UUID(int=0)

    @property
    def rights(self) -> Right:
        """The rights bits that go into the token."""
        rights = self.system_right
        if Permission.REPORT_VIEW in self.permissions:
            rights |= Right.CASE
        if self.narrow:
            rights |= Right.NARROW
        if Permission.OFFICER_MANAGE in self.permissions:
            rights |= Right.ADMIN
        if Permission.AUDIT_VIEW in self.permissions:
            rights |= Right.AUDIT
        if Permission.SILENT_PAIRS in self.permissions:
            rights |= Right.SILENT_PAIRS
        return rights


class Refused(CetsError):
    """Your role does not allow this. Nothing was changed. Ask an administrator for the role you need."""

    def __init__(self, permission: Permission) -> None:
        super().__init__(str(self.__doc__))
        self.permission = permission


def require(viewer: Viewer, permission: Permission) -> None:
    """Raise Refused unless the viewer holds the permission."""
    if not viewer.may(permission):
        raise Refused(permission)


def system(name: str, right: Right) -> Viewer:
    """Return the viewer of a part of the system (`matcher`, `sequencer`), which has no agency."""
    return Viewer(kind="system", actor_id=UUID(int=0), name=name, agency_id=None, system_right=right)


def sign(viewer: Viewer, key: bytes, *, at: datetime) -> str:
    """Return the token `v1|actor|agency|rights|expiry|mac`: HMAC-SHA-256 (RFC 2104) over all before the mac."""
    expiry = int((at + TOKEN_LIFE).timestamp())
    body = f"v1|{viewer.actor_id}|{viewer.agency_id or UUID(int=0)}|{int(viewer.rights)}|{expiry}"
    return f"{body}|{hmac.new(key, body.encode(), hashlib.sha256).hexdigest()}"


def pads(key: bytes) -> tuple[bytes, bytes]:
    """Return HMAC's inner and outer padded keys, which let the database check a token with `sha256()` alone."""
    block = key.ljust(64, b"\0")
    return bytes(b ^ 0x36 for b in block), bytes(b ^ 0x5C for b in block)


@contextmanager
def acting(viewer: Viewer, *, using: str = "default") -> Iterator[None]:
    """Open a transaction in which the database shows and accepts what this viewer may see and do.

    Nested calls join the open transaction and put the outer viewer's token back at their end.
    """
    token = sign(viewer, settings.CETS.viewer_key, at=clock.now())
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(
            "select current_setting('cets.viewer', true), set_config('cets.viewer', %s, true)", [token]
        )
        before = cursor.fetchone()[0] or ""
        yield
        cursor.execute("select set_config('cets.viewer', %s, true)", [before])
