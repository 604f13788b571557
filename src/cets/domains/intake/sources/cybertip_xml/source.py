"""CyberTipline reports in XML: as providers send them, and by local names what resembles them."""

import codecs
import re
from collections.abc import Iterator
from functools import cache
from html.entities import name2codepoint
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from cets.domains.intake.cybertip.bundle import ReportSource
from cets.domains.intake.cybertip.files import Upload
from cets.domains.intake.cybertip.record import from_xml, xml_children
from cets.domains.intake.cybertip.report import ReportReader, further, several
from cets.domains.intake.rows import AnyRow, Failed, NotUnderstood
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.text import decoding

LARGEST = 16 << 20
MOST_ELEMENTS = 200_000
MOST_ASIDES = 10_000  # comments and processing instructions
DEEPEST = 256  # libxml2's own limit
_SCHEMA = Path(__file__).with_name("cyber_tipline.xsd")
_SHOWN_FAULTS = 10

_ROOT = re.compile(r"<(?:[\w.\-]+:)?(report|fileDetails)\b(?=[\s>/])([^>]*)")
_TELLING = re.compile(
    r"<(?:[\w.\-]+:)?(incidentSummary|personOrUserReported|reportId|reportingPerson|fileViewedByEsp|originalFileHash"
    r"|reportedInformation|reportedPeople|reportingEsp|internetDetails|intendedRecipient)\b"
)
#: Some exports put the report into an envelope, and one of them calls it by another name.
_ENVELOPED = re.compile(r"<(?:[\w.\-]+:)?(report|fileDetails|CRIMEREPORT)(?=[\s>/])", re.IGNORECASE)
_REPORTS = frozenset({"report", "filedetails", "crimereport"})
_MOST_ENVELOPES = 3
_LONGEST_VALUE = 100  # what is longer is a text of many words
_DTD = (
    "The XML declares a document type (DTD). Such files can make a reader fetch or grow without end; it is kept but"
    " not read."
)
_ENOUGH = 2
_OURS = re.compile(r"cybertip\.org")


class CybertipXml(ReportSource):
    name = "cybertip_xml"
    caption = "CyberTipline report (XML)"
    version = "3"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        text = decoding.decode_head(head)
        if text is None or not text.lstrip("\ufeff \t\r\n").startswith("<"):
            return 0.0
        bare = _without_comments(text)
        first = re.search(r"<(?![?!])", bare)
        root = _ROOT.match(bare, first.start()) if first else None
        if not root:
            telling = set(_TELLING.findall(bare)) if first and _ENVELOPED.search(bare) else set()
            return 0.85 if len(telling) >= _ENOUGH else 0.0
        if _OURS.search(root[2]):
            return 0.99
        return 0.9 if _TELLING.search(text, 0) or _is_too_deep(bare) else 0.0

    def report(self, file: BinaryIO, options: Options, uploads: list[Upload]) -> Iterator[AnyRow]:
        data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            yield Failed(reason=f"The report is larger than the limit of {LARGEST >> 20} MB: not read.")
            return
        if _has_dtd(data):
            yield Failed(reason=_DTD)
            return
        data, encoding = _as_declared(data.lstrip(b" \t\r\n"), decoding.detect(file))
        if encoding:
            yield from decoding.remarks(encoding)
        tree = _Tree(data, "utf-8" if encoding else None)
        if tree.root is None:
            yield tree.failure or Failed(reason="The XML holds no element.")
            return
        yield from _reports(tree, options, uploads)
        if tree.failure:
            yield tree.failure


def _as_declared(data: bytes, found: decoding.Encoding) -> tuple[bytes, decoding.Encoding | None]:
    """Return the XML with HTML's names for characters replaced.

    Where the encoding is not what is declared, or what it is without a declaration: as UTF-8, and what was found.
    """
    if not data.startswith((b"<", codecs.BOM_UTF8 + b"<")) or b"\x00" in data[:4]:
        return data, None
    declared = _DECLARED.match(data)
    name = declared[1].lower() if declared else b"utf-8"
    is_utf8 = found.name in ("utf-8", "utf-8-sig") and not found.faults
    data = _ENTITY.sub(_character, data)
    if not name.startswith((b"utf-16", b"utf-32", b"ucs")) and (is_utf8 or name not in (b"utf-8", b"utf8")):
        return data, None
    return data.decode(found.name, "replace").lstrip("\ufeff").encode(), found


def _character(found: re.Match[bytes]) -> bytes:
    code = name2codepoint.get(found[1].decode())
    return b"&#%d;" % code if code and found[1] not in _OF_XML else found[0]


_DECLARED = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml\s[^>]*?\bencoding\s*=\s*[\"']([\w.\-]+)")
_ENTITY = re.compile(rb"&([A-Za-z]+[0-9]*);")
_OF_XML = frozenset({b"amp", b"lt", b"gt", b"quot", b"apos"})


def _is_too_deep(text: str) -> bool:
    """Say whether so many elements are open at once that no reader goes as deep: the limit is named, then."""
    return len(_OPENED.findall(text)) - text.count("</") > DEEPEST


_OPENED = re.compile(r"<[A-Za-z_][^<>]*(?<!/)>")


def _reports(tree: "_Tree", options: Options, uploads: list[Upload]) -> Iterator[AnyRow]:
    reader = ReportReader(options)
    reader.files.uploads = uploads
    asides = list(_asides(tree.root, f"/{_local(tree.root)}"))
    yield from _fields(tree, reader)
    for text, place in asides[:MOST_ASIDES]:
        yield from reader.people.searched(text, place)
    if len(asides) > MOST_ASIDES:
        yield NotUnderstood(
            text=f"It holds {len(asides)} comments; the first {MOST_ASIDES} were searched.",
            place="whole file",
            sort="limit",
        )


def _asides(root: Any, at: str) -> Iterator[tuple[str, str]]:
    """Yield the comments and processing instructions that say something, with their places.

    The place is inside the element around them: what stands at a victim is hers.
    """
    from lxml import etree  # noqa: PLC0415 - only when there is XML

    for node in chain(root.itersiblings(preceding=True), root.itersiblings()):
        yield from _aside(node, "")
    left = (
        [(root, at)] if next(root.iter(etree.Comment, etree.ProcessingInstruction), None) is not None else []
    )
    while left:
        element, place = left.pop()
        for node in element.iterchildren(etree.Comment, etree.ProcessingInstruction):
            yield from _aside(node, place)
        left += [(child, path) for _, child, path in xml_children(element, place)]


def _aside(node: Any, place: str) -> Iterator[tuple[str, str]]:
    is_styling = str(getattr(node, "target", "")).lower().startswith("xml")
    if node.text and not is_styling and any(map(str.isalnum, node.text)):
        yield node.text.strip(), f"{place}/comment()"


def _fields(tree: "_Tree", reader: ReportReader) -> Iterator[AnyRow]:
    at = f"/{_local(tree.root)}"
    found = _enveloped(tree.root, at)
    if not found:
        if tree.failure is None:
            yield from _schema_faults(tree.root)
        yield from reader.read(from_xml(tree.root))
        return
    yield NotUnderstood(
        text=f"The XML is an envelope ({at[1:200]}) around a report; read by its names.", place=at
    )
    if len(found) > 1:
        yield several(len(found), at)
    for number, (element, place) in enumerate(found):
        _take_out(element)
        for row in reader.read(from_xml(element, place)):
            yield further(row, place) if number else row
    yield from reader.left(from_xml(tree.root))


def _enveloped(root: Any, place: str) -> list[tuple[Any, str]]:
    """Return the reports that stand inside another element, with their places; none where the root is the report."""
    level = [(root, place)]
    if _local(root).casefold() in _REPORTS:
        return []
    for _ in range(_MOST_ENVELOPES):
        inner = [found for element, at in level for found in xml_children(element, at)]
        reports = [(child, path) for name, child, path in inner if name.casefold() in _REPORTS]
        if reports:
            return reports
        level = [(child, path) for _, child, path in inner]
    return []


def _take_out(element: Any) -> None:
    """Remove an element from its parent; the text behind it is the parent's and stays."""
    parent, before = element.getparent(), element.getprevious()
    if before is None:
        parent.text = (parent.text or "") + (element.tail or "")
    else:
        before.tail = (before.tail or "") + (element.tail or "")
    parent.remove(element)


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


class _Tree:
    """The elements of a file, as far as they are well formed and within the limits."""

    def __init__(self, data: bytes, encoding: str | None = None) -> None:
        from lxml import etree  # noqa: PLC0415 - only when there is XML

        self.root: Any = None
        self.failure: Failed | None = None
        self._open: list[Any] = []
        events = etree.iterparse(
            BytesIO(data),
            events=("start", "end"),
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            encoding=encoding,
        )
        try:
            self._read(events)
        except etree.XMLSyntaxError as fault:
            read = "what stands before is read"
            # Where only the wrong element ends, the text before is whole.
            if self._open and getattr(fault, "code", None) != etree.ErrorTypes.ERR_TAG_NAME_MISMATCH:
                _cut_back(self._open[-1])
                read += ", but not the value or word in which it breaks off"
            self.failure = Failed(reason=f"{self._what_ails(fault)}; {read}.")

    def _what_ails(self, fault: Any) -> str:
        if len(self._open) >= DEEPEST - 1:
            return f"The XML is nested deeper than the limit of {DEEPEST} elements"
        return f"The XML is broken at line {fault.lineno}" if fault.lineno else "The XML is broken"

    def _read(self, events: Iterator[tuple[str, Any]]) -> None:
        started = 0
        for event, element in events:
            if event == "end":
                self._open.pop()
                continue
            if self.root is None:
                if element.getroottree().docinfo.internalDTD is not None:  # behind a long comment
                    self.failure = Failed(reason=_DTD)
                    return
                self.root = element
            self._open.append(element)
            if started >= MOST_ELEMENTS:
                self.failure = Failed(reason=f"Stopped at the limit of {MOST_ELEMENTS} XML elements.")
                return
            started += 1


def _cut_back(element: Any) -> None:
    """Take off what breaks off at the end of an open element: half an identifier is another identifier."""
    last = []
    for child in reversed(element):
        last.append((child, "tail"))
        if isinstance(child.tag, str):
            break
    else:
        last.append((element, "text"))
    text = "".join(getattr(node, name) or "" for node, name in reversed(last))
    for node, name in last:
        setattr(node, name, None)
    setattr(*last[-1], _whole_words(text) if len(text.strip()) > _LONGEST_VALUE else None)


def _whole_words(text: str) -> str:
    """Return a text up to the last word, or whole where it ends with a blank."""
    if not text or text[-1].isspace():
        return text
    return text[: len(text) - len(text.rsplit(maxsplit=1)[-1])]


def _without_comments(text: str) -> str:
    kept, at = [], 0
    while (start := text.find("<!--", at)) >= 0:
        kept.append(text[at:start])
        end = text.find("-->", start)
        at = end + 3 if end >= 0 else len(text)
    return "".join([*kept, text[at:]])


def _has_dtd(data: bytes) -> bool:
    """A document type can stand only before the root element; its spelling depends on the encoding."""
    text = (decoding.decode_head(data[:65_536]) or "") + data[:65_536].replace(b"\x00", b"").decode("latin-1")
    return "<!DOCTYPE" in text or "<!ENTITY" in text


def _schema_faults(root: Any) -> Iterator[AnyRow]:
    namespace = str(root.tag).rpartition("}")[0].lstrip("{")
    if namespace:
        yield NotUnderstood(
            text=f"The XML is not of the provider's schema ({namespace[:200]}); read by its names.",
            place=f"/{_local(root)}",
        )
        return
    schema = _schema()
    if schema.validate(root):
        return
    faults = [(fault.line, _path(fault.path), _reason(fault.type_name)) for fault in schema.error_log]
    for line, path, reason in dict.fromkeys(faults[:_SHOWN_FAULTS]):
        yield NotUnderstood(
            text=f"Not valid by the provider schema: line {line}, {path}: {reason}.", place=path
        )
    if len(faults) > _SHOWN_FAULTS:
        text = f"Not valid by the provider schema: {len(faults) - _SHOWN_FAULTS} further faults."
        yield NotUnderstood(text=text, place=f"/{root.tag}")


@cache
def _schema() -> Any:
    from lxml import etree  # noqa: PLC0415 - only when there is XML

    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True)
    return etree.XMLSchema(etree.parse(str(_SCHEMA), parser))


def _path(path: str | None) -> str:
    return path or "/"


def _reason(name: str) -> str:
    """Say what the schema's checker found, without the value: it may be a victim's."""
    for part, words in (
        ("ENUM", "the value is none of those allowed"),
        ("PATTERN", "the value has not the form demanded"),
        ("DATATYPE", "the value is not of the type demanded"),
        ("ATTRIBUTE", "an attribute is missing or not allowed"),
        ("ELEMENT_CONTENT", "an element is missing, not expected here, or given too often"),
        ("CVC_ELT_1", "the element is not declared"),
    ):
        if part in name:
            return words
    return "not as the schema demands"
