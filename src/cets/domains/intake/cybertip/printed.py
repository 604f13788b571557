"""A CyberTipline report as it is printed (PDF): lines of labels and values become the tree that the other sources read.

What stands under a heading belongs to it. A heading that is not known ends a block, as whose it is nobody then says; that
of a victim goes on, so that nothing of hers is shown.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Protocol

import msgspec

from cets.domains.identifiers.kinds.base import Role
from cets.domains.intake.cybertip import printed_words as words
from cets.domains.intake.cybertip.record import Leaf, Node
from cets.domains.intake.rows import AmbiguousPart, NotUnderstood

#: Stands at every place of a value that was read from a page.
CHECK = "(read from PDF, check)"
_WRAPS_FROM = 40  # characters of one word, after which a line may be too short for it


class Page(Protocol):
    """One page: its number, its text and where in it a hyphen at the end of a line was joined with the next."""

    @property
    def number(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def joined(self) -> tuple[int, ...]: ...
    def line(self, offset: int) -> int: ...


class Between(msgspec.Struct, frozen=True):
    """A stretch of a page's text that is no field, and whose it must be taken to be."""

    start: int
    end: int
    role: Role = "unknown"


class Printed(msgspec.Struct):
    """A printed report: its fields, what can be read in two ways, and by page what stands between the fields."""

    root: Node
    doubts: list[AmbiguousPart | NotUnderstood]
    between: dict[int, list[Between]]


class _Line(msgspec.Struct, frozen=True):
    page: Page
    start: int
    text: str

    @property
    def place(self) -> str:
        return f"page {self.page.number}, line {self.page.line(self.start)} {CHECK}"


class _Block(msgspec.Struct):
    """The object that is being filled. `is_prose`: its lines are text, not fields."""

    node: Node
    heading: words.Heading
    prose: list[str] = msgspec.field(default_factory=list)
    prose_at: str = ""


def is_report(texts: Iterable[str]) -> bool:
    """Say whether the first pages are those of a CyberTipline report: its title with a number, and several of its headings."""
    text = "\n".join(texts)
    return bool(words.TITLE.search(text)) and len(set(words.telling_in(text))) >= words.ENOUGH


def report_of(pages: Iterable[Page]) -> Printed:
    """Return the tree of a report, for `ReportReader.read`, and what is not in it."""
    return _Printer(list(pages)).printed()


def joined_readings(page: Page, start: int, end: int) -> tuple[str, ...]:
    """Return the two readings of a value in which a line ended with a hyphen: with it, and without."""
    text = page.text[start:end]
    inside = [at - start for at in page.joined if start <= at < end]
    if not inside:
        return ()
    return text, "".join(sign for at, sign in enumerate(text) if at not in inside)


class _Printer:
    def __init__(self, pages: list[Page]) -> None:
        self._root = Node("")
        self._pages = pages
        self._doubts: list[AmbiguousPart | NotUnderstood] = []
        self._between: dict[int, list[Between]] = {page.number: [] for page in pages}
        self._counted: Counter[str] = Counter()
        self._block = _Block(self._root, words.Heading("", ""))
        self._incident: Node | None = None
        self._stated_files: Leaf | None = None

    def printed(self) -> Printed:
        lines = list(_lines(self._pages))
        at = 0
        while at < len(lines):
            used = self._take(lines, at)
            if not used:
                self._leave(lines[at])
            at += max(used, 1)
        self._end_prose()
        self._count_files()
        return Printed(self._root, self._doubts, self._between)

    def _take(self, lines: list[_Line], at: int) -> int:
        """Take up one line, or more when its value is on the next one; return how many, 0 when it is no field."""
        line = lines[at]
        if words.FOOTER.fullmatch(line.text):
            return 1
        heading = words.heading_of(line.text)
        if heading:
            self._begin(heading)
            return 1
        if self._block.heading.is_prose and len(self._block.prose) < _MOST_PROSE:
            self._block.prose_at = self._block.prose_at or line.place
            self._block.prose.append(line.text)
            return 1
        if self._about_the_report(line):
            return 1
        labelled = words.label_of(line.text)
        if labelled:
            return self._field(labelled[1], labelled[2], lines, at)
        if words.looks_like_heading(line.text):
            self._end_of_a_person(line)
        return 0

    def _about_the_report(self, line: _Line) -> bool:
        title, received = words.TITLE.search(line.text), words.RECEIVED.match(line.text)
        viewed = words.VIEWED.fullmatch(line.text) if len(line.text) <= _LONGEST_LINE else None
        if title and words.label_of(line.text) is None:
            if not self._root.has("reportId"):
                self._root.put("reportId", Leaf(title[1], line.place))
        elif received:
            self._root.put("dateReceived", Leaf(received[1], line.place))
        elif viewed and self._block.heading.field == "uploadedFiles":
            self._block.node.put("viewedByEsp", Leaf(viewed[1] or "", self._place(line)))
        else:
            return False
        return True

    def _begin(self, heading: words.Heading) -> None:
        self._end_prose()
        node = self._block.node
        if heading.is_prose:
            # What is added about a victim is hers; about anybody else it is nobody's in particular.
            node = node if self._block.heading.role == "victim" else self._root
        elif not heading.field:
            node = self._root
        else:
            self._counted[heading.caption] += 1
            node = Node(f"{heading.caption} {self._counted[heading.caption]}")
            self._root.put(heading.field, node)
        if heading.is_prose and self._block.heading.role == "victim":
            heading = msgspec.structs.replace(heading, role="victim")
        self._block = _Block(node, heading)

    def _end_prose(self) -> None:
        block = self._block
        if block.heading.is_prose and any(map(str.strip, block.prose)):
            place = f"{block.node.place}/{block.prose_at}" if block.node.place else block.prose_at
            block.node.put(block.heading.field, Leaf("\n".join(block.prose).strip(), place))
        block.prose = []

    def _end_of_a_person(self, line: _Line) -> None:
        """A heading that is not known: what follows is nobody's in particular, unless it was a victim's."""
        if self._block.node is not self._root and self._block.heading.role != "victim":
            node = Node(line.text.strip())
            self._root.put(line.text.strip(), node)
            self._block = _Block(node, words.Heading(line.text.strip(), line.text.strip()))

    def _field(self, field: str, value: str, lines: list[_Line], at: int) -> int:
        line, used = lines[at], 1
        if not value:
            if at + 1 >= len(lines) or not _is_value(lines[at + 1].text):
                return 1
            value, line, used = lines[at + 1].text.strip(), lines[at + 1], 2
        name = words.levelled(field)
        self._begin_next(name)
        place = self._place(line)
        start = line.start + max(line.text.find(value), 0)
        readings = joined_readings(line.page, start, start + len(value)) or _wrapped(
            value, lines[at + used : at + used + 1]
        )
        if readings:
            self._doubts.append(AmbiguousPart(raw=value, candidates=readings, place=place, role=self._role()))
            return used
        self._put(field, name, value, place)
        return used

    def _begin_next(self, name: str) -> None:
        """Begin the next person or file where a field comes again that each has but once."""
        heading, node = self._block.heading, self._block.node
        once = (
            words.ONCE_FOR_A_PERSON if heading.is_person else words.IPS if heading.field == _LOOK_UP else ()
        )
        is_file = heading.field == _FILE.field
        if name in once and node.has(name):
            self._begin(heading)
        elif (name in words.ONCE_FOR_A_FILE and (node.has(name) or not is_file)) or (
            name in words.OF_A_FILE and node is self._root
        ):
            self._begin(_FILE)

    def _put(self, field: str, name: str, value: str, place: str) -> None:
        node = self._block.node
        if name in words.HOW_MANY_FILES:
            self._stated_files = Leaf(value, place)
        elif name in words.PRIORITY:
            held = Node(place)
            held.put("priorityId", Leaf(value.split(maxsplit=1)[0], place))
            self._root.put("priority", held)
        elif name in words.INCIDENT or (name == "platform" and not self._block.heading.is_person):
            self._of_the_incident().put(field, Leaf(value, place))
        elif name in words.IPS and self._block.heading.field != _LOOK_UP:
            node.put("ipCaptureEvent", _capture(value, place))
        elif name in words.CONTACTS and (noted := _NOTED.fullmatch(value[:_LONGEST_LINE])):
            held = Node(place)
            held.put("value", Leaf(noted[1], place))
            held.put("verified", Leaf(noted[2], place))
            node.put(field, held)
        else:
            node.put(field, Leaf(value, place))

    def _count_files(self) -> None:
        """Say when a report speaks of another number of files than were found in it."""
        stated, found = self._stated_files, self._counted[_FILE.caption]
        if stated and stated.text.isdecimal() and int(stated.text) != found:
            text = f"The report states {stated.text} uploaded files at {stated.place}; {found} were read."
            self._doubts.append(NotUnderstood(text=text, place=stated.place))

    def _of_the_incident(self) -> Node:
        if self._block.heading.field == "incidentSummary":
            self._incident = self._block.node
        if self._incident is None:
            self._incident = Node("Incident")
            self._root.put("incidentSummary", self._incident)
        return self._incident

    def _place(self, line: _Line) -> str:
        within = self._block.node.place
        return f"{within}/{line.place}" if within else line.place

    def _role(self) -> Role:
        return "victim" if self._block.heading.role == "victim" else "unknown"

    def _leave(self, line: _Line) -> None:
        """Leave a line to the search of its page; lines of one after the other are searched together."""
        parts, role, end = self._between[line.page.number], self._role(), line.start + len(line.text)
        if parts and parts[-1].end + 1 == line.start and parts[-1].role == role:
            parts[-1] = Between(parts[-1].start, end, role)
        else:
            parts.append(Between(line.start, end, role))


_FILE = words.Heading("uploadedFiles", "Uploaded file")
_LOOK_UP = "internetGeoLookups"
_MOST_PROSE = 2_000  # lines
_LONGEST_LINE = 400  # characters: what is longer is no label with its value
_NOTED = re.compile(r"(\S.*?\S)\s*\(([^()]{1,40})\)")
_IP_LINE = re.compile(r"(\S+)(?:\s*\(([^()]{1,40})\))?(?:\s*(?:at|on|,)?\s*(.*\d.*))?")


def _capture(value: str, place: str) -> Node:
    """Make the capture of "203.0.113.24 (Login) 02-14-2026 09:15:22 UTC"; what is not like it is kept as one text."""
    node = Node(place)
    found = _IP_LINE.fullmatch(value) if len(value) <= _LONGEST_LINE else None
    address, event, when = found.groups() if found else (value, None, None)
    node.put("ipAddress", Leaf(address, place))
    if event:
        node.put("eventName", Leaf(event, place))
    if when:
        node.put("dateTime", Leaf(when, place))
    return node


def _lines(pages: list[Page]) -> Iterator[_Line]:
    for page in pages:
        start = 0
        for text in page.text.split("\n"):
            if text.strip():
                yield _Line(page, start, text)
            start += len(text) + 1


def _is_value(line: str) -> bool:
    return not (words.heading_of(line) or words.label_of(line) or words.FOOTER.fullmatch(line))


def _wrapped(value: str, following: list[_Line]) -> tuple[str, ...]:
    """Return the readings of a long word behind which a line ends, when one word follows that can be its rest."""
    rest = following[0].text.strip() if following else ""
    if len(value) < _WRAPS_FROM or " " in value or " " in rest or not rest or not _is_value(rest):
        return ()
    return value, value + rest
