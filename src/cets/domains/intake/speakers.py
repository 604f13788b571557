"""The people of a chat export, each introduced once, with every name and number under which the file shows them."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from cets.domains.identifiers.kinds.base import Role
from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import AnyRow, Person


class Known(msgspec.Struct, frozen=True):
    """An identifier that the file declares for somebody. `as_written`: what stands there, when `raw` is made from it."""

    kind: str
    raw: str
    place: str
    as_written: str | None = None


class Speakers:
    """Remembers who was met. The first meeting makes the Person; a new name or number later makes a sighting only."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._met: dict[str, set[tuple[str, str]]] = {}

    def __contains__(self, key: str) -> bool:
        return key in self._met

    def meet(
        self,
        key: str,
        place: str,
        *,
        names: Iterable[str] = (),
        known: Iterable[Known] = (),
        role: Role = "unknown",
        facts: tuple[tuple[str, str], ...] = (),
        birth_date: str | None = None,
        **seen: Any,
    ) -> Iterator[AnyRow]:
        """Yield what is new of a person. `seen`: further fields of the sightings (seen_at, event, message)."""
        known = tuple(known)
        shown = tuple(dict.fromkeys(name for name in names if name.strip()))
        if key not in self._met:
            self._met[key] = set()
            yield Person(key=key, role=role, place=place, names=shown, facts=facts, birth_date=birth_date)
        met = self._met[key]
        written = {one.as_written or one.raw for one in known}
        called = [
            Known("display_name", name, place)
            for name in shown
            if name not in written and any(map(str.isalnum, name))  # a user name is more than a displayed one
        ]
        for one in (*known, *called):
            if one.raw and (one.kind, one.raw) not in met:
                met.add((one.kind, one.raw))
                yield from self._told(one, role=role, person=key, **seen)

    def _told(self, one: Known, **facts: Any) -> Iterator[AnyRow]:
        if one.kind == "display_name":
            return self._reader.named(one.raw, place=one.place, **facts)
        return self._reader.declared(one.kind, one.raw, place=one.place, as_written=one.as_written, **facts)
