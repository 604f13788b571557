"""The list of reports, and one report on its tabs."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.forms import Form

from cets.sites.desk.pages.parts import (
    Alert,
    Bits,
    Empty,
    Event,
    Fact,
    Graded,
    Link,
    NextStep,
    Paging,
    Tab,
    Tag,
    Value,
)


@dataclass(frozen=True)
class ReportRow:
    record: Link
    about: str  # category and source
    received_at: datetime
    owner: str
    due: datetime | None
    step: str
    tags: tuple[Tag, ...] = ()  # at most three
    hits: int = 0


@dataclass(frozen=True)
class ReportList:
    """`filters` is a GET form (forms.ReportFilter): states and dates only, never a value."""

    template: ClassVar[str] = "desk/report_list.html"

    rows: tuple[ReportRow, ...]
    filters: Form
    filter_url: str
    paging: Paging | None = None
    clear_url: str = ""  # set when a filter is on
    empty: Empty | None = None
    upload: Link | None = None


@dataclass(frozen=True)
class ReportHead:
    """What stays the same on every tab."""

    reference: str
    title: str
    tags: tuple[Tag, ...]
    next: NextStep | None
    tabs: tuple[Tab, ...]
    list_link: Link
    actions: tuple[Link, ...] = ()  # grade, sharing, note, assign, download the original
    alert: Alert | None = None
    waits: str = ""  # "Not read yet", "It could not be read": stands wherever nothing was found so far


@dataclass(frozen=True)
class IdentifierRow:
    kind: str
    value: Value
    role: str
    way: str
    places: Link  # "3 places"
    bits: Bits
    hits: Link | None = None  # None: no hit
    hits_note: str = ""  # "Not counted"


@dataclass(frozen=True)
class ReportHit:
    """A hit on the report page, worded by the levels of both sides."""

    holder: Link
    text: str
    note: str = ""
    due: datetime | None = None
    tag: Tag | None = None  # instead of the clock: "Settled"


@dataclass(frozen=True)
class Doubt:
    """Something that can mean two things: as written, all candidates in words, where to settle it."""

    raw: str
    text: str
    settle: Link | None = None
    settled: str = ""  # who settled it, how, why
    reveal: Link | None = None  # of a victim's: where it is shown, recorded


@dataclass(frozen=True)
class Receipt:
    found: str  # "14 identifiers, 31 places"
    not_understood: tuple[str, ...]  # the first of them, in words
    doubts: tuple[Doubt, ...]
    original: str  # "sealed, 48 kB, 3 hashes"
    waits: str = ""  # "Not read yet", instead of "Nothing"
    full: Link | None = None
    tables: tuple[Link, ...] = ()  # whose columns wait to be settled
    tables_read: tuple[Link, ...] = ()  # whose columns were sure, or are settled
    members: tuple[Fact, ...] = ()  # of a container: name and what became of it
    notes: tuple[str, ...] = ()  # "Not valid by the provider schema; read by local names"
    not_understood_total: int = 0
    doubts_total: int = 0
    all_lines: Link | None = None  # the whole list, where only its beginning is here
    all_doubts: Link | None = None
    all_files: Link | None = None
    all_notes: Link | None = None
    to_settle: int = 0
    cut: int = 0  # of so many only the beginning was read
    skipped: int = 0  # so much was passed over because there was too much
    readers: tuple[str, ...] = ()  # "telegram 3"
    files: tuple[Fact, ...] = ()  # each with its reader and numbers, in the full receipt
    shape: Link | None = None


@dataclass(frozen=True)
class Note:
    """What an officer wrote on the report: who, when, and the text, or why there is none yet."""

    by: str
    at: datetime
    text: str = ""
    title: str = ""
    state: str = ""  # "Not read yet."
    rest: Link | None = None  # where the whole stands


@dataclass(frozen=True)
class ReportNotes:
    template: ClassVar[str] = "desk/report_notes.html"

    head: ReportHead
    notes: tuple[Note, ...]
    add_note: Link | None = None
    paging: Paging | None = None
    empty: Empty | None = None


@dataclass(frozen=True)
class ReportOverview:
    template: ClassVar[str] = "desk/report_overview.html"

    head: ReportHead
    facts: tuple[Fact, ...]
    statement: str
    statement_source: str  # "Statement of the provider, field additionalInfo"
    messages: Link | None
    identifiers: tuple[IdentifierRow, ...]  # the first eight
    identifiers_total: int
    all_identifiers: Link
    hits_identifiers: Link | None
    hits: tuple[ReportHit, ...]
    matched_at: datetime | None
    receipt: Receipt
    history: tuple[Event, ...]
    all_history: Link
    rest: Link | None = None  # of the statement: where the whole stands
    notes: tuple[Note, ...] = ()  # what officers wrote on the report, the newest few
    all_notes: Link | None = None
    add_note: Link | None = None
    empty: Empty | None = None  # no identifier found
    traces: Link | None = None


@dataclass(frozen=True)
class PlaceRow:
    """One sighting: where in the source it stands."""

    place: Link | str
    way: str
    role: str
    seen: str = ""  # worded moment, or the candidates
    written: str = ""
    graded: Graded | None = None


@dataclass(frozen=True)
class IdentifierPlaces:
    identifier: IdentifierRow
    places: tuple[PlaceRow, ...]
    anchor: str  # id on the page
    hidden: int = 0  # places of which only the first are listed
    all_places: Link | None = None


@dataclass(frozen=True)
class ReportIdentifiers:
    template: ClassVar[str] = "desk/report_identifiers.html"

    head: ReportHead
    identifiers: tuple[IdentifierPlaces, ...]
    total: int
    filters: Form
    filter_url: str
    paging: Paging | None = None
    empty: Empty | None = None


@dataclass(frozen=True)
class ReportHits:
    template: ClassVar[str] = "desk/report_hits.html"

    head: ReportHead
    hits: tuple[ReportHit, ...]
    own: tuple[ReportHit, ...]  # the agency's own reports that hold the same
    suppressed: tuple[IdentifierRow, ...]  # common values, with the reason
    matched_at: datetime | None
    empty: Empty | None = None


@dataclass(frozen=True)
class Original:
    """A sealed file. It can be downloaded with a purpose; it is never shown."""

    name: str
    size: str
    received_at: datetime
    md5: str
    sha1: str
    sha256: str
    download: Link | None
    checked: str = ""  # "Hashes checked Sat 21 Nov 2026, 14:00 GMT: as sealed"
    reader: str = ""  # "Telegram export, reader telegram 3"
    again_url: str = ""  # POST: have it read again


@dataclass(frozen=True)
class ReportCustody:
    template: ClassVar[str] = "desk/report_custody.html"

    head: ReportHead
    originals: tuple[Original, ...]
    events: tuple[Event, ...]
    receipt: Receipt
    paging: Paging | None = None


@dataclass(frozen=True)
class ReportHistory:
    template: ClassVar[str] = "desk/report_history.html"

    head: ReportHead
    events: tuple[Event, ...]
    paging: Paging | None = None
