"""The audit record for the data-protection officer. Who reads it is recorded in it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cets.access import purposes
from cets.access.permissions import Permission
from cets.audit import events, queries
from cets.audit.models import Event
from cets.audit.queries import Chain
from cets.audit.recording import record
from cets.domains.agencies.models import Agency, Officer
from cets.domains.vault.keys import load_verifying_key
from cets.sites.console import runtime
from cets.sites.desk import pages
from cets.sites.desk.pages import forms
from cets.sites.desk.pages.parts import Cell, Column, Table
from cets.sites.desk.paging import page_of
from cets.sites.desk.request import DeskRequest, screen, show
from cets.sites.desk.views import lookups
from cets.sites.desk.views.telling import Teller, record_word

#: The filter stays in the session: a person's name or a reference must not stand in an address.
_FILTER = "audit_filter"
_FIELDS = (
    "who", "record", "action", "since_day", "since_month", "since_year", "until_day", "until_month", "until_year",
)  # fmt: skip
_MOST_PEOPLE = 200

#: What was done, in the words of the filter, and the types of event that it means.
ACTIONS: dict[str, tuple[Callable[[], str], tuple[str, ...]]] = {
    "opened": (lambda: _("Opened a record"), lookups.LOOKS),
    "revealed": (lambda: _("Revealed a victim's value"), ("identifiers:identifier:revealed",)),
    "downloaded": (lambda: _("Opened an original"), ("vault:original:opened",)),
    "searched": (lambda: _("Searched"), ("search:search:run",)),
    "signed_in": (lambda: _("Signed in or out"), ("agencies:officer:signed-in", "agencies:officer:signed-out")),
    "received": (lambda: _("Took something in"), ("reports:report:received", "intake:note:added", "intake:files:added", "intake:file:refused")),
    "shared": (lambda: _("Changed what others may learn"), ("reports:report:sharing-set", "reports:report:given", "reports:report:taken-back")),
    "graded": (lambda: _("Graded or settled"), ("reports:report:graded", "reports:remark:settled", "intake:part:map-settled")),
    "hits": (lambda: _("Decided on a hit"), ("deconfliction:hit:decided", "deconfliction:hit:decision-withdrawn")),
    "roles": (
        lambda: _("Gave or ended roles"),
        ("agencies:role:granted", "agencies:role:ended", "approvals:approval:asked", "approvals:approval:agreed", "approvals:approval:refused"),
    ),
    "accounts": (
        lambda: _("Changed accounts"),
        (
            "agencies:officer:added", "agencies:officer:left", "agencies:officer:password-reset", "agencies:officer:second-factor-reset",
        ),
    ),
    "audit": (lambda: _("Looked at the audit"), (events.LOOKED,)),
}  # fmt: skip


@screen("GET", "POST", see=Permission.AUDIT_VIEW)
def audit(request: DeskRequest) -> HttpResponse:
    """List what was recorded in the viewer's agency, and what the chain of records says."""
    if request.method == "POST":
        form = _form({name: request.POST.get(name, "")[:200] for name in _FIELDS})
        if form.is_valid():
            request.session[_FILTER] = {name: form.data[name] for name in _FIELDS if form.data[name]}
            return redirect("audit")
        return _page(request, form, status=422)
    kept = request.session.get(_FILTER)
    return _page(request, _form(dict.fromkeys(_FIELDS, "") | kept if kept else None))


def _form(data: Mapping[str, str] | None) -> forms.AuditFilter:
    return forms.AuditFilter(data, actions=[(name, words()) for name, (words, _types) in ACTIONS.items()])


def _page(request: DeskRequest, form: forms.AuditFilter, *, status: int = 200) -> HttpResponse:
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    agency_id = request.viewer.own_agency
    chain = queries.chain_of(
        agency_id, heads=runtime.heads_of(settings.CETS), key=_verifying_key(), at=request.at
    )
    found = queries.of_agency(agency_id, **_conditions(agency_id, asked))
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:  # noqa: PLR2004 - what a bigint holds
        found = found.filter(number__lt=int(before))
    rows, paging = page_of(found, reverse("audit"), request.GET, beyond=_beyond)
    record(
        events.LOOKED, by=request.viewer, subject=("audit", agency_id), filter={k: str(v) for k, v in asked.items() if v},
        shown=len(rows), newest=rows[0].number if rows else None,
    )  # fmt: skip
    page = pages.AuditPage(
        table=_table(rows),
        filters=form,
        filter_url=reverse("audit"),
        verified=_verified(chain),
        verified_ok=not chain.problem,
        verified_at=chain.signed_at,
        tail=_tail(chain),
        paging=paging,
    )
    return show(request, page, current="audit", status=status)


def _beyond(last: Event) -> str:
    """Return the address of what follows the last numbered page."""
    return f"{reverse('audit')}?before={last.number}"


# --- the filter -----------------------------------------------------------------------------------


def _conditions(agency_id: UUID, asked: Mapping[str, Any]) -> dict[str, Any]:
    who, what = (asked.get("who") or "").strip(), (asked.get("record") or "").strip()
    until = asked.get("until")
    return {
        "actors": _people(agency_id, who) if who else None,
        "agencies": _agencies(agency_id, who) if who else (),
        "subjects": _subjects(agency_id, what) if what else None,
        "types": ACTIONS[asked["action"]][1] if asked.get("action") else (),
        "since": _start(asked["since"]) if asked.get("since") else None,
        "until": _start(until + timedelta(days=1)) if until else None,
    }


def _people(agency_id: UUID, name: str) -> list[UUID]:
    people = Officer.objects.filter(agency_id=agency_id, name__icontains=name)
    return list(people.values_list("id", flat=True)[:_MOST_PEOPLE])


def _agencies(agency_id: UUID, words: str) -> list[UUID]:
    """Return the other agencies that are named: alone, or as the list names whoever acted from there, or its beginning."""
    asked = words.casefold()
    others = Agency.objects.exclude(id=agency_id).values_list("id", "name")
    return [
        other
        for other, name in others
        if asked in name.casefold()
        or name.casefold() in asked
        or any(
            lookups.actor_word(kind, "", name).casefold().startswith(asked) for kind in ("officer", "service")
        )
    ]


def _subjects(agency_id: UUID, text: str) -> list[str]:
    try:
        return [str(UUID(text))]
    except ValueError:
        return queries.subjects_of(agency_id, text.upper())


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


# --- what is shown --------------------------------------------------------------------------------


def _table(rows: Sequence[Event]) -> Table:
    officers = {UUID(e.subject_id) for e in rows if e.subject_type == "officer"}
    names = lookups.names(officers)
    said = queries.details_of(rows)
    who = lookups.Actors(rows, said)
    references = queries.references_of({e.subject_id for e in rows}) | {
        str(i): names[i] for i in officers & names.keys()
    }
    tell = Teller(said.values())
    return Table(
        columns=(
            Column(_("When")),
            Column(_("Who")),
            Column(_("What")),
            Column(_("Record")),
            Column(_("Purpose")),
        ),
        rows=tuple(tuple(_row(e, who(e), said.get(e.id), references, tell)) for e in rows),
        empty=_("Nothing was recorded that fits."),
    )


def _row(
    event: Event,
    who: str,
    said: Mapping[str, Any] | None,
    references: Mapping[str, str],
    tell: Teller,
) -> Iterator[Cell]:
    flagged = {"self": _("of oneself"), "colleague": _("of a colleague")}.get(
        str((said or {}).get("flagged"))
    )
    yield Cell(at=event.at)
    yield Cell(
        who,
        sub="" if event.actor_kind in {"officer", "system"} else event.actor_kind,
    )
    yield Cell(
        tell(event.type, said),
        sub=event.type,
        tag=pages.Tag(_("Flagged: %(why)s") % {"why": flagged}, "amber") if flagged else None,
    )
    yield Cell(
        references.get(event.subject_id) or record_word(event.subject_type),
        sub="" if event.subject_id in references else event.subject_id,
    )
    why = purposes.words_of(event.purpose) if event.purpose else ""
    yield Cell(", ".join(part for part in (why, event.purpose_reference) if part))


@cache
def _verifying_key() -> Ed25519PublicKey:
    return load_verifying_key(runtime.Keys(settings.CETS.keys_dir).verifying.read_bytes())


_PROBLEMS: dict[str, Callable[[], str]] = {
    "no_head": lambda: _("No head has been signed yet: the worker does that within a second"),
    "bad_head": lambda: _("The last signed head cannot be read or is not signed by this installation"),
    "other_head": lambda: _("The record does not end as its signed head says"),
    "stands_still": lambda: _("Records wait to be chained for more than a minute: the worker stands still"),
}


def _verified(chain: Chain) -> str:
    if chain.problem:
        return _PROBLEMS[chain.problem]()
    return _("%(n)s records chained, the signed head agrees") % {"n": f"{chain.chained:,}"}


def _tail(chain: Chain) -> str:
    words = _("All of it is read and checked by: cets verify-audit.")
    if chain.waiting:
        waiting = ngettext(
            "%(n)s record of your agency waits to be chained.",
            "%(n)s records of your agency wait to be chained.",
            chain.waiting,
        )
        return f"{waiting % {'n': f'{chain.waiting:,}'}} {words}"
    return words
