"""One mail as a file (EML, RFC 5322)."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from cets.domains.intake.rows import AnyRow, Summary
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sources.eml.lines import LineReader
from cets.domains.intake.sources.eml.mime import Parts
from cets.domains.intake.sources.eml.rows import Mails, short

_HEADER = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_KNOWN = frozenset(
    b"from to cc subject date message-id mime-version received return-path delivered-to reply-to content-type"
    b" sender in-reply-to references x-mailer content-transfer-encoding dkim-signature".split()
)
_TELLING = frozenset((b"from", b"received", b"message-id", b"return-path", b"delivered-to", b"mime-version"))


def header_names(head: bytes) -> list[bytes] | None:
    """Return the names of the headers at the start of a file in lower case, None where none stand."""
    names: list[bytes] = []
    lines = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n").splitlines()
    if lines and lines[0].startswith((b"From ", b">From ")):
        lines = lines[1:]
    for line in lines:
        if not line.strip():
            break
        found = _HEADER.match(line)
        if found:
            names.append(found[1].lower())
        elif line[:1] not in (b" ", b"\t") or not names:
            return names or None
    return names or None


def is_mail(head: bytes) -> bool:
    names = set(header_names(head) or ())
    if len(names & _KNOWN) < 2:  # noqa: PLR2004 - one word with a colon is chance
        return False
    return bool(names & _TELLING) or bool(names & {b"subject", b"to", b"cc"} and _has_mail_date(head))


#: As mail programs write it; an officer's note says "Date: 3 May".
_MAIL_DATE = re.compile(
    rb"(?:\A|[\r\n])date[ \t]*:[ \t]*(?:[a-z]{3,9},?[ \t]+)?\d{1,2}[ \t]+[a-z]{3}[a-z]*[ \t]+\d{2,4}[ \t]+\d{1,2}:\d\d",
    re.IGNORECASE,
)


def _has_mail_date(head: bytes) -> bool:
    start = head.lstrip(b"\xef\xbb\xbf\r\n")
    end = _END_OF_HEADERS.search(start)
    return bool(_MAIL_DATE.search(start, 0, end.end() if end else len(start)))


_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n|\r\r")


class Eml(Source):
    name = "eml"
    caption = "E-mail (EML)"
    version = "2"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        return 0.9 if is_mail(head) else 0.0

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        mail = Parts(_lines(file), budget=options.max_text).read()
        yield Summary(title=short(mail.get("subject") or "E-mail"))
        yield from Mails(options).rows(mail, place="whole file")


def _lines(file: BinaryIO) -> Iterator[bytes]:
    began, lines = False, LineReader(file)
    while line := lines.readline():
        text = line if began else line.removeprefix(b"\xef\xbb\xbf")
        began = began or bool(text.strip())  # blank lines before the first header are none of it
        if began:
            yield text
