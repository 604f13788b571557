"""One model of the report, asked by the names of its fields: what is asked for is taken, the rest can be told."""

from collections.abc import Collection, Iterator
from typing import Any

from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import AnyRow, NotUnderstood
from cets.domains.intake.xml_walk import local

_LONGEST_NAME = 100
#: Of the decoding, not of anybody.
_OF_THE_TOOL = frozenset({"UserMapping", "ServiceIdentifier", "jumptargets"})
_LEAVES = frozenset({"field", "multiField"})
_INNER = frozenset({"modelField", "multiModelField"})
_MOST_TOLD = 2_000


class Model:
    def __init__(self, element: Any, path: str) -> None:
        self._element, self.path = element, path
        self._taken: set[int] = set()
        self._given: set[Any] = set()  # models within that were given out one by one
        self.is_cut = False  # more was left than was told

    @property
    def type(self) -> str:
        return self._element.get("type") or local(self._element)

    @property
    def place(self) -> str:
        """The id is in the file once; without one the path tells."""
        identity = self._element.get("id")
        return f"{self.type} {identity}"[:200] if identity else self.path

    @property
    def state(self) -> str:
        """Return the state of deletion, "" where the data is intact or nothing is said."""
        state = self._element.get("deleted_state") or ""
        return "" if state in ("Intact", "Unknown") else state

    def text(self, *names: str) -> str:
        """Return and take the first that is not empty."""
        for name in names:
            for text in self.texts(name):
                return text
        return ""

    def peek(self, name: str) -> str:
        """Return a text without taking it."""
        values = (text for child in self._element if child.get("name") == name for text in _values(child))
        return next(values, "")

    def texts(self, name: str) -> list[str]:
        return [text for child in self._children(name, _LEAVES) for text in _values(child)]

    def time(self, name: str) -> str:
        """Return a time, with its zone where the report gives it in that form as well."""
        for child in self._children(name, _LEAVES):
            for value in child.iter():
                if local(value) == "value":
                    return value.get("formattedTimestamp") or (value.text or "").strip()
        return ""

    def models(self, *names: str) -> "list[Model]":
        """Return and take the models in these fields."""
        found = []
        for name in names:
            for child in self._children(name, _INNER):
                found += [Model(inner, f"{self.path}/{name}") for inner in child if local(inner) == "model"]
        return found

    def inner(self, types: Collection[str]) -> "Iterator[tuple[str, Model]]":
        """Yield and take the models of these types at any depth of what is left, each with the name of its field."""
        pending = [
            (child, _name(child))
            for index, child in reversed(list(enumerate(self._element)))
            if index not in self._taken
        ]
        while pending:
            one, name = pending.pop()
            if local(one) == "model" and one.get("type") in types:
                self._given.add(one)
                yield name, Model(one, f"{self.path}/{name}")
                continue
            of_field = name if local(one) == "model" else _name(one)
            pending += [(child, of_field) for child in reversed(one) if local(child) in _INNER | {"model"}]

    def ignore(self, *names: str) -> None:
        """Take fields that tell nothing of anybody."""
        self._taken.update(index for index, child in enumerate(self._element) if child.get("name") in names)

    def told(self) -> str:
        """Return and take what is left, as one text."""
        phrases = list[str]()
        for name, text in self._left():
            if len(phrases) >= _MOST_TOLD:
                phrases.append(f"…: {_MOST_TOLD} values are shown")
                self.is_cut = True
                break
            phrases.append(f"{name}: {text}")
        return "; ".join(phrases)

    def _children(self, name: str, sorts: frozenset[str]) -> Iterator[Any]:
        for index, child in enumerate(self._element):
            if child.get("name") == name and local(child) in sorts and index not in self._taken:
                self._taken.add(index)
                yield child

    def _left(self) -> Iterator[tuple[str, str]]:
        for index, child in enumerate(self._element):
            if index not in self._taken and not _is_of_the_tool(child):
                yield from self._phrases(child, _name(child))
        self._taken.update(range(len(self._element)))

    def _phrases(self, element: Any, name: str) -> Iterator[tuple[str, str]]:
        """Yield the texts within an element with the names of the fields around them."""
        pending = [(element, name)]
        while pending:
            one, path = pending.pop()
            if text := (one.text or "").strip():
                yield path, text
            inner = [
                (child, path if local(child) in ("value", "model", "id") else f"{path}.{_name(child)}")
                for child in one
                if not _is_of_the_tool(child) and child not in self._given
            ]
            pending += reversed(inner)


def _values(element: Any) -> list[str]:
    return [text for value in element if local(value) == "value" and (text := (value.text or "").strip())]


def _name(element: Any) -> str:
    return (element.get("name") or local(element))[:_LONGEST_NAME]


def _is_of_the_tool(element: Any) -> bool:
    return element.get("name") in _OF_THE_TOOL or local(element) in _OF_THE_TOOL


def told(reader: Reader, one: Model, *, label: str, **facts: Any) -> Iterator[AnyRow]:
    """Yield what is left of a model as a text that is searched (`facts` as in `Reader.mentioned`)."""
    text = one.told()
    yield from reader.free_text(text, place=one.place, label=label[:_LONGEST_NAME] or None, **facts)
    if one.is_cut:
        yield NotUnderstood(
            text=f"{one.place} holds more than {_MOST_TOLD} values; the first ones were read.",
            place=one.place,
            sort="cut",
        )
