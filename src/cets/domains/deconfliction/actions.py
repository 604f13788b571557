"""What a side decides about a hit, and what it lets the others know. A decision is a row: taking it back withdraws the row."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError

from cets.access.permissions import Permission
from cets.access.viewer import Viewer, acting, require
from cets.audit.recording import record
from cets.domains.agencies.models import Team
from cets.domains.deconfliction import events, jobs
from cets.domains.deconfliction.matcher import DUE_IN
from cets.domains.deconfliction.matching import NEXT_MINE, NEXT_THEIRS
from cets.domains.deconfliction.models import SETTLED_AS, Decision, Hit, SilentPair
from cets.domains.deconfliction.queries import HitOver, overlaps
from cets.domains.identifiers.models import MatchKey
from cets.domains.ledger import actions as ledger
from cets.domains.ledger.models import Entry
from cets.domains.reports import events as report_events
from cets.domains.reports.models import Report
from cets.domains.sharing.levels import Level
from cets.kernel.errors import CetsError, Meanwhile
from cets.kernel.shown import mark, require_as_shown

#: Nobody answered: the holder is called again after this time.
TRY_AGAIN_IN = timedelta(hours=1)
#: Nobody rings twice in so short a time: the form was sent twice.
_ONE_CALL = timedelta(seconds=30)


class NeedsReason(CetsError):
    """A hit that is not the same, or on which nobody acts, needs a reason. Nothing was changed."""


class AlreadySettled(Meanwhile):
    """This hit is settled. Take the decision back first. Nothing was changed."""


class NotStanding(Meanwhile):
    """This decision was taken back already. Nothing was changed."""


class HoldersMeanwhile(Meanwhile):
    """What meets here changed since the page was shown. Nothing was changed: look at who holds it now, then decide again."""


class PairSettled(Meanwhile):
    """This pair was settled already. Nothing was changed: what was agreed is kept with it."""


class UnknownVerdict(CetsError):
    """A hit is settled as: work together, they lead, we lead, not the same, no action. Nothing was changed."""


class HasJoined(CetsError):
    """This report has joined another one, whose level now counts. Open it again. Nothing was changed."""


def decide(
    *,
    hit: Hit,
    verdict: str,
    by: Viewer,
    at: datetime,
    spoke_to: str = "",
    spoke_at: datetime | None = None,
    reason: str = "",
    shown: str | None = None,
) -> Decision:
    """Settle a hit, for the records that `shown` is the mark of: one that came since is covered by no decision.

    Raises NeedsReason, AlreadySettled, HitOver, UnknownVerdict, HoldersMeanwhile.
    """
    require(by, Permission.HIT_SETTLE)
    if verdict not in SETTLED_AS:
        raise UnknownVerdict(str(UnknownVerdict.__doc__))
    try:
        with acting(by):
            _hold_open(hit)
            require_as_shown(shown, holders_mark(_known(hit)), HoldersMeanwhile)
            decision = _write(hit, verdict, by=by, at=at, spoke_to=spoke_to, spoke_at=spoke_at, reason=reason)
            hit.state = "settled"
            hit.save(update_fields=["state"])
            ledger.close(entry=hit.entry, outcome=SETTLED_AS[verdict], by=by, at=at)
    except IntegrityError as error:
        raise NeedsReason(str(NeedsReason.__doc__)) from error
    return decision


def holders_mark(digests: Iterable[UUID]) -> str:
    """Return the mark of the records that meet in a hit (`Told.digests`), for the forms that settle it."""
    return mark(*sorted(set(digests)))


def nobody_answered(*, hit: Hit, by: Viewer, at: datetime) -> Decision:
    """Record a call that nobody took; the hit stays open with a new due time. Raises AlreadySettled, HitOver.

    Sent twice it is one call.
    """
    require(by, Permission.HIT_SETTLE)
    with acting(by):
        _hold_open(hit)
        same = Decision.objects.filter(
            hit=hit, verdict="nobody_answered", by=by.actor_id, at__gt=at - _ONE_CALL
        )
        if call := same.last():
            return call
        decision = _write(hit, "nobody_answered", by=by, at=at, spoke_to="", spoke_at=at, reason="")
        ledger.set_step(
            entry=hit.entry, next_step=NEXT_THEIRS, due_at=at + TRY_AGAIN_IN, why="Nobody answered", by=by
        )
    return decision


def _known(hit: Hit) -> list[UUID]:
    """Return the records that its side may know of now."""
    return sorted({row["digest"] for row in overlaps([hit.key])})


def _hold(hit: Hit) -> None:
    """Hold a hit, as it is now, against whoever decides on it or matches it at the same moment. Raises HitOver."""
    hit.refresh_from_db(fields=["state", "theirs"], from_queryset=Hit.objects.select_for_update())
    if hit.is_over:
        raise HitOver(str(HitOver.__doc__))


def _hold_open(hit: Hit) -> None:
    _hold(hit)
    if hit.state != "open":
        raise AlreadySettled(str(AlreadySettled.__doc__))


def _write(
    hit: Hit, verdict: str, *, by: Viewer, at: datetime, spoke_to: str, spoke_at: datetime | None, reason: str
) -> Decision:
    decision = Decision.objects.create(
        hit=hit, agency_id=hit.agency_id, verdict=verdict, spoke_to=spoke_to, spoke_at=spoke_at, reason=reason, by=by.actor_id, at=at,
        reports=_known(hit),
    )  # fmt: skip
    record(events.DECIDED, by=by, subject=("hit", hit.id), verdict=verdict)
    return decision


def take_back(*, decision: Decision, by: Viewer, at: datetime, reason: str = "") -> None:
    """Withdraw a decision; the hit is open again and the agency's duty team owns it. Raises NotStanding, HitOver."""
    require(by, Permission.HIT_SETTLE)
    with acting(by):
        hit = decision.hit
        _hold(hit)
        decision.refresh_from_db(fields=["withdrawn_at"])
        if decision.withdrawn_at is not None:
            raise NotStanding(str(NotStanding.__doc__))
        decision.withdrawn_at = at
        decision.save(update_fields=["withdrawn_at"])
        hit.state = "open"
        hit.save(update_fields=["state"])
        # Whoever owned it when it was settled may be away or gone.
        duty = Team.objects.get(agency_id=hit.agency_id, is_duty=True)
        step = NEXT_THEIRS if hit.theirs else NEXT_MINE
        ledger.reopen(entry=hit.entry, next_step=step, due_at=at + DUE_IN, team=duty, by=by)
        record(
            events.DECISION_WITHDRAWN, by=by, subject=("hit", hit.id), verdict=decision.verdict, reason=reason
        )


def settle_pair(*, pair: SilentPair, outcome: str, by: Viewer, at: datetime) -> None:
    """Close a pair of silent records with what the two holders agreed. Raises NeedsReason, PairSettled."""
    require(by, Permission.SILENT_PAIRS)
    if not outcome.strip():
        raise NeedsReason(str(NeedsReason.__doc__))
    with acting(by):
        entry = Entry.objects.select_for_update().get(id=pair.entry_id)
        if entry.closed_at is not None:
            raise PairSettled(str(PairSettled.__doc__))
        ledger.close(entry=entry, outcome=outcome, by=by, at=at)
        record(events.SILENT_PAIR_SETTLED, by=by, subject=("silent_pair", pair.id))


def level_mark(report: Report) -> str:
    """Return the mark of a report's sharing level, for the form that shows it."""
    return mark(report.sharing)


def set_sharing(*, report: Report, level: Level, reason: str, by: Viewer, shown: str | None = None) -> None:
    """Say what other agencies may learn of a report from now on; what each of them is told is worked out again at once.

    What was told before cannot be untold: the audit keeps who was told what, and when. Raises HasJoined, Meanwhile.
    """
    require(by, Permission.REPORT_SHARE)
    with acting(by):
        _set_level(report, level, reason=reason, by=by, shown=shown)


def hush(*, report: Report, by: Viewer) -> None:
    """Make a report silent because a file that joins it was handed in as silent; in the caller's transaction.

    It needs no right of its own: whoever may hand a file in says at what level.
    """
    _set_level(
        report, Level.SILENT, reason="A file that was handed in as silent joined it", by=by, shown=None
    )


def _set_level(report: Report, level: Level, *, reason: str, by: Viewer, shown: str | None) -> None:
    # Held before the level is written, so that nobody who reads a file writes the old one beside it.
    held = Report.objects.select_for_update(no_key=True).get(id=report.id)
    if held.joined_to_id is not None:
        raise HasJoined(str(HasJoined.__doc__))
    require_as_shown(shown, level_mark(held))
    before, report.sharing = Level(held.sharing), int(level)
    report.save(update_fields=["sharing"])
    MatchKey.objects.filter(report_id=report.id).update(told=int(level))
    record(
        report_events.SHARING_SET,
        by=by,
        subject=("report", report.id),
        before=before.word,
        after=level.word,
        reason=reason,
    )
    jobs.match_soon(report_ids=[report.id], after=timedelta(0))
