"""VICS files (Project VIC, versions 1.1 to 2.0): cases with media, and hash sets, as JSON of any size."""

from collections.abc import Iterator
from typing import BinaryIO

from cets.domains.intake.json_fields import Fields, Unread
from cets.domains.intake.json_walk import Found, JsonFile, first_of, peek, text_of
from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import AnyRow, NotUnderstood, Summary
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sources.vics import model
from cets.domains.intake.sources.vics.around import AroundReader
from cets.domains.intake.sources.vics.media import MediaReader
from cets.domains.intake.sources.vics.model import Context

_HEAD = 65_536
_VALUES = ("value", "Value")
_MEDIA = tuple(f"/{value}/*/{name}/*" for value in _VALUES for name in ("Media", "media", "MEDIA"))
_IDENTIFIERS = tuple(f"/{value}/*/{name}/*" for value in _VALUES for name in ("Identifiers", "identifiers"))
_ENTRIES = tuple(f"/{value}/*" for value in _VALUES)


class Vics(Source):
    name = "vics"
    caption = "VICS case or hash set (Project VIC)"
    version = "1"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        top = peek(head)
        if not isinstance(top, dict):
            return 0.0
        if model.context_of(top):
            return 0.98
        first = next((first_of(top[key]) for key in _VALUES if key in top), None)
        return 0.85 if model.is_case(first) or model.is_media(first) else 0.0

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        top = peek(file.read(_HEAD))
        file.seek(0)
        context = model.context_of(top) or Context()
        json_file = JsonFile(file)
        entries = _Entries(options, context)
        yield from entries.opening(top)
        for found in json_file.walk(records=(*_MEDIA, *_IDENTIFIERS, *_ENTRIES), most=options.max_rows):
            yield from entries.rows(found)
        yield from entries.unread.rows()
        yield from json_file.remarks()


class _Entries:
    def __init__(self, options: Options, context: Context) -> None:
        self._reader, self.unread, self._context = Reader(options), Unread(), context
        self._media = MediaReader(self._reader, self.unread, context)
        self._around = AroundReader(self._reader, self.unread)

    def opening(self, top: object) -> Iterator[AnyRow]:
        """Yield what the file is. The case's number stands before its media in most files, and then in the title."""
        first = model.spelled(
            next((first_of(top[key]) for key in _VALUES if key in top), None)
            if isinstance(top, dict)
            else None
        )
        number = text_of(first.get("CaseNumber")) if isinstance(first, dict) else ""
        body = text_of(first.get("ContactOrganization")) if isinstance(first, dict) else ""
        is_set = self._context.entity == "Media" or model.is_media(first)
        title = "VICS hash set" if is_set else f"VICS case {number}".strip()
        yield Summary(title=title, reporting_body=body or None)
        if not self._context.version:
            yield NotUnderstood(
                text="The file does not say of which version of the VICS data model it is.",
                place="whole file",
            )
        if not self._context.region:
            yield NotUnderstood(
                text=f"Categories are kept as numbers: {self._context.scheme}.", place="whole file"
            )

    def rows(self, found: Found) -> Iterator[AnyRow]:
        fields = Fields(model.spelled(found.value), found.pointer)
        if found.pattern in _MEDIA:
            yield from self._media.rows(fields)
        elif found.pattern in _IDENTIFIERS:
            yield from self._around.identifier(fields)
        elif found.pattern in _ENTRIES and model.is_media(found.value):
            yield from self._media.rows(fields)
        elif found.pattern in _ENTRIES:
            yield from self._around.case(fields)
        else:
            for key in _VALUES:
                if fields.peek(key) == []:
                    fields.ignore(key)
            yield from fields.rest(self._reader, self.unread)
