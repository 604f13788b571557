"""What the tabs of a report share: its head, its identifiers, its hits."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cets.access.permissions import Permission
from cets.access.viewer import Viewer
from cets.domains.deconfliction import queries as hits
from cets.domains.deconfliction.models import Hit
from cets.domains.deconfliction.queries import Told
from cets.domains.identifiers.kinds import KINDS
from cets.domains.identifiers.models import Holding
from cets.domains.intake.masked_values import with_masks
from cets.domains.intake.masking import Masker
from cets.domains.ledger.models import Entry
from cets.domains.reports import queries as reports
from cets.domains.reports.models import Part, Report
from cets.domains.reports.work import is_to_settle
from cets.domains.sharing.levels import Level
from cets.sites.desk import pages, wording
from cets.sites.desk.paging import MOST_COUNTED, MOST_OF_ONE, counted
from cets.sites.desk.request import DeskRequest, require_purpose
from cets.sites.desk.views import lookups, report_states, steps


def opened(request: DeskRequest, report_id: UUID) -> Report:
    """Return the report, its opening recorded. Raises NotFound, and NeedsPurpose for another team's without one."""
    report = reports.get(request.viewer, report_id)
    require_purpose(request, is_needed=reports.needs_purpose(request.viewer, report))
    return report


def handling_of(report: Report) -> str:
    """Say how it may be handled and what others may learn of it: it stands on every printed sheet."""
    return _("Handling %(code)s · Sharing: %(level)s") % {
        "code": report.grading_handling, "level": wording.LEVEL_WORDS[Level(report.sharing)],
    }  # fmt: skip


# --- head -----------------------------------------------------------------------------------------------------------

TABS = (
    "report", "report_identifiers", "report_messages", "report_traces", "report_hits", "report_custody", "report_history",
)  # fmt: skip


def head(request: DeskRequest, report: Report, current: str, *, parts: Sequence[Part]) -> pages.ReportHead:
    """Return what stays the same on every tab; `current` is one of `TABS`."""
    viewer = request.viewer
    return pages.ReportHead(
        reference=report.reference,
        title=report_states.title(report),
        tags=tuple(report_states.tags(report)),
        next=_next(request, report),
        tabs=tuple(_tabs(viewer, report, current, parts)),
        list_link=pages.Link(_("Reports"), reverse("reports")),
        actions=tuple(_actions(viewer, report)),
        alert=report_states.alert(report, parts),
        waits=report_states.waits(parts),
    )


def _next(request: DeskRequest, report: Report) -> pages.NextStep | None:
    """Return the report's own step or that of its most urgent hit, whichever is due first; the other is a link in it."""
    viewer = request.viewer
    bars = [_of_hit(viewer, one) for one in _most_urgent_hit(viewer, report)]
    if not report.entry.closed_at:
        bars.append(_of_report(viewer, report))
    bars.sort(key=lambda bar: bar.due or report.received_at)
    if len(bars) < 2:  # noqa: PLR2004 - one and the one after it
        return bars[0] if bars else None
    return replace(bars[0], then=_then(report, bars[1]), then_post=bars[1].post)


def _then(report: Report, bar: pages.NextStep) -> pages.Link:
    at = wording.due(bar.due or report.received_at)
    what = bar.button.text if bar.post and bar.button else bar.step
    url = bar.button.url if bar.button else reverse("report", args=[report.id])
    return pages.Link(_("%(step)s, due %(at)s") % {"step": what, "at": at}, url)


def _most_urgent_hit(viewer: Viewer, report: Report) -> list[Told]:
    """Return the open hit of the report that is due first, if there is one."""
    if viewer.narrow:
        return []
    found = lookups.hits_of_report(viewer, report).filter(common="", state="open")
    return hits.tell(viewer, list(found.order_by("entry__due_at", "reference")[:1]))


def _of_hit(viewer: Viewer, told: Told) -> pages.NextStep:
    entry, step = told.hit.entry, steps.of_hit(told)
    return pages.NextStep(
        lead=_("Next step, owner: %(owner)s, from its hit") % {"owner": lookups.owner_word(viewer, entry)},
        step=step.text,
        why=step.why,
        due=entry.due_at,
        button=step.button,
        mine=entry.owner_officer_id == viewer.actor_id,
    )


def _of_report(viewer: Viewer, report: Report) -> pages.NextStep:
    entry: Entry = report.entry
    is_mine = entry.owner_officer_id == viewer.actor_id
    button, is_post = None, False
    if entry.owner_team_id in viewer.teams and viewer.may(Permission.REPORT_GRADE):
        button, is_post = pages.Link(_("Take the report"), reverse("take", args=[entry.id])), True
    elif viewer.may(Permission.REPORT_GRADE) and (doubt := _doubt_to_settle(report)):
        button = pages.Link(_("Settle the next one"), reverse("settle", args=[report.id, doubt]))
    elif viewer.may(Permission.REPORT_GRADE) and report.graded_by is None:
        button = pages.Link(_("Grade the report"), address_of("grade", report))
    elif viewer.may(Permission.REPORT_GRADE):
        button = pages.Link(_("Say what comes next"), address_of("step", report))
    return pages.NextStep(
        lead=_("Next step, owner: %(owner)s") % {"owner": lookups.owner_word(viewer, entry)},
        step=entry.next_step,
        why=entry.why,
        due=entry.due_at,
        button=button,
        post=is_post,
        mine=is_mine,
    )


def _doubt_to_settle(report: Report) -> UUID | None:
    """Return the first remark that waits, where settling is what comes next."""
    if not is_to_settle(report.entry):
        return None
    waiting = reports.remarks_of(report, "ambiguous").filter(settled_at=None)
    return waiting.values_list("pk", flat=True).first()


def address_of(name: str, report: Report) -> str:
    return reverse(name, args=[report.id])


def _tabs(viewer: Viewer, report: Report, current: str, parts: Sequence[Part]) -> Iterable[pages.Tab]:
    words = (
        _("Overview"), _("Identifiers"), _("Messages"), _("Activity"), _("Hits"), _("Custody"), _("History"),
    )  # fmt: skip
    n_hits = (
        0
        if viewer.narrow
        else min(counted(lookups.hits_of_report(viewer, report).filter(common="")), MOST_COUNTED)
    )
    n_held = counted(Holding.objects.filter(report=report), MOST_OF_ONE)
    n_traces = sum(p.traces for p in parts)
    counts = (None, n_held, sum(p.messages for p in parts), n_traces, n_hits, None, None)
    for name, text, count in zip(TABS, words, counts, strict=True):
        if name in {"report_hits", "report_custody"} and viewer.narrow:
            continue  # a secondee is told of no other agency and handles no original
        if name == "report_traces" and not n_traces and name != current:
            continue  # most reports are no device's
        shown = None if report_states.waits(parts) and not count else count
        yield pages.Tab(text, reverse(name, args=[report.id]), shown, name == current)


def _actions(viewer: Viewer, report: Report) -> Iterable[pages.Link]:
    offered = (
        ("grade", Permission.REPORT_GRADE, _("Grade")),
        ("sharing", Permission.REPORT_SHARE, _("Change sharing")),
        (
            "step",
            Permission.REPORT_GRADE,
            _("Open again") if report.entry.closed_at else _("Set the next step"),
        ),
        ("close", Permission.REPORT_GRADE, _("Close")),
        ("assign", Permission.WORK_ASSIGN, _("Assign")),
        ("secondees", Permission.WORK_ASSIGN, _("Give to a secondee")),
    )
    for name, permission, text in offered:
        if viewer.may(permission) and not (name == "close" and report.entry.closed_at):
            yield pages.Link(text, reverse(name, args=[report.id]))


# --- identifiers ----------------------------------------------------------------------------------------------------


def masked_value(viewer: Viewer, key: UUID, kind: str, pseudonym: str) -> pages.Value:
    """Return what stands for a victim's value, with the way to a reveal where the viewer may."""
    url = reverse("reveal", args=[key]) if viewer.may(Permission.IDENTIFIER_REVEAL) else ""
    return pages.Value(masked=pages.Masked(pseudonym, wording.kind_inside(kind), url))


def value_of(viewer: Viewer, holding: Holding, pseudonym: str = "", *, linked: bool = True) -> pages.Value:
    """Return an identifier's value as the viewer may see it: a victim's is its pseudonym and kind.

    The holding comes from `with_masks`, or `pseudonym` is that of another holding of the same value.
    """
    if name := holding.pseudonym or pseudonym or holding.instead:
        return masked_value(viewer, holding.key, holding.kind, name)
    shown = KINDS[holding.kind].show(holding.value)
    return pages.Value(
        text=shown,
        url=reverse("identifier", args=[holding.key]) if linked else "",
        written=holding.raw if _is_other_spelling(holding.raw, shown) else "",
        note=holding.assumed,
    )


def _is_other_spelling(raw: str, shown: str) -> bool:
    return raw.casefold().strip() not in {
        shown.casefold(),
        shown.rsplit("/", 1)[-1].casefold().removeprefix("id:"),
    }


def strength_of(holding: Holding, hit: Hit | None = None) -> pages.Bits:
    """Return what an identifier is worth: as its hit was weighed, else by itself."""
    return pages.Bits(*hits.worth(holding, hit))


def identifier_rows(
    viewer: Viewer, report: Report, holdings: Sequence[Holding], masker: Masker
) -> tuple[pages.IdentifierRow, ...]:
    """Return rows of the table, with what is known of their hits: two statements for all of them."""
    known = (
        {hit.key: hit for hit in hits.on_keys(viewer, [h.key for h in holdings], with_common=True)}
        if holdings
        else {}
    )
    with_masks(holdings, {report.id: masker})
    return tuple(_identifier_row(viewer, report, h, known.get(h.key)) for h in holdings)


def _identifier_row(viewer: Viewer, report: Report, holding: Holding, hit: Hit | None) -> pages.IdentifierRow:
    link, note = _hit_words(holding, hit)
    return pages.IdentifierRow(
        kind=wording.kind_word(holding.kind),
        value=value_of(viewer, holding),
        role=wording.roles_word(holding.roles),
        way=wording.way_word(holding.ways),
        places=pages.Link(
            wording.places(holding.places), reverse("report_places", args=[report.id, holding.id])
        ),
        bits=strength_of(holding, hit),
        hits=link,
        hits_note=note,
    )


def _hit_words(holding: Holding, hit: Hit | None) -> tuple[pages.Link | None, str]:
    if holding.common or (hit and hit.common):
        return None, _("Not counted")
    if not holding.pivot:
        return None, _("Links nothing")
    if hit is None:
        return None, ""
    url = reverse("hit", args=[hit.id])
    if hit.state == "settled":
        return pages.Link(_("1 settled"), url), _("settled")
    return pages.Link(_("1 to contact") if hit.theirs else _("1 to join"), url), ""


# --- hits -----------------------------------------------------------------------------------------------------------


def told_of_report(viewer: Viewer, report: Report, most: int) -> list[Told]:
    """Return the strongest hits on a report's identifiers, common ones set aside."""
    return hits.tell(viewer, list(lookups.hits_of_report(viewer, report).filter(common="")[:most]))


def report_hit(told: Told, report: Report) -> pages.ReportHit:
    """Word one hit for the report's page, by the levels of the other side."""
    url = reverse("hit", args=[told.hit.id])
    settled = pages.Tag(_("Settled"), "green") if told.hit.state == "settled" else None
    kind = wording.kind_inside(told.kind)
    if not told.theirs:
        others = [m for m in told.mine if m.report_id != report.id]
        name = others[0].reference if others else told.hit.reference
        more = ngettext("and %(n)s more of yours", "and %(n)s more of yours", len(others) - 1) % {
            "n": len(others) - 1
        }
        return pages.ReportHit(
            pages.Link(_("Your report %(reference)s") % {"reference": name}, url),
            _("Same %(kind)s.") % {"kind": kind},
            more if len(others) > 1 else "",
            None if settled else told.hit.entry.due_at,
            settled,
        )
    first = told.theirs[0]
    is_open = first.level is Level.OPEN
    text = (
        _("Same %(kind)s. Their summary may be read.")
        if is_open
        else _("Same %(kind)s. Call them before any action.")
    )
    return pages.ReportHit(
        pages.Link(", ".join(dict.fromkeys(t.agency_name for t in told.theirs)), url),
        text % {"kind": kind},
        "" if is_open else _("Level contact: nothing more may be shown."),
        None if settled else told.hit.entry.due_at,
        settled,
    )
