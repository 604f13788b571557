"""A message of Outlook becomes the same `Mail` that is made of an EML: headers, texts, attachments, messages inside."""

import hashlib
import io
from collections.abc import Iterator

from cets.domains.intake.compound_file import MAGIC, CompoundFile, Entry, NotReadable
from cets.domains.intake.sources.eml import addresses
from cets.domains.intake.sources.eml.mime import Attachment, Mail, Parts, decode, header_text
from cets.domains.intake.sources.eml.source import is_mail
from cets.domains.intake.sources.msg import rtf
from cets.domains.intake.sources.msg.properties import (
    HEAD_OF_FILE,
    HEAD_OF_MESSAGE,
    HEAD_OF_PART,
    TABLE,
    Properties,
)

_SUBJECT, _CLASS, _HEADERS, _BODY, _HTML, _RTF = 0x0037, 0x001A, 0x007D, 0x1000, 0x1013, 0x1009
_SUBMITTED, _DELIVERED, _CREATED, _CHANGED = 0x0039, 0x0E06, 0x3007, 0x3008
_FLAGS, _UNSENT, _READ = 0x0E07, 0x08, 0x01
#: Name, addresses from the surest to the least: the last may be one of the sender's own directory.
_SENDER = (0x0C1A, (0x5D01, 0x0C1F))
_ON_BEHALF = (0x0042, (0x5D02, 0x0065))
#: Whose mailbox it came into.
_RECEIVER = (0x0040, (0x5D07, 0x0076))
_NAME, _ADDRESSES, _ROLE = (0x3001, 0x5FF6), (0x39FE, 0x3003, 0x403E), 0x0C15
_LISTS = {1: "To", 2: "Cc", 3: "Bcc"}
_SHOWN_LISTS = {"To": 0x0E04, "Cc": 0x0E03, "Bcc": 0x0E02}
_TEXT_HEADERS = {"Message-ID": 0x1035, "In-Reply-To": 0x1042, "References": 0x1039}
_TIMES = {"Submitted": _SUBMITTED, "Delivered": _DELIVERED, "Created": _CREATED, "Changed": _CHANGED}
_LAST_CHANGED_BY, _CREATED_BY = 0x3FFA, 0x3FF8
#: Texts that only repeat what is read, or name kinds and places in Outlook's own store.
_REPEATS = frozenset(
    (
        *(
            0x003D,
            0x0070,
            0x0E1D,
            0x0E04,
            0x0E03,
            0x0E02,
            0x0064,
            0x0C1E,
            0x3002,
            0x0040,
            0x0044,
            0x0075,
            0x0076,
            0x0077,
            0x0078,
        ),
        *(
            0x3A20,
            0x3703,
            0x3712,
            0x5FF6,
            0x39FF,
            0x3A00,
            0x3001,
            0x3003,
            0x0E1F,
            0x10F3,
            0x0047,
            0x5D07,
            0x5D08,
            0x5D09,
            0x5D0A,
            0x5D0B,
        ),
    )
)
_ATTACH_DATA, _METHOD, _LONG_NAME, _SHORT_NAME, _MIME, _PATHS = (
    0x3701,
    0x3705,
    0x3707,
    0x3704,
    0x370E,
    (0x370D, 0x3708),
)
_BY_REFERENCE, _EMBEDDED, _OLE = frozenset({2, 3, 4, 7}), 5, 6
_TYPES = {
    "txt": "text/plain",
    "log": "text/plain",
    "csv": "text/csv",
    "htm": "text/html",
    "html": "text/html",
    "eml": "message/rfc822",
}
_READABLE = 2_000_000  # bytes of a text attachment that are read for identifiers
_MOST_HEADERS, _MOST_NAME = 1 << 20, 500
_MOST_PARTS, _MOST_DEPTH = 5_000, 12
_LARGEST_INSIDE = 64 << 20  # of a mail that is attached as a file


class Items:
    """Reads the messages of one file. `budget`: characters of text kept for all of it."""

    def __init__(self, file: CompoundFile, *, budget: int, depth: int = 0) -> None:
        self._file, self._budget, self._depth = file, budget, depth
        self._parts = 0
        self._seen: set[int] = set()

    def read(self) -> Mail:
        return self._message(
            self._file.root, Properties(self._file, self._file.root, head=HEAD_OF_FILE), self._depth
        )

    def _message(self, storage: Entry, found: Properties, depth: int) -> Mail:
        self._seen.add(storage.number)
        mail = self._headers(found)
        self._people(found, mail)
        self._facts(found, mail)
        self._texts(found, mail)
        for entry in self._storages(found, "__attach_version1.0_", mail):
            self._attachment(Properties(self._file, entry, head=HEAD_OF_PART, above=found), mail, depth)
        self._others(found, mail)
        return mail

    def _storages(self, found: Properties, begins: str, mail: Mail) -> Iterator[Entry]:
        """Yield the recipients or attachments of a message in their order; none that another message has."""
        for name, entry in sorted(found.entries.items()):
            if not (name.startswith(begins) and entry.is_storage) or entry.number in self._seen:
                continue
            self._seen.add(entry.number)
            self._parts += 1
            if self._parts > _MOST_PARTS:
                mail.remarks.append("It has more parts than are read; the rest is only in the original")
                return
            yield entry

    def _headers(self, found: Properties) -> Mail:
        """Return a mail with the headers it came with; one that was never sent has none."""
        mail = Mail()
        text = found.text(_HEADERS, mail, _MOST_HEADERS)
        if not text.strip():
            return mail
        lines = text.encode("utf-8", "replace").lstrip(b"\n").splitlines(keepends=True)
        whole = Parts(iter(lines), budget=0).headers()
        whole.remarks[:0] = mail.remarks
        return whole

    def _people(self, found: Properties, mail: Mail) -> None:
        """Add who wrote and who received it, where the headers do not say so."""
        by_header = {address.lower() for _, value in mail.headers for _, address in addresses.split(value)}
        listed: dict[str, list[str]] = {}
        sender, on_behalf = (self._sender(found, one, mail) for one in (_SENDER, _ON_BEHALF))
        author = on_behalf or sender
        if author:
            listed["From"] = [author]
        if sender and sender != author:
            listed["Sender"] = [sender]
        for entry in self._storages(found, "__recip_version1.0_", mail):
            one = Properties(self._file, entry, head=HEAD_OF_PART, above=found)
            header = _LISTS.get(one.number(_ROLE) or 0, "To")
            listed.setdefault(header, []).append(self._person(one, _NAME, _ADDRESSES, mail))
            self._others(one, mail)
        stated = {name.lower() for name, _ in mail.headers}
        if "@" in (receiver := self._sender(found, _RECEIVER, mail)):
            listed["Delivered-To"] = [receiver]
        for header, people in listed.items():
            new = [
                person for person in people
                if person and (header.lower() not in stated or _is_new(person, by_header))
            ]  # fmt: skip
            if new:
                name = _AGAIN.get(header, header) if header.lower() in stated else header
                mail.headers.append((name, ", ".join(new)))
        for header, number in _SHOWN_LISTS.items():
            shown = header_text(found.text(number, mail, _MOST_HEADERS).encode())
            if shown and header not in listed and header.lower() not in stated:
                mail.headers.append((header, shown))

    def _sender(self, found: Properties, one: tuple[int, tuple[int, ...]], mail: Mail) -> str:
        return self._person(found, (one[0],), one[1], mail)

    def _person(self, found: Properties, names: tuple[int, ...], numbers: tuple[int, ...], mail: Mail) -> str:
        """Return a name and address as a header has them. What is no mail address names somebody in a directory."""
        written = [found.text(number, mail, _MOST_NAME).strip() for number in numbers]
        name = next(filter(None, [found.text(number, mail, _MOST_NAME).strip() for number in names]), "")
        address = next((one for one in written if "@" in one), "")
        if not address and (only := next(filter(None, written), "")):
            remark = "An address in it is one of the sender's own directory; whose mail address that is does not stand in the file"
            if remark not in mail.remarks:
                mail.remarks.append(remark)
            address = only
        quoted = (
            '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"' if name and name != address else ""
        )
        return header_text(" ".join(filter(None, (quoted, f"<{address}>" if address else ""))).encode())

    def _facts(self, found: Properties, mail: Mail) -> None:
        stated = {name.lower() for name, _ in mail.headers}
        subject = _subject(found.text(_SUBJECT, mail, self._budget))
        texts = {name: found.text(number, mail, _MOST_HEADERS) for name, number in _TEXT_HEADERS.items()}
        times = {name: found.time(number) for name, number in _TIMES.items()}
        sent = times["Submitted"] or times["Delivered"]
        for name, value in (("Subject", subject), ("Date", sent), *texts.items()):
            if value and name.lower() not in stated:
                mail.headers.append((name, header_text(value.encode())))
        if not times["Submitted"] and sent and "date" not in stated:
            mail.remarks.append("When it was sent is not stated; the time is that of its delivery")
        kind = found.text(_CLASS, mail, _MOST_NAME)
        flags = found.number(_FLAGS)
        more = {
            **{f"{name} (Outlook)": value for name, value in times.items()},
            "Message class": kind,
            "State": "draft, not sent" if flags is not None and flags & _UNSENT else "",
            "Read": "" if flags is None else "yes" if flags & _READ else "no",
            "Created by": found.text(_CREATED_BY, mail, _MOST_NAME),
            "Last changed by": found.text(_LAST_CHANGED_BY, mail, _MOST_NAME),
        }
        mail.headers += [(name, header_text(value.encode())) for name, value in more.items() if value]
        if kind and not kind.upper().startswith(("IPM.NOTE", "REPORT.", "IPM.POST")):
            mail.remarks.append(
                f"It is an item of Outlook of the class “{header_text(kind.encode())}”; its texts are searched, but what its own fields mean is"
                " not read"
            )

    def _texts(self, found: Properties, mail: Mail) -> None:
        plain = self._kept(found.text(_BODY, mail, self._budget + 1), mail)
        html = self._kept(found.html(_HTML, mail, self._budget + 1), mail)
        packed = found.raw(_RTF, self._budget)
        if packed and not html:
            try:
                rich = rtf.read(rtf.unpacked(packed, self._budget))
            except rtf.NotRichText:
                mail.remarks.append("Its rich text is damaged and was not read")
            else:
                text = self._kept(rich.text, mail)
                html = text if rich.is_html else ""
                plain = plain if plain.strip() or rich.is_html else text
        mail.plain += [plain] if plain.strip() else []
        mail.html += [html] if html.strip() else []

    def _kept(self, text: str, mail: Mail) -> str:
        if len(text) > self._budget:
            text = text[: self._budget]
            mail.remarks.append("Its text is longer than is read; the rest is only in the original")
        self._budget -= len(text)
        return text

    def _others(self, found: Properties, mail: Mail) -> None:
        """Keep texts of further properties: they are searched, though nobody says what they mean."""
        for number in found.others():
            text = "" if number in _REPEATS else found.text(number, mail, self._budget)
            if text.strip():
                mail.outside.append(f"property {number:04X}: {self._kept(text, mail)}")

    def _attachment(self, found: Properties, mail: Mail, depth: int) -> None:
        name = self._name(found, mail)
        inside = found.storage(_ATTACH_DATA)
        method = found.number(_METHOD)
        if inside is not None and TABLE in self._file.inside(inside):
            self._embedded(inside, found, mail, depth)
        elif method in _BY_REFERENCE:
            path = next(filter(None, (found.text(number, mail, _MOST_HEADERS) for number in _PATHS)), "")
            mail.headers.append(("Attached by a link", header_text(f"{name} {path}".encode())))
            mail.remarks.append("An attachment is only a link; its content is not in the file")
        elif inside is not None or method == _OLE:
            mail.headers.append(("Object inside", name))
            mail.remarks.append("An object of another program is inside it and was not read")
        else:
            self._content(found, mail, name, depth)
        self._others(found, mail)

    def _embedded(self, inside: Entry, above: Properties, mail: Mail, depth: int) -> None:
        if depth >= _MOST_DEPTH or inside.number in self._seen:
            mail.remarks.append("It has deeper parts than are read; the rest is only in the original")
            return
        found = Properties(self._file, inside, head=HEAD_OF_MESSAGE, above=above)
        mail.attached.append(self._message(inside, found, depth + 1))

    def _name(self, found: Properties, mail: Mail) -> str:
        written = (found.text(number, mail, _MOST_NAME) for number in (_LONG_NAME, _SHORT_NAME, _NAME[0]))
        return header_text(next(filter(None, written), "unnamed").encode())

    def _content(self, found: Properties, mail: Mail, name: str, depth: int) -> None:
        """Take a file that is attached: its size and hashes; of a text the words, of a mail the mail."""
        stated = header_text(found.text(_MIME, mail, _MOST_NAME).lower().encode())
        kind = stated or _TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")
        hashes = [hashlib.new(algorithm, usedforsecurity=False) for algorithm in ("md5", "sha1", "sha256")]
        size, kept, wanted = 0, bytearray(), _LARGEST_INSIDE
        for chunk in found.chunks(_ATTACH_DATA):
            size += len(chunk)
            for each in hashes:
                each.update(chunk)
            if len(kept) < wanted:
                kept += chunk
                wanted = wanted if len(kept) < _SEEN or _may_be_mail(kept) else _READABLE
        text = decode(bytes(kept[:_READABLE]), None, mail) if kind.startswith("text/") and kept else ""
        text = text[: self._budget]
        self._budget -= len(text)
        md5, sha1, sha256 = (each.hexdigest() for each in hashes)
        mail.attachments.append(
            Attachment(name, kind, size, md5, sha1, sha256, text=text.replace("\0", "\N{SYMBOL FOR NULL}"))
        )
        if len(kept) == size:
            self._mail_inside(bytes(kept), mail, depth)

    def _mail_inside(self, content: bytes, mail: Mail, depth: int) -> None:
        """Read a mail that is attached as a file."""
        if not _may_be_mail(content) or depth >= _MOST_DEPTH:
            return
        if content.startswith(MAGIC):
            try:
                opened = CompoundFile(io.BytesIO(content))
            except NotReadable:
                return
            if TABLE in opened.inside(opened.root):
                inner = Items(opened, budget=self._budget, depth=depth + 1)
                mail.attached.append(inner.read())
                self._budget = inner._budget
                mail.remarks += opened.remarks
        else:
            lines = iter(content.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n").splitlines(keepends=True))
            mail.attached.append(Parts(lines, budget=self._budget).read())


_SEEN = 65_536
#: Of somebody whom the properties name as the author, and the headers as nobody.
_AGAIN = {"From": "X-Sender", "Sender": "X-Sender"}


def _may_be_mail(content: bytes | bytearray) -> bool:
    return content.startswith(MAGIC) or is_mail(bytes(content[:_SEEN]))


def _is_new(person: str, known: set[str]) -> bool:
    """Say whether a person has an address that is not among these."""
    found = [address.lower() for _, address in addresses.split(person)]
    return any(address not in known for address in found)


def _subject(text: str) -> str:
    """Return a subject without the two signs that tell how long its "RE: " is."""
    return text[2:] if text.startswith("\x01") else text
