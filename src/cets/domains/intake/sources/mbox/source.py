"""A mailbox: mails one after the other, each after a line that begins with "From "."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from cets.domains.intake.rows import AnyRow, Failed, NotUnderstood, Summary
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sources.eml.lines import LineReader
from cets.domains.intake.sources.eml.mime import Parts
from cets.domains.intake.sources.eml.rows import Mails
from cets.domains.intake.sources.eml.source import is_mail

_SEEN_WHOLE = 65_536
#: Sender, then a date with a year; some exports leave the date out and write only an id with an @ in it.
_FROM = re.compile(
    rb"From (?:\S+|\"[^\"\r\n]{0,200}\"\S*)[ \t]+[^\r\n]{0,60}\b(?:19|20)\d\d\b"
    rb"|From \S+@\S+[ \t]*(?=[\r\n]|$)"
)
_ESCAPED = re.compile(rb">+From ")
_HEADER = re.compile(rb"[!-9;-~]{1,200}[ \t]*:|>From ")


class Mbox(Source):
    name = "mbox"
    caption = "Mailbox (mbox)"
    version = "2"

    def recognises(self, head: bytes, size: int) -> float:
        start = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
        if not _FROM.match(start) or not is_mail(start):
            return 0.0
        # One mail that was cut out of a mailbox, with its first line left on, is a mail.
        more = len(re.findall(rb"(?:\n\r?\n|\r\r)From \S", start)) > 0 or size > min(len(head), _SEEN_WHOLE)
        return 0.95 if more else 0.5

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        yield Summary(title="Mailbox")
        mails = Mails(options)
        box = _Box(file)
        while box.begin():
            if mails.number >= options.max_rows:
                yield Failed(reason=f"Stopped at the limit of {options.max_rows} messages.")
                return
            place = f"line {box.line}"
            mail = Parts(box.lines(), budget=options.max_text).read()
            if not mail.headers and not mail.plain:
                yield NotUnderstood(text=f"A mail is announced at {place}, but none follows.", place=place)
                continue
            yield from mails.rows(mail, place=place)


class _Box:
    """Cuts the stream of lines into mails."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = LineReader(file)
        self._ahead: list[bytes] = []
        self._at_start = True  # the next line is the first of the file or follows a blank one
        self.line = 0

    def begin(self) -> bool:
        """Go on to the next mail: skip its "From " line. False at the end of the file."""
        while (line := self._take()) is not None:
            if line.strip():
                if not self._is_from(line):
                    self._ahead.insert(0, line)
                    self.line -= 1
                return True
        return False

    def lines(self) -> Iterator[bytes]:
        """Yield the lines of the mail, unescaped, up to the next "From " line."""
        at_start = False
        while (line := self._take()) is not None:
            if at_start and line.startswith(b"From ") and self._is_from(line) and self._header_follows():
                self._ahead.insert(0, line)
                self.line -= 1
                return
            at_start = not line.strip()
            yield line[1:] if _ESCAPED.match(line) else line

    def _take(self) -> bytes | None:
        line = self._ahead.pop(0) if self._ahead else self._file.readline()
        if not line:
            return None
        self.line += self._file.is_whole(line)
        return line

    @staticmethod
    def _is_from(line: bytes) -> bool:
        return bool(_FROM.match(line.removeprefix(b"\xef\xbb\xbf")))

    def _header_follows(self) -> bool:
        """A line of prose that looks like the start of a mail is not followed by a header."""
        if not self._ahead:
            following = self._file.readline()
            if not following:
                return True
            self._ahead.append(following)
        return bool(_HEADER.match(self._ahead[0]))
