"""A walk over a JSON file of any size: its records one by one, and what stands around them, in bounded memory.

    json_file = JsonFile(file)
    for found in json_file.walk(records=("/chats/list/*", "/chats/list/*/messages/*"), most=options.max_rows):
        if found.pattern == "/chats/list/*/messages/*":
            ...  # found.value: one message; found.pointer: "/chats/list/0/messages/17"
        elif found.pattern == "/chats/list/*":
            ...  # the chat without what came before as records of its own: "messages" is an empty list
        elif found.pattern == "":
            ...  # the whole file without its records: always the last
    yield from json_file.remarks()  # what the receipt must say, at the end Failed if the file is broken

A pattern is a JSON pointer in which `*` stands for any index or key. Each value that fits one comes when it ends, so
a record comes before what it stands in. A source that needs the chat's name for its messages walks twice, at first with
`skip=("/chats/list/*/messages/*",)`, which costs little. Numbers are `int` or `Decimal`: show them with `text_of`.
Of a broken or cut file everything that is whole before the fault comes, the open records as far as they are read
(`whole` False). What nests too deeply, is too large for one record, or comes under a key given twice is said.

`peek(head)` gives the same of a file's first bytes, to recognise a format by its keys.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from typing import Any, BinaryIO, Final

import ijson
import msgspec

from cets.domains.intake.json_numbers import Guarded
from cets.domains.intake.json_stream import LONGEST_TEXT, JsonStream
from cets.domains.intake.rows import AnyRow, Failed, NotUnderstood
from cets.domains.intake.sources.text import decoding

#: No record of a chat or an exchange nests so deep.
DEEPEST: Final = 60
#: Of one record, and of what stands around the records.
MOST_PARTS: Final = 200_000
MOST_TEXT: Final = 24_000_000
#: Places that the receipt names of each thing that was not read; the others are counted.
_MOST_PLACES = 20
_LONGEST_KEY = 200

_OPENING = frozenset({"start_map", "start_array"})
_CLOSING = frozenset({"end_map", "end_array"})


class Found(msgspec.Struct, frozen=True):
    """A value that fits a pattern. `pointer` locates it; of a second value in the file it begins with "value 2: "."""

    pattern: str
    pointer: str
    value: Any
    whole: bool = True

    @property
    def place(self) -> str:
        return self.pointer or "/"


class _Node:
    """A step of the patterns."""

    def __init__(self) -> None:
        self.steps: dict[str, _Node] = {}
        self.pattern: str | None = None
        self.skipped = False

    def add(self, pattern: str) -> "_Node":
        node = self
        for step in pattern.split("/")[1:]:
            node = node.steps.setdefault(_plain(step), _Node())
        return node

    def step(self, key: str) -> "_Node | None":
        return self.steps.get(key) or self.steps.get("*")


class _Held:
    """How much of one record, or of what stands around, is in memory."""

    def __init__(self) -> None:
        self.parts = self.text = 0

    def has_room_for(self, value: Any) -> bool:
        self.parts += 1
        if type(value) is str:
            self.text += len(value)
        return self.parts <= MOST_PARTS and self.text <= MOST_TEXT


class _Frame:
    """An object or list that is not at its end."""

    __slots__ = ("again", "held", "index", "key", "node", "value")

    def __init__(self, value: Any, node: _Node | None, held: _Held) -> None:
        self.value, self.node, self.held = value, node, held
        self.key, self.index = "", -1
        self.again: dict[str, int] | None = None


class JsonFile:
    """One file, walked as often as needed. `remarks` are those of the last walk."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.encoding = decoding.detect(file)
        self._said: dict[str, list[str]] = {}
        self._counts: dict[str, int] = {}
        self._stream: JsonStream | None = None
        self.values = 0
        self.failure: str | None = None

    def walk(
        self, records: tuple[str, ...] = (), *, skip: tuple[str, ...] = (), most: int | None = None
    ) -> Iterator[Found]:
        """Yield what fits `records`, and in the end the rest of the file under the pattern "".

        `skip`: what is passed over; `most`: so many records are read, then the walk ends and says so.
        """
        self._said, self._counts, self.failure, self.values = {}, {}, None, 0
        self._stream = JsonStream(self._file, self.encoding.name)
        builder = _Builder(self, _tree(records, skip), self._stream)
        number = 0
        for found in builder.read():
            if found.pattern:
                number += 1
                if most is not None and number > most:
                    self.failure = f"Stopped at the limit of {most} entries."
                    yield from builder.left_open()
                    return
            yield found

    def remarks(self) -> Iterator[AnyRow]:
        """Yield what the receipt must say of the file itself, and Failed if its end was not reached."""
        yield from decoding.remarks(self.encoding)
        stream = self._stream
        if stream and stream.nuls:
            yield NotUnderstood(
                text=f"The JSON holds {stream.nuls} NUL characters, read as blanks.", place="whole file"
            )
        if stream and stream.halves:
            yield NotUnderstood(
                text=f"The JSON holds {stream.halves} halves of characters, each is shown as “\ufffd”.",
                place="whole file",
            )
        if self.values > 1:
            yield NotUnderstood(
                text=f"The file holds {self.values} JSON values, one after the other.", place="whole file"
            )
        for what, places in self._said.items():
            for place in places:
                yield NotUnderstood(text=f"{what} at {place or '/'}.", place=place or "/")
            if (further := self._counts[what] - len(places)) > 0:
                yield NotUnderstood(text=f"{what} at {further} further places.", place="whole file")
        if self.failure:
            yield Failed(reason=self.failure)

    def say(self, what: str, place: str) -> None:
        """Note something for the receipt, once for each place; a million places are counted."""
        places = self._said.setdefault(what, [])
        self._counts[what] = self._counts.get(what, 0) + 1
        if len(places) < _MOST_PLACES:
            places.append(place)


class _Builder:
    """Puts the parser's events together, and lets go of each record at its end."""

    def __init__(self, file: JsonFile, tree: _Node, stream: JsonStream) -> None:
        self._file, self._stream = file, stream
        above = _Node()
        above.steps["*"] = tree
        self._open = [_Frame([], above, _Held())]
        self._skipping = self._cuts = 0

    def read(self) -> Iterator[Found]:
        try:
            for event, value in ijson.basic_parse(
                Guarded(self._stream), multiple_values=True, allow_comments=True
            ):
                if self._skipping:
                    self._skipping += (event in _OPENING) - (event in _CLOSING)
                elif event == "map_key":
                    self._open[-1].key = _clean(value)
                elif found := self._close(whole=True) if event in _CLOSING else self._begin(event, value):
                    yield found
        except (ijson.JSONError, ValueError, ArithmeticError) as fault:
            self._file.failure = _words(fault, self._pointer(), is_empty=self._open[0].index < 0)
            yield from self.left_open()
        self._file.values = self._open[0].index + 1

    def left_open(self) -> Iterator[Found]:
        """Yield what is not at its end, as far as it is read, the innermost first."""
        while len(self._open) > 1:
            if found := self._close(whole=False):
                yield found

    def _begin(self, event: str, value: Any) -> Found | None:
        frame = self._open[-1]
        if type(frame.value) is list:
            frame.index += 1
        node = frame.node.step(frame.key or "*") if frame.node else None
        if event not in _OPENING:
            value = self._scalar(event, value)
            if node and node.pattern is not None:
                return Found(node.pattern, self._pointer(), value)
            if not (node and node.skipped):
                self._place(frame, value)
            return None
        if node and node.skipped:
            self._skipping = 1
            return None
        made: Any = {} if event == "start_map" else []
        is_record = node is not None and node.pattern is not None
        if not is_record and not self._place(frame, made) and not (node and node.steps):
            self._skipping = 1
        elif len(self._open) > DEEPEST and not (node and node.steps):
            self._file.say("What nests deeper than is read stands", self._pointer())
            self._skipping = 1
        else:
            self._open.append(_Frame(made, node, _Held() if is_record else frame.held))
        return None

    def _close(self, *, whole: bool) -> Found | None:
        frame = self._open.pop()
        if frame.node and frame.node.pattern is not None:
            return Found(frame.node.pattern, self._pointer(), frame.value, whole)
        return None

    def _scalar(self, event: str, value: Any) -> Any:
        if event != "string":
            return value
        if self._stream.cuts > self._cuts and len(value) > LONGEST_TEXT // _ESCAPED:
            self._cuts = self._stream.cuts
            self._file.say(f"A text longer than {LONGEST_TEXT:,} characters was cut", self._pointer())
        return _clean(value)

    def _place(self, frame: _Frame, value: Any) -> bool:
        """Put a value into the object or list that is open. False when that has no room left."""
        had_room = frame.held.parts <= MOST_PARTS and frame.held.text <= MOST_TEXT
        if not frame.held.has_room_for(value):
            if had_room:
                self._file.say(
                    "The entry has more parts than are read; the rest was left out", self._pointer()
                )
            return False
        if type(frame.value) is list:
            frame.value.append(value)
        elif frame.key not in frame.value:
            frame.value[frame.key] = value
        else:
            self._place_again(frame, value)
        return True

    def _place_again(self, frame: _Frame, value: Any) -> None:
        self._file.say("A key is given twice (both values are read)", self._pointer())
        frame.again = frame.again or {}
        number = frame.again[frame.key] = frame.again.get(frame.key, 1) + 1
        name = f"{frame.key} ({number})"
        while name in frame.value:
            name += "+"
        frame.value[name] = value

    def _pointer(self) -> str:
        steps = [
            str(frame.index) if type(frame.value) is list else escaped(frame.key) for frame in self._open[1:]
        ]
        document = self._open[0].index
        pointer = "".join(f"/{step}" for step in steps)
        return f"value {document + 1}:{pointer}" if document > 0 else pointer


#: "\u0041" is six characters in the file and one in the text; some more as the cut may be late.
_ESCAPED = 8


@lru_cache(maxsize=2)
def peek(head: bytes) -> Any:
    """Return the JSON value that the first bytes of a file begin to write, None if they begin none. Never raises.

    It is shared: to be looked at, not to be changed.
    """
    text = decoding.decode_head(head)
    if text is None or not text.lstrip("\ufeff\x00 \t\r\n").startswith(("{", "[", "/")):
        return None
    whole = JsonFile(BytesIO(text.encode("utf-8", "replace"))).walk()
    return next((found.value for found in whole), None)


def keys_of(value: Any) -> frozenset[str]:
    """Return the keys of an object, none of anything else."""
    return frozenset(value) if isinstance(value, Mapping) else frozenset()


def first_of(value: Any) -> Any:
    """Return the first entry of a list, None of anything else."""
    return value[0] if isinstance(value, list) and value else None


def text_of(value: Any) -> str:
    """Return a text, number or truth value as text; "" for null, objects and lists."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, int | Decimal) else ""


def escaped(key: str) -> str:
    """Return a key as a step of a JSON pointer."""
    if len(key) > _LONGEST_KEY:
        key = key[:_LONGEST_KEY] + "…"
    return key.replace("~", "~0").replace("/", "~1")


def _plain(step: str) -> str:
    return step.replace("~1", "/").replace("~0", "~")


def _tree(records: tuple[str, ...], skip: tuple[str, ...]) -> _Node:
    tree = _Node()
    tree.pattern = ""
    for pattern in records:
        tree.add(pattern).pattern = pattern
    for pattern in skip:
        tree.add(pattern).skipped = True
    return tree


def _clean(text: str) -> str:
    return text.replace("\x00", decoding.SHOWN_NUL) if "\x00" in text else text


def _words(fault: Exception, pointer: str, *, is_empty: bool) -> str:
    said = str(fault).split("\n", 1)[0]  # further lines quote the file
    if is_empty and "premature" in said:
        return "The file holds no JSON."
    where = f" at or after {pointer}" if pointer else ""
    if "premature" in said:
        return f"The JSON ends too early{where}; what stands before is read."
    if isinstance(fault, ArithmeticError) or "digits" in said:
        return f"The JSON holds a number that cannot be read{where}; what stands before is read."
    return (
        f"The JSON is broken{where} ({said.partition(':')[2].strip() or said}); what stands before is read."
    )
