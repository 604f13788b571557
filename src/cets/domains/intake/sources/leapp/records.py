"""One row of an artefact becomes a message or a trace, with the identifiers in its cells."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from cets.domains.intake.jids import jid_of
from cets.domains.intake.json_walk import text_of
from cets.domains.intake.messages import Messages
from cets.domains.intake.reading import Reader, is_empty, is_unread, shorten
from cets.domains.intake.rows import AmbiguousPart, AnyRow, NotUnderstood
from cets.domains.intake.sources.leapp.columns import Artefact, Column, plain
from cets.domains.intake.speakers import Known, Speakers
from cets.domains.intake.times import counted
from cets.domains.intake.traces import Traces, fact, is_number, leads_out
from cets.kernel.moments import Moment

_OWNER = "owner of the device"
#: How an iPhone writes by which number or address its owner is known: "P:+44...", "E:kea@...".
_LOGIN = re.compile(r"[PEpe]:(?P<address>\S+)")
#: What a program is called within a system: a host's name from its end.
_PROGRAM = re.compile(r"(?:com|org|net)(?:\.[\w\-]+)+", re.IGNORECASE)
#: Of whom a row says that he sent what went out, or got what came in.
_HOLDS = (("Role in the chats", "whose account this is"),)
_NAME_AND_ID = re.compile(r"(?P<name>.*\S)\s*\((?P<id>-?\d{3,20})\)", re.DOTALL)
_MAIL = re.compile(r"[^@\s<>]{1,64}@[^@\s<>]{1,255}\.[^@\s<>.]{2,63}")
_CLOCK = re.compile(r"(?:(?P<h>\d{1,5}):)?(?P<m>\d{1,2}):(?P<s>\d{2}(?:\.\d+)?)")
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d+)?")
_OUT = frozenset(
    {
        "outgoing",
        "out",
        "sent",
        "dialed",
        "dialled",
        "outgoing call",
        "from me",
        "outbound",
    }
)
_IN = frozenset(
    {
        "incoming",
        "in",
        "received",
        "missed",
        "incoming call",
        "inbound",
        "missed call",
        "rejected",
    }
)
_ASKS_OUT = frozenset({"from me", "is from me", "outgoing", "is outgoing"})
_YES, _NO = frozenset({"yes", "1", "true"}), frozenset({"no", "0", "false"})
#: Fields of messages that are told by the message itself; the others stand in its headers.
_TOLD = frozenset({"text", "sender", "sender_id", "receiver", "receiver_id", "thread", "attachment"})
_ALSO = frozenset({"email", "phone", "url", "ip", "mac", "imei", "imsi", "hash", "onion", "wallet"})
_ACCOUNT = frozenset({"handle", "user_id", "account"})
#: What the LEAPPs write where they know no name.
_PLACEHOLDERS = frozenset({"local user", "unknown", "warn: unk name", "n/a", "none"})
_MOST_DOUBTS = 10_000


class Party(NamedTuple):
    """Somebody as the cells of a row show him: how he is called, what identifies him, and both as they are shown."""

    shown: str = ""
    names: tuple[str, ...] = ()
    known: tuple[Known, ...] = ()
    is_group: bool = False

    @property
    def key(self) -> str:
        return "; ".join(f"{one.kind} {one.raw}" for one in self.known[:1]) or f"name {self.shown}"


class Cells:
    """The cells of one row by field; times are read, and what is empty is left out."""

    def __init__(self, artefact: Artefact, values: Sequence[Any], place: str) -> None:
        self.place, self._artefact = place, artefact
        self._texts = {
            column.index: text
            for column in artefact.columns
            if column.index < len(values) and not is_empty(text := text_of(_plain(values[column.index])))
        }

        #: Whole numbers that stand in the row, to read beside them the same without its country.
        self.whole = tuple(
            jid.raw for text in self._texts.values() if (jid := jid_of(text.strip())) and jid.kind == "phone"
        )

    def text(self, field: str) -> str:
        return next((text for _, text in self.all(field)), "")

    def all(self, field: str) -> Iterator[tuple[Column, str]]:
        for column in self._artefact.of(field):
            if column.index in self._texts:
                yield column, self._texts[column.index]

    def others(self, told: frozenset[str]) -> Iterator[tuple[Column, str]]:
        for column in self._artefact.columns:
            if column.field not in told and column.index in self._texts:
                yield column, self._texts[column.index]

    def at(self, column: Column) -> str:
        return f"{self.place}, column {column.heading}"


def _plain(value: Any) -> Any:
    return (
        int(value)
        if isinstance(value, float) and value.is_integer()
        else repr(value)
        if isinstance(value, float)
        else value
    )


class Records:
    """Writes the rows of one file. `media`: what the identifiers of media in an artefact's cells stand for."""

    def __init__(self, traces: Traces, media: Mapping[str, str] | None = None) -> None:
        self._reader = traces.reader
        self._traces, self._messages = traces, Messages(traces.reader)
        self._speakers = Speakers(traces.reader)
        self._media = media or {}
        self._doubts: set[str] = set()

    def add(self, artefact: Artefact, values: Sequence[Any], place: str) -> Iterator[AnyRow]:
        """Yield the rows for one record. Raises Full."""
        cells = Cells(artefact, values, place)
        reader = self._reader
        reader.platform = artefact.platform
        if artefact.sort == "message":
            yield from self._once(self._message(artefact, cells))
        else:
            yield from self._once(self._trace(artefact, cells))

    def _once(self, rows: Iterator[AnyRow]) -> Iterator[AnyRow]:
        """Say what is doubtful in a value at its first place only: the same number stands in every row of a chat."""
        for row in rows:
            doubt = _doubt(row)
            if doubt and doubt in self._doubts:
                continue
            if doubt and len(self._doubts) < _MOST_DOUBTS:
                self._doubts.add(doubt)
            yield row

    def _message(self, artefact: Artefact, cells: Cells) -> Iterator[AnyRow]:
        at, times = _times(self._reader, cells)
        way = _way(cells)
        sender = self._party(artefact, cells, ("sender", "sender_id"))
        receiver = self._party(artefact, cells, ("receiver", "receiver_id"))
        other = self._party(artefact, cells, ("party", "party_id"))
        chat = self._party(artefact, cells, ("thread", "thread"))
        if (
            chat.known and not chat.is_group and not other.shown
        ):  # a chat that bears somebody's number is one with him alone
            other = chat
        if other.shown and not sender.shown and way == "in":
            sender, other = other, Party()
        elif other.shown and not receiver.shown and way == "out":
            receiver, other = other, Party()
        rooms = [party.shown for party in (sender, receiver, other) if party.is_group]
        of_rooms = [one for party in (sender, receiver, other, chat) if party.is_group for one in party.known]
        sender, receiver, other = (
            Party() if party.is_group else party for party in (sender, receiver, other)
        )
        seen: dict[str, Any] = {"seen_at": at, "message": self._messages.following, "event": "message"}
        owner = sender if way == "out" else receiver if way == "in" else None
        for party in (sender, receiver, other):
            yield from self._meet(party, cells, facts=_HOLDS if party is owner else (), **seen)
        for room in dict.fromkeys(of_rooms):
            yield from self._reader.declared(
                room.kind, room.raw, place=room.place, as_written=room.as_written, **seen
            )
        headers = [(column.heading, text) for column, text in cells.others(_TOLD) if not column.is_time]
        yield from self._messages.add(
            cells.text("text"), place=cells.place, sent_at=at, thread=shorten(cells.text("thread") or next(iter(rooms), ""), 300) or None,
            sender=sender.shown or (_OWNER if way == "out" else None),
            sender_person=sender.key if sender.shown else None, recipients=(receiver.shown,) if receiver.shown else (),
            headers=tuple((name, shorten(text, 2_000)) for name, text in (*headers, *times)),
            attachments=tuple(self._media.get(text, text) for _, text in cells.all("attachment")),
        )  # fmt: skip
        told = _TOLD | {"party", "party_id", "direction", "time", "until"}
        yield from self._values(artefact, cells, told, seen_at=at, message=self._messages.number)

    def _party(self, artefact: Artefact, cells: Cells, fields: tuple[str, str]) -> Party:
        """Return who stands in the cells for a name and those for an identifier."""
        names: list[str] = []
        known: list[Known] = []
        shown, is_group = "", False
        for field in fields:
            for column, text in cells.all(field):
                found = _identified(artefact, column, text, cells)
                known += found.known
                names += found.names if found.known else [text] if field == fields[0] else []
                shown, is_group = shown or text, is_group or found.is_group
        names = [name for name in names if name.casefold() not in _PLACEHOLDERS and not name.isdigit()]
        return Party(shown, tuple(dict.fromkeys(names)), tuple(known), is_group)

    def _meet(self, party: Party, cells: Cells, **seen: Any) -> Iterator[AnyRow]:
        if party.shown:
            yield from self._speakers.meet(
                party.key, cells.place, names=party.names, known=party.known, **seen
            )

    def _trace(self, artefact: Artefact, cells: Cells) -> Iterator[AnyRow]:
        at, times = _times(self._reader, cells)
        parties = [self._party(artefact, cells, fields) for fields in _PARTIES]
        parties = (
            [party for party in parties if party.shown and not party.is_group]
            if artefact.sort in ("call", "contact")
            else []
        )
        for party in parties:
            yield from self._meet(party, cells, seen_at=at, event=artefact.sort)
        url = cells.text("url")
        is_place = artefact.sort == "location"
        told = frozenset(
            {"time", "until", "url", *(_PLACE if is_place else ()), *_MAIN.get(artefact.sort, ())}
        ) - {"party_id"}
        yield from self._traces.add(
            artefact.sort if artefact.sort != "message" else "event", place=cells.place, text=_words(artefact, cells), at=at,
            until=next((_moment(self._reader, text) for _, text in cells.all("until")), None),
            seconds=_seconds(cells.text("seconds")), direction=_way(cells) if artefact.sort == "call" else None,
            url=url if leads_out(url) else None, person=parties[0].key if len(parties) == 1 else None,
            counterparts=tuple(party.shown for party in parties),
            latitude=cells.text("latitude") or None, longitude=cells.text("longitude") or None, accuracy=cells.text("accuracy") or None,
            facts=(
                *fact("artefact", artefact.name),
                *((column.heading, shorten(text, 2_000)) for column, text in cells.others(told)), *times,
            ),
        )  # fmt: skip
        told |= {"party", "party_id", "sender", "sender_id", "receiver", "receiver_id"} if parties else set()
        yield from self._values(artefact, cells, told, seen_at=at, trace=self._traces.number)

    def _values(
        self, artefact: Artefact, cells: Cells, told: frozenset[str], **seen: Any
    ) -> Iterator[AnyRow]:
        """Yield the identifiers in the cells that nothing else told: of those whose column says so, declared."""
        for column, text in cells.others(told):
            found = _identified(artefact, column, text, cells)
            for one in found.known:
                yield from self._reader.declared(
                    one.kind, one.raw, place=one.place, as_written=one.as_written, **seen
                )
            if not found.known and not _NUMBER.fullmatch(text) and not _PROGRAM.fullmatch(text.strip()):
                yield from self._reader.mentioned(text, place=cells.at(column), seen_at=seen.get("seen_at"))


def _doubt(row: AnyRow) -> str:
    """Return what of a remark is the same wherever it stands; "" of any other row."""
    if isinstance(row, AmbiguousPart):
        no_zone = len(row.candidates) == 1 and row.candidates[0].endswith("(time zone not stated)")
        return "no zone" if no_zone else f"{row.raw} {row.candidates}"
    return row.text.replace(row.place or "", "", 1) if isinstance(row, NotUnderstood) else ""


_PARTIES = (("party", "party_id"), ("sender", "sender_id"), ("receiver", "receiver_id"))
_PLACE = ("latitude", "longitude", "accuracy")
_MAIN = {
    "visit": ("title",),
    "search": ("term",),
    "download": ("path",),
    "contact": ("party", "party_id"),
    "call": ("party", "party_id"),
}


def _words(artefact: Artefact, cells: Cells) -> str:
    """Return the own words of a trace."""
    return next(filter(None, map(cells.text, _MAIN.get(artefact.sort, ("text", "title", "term")))), "")


def _identified(artefact: Artefact, column: Column, text: str, cells: Cells) -> Party:
    """Return what a cell identifies: by its own shape, or by what its heading says."""
    bare, place = text.strip(), cells.at(column)
    if login := _LOGIN.fullmatch(bare):
        own = _identified(artefact, column, login["address"], cells)
        return Party(
            text, own.names, tuple(msgspec.structs.replace(one, as_written=bare) for one in own.known)
        )
    if jid := jid_of(bare):
        of_jid = (Known(jid.kind, jid.raw, place, bare),) if jid.kind else ()
        is_group = jid.kind in ("group", "")
        return Party(text, (), of_jid, is_group=is_group)
    named = _NAME_AND_ID.fullmatch(bare)
    if (
        named
        and artefact.platform
        and column.field in ("sender", "sender_id", "receiver", "receiver_id", "party_id")
    ):
        known = Known("account", f"{artefact.platform}/id:{named['id']}", place, bare)
        return Party(text, (named["name"],), (known,))
    if _MAIL.fullmatch(bare):
        return Party(text, (), (Known("email", bare, place),))
    kind = _kind(artefact, column, bare)
    if kind == "phone":
        return Party(text, (), (Known(kind, _whole(bare, cells.whole), place, bare),))
    raw = f"{artefact.platform}/{'id:' if bare.isdigit() else ''}{bare}" if kind == "account" else bare
    return Party(text, (), (Known(kind, raw, place, bare),)) if kind else Party(text)


def _kind(artefact: Artefact, column: Column, text: str) -> str:
    if column.kind in _ALSO and column.kind not in ("phone", "url", "email"):
        return column.kind
    if leads_out(text) and column.kind in ("url", ""):
        return "url" if column.kind == "url" else ""
    is_address = (
        column.field in ("sender_id", "receiver_id", "party_id", "sender", "receiver", "own")
        or column.kind == "phone"
    )
    if is_number(text) and (
        _is_of_phones(artefact, column, text) if is_address else column.field == "thread" and text[0] == "+"
    ):
        return "phone"
    is_account = column.kind in _ACCOUNT and " " not in text and len(text) <= _LONGEST_HANDLE
    if not artefact.platform:  # of a table alone nobody says it
        return "handle" if is_account and column.kind == "handle" and not text.isdigit() else ""
    return "account" if is_account else ""


def _is_of_phones(artefact: Artefact, column: Column, text: str) -> bool:
    """Say whether digits are a telephone number: bare ones are as often the number of an account."""
    name = plain(artefact.name).replace(" ", "")  # of a table it is one word
    is_said = bool(set(plain(column.heading).split()) & _OF_PHONES) or any(
        word in name for word in _NAMES_OF_PHONES
    )
    return not text.isdigit() or column.kind == "phone" or is_said


_OF_PHONES = frozenset({"phone", "telephone", "caller"})
_NAMES_OF_PHONES = ("sms", "imessage", "facetime", "callhistory", "calllog", "phone")
_LONGEST_HANDLE = 64


def _whole(number: str, others: Sequence[str]) -> str:
    """Return a number with its country, where another cell of the row has the same number with it; else as it is."""
    digits = "".join(filter(str.isdigit, number)).lstrip("0")
    return next((other for other in others if digits and other.endswith(digits)), number)


def _times(reader: Reader, cells: Cells) -> tuple[Moment | None, list[tuple[str, str]]]:
    """Return the first time of a row, and the others as they are written."""
    found = [(column, _moment(reader, text), text) for column, text in cells.all("time")]
    read = [(column, when) for column, when, _ in found if when]
    first = read[0] if read else None
    others = [
        (column.heading, _shown(when, text))
        for column, when, text in found
        if first is None or column is not first[0]
    ]
    return (first[1] if first else None), others


def _shown(when: Moment | None, text: str) -> str:
    return f"{when.instant:%Y-%m-%d %H:%M:%S} UTC" if when and when.instant and when.raw.isdigit() else text


def _moment(reader: Reader, text: str) -> Moment | None:
    """Read a cell as a time: a count of seconds since 1970 in UTC, as the LEAPPs keep them, or as it is written."""
    when = counted(text) or reader.time(text)
    return None if is_unread(when) else when


def _way(cells: Cells) -> str | None:
    """Return which way a row went. A bare number says so only under a heading that asks it: "Type" 1 is "received" on Android."""
    for column, text in cells.all("direction"):
        said = text.strip().casefold()
        if plain(column.heading) in _ASKS_OUT and said in _YES | _NO:
            return "out" if said in _YES else "in"
        if said in _OUT or said in _IN:
            return "out" if said in _OUT else "in"
    return None


def _seconds(text: str) -> float | None:
    found = _CLOCK.fullmatch(text.strip())
    if found:
        return int(found["h"] or 0) * 3600 + int(found["m"]) * 60 + float(found["s"])
    return float(text) if _NUMBER.fullmatch(text.strip()) and not text.startswith("-") else None
