"""What "SMS Backup & Restore" for Android writes: messages with their attachments, or calls, as XML."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from cets.domains.intake.json_fields import Unread
from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import AnyRow, Failed, NotUnderstood, Summary
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sources.sms_backup.contents import Contents
from cets.domains.intake.sources.sms_backup.entries import Attributes, Calls, Messages
from cets.domains.intake.sources.text import decoding
from cets.domains.intake.traces import Full
from cets.domains.intake.xml_walk import Found, XmlFile

_PROLOGUE = r"\A\s*(?:(?:<\?[^>]{0,400}\?>|<!--(?:[^-]|-(?!->)){0,4000}-->)\s*){0,9}"
_MESSAGES = re.compile(_PROLOGUE + r"<smses\b[^>]{0,1000}(?:\bcount=|>\s*<[sm]ms\s)")
_CALLS = re.compile(
    _PROLOGUE + r"<calls\b[^>]{0,1000}(?:\bcount=|>\s*<call\s[^>]{0,2000}\b(?:duration|readable_date)=)"
)
_RECORDS = frozenset({"sms", "mms", "call"})
_ROOTS = {"smses": "Messages", "calls": "Calls"}


class SmsBackup(Source):
    name = "sms_backup"
    caption = "SMS Backup & Restore (Android)"
    version = "1"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        text = (decoding.decode_head(head) or "").lstrip("\ufeff")
        return 0.96 if _MESSAGES.match(text) or _CALLS.match(text) else 0.0

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        contents, xml_file = Contents(), XmlFile(file)
        backup = _Backup(Reader(options), contents)
        text = (decoding.decode_head(file.read(_HEAD)) or "").lstrip("\ufeff")
        what = "calls" if _CALLS.match(text) else "messages"
        yield Summary(title=f"Backup of {what} (SMS Backup & Restore)")
        try:
            for found in xml_file.walk(_RECORDS, through=contents):
                yield from backup.rows(found)
        except Full:
            yield Failed(reason=f"Stopped at the limit of {options.max_rows} entries.")
        yield from backup.unread.rows()
        yield from xml_file.remarks()


_HEAD = 65_536


class _Backup:
    def __init__(self, reader: Reader, contents: Contents) -> None:
        self._reader, self.unread = reader, Unread()
        self._messages, self._calls = Messages(reader, contents), Calls(reader)
        self._contents = contents
        self._number = 0

    def rows(self, found: Found) -> Iterator[AnyRow]:
        if found.is_record:
            self._number += 1
            reads = {"sms": self._messages.sms, "mms": self._messages.mms, "call": self._calls.call}
            left: list[Attributes] = []
            yield from reads[found.name](found, left)
            for one in left:
                yield from self._left(one)
        elif found.path.count("/") == 1:
            yield from self._whole(found)
        else:
            yield from self._left(Attributes(found.element, found.path))

    def _whole(self, found: Found) -> Iterator[AnyRow]:
        """Yield what the backup says of itself, and whether it holds as much as it says."""
        of_all = Attributes(found.element, found.path)
        said = of_all.take("count")
        if said.isdecimal() and said != str(self._number) and found.name in _ROOTS:
            text = f"The backup says that it holds {said} entries; {self._number} were read."
            yield NotUnderstood(text=text, place=found.path)
        made = of_all.moment("backup_date")
        told = [f"{name}: {of_all.take(name)}" for name in ("backup_set", "type") if of_all.peek(name)]
        if made and made.instant:
            told.insert(0, f"made: {made.instant:%Y-%m-%d %H:%M:%S} UTC")
        yield from self._reader.free_text("; ".join(told), place=found.path, label="Backup")
        yield from self._left(of_all)

    def _left(self, one: Attributes) -> Iterator[AnyRow]:
        """Yield what nobody asked for: it is named on the receipt, and searched."""
        for place, label, text in one.rest(self._contents):
            self.unread.add(place, text)
            yield from self._reader.free_text(text, place=place, label=label[:100])
