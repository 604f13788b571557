"""The plain rows that a source yields: all that crosses from the parser's process into ours.

A source reads one file and yields rows in any order, streaming; it never touches the database, the network or
a clock. Everything it saw is either a row, or named in NotUnderstood or Ambiguous.
"""

from typing import Literal

import msgspec

from cets.domains.identifiers.kinds.base import Role, Value, Way
from cets.kernel.moments import Moment

TraceKind = Literal["call", "visit", "search", "download", "location", "contact", "event"]


class Row(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="row"):
    pass


class Summary(Row, frozen=True, omit_defaults=True, tag="summary"):
    """What the report says of itself. `external_body`/`external_number` join supplements to the first report."""

    title: str | None = None
    category: str | None = None  # offence category as the source words it
    platform: str | None = None
    reporting_body: str | None = None
    external_body: str | None = None  # "NCMEC"
    external_number: str | None = None  # "990000101"
    incident_at: Moment | None = None
    received_at: Moment | None = None
    urgent: bool = False
    text: str | None = None


class Person(Row, frozen=True, omit_defaults=True, tag="person"):
    """A person as the source describes him. `key` is unique in the file; sightings and messages refer to it."""

    key: str
    role: Role
    place: str
    names: tuple[str, ...] = ()
    birth_date: str | None = None  # as written
    age: str | None = None
    facts: tuple[tuple[str, str], ...] = ()  # (label, text) as declared


class Sighting(Row, frozen=True, omit_defaults=True, tag="sighting"):
    """One identifier at one place. `place`: JSON pointer, XML path, "line 12", "row 3, column mail", "message 17"..."""

    value: Value
    way: Way
    role: Role
    place: str
    person: str | None = None
    seen_at: Moment | None = None
    until: Moment | None = None  # of what was held from `seen_at` on
    gaps: bool = False  # seen at both, and perhaps another's in between
    event: str | None = None  # LOGIN, UPLOAD...
    port: int | None = None
    carrier_nat: bool = False
    pivot: bool = True  # False: contact of a provider or of law enforcement; kept, links nothing
    message: int | None = None  # number of the message it stands in
    trace: int | None = None  # number of the trace it stands in; never both
    start: int | None = None  # offsets in that message's or trace's text, when found in text
    end: int | None = None
    pattern: int = 0  # number of the agency's own pattern (`Options.patterns`) that found it, from 1


class Message(Row, frozen=True, omit_defaults=True, tag="message"):
    """One message of a chat or mail, or one system line. `number` counts from 1 in the file."""

    number: int
    text: str
    place: str
    kind: Literal["chat", "mail", "system"] = "chat"
    thread: str | None = None
    sender: str | None = None
    sender_person: str | None = None
    recipients: tuple[str, ...] = ()
    subject: str | None = None
    sent_at: Moment | None = None
    headers: tuple[tuple[str, str], ...] = ()
    attachments: tuple[str, ...] = ()


class Trace(Row, frozen=True, omit_defaults=True, tag="trace"):
    """One thing that a device or a service recorded and that is no message. `number` counts from 1 in the file.

    `text` is its own words: the title of a page, what was searched for, the name of a file, a place or a contact.
    """

    number: int
    kind: TraceKind
    place: str
    text: str = ""
    at: Moment | None = None
    until: Moment | None = None
    seconds: float | None = None  # how long it lasted, where the source says so
    direction: Literal["in", "out"] | None = None  # of a call
    url: str | None = None
    person: str | None = None  # key of the Person whose entry or doing it is
    counterparts: tuple[str, ...] = ()  # who was called, as written
    latitude: str | None = None  # as written
    longitude: str | None = None
    accuracy: str | None = None  # as written, with its unit where the source has one
    facts: tuple[tuple[str, str], ...] = ()  # (label, text)


class FreeText(Row, frozen=True, omit_defaults=True, tag="text"):
    """Text that is searchable but is no message: a note, a field of prose, a cell."""

    text: str
    place: str
    label: str | None = None


class NotUnderstood(Row, frozen=True, omit_defaults=True, tag="not_understood"):
    """Something that was kept but not read. `text` is a sentence for the receipt, with the place in it.

    `sort`: "cut", of something only the beginning was read; "limit", something was passed over because there was too much.
    """

    text: str
    place: str | None = None
    sort: Literal["unknown", "cut", "limit"] = "unknown"


class AmbiguousPart(Row, frozen=True, omit_defaults=True, tag="ambiguous"):
    """Something that can mean two things. A person settles it later."""

    raw: str
    candidates: tuple[str, ...]
    place: str
    role: Role = "unknown"  # whose it is: a victim's raw text is masked like any other value of hers


class Column(msgspec.Struct, frozen=True, omit_defaults=True):
    """One column of a table: its heading, the first values, what it seems to hold, and how sure that is."""

    index: int
    heading: str
    samples: tuple[str, ...]
    read_as: str  # "email", "phone", "account", "platform", "ip", "port", "time", "text", "line_number", "ignore"...
    role: Role = "unknown"
    sure: bool = True
    saw: str = ""  # "998 valid, 2 not understood"
    day_first: bool | None = None  # None: not settled, or no dates
    spare_digits: bool = False  # IMEIs with a 0 in place of each check digit
    victims: tuple[int, ...] = ()  # which of the samples stand in a row whose role column says victim
    kept_because: Literal["", "unknown", "disagrees"] = (
        ""  # why a guess left it as text, where the receipt says so
    )


class ColumnMap(Row, frozen=True, omit_defaults=True, tag="column_map"):
    """How a table was (or would be) read: shown, corrected and saved by an officer."""

    heading_row: int  # 1-based; 0 when there is no heading
    columns: tuple[Column, ...]
    rows: int
    sheet: str | None = None
    delimiter: str | None = None
    shared: bool = False  # titles over the headings: what stands under one of them is not the other's
    form: bool = False  # fields one below the other: each is a "column", and the table one row
    shipped: str = ""  # the layout of ours by which it is read, while no officer settled it


class MemberStart(Row, frozen=True, omit_defaults=True, tag="member"):
    """From here on rows belong to this member of a container ("outer.zip!/path/name")."""

    name: str
    source: str | None
    size: int
    sha256: str
    error: str | None = None
    version: str | None = None  # of the source that reads it


class Failed(Row, frozen=True, omit_defaults=True, tag="failed"):
    """The source gave up here; what came before stands. `reason` names the limit or fault in words."""

    reason: str


AnyRow = (
    Summary
    | Person
    | Sighting
    | Message
    | Trace
    | FreeText
    | NotUnderstood
    | AmbiguousPart
    | ColumnMap
    | MemberStart
    | Failed
)
