"""An object of a JSON file whose fields are taken out as they are used, so that the rest can be said and searched."""

import re
from collections.abc import Iterator
from typing import Any

from cets.domains.identifiers.kinds.base import Role
from cets.domains.intake.json_walk import Found, escaped, text_of
from cets.domains.intake.reading import Reader, is_empty
from cets.domains.intake.rows import AnyRow, NotUnderstood

_MOST_KINDS = 300
#: Of several values in a file the places begin with the value's number; of several elements of a name they end with theirs.
_VALUE, _NUMBER = re.compile(r"^value \d+:"), re.compile(r"\[\d+\]$")


class Unread:
    """The fields of a file that nobody took, each kind once: key path, type and how often, never a value."""

    def __init__(self) -> None:
        self._fields: dict[tuple[str, str], list[Any]] = {}
        self._further = 0

    def add(self, pointer: str, value: Any) -> None:
        key = (without_numbers(pointer), _kind(value))
        if key in self._fields:
            self._fields[key][0] += 1
        elif len(self._fields) < _MOST_KINDS:
            self._fields[key] = [1, pointer]
        else:
            self._further += 1

    def rows(self) -> Iterator[AnyRow]:
        for (path, kind), (count, first) in self._fields.items():
            often = f"{count} times, first at {first}" if count > 1 else f"at {first}"
            yield NotUnderstood(text=f"The field {path} ({kind}) is not known: {often}.", place=first)
        if self._further:
            yield NotUnderstood(
                text=f"Further fields that are not known: {self._further}.", place="whole file", sort="limit"
            )


class Fields:
    """The fields of one object. Whatever is asked for is taken; `rest` is what nobody asked for."""

    def __init__(self, value: Any, pointer: str) -> None:
        self.pointer = pointer
        # What is no object, where one is expected, is left, and so said and searched.
        self._inner: list[Fields] = []
        self._value: dict[str, Any] = dict(value) if isinstance(value, dict) else {"": value}

    @classmethod
    def of(cls, found: Found) -> "Fields":
        return cls(found.value, found.pointer)

    def __bool__(self) -> bool:
        return any(value is not None for value in self._value.values())

    def __contains__(self, key: str) -> bool:
        return key in self._value

    def place(self, key: str) -> str:
        return f"{self.pointer}/{escaped(key)}" if key else self.pointer or "/"

    def take(self, key: str) -> Any:
        """Return and take whatever stands there, None if nothing does."""
        return self._value.pop(key, None)

    def keys(self) -> list[str]:
        """Return the keys of what is not taken yet."""
        return list(self._value)

    def all(self) -> dict[str, Any]:
        """Return and take everything that is left."""
        left, self._value = self._value, {}
        return left

    def peek(self, key: str) -> Any:
        """Return what stands there and leave it."""
        return self._value.get(key)

    def text(self, *keys: str) -> str:
        """Return and take the first that is a text, number or truth value and not empty; further ones stay. "" if none is."""
        for key in keys:
            if key not in self._value or isinstance(value := self._value[key], dict | list):
                continue
            del self._value[key]
            if text := text_of(value):
                return text
        return ""

    def texts(self, key: str) -> Iterator[tuple[str, str]]:
        """Yield and take each text or number there, one or a list of them, with its place; other entries stay."""
        value = self._value.get(key)
        if not isinstance(value, list):
            place = self.place(key)
            if text := self.text(key):
                yield place, text
            return
        left = []
        for index, entry in enumerate(value):
            if text := text_of(entry):
                yield f"{self.place(key)}/{index}", text
            elif entry is not None and entry != "":
                left.append(entry)
        self._leave(key, left)

    def object(self, key: str) -> "Fields":
        """Return and take the object there; an empty one if there is none."""
        if isinstance(self._value.get(key), dict):
            found = Fields(self._value.pop(key), self.place(key))
            self._inner.append(found)
            return found
        if key in self._value and self._value[key] is None:
            del self._value[key]
        return Fields({}, self.place(key))

    def objects(self, key: str) -> "list[Fields]":
        """Return and take the objects in the list there, or the one that stands there; other entries stay."""
        value = self._value.get(key)
        if isinstance(value, dict):
            return [self.object(key)]
        if not isinstance(value, list):
            return []
        place = self.place(key)
        found = [
            Fields(entry, f"{place}/{index}") for index, entry in enumerate(value) if isinstance(entry, dict)
        ]
        self._inner += found
        self._leave(key, [entry for entry in value if not isinstance(entry, dict) and entry is not None])
        return found

    def ignore(self, *keys: str) -> None:
        """Take fields that are known and tell nothing: sizes, colours, counters."""
        for key in keys:
            self._value.pop(key, None)

    def ignore_inside(self, *keys: str) -> None:
        """Take the same fields of every object that was taken from here."""
        for fields in self._inner:
            fields.ignore(*keys)
            fields.ignore_inside(*keys)

    def rest(
        self, reader: Reader, unread: Unread, *, role: Role = "unknown", **facts: Any
    ) -> Iterator[AnyRow]:
        """Yield what is not taken, here and in the objects taken from here.

        Texts are searched, and each field is noted for the receipt.
        """
        for key, value in self._value.items():
            if value is not None and value not in ("", [], {}):
                yield from _left(value, self.place(key), key, reader, unread, role, facts)
        inner, self._value, self._inner = self._inner, {}, []
        for fields in inner:
            yield from fields.rest(reader, unread, role=role, **facts)

    def _leave(self, key: str, left: list[Any]) -> None:
        if left:
            self._value[key] = left
        else:
            self._value.pop(key, None)


def _left(
    value: Any, pointer: str, key: str, reader: Reader, unread: Unread, role: Role, facts: dict[str, Any]
) -> Iterator[AnyRow]:
    pending = [(value, pointer, key)]
    while pending:
        value, pointer, key = pending.pop()
        if isinstance(value, dict):
            pending.extend(
                (inner, f"{pointer}/{escaped(name)}", name) for name, inner in reversed(value.items())
            )
        elif isinstance(value, list):
            pending.extend(
                (inner, f"{pointer}/{index}", key) for index, inner in reversed(list(enumerate(value)))
            )
        elif value is not None and value != "":
            unread.add(pointer, value)
            if isinstance(value, str) and not is_empty(value):
                yield from reader.free_text(value, place=pointer, label=key[:100], role=role, **facts)


def without_numbers(pointer: str) -> str:
    """Return the path of a place without the numbers of list entries and values: what all entries have in common."""
    path = _VALUE.sub("", pointer)
    return "/".join("*" if step.isdigit() else _NUMBER.sub("[*]", step) for step in path.split("/"))


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "truth value"
    return "text" if isinstance(value, str) else "number"
