"""VICS files (Project VIC, versions 1.1 to 2.0): cases with media, and hash sets, as JSON of any size."""

from collections.abc import Iterator
from typing import BinaryIO

from cets.domains.intake.json_fields import Fields, Unread
from cets.domains.intake.json_walk import Found, JsonFile, first_of, keys_of, peek, text_of
from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import AnyRow, NotUnderstood, Summary
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sources.vics import model
from cets.domains.intake.sources.vics.around import AroundReader
from cets.domains.intake.sources.vics.media import MediaReader
from cets.domains.intake.sources.vics.model import Context

_HEAD = 65_536


class Vics(Source):
    name = "vics"
    caption = "VICS case or hash set (Project VIC)"
    version = "3"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        top = peek(head)
        if model.context_of(top):
            return 0.98
        first = _Layout(top).first
        is_media = model.is_media_for_certain if isinstance(top, list) else model.is_media
        return 0.85 if model.is_case(first) or is_media(first) else 0.0

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        top = peek(file.read(_HEAD))
        file.seek(0)
        context, layout = model.context_of(top) or Context(), _Layout(top)
        json_file = JsonFile(file)
        entries = _Entries(options, context, layout)
        yield from entries.opening()
        for found in json_file.walk(records=layout.records, most=options.max_rows):
            yield from entries.rows(found)
        yield from entries.unread.rows()
        yield from json_file.remarks()


class _Layout:
    """Where the entries of a file stand: in a list under "value", alone under it, in a bare list, or as the file itself."""

    def __init__(self, top: object) -> None:
        self.top = top
        self.first: object = top
        self.lists: tuple[str, ...] = ()
        entries: tuple[str, ...] = ("",)
        if isinstance(top, list):
            self.first, entries = first_of(top), ("/*",)
        elif isinstance(top, dict) and not (model.is_case(top) or model.is_media(top)):
            self.lists = tuple(key for key in top if key.casefold() == "value") or ("value", "Value")
            inner = next((top[key] for key in self.lists if key in top), None)
            self.first = inner if isinstance(inner, dict) else first_of(inner)
            step = "" if isinstance(inner, dict) else "/*"
            entries = tuple(f"/{key}{step}" for key in self.lists)
        keys = {*keys_of(self.first), "Media", "media", "Identifiers", "identifiers"}
        self.media, self.identifiers = (
            tuple(f"{entry}/{key}/*" for entry in entries for key in sorted(keys) if key.casefold() == name)
            for name in ("media", "identifiers")
        )
        self.entries = entries
        self.records = (*self.media, *self.identifiers, *filter(None, entries))


class _Entries:
    def __init__(self, options: Options, context: Context, layout: _Layout) -> None:
        self._reader, self.unread, self._context, self._layout = Reader(options), Unread(), context, layout
        self._media = MediaReader(self._reader, self.unread, context)
        self._around = AroundReader(self._reader, self.unread)

    def opening(self) -> Iterator[AnyRow]:
        """Yield what the file is. The case's number stands before its media in most files, and then in the title."""
        first = model.spelled(self._layout.first)
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
        if not found.pattern and isinstance(found.value, dict) and (key := model.next_page(found.value)):
            yield NotUnderstood(
                text="The file is one page of an answer that goes on elsewhere: what the other pages hold is not in it.",
                place=f"/{key}",
            )
        if found.pattern in self._layout.media:
            yield from self._media.rows(fields)
        elif found.pattern in self._layout.identifiers:
            yield from self._around.identifier(fields)
        elif found.pattern in self._layout.entries and self._is_media(found.value):
            yield from self._media.rows(fields)
        elif found.pattern in self._layout.entries and isinstance(found.value, dict):
            yield from self._around.case(fields)
        else:
            for key in self._layout.lists:
                if fields.peek(key) == []:
                    fields.ignore(key)
            yield from fields.rest(self._reader, self.unread)

    def _is_media(self, value: object) -> bool:
        return model.is_media(value) or (self._context.entity != "Cases" and model.is_hash_alone(value))
