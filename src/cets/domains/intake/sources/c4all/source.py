"""Index of C4All and C4P: the pictures and films that an examiner sorted, in XML that says UTF-16 whatever it is."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO

from cets.domains.intake.reading import Reader, is_empty
from cets.domains.intake.rows import AnyRow, FreeText, NotUnderstood, Summary
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sources.text import decoding
from cets.domains.intake.xml_walk import Found, XmlFile, local
from cets.kernel.moments import Moment

ENTRIES = ("Image", "Movie", "Video", "File")
_ROOT = re.compile(r"<(?![?!])\s*ReportIndex\b")
_HASHES = {"hash": "", "md5": "md5:", "sha1": "sha1:", "sha256": "sha256:"}
_TIMES = {"created": "Created", "accessed": "Accessed", "written": "Written", "deleted": "Deleted"}
#: Fields told in one line, as written.
_TOLD = {
    "category": "Category", "subcat": "Subcategory", "filesize": "Size", "tagged": "Tagged", "mydescription": "Description",
    "id": "Number",
}  # fmt: skip
_PROSE = {"fullpath": "Path", "notes": "Notes", "homepic": "Caption", "picture": "File name"}
_IGNORED = frozenset({
    "path", "fileoffset", "physicallocation", "myunique", "bitdepth", "aspectratio", "framerate", "duration",
})  # fmt: skip
#: No time is written as 0, in the clock of the machine: up to a day from it.
_NO_TIME = 86_400
_NO_SCHEME = "C4All; its list of categories is not stated"


class C4All(Source):
    name = "c4all"
    caption = "C4All / C4P index (XML)"
    version = "1"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        text = decoding.decode_head(head)
        if text is None or not text.lstrip("\ufeff \t\r\n").startswith("<"):
            return 0.0
        return 0.97 if _ROOT.search(text[:4_096]) else 0.0

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        yield Summary(title="C4All index of pictures and films")
        xml = XmlFile(file)
        entries = _Entries(options)
        for found in xml.walk(ENTRIES, most=options.max_rows):
            yield from entries.rows(found) if found.is_record else entries.around(found)
        yield from entries.said_once()
        yield from xml.remarks()


class _Entries:
    """Reads each entry, and counts the fields that it does not know."""

    def __init__(self, options: Options) -> None:
        self._reader = Reader(options)
        self._unknown: dict[str, list[Any]] = {}  # how many, and the first place

    def rows(self, found: Found) -> Iterator[AnyRow]:
        told, created, hashes = [], None, []
        for field in found.element:
            name, text = local(field).lower(), "".join(field.itertext()).strip()
            place = f"{found.path}/{local(field)}"
            if is_empty(text) or name in _IGNORED:
                continue
            if name in _TIMES:
                when = _moment(text)
                created = when if name == "created" else created
                told += [f"{_TIMES[name]}: {text}"] if when else []
            elif name in _HASHES:
                hashes.append((_HASHES[name], text, place))
            elif name in _TOLD:
                told.append(f"{_TOLD[name]}: {text}" + (f" ({_NO_SCHEME})" if name == "category" else ""))
            else:
                yield from self._prose(name, text, place)
        if told:
            yield FreeText(text="; ".join(told), place=found.path, label=found.name)
        for sort, text, place in hashes:
            yield from self._reader.declared(
                "hash",
                f"{sort}{text}",
                as_written=text,
                place=place,
                seen_at=created,
                event="FILE_CREATED" if created else None,
            )

    def _prose(self, name: str, text: str, place: str) -> Iterator[AnyRow]:
        if name not in _PROSE:
            self._unknown.setdefault(name, [0, place])[0] += 1
        if name != "picture":  # the hash and the file's ending, once more
            yield from self._reader.free_text(text, place=place, label=_PROSE.get(name, name[:100]))

    def around(self, found: Found) -> Iterator[AnyRow]:
        """Yield what stands outside of the entries: nothing is known to."""
        text = (found.element.text or "").strip()
        if text:
            self._unknown.setdefault(found.name.lower(), [0, found.path])[0] += 1
            yield from self._reader.free_text(text, place=found.path, label=found.name[:100])

    def said_once(self) -> Iterator[AnyRow]:
        for name, (count, place) in self._unknown.items():
            yield NotUnderstood(
                text=f"The element {name[:100]} is not known: {count} times, first at {place}; kept as text.",
                place=place,
            )


def _moment(text: str) -> Moment | None:
    """Read a count of seconds since 1970 in a clock that nobody names: midnights of the days of use show that it is local."""
    if not text.isascii() or not text.isdigit():
        return Moment(raw=text)
    if int(text[:15]) <= _NO_TIME:
        return None
    try:
        at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(text[:15]))
    except OverflowError:
        return Moment(raw=text)
    return Moment(raw=text, candidates=(at.replace(tzinfo=None),))
