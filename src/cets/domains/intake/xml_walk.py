"""A walk over an XML file of any size: its records one by one, and what stands around them, in bounded memory.

    xml_file = XmlFile(file)
    for found in xml_file.walk(records={"Image"}):
        if found.is_record:
            ...  # found.element with all in it, found.path: "/ReportIndex/Image[12]"
        else:
            ...  # an element outside of all records: its own text and attributes only
    yield from xml_file.remarks()  # what the receipt must say, at the end Failed if the file is broken

A record within a record comes first, and its element is empty when the outer one comes; what stands before it in the outer
one can be asked of `found.element.getparent()`. Elements are told by their local names. No document type, no entities, no
network. The bytes are read as what they are, whatever the declaration says.
"""

import codecs
import re
from collections.abc import Callable, Collection, Iterator
from typing import Any, BinaryIO, Final, Protocol

import msgspec

from cets.domains.intake import document_type
from cets.domains.intake.rows import AnyRow, Failed, NotUnderstood
from cets.domains.intake.sources.text import decoding

DEEPEST: Final = 256  # libxml2's own limit
#: Elements of one record, and of those open around it.
MOST_PARTS: Final = 200_000
_HEAD = 65_536
_CHUNK = 1 << 16
_DTD = (
    "The XML declares a document type (DTD). Such files can make a reader fetch or grow without end; it is kept but"
    " not read."
)
_DECLARED = re.compile(r"<\?xml\s[^>]{0,200}?\bencoding\s*=\s*[\"']([\w.\-]{1,40})", re.IGNORECASE)
#: Encodings that prove nothing by their bytes, so that a declaration counts.
_OF_ONE_ALPHABET = re.compile(
    r"(?:iso[-_]?8859|latin|windows-|cp\d|ibm\d|koi8|mac|shift_jis|gb|big5|euc)", re.IGNORECASE
)
_DECLARATION = re.compile(r"\A\s*<\?xml\s[^>]{0,400}\?>")
#: Characters that no XML may hold, as themselves or escaped.
_NOT_ALLOWED = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
    r"|&#(?:x0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]|[dD][89a-fA-F][0-9a-fA-F]{2}|[fF]{3}[eEfF])|0*(?:[0-8]|1[124-9]|2[0-9]|3[01]));"
)
_LONGEST_ESCAPE, _LONGEST_REFERENCE = 16, 128
#: Characters that may stand before the first element where the document type is taken off.
_LONGEST_PROLOGUE = 1 << 20
#: Halves of a character that some writers escape one by one, as no XML may: two that fit are the character.
_HALVES = re.compile(r"(?:&#(?:x0{0,4}[dD][89a-fA-F][0-9a-fA-F]{2}|0{0,4}5[5-7][0-9]{3});)+")
_FIRST_HALF_AT_END = re.compile(r"&#(?:x0{0,4}[dD][89abAB][0-9a-fA-F]{2}|0{0,4}5[56][0-9]{3});\Z")


class Through(Protocol):
    """What the text of a file passes through on its way to the parser. `close` may be called again."""

    def feed(self, text: str) -> str: ...
    def close(self) -> str: ...


class Found(msgspec.Struct, frozen=True):
    """An element at its end. `whole` False: the file breaks off in it."""

    element: Any
    path: str
    is_record: bool
    whole: bool = True

    @property
    def name(self) -> str:
        return local(self.element)


class XmlFile:
    """One file, walked as often as needed. `remarks` are those of the last walk."""

    def __init__(self, file: BinaryIO, *, without_type: bool = False) -> None:
        """`without_type`: a document type is taken off and kept in `document_type`; what refers to it stays as written."""
        self._file, self._without_type = file, without_type
        self.document_type, self.is_refused = "", False
        self.encoding = _encoding(file)
        self._replaced = 0
        self.failure: str | None = None

    def walk(
        self,
        records: Collection[str] | Callable[[Any], bool],
        *,
        most: int | None = None,
        through: Through | None = None,
    ) -> Iterator[Found]:
        """Yield each record at its end, and each other element outside of records. `most`: so many records are read.

        `records`: local names, or what says of an element at its start whether it is one, by name, attributes and parents.
        """
        from lxml import etree  # noqa: PLC0415 - only when there is XML

        self.failure = None
        stream = _Utf8(self._file, self.encoding.name, through, without_type=self._without_type)
        self.document_type, self.is_refused = stream.document_type, stream.has_dtd
        if stream.has_dtd:
            self.failure = _DTD
            return
        events = etree.iterparse(
            stream,
            events=("start", "end"),
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            encoding="utf-8",
            remove_comments=True,
            remove_pis=True,
        )
        steps = _Steps(records if callable(records) else _by_name(frozenset(records)))
        try:
            number = 0
            for event, element in events:
                if event == "start":
                    if not steps.depth and _has_type(element):  # behind a long comment
                        self.failure, self.is_refused = _DTD, True
                        return
                    if not steps.begin(element):
                        self.failure = f"Stopped at the limit of {MOST_PARTS} XML elements in one record."
                        return
                    continue
                found = steps.end(element)
                if found is None:
                    continue
                number += found.is_record
                if most is not None and number > most:
                    self.failure = f"Stopped at the limit of {most} entries."
                    return
                yield found
                steps.let_go(element)
        except etree.XMLSyntaxError as fault:
            self.failure = _words(fault, steps)
            yield from steps.left_open()
        finally:
            self._replaced = stream.replaced

    def remarks(self) -> Iterator[AnyRow]:
        """Yield what the receipt must say of the file itself, and Failed if its end was not reached."""
        yield from decoding.remarks(self.encoding)
        if self._replaced:
            yield NotUnderstood(
                text=f"The XML holds {self._replaced} characters that no XML may hold, each is shown as “\ufffd”.",
                place="whole file",
            )
        if self.failure:
            yield Failed(reason=self.failure)


class _Open(msgspec.Struct):
    """An element that is open. `before`: how many elements were held before it; `counts`: of each name in it."""

    element: Any
    path: str
    is_record: bool
    before: int
    counts: dict[str, int] = msgspec.field(default_factory=dict)


class _Steps:
    """The elements that are open, and where each stands among those of its name."""

    def __init__(self, is_record: Callable[[Any], bool]) -> None:
        self._is_record = is_record
        self._open: list[_Open] = []
        self._top: dict[str, int] = {}
        self._inside = self._parts = self._before = 0

    @property
    def depth(self) -> int:
        return len(self._open)

    def begin(self, element: Any) -> bool:
        name = local(element)
        above = self._open[-1] if self._open else None
        counts = above.counts if above else self._top
        counts[name] = counts.get(name, 0) + 1
        path = f"{above.path}/{name}[{counts[name]}]" if above else f"/{name}"
        one = _Open(element, path, self._is_record(element), self._parts)
        self._open.append(one)
        self._inside += one.is_record
        self._parts += 1
        return self._parts <= MOST_PARTS

    def end(self, element: Any) -> Found | None:
        one = self._open.pop()
        self._before = one.before
        self._inside -= one.is_record
        return Found(element, one.path, one.is_record) if one.is_record or not self._inside else None

    def let_go(self, element: Any) -> None:
        """Empty what was read. The element itself is the parser's until its next sibling is at its end."""
        element.clear()
        parent = element.getparent()
        while parent is not None and (before := element.getprevious()) is not None and _is_spent(before):
            parent.remove(before)
        self._parts = self._before

    def left_open(self) -> Iterator[Found]:
        """Yield the records that break off, the innermost first, without the text in which they do."""
        if self._open:
            _cut_back(self._open[-1].element)
        while self._open:
            one = self._open.pop()
            if one.is_record:
                yield Found(one.element, one.path, is_record=True, whole=False)
                one.element.clear()


def _by_name(names: frozenset[str]) -> Callable[[Any], bool]:
    return lambda element: local(element) in names


def local(element: Any) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _has_type(root: Any) -> bool:
    return root.getroottree().docinfo.internalDTD is not None


def _is_spent(element: Any) -> bool:
    return not len(element) and not element.text and not element.attrib


def _cut_back(element: Any) -> None:
    """Take off the text that breaks off: half an identifier is another identifier."""
    if len(element):
        element[-1].tail = None
    else:
        element.text = None


def _words(fault: Any, steps: _Steps) -> str:
    if steps.depth >= DEEPEST - 1:
        return f"The XML is nested deeper than the limit of {DEEPEST} elements; what stands before is read."
    where = f" at line {fault.lineno}" if fault.lineno else ""
    return f"The XML is broken{where}; what stands before is read, but not the value in which it breaks off."


def _encoding(file: BinaryIO) -> decoding.Encoding:
    """Return what the bytes are. A declared encoding of one byte counts where they prove nothing."""
    found = decoding.detect(file)
    file.seek(0)
    head = file.read(_HEAD)
    file.seek(0)
    declared = _DECLARED.search(decoding.decode_head(head) or "")
    if found.sure or not declared or not _OF_ONE_ALPHABET.match(declared[1]):
        return found
    try:
        head.decode(declared[1], "replace")
    except (LookupError, ValueError):
        return found
    return decoding.Encoding(declared[1])


class _Utf8:
    """The file as UTF-8 without its declaration, and without characters that end a parser."""

    def __init__(
        self, file: BinaryIO, encoding: str, through: Through | None = None, *, without_type: bool = False
    ) -> None:
        file.seek(0)
        self._file = file
        self._decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
        self._through = through
        self.replaced = 0
        self._is_over, self._held = False, ""
        head = self._decoded(_HEAD).lstrip("\ufeff \t\r\n\x00")
        self._head = _DECLARATION.sub(lambda found: "\n" * found[0].count("\n"), head, count=1)
        self.document_type, self.has_dtd = "", "<!DOCTYPE" in self._head or "<!ENTITY" in self._head
        self._is_without_type = without_type
        if without_type:
            self._take_off()

    def _take_off(self) -> None:
        """Take off the document type, so that nothing of it reaches the parser. `has_dtd`: that could not be done."""
        size = _HEAD
        while (found := document_type.taken_off(self._head)) is None and size < _LONGEST_PROLOGUE:
            if not (more := self._decoded(size)) and self._is_over:
                break
            self._head += more
            size *= 2
        self.has_dtd = found is None and "<!DOCTYPE" in self._head.upper()
        if found:
            self._head, self.document_type = found

    def _decoded(self, size: int) -> str:
        raw = self._file.read(size)
        self._is_over = not raw
        return self._decoder.decode(raw, final=not raw)

    def read(self, size: int = -1) -> bytes:  # noqa: ARG002 - the parser takes what it gets
        text = self._next()
        while not text and not self._is_over:
            text = self._next()
        if "&#" in text:
            text = _HALVES.sub(self._joined, text)
        if self._is_without_type:
            text = document_type.REFERENCE.sub("&amp;", text)
        clean, count = _NOT_ALLOWED.subn("\ufffd", text)
        self.replaced += count
        return clean.encode("utf-8", "replace")

    def _next(self) -> str:
        """Return what follows, up to an escape that is not whole yet."""
        fresh, self._head = self._head or self._decoded(_CHUNK), ""
        if self._through:
            fresh = self._through.feed(fresh) + (self._through.close() if self._is_over else "")
        text = self._held + fresh
        end = len(text) if self._is_over else _end_of_whole(text)
        self._held = text[end:]
        return text[:end]

    def _joined(self, found: re.Match[str]) -> str:
        """Return escaped halves as the characters that they are together; of a half without the other the sign for none."""
        escapes = (one.removeprefix("&#") for one in found[0].split(";")[:-1])
        codes = (int(one[1:], 16) if one.startswith("x") else int(one) for one in escapes)
        whole = "".join(map(chr, codes)).encode("utf-16-le", "surrogatepass")
        text = whole.decode("utf-16-le", "replace")
        self.replaced += text.count("\ufffd")
        return text


def _end_of_whole(text: str) -> int:
    """Return up to where a text holds whole escapes, and no half whose other may follow."""
    at = text.rfind("&", max(len(text) - _LONGEST_REFERENCE, 0))
    end = len(text) if at < 0 else at
    half = _FIRST_HALF_AT_END.search(text, max(end - _LONGEST_ESCAPE, 0), end)
    return half.start() if half else end
