"""JSON and XML that no source knows: searched for identifiers, and told by the paths of their fields.

Nobody claims to understand them: the file stays "not understood", whose anything is stays open, and every field is on the
receipt, so that the shape report says to whoever writes a source for them what there is.
"""

from collections.abc import Iterator
from io import SEEK_END
from typing import Any, BinaryIO

from cets.domains.intake import sources
from cets.domains.intake.json_fields import Fields, Unread
from cets.domains.intake.json_walk import Found, JsonFile, escaped
from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import AnyRow, Failed, NotUnderstood
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.text import decoding
from cets.domains.intake.xml_walk import XmlFile, local

_HEAD = 65_536
#: Entries of which a record is made at most, counted from the top; what lies deeper is part of them.
_STEPS = 3
MOST_ENTRIES = 200_000
#: Bytes of an XML document that is read as one.
SMALL = 2_000_000
_MOST_KEYS = 20_000
_DOCUMENT_TYPE = "document type"
_TAKEN_OFF = (
    "The XML declares a document type (DTD). It was searched as text and taken off: what refers to it stays as it is"
    " written, and nothing was fetched."
)
_AS_LINES = (
    "The XML declares a document type (DTD) that does not end where it can be seen. The file was searched line by line,"
    " as text: nothing that refers to it was resolved or fetched."
)


def rows(file: BinaryIO, options: Options) -> Iterator[AnyRow]:
    """Yield what is found in a file that no source claims; nothing where it is of no form that can be walked."""
    file.seek(0)
    head = decoding.decode_head(file.read(_HEAD))
    file.seek(0)
    text = (head or "").lstrip("\ufeff")
    if sources.MARKUP.match(text[:4096]):
        found = _Walk(options).xml(file)
    elif sources.JSON.match(text[:4096]):
        found = _Walk(options).json(file)
    else:
        return
    try:
        for row in found:
            # That a file of an unknown form breaks off costs it nothing: it is kept, and not understood anyway.
            yield (
                NotUnderstood(text=row.reason, place="whole file", sort="cut")
                if isinstance(row, Failed)
                else row
            )
    except (MemoryError, GeneratorExit):
        raise
    except Exception as error:  # noqa: BLE001 - whatever stands in a file that nobody knows, it is kept as it came
        text = f"Searching it stopped with a fault ({type(error).__name__})."
        yield NotUnderstood(text=text, place="whole file", sort="cut")


class _Walk:
    """One walk over all fields, whatever they mean."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._reader, self._unread = Reader(options), Unread()
        self._keys: set[str] = set()

    def json(self, file: BinaryIO) -> Iterator[AnyRow]:
        json_file = JsonFile(file)
        records = tuple("/*" * steps for steps in range(1, _STEPS + 1))
        for found in json_file.walk(records=records, most=min(MOST_ENTRIES, self._options.max_rows)):
            fields, name = _fields(found)
            for key, place in ((name, found.place), *_keys(found.value, found.pointer)):
                yield from self._names(key, place)
            yield from fields.rest(self._reader, self._unread)
        yield from self._unread.rows()
        yield from json_file.remarks()

    def _names(self, key: str, place: str) -> Iterator[AnyRow]:
        """Yield what a key names: in some files people and their addresses are keys."""
        if not key.isdigit() and key not in self._keys and len(self._keys) < _MOST_KEYS:
            self._keys.add(key)
            yield from self._reader.mentioned(key, place=place)

    def xml(self, file: BinaryIO) -> Iterator[AnyRow]:
        # A small one whole: of an entry that is let go the text behind it goes, too.
        is_small = file.seek(0, SEEK_END) <= SMALL
        xml_file = XmlFile(file, without_type=True)
        for found in xml_file.walk(
            _is_root if is_small else _is_entry, most=min(MOST_ENTRIES, self._options.max_rows)
        ):
            for text, place, label in _texts(found.element, found.path):
                self._unread.add(place, text)
                yield from self._reader.free_text(text, place=place, label=label[:100])
        yield from self._unread.rows()
        if xml_file.is_refused:
            yield NotUnderstood(text=_AS_LINES, place="whole file")
            yield from sources.all_sources()["text"].read(file, self._options)
            return
        if xml_file.document_type:
            yield NotUnderstood(text=_TAKEN_OFF, place=_DOCUMENT_TYPE)
            yield from self._reader.free_text(
                xml_file.document_type, place=_DOCUMENT_TYPE, label=_DOCUMENT_TYPE
            )
        yield from xml_file.remarks()


def _fields(found: Found) -> tuple[Fields, str]:
    """Return a record as fields, and its own key: what is no object is the field of that name."""
    above, _, step = found.pointer.rpartition("/")
    name = step.replace("~1", "/").replace("~0", "~")
    return (Fields.of(found) if isinstance(found.value, dict) else Fields({name: found.value}, above)), name


def _keys(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    pending = [(value, pointer)]
    while pending:
        value, pointer = pending.pop()
        for key, inner in value.items() if isinstance(value, dict) else ():
            yield key, f"{pointer}/{escaped(key)}"
            pending.append((inner, f"{pointer}/{escaped(key)}"))
        if isinstance(value, list):
            pending.extend((inner, f"{pointer}/{index}") for index, inner in enumerate(value))


def _is_root(element: Any) -> bool:
    return element.getparent() is None


def _is_entry(element: Any) -> bool:
    above = element.getparent()
    return above is not None and _is_root(above)


def _texts(element: Any, path: str) -> Iterator[tuple[str, str, str]]:
    """Yield text, path and name of what stands in an element: its attributes and text, and those of what it holds."""
    pending = [(element, path)]
    while pending:
        element, path = pending.pop()
        for key, value in element.attrib.items():
            name = str(key).rpartition("}")[2]
            if text := str(value).strip():
                yield text, f"{path}/@{name}", name
        own = (element.text, *(inner.tail for inner in element))
        if text := "\n".join(filter(None, (part.strip() for part in own if part))):
            yield text, path, local(element)
        counts: dict[str, int] = {}
        inside = []
        for inner in element:
            name = local(inner)
            counts[name] = counts.get(name, 0) + 1
            inside.append((inner, f"{path}/{name}[{counts[name]}]"))
        pending.extend(reversed(inside))
