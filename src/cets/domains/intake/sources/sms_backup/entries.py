"""The entries of a backup: its SMS, its MMS with their parts and addresses, its calls."""

from collections.abc import Iterator
from typing import Any

from cets.domains.intake import handset
from cets.domains.intake.handset import Handset
from cets.domains.intake.reading import Reader, shorten
from cets.domains.intake.rows import AnyRow, NotUnderstood
from cets.domains.intake.sources.sms_backup.contents import Content, Contents
from cets.domains.intake.sources.text import decoding
from cets.domains.intake.times import LAST_YEAR, counted, milliseconds
from cets.domains.intake.traces import Traces, fact
from cets.domains.intake.xml_walk import Found, local
from cets.kernel.moments import Moment

#: What the app writes where there is nothing, and where the phone has no name for a number.
_NOTHING, _NO_NAME = "null", "(Unknown)"
#: Between the addresses of a message to several.
_BETWEEN = "~"
_LONGEST_NUMBER = 18
#: Earlier than any telephone wrote one: the field counts something else than milliseconds.
_FIRST_YEAR = 1985
_FETCHED_TYPES = {128: True, 132: False, 130: False}
_ADDRESS_TYPES = frozenset({handset.FROM, *handset.TO})
_SMS_KNOWN = ("protocol", "toa", "sc_toa", "status", "locked", "seen", "person", "error_code")
_MMS_KNOWN = (
    "rr", "ct_t", "read_status", "seen", "resp_st", "retr_st", "d_tm", "text_only", "exp", "locked", "m_id", "st", "retr_txt_cs", "retr_txt",
    "m_size", "v", "tr_id", "rpt_a", "ct_cls", "ct_l", "d_rpt", "m_cls", "pri", "resp_txt", "safe_message", "spam_report", "sim_slot",
    "reserved", "msg_id", "_id", "thread_id", "sim_imsi",
)  # fmt: skip
_PART_KNOWN = ("seq", "chset", "cd", "cid", "ctt_s", "ctt_t", "mid", "_data", "_id", "sef_type")
_CALL_KNOWN = ("subscription_component_name", "new")


class Attributes:
    """The attributes of an element, each taken out as it is used. The app's word for nothing is nothing here."""

    def __init__(self, element: Any, path: str) -> None:
        self.element, self.place = element, path
        self._values = {str(key).rpartition("}")[2]: str(value) for key, value in element.attrib.items()}

    def peek(self, name: str) -> str:
        value = self._values.get(name, "")
        return "" if value == _NOTHING else value

    def take(self, name: str) -> str:
        value = self.peek(name)
        self._values.pop(name, None)
        return value

    def whole(self, name: str) -> str:
        """Return a text as it stands: here the word may be somebody's."""
        return self._values.pop(name, "")

    def number(self, name: str) -> int | None:
        value = self.peek(name).strip()
        digits = value.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_NUMBER):
            return None
        del self._values[name]
        return int(value)

    def moment(self, name: str) -> Moment | None:
        """Return a time in milliseconds since 1970; 0 and nothing are none, what counts otherwise is not read."""
        raw = self.peek(name).strip()
        number = self.number(name)
        if number is None:
            self._values.pop(name, None)
            return Moment(raw=shorten(raw)) if raw else None
        when = milliseconds(number)
        if when.instant and not _FIRST_YEAR <= when.instant.year <= LAST_YEAR:
            when = Moment(raw=str(number))
        return when if number else None

    def ignore(self, *names: str) -> None:
        for name in names:
            self._values.pop(name, None)

    def rest(self, contents: Contents) -> Iterator[tuple[str, str, str]]:
        """Yield place, name and text of what was not taken, of this element alone."""
        for name, value in self._values.items():
            if name == "data" and local(self.element) == "part":
                contents.take(value)
            elif value.strip() and value != _NOTHING:
                yield f"{self.place}/@{name}", name, value
        for text in (self.element.text, *(inner.tail for inner in self.element)):
            if text and text.strip():
                yield self.place, local(self.element), text.strip()


class Messages:
    """The messages of a backup."""

    def __init__(self, reader: Reader, contents: Contents) -> None:
        self._reader, self._contents = reader, contents
        self._phone = Handset(reader)
        self._centres: set[str] = set()

    def sms(self, found: Found, left: list[Attributes]) -> Iterator[AnyRow]:
        """Yield an SMS. `left`: takes what nobody asked for."""
        one = Attributes(found.element, found.path)
        left.append(one)
        sort, address, name = one.number("type"), one.take("address"), _name(one)
        is_own, sent_at = handset.is_own(sort), one.moment("date")
        if is_own is None:
            yield _unknown("type", one, sort)
        centre = one.take("service_center")
        yield from self._phone.message(
            place=one.place,
            text=one.whole("body"),
            subject=one.take("subject"),
            sender=address if is_own is False else "",
            recipients=(address,) if is_own and address else (),
            beside=address,
            is_own=is_own,
            sent_at=sent_at,
            headers=(
                *handset.state(sort),
                *handset.network_time(one.moment("date_sent")),
                *_common(one, is_own=is_own),
                *fact("service centre", centre),
            ),
            thread=address or None,
            names={address: name},
        )
        one.ignore("subject", *_SMS_KNOWN)
        if centre and centre not in self._centres and len(self._centres) < _MOST_NAMED:
            self._centres.add(centre)
            yield from self._reader.declared(
                "phone", centre, place=one.place, message=self._phone.number, pivot=False
            )

    def mms(self, found: Found, left: list[Attributes]) -> Iterator[AnyRow]:
        """Yield an MMS with its addresses, and of what is attached its hashes. `left`: as of `sms`."""
        one = Attributes(found.element, found.path)
        left.append(one)
        parts, addresses = self._inside(found, left)
        box, sort = one.number("msg_box"), one.number("m_type")
        is_own = handset.is_own(box) if box is not None else _FETCHED_TYPES.get(sort or 0)
        if is_own is None:
            yield _unknown("msg_box", one, box)
        sent_at, group, name = one.moment("date"), _several(one.take("address")), _name(one)
        sender, recipients, told = _ends(addresses, group, is_own=is_own)
        yield from told
        own, sender = (sender, "") if is_own else ("", sender)
        texts = [part.text for part in parts if part.text]
        attached = [part for part in parts if part.name]
        several = ", ".join(group)
        yield from self._phone.message(
            place=one.place,
            text="\n".join(texts),
            subject=handset.subject(one.take("sub"), one.number("sub_cs")),
            sender=sender,
            recipients=recipients,
            is_own=is_own,
            sent_at=sent_at,
            headers=(
                *(
                    handset.state(box)
                    if sort != handset.NOT_FETCHED
                    else fact("state", "not fetched from the network")
                ),
                *handset.network_time(_network(one)),
                *_common(one, is_own=is_own),
                *(fact("contacts", name) if len(group) > 1 else ()),
            ),
            thread=several or None,
            attachments=tuple(part.shown for part in attached),
            beside=own or (group[0] if len(group) == 1 else ""),
            names={group[0]: name} if len(group) == 1 else None,
        )
        one.ignore("sub", "sub_cs", *_MMS_KNOWN)
        yield from self._others(group, one.place, name, sent_at)
        for part in attached:
            yield from part.rows(self._reader, seen_at=sent_at, message=self._phone.number)

    def _others(self, group: list[str], place: str, name: str, sent_at: Moment | None) -> Iterator[AnyRow]:
        """Yield those of a conversation of several who are not named as an end of this message, and their names."""
        if len(group) < 2:  # noqa: PLR2004 - one is an end of it
            return
        seen: dict[str, Any] = {"seen_at": sent_at, "message": self._phone.number}
        for address in group:
            if address not in self._phone.people:
                yield from self._phone.of(address, "message", place=place, **seen)
        if name:
            yield from self._reader.beside(name, place=place, **seen)

    def _inside(self, found: Found, left: list[Attributes]) -> tuple[list["Part"], list[Attributes]]:
        """Return the parts and addresses of an MMS; what else is in it is left."""
        parts, addresses, counts = list[Part](), list[Attributes](), dict[str, int]()
        paths = {found.element: found.path}
        for element in found.element.iterdescendants():
            name, above = local(element), paths[element.getparent()]
            path = f"{above}/{name}"
            counts[path] = counts.get(path, 0) + 1
            paths[element] = f"{path}[{counts[path]}]"
            one = Attributes(element, paths[element])
            if name == "part":
                parts.append(Part(one, self._contents))
            elif name == "addr":
                addresses.append(one)
            left.append(one)
        return parts, addresses


class Part:
    """A part of an MMS: a text, or something attached that has a name; how it is arranged on the screen is neither."""

    def __init__(self, one: Attributes, contents: Contents) -> None:
        self._one = one
        self.text = self.name = ""
        self._content: Content | None = contents.take(one.whole("data"))
        self._kind, text = one.take("ct").strip(), one.whole("text")
        named = next(filter(None, map(one.take, ("name", "fn", "cl"))), "")
        one.ignore("name", "fn", "cl", *_PART_KNOWN)
        if self._kind == "application/smil":
            return
        if text and self._kind.startswith("text/") and not (self._content and text == _NOTHING):
            self.text = text
        else:
            self.name = shorten(named or one.place.rpartition("/")[2], 300)

    @property
    def shown(self) -> str:
        size = f"{self._content.size} bytes" if self._content else "without content"
        return f"{self.name} ({', '.join(filter(None, (shorten(self._kind), size)))})"

    def rows(self, reader: Reader, **seen: Any) -> Iterator[AnyRow]:
        """Yield what identifies the content, and what stands in it where it is a text (a visiting card)."""
        place, content = self._one.place, self._content
        yield from reader.beside(self.name, place=place, **seen)
        if content is None:
            return
        if not content.is_whole:
            text = f"The content of {place} is not valid base64; it was not hashed."
            yield NotUnderstood(text=text, place=place, sort="cut")
            return
        for digest in (content.md5, content.sha1, content.sha256):
            yield from reader.declared("hash", digest, place=place, **seen)
        words = decoding.decode_head(content.head) if self._kind.startswith("text/") else None
        if words:
            if content.size > len(content.head):
                text = f"Of the text attached at {place} the first {len(content.head)} bytes were searched."
                yield NotUnderstood(text=text, place=place, sort="cut")
            yield from reader.free_text(decoding.clean(words), place=place, label=self.name[:100])


class Calls:
    """The calls of a backup."""

    def __init__(self, reader: Reader) -> None:
        self._traces = Traces(reader)

    def call(self, found: Found, left: list[Attributes]) -> Iterator[AnyRow]:
        """Yield a call. `left`: takes what nobody asked for."""
        one = Attributes(found.element, found.path)
        left.append(one)
        written, sort, name = one.peek("type"), one.number("type"), _name(one)
        if not handset.is_known_sort(sort):
            yield _unknown("type", one, sort)
        number = one.take("number")
        yield from handset.call(
            self._traces,
            place=one.place,
            number=number,
            sort=sort,
            written_sort=written,
            presentation=one.number("presentation"),
            seconds=one.number("duration"),
            at=one.moment("date"),
            name=name,
            declared=[("display_name", name)] if any(map(str.isalnum, name)) else [],
            facts=(
                *fact("SIM", one.take("subscription_id")),
                *fact("dialled after", one.take("post_dial_digits")),
                *fact("shown on the phone as", one.take("readable_date")),
            ),
        )
        one.ignore(
            "type", "presentation", "contact_name", "subscription_id", "post_dial_digits", *_CALL_KNOWN
        )


_MOST_NAMED = 20


def _name(one: Attributes) -> str:
    name = one.take("contact_name").strip()
    return "" if name == _NO_NAME else name


def _several(text: str) -> list[str]:
    found = dict.fromkeys(filter(None, map(str.strip, text.split(_BETWEEN))))
    return [address for address in found if address != handset.OWN_ADDRESS]


def _unknown(name: str, one: Attributes, number: int | None) -> NotUnderstood:
    """Say that it is open which way an entry went."""
    written = str(number) if number is not None else one.take(name)
    what = f"“{shorten(written)}” is not known" if written else "is missing"
    text = f"The {name} of {one.place} {what}: whether it came in or went out is left open."
    return NotUnderstood(text=text, place=one.place)


def _network(one: Attributes) -> Moment | None:
    """Return when the network had an MMS: some versions write seconds, some milliseconds."""
    written = one.peek("date_sent").strip()
    when = (counted(written) if written else None) or one.moment("date_sent")
    one.ignore("date_sent")
    return when


def _common(one: Attributes, *, is_own: bool | None) -> Iterator[tuple[str, str]]:
    is_read = one.take("read")
    if is_own is False and is_read == "0":
        yield ("read", "no")
    yield from fact("app", one.take("creator"))
    sim = one.number("sub_id")
    if sim and sim > 0:
        yield from fact("SIM", sim)
    one.ignore("read", "creator", "contact_name", "service_center", "date_sent")
    yield from fact("shown on the phone as", one.take("readable_date"))


def _ends(
    addresses: list[Attributes], group: list[str], *, is_own: bool | None
) -> tuple[str, tuple[str, ...], list[AnyRow]]:
    """Return sender and receivers of an MMS, and what to say of addresses whose part in it is not known.

    The sender of what went out may be the phone's own number.
    """
    sender, recipients = "", list[str]()
    told: list[AnyRow] = []
    for one in addresses:
        address, sort = one.take("address"), one.number("type")
        one.ignore("charset", "msg_id", "contact_id", "_id")
        if not address or address == handset.OWN_ADDRESS:
            continue
        if sort == handset.FROM:
            sender = sender or address
        else:
            recipients.append(address)
        if sort not in _ADDRESS_TYPES:
            written = sort if sort is not None else one.take("type") or "none"
            text = f"The address at {one.place} is of the type “{shorten(str(written))}”, which is not known; it is shown as a receiver."
            told.append(NotUnderstood(text=text, place=one.place))
    if is_own is False and len(group) == 1:
        sender = sender or group[0]
    elif is_own:
        recipients = recipients or group
    return sender, tuple(dict.fromkeys(recipients)), told
