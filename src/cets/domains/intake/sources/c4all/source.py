"""Index of C4All and C4P: the pictures and films that an examiner sorted, in XML that says UTF-16 whatever it is."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO

from cets.domains.intake.reading import Reader, has_day_doubt, is_empty, is_unread
from cets.domains.intake.rows import AnyRow, FreeText, NotUnderstood, Summary
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sources.text import decoding
from cets.domains.intake.times import is_zero
from cets.domains.intake.xml_walk import Found, XmlFile, local
from cets.kernel.moments import Moment

ENTRIES = frozenset({"image", "movie", "video", "file"})
_ROOT = re.compile(r"<(?:[\w.\-]{1,40}:)?ReportIndex\b", re.IGNORECASE)
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
#: The name of the copy in the folder: the hash once more, and the file's ending.
_HASH_AS_NAME = re.compile(r"[0-9A-Fa-f]{32,64}(?:\.\w{1,10})?")
#: No time is written as 0, in the clock of the machine: up to a day from it.
_NO_TIME = 86_400
_NO_SCHEME = "C4All; its list of categories is not stated"


class C4All(Source):
    name = "c4all"
    caption = "C4All / C4P index (XML)"
    version = "2"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        text = decoding.decode_head(head)
        if text is None or not text.lstrip("\ufeff \t\r\n").startswith("<"):
            return 0.0
        return 0.97 if _ROOT.search(text[:4_096]) else 0.0

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        yield Summary(title="C4All index of pictures and films")
        xml = XmlFile(file)
        entries = _Entries(options)
        for found in xml.walk(_is_entry, most=options.max_rows):
            yield from entries.rows(found) if found.is_record else entries.around(found)
        yield from entries.said_once()
        yield from xml.remarks()


def _is_entry(element: Any) -> bool:
    return local(element).lower() in ENTRIES


def _fields(found: Found) -> Iterator[tuple[str, str, str]]:
    """Yield name, text and place of what an entry says: in elements, in some versions in attributes."""
    for key, value in found.element.attrib.items():
        name = str(key).rpartition("}")[2]
        yield name.lower(), str(value).strip(), f"{found.path}/@{name}"
    for field in found.element:
        text = "\n".join(filter(None, (part.strip() for part in field.itertext())))
        yield local(field).lower(), text, f"{found.path}/{local(field)}"


class _Entries:
    """Reads each entry, and counts the fields that it does not know."""

    def __init__(self, options: Options) -> None:
        self._reader = Reader(options)
        self._unknown: dict[str, list[Any]] = {}  # how many, and the first place
        self._odd_times = (0, "")

    def rows(self, found: Found) -> Iterator[AnyRow]:
        told, created, hashes = [], None, []
        for name, text, place in _fields(found):
            if is_empty(text) or name in _IGNORED:
                continue
            if name in _TIMES:
                when = self._moment(text)
                yield from self._doubts(when, place)
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

    def _moment(self, text: str) -> Moment | None:
        """Read a time: a count of seconds, or as some versions write it out. None where it is naught."""
        if text.isascii() and text.isdigit():
            return _counted(text)
        written = self._reader.time(text)
        return None if is_zero(written) else written

    def _doubts(self, when: Moment | None, place: str) -> Iterator[AnyRow]:
        """Yield what the receipt says of a time of two days, and count what is none; that no zone is stated is so of all."""
        if when and is_unread(when):
            self._odd_times = (self._odd_times[0] + 1, self._odd_times[1] or place)
        elif when and has_day_doubt(when):
            yield from self._reader.time_doubts(when, place=place)

    def _prose(self, name: str, text: str, place: str) -> Iterator[AnyRow]:
        if name not in _PROSE:
            self._unknown.setdefault(name, [0, place])[0] += 1
        if name != "picture" or not _HASH_AS_NAME.fullmatch(text):
            yield from self._reader.free_text(text, place=place, label=_PROSE.get(name, name[:100]))

    def around(self, found: Found) -> Iterator[AnyRow]:
        """Yield what stands outside of the entries: nothing is known to, but a version."""
        told = [(found.name, (found.element.text or "").strip(), found.path)]
        for key, value in found.element.attrib.items():
            name = str(key).rpartition("}")[2]
            told.append((name, str(value).strip(), f"{found.path}/@{name}"))
        for name, text, place in told:
            if text:
                self._unknown.setdefault(name.lower(), [0, place])[0] += 1
                yield from self._reader.free_text(text, place=place, label=name[:100])

    def said_once(self) -> Iterator[AnyRow]:
        count, first = self._odd_times
        if count:
            yield NotUnderstood(text=f"Times that were not read: {count}, the first at {first}.", place=first)
        for name, (count, place) in self._unknown.items():
            yield NotUnderstood(
                text=f"The element {name[:100]} is not known: {count} times, first at {place}; kept as text.",
                place=place,
            )


def _counted(text: str) -> Moment | None:
    """Read a count of seconds since 1970 in a clock that nobody names: midnights of the days of use show that it is local."""
    if int(text[:15]) <= _NO_TIME:
        return None
    try:
        at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(text[:15]))
    except OverflowError:
        return Moment(raw=text)
    return Moment(raw=text, candidates=(at.replace(tzinfo=None),))
