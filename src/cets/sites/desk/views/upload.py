"""Files in: sealed before anything is said, then read by the worker; what becomes of each is shown."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import BinaryIO, cast
from uuid import UUID

from django.conf import settings
from django.core.cache import caches
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count, Min, Q, Sum
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cets.access.permissions import Permission
from cets.domains.intake import actions, queries
from cets.domains.intake.actions import Incoming, Received
from cets.domains.intake.folders import begun_by, receive_folder
from cets.domains.intake.masking import PLAIN, maskers_of
from cets.domains.reports.models import Part
from cets.domains.reports.queries import visible_to as visible_reports
from cets.domains.sharing.levels import Level
from cets.domains.vault.actions import Vault
from cets.kernel.errors import CetsError
from cets.sites.console import runtime
from cets.sites.desk import pages, wording
from cets.sites.desk.navigation import shell
from cets.sites.desk.pages import forms
from cets.sites.desk.pages.parts import Link, NextStep, Tag
from cets.sites.desk.request import DeskRequest, is_by_script, screen, show
from cets.sites.desk.uploading import was_too_large
from cets.sites.desk.views import lookups, tables

#: So long and so many an officer sees of what he added.
_SHOWN_FOR, _MOST_SHOWN = timedelta(hours=24), 50
#: The answer's header that names the report which files became together.
_REPORT = "CETS-Report"
#: A list that asks again keeps its session alive: it stops when the worker does not come.
_ASKS_FOR = timedelta(minutes=10)


@cache
def desk_vault() -> Vault:
    """Return this process's vault."""
    return runtime.vault(settings.CETS)


# --- adding files ---------------------------------------------------------------------------------


@screen("GET", "POST", see=Permission.REPORT_ADD)
def upload(request: DeskRequest) -> HttpResponse:
    """Take files in: one a request with JavaScript, all at once without."""
    if request.method != "POST":
        return _page(request, forms.UploadForm())
    form = forms.UploadForm(request.POST, request.FILES)
    if was_too_large(request):
        reason = _too_large()
        actions.refused(size=int(request.META.get("CONTENT_LENGTH") or 0), reason=reason, by=request.viewer)
        alert = pages.Alert(_("Nothing of this was kept"), reason)
        return _page(request, forms.UploadForm(), alert=alert, status=413)
    if not form.is_valid():
        return _page(request, form, status=422)
    files, level = form.cleaned_data["uploads"], Level.of(form.cleaned_data["level"])
    if form.cleaned_data["together"]:
        report_id, told = _take_together(request, files, level, form.cleaned_data["report"])
    else:
        report_id, told = None, [one for file in files if (one := _take(request, file, level)) is not None]
    _remember(request, told)
    answer = _fragment(request) if is_by_script(request) else redirect("upload")
    if report_id:
        answer[_REPORT] = str(report_id)  # what is sent next belongs to it, too
    return answer


def _too_large() -> str:
    limit = wording.size(settings.CETS.max_file_bytes)
    return _(
        "A file is larger than this instance takes, or the files together are: %(limit)s at once."
        " Leave the largest out and add the others again."
    ) % {"limit": limit}


def _take_together(
    request: DeskRequest, files: "Sequence[UploadedFile[bytes]]", level: Level, report_id: UUID | None
) -> "tuple[UUID | None, list[_Told]]":
    """Take files in as the parts of one report; return it, and what no record tells of single files."""
    told: list[_Told] = []
    good: list[Incoming] = []
    if report_id:
        report_id = begun_by(request.viewer, report_id)
    for file, name in zip(files, _paths(request, files), strict=True):
        size = file.size or 0
        try:
            actions.check_size(size, settings.CETS.max_file_bytes)
            good.append(Incoming(name, cast("BinaryIO", file.file), size))
        except CetsError as error:
            actions.refused(size=size, reason=str(error), by=request.viewer)
            told.append(_Told(name, size, request.at, reason=str(error)))
    try:
        done = receive_folder(
            good, report_id=report_id, vault=desk_vault(), agency=request.officer.agency, sharing=level, by=request.viewer, at=request.at,
        )  # fmt: skip
    except CetsError as error:
        for one in good:
            actions.refused(size=one.size, reason=str(error), by=request.viewer)
        return report_id, told + [_Told(one.name, one.size, request.at, reason=str(error)) for one in good]
    for one, received in zip(good, done.files, strict=True):
        if received.duplicate_of:
            told.append(_Told(one.name, one.size, request.at, held=received))
    return done.report_id, told


def _paths(request: DeskRequest, files: "Sequence[UploadedFile[bytes]]") -> list[str]:
    """Return what each file is called in the report: its path in the folder where a script sent it, else its name.

    It is a name and never a path of ours; what would lead out of a folder is left out all the same.
    """
    given = request.POST.getlist("paths")
    if len(given) != len(files):
        return [file.name or "" for file in files]
    parts = [
        [part for part in path.replace("\\", "/").split("/") if part not in {"", ".", ".."}] for path in given
    ]
    return ["/".join(own) or file.name or "" for own, file in zip(parts, files, strict=True)]


def _take(request: DeskRequest, file: "UploadedFile[bytes]", level: Level) -> "_Told | None":
    """Take one file in; return what no record tells: that it was refused, or held already."""
    name, size = file.name or "", file.size or 0
    try:
        actions.check_size(size, settings.CETS.max_file_bytes)
        incoming = Incoming(name, cast("BinaryIO", file.file), size)
        (received,) = actions.receive(
            [incoming],
            vault=desk_vault(),
            agency=request.officer.agency,
            sharing=level,
            by=request.viewer,
            at=request.at,
        )
    except CetsError as error:
        actions.refused(size=size, reason=str(error), by=request.viewer)
        return _Told(name, size, request.at, reason=str(error))
    if received.duplicate_of:
        return _Told(name, size, request.at, held=received, asked=level)
    return None


# --- what became of them --------------------------------------------------------------------------


#: So many tables to settle are named beside one file; the receipt names the others.
_MOST_TABLES = 4
#: The cache that lies in this process alone.
_MEMORY = "memory"


@dataclass(frozen=True)
class _Told:
    """A file that left no record: refused, or the same as one that is held."""

    name: str
    size: int
    at: datetime
    reason: str = ""
    held: Received | None = None
    asked: Level | None = None


def _remember(request: DeskRequest, told: Sequence[_Told]) -> None:
    """Keep it for this session, in memory alone: a file's name may tell of a victim and must not lie in a session row."""
    if told:
        caches[_MEMORY].set(
            _key(request), [*told, *_recalled(request)][:_MOST_SHOWN], settings.SESSION_COOKIE_AGE
        )


def _recalled(request: DeskRequest) -> list[_Told]:
    return list(caches[_MEMORY].get(_key(request), ()))


def _key(request: DeskRequest) -> str:
    return f"upload-{request.session.session_key}-{request.viewer.actor_id}"


@screen("GET", see=Permission.REPORT_ADD)
def states(request: DeskRequest) -> HttpResponse:
    """The list of files alone, which the page asks for again while something moves."""
    return _fragment(request)


def _fragment(request: DeskRequest) -> HttpResponse:
    page = replace(_states(request), next=_needs_you(request), is_alone=True)
    context = {"page": page, "shell": shell(request, current="upload")}
    return HttpResponse(render_to_string(page.template, context, request))


def _page(
    request: DeskRequest, form: forms.UploadForm, *, alert: pages.Alert | None = None, status: int = 200
) -> HttpResponse:
    page = pages.Upload(
        form=form,
        form_url=reverse("upload"),
        states=_states(request),
        accepted=_(
            "Read: chats, mail (EML, MSG, mbox), tables (CSV, XLSX), JSON, XML, PDF, databases of phones and browsers, text,"
            " archives (ZIP, UFDR, tar, 7z, gz). Anything else is kept and sealed, too."
        ),
        limit=wording.size(settings.CETS.max_file_bytes),
        most_bytes=settings.CETS.max_file_bytes,
        next=_needs_you(request),
        note=Link(_("Type an officer's note"), reverse("note_new")),
        alert=alert,
    )
    return show(request, page, current="upload", status=status)


def _needs_you(request: DeskRequest) -> NextStep | None:
    """Lead to the first table with something to settle."""
    part = queries.tables_waiting_for(request.viewer, since=request.at - _SHOWN_FOR).first()
    if part is None:
        return None
    maps = queries.maps_of(part)
    columns = sum(len(one["columns"]) for one in maps)
    unsure = sum(queries.unsure_in(one) for one in maps)
    return NextStep(
        lead=_("One file needs you · owner: you"),
        step=tables.settle_words(unsure, tables.file_word(part)),
        why=_("What is sure was read. The rest waits for you."),
        figure=_("%(sure)s of %(all)s sure") % {"sure": columns - unsure, "all": columns},
        figure_note=_("sealed %(at)s") % {"at": wording.moment(part.received_at)},
        button=Link(_("Settle the columns"), reverse("columns", args=[part.id])),
        mine=True,
    )


def _states(request: DeskRequest) -> pages.FileStates:
    parts = list(queries.added_by(request.viewer, since=request.at - _SHOWN_FOR)[:_MOST_SHOWN])
    hits = lookups.hits_of_reports(request.viewer, {p.report_id for p in parts})
    inside, waiting = _inside(parts), _waiting(parts)
    rows = [
        (
            p.received_at,
            replace(
                _state(p, inside.get(p.original_id), waiting.get(p.original_id, ()), hits, request.at),
                sharing=wording.level_tag(Level(p.report.sharing)).text,
            ),
        )
        for p in parts
    ]
    told = _recalled(request)
    levels = _levels_now(request, [one.held.report_id for one in told if one.held])
    rows += [(one.at, _told(one, levels)) for one in told]
    rows.sort(key=lambda row: row[0], reverse=True)
    files = tuple(file for _at, file in rows)[:_MOST_SHOWN]
    moving = sum(file.moving for file in files)
    summary = ngettext("%(n)s file", "%(n)s files", len(files)) % {"n": len(files)}
    if moving:
        summary += ", " + _("%(n)s moving") % {"n": moving}
    return pages.FileStates(files, reverse("upload_states"), summary if files else _("No file yet"))


@dataclass(frozen=True)
class _Inside:
    """What is in an archive: its files, what they hold, how many could not be read to the end, and why one of them."""

    files: int
    identifiers: int
    messages: int
    traces: int
    failed: int
    why: str


def _inside(parts: Sequence[Part]) -> dict[UUID, _Inside]:
    """Return by original what is in those that turned out to be archives."""
    members = Part.objects.filter(original_id__in=[p.original_id for p in parts], member=True).values(
        "original_id"
    )
    failed = Q(state="failed")
    rows = members.annotate(
        n=Count("id"),
        found=Sum("identifiers"),
        said=Sum("messages"),
        done=Sum("traces"),
        failed=Count("id", filter=failed),
        why=Min("error", filter=failed),
    ).order_by()
    report_of = {p.original_id: p.report_id for p in parts}
    maskers = maskers_of({report_of[row["original_id"]] for row in rows if row["failed"]})
    return {
        (one := row["original_id"]): _Inside(
            files=row["n"],
            identifiers=row["found"] or 0,
            messages=row["said"] or 0,
            traces=row["done"] or 0,
            failed=row["failed"],
            why=maskers.get(report_of[one], PLAIN).label(row["why"] or ""),
        )
        for row in rows
    }


def _waiting(parts: Sequence[Part]) -> dict[UUID, list[Link]]:
    """Return the ways to the tables that wait, in these files and inside them."""
    found: dict[UUID, list[Link]] = {}
    waiting = list(queries.waiting_in(parts))
    maskers = maskers_of(one.report_id for one in waiting)
    for one in waiting:
        links = tables.links(one, maskers.get(one.report_id, PLAIN), named=one.member)
        found.setdefault(one.original_id, []).extend(links)
    return found


def _state(
    part: Part, inside: _Inside | None, waiting: Sequence[Link], hits: dict[UUID, int], at: datetime
) -> pages.FileState:
    report = Link(part.report.reference, reverse("report", args=[part.report_id]))
    name, size = part.name, wording.size(part.size)
    if part.state == "sealed":
        text = (
            _("Received and sealed. You may leave this page.")
            if part.read_at is None
            else _("It is read again with your columns.")
        )
        moving = at - max(part.received_at, part.read_at or part.received_at) < _ASKS_FOR
        return pages.FileState(
            name,
            size,
            Tag(_("Reading") if moving else _("Waits to be read"), "grey"),
            text,
            (report,),
            moving=moving,
        )
    if waiting:
        return pages.FileState(
            name,
            size,
            Tag(_("Needs you"), "amber"),
            _("Stored and sealed;"),
            (*waiting[:_MOST_TABLES], report),
        )
    if part.state in {"not_understood", "failed"}:
        why = part.error or _("No source here reads it; the original is kept.")
        word = _("Not understood") if part.state == "not_understood" else _("Not read to its end")
        return pages.FileState(name, size, Tag(word, "amber"), why, (report,))
    tag, found = Tag(_("In"), "green"), _found(part, inside)
    if inside and inside.failed:
        tag, found = Tag(_("Not read to its end"), "amber"), f"{_unread(inside)} {found}"
    return pages.FileState(name, size, tag, found, tuple(_ways(part, report, hits)))


def _unread(inside: _Inside) -> str:
    return _("%(n)s of %(all)s files in it could not be read to the end: %(why)s") % {
        "n": f"{inside.failed:,}", "all": f"{inside.files:,}", "why": inside.why,
    }  # fmt: skip


def _found(part: Part, inside: _Inside | None) -> str:
    of_all: Sequence[Part | _Inside] = [part, inside] if inside else [part]
    words = ", ".join(_counted(of_all))
    if inside:
        words += " " + ngettext(
            "in %(n)s file of the archive", "in %(n)s files of the archive", inside.files
        ) % {"n": f"{inside.files:,}"}
    return words + ","


def _counted(of_all: Sequence[Part | _Inside]) -> Iterator[str]:
    """Yield how much was found; a file of places or messages holds something, though none of it is an identifier."""
    number = sum(one.identifiers for one in of_all)
    yield ngettext("%(n)s identifier", "%(n)s identifiers", number) % {"n": f"{number:,}"}
    if number := sum(one.messages for one in of_all):
        yield ngettext("%(n)s message", "%(n)s messages", number) % {"n": f"{number:,}"}
    if number := sum(one.traces for one in of_all):
        yield ngettext("%(n)s entry of activity", "%(n)s entries of activity", number) % {"n": f"{number:,}"}


def _ways(part: Part, report: Link, hits: dict[UUID, int]) -> Iterable[Link]:
    yield report
    if number := hits.get(part.report_id):
        yield Link(
            ngettext("%(n)s hit", "%(n)s hits", number) % {"n": number},
            reverse("report", args=[part.report_id]),
        )
    if queries.maps_of(part):
        yield Link(_("Its columns"), tables.address(part, 1))


def _levels_now(request: DeskRequest, report_ids: Sequence[UUID]) -> dict[UUID, Level]:
    seen = visible_reports(request.viewer).filter(id__in=report_ids).values_list("id", "sharing")
    return {report_id: Level(sharing) for report_id, sharing in seen}


def _told(told: _Told, levels: dict[UUID, Level]) -> pages.FileState:
    if told.held:
        level = levels.get(told.held.report_id)
        link = Link(told.held.reference, reverse("report", args=[told.held.report_id]))
        return pages.FileState(
            told.name,
            wording.size(told.size),
            Tag(_("Already held"), "blue"),
            _("The same file as in"),
            (link,),
            sharing=_level_kept(level, told.asked) if level is not None else "",
        )
    return pages.FileState(told.name, wording.size(told.size), Tag(_("Refused"), "red"), told.reason)


def _level_kept(level: Level, asked: Level | None) -> str:
    """Say what others learn of the record that holds the file, and that choosing another level now changed nothing."""
    words = str(wording.level_tag(level).text)
    if asked is None or asked == level:
        return words
    return _("%(level)s, as before: what you chose now was not applied. Change it on the report.") % {
        "level": words
    }
