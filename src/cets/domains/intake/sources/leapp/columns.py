"""What the columns of an artefact hold, told by their headings, and so what its rows are: messages, calls, places..."""

import re
from collections.abc import Sequence
from typing import Literal

import msgspec

from cets.domains.identifiers.kinds import platforms
from cets.domains.intake.tables.words import kind_of

Sort = Literal["message", "call", "contact", "visit", "search", "download", "location", "event"]

_SIGNS = re.compile(r"[\W_]+")
#: In a database headings stand in lower case with underscores: both spellings come out alike.
_FIELDS: dict[str, str] = {
    spelling: field
    for field, spellings in {
        "text": "message; text; body; content; contents; message text; message body; message content; message contents; chat message; sms body",
        "sender": "sender; sender name; from; from name; author; author name; message sender; sender display name; originator",
        "sender_id": "from id; sender id; sender username; sender user name; sender user id; from username;"
        " author username; author id; sender identifier; from number; sender number; sender phone number; from phone number",
        "receiver": "receiver; receiver name; to; to name; recipient; recipients; recipient name; recipient s; receivers",
        "receiver_id": "to id; receiver id; receiver username; recipient username; receiver user id;"
        " recipient user id; to username; recipient id; to number; recipient number",
        "direction": "direction; message direction; call direction; from me; is from me; sent received; outgoing; is outgoing; call type;"
        " message type;"
        " type",
        "thread": "chat id; thread id; conversation id; chat; conversation; thread; group; group name; chat name; conversation name;"
        " thread name; room;"
        " chat contact id; chat identifier; channel; channel name; chat title",
        "attachment": "attachment; attachments; attachment file; attachment name; attachment path; media; thumb; thumbnail; media file;"
        " photo; image;"
        " file",
        "party": "contact; contact fullname; contact name; name; full name; fullname; display name; caller; caller name; partner; participant;"
        " other party; first name; last name; nickname",
        "party_id": "contact id; whatsapp id; identifier; address; number; phone number; caller id; handle; phone; telephone; jid;"
        " user id; userid;"
        " contact identifier; username; user name; screen name; account id",
        "own": "account; account login; destination caller id; own number; local number; my number; receiving account",
        "seconds": "duration; duration h m s; duration hms; call duration; duration seconds; duration in seconds; length; call length;"
        " visit duration;"
        " visit duration seconds",
        "url": "url; link; page url; visited url; web address; website; site",
        "title": "title; page title; web page title; page",
        "term": "search term; search terms; search query; query; searched term; keyword; search",
        "path": "target path; file path; local path; saved to; download path; current path; destination",
        "latitude": "latitude; lat",
        "longitude": "longitude; lon; long; lng",
        "accuracy": "accuracy; horizontal accuracy",
        "until": "ending timestamp; end timestamp; end time; ended; call end; end date; stop time; end",
    }.items()
    for spelling in spellings.split("; ")
}  # fmt: skip
_TIME_WORDS = frozenset(
    {"timestamp", "timestamps", "date", "datetime", "time", "created", "modified", "accessed", "utc"}
)
_NO_TIME = frozenset(
    {"duration", "zone", "spent", "elapsed", "timezone", "screentime", "offset", "count", "times"}
)
_LONGEST_NAME = 4
_SORTS: tuple[tuple[Sort, tuple[str, ...]], ...] = (
    ("call", ("call", "facetime")),
    ("message", ("message", "chat", "sms", "mms", "conversation", "mail")),
    ("search", ("search",)),
    ("download", ("download",)),
    ("contact", ("contact", "address book", "addressbook", "friend")),
    ("visit", ("history", "visit", "browser", "web", "bookmark", "tabs")),
)


class Column(msgspec.Struct, frozen=True):
    """One column: its heading as written, where its cells stand, what it is of a row, and of which kind its values are."""

    index: int
    heading: str
    field: str = ""
    kind: str = ""
    is_time: bool = False


class Artefact(msgspec.Struct, frozen=True):
    """One table of a LEAPP: how it is called, of which platform, what its rows are and what its columns hold."""

    name: str
    sort: Sort
    columns: tuple[Column, ...]
    platform: str | None = None

    def of(self, field: str) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.field == field)


def artefact(name: str, headings: Sequence[str]) -> Artefact:
    columns = tuple(_column(index, heading) for index, heading in enumerate(headings))
    return Artefact(name, _sort(name, {column.field for column in columns}), columns, _platform(name))


def plain(heading: str) -> str:
    return _SIGNS.sub(" ", heading.casefold()).strip()


def _column(index: int, heading: str) -> Column:
    bare = plain(heading)
    words = set(bare.split())
    is_time = bool(words & _TIME_WORDS) and not words & _NO_TIME
    field = _FIELDS.get(bare, "")
    kind = kind_of(heading) or ""
    if is_time:
        return Column(index, heading, "until" if field == "until" else "time", "", is_time=True)
    return Column(index, heading, field, kind)


def _sort(name: str, fields: set[str]) -> Sort:
    """Return what the rows are: the name tells, but only where the columns for it are there."""
    needs: dict[Sort, bool] = {
        "call": bool(fields & {"seconds", "direction"})
        and bool(fields & {"party", "party_id", "sender", "receiver", "sender_id"}),
        "message": "text" in fields
        and bool(fields & {"sender", "sender_id", "direction", "receiver", "thread", "party", "party_id"}),
        "search": "term" in fields,
        "download": bool(fields & {"url", "path"}),
        "contact": bool(fields & {"party", "party_id"}),
        "visit": "url" in fields,
    }
    bare = plain(name)
    for sort, words in _SORTS:
        if needs[sort] and any(word in bare for word in words):
            return sort
    if not bare:  # of a table alone only its columns tell
        for sort, column in (("call", "seconds"), ("visit", "url"), ("search", "term")):
            if needs[sort] and column in fields and "text" not in fields:
                return sort
    if {"latitude", "longitude"} <= fields and not needs["message"]:
        return "location"
    return "message" if needs["message"] and fields & {"sender", "sender_id", "direction"} else "event"


def _platform(name: str) -> str | None:
    bare = plain(name)
    starts = [
        known
        for known in platforms.KNOWN
        if len(known) >= _LONGEST_NAME and bare.replace(" ", "").startswith(known)
    ]
    return max(starts, key=len, default=None) or next(
        (word for word in bare.split() if word in platforms.KNOWN), None
    )
