"""What was read, to be read by an officer: messages, and what devices recorded."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from django.forms import Form

from cets.sites.desk.pages.parts import Empty, Fact, Graded, Link, Paging, Value
from cets.sites.desk.pages.reports import Doubt, ReportHead


@dataclass(frozen=True)
class Piece:
    """A run of a message's text; `url` or `masked` when it is an identifier found in it."""

    text: str = ""
    identifier: bool = False
    url: str = ""
    value: Value | None = None  # a victim's value stands here, masked
    found: bool = False  # it is, or is within, what was looked for


@dataclass(frozen=True)
class Labelled:
    """A header or another field: its name, and what stands in it."""

    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Find:
    """Words looked for within a report: the field, and what was found. The words are in no address."""

    form: Form
    url: str
    asked: bool = False
    found: str = ""  # "12 messages hold “harbour”"
    where: str = ""  # "3 of 12", in the conversation
    previous: Link | None = None
    next: Link | None = None
    all: Link | None = None
    clear: Link | None = None


@dataclass(frozen=True)
class Sheet:
    """The whole of it on one page, for paper: what it is, and how much of it stands here."""

    text: str
    way_back: Link


@dataclass(frozen=True)
class MessageLine:
    """One entry of the reading view. `day` opens a new day, `gap` tells of a silence before it."""

    kind: Literal["chat", "mail", "system"]
    number: int
    pieces: tuple[Piece, ...]
    place: str
    anchor: str  # id on the page
    url: str = ""  # where this message is found again
    sender: tuple[Piece, ...] = ()
    role: str = ""  # "Suspect", where the source says so
    is_holder: bool = False  # wrote it from the account or device that was exported
    side: Literal["left", "right"] = "left"
    sent: str = ""  # worded in the source's zone
    day: str = ""
    gap: str = ""
    subject: tuple[Piece, ...] = ()
    headers: tuple[Labelled, ...] = ()
    attachments: tuple[tuple[Piece, ...], ...] = ()  # names and hashes; never shown as pictures
    to: tuple[tuple[Piece, ...], ...] = ()  # to whom it went, where nothing else on the page says so
    doubt: str = ""
    here: bool = False  # the place somebody came for
    thread: str = ""  # of which conversation, where lines of several stand together
    graded: Graded | None = None


@dataclass(frozen=True)
class Thread:
    text: str
    url: str
    count: int
    current: bool = False


@dataclass(frozen=True)
class ReportMessages:
    template: ClassVar[str] = "desk/report_messages.html"

    head: ReportHead
    lines: tuple[MessageLine, ...]
    total: int
    threads: tuple[Thread, ...] = ()
    chooser: Form | None = None  # of many conversations, instead of a link to each
    chooser_url: str = ""
    chosen: str = ""  # the number of the conversation that is read
    people: str = ""  # "Two people. Left: ..., right: ..."
    zone_note: str = ""
    find: Find | None = None
    paging: Paging | None = None
    print: Link | None = None
    sheet: Sheet | None = None
    empty: Empty | None = None


@dataclass(frozen=True)
class TraceRow:
    """One entry of what a device recorded. A value found in it is marked: as a piece, or with the way to it."""

    anchor: str  # id on the page
    kind: str  # "Call, outgoing"
    when: str  # worded moment with its zone, or as written with its candidates
    pieces: tuple[Piece, ...]  # its own words
    place: str
    address: str = ""  # where this entry is found again
    number: int = 0
    file: str = ""  # in which it stands, where the report has several of them
    lasted: str = ""
    url: Value | None = None
    who: tuple[Value, ...] = ()
    at_point: str = ""  # coordinates as written, with how exact they are
    accuracy: str = ""
    facts: tuple[Fact, ...] = ()
    here: bool = False  # the entry somebody came for
    graded: Graded | None = None


@dataclass(frozen=True)
class ReportTraces:
    template: ClassVar[str] = "desk/report_traces.html"

    head: ReportHead
    rows: tuple[TraceRow, ...]
    total: int
    kind: str = ""  # the one kind that is shown; its table has the columns of that kind
    kinds: tuple[Thread, ...] = ()  # the ways to each kind alone, when there are several
    zone_note: str = ""
    find: Find | None = None
    paging: Paging | None = None
    print: Link | None = None
    sheet: Sheet | None = None
    empty: Empty | None = None


@dataclass(frozen=True)
class ReceiptFile:
    """One file of a report: what was counted in it, what became of it, the ways to its lines and tables."""

    name: str
    text: str
    error: str = ""
    ways: tuple[Link, ...] = ()


@dataclass(frozen=True)
class ReportReceipt:
    """One list of the receipt as a whole: lines, or doubts, or files."""

    template: ClassVar[str] = "desk/report_receipt.html"

    head: ReportHead
    title: str
    lines: tuple[str, ...] = ()
    first: int = 1  # the number of the first line here
    doubts: tuple[Doubt, ...] = ()
    files: tuple[ReceiptFile, ...] = ()
    sorts: tuple[Thread, ...] = ()  # the ways to each list
    all_files: Link | None = None  # where this is of one file alone
    back: Link | None = None
    paging: Paging | None = None
    empty: Empty | None = None
