"""What an officer does with a report: grade, share, say what comes next, close, assign, settle a doubt, give, take the original."""

import os
from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cets.access.permissions import Permission
from cets.access.roles import ROLES
from cets.access.viewer import Viewer, require
from cets.domains.agencies import queries as agencies
from cets.domains.agencies.models import Officer, RoleGrant, Team
from cets.domains.deconfliction import actions as deconfliction
from cets.domains.identifiers import queries as identifiers
from cets.domains.intake import receipts
from cets.domains.intake.masking import masker_of
from cets.domains.intake.plaintext import plaintext
from cets.domains.ledger import actions as ledger
from cets.domains.ledger.models import Entry
from cets.domains.reports import actions, work
from cets.domains.reports import queries as reports
from cets.domains.reports.models import Part, Remark, Report, Secondment
from cets.domains.reports.queries import NotFound
from cets.domains.sharing.levels import Level
from cets.domains.vault.actions import open_original
from cets.sites.desk import pages, wording
from cets.sites.desk.pages import forms
from cets.sites.desk.request import DeskRequest, screen, show
from cets.sites.desk.vault import desk_vault
from cets.sites.desk.views import late, lookups, report_parts, report_receipt


def _loaded(request: DeskRequest, report_id: UUID, permission: Permission) -> Report:
    """Return a report to act on. Raises NotFound first, then Refused, then NeedsPurpose."""
    report = report_parts.opened(request, report_id)
    require(request.viewer, permission)
    return report


def _back(report: Report, name: str = "report") -> HttpResponseRedirect:
    return redirect(reverse(name, args=[report.id]))


def _ask(
    request: DeskRequest,
    report: Report,
    *,
    title: str,
    form: forms.DeskForm,
    button: str,
    name: str,
    **more: object,
) -> HttpResponse:
    page = pages.FormPage(
        title=title,
        form=form,
        form_url=str(more.pop("form_url", "")) or reverse(name, args=[report.id]),
        button=button,
        cancel=pages.Link(_("Back to the report"), reverse("report", args=[report.id])),
        crumbs=_crumbs(report),
        **more,  # type: ignore[arg-type]
    )
    return show(request, page, current="reports", reference=report.reference)


def _crumbs(report: Report) -> tuple[pages.Link, ...]:
    return (
        pages.Link(_("Reports"), reverse("reports")),
        pages.Link(report.reference, reverse("report", args=[report.id])),
    )


@screen("GET", "POST", see=Permission.REPORT_VIEW)
def grade(request: DeskRequest, report_id: UUID) -> HttpResponse:
    report = _loaded(request, report_id, Permission.REPORT_GRADE)
    initial = None if report.graded_by is None else {
        "source": str(report.grading_source), "information": report.grading_information,
        "handling": report.grading_handling, "conditions": report.grading_conditions,
    }  # fmt: skip
    form = forms.GradingForm(request.POST if request.method == "POST" else None, initial=initial)
    shown = late.shown_in(request) or actions.grading_mark(report)
    if form.is_valid():
        given = form.cleaned_data
        grading = actions.Grading(
            int(given["source"]), given["information"], given["handling"], given["conditions"]
        )
        try:
            actions.grade(report=report, grading=grading, by=request.viewer, at=request.at, shown=shown)
        except actions.WrongGrading as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Graded %(grading)s.") % {"grading": grading})
            return _back(report)
    return _ask(
        request, report, title=_("Grade the report"), form=form, button=_("Record the grading"), name="grade",
        shown=shown,
    )  # fmt: skip


@screen("GET", "POST", see=Permission.REPORT_VIEW)
def sharing(request: DeskRequest, report_id: UUID) -> HttpResponse:
    report = _loaded(request, report_id, Permission.REPORT_SHARE)
    form = forms.SharingForm(request.POST if request.method == "POST" else None)
    shown = late.shown_in(request) or deconfliction.level_mark(report)
    if form.is_valid():
        level = Level.of(form.cleaned_data["level"])
        deconfliction.set_sharing(
            report=report, level=level, reason=form.cleaned_data["reason"], by=request.viewer, shown=shown
        )
        messages.success(request, _("Sharing is %(level)s now.") % {"level": wording.LEVEL_WORDS[level]})
        return _back(report)
    now = Level(report.sharing)
    return _ask(
        request, report, title=_("Change the sharing level"), form=form, button=_("Change the level"), name="sharing",
        shown=shown,
        tag=pages.Tag(_("Now: %(level)s") % {"level": wording.LEVEL_WORDS[now]}, "blue"),
        alert=None if now is Level.SILENT else pages.Alert(
            _("What another agency was told before stays known to it."), _("A lower level changes only what comes."), "warning"
        ),
    )  # fmt: skip


# --- what comes next ------------------------------------------------------------------------------------------------


@screen("GET", "POST", see=Permission.REPORT_VIEW)
def step(request: DeskRequest, report_id: UUID) -> HttpResponse:
    """Say what comes next and by when; of a closed report, so that it is opened again."""
    report = _loaded(request, report_id, Permission.REPORT_GRADE)
    data = request.POST if request.method == "POST" else None
    form = forms.StepForm(data, now=timezone.localtime(request.at))
    shown = late.shown_in(request) or work.mark_of(report.entry)
    if form.is_valid():
        opens = work.showed_closed(shown)
        verb = work.reopen if opens else work.plan
        given = form.cleaned_data
        verb(report=report, next_step=given["step"], due_at=given["due_at"], by=request.viewer, shown=shown)
        messages.success(request, _("The report is open again.") if opens else _("The next step is set."))
        return _back(report)
    is_closed = report.entry.closed_at is not None
    if is_closed:
        facts = [pages.Fact(_("Closed with"), report.entry.outcome)]
    else:
        facts = [
            pages.Fact(_("Next step now"), report.entry.next_step),
            pages.Fact(_("Due"), at=report.entry.due_at),
            pages.Fact(_("Nothing more to do?"), _("Close the report"), reverse("close", args=[report.id])),
        ]
    return _ask(
        request, report, title=_("Open the report again") if is_closed else _("What comes next?"), form=form,
        button=_("Open it again") if is_closed else _("Set the next step"), name="step", facts=tuple(facts),
        shown=shown,
        after=_("It goes to the duty team; whoever takes it owns it.") if is_closed else "",
    )  # fmt: skip


@screen("GET", "POST", see=Permission.REPORT_VIEW)
def close(request: DeskRequest, report_id: UUID) -> HttpResponse:
    """Close the report with what came of it."""
    report = _loaded(request, report_id, Permission.REPORT_GRADE)
    form = forms.CloseForm(request.POST if request.method == "POST" else None)
    shown = late.shown_in(request) or work.mark_of(report.entry)
    if form.is_valid():
        outcome = form.cleaned_data["outcome"]
        work.close(report=report, outcome=outcome, by=request.viewer, at=request.at, shown=shown)
        messages.success(request, _("The report is closed. What it holds goes on meeting new reports."))
        return _back(report)
    waiting = lookups.hits_of_report(request.viewer, report).filter(common="", state="open").count()
    alert = pages.Alert(
        ngettext("%(n)s hit of it is not settled.", "%(n)s hits of it are not settled.", waiting) % {"n": waiting},
        _("Each keeps its own owner and due time."), "warning",
    )  # fmt: skip
    return _ask(
        request, report, title=_("Close the report"), form=form, button=_("Close the report"), name="close", shown=shown,
        alert=alert if waiting else None, after=_("It can be opened again. A new hit on it is told all the same."),
    )  # fmt: skip


# --- who owns it, who may read it -----------------------------------------------------------------------------------


@screen("GET", "POST", see=Permission.REPORT_VIEW)
def assign(request: DeskRequest, report_id: UUID) -> HttpResponse:
    report = _loaded(request, report_id, Permission.WORK_ASSIGN)
    teams, people = lookups.owners(request.viewer)
    able = agencies.who_can(request.viewer.own_agency, Permission.REPORT_VIEW)
    people = [one for one in people if one.id in able]
    chosen: dict[str, Team | Officer] = {f"team-{t.id}": t for t in teams} | {
        f"officer-{o.id}": o for o in people
    }
    form = forms.AssignForm(
        request.POST if request.method == "POST" else None,
        owners=[(key, str(one)) for key, one in chosen.items()],
    )
    shown = late.shown_in(request) or ledger.owner_mark(report.entry)
    if form.is_valid():
        owner = chosen[form.cleaned_data["owner"]]
        try:
            _hand_over(request, report.entry, owner, reason=form.cleaned_data["reason"], shown=shown)
        except (ledger.NotTheirs, ledger.CannotSeeIt) as error:
            form.add_error("owner", str(error))
        else:
            messages.success(request, _("%(record)s has a new owner.") % {"record": report.reference})
            return _back(report)
    return _ask(
        request, report, title=_("Assign the report"), form=form, button=_("Assign it"), name="assign", shown=shown,
        facts=(pages.Fact(_("Owner now"), lookups.owner_word(request.viewer, report.entry)),),
    )  # fmt: skip


def _hand_over(request: DeskRequest, entry: Entry, owner: Team | Officer, *, reason: str, shown: str) -> None:
    officer = owner if isinstance(owner, Officer) else None
    team = owner if isinstance(owner, Team) else None
    ledger.assign(
        entry=entry, officer=officer, team=team, by=request.viewer, at=request.at, reason=reason, shown=shown
    )


@screen("GET", "POST", see=Permission.REPORT_VIEW)
def secondees(request: DeskRequest, report_id: UUID) -> HttpResponse:
    """Give the report to a secondee, or see who has it."""
    report = _loaded(request, report_id, Permission.WORK_ASSIGN)
    has_it = set(Secondment.objects.filter(report=report).values_list("officer_id", flat=True))
    people = {str(o.id): o for o in _narrow_officers(request.viewer)}
    choices = [(key, o.name) for key, o in people.items() if o.id not in has_it]
    form = forms.AssignForm(request.POST if request.method == "POST" else None, owners=choices)
    form.fields["owner"].label = _("Secondee")
    if form.is_valid():
        officer = people[form.cleaned_data["owner"]]
        actions.give(report=report, officer=officer, by=request.viewer, at=request.at)
        messages.success(request, _("%(name)s can read this report now.") % {"name": officer.name})
        return _back(report)
    facts = tuple(
        pages.Fact(
            _("Has it"),
            _("%(name)s: take it back") % {"name": o.name},
            reverse("secondee", args=[report.id, o.id]),
        )
        for o in people.values()
        if o.id in has_it
    )
    return _ask(
        request, report, title=_("Give to a secondee"), form=form, button=_("Give the report"), name="secondees", facts=facts,
        lead="" if choices else _("There is no secondee who does not have it yet."),
    )  # fmt: skip


def _narrow_officers(viewer: Viewer) -> Iterable[Officer]:
    narrow = [name for name, role in ROLES.items() if role.narrow]
    held = RoleGrant.objects.filter(role__in=narrow, ended_at=None, agency_id=viewer.own_agency).values(
        "officer"
    )
    return Officer.objects.filter(agency_id=viewer.own_agency, left_at=None, id__in=held).order_by("name")


@screen("GET", "POST", see=Permission.REPORT_VIEW)
def secondee(request: DeskRequest, report_id: UUID, officer_id: UUID) -> HttpResponse:
    """Take the report back from a secondee."""
    report = _loaded(request, report_id, Permission.WORK_ASSIGN)
    held = Secondment.objects.filter(report=report, officer_id=officer_id).select_related("officer").first()
    if held is None:
        raise NotFound(str(NotFound.__doc__))
    if request.method == "POST":
        actions.take_back(report=report, officer=held.officer, by=request.viewer)
        messages.success(
            request, _("%(name)s cannot read this report any more.") % {"name": held.officer.name}
        )
        return _back(report)
    return _ask(
        request, report, title=_("Take the report back"), form=forms.DeskForm(), button=_("Take it back"), name="secondees",
        form_url=reverse("secondee", args=[report.id, officer_id]),
        facts=(pages.Fact(_("Secondee"), held.officer.name), pages.Fact(_("Has it since"), at=held.given_at)),
    )  # fmt: skip


# --- doubts ---------------------------------------------------------------------------------------------------------


@screen("GET", "POST", see=Permission.REPORT_VIEW)
def settle(request: DeskRequest, report_id: UUID, remark_id: UUID) -> HttpResponse:
    """Ask which reading of something ambiguous is right."""
    report = _loaded(request, report_id, Permission.REPORT_GRADE)
    remark = Remark.objects.filter(report=report, pk=remark_id, kind="ambiguous").first()
    if remark is None:
        raise NotFound(str(NotFound.__doc__))
    if remark.settled_at is not None:
        raise late.too_late(request, actions.SettledMeanwhile)
    masker = masker_of(report.id)
    written, readings = report_receipt.shown(remark, masker)
    candidates = [(str(i), _reading(text, _KEYS[i : i + 1])) for i, text in enumerate(readings)]
    open_ = ("open", forms.Option(_("Leave it open"), _("Every reading is kept and marked"), ""))
    form = forms.SettleForm(
        request.POST if request.method == "POST" else None, candidates=[*candidates, open_]
    )
    if form.is_valid():
        reading, reason = form.cleaned_data["reading"], form.cleaned_data["reason"]
        if reading != "open":
            choice = remark.candidates[int(reading)]
            actions.settle(remark=remark, choice=choice, by=request.viewer, at=request.at, reason=reason)
            messages.success(request, _("Settled. What was written stays beside it."))
        return _back(report)
    return _ask(
        request, report, title=_("Which reading is right?"), form=form, button=_("Settle it"), name="grade",
        form_url=reverse("settle", args=[report.id, remark.pk]), cards=True,
        facts=(pages.Fact(_("As written"), written, value=True), pages.Fact(_("Where"), masker.label(remark.place), value=True)),
    )  # fmt: skip


def _reading(text: str, key: str) -> forms.Option:
    """Return what can be chosen: a reading, or, where there is none, that nobody can say."""
    return (
        forms.Option(_("It cannot be told"), text, key)
        if receipts.is_reason(text)
        else forms.Option(text, "", key)
    )


#: Of the readings of something ambiguous, for the first ones.
_KEYS = "123456789"


@screen("GET", "POST", see=Permission.REPORT_VIEW)
def reveal_doubt(request: DeskRequest, report_id: UUID, remark_id: UUID) -> HttpResponse:
    """Ask why, record it, and show a victim's value that can mean two things on the answer to this one request."""
    report = _loaded(request, report_id, Permission.IDENTIFIER_REVEAL)
    remark = Remark.objects.filter(report=report, pk=remark_id, kind="ambiguous", role="victim").first()
    if remark is None:
        raise NotFound(str(NotFound.__doc__))
    form = forms.RevealForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        by = agencies.with_purpose(
            request.viewer, form.cleaned_data["purpose"], form.cleaned_data["reference"]
        )
        identifiers.reveal_doubt(by, remark)
        return show(request, _revealed(report, remark), current="reports", reference=report.reference)
    page = pages.RevealPage(
        title=_("Reveal a victim's value that can mean two things"),
        form=form,
        form_url=reverse("reveal_doubt", args=[report.id, remark.pk]),
        button=_("Reveal for this page"),
        cancel=pages.Link(_("Leave it masked"), reverse("report", args=[report.id])),
    )
    return show(request, page, current="reports", reference=report.reference)


def _revealed(report: Report, remark: Remark) -> pages.DetailPage:
    readings = (
        pages.Fact(_("Reading %(n)s") % {"n": number}, text, value=True)
        for number, text in enumerate(remark.candidates, 1)
    )
    is_open = remark.settled_at is None and remark.candidates
    choose = pages.Link(_("Choose"), reverse("settle", args=[report.id, remark.pk]))
    return pages.DetailPage(
        title=_("A victim's value"),
        crumbs=_crumbs(report),
        facts=(
            pages.Fact(_("As written"), remark.text, value=True),
            *readings,
            pages.Fact(_("Where"), remark.place, value=True),
        ),
        lead=_("Shown on this page only. That you looked, when and why is recorded."),
        actions=(choose,) if is_open else (),
    )


# --- the original ---------------------------------------------------------------------------------------------------


@screen("GET", "POST", see=Permission.REPORT_VIEW)
def original(request: DeskRequest, report_id: UUID, part_id: UUID) -> HttpResponse | FileResponse:
    """Ask why, record it, and hand over the sealed file as bytes to keep: never to be shown by the browser."""
    report = _loaded(request, report_id, Permission.ORIGINAL_OPEN)
    part = reports.parts_of(report).filter(id=part_id, member=False).select_related("original").first()
    if part is None or request.viewer.narrow:
        raise NotFound(str(NotFound.__doc__))
    form = forms.PurposeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        by = agencies.with_purpose(
            request.viewer, form.cleaned_data["purpose"], form.cleaned_data["reference"]
        )
        return _handed_over(report, part, request, by)
    page = pages.PurposePage(
        title=_("Why do you need the original?"),
        form=form,
        form_url=reverse("original", args=[report.id, part.id]),
        button=_("Download the original"),
        cancel=pages.Link(_("Back to the report"), reverse("report_custody", args=[report.id])),
        crumbs=_crumbs(report),
        lead=_(
            "It is downloaded as it came and may hold material that nobody should see by accident. It is recorded."
        ),
    )
    return show(request, page, current="reports", reference=report.reference)


def _handed_over(report: Report, part: Part, request: DeskRequest, by: Viewer) -> FileResponse:
    # The whole file is decrypted and checked before the first byte leaves: what is recorded is what was given.
    with plaintext(open_original(desk_vault(), part.original, at=request.at, by=by)) as file:
        given = os.fdopen(os.dup(file.fileno()), "rb")
    # The name tells no more than the reference: in the file's own a person's may stand.
    name = f"{report.reference}-{part.number}.bin"
    return FileResponse(given, as_attachment=True, filename=name, content_type="application/octet-stream")
