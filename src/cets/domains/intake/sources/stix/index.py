"""What the objects of a bundle say of each other: the first pass, so that the second can name what a reference means."""

from collections.abc import Iterator
from typing import Any

import msgspec

from cets.domains.intake.json_walk import Found, text_of

#: More objects than this are read too, but references to the further ones stay as they are.
MOST_KNOWN = 200_000
#: The four of the standard, which a bundle may use without holding them.
_TLP = {
    "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9": "TLP:WHITE",
    "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da": "TLP:GREEN",
    "marking-definition--f88d31f6-486b-44da-b317-01333bde0b82": "TLP:AMBER",
    "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed": "TLP:RED",
}
_SHOWN = ("value", "name", "display_name", "account_login", "user_id", "path", "subject")


class Seen(msgspec.Struct, frozen=True):
    """When an object was observed, as two texts."""

    first: str
    last: str


class Index(msgspec.Struct):
    title: str = ""  # of the first report
    shown: dict[str, str] = msgspec.field(default_factory=dict)
    markings: dict[str, str] = msgspec.field(default_factory=lambda: dict(_TLP))
    seen: dict[str, list[Seen]] = msgspec.field(default_factory=dict)
    local: dict[str, Any] = msgspec.field(
        default_factory=dict
    )  # what stands within the observation that is read
    producers: set[str] = msgspec.field(default_factory=set)
    accounts: set[str] = msgspec.field(default_factory=set)
    marked: dict[str, int] = msgspec.field(default_factory=dict)

    def add(self, found: Found) -> None:
        one = found.value
        if not isinstance(one, dict) or len(self.shown) >= MOST_KNOWN:
            return
        sort, identity = text_of(one.get("type")), text_of(one.get("id"))
        if identity:
            self.shown[identity] = _shown(one) or identity
        if sort in ("report", "grouping") and not self.title:
            self.title = text_of(one.get("name"))[:200]
        if sort == "marking-definition":
            self.markings[identity] = _marking(one)
        elif sort == "observed-data":
            when = Seen(text_of(one.get("first_observed")), text_of(one.get("last_observed")))
            for ref in refs(one.get("object_refs")):
                self.seen.setdefault(ref, []).append(when)
        elif sort == "user-account" and identity:
            self.accounts.add(identity)
        if producer := text_of(one.get("created_by_ref")):
            self.producers.add(producer)
        for ref in refs(one.get("object_marking_refs")):
            self.marked[ref] = self.marked.get(ref, 0) + 1

    def name(self, ref: str) -> str:
        inner = self.local.get(ref)
        return (_shown(inner) or ref) if isinstance(inner, dict) else self.shown.get(ref, ref)

    def sort(self, ref: str) -> str:
        """Return the type of what a reference means."""
        inner = self.local.get(ref)
        return text_of(inner.get("type")) if isinstance(inner, dict) else ref.partition("--")[0]


def _shown(one: dict[str, Any]) -> str:
    return next((text for key in _SHOWN if (text := text_of(one.get(key)))), "")


def refs(value: Any) -> Iterator[str]:
    """Yield the references in a list, or the one that stands there."""
    for entry in value if isinstance(value, list) else [value]:
        if isinstance(entry, str) and entry:
            yield entry


def _marking(one: dict[str, Any]) -> str:
    inner = one.get("definition")
    told = [text_of(text) for text in inner.values()] if isinstance(inner, dict) else []
    name, sort = text_of(one.get("name")), text_of(one.get("definition_type"))
    text = name or "; ".join(filter(None, told))
    return f"TLP:{text.upper()}" if sort == "tlp" and not name else text
