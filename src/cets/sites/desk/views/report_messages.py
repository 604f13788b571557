"""A report's messages, to be read: one conversation at a time, paged, searched, linked to, printed."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cets.access.permissions import Permission
from cets.domains.intake.masking import Masker, masker_of
from cets.domains.reports import queries as reports
from cets.domains.reports.models import Message, Part, Report
from cets.domains.search import within
from cets.sites.desk import pages
from cets.sites.desk.pages import forms
from cets.sites.desk.paging import counted, number_of, page_of
from cets.sites.desk.request import DeskRequest, screen, show
from cets.sites.desk.views import finding, places, report_lines, report_parts
from cets.sites.desk.views.report_lines import Lines, Sides

#: Messages of a page, and of a page that is printed.
MANY, ON_PAPER = 50, 1_000
#: More conversations than this are chosen from a list instead of a row of links.
_LINKS = 12
#: So many conversations of a report are told apart; what is beyond is said.
MOST_THREADS = 5_000


@dataclass(frozen=True)
class _Conversation:
    part: Part
    thread: str
    count: int

    def messages(self) -> QuerySet[Message]:
        own = Message.objects.filter(report=self.part.report_id, part=self.part, thread=self.thread)
        return own.order_by("number")


@dataclass(frozen=True)
class _Reading:
    """What the address asks for, in one report."""

    request: DeskRequest
    report: Report
    conversations: Sequence[_Conversation]
    chosen: int
    number: int  # of the page
    here: Message | None
    find: finding.Asked
    every: bool
    on_paper: bool
    masker: Masker

    @property
    def url(self) -> str:
        return reverse("report_messages", args=[self.report.id])

    @property
    def one(self) -> _Conversation:
        return self.conversations[self.chosen]

    def kept(self, **more: str) -> dict[str, str]:
        """Return what every address of this page keeps, and more."""
        kept = {"c": str(self.chosen), "find": self.find.id, "every": "1" if self.every else "", **more}
        return {name: value for name, value in kept.items() if value}

    def at(self, **more: str) -> str:
        return f"{self.url}?{urlencode(self.kept(**more))}"

    def scope(self) -> QuerySet[Message]:
        """Return where words are looked for."""
        if self.every:
            return Message.objects.filter(report=self.report).order_by("part__number", "number")
        return self.one.messages()

    def lines(self) -> Lines:
        at = (self.here.part.number, self.here.number) if self.here else None
        return Lines(
            self.request.viewer,
            self.report,
            self.masker,
            words=self.find.words,
            find=self.find.id,
            every=self.every,
            here=at,
        )


@screen("GET", "POST", see=Permission.REPORT_VIEW)
def report_messages(request: DeskRequest, report_id: UUID) -> HttpResponse:
    """Read a report's messages; what is posted is what to look for in them."""
    report = report_parts.opened(request, report_id)
    parts = list(reports.parts_of(report))
    reading = _asked(request, report, parts)
    form = _form(reading, posted=request.method == "POST")
    if request.method == "POST" and (
        answer := finding.ask(request, form, reading.url, {"c": str(reading.chosen)})
    ):
        return answer
    head = report_parts.head(request, report, "report_messages", parts=parts)
    page = _page(reading, head, form)
    return show(
        request, page, current="reports", reference=report.reference, handling=report_parts.handling_of(report)
    )  # fmt: skip


def _page(reading: _Reading, head: pages.ReportHead, form: forms.FindForm) -> pages.ReportMessages:
    if not reading.conversations:
        return pages.ReportMessages(
            head=head, lines=(), total=0, empty=_no_message(reading.report, head.waits)
        )
    if reading.find and reading.here is None:
        return _results(reading, head, form)
    return _conversation(reading, head, form)


def _conversation(reading: _Reading, head: pages.ReportHead, form: forms.FindForm) -> pages.ReportMessages:
    """Show one conversation, a page of it, or much of it for paper."""
    found = reading.one.messages().select_related("part")
    size = ON_PAPER if reading.on_paper else MANY
    query = reading.kept(page=str(reading.number), print="1" if reading.on_paper else "")
    rows, paging = page_of(found, reading.url, query, size=size, total=reading.one.count)
    lines = reading.lines()
    sides = report_lines.sides_of(found, lines)
    before = found.filter(number__lt=rows[0].number).last() if rows else None
    sheet = None
    if reading.on_paper:
        sheet = _sheet(reading, rows, paging.first if paging else 1)
    return pages.ReportMessages(
        head=head,
        lines=tuple(report_lines.lines_of(lines, rows, sides, before)),
        total=sum(c.count for c in reading.conversations),
        threads=_threads(reading),
        chooser=_chooser(reading),
        chooser_url=reading.url,
        chosen=str(reading.chosen),
        people=sides.words,
        zone_note=_zone_note(reading),
        find=_find(reading, form),
        paging=paging,
        print=None if reading.on_paper else pages.Link(_("Print this conversation"), reading.at(print="1")),
        sheet=sheet,
        empty=None if rows else _no_message(reading.report, head.waits),
    )


def _results(reading: _Reading, head: pages.ReportHead, form: forms.FindForm) -> pages.ReportMessages:
    """Show the messages that hold the words, each with the way to where it stands."""
    found = within.in_messages(reading.scope(), reading.find.words, reading.masker).select_related("part")
    rows, paging = page_of(
        found, reading.url, reading.kept(page=str(reading.number)), size=MANY, most=finding.MOST
    )
    number = counted(found, finding.MOST)
    within.note(reading.request.viewer, reading.report, found=number)
    told = ngettext("%(n)s message holds “%(words)s”", "%(n)s messages hold “%(words)s”", number) % {
        "n": finding.number_word(number), "words": reading.find.words,
    }  # fmt: skip
    nothing = pages.Empty(
        _("No message here shows “%(words)s”.") % {"words": reading.find.words},
        pages.Link(_("Show the conversation"), f"{reading.url}?c={reading.chosen}"),
    )
    return pages.ReportMessages(
        head=head,
        lines=tuple(report_lines.lines_of(reading.lines(), rows, Sides(), None, apart=True)),
        total=sum(c.count for c in reading.conversations),
        threads=_threads(reading),
        chooser=_chooser(reading),
        chooser_url=reading.url,
        chosen=str(reading.chosen),
        zone_note=_zone_note(reading),
        find=pages.Find(
            form,
            reading.url,
            asked=True,
            found=told if rows else "",
            clear=pages.Link(_("Clear"), f"{reading.url}?c={reading.chosen}"),
        ),
        paging=paging,
        empty=None if rows else nothing,
    )


def _find(reading: _Reading, form: forms.FindForm) -> pages.Find:
    """Return the field; and, within what was found, where this message stands and which are next to it."""
    here = reading.here
    if not reading.find or here is None:
        return pages.Find(form, reading.url)
    found = within.in_messages(reading.scope(), reading.find.words, reading.masker).select_related("part")
    earlier = Q(part=here.part, number__lt=here.number)
    later = Q(part=here.part, number__gt=here.number)
    if reading.every:
        earlier |= Q(part__number__lt=here.part.number)
        later |= Q(part__number__gt=here.part.number)
    all_, before = counted(found, finding.MOST), counted(found.filter(earlier), finding.MOST)
    is_one = found.filter(id=here.id).exists()
    where = _("%(n)s of %(all)s") % {"n": finding.number_word(before + 1), "all": finding.number_word(all_)}
    return pages.Find(
        form,
        reading.url,
        found=_("Marked: “%(words)s”") % {"words": reading.find.words},
        where=where if is_one else "",
        previous=_way(reading, _("Previous one"), found.filter(earlier).last()),
        next=_way(reading, _("Next one"), found.filter(later).first()),
        all=pages.Link(_("All that was found"), reading.at()),
        clear=pages.Link(
            _("Clear"), places.address("message", reading.report.id, here.part.number, here.number)
        ),
    )


def _way(reading: _Reading, text: str, row: Message | None) -> pages.Link | None:
    if row is None:
        return None
    url = places.address(
        "message", reading.report.id, row.part.number, row.number, find=reading.find.id, every=reading.every
    )
    return pages.Link(text, url)


def _form(reading: _Reading, *, posted: bool) -> forms.FindForm:
    several = len(reading.conversations) > 1
    label = _("Find in this conversation") if several else _("Find in these messages")
    asked = {"words": reading.find.words, "every": reading.every}
    data = reading.request.POST if posted else None
    return forms.FindForm(data, initial=asked, label=label, several=several)


# --- which conversation, and how much of it -------------------------------------------------------------------------


def _asked(request: DeskRequest, report: Report, parts: Sequence[Part]) -> _Reading:
    conversations = _conversations(report, parts)
    here = _here(report, request.GET.get("at", ""))
    chosen = _chosen(request, conversations, here)
    on_paper = here is None and request.GET.get("print") == "1"
    number = number_of(request.GET)
    if here is not None:
        earlier = conversations[chosen].messages().filter(number__lt=here.number)
        number = earlier.count() // MANY + 1
    return _Reading(
        request=request,
        report=report,
        conversations=conversations,
        chosen=chosen,
        number=number,
        here=here,
        find=finding.of(request),
        every=request.GET.get("every") == "1",
        on_paper=on_paper,
        masker=masker_of(report.id),
    )


def _conversations(report: Report, parts: Sequence[Part]) -> list[_Conversation]:
    by_id = {part.id: part for part in parts}
    rows = Message.objects.filter(report=report).values("part_id", "thread").annotate(n=Count("id"))
    ordered = rows.order_by("part__number", "thread")[:MOST_THREADS]
    return [_Conversation(by_id[r["part_id"]], r["thread"], r["n"]) for r in ordered]


def _here(report: Report, at: str) -> Message | None:
    asked = places.asked_for(at)
    if asked is None:
        return None
    part, number = asked
    found = Message.objects.filter(report=report, part__number=part, number=number)
    return found.select_related("part").first()


def _chosen(request: DeskRequest, conversations: Sequence[_Conversation], here: Message | None) -> int:
    if here is not None:
        for index, one in enumerate(conversations):
            if (one.part.id, one.thread) == (here.part_id, here.thread):
                return index
    asked = (request.POST if request.method == "POST" else request.GET).get("c", "0")
    is_number = asked.isascii() and asked.isdecimal() and len(asked) <= len(str(MOST_THREADS))
    return int(asked) if is_number and int(asked) < len(conversations) else 0


def _label(reading: _Reading, one: _Conversation) -> str:
    name = reading.masker.name(one.part.name)
    thread = reading.masker(one.thread)
    is_of_several = len({c.part.id for c in reading.conversations}) > 1
    return f"{thread} ({name})" if thread and is_of_several else thread or name


def _threads(reading: _Reading) -> tuple[pages.Thread, ...]:
    if not 1 < len(reading.conversations) <= _LINKS:
        return ()
    return tuple(
        pages.Thread(_label(reading, c), f"{reading.url}?c={index}", c.count, index == reading.chosen)
        for index, c in enumerate(reading.conversations)
    )


def _chooser(reading: _Reading) -> forms.ChooseForm | None:
    if len(reading.conversations) <= _LINKS:
        return None
    choices = [
        (str(index), f"{_label(reading, c)} ({c.count:,})") for index, c in enumerate(reading.conversations)
    ]
    return forms.ChooseForm(choices=choices, initial={"c": str(reading.chosen)})


def _zone_note(reading: _Reading) -> str:
    said = _("Times that the source leaves no doubt about are in the zone of this page; others as written.")
    if len(reading.conversations) < MOST_THREADS:
        return said
    more = _("Only the first %(n)s conversations are listed; every message is found by searching.")
    return f"{said} {more % {'n': f'{MOST_THREADS:,}'}}"


def _no_message(report: Report, waits: str) -> pages.Empty:
    if waits:
        return pages.Empty(f"{waits}.")
    overview = reverse("report", args=[report.id])
    return pages.Empty(_("No message was read in it."), pages.Link(_("See what was read"), overview))


def _sheet(reading: _Reading, rows: Sequence[Message], first: int) -> pages.Sheet:
    """Say what the printed page is, and record that it was made."""
    name, all_ = _label(reading, reading.one), reading.one.count
    if len(rows) == all_:
        text = ngettext("%(name)s: its %(n)s message", "%(name)s: all its %(n)s messages", all_) % {
            "name": name, "n": f"{all_:,}",
        }  # fmt: skip
    else:
        text = _("%(name)s: messages %(first)s to %(last)s of %(n)s; print the further pages as well") % {
            "name": name, "first": f"{first:,}", "last": f"{first + len(rows) - 1:,}", "n": f"{all_:,}",
        }  # fmt: skip
    reports.record_printed(
        reading.request.viewer, reading.report, f"messages of file {reading.one.part.number}"
    )
    return pages.Sheet(text, pages.Link(_("Back to reading"), f"{reading.url}?c={reading.chosen}"))
