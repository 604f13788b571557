"""An object of JSON-LD, asked by the local names of its properties, whatever prefix or address stands before them."""

from collections.abc import Iterator
from typing import Any

from cets.domains.intake.json_walk import escaped, text_of

_DEEPEST = 40


def local(name: str) -> str:
    """Return a name without prefix or address: "uco-core:name" and "https://…/core/name" are "name"."""
    return name.rpartition("#")[2].rpartition("/")[2].rpartition(":")[2]


class Node:
    """Whatever is asked for is taken; `left` is what nobody asked for."""

    def __init__(self, value: Any, pointer: str) -> None:
        self._value: dict[str, Any] = dict(value) if isinstance(value, dict) else {"": value}
        self._pointer = pointer
        self._keys: dict[str, str] = {}
        for key in self._value:
            self._keys.setdefault(local(key), key)

    @property
    def id(self) -> str:
        return text_of(self._value.get("@id"))

    @property
    def types(self) -> frozenset[str]:
        stated = self._value.get("@type")
        return frozenset(
            local(each)
            for each in (stated if isinstance(stated, list) else [stated])
            if isinstance(each, str)
        )

    def place(self, name: str = "") -> str:
        return f"{self._pointer}/{escaped(self._keys.get(name, name))}" if name else self._pointer or "/"

    def has(self, *names: str) -> bool:
        """Say whether any of these properties is there and not taken."""
        return any(self._keys.get(name, name) in self._value for name in names)

    def text(self, name: str) -> str:
        return next((text for _, text in self.texts(name)), "")

    def texts(self, name: str) -> Iterator[tuple[str, str]]:
        """Yield and take the place and text of each value of a property; references and objects stay."""
        place, left = self.place(name), []
        for each in self._take(name):
            text = text_of(each.get("@value")) if isinstance(each, dict) else text_of(each)
            if text:
                yield place, text
            elif each not in (None, ""):
                left.append(each)
        self._leave(name, left)

    def refs(self, name: str) -> list[str]:
        """Return and take the references of a property."""
        found, left = [], []
        for each in self._take(name):
            target = text_of(each.get("@id")) if isinstance(each, dict) else text_of(each)
            if target:
                found.append(target)
            else:
                left.append(each)
        self._leave(name, left)
        return found

    def nodes(self, name: str) -> "list[Node]":
        """Return and take the objects of a property."""
        found, left, place = [], [], self.place(name)
        is_list = isinstance(self._value.get(self._keys.get(name, name)), list)
        for index, each in enumerate(self._take(name)):
            if isinstance(each, dict):
                found.append(Node(each, f"{place}/{index}" if is_list else place))
            else:
                left.append(each)
        self._leave(name, left)
        return found

    def left(self) -> Any:
        """Return and take what is left, in plain words."""
        left, self._value = self._value, {}
        return plain({key: value for key, value in left.items() if not key.startswith("@")})

    def _take(self, name: str) -> list[Any]:
        value = self._value.pop(self._keys.get(name, name), None)
        return value if isinstance(value, list) else [] if value is None else [value]

    def _leave(self, name: str, left: list[Any]) -> None:
        if left:
            self._value[self._keys.get(name, name)] = left


def plain(value: Any, depth: int = 0) -> Any:
    """Return a value without JSON-LD's own keys: a reference is its text, a typed value is the value."""
    if depth > _DEEPEST:
        return "…"
    if isinstance(value, list):
        return [plain(each, depth + 1) for each in value]
    if not isinstance(value, dict) or "@value" in value:
        return value["@value"] if isinstance(value, dict) else value
    inner = {local(key): plain(each, depth + 1) for key, each in value.items() if not key.startswith("@")}
    if not inner:
        return value.get("@id")
    if inner.keys() == {"key", "value"} and isinstance(inner["key"], str):
        return {inner["key"]: inner["value"]}
    return inner
