"""A mail that was taken apart becomes rows: the message, its people, what its headers and text hold."""

import re
from collections.abc import Iterator
from typing import Any

from cets.domains.identifiers import kinds
from cets.domains.identifiers.kinds.base import Ambiguous, NotValid
from cets.domains.intake.reading import Reader, is_unread, shorten
from cets.domains.intake.rows import AnyRow, FreeText, Message, NotUnderstood, Person, Sighting
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.eml import addresses, html_text
from cets.domains.intake.sources.eml.mime import Mail
from cets.kernel.moments import Moment

_ADDRESS_HEADERS = (
    "from", "sender", "reply-to", "to", "cc", "bcc", "return-path", "delivered-to", "x-original-to",
    "envelope-to", "x-apparently-to", "x-envelope-from", "x-envelope-to", "x-forwarded-to", "x-sender",
    "errors-to",
    "resent-from", "resent-sender", "resent-to", "resent-cc", "resent-reply-to",
    "disposition-notification-to",
)  # fmt: skip
#: Here machines note where a mail went; beside the address stand their own names and addresses, and nobody's name.
_ENVELOPE_HEADERS = frozenset(
    (
        *("return-path", "delivered-to", "x-original-to", "envelope-to", "x-apparently-to"),
        *("x-envelope-from", "x-envelope-to", "x-forwarded-to"),
    )
)
_TRACE_HEADERS = frozenset(("received", "x-received"))
_ADDRESS_OF_CLIENT = frozenset(
    [
        "x-originating-ip",
        "x-originating-client-ip",
        "x-client-ip",
        "x-sender-ip",
        "x-real-ip",
        "x-forwarded-for",
        "x-source-ip",
        "x-remote-ip",
    ]
)
_IPV4 = re.compile(r"(?<![\w.\-])\d{1,3}(?:\.\d{1,3}){3}(?![\w\-]|\.\w)")
_IPV6 = re.compile(
    r"(?:(?<=\[)|(?<=\[IPv6:)|(?<=\()|(?<=\s)|^)[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?=[\]\)\s;,]|$)"
)
_CLOCK_LENGTH = 8
_MOST_PEOPLE = 200_000  # of one mailbox; beyond, mails are read but nobody new is introduced
_LONGEST_HEADER_KEPT = 4_000
_LONGEST_SHOWN = 20_000  # of a subject or sender
#: Further headers in which programs note addresses of people ...
_ALSO_ADDRESSES = re.compile(
    r"x-(?:[a-z0-9]+-)*?(?:original|authenticated|auth|envelope|real|sent|mail|rcpt|delivered|google|smtp|orig)-?"
    r"(?:[a-z]+-)?(?:from|to|sender|rcpt|recipient|user)|x-(?:from|to|mailfrom|rcptto)|original-(?:from|recipient)|apparently-(?:from|to)"
)
#: ... or the address of a machine ("X-SenderIP", "X-Yahoo-Post-IP", "X-AOL-IP") ...
_ALSO_CLIENT = re.compile(r"x-[a-z0-9\-]*?-?(?:ip|ipaddr|ip-?address|host-?ip)|received-spf|client-ip")
#: ... and those for people's own words.
_REMARK_HEADERS = frozenset(
    (
        "comments",
        "x-comments",
        "x-comment",
        "x-note",
        "keywords",
        "organization",
        "organisation",
        "x-organization",
    )
)
_MAIL_IN_SPF = re.compile(
    r"(?:(?:envelope-from|smtp\.mailfrom|mailfrom)\s?=\s?|\bdomain of )\"?<?([^\s\"<>;,()]+@[^\s\"<>;,()]+)",
    re.IGNORECASE,
)


class Mails:
    """Writes the rows of the mails of one file; numbers run through it, people are introduced once."""

    def __init__(self, options: Options) -> None:
        self.reader = Reader(options)
        self.number = 0
        self._people: dict[str, str] = {}
        self._names: set[tuple[str, str]] = set()
        self._beside: set[str] = set()

    def rows(self, mail: Mail, *, place: str) -> Iterator[AnyRow]:
        self.number += 1
        number = self.number
        at = f"message {number}"
        for remark in dict.fromkeys(mail.remarks):
            yield NotUnderstood(text=f"{at.capitalize()}: {remark}.", place=at)
        sent_at, doubts = self._sent_at(mail, at)
        yield from doubts
        yield from self._addresses(mail, number, sent_at)
        text = _text(mail)
        yield self._message(mail, number, place, text, sent_at)
        yield from self._trace(mail, number, sent_at)
        subject = mail.get("subject")
        if subject:
            yield from self.reader.mentioned(
                subject, place=f"{at}, header Subject", seen_at=sent_at, message=number
            )
        yield from self._text_rows(mail, number, text, sent_at)
        yield from self._outside(mail, number, sent_at)
        yield from self._attachments(mail, number, sent_at)
        for inner in mail.attached:
            yield from self.rows(inner, place=f"attached to {at}")

    def _sent_at(self, mail: Mail, at: str) -> tuple[Moment | None, list[AnyRow]]:
        # A mail that was saved as text has the line that its program shows.
        name = next((one for one in ("date", "sent") if mail.get(one)), None)
        if not name:
            return None, []
        moment = self.reader.time(mail.get(name) or "")
        return moment, list(self.reader.time_doubts(moment, place=f"{at}, header {name.title()}"))

    def _message(self, mail: Mail, number: int, place: str, text: str, sent_at: Moment | None) -> Message:
        sender = mail.get("from")
        found = next(addresses.split(sender), None) if sender else None
        to = [address for name in ("to", "cc", "bcc") for value in mail.get_all(name)
              for _, address in addresses.split(value)]  # fmt: skip
        inside = tuple(f"{_title(inner)} (message)" for inner in mail.attached)
        return Message(
            number=number,
            text=text,
            place=place,
            kind="mail",
            sender=short(sender) if sender else None,
            sender_person=self._people.get(found[1].lower()) if found else None,
            recipients=tuple(dict.fromkeys(to)),
            subject=short(mail.get("subject") or "") or None,
            sent_at=sent_at,
            headers=tuple((name, short(value, _LONGEST_HEADER_KEPT)) for name, value in mail.headers),
            attachments=tuple(
                f"{each.name} ({each.content_type}, {each.size} bytes)" for each in mail.attachments
            )
            + inside,
        )

    def _addresses(self, mail: Mail, number: int, sent_at: Moment | None) -> Iterator[AnyRow]:
        if len(mail.get_all("from")) > 1:
            yield NotUnderstood(
                text=f"Message {number} has more than one From header; the first is shown as its sender.",
                place=f"message {number}, header From",
            )
        names = _names(mail)
        for name, value in mail.headers:
            if not _holds_people(name) or not value.strip(" <>"):
                continue
            place = f"message {number}, header {name}"
            found = list(dict.fromkeys(addresses.split(value)))
            if not found and ":" not in value and "undisclosed" not in value.lower():
                yield NotUnderstood(text=f"“{shorten(value)}” at {place} holds no address.", place=place)
            for shown, address in found:
                known_as = names.get(address.lower(), shown)
                key, introduction = self._introduced(address, known_as, place)
                yield from introduction
                facts: dict[str, Any] = {"place": place, "person": key, "seen_at": sent_at, "message": number}
                yield from self.reader.declared("email", address, **facts)
                if shown and self._is_new_name(address, shown):
                    yield from self.reader.declared("display_name", shown, **facts)
            beside = addresses.beside(value, [address for _, address in found])
            if name.lower() not in _ENVELOPE_HEADERS and self._is_new_beside(beside):
                yield from self.reader.mentioned(beside, place=place, seen_at=sent_at, message=number)

    def _introduced(self, address: str, name: str, place: str) -> tuple[str | None, list[AnyRow]]:
        """Return the key of the person behind an address, and the row that introduces him the first time."""
        folded = address.lower()
        known = self._people.get(folded)
        if known or len(self._people) >= _MOST_PEOPLE or not self._is("email", address):
            return known, []
        key = self._people[folded] = f"correspondent {len(self._people) + 1}"
        return key, [Person(key=key, role="unknown", place=place, names=(name,) if name else ())]

    def _is_new_name(self, address: str, shown: str) -> bool:
        named = (address.lower(), shown)
        if named in self._names or not any(sign.isalnum() for sign in shown):
            return False
        if len(self._names) < _MOST_PEOPLE:
            self._names.add(named)
        return True

    def _is_new_beside(self, text: str) -> bool:
        """Say whether what stands beside the addresses of a header is to be searched: once in a file, as names are."""
        words = " ".join(text.split())
        if words in self._beside or not any(sign.isalnum() for sign in words):
            return False
        if len(self._beside) < _MOST_PEOPLE:
            self._beside.add(words)
        return True

    def _trace(self, mail: Mail, number: int, sent_at: Moment | None) -> Iterator[AnyRow]:
        """Addresses of machines: each relay names its client, with its own clock after the last semicolon."""
        relays = 0
        for name, value in mail.headers:
            folded = name.lower()
            if folded in _TRACE_HEADERS:
                relays += 1
                path, _, clock = value.rpartition(";")
                moment = self.reader.time(clock.strip()) if len(clock) > _CLOCK_LENGTH else None
                moment = None if moment is None or is_unread(moment) else moment
                place = f"message {number}, header {name} {relays}"
                yield from self._machines(path or value, place, name, number, moment)
            elif folded in _ADDRESS_OF_CLIENT or _ALSO_CLIENT.fullmatch(folded):
                place = f"message {number}, header {name}"
                yield from self._machines(_EQUALS.sub(" ", value), place, name, number, sent_at)
                for address in dict.fromkeys(_MAIL_IN_SPF.findall(value)):
                    if self._is("email", address):
                        yield from self.reader.declared(
                            "email", address, place=place, seen_at=sent_at, message=number
                        )
            elif folded in _REMARK_HEADERS:
                place = f"message {number}, header {name}"
                yield from self.reader.mentioned(value, place=place, seen_at=sent_at, message=number)

    def _outside(self, mail: Mail, number: int, sent_at: Moment | None) -> Iterator[AnyRow]:
        """What stands before the first part, after the last and between lines of base64: mail programs show none of it."""
        for count, text in enumerate(mail.outside, 1):
            place = f"message {number}, outside its parts {count}"
            found = list(self.reader.mentioned(text, place=place, seen_at=sent_at, message=number))
            if found:  # the rest says "This is a message in MIME format"
                yield FreeText(text=text, place=place, label="Outside the parts of the mail")
            yield from found

    def _machines(
        self, text: str, place: str, header: str, number: int, moment: Moment | None
    ) -> Iterator[AnyRow]:
        found = [*_IPV4.findall(text), *_IPV6.findall(text)]
        for address in dict.fromkeys(found):
            if self._is("ip", address):
                yield from self.reader.declared(
                    "ip", address, place=place, seen_at=moment, event=header, message=number
                )

    def _is(self, kind: str, text: str) -> bool:
        """A clock or a version number between brackets is no fault of the mail; it is just no address."""
        try:
            kinds.clean(kind, text, self.reader.context())
        except (NotValid, Ambiguous):
            return False
        return True

    def _text_rows(self, mail: Mail, number: int, text: str, sent_at: Moment | None) -> Iterator[AnyRow]:
        at = f"message {number}"
        found = set()
        for row in self.reader.mentioned(text, place=at, seen_at=sent_at, message=number):
            if isinstance(row, Sighting):
                found.add((row.value.kind, row.value.value))
            yield row
        if not any(part.strip() for part in mail.plain):
            return
        # The HTML twin mostly says the same; what only it holds (the address behind a link) is not lost.
        for part in mail.html:
            for row in self.reader.mentioned(
                html_text.to_text(part), place=f"{at}, HTML part", message=number
            ):
                if isinstance(row, Sighting) and (row.value.kind, row.value.value) not in found:
                    found.add((row.value.kind, row.value.value))
                    yield Sighting(
                        value=row.value,
                        way=row.way,
                        role=row.role,
                        place=row.place,
                        seen_at=sent_at,
                        message=number,
                    )

    def _attachments(self, mail: Mail, number: int, sent_at: Moment | None) -> Iterator[AnyRow]:
        for count, each in enumerate(mail.attachments, 1):
            place = f"message {number}, attachment {count}"
            yield from self.reader.beside(each.name, place=place, seen_at=sent_at, message=number)
            for digest in (each.md5, each.sha1, each.sha256):
                yield from self.reader.declared("hash", digest, place=place, seen_at=sent_at, message=number)
            if each.text.strip():
                text = html_text.to_text(each.text) if each.content_type == "text/html" else each.text
                yield FreeText(text=text, place=place, label=each.name)
                yield from self.reader.mentioned(text, place=place, seen_at=sent_at)


_EQUALS = re.compile(r"[=;,\"]")


def _holds_people(header: str) -> bool:
    folded = header.lower()
    return folded in _ADDRESS_HEADERS or bool(_ALSO_ADDRESSES.fullmatch(folded))


def short(value: str, most: int = _LONGEST_SHOWN) -> str:
    """Return a header as it is shown: a long one up to a word, as half an address is another address."""
    if len(value) <= most:
        return value
    cut = value[:most]
    return cut[: max(cut.rfind(" "), cut.rfind(",")) + 1] + "…"


def _names(mail: Mail) -> dict[str, str]:
    """Return the first name that the headers give each address, as most name it only once."""
    named: dict[str, str] = {}
    for name, value in mail.headers:
        for shown, address in addresses.split(value) if _holds_people(name) else ():
            if shown:
                named.setdefault(address.lower(), shown)
    return named


def _text(mail: Mail) -> str:
    plain = [part.strip("\n") for part in mail.plain if part.strip()]
    if plain:
        return "\n\n".join(plain)
    return "\n\n".join(filter(None, (html_text.to_text(part) for part in mail.html)))


def _title(mail: Mail) -> str:
    return mail.get("subject") or "without subject"
