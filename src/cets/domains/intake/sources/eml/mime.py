"""Takes a mail apart while it streams by: headers, readable text, of attachments only what identifies them.

The standard library's parser keeps a whole message in memory several times over; here a mail of any size
needs no more than its text. Nothing raises: what does not fit the standard becomes a remark on the message.
"""

import codecs
import hashlib
import re
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message as StandardMessage

import msgspec

from cets.domains.intake.sources.eml.lines import is_piece
from cets.domains.intake.sources.eml.transfer import DECODERS, Stray, identity
from cets.domains.intake.sources.text import decoding

_HEADER = re.compile(rb"[!-9;-~]{1,200}[ \t]*:")
_MOST_HEADER_BYTES, _MOST_HEADERS = 1 << 20, 2_000
_MOST_PARTS, _MOST_DEPTH = 5_000, 12
_ADDRESS_NEXT = re.compile(r"\s*<[^<>\s]*@")
_DIVIDING, _ESCAPED = re.compile(r'[,;<>()"]'), re.compile(r'["\\]')
_DECODED_AT_ONCE = 20_000  # characters of encoded words
#: Control characters and those that turn the direction of what follows; joiners belong to some scripts.
_HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_ATTACHED_TEXT = 2_000_000  # bytes of a text attachment that are read for identifiers
_CHUNK = 96 << 10  # a multiple of four, for base64


class Attachment(msgspec.Struct):
    name: str
    content_type: str
    size: int
    md5: str
    sha1: str
    sha256: str
    text: str = ""


class Mail(msgspec.Struct):
    """One message. `plain` and `html` are its readable parts; `attached` the messages inside it."""

    headers: list[tuple[str, str]] = msgspec.field(default_factory=list)
    plain: list[str] = msgspec.field(default_factory=list)
    html: list[str] = msgspec.field(default_factory=list)
    attachments: list[Attachment] = msgspec.field(default_factory=list)
    attached: list["Mail"] = msgspec.field(default_factory=list)
    remarks: list[str] = msgspec.field(default_factory=list)
    #: Text before the first part and after the last, and lines among base64 that are none.
    outside: list[str] = msgspec.field(default_factory=list)

    def get(self, name: str) -> str | None:
        return next((value for known, value in self.headers if known.lower() == name), None)

    def get_all(self, name: str) -> list[str]:
        return [value for known, value in self.headers if known.lower() == name]


class _Boundary(msgspec.Struct, frozen=True):
    """The line that ended a part: whose boundary it was (index from outside) and whether it closed it."""

    index: int
    closing: bool


class Parts:
    """Reads one top-level message from its lines. `budget`: characters of text kept for the whole of it."""

    def __init__(self, lines: Iterator[bytes], *, budget: int) -> None:
        self._lines = lines
        self._kept: bytes | None = None
        self._budget = budget
        self._parts = 0
        self._boundaries: list[bytes] = []
        self._stray = Stray()

    def read(self) -> Mail:
        mail = Mail()
        self._entity(mail, depth=0)
        for _ in self._lines:  # what follows the last boundary is nobody's
            pass
        return mail

    def headers(self) -> Mail:
        """Read headers alone, as a program keeps them that stores the parts elsewhere."""
        mail = Mail()
        raw, _ = self._header_lines(mail)
        mail.headers = [
            (name, header_text(value, of_people=name.lower() != "subject")) for name, value in raw
        ]
        return mail

    def _next(self) -> bytes | None:
        if self._kept is not None:
            line, self._kept = self._kept, None
            return line
        return next(self._lines, None)

    def _entity(self, mail: Mail, *, depth: int) -> _Boundary | None:
        """Read a message: its headers belong to `mail`, its parts too."""
        raw, ended = self._header_lines(mail)
        mail.headers = [
            (name, header_text(value, of_people=name.lower() != "subject")) for name, value in raw
        ]
        if ended:
            return ended
        return self._content(mail, _ContentType(raw), depth=depth)

    def _part(self, mail: Mail, *, depth: int) -> _Boundary | None:
        raw, ended = self._header_lines(mail)
        return ended or self._content(mail, _ContentType(raw), depth=depth)

    def _header_lines(self, mail: Mail) -> tuple[list[tuple[str, bytes]], _Boundary | None]:
        found: list[tuple[str, bytearray]] = []
        ended = self._read_headers(mail, found)
        return [(name, bytes(value)) for name, value in found], ended

    def _read_headers(self, mail: Mail, found: list[tuple[str, bytearray]]) -> _Boundary | None:
        size, goes_on = 0, False  # goes_on: the line is longer than is read at once, this is more of it
        while (line := self._next()) is not None:
            size += len(line)
            if not goes_on and not line.strip(b"\r\n"):
                return None
            ended = None if goes_on else self._ends(line)
            if ended:
                return ended
            if size > _MOST_HEADER_BYTES or len(found) >= _MOST_HEADERS:
                mail.remarks.append("The headers go on beyond 1 MB; the rest of them was not read")
                if goes_on and found:
                    _cut_to_words(found[-1][1])
                self._skip_headers()
                return None
            if found and (goes_on or line[:1] in b" \t"):
                found[-1][1].extend(line)
            elif _HEADER.match(line):
                name, _, value = line.partition(b":")
                found.append((name.decode("ascii").strip(), bytearray(value)))
            elif not (line.startswith((b"From ", b">From ")) and not found):
                mail.remarks.append(
                    "A line among the headers is no header; the text was taken to begin there"
                )
                self._kept = line
                return None
            goes_on = is_piece(line)
        return None

    def _skip_headers(self) -> None:
        while (line := self._next()) is not None:
            if not line.strip(b"\r\n"):
                return

    def _ends(self, line: bytes) -> _Boundary | None:
        if not line.startswith(b"--") or not self._boundaries:
            return None
        text = line.rstrip()
        for index in range(len(self._boundaries) - 1, -1, -1):
            boundary = self._boundaries[index]
            if text == boundary or text == boundary + b"--":
                return _Boundary(index, closing=text != boundary)
        return None

    def _content(self, mail: Mail, kind: "_ContentType", *, depth: int) -> _Boundary | None:
        self._parts += 1
        if self._parts > _MOST_PARTS or depth > _MOST_DEPTH:
            remark = "It has more or deeper parts than are read; the rest is only in the original"
            if remark not in mail.remarks:
                mail.remarks.append(remark)
            return self._drain()
        if kind.main == "multipart":
            if kind.boundary:
                return self._multipart(mail, kind.boundary, depth=depth)
            mail.remarks.append("It claims to have parts but states no boundary; read as one text")
            kind = _ContentType([])
        if kind.full in ("message/rfc822", "message/global") and kind.encoding not in (
            "base64",
            "quoted-printable",
        ):
            inner = Mail()
            mail.attached.append(inner)
            return self._entity(inner, depth=depth + 1)
        if kind.is_inline_text:
            return self._text(mail, kind)
        return self._attachment(mail, kind)

    def _multipart(self, mail: Mail, boundary: bytes, *, depth: int) -> _Boundary | None:
        own = len(self._boundaries)
        self._boundaries.append(b"--" + boundary)
        try:
            ended = self._preamble(mail)
            while ended and ended.index == own and not ended.closing:
                ended = self._part(mail, depth=depth + 1)
        finally:
            self._boundaries.pop()
        if ended is None:
            mail.remarks.append("It breaks off before its last part is closed")
            return None
        if ended.index < own:
            mail.remarks.append("A part is not closed before the part around it")
            return ended
        return self._drain(mail)

    def _preamble(self, mail: Mail) -> _Boundary | None:
        kept = bytearray()
        while (line := self._next()) is not None:
            ended = self._ends(line)
            if ended:
                self._keep_outside(mail, kept)
                return ended
            if len(kept) < self._budget:
                kept += line
        if kept.strip():
            mail.remarks.append("The boundary it states never occurs; read as one text")
            self._keep(mail.plain, decode(bytes(kept), None, mail))
        return None

    def _drain(self, mail: Mail | None = None) -> _Boundary | None:
        """Go on to the next boundary, or the end; what stands before it is kept for `mail`."""
        kept, ended = bytearray(), None
        while (line := self._next()) is not None:
            ended = self._ends(line)
            if ended:
                break
            if mail is not None and len(kept) < self._budget:
                kept += line
        if mail is not None:
            self._keep_outside(mail, kept)
        return ended

    def _keep_outside(self, mail: Mail, kept: bytearray) -> None:
        if kept.strip():
            self._keep(mail.outside, decode(bytes(kept), None, mail), mail)

    def _body(self, encoding: str) -> Iterator[bytes | _Boundary]:
        """Yield the decoded content in chunks, at last the boundary that ended it (none at the end)."""
        decoder = DECODERS.get(encoding, identity)
        raw = bytearray()
        held = b""
        stray = self._stray if encoding == "base64" else None
        while (line := self._next()) is not None:
            ended = self._ends(line)
            if ended:
                # The line end before a boundary belongs to the boundary.
                raw += held.removesuffix(b"\n").removesuffix(b"\r")
                yield decoder(bytes(raw), None)
                yield ended
                return
            raw += held
            held = stray.without(line) if stray else line
            if len(raw) >= _CHUNK:
                yield decoder(b"", raw)
        yield decoder(bytes(raw) + held, None)

    def _text(self, mail: Mail, kind: "_ContentType") -> _Boundary | None:
        kept, ended = bytearray(), None
        for chunk in self._body(kind.encoding):
            if isinstance(chunk, _Boundary):
                ended = chunk
            elif len(kept) <= self._budget:
                kept += chunk
        self._say_stray(mail)
        text = decode(bytes(kept), kind.charset, mail)
        self._keep(mail.html if kind.full == "text/html" else mail.plain, text, mail)
        return ended

    def _say_stray(self, mail: Mail) -> None:
        if self._stray.seen:
            mail.remarks.append("A part is not valid base64; what can be decoded of it was read")
        self._keep_outside(mail, self._stray.lines)
        self._stray = Stray()

    def _keep(self, where: list[str], text: str, mail: Mail | None = None) -> None:
        if len(text) > self._budget:
            text = text[: self._budget]
            if mail is not None:
                mail.remarks.append("Its text is longer than is read; the rest is only in the original")
        self._budget -= len(text)
        where.append(decoding.clean(text))

    def _attachment(self, mail: Mail, kind: "_ContentType") -> _Boundary | None:
        hashes = [hashlib.new(name, usedforsecurity=False) for name in ("md5", "sha1", "sha256")]
        size, ended, kept = 0, None, bytearray()
        wanted = min(_ATTACHED_TEXT, self._budget) if kind.is_readable else 0
        for chunk in self._body(kind.encoding):
            if isinstance(chunk, _Boundary):
                ended = chunk
                continue
            size += len(chunk)
            for each in hashes:
                each.update(chunk)
            if len(kept) < wanted:
                kept += chunk[: wanted - len(kept)]
        self._say_stray(mail)
        text = decode(bytes(kept), kind.charset, mail) if kept else ""
        self._budget -= len(text)
        md5, sha1, sha256 = (each.hexdigest() for each in hashes)
        shown = decoding.clean(text)
        mail.attachments.append(Attachment(kind.name, kind.full, size, md5, sha1, sha256, text=shown))
        if kind.full in ("message/rfc822", "message/global"):
            mail.remarks.append("A message attached to it is encoded against the standard and was not read")
        return ended


class _ContentType:
    """What a part says of its content; nonsense is taken as plain text, as the standard asks."""

    def __init__(self, raw: list[tuple[str, bytes]]) -> None:
        standard = StandardMessage()
        for name, value in raw:
            if name.lower() in ("content-type", "content-disposition") and name not in standard:
                standard[name] = " ".join(_bytes_to_text(value).split())
        encoding = next((value for name, value in raw if name.lower() == "content-transfer-encoding"), b"")
        self.encoding = _bytes_to_text(encoding).strip().lower()
        self.full = _HIDDEN.sub("\ufffd", _tried(standard.get_content_type) or "text/plain")
        self.main = self.full.partition("/")[0]
        self.charset = _tried(standard.get_content_charset)
        boundary = _tried(standard.get_boundary)
        self.boundary = boundary.encode("utf-8", "replace") if boundary else None
        self.file_name = header_text((_tried(standard.get_filename) or "").encode("utf-8", "replace"))
        self.disposition = _tried(standard.get_content_disposition)

    @property
    def name(self) -> str:
        return self.file_name or f"unnamed {self.full}"

    @property
    def is_readable(self) -> bool:
        return self.main == "text" or self.full in (
            "message/delivery-status",
            "message/disposition-notification",
        )

    @property
    def is_inline_text(self) -> bool:
        is_body = self.full in ("text/plain", "text/html", "text/rfc822-headers", "message/delivery-status")
        return is_body and self.disposition != "attachment" and not self.file_name


def _tried(get: object) -> str | None:
    """Ask the standard library, which on some nonsense raises errors of any kind."""
    assert callable(get)
    try:
        found = get()
    except Exception:  # noqa: BLE001 - one header of one part would cost the whole mail; the part is read as plain text
        return None
    return found if isinstance(found, str) else None


def _cut_to_words(value: bytearray) -> None:
    """Take off the word or address in which a header is cut: half an address is another address."""
    del value[max(value.rfind(sign) for sign in (b",", b";", b" ", b"\t", b"\n")) + 1 :]


def _bytes_to_text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def header_text(raw: bytes, *, of_people: bool = False) -> str:
    """Return a header as people read it: unfolded, decoded, hidden signs made visible; of people a name stays one name."""
    text = " ".join(_bytes_to_text(raw).split())
    if "=?" in text:
        text = "".join(_decode_words(window, of_people=of_people) for window in _windows(text))
    return _HIDDEN.sub("\ufffd", text)


def _windows(text: str) -> Iterator[str]:
    """Cut a text at blanks: the standard library takes the square of the length of encoded words."""
    while len(text) > _DECODED_AT_ONCE:
        end = text.rfind(" ", 0, _DECODED_AT_ONCE)
        if end <= 0:
            yield text[:_DECODED_AT_ONCE]
            text = text[_DECODED_AT_ONCE:]
            continue
        between_words = text.endswith("?=", 0, end) and text.startswith("=?", end + 1)
        yield text[:end]
        if not between_words:
            yield " "
        text = text[end + 1 :]
    yield text


def _decode_words(text: str, *, of_people: bool) -> str:
    try:
        found = decode_header(text)
    except (HeaderParseError, ValueError):  # broken encoded words stay as they stand
        return text
    read, name = "", ""
    for piece, charset in found:
        words = piece if isinstance(piece, str) else _with_charset(piece, charset or "utf-8")
        if charset is not None:
            name += words
            continue
        read += (_quoted(name, read) if of_people and _ADDRESS_NEXT.match(words) else name) + words
        name = ""
    return " ".join((read + name).split())


def _quoted(name: str, before: str) -> str:
    """Return a decoded name in quotation marks where a sign of it would divide the header: "Wing, Kea" is one person."""
    if not _DIVIDING.search(name) or before.count('"') % 2:
        return name
    return '"{}"'.format(_ESCAPED.sub(r"\\\g<0>", name))


def _with_charset(raw: bytes, charset: str) -> str:
    try:
        return raw.decode(charset)
    except (LookupError, UnicodeDecodeError, ValueError):
        return _bytes_to_text(raw)


def decode(raw: bytes, charset: str | None, mail: Mail) -> str:
    """Decode a body; a charset that is missing, unknown or wrong is guessed, and a remark says so."""
    name = _known_text_charset(charset)
    if name:
        try:
            return _lines(raw.decode(name))
        except (UnicodeDecodeError, ValueError):
            pass
    try:
        text = raw.decode("utf-8")
        guess = "UTF-8"
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
        guess = "Windows-1252"
    if not text.isascii() and (charset is not None or guess != "UTF-8"):
        named = _HIDDEN.sub("\ufffd", charset or "")[:40]
        stated = f"“{named}” does not fit its text" if charset else "It states no encoding for its text"
        mail.remarks.append(f"{stated}; read as {guess}")
    return _lines(text)


def _known_text_charset(charset: str | None) -> str | None:
    if not charset:
        return None
    try:
        found = codecs.lookup(charset)
    except (LookupError, ValueError):
        return None
    # "us-ascii" is also what programs write that do not know.
    return found.name if found._is_text_encoding and found.name != "ascii" else None  # noqa: SLF001


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
