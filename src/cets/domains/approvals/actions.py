"""Ask, and let a second person decide. What is agreed is carried out in the transaction of the decision."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, ProgrammingError

from cets.access.viewer import Viewer, acting, require
from cets.audit.recording import record
from cets.domains.agencies.models import RoleGrant
from cets.domains.approvals import events, queries
from cets.domains.approvals.kinds import KINDS
from cets.domains.approvals.models import Approval
from cets.kernel.errors import CetsError, Meanwhile
from cets.kernel.ids import new_id
from cets.kernel.texts import shows_something


class NeedsTwo(CetsError):
    """A second person must decide: neither the one who asked nor the one whom it is for. Nothing was changed."""


class AlreadyDecided(Meanwhile):
    """Somebody decided this already. Nothing was changed."""


class Lapsed(Meanwhile):
    """The request has lapsed: the officer has left, or whoever asked is no administrator any more. Nothing was changed."""


class AlreadyAsked(CetsError):
    """The same waits for a second person already. Nothing was changed."""


class NoReason(CetsError):
    """Say why: the second person decides on it. Nothing was changed."""


def ask(
    *, kind: str, subject_id: UUID, params: dict[str, Any], reason: str, by: Viewer, at: datetime
) -> Approval:
    """Ask for something that needs two people. Raises NoReason, AlreadyAsked, and what the kind says can never be."""
    chosen = KINDS[kind]
    require(by, chosen.asks)
    if not shows_something(reason):
        raise NoReason(str(NoReason.__doc__))
    with acting(by):
        agency_id = chosen.check(subject_id, params)
        if queries.standing(by).filter(kind=kind, subject_id=subject_id, params=params).exists():
            raise AlreadyAsked(str(AlreadyAsked.__doc__))
        approval = Approval(
            id=new_id(), agency_id=agency_id, kind=kind, subject_id=subject_id, params=params, reason=reason.strip(), asked_by=by.actor_id,
            asked_at=at,
        )  # fmt: skip
        approval.save(force_insert=True)
        record(
            events.ASKED, by=by, subject=("approval", approval.id), agency_id=agency_id, kind=kind, on=subject_id, params=params,
            reason=approval.reason,
        )  # fmt: skip
    return approval


def decide(*, approval: Approval, agreed: bool, answer: str, by: Viewer, at: datetime) -> Approval:
    """Agree or refuse as the second person; what is agreed is done before this returns.

    Raises NeedsTwo, AlreadyDecided, Lapsed, and what the kind raises when it can no longer be done: then nothing is decided.
    """
    chosen = KINDS[approval.kind]
    require(by, chosen.decides)
    with acting(by):
        # A decided row can no longer be locked: the policy of changes does not show it.
        held = Approval.objects.select_for_update().filter(id=approval.id, decided_at=None).first()
        if held is None:
            raise AlreadyDecided(str(AlreadyDecided.__doc__))
        if by.actor_id == held.subject_id:
            raise NeedsTwo(str(NeedsTwo.__doc__))
        _check_stands(held, by)
        held.decided_by, held.decided_at, held.agreed, held.answer = by.actor_id, at, agreed, answer.strip()
        _save(held)
        record(
            events.AGREED if agreed else events.REFUSED, by=by, subject=("approval", held.id), agency_id=held.agency_id, kind=held.kind,
            on=held.subject_id, params=held.params, asked_by=held.asked_by, answer=held.answer,
        )  # fmt: skip
        if agreed:
            chosen.carry_out(held, by=by, at=at)
    return held


def _check_stands(held: Approval, by: Viewer) -> None:
    # Held until the end, so that whoever asked is the first person still when the second one has decided.
    list(RoleGrant.objects.select_for_update(no_key=True).filter(officer_id=held.asked_by, ended_at=None))
    if not queries.standing(by).filter(id=held.id).exists():
        raise Lapsed(str(Lapsed.__doc__))


def _save(approval: Approval) -> None:
    """Let the database refuse the asker: a policy hides the row's change, a constraint refuses it."""
    try:
        approval.save(update_fields=["decided_by", "decided_at", "agreed", "answer"])
    except (IntegrityError, ProgrammingError) as error:
        if "approval_needs_two" in str(error) or "row-level security" in str(error):
            raise NeedsTwo(str(NeedsTwo.__doc__)) from error
        raise
