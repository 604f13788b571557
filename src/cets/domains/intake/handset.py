"""Messages and calls as Android keeps them: what a phone's databases and the backups made of them have in common."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import AnyRow, Message, NotUnderstood, Person, Sighting
from cets.domains.intake.traces import Full, Traces, fact, identifier_of, number_or_mail
from cets.kernel.moments import Moment

OWNER = "owner of the phone"
#: Stands in the place of the phone's own number.
OWN_ADDRESS = "insert-address-token"
FROM, TO = 137, frozenset({151, 130, 129})
NOT_FETCHED = 130
_INBOX, _SENT = 1, 2
_STATES = {3: "draft, not sent", 4: "waiting to be sent", 5: "could not be sent", 6: "waiting to be sent"}
_UTF8 = 106


class Handset:
    """The messages of one phone, numbered as they are read, and with whom they are."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.number = 0
        self.people: dict[str, str] = {}
        self._named: set[tuple[str, str]] = set()

    def message(
        self, *, place: str, text: str, subject: str, sender: str, recipients: tuple[str, ...], is_own: bool | None, sent_at: Moment | None,
        headers: tuple[tuple[str, str], ...], thread: str | None, attachments: tuple[str, ...] = (), beside: str = "",
        names: Mapping[str, str] | None = None,
    ) -> Iterator[AnyRow]:  # fmt: skip
        """Yield a message, those at its other end, and what its text mentions. Raises Full.

        `beside`: an address that is also told, whichever end it is of; `names`: by address what the phone calls it.
        """
        most = self.reader.options
        if self.number >= most.max_rows:
            raise Full
        self.number += 1
        if len(text) > most.max_text:
            text = text[: most.max_text]
            yield NotUnderstood(
                text=f"The text of {place} is longer than {most.max_text} characters; the rest was not read.",
                place=place,
                sort="cut",
            )
        if sent_at is not None:
            yield from self.reader.time_doubts(sent_at, place=place)
        for address in dict.fromkeys((sender, *recipients, beside)):
            name = names.get(address, "") if names else ""
            yield from self.of(
                address, "message", place=place, name=name, seen_at=sent_at, message=self.number
            )
        yield Message(
            number=self.number, text=text, place=place, kind="chat", thread=thread,
            sender=sender or (OWNER if is_own else None), sender_person=self.people.get(sender), recipients=recipients,
            subject=subject or None, sent_at=sent_at, headers=headers, attachments=attachments,
        )  # fmt: skip
        yield from self.reader.mentioned(text, place=place, seen_at=sent_at, message=self.number)
        if subject:
            yield from self.reader.free_text(
                subject, place=f"{place}, subject", label="subject of a message", seen_at=sent_at
            )

    def of(self, address: str, event: str, *, place: str, name: str = "", **facts: Any) -> Iterator[AnyRow]:
        """Yield the identifier that an address is; whose, and what is doubtful in it, is said at the first time."""
        if not address:
            return
        is_new = address not in self.people
        if is_new:
            self.people[address] = f"address {len(self.people) + 1}"
            names = tuple(filter(None, (name, address)))
            yield Person(key=self.people[address], role="unknown", place=place, names=names)
        person = self.people[address]
        for row in number_or_mail(self.reader, address, place=place, person=person, event=event, **facts):
            if is_new or isinstance(row, Sighting):
                yield row
        if name and (address, name) not in self._named:
            self._named.add((address, name))
            yield from self.reader.named(name, place=place, person=person, event=event, **facts)


def is_own(box: int | None) -> bool | None:
    """Say whether the owner wrote what lies in this box; None for one that nobody knows."""
    return False if box == _INBOX else True if box == _SENT or box in _STATES else None


def state(box: int | None) -> tuple[tuple[str, str], ...]:
    """Return what became of a message by the box in which it lies, or the number of a box that nobody knows."""
    return (
        fact("box", "none" if box is None else box)
        if is_own(box) is None
        else fact("state", _STATES.get(box or 0, ""))
    )


def network_time(sent: Moment | None) -> Iterator[tuple[str, str]]:
    """Yield when the network had a message: beside the time at which the phone had it."""
    if sent and sent.instant:
        yield ("sent", f"{sent.instant:%Y-%m-%d %H:%M:%S} UTC")
    elif sent:
        yield ("sent", sent.raw)


def subject(text: str, charset: int | None) -> str:
    """Return the subject of an MMS: of UTF-8 the phone keeps each byte as a letter."""
    if charset != _UTF8:
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text


class _Sort(NamedTuple):
    """A sort of call: whether it went out, and what became of it."""

    direction: Literal["in", "out"]
    became: str = ""


_SORTS = {
    1: _Sort("in"), 2: _Sort("out"), 3: _Sort("in", "missed"), 4: _Sort("in", "left as voicemail"), 5: _Sort("in", "rejected"),
    6: _Sort("in", "blocked"), 7: _Sort("in", "answered on another device"),
}  # fmt: skip
_WITHHELD = {2: "withheld", 3: "not known", 4: "a payphone"}
_WITHHELD_NUMBERS = {"-1": "not known", "-2": "withheld", "-3": "a payphone"}


def is_known_sort(sort: int | None) -> bool:
    """Say whether it is known which way a call of this sort went."""
    return sort in _SORTS


def call(
    traces: Traces, *, place: str, number: str, sort: int | None, written_sort: str, presentation: int | None, seconds: int | None,
    at: Moment | None, name: str, whole: str = "", country: str = "", declared: Sequence[tuple[str, str]] = (),
    facts: tuple[tuple[str, str], ...] = (),
) -> Iterator[AnyRow]:  # fmt: skip
    """Yield a call. `whole`, `country`: as of `identifier_of`."""
    withheld = _WITHHELD.get(presentation or 0, "") or _WITHHELD_NUMBERS.get(number, "")
    found = [] if withheld else identifier_of(number, whole=whole, country=country)
    known = _SORTS.get(sort or 0)
    yield from traces.add(
        "call",
        place=place,
        text=name,
        at=at,
        direction=known.direction if known else None,
        seconds=float(seconds) if seconds and seconds > 0 else None,
        counterparts=() if withheld or not number else (number,),
        declared=[*((kind, raw, number) for kind, raw in found), *declared],
        facts=(
            *fact("sort", "" if known else written_sort),
            *fact("what became of it", known.became if known else ""),
            *fact("number", withheld),
            *facts,
        ),
    )
