"""A report as a tree whose fields are taken out as they are used, so that what is left can be reported.

The layouts in use differ in letter case, nest or flatten the same field, give a list or a single value,
numbers or text. All of that is levelled here: a field is a list of values under a normalised name, and asking
for a field unwraps what merely wraps it.
"""

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import msgspec

from cets.domains.intake.reading import is_empty
from cets.domains.intake.sources.text import decoding

#: No report nests this deep; what does is kept, said and not read.
DEEPEST = 40
MOST_VALUES = 200_000
_USUAL_NAME = 64  # longer names are not worth remembering
_VALUE_NAMES = ("value", "text")


class Leaf(msgspec.Struct, frozen=True):
    """One text and where it stands."""

    text: str
    place: str


class TooDeep(msgspec.Struct, frozen=True):
    """What lies beyond the nesting, or the number of values, that is read."""

    place: str


class Field(msgspec.Struct, frozen=True):
    """A text with its attributes, if it had any (verified, type, hashType...)."""

    text: str
    place: str
    attributes: "Node"


class Left(msgspec.Struct, frozen=True):
    """Something that nobody took: where it stands, what it is, why it is left, and the texts in it."""

    place: str
    what: str
    why: str
    texts: tuple[Leaf, ...] = ()


class Node:
    """An object of the report. Every value taken is marked; `left` names the others."""

    def __init__(self, place: str) -> None:
        self.place = place
        self._fields: dict[str, list[Value]] = {}
        self._taken: set[str] = set()
        self._is_open = False
        self._written: dict[str, str] = {}

    def put(self, name: str, value: "Value") -> None:
        self._fields.setdefault(_normal(name), []).append(value)
        self._written.setdefault(_normal(name), name)

    def has(self, *names: str) -> bool:
        return not self._fields.keys().isdisjoint(_all_normal(names))

    def holds_objects(self, *names: str) -> bool:
        return any(
            isinstance(value, Node) for name in _all_normal(names) for value in self._fields.get(name, ())
        )

    def leaves(self) -> Iterator[tuple[str, Leaf]]:
        """Yield and mark every plain text not yet taken, with the name as written."""
        for name, values in list(self._fields.items()):
            if name not in self._taken and all(isinstance(value, Leaf) for value in values):
                self._taken.add(name)
                yield from ((self._written[name], value) for value in values if isinstance(value, Leaf))

    def take(self, *names: str) -> "list[Value]":
        """Return every value under any of the names, and mark them as used."""
        values: list[Value] = []
        wanted = _all_normal(names)
        if self._fields.keys().isdisjoint(
            wanted
        ):  # as nearly always: a report has few of the fields that are known
            return values
        for name in wanted:
            if name in self._fields and name not in self._taken:
                self._taken.add(name)
                values.extend(self._fields[name])
        return values

    def fields(self, *names: str, inside: tuple[str, ...] = ()) -> list[Field]:
        """Return the texts under the names, however wrapped; `inside`: what the text is called in an object."""
        return [field for value in self.take(*names) for field in self._unwrap_fields(value, names, inside)]

    def text(self, *names: str) -> Field | None:
        """Return the first text under the names; further ones are left, and so reported."""
        found = self.fields(*names)
        for surplus in found[1:]:
            if surplus.text != found[0].text:
                self.put("also given", Leaf(surplus.text, surplus.place))
        return found[0] if found else None

    def nodes(self, *names: str) -> "list[Node]":
        """Return the objects under the names, however wrapped; a bare text becomes an object holding it."""
        return [node for value in self.take(*names) for node in self._unwrap_nodes(value, names)]

    def flags(self) -> Iterator[tuple[str, Leaf]]:
        """Yield and mark every text not yet taken that says only yes or no."""
        for name, values in list(self._fields.items()):
            leaves = [value for value in values if isinstance(value, Leaf) and value.text.lower() in _YES_NO]
            if name not in self._taken and len(leaves) == len(values):
                self._taken.add(name)
                yield from ((self._written[name], leaf) for leaf in leaves)

    def left(self) -> Iterator[Left]:
        """Yield all that nobody took, here and below."""
        for name, values in self._fields.items():
            for value in values:
                if isinstance(value, TooDeep):
                    why = f"is beyond {DEEPEST} levels or {MOST_VALUES} values"
                    yield Left(value.place, "what stands", why)
                elif name not in self._taken and not (isinstance(value, Node) and value._is_open):  # noqa: SLF001 - of this class
                    why = "is in a field that is not known"
                    yield Left(value.place, _describe(value), why, tuple(_texts(value)))
                elif isinstance(value, Node):
                    yield from value.left()

    def open(self) -> None:
        """Mark an object in a field that is not known: what is left in it is named field by field."""
        self._is_open = True

    def objects(self) -> "Iterator[tuple[str, Node, bool]]":
        """Yield every object with its levelled name, and whether its field was taken."""
        for name, values in list(self._fields.items()):
            yield from ((name, value, name in self._taken) for value in values if isinstance(value, Node))

    def peek(self) -> Iterator[tuple[str, Leaf]]:
        """Yield every plain text not yet taken, under its levelled name, without marking it."""
        for name, values in self._fields.items():
            for value in values if name not in self._taken else ():
                leaf = value.only_text() if isinstance(value, Node) else value
                if isinstance(leaf, Leaf):
                    yield name, leaf

    def values(self) -> "Iterator[Value]":
        """Yield every value, taken or not."""
        for values in self._fields.values():
            yield from values

    def is_bare(self) -> bool:
        return not self._fields

    def only_text(self) -> Leaf | None:
        """Return the text of an element that holds nothing else."""
        values = self._fields.get("value", [])
        if len(self._fields) == 1 and len(values) == 1 and isinstance(values[0], Leaf):
            return Leaf(values[0].text, self.place)
        return None

    def _unwrap_fields(
        self, value: "Value", names: tuple[str, ...], inside: tuple[str, ...]
    ) -> Iterator[Field]:
        own = (*_VALUE_NAMES, *inside)
        if isinstance(value, Leaf):
            yield Field(value.text, value.place, Node(value.place))
        elif isinstance(value, Node):
            if value.has(*names):
                yield from (
                    # {"email": ..., "verified": ...}: what stands beside the text says something of it.
                    Field(f.text, f.place, value) if f.attributes.is_bare() else f
                    for f in value.fields(*names, inside=inside)
                )
            elif value.has(*own):
                yield from (Field(f.text, f.place, value) for f in value.fields(*own))
            # An object with no text in it stays untouched in the tree, and is reported.

    def _unwrap_nodes(self, value: "Value", names: tuple[str, ...]) -> "Iterator[Node]":
        if isinstance(value, Leaf):
            holder = Node(value.place)
            holder.put("value", value)
            self.put("given as text", holder)
            self._taken.add(_normal("given as text"))
            yield holder
        elif isinstance(value, Node):
            # An address has a line called address: only what holds objects of the name wraps them.
            if value.holds_objects(*names):
                yield from value.nodes(*names)
            else:
                yield value


Value = Leaf | Node | TooDeep
_YES_NO = frozenset({"true", "false", "yes", "no", "y", "n"})


def from_json(data: Any, place: str = "") -> Node:
    """Make the tree of a decoded JSON object. `place` is the JSON pointer of the object."""
    return _JsonTree().node(data, place, 0)


def from_xml(element: Any, place: str | None = None) -> Node:
    """Make the tree of an lxml element by local names; places are paths ("/report/victim[1]/screenName")."""
    return _xml_node(element, place or f"/{_local(element)}", 0)


def xml_children(element: Any, place: str) -> Iterator[tuple[str, Any, str]]:
    """Yield the children of an lxml element with their local names and places; several of a name are counted."""
    children = [(_local(child), child) for child in element if isinstance(child.tag, str)]
    totals = Counter(name for name, _ in children)
    seen: Counter[str] = Counter()
    for name, child in children:
        seen[name] += 1
        yield name, child, f"{place}/{name}[{seen[name]}]" if totals[name] > 1 else f"{place}/{name}"


class _JsonTree:
    """Builds a tree up to the number of values that is read; what is beyond is one mark for each place."""

    def __init__(self) -> None:
        self._left = MOST_VALUES

    def node(self, data: dict[str, Any], place: str, depth: int) -> Node:
        node = Node(place)
        for written, value in data.items():
            key = _sound(written)
            pointer = f"{place}/{key.replace('~', '~0').replace('/', '~1')}"
            self._put(node, key, value, pointer, depth + 1)
        return node

    def _put(self, node: Node, key: str, value: Any, place: str, depth: int) -> None:
        self._left -= 1
        if isinstance(value, (dict, list)) and (depth > DEEPEST or self._left < 0):
            node.put(key, TooDeep(place))
        elif isinstance(value, dict):
            made = self.node(value, place, depth)
            if not made.is_bare():  # a section around an empty list is no person
                node.put(key, made)
        elif isinstance(value, list):
            self._put_list(node, key, value, place, depth)
        elif value is not None:
            text = str(value).lower() if isinstance(value, bool) else _sound(str(value))
            if not is_empty(text):
                node.put(key, Leaf(text, place))

    def _put_list(self, node: Node, key: str, items: list[Any], place: str, depth: int) -> None:
        for number, item in enumerate(items):
            if self._left < 0:
                node.put(key, TooDeep(f"{place}/{number}"))
                return
            self._put(node, key, item, f"{place}/{number}", depth + 1)


def _sound(text: str) -> str:
    """Replace what JSON can escape but no text can hold: half characters, and NUL."""
    if text.isascii():
        return decoding.clean(text)
    return decoding.clean(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def _xml_node(element: Any, place: str, depth: int) -> Node:
    node = Node(place)
    for name, text in element.attrib.items():
        if not name.startswith("{http://www.w3.org/2001/XMLSchema-instance}") and not is_empty(text):
            local = name.rpartition("}")[2]
            node.put(local, Leaf(text, f"{place}/@{local}"))
    before, *behind = _texts_of(element)
    _put_text(node, "value", before, place)
    for (name, child, path), text in zip(xml_children(element, place), behind, strict=True):
        _put_xml(node, name, child, path, depth + 1)
        _put_text(node, "text between elements", text, place)
    return node


def _texts_of(element: Any) -> list[str]:
    """Return the text before the first child element, and that behind each: comments and instructions part none."""
    texts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            texts.append(child.tail or "")
        else:
            # A reference to an entity is not expanded: it stands as it is written.
            texts[-1] += (child.text if hasattr(child, "name") else "") + (child.tail or "")
    return texts


def _put_text(node: Node, name: str, text: str, place: str) -> None:
    if not is_empty(text):
        node.put(name, Leaf(text.strip(), place))


def _put_xml(node: Node, name: str, child: Any, place: str, depth: int) -> None:
    if depth > DEEPEST:
        node.put(name, TooDeep(place))
        return
    made = _xml_node(child, place, depth)
    only = made.only_text()
    if only is not None:
        node.put(name, only)
    elif not made.is_bare():
        node.put(name, made)


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _normal(name: str) -> str:
    return _short_normal(name) if len(name) <= _USUAL_NAME else _levelled(name)


@lru_cache(maxsize=4096)
def _short_normal(name: str) -> str:
    return _levelled(name)


@lru_cache(maxsize=1024)
def _all_normal(names: tuple[str, ...]) -> tuple[str, ...]:
    """Level names that are asked for: all of them are our own words."""
    return tuple(map(_normal, names))


def _levelled(name: str) -> str:
    return "".join(char for char in name.casefold() if char.isalnum())


def _texts(value: Value) -> Iterator[Leaf]:
    """Yield the texts in a value, however deep."""
    if isinstance(value, Leaf):
        yield value
    elif isinstance(value, Node):
        for inner in value.values():
            yield from _texts(inner)


def _describe(value: Leaf | Node) -> str:
    if isinstance(value, Node):
        return "an object"
    return "a number" if value.text.replace(".", "", 1).lstrip("-").isdigit() else "a text"
