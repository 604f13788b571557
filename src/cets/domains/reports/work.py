"""The work on a report in the ledger: what comes next, that it is done, and that it begins again."""

from datetime import datetime, timedelta

from cets.access.permissions import Permission
from cets.access.viewer import Viewer, acting, require
from cets.domains.ledger import actions as ledger
from cets.domains.ledger.models import Entry
from cets.domains.reports.models import Remark, Report
from cets.kernel.errors import Meanwhile
from cets.kernel.shown import mark, require_as_shown

READ_AND_GRADE = "Read and grade the report"
_SETTLE = "Settle"
AFTER_GRADING = "Decide what is done with it, or close it"
#: By then somebody has decided what is done with a graded report.
DECIDE_IN = timedelta(days=3)
_CLOSED = "closed"


class ClosedMeanwhile(Meanwhile):
    """The report was closed meanwhile. Nothing was changed: open it again if there is more to do."""


class OpenMeanwhile(Meanwhile):
    """The report was opened again meanwhile. Nothing was changed: set its next step if yours is another."""


def mark_of(entry: Entry) -> str:
    """Return the mark of the work as it stands, for a form that shows it: whether it is closed, the next step, its time."""
    state = _CLOSED if entry.closed_at else "open"
    return f"{state}-{mark(entry.closed_at, entry.next_step, entry.due_at)}"


def showed_closed(shown: str) -> bool:
    """Say whether a form of this mark showed closed work, which it opens again."""
    return shown.startswith(f"{_CLOSED}-")


def plan(*, report: Report, next_step: str, due_at: datetime, by: Viewer, shown: str | None = None) -> None:
    """Say what comes next with an open report and by when; its owner stays. Raises ClosedMeanwhile, Meanwhile."""
    require(by, Permission.REPORT_GRADE)
    with acting(by):
        ledger.set_step(entry=_open(report, shown), next_step=next_step, due_at=due_at, by=by)


def close(*, report: Report, outcome: str, by: Viewer, at: datetime, shown: str | None = None) -> None:
    """Close a report with what came of it. Its open hits keep their own owner and due time.

    Raises ClosedMeanwhile, Meanwhile.
    """
    require(by, Permission.REPORT_GRADE)
    with acting(by):
        ledger.close(entry=_open(report, shown), outcome=outcome, by=by, at=at)


def reopen(*, report: Report, next_step: str, due_at: datetime, by: Viewer, shown: str | None = None) -> None:
    """Open a closed report again, for its team. Raises OpenMeanwhile, Meanwhile."""
    require(by, Permission.REPORT_GRADE)
    with acting(by):
        entry = _locked(report)
        if entry.closed_at is None:
            raise OpenMeanwhile(str(OpenMeanwhile.__doc__))
        require_as_shown(shown, mark_of(entry))
        ledger.reopen(entry=entry, next_step=next_step, due_at=due_at, team=report.team, by=by)


def after_grading(*, report: Report, by: Viewer, at: datetime) -> None:
    """Go on from reading and grading, in the caller's transaction; any other step stays as somebody set it."""
    entry = _locked(report)
    if entry.closed_at is None and entry.next_step == READ_AND_GRADE:
        ledger.set_step(entry=entry, next_step=AFTER_GRADING, due_at=at + DECIDE_IN, by=by)


def settle_step(doubts: int) -> str:
    """Return the step of a report in which so many entries can mean two things."""
    return f"{_SETTLE} {doubts} ambiguous {'entry' if doubts == 1 else 'entries'}"


def is_to_settle(entry: Entry) -> bool:
    return entry.next_step.startswith(f"{_SETTLE} ") and " ambiguous " in entry.next_step


def after_settling(*, report: Report, by: Viewer, at: datetime) -> None:
    """Count what is left to settle, in the caller's transaction; with nothing left the report is graded, or goes on."""
    entry = _locked(report)
    if entry.closed_at is not None or not is_to_settle(entry):
        return
    step, due_at = READ_AND_GRADE, entry.due_at
    if left := Remark.objects.filter(report=report, kind="ambiguous", settled_at=None).count():
        step = settle_step(left)
    elif report.graded_by:
        step, due_at = AFTER_GRADING, at + DECIDE_IN
    ledger.set_step(entry=entry, next_step=step, due_at=due_at, by=by)


def _open(report: Report, shown: str | None) -> Entry:
    entry = _locked(report)
    if entry.closed_at is not None:
        raise ClosedMeanwhile(str(ClosedMeanwhile.__doc__))
    require_as_shown(shown, mark_of(entry))
    return entry


def _locked(report: Report) -> Entry:
    return Entry.objects.select_for_update(of=("self",)).get(id=report.entry_id)
