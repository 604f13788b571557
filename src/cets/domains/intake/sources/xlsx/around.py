"""What stands around the cells of a sheet: where they link to, and what is printed above and below them."""

import html
import re
import zipfile
from collections.abc import Iterator
from posixpath import basename, dirname
from typing import BinaryIO

import msgspec

from cets.domains.identifiers.kinds.base import Role
from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import AnyRow, NotUnderstood, Person, Sighting
from cets.domains.intake.sources.base import Options

MOST_LINKS = 70_000  # of one sheet; the program itself stops at 65,530
_LONGEST = 5_000  # of one tag
_CHUNK = 1 << 20
_TAG = re.compile(
    rb"<(?:\w{1,20}:)?(?:(?P<link>hyperlink|Relationship)\s(?P<facts>[^>]{1,%d})>"
    rb"|(?P<where>(?:odd|even|first)(?:Header|Footer))>(?P<text>[^<]{1,%d})<)" % (_LONGEST, _LONGEST)
)
_FACT = re.compile(r"""\b(\w+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_ROW = re.compile(r"row (\d+)")
#: Codes within headers and footers: a part of the page begins, a number or name is put in, the letters change.
_PARTS, _FIELDS = re.compile(r"&[LCR]"), re.compile(r"&[PNDTFAZG]")
_LETTERS = re.compile(r'&(?:"[^"]*"|K[0-9A-F]{6}|K\d\d[+-]\d{3}|\d{1,3} ?|[BIUSXYEOH])')


class Link(msgspec.Struct, frozen=True):
    """The target of a cell's link."""

    column: str
    row: int
    target: str


class Around(msgspec.Struct):
    """Links and printed lines of one sheet; afterwards also whose the linked rows are and what they hold."""

    prefix: str = ""  # of places: which sheet
    links: list[Link] = []
    printed: list[tuple[str, str]] = []
    more: int = 0
    linked: set[int] = set()
    roles: dict[int, set[Role]] = {}
    held: set[tuple[int, str, str]] = set()

    def heed(self, row: AnyRow) -> None:
        """Note whose a row of the table is: a link in it is of the same person."""
        if not self.links or not isinstance(row, Sighting | Person):
            return
        at = _ROW.match(row.place.removeprefix(self.prefix))
        if not at or int(at[1]) not in self.linked:
            return
        if row.role != "unknown":
            self.roles.setdefault(int(at[1]), set()).add(row.role)
        if isinstance(row, Sighting):
            self.held.add((int(at[1]), row.value.kind, row.value.value))

    def rows(self, title: str, options: Options) -> Iterator[AnyRow]:
        """Yield what is linked and printed; what the linking row says itself is not found twice."""
        reader = Reader(options)
        for link in self.links:
            roles = self.roles.get(link.row, set())
            role = next(iter(roles)) if len(roles) == 1 else "unknown"
            at = f"{self.prefix}row {link.row}, link in column {link.column}"
            for row in reader.free_text(link.target, place=at, label="Link", role=role):
                value = row.value if isinstance(row, Sighting) else None
                if value is None or (link.row, value.kind, value.value) not in self.held:
                    yield row
        if self.more:
            text = f"The sheet “{title}” has {self.more} further links: not read."
            yield NotUnderstood(text=text, place=f"sheet “{title}”")
        for where, text in self.printed:
            yield from reader.free_text(text, place=f"{self.prefix}{where}", label=where.capitalize())


def around(file: BinaryIO, path: str, prefix: str) -> Around:
    """Find the links and the headers and footers of a sheet, which the library does not tell of a stream."""
    found, named = Around(prefix), list[tuple[str, dict[str, str]]]()
    with zipfile.ZipFile(file) as package:
        for tag in _tags(package, path):
            if tag["where"] and (text := _printed(_text(tag["text"]))):
                found.printed.append(("footer" if tag["where"].endswith(b"Footer") else "header", text))
            elif tag["link"] == b"hyperlink":
                facts = _facts(tag)
                if len(named) < MOST_LINKS:
                    named.append((facts.get("ref", ""), facts))
                else:
                    found.more += 1
        targets = _targets(package, path) if named else {}
    for ref, facts in named:
        at, target = _CELL.match(ref), targets.get(facts.get("id", ""), "")
        if at and target:
            found.links.append(Link(at[1], int(at[2]), target))
            found.linked.add(int(at[2]))
    return found


def _targets(package: zipfile.ZipFile, path: str) -> dict[str, str]:
    """Return by id where links lead to outside of the workbook."""
    name = f"{dirname(path)}/_rels/{basename(path)}.rels"
    if name not in package.namelist():
        return {}
    found: dict[str, str] = {}
    for tag in _tags(package, name):
        facts = _facts(tag) if tag["link"] == b"Relationship" else {}
        if facts.get("Type", "").endswith("/hyperlink") and len(found) < MOST_LINKS:
            found[facts.get("Id", "")] = facts.get("Target", "")
    return found


def _tags(package: zipfile.ZipFile, name: str) -> Iterator[re.Match[bytes]]:
    left = b""
    with package.open(name) as part:
        while chunk := part.read(_CHUNK):
            text, end = left + chunk, 0
            for tag in _TAG.finditer(text):
                end = tag.end()
                yield tag
            left = text[max(end, len(text) - 2 * _LONGEST) :]


def _facts(tag: re.Match[bytes]) -> dict[str, str]:
    return {name: html.unescape(one or other) for name, one, other in _FACT.findall(_raw(tag["facts"]))}


def _raw(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _text(data: bytes) -> str:
    return html.unescape(_raw(data))


def _printed(text: str) -> str:
    """Return a header without its codes; && stands for the sign itself."""
    pieces = text.split("&&")
    plain = (_LETTERS.sub("", _FIELDS.sub(" ", _PARTS.sub("\n", piece))) for piece in pieces)
    return "&".join(plain).strip()
