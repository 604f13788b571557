"""Parties, contacts and accounts of a report: each a person once, with identifiers by the program they are of."""

import re
from collections.abc import Iterator
from typing import Any

from cets.domains.identifiers.kinds.platforms import KNOWN, platform_key
from cets.domains.intake.jids import jid_of
from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import AnyRow, Person
from cets.domains.intake.sources.cellebrite_xml.model import Model, told

_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_NUMBER = re.compile(r"\+?[\d(][\d ()\-./]{4,22}\d")
#: Programs without user names; and all in which a number is a telephone's.
_WITHOUT_NAMES = frozenset({"", "sms", "mms", "phone", "call log", "native messages"})
_OF_TELEPHONES = _WITHOUT_NAMES | {"whatsapp", "whatsapp business", "signal", "viber", "imessage", "facetime"}
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
#: Fields of a party that tell of the message and of the room.
_OF_THE_MESSAGE = (
    "Role",
    "IsPhoneOwner",
    "IsGroupAdmin",
    "Status",
    "DateDelivered",
    "DateRead",
    "DatePlayed",
)
#: Fields of an account that tell of the service.
_OF_THE_SERVICE = ("ServerAddress",)
_ENTRIES = {"PhoneNumber": "phone", "EmailAddress": "email", "WebAddress": "url", "UserID": ""}


class People:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._keys: dict[tuple[str, str], str] = {}
        self._names: set[tuple[str, str]] = set()
        self._others = 0

    def party(
        self, one: Model, source: str, *, again: bool = False, **facts: Any
    ) -> tuple[str | None, str, list[AnyRow]]:
        """Return the person of a party, how he is shown, and the rows: his introduction, the first time.

        `again`: his identifier each time.
        """
        identifier, name = one.text("Identifier"), one.text("Name")
        if not identifier and not name:
            return None, "", []
        key = (source.casefold(), (identifier or name).casefold())
        shown = f"{name} ({identifier})" if name and identifier and name != identifier else identifier or name
        rows: list[AnyRow] = []
        person, is_new = self._met(key)
        if is_new:
            about = (("Owner of the phone", "yes"),) if one.text("IsPhoneOwner").casefold() == "true" else ()
            rows.append(
                Person(
                    key=person, role="unknown", place=one.place, names=(name,) if name else (), facts=about
                )
            )
        if is_new or again:
            rows += self.known(identifier, source, one.place, person=person, **facts)
        rows += self._called(name, identifier, one.place, person=person, **facts)
        one.ignore(*_OF_THE_MESSAGE)
        rows += told(self._reader, one, label="Party", person=person, seen_at=facts.get("seen_at"))
        return person, shown, rows

    def account(self, identifier: str, source: str, place: str, **facts: Any) -> list[AnyRow]:
        """Return the rows of the account of the device by which something was done: the first time, as somebody's."""
        kind, _ = _read_as(identifier, source.casefold())
        if not identifier:
            return []
        is_told = kind in ("phone", "email") or (kind == "account" and platform_key(source) in KNOWN)
        if not is_told:
            return list(self._reader.free_text(identifier, place=place, label="Account"))
        person, is_new = self._met((source.casefold(), identifier.casefold()))
        if not is_new:
            return []
        about = (("Account on the device", "yes"), *((("Program", source),) if source else ()))
        rows: list[AnyRow] = [Person(key=person, role="unknown", place=place, facts=about)]
        return rows + self.known(identifier, source, place, person=person, **facts)

    def _met(self, key: tuple[str, str]) -> tuple[str, bool]:
        """Return the key of a person, and whether he is met for the first time."""
        is_new = key not in self._keys
        return self._keys.setdefault(key, f"party {len(self._keys) + 1}"), is_new

    def _called(self, name: str, identifier: str, place: str, *, person: str, **facts: Any) -> list[AnyRow]:
        """Return the row of a name under which he was not yet met: people change theirs."""
        if not any(map(str.isalnum, name)) or name == identifier or (person, name) in self._names:
            return []
        self._names.add((person, name))
        return list(self._reader.declared("display_name", name, place=place, person=person, **facts))

    def known(self, identifier: str, source: str, place: str, **facts: Any) -> list[AnyRow]:
        """Return the rows of an identifier: what it is follows its form and the program."""
        if not any(map(str.isalnum, identifier)):
            return []
        kind, raw = _read_as(identifier, source.casefold())
        if not kind:
            return list(self._reader.free_text(identifier, place=place, label="Address within a program"))
        return list(
            self._reader.declared(
                kind,
                raw,
                as_written=identifier,
                place=place,
                platform=source if kind == "account" else None,
                **facts,
            )
        )

    def contact(self, one: Model, program: str = "") -> Iterator[AnyRow]:
        """Yield a contact, or an account on the device: a person with his entries. `program`: where he names none."""
        self._others += 1
        key = f"contact {self._others}"
        source, name = one.text("ServiceType", "Source") or program, one.text("Name")
        about = [(label, text) for label, text in (("Program", source), ("Deleted state", one.state)) if text]
        about += [("Account on the device", "yes")] if one.type == "UserAccount" else []
        place = one.place
        yield Person(key=key, role="unknown", place=place, names=(name,) if name else (), facts=tuple(about))
        if any(map(str.isalnum, name)):
            yield from self._reader.declared("display_name", name, place=place, person=key)
        if username := one.text("Username"):
            yield from self.known(username, source, place, person=key)
        for entry in one.models("Entries"):
            yield from self._entry(entry, source, key)
        # Of the device and of the service: neither is the contact's own.
        yield from self.account(one.text("Account"), source, place)
        for label in _OF_THE_SERVICE:
            yield from self._reader.free_text(one.text(label), place=place, label=label)
        yield from told(self._reader, one, label=one.type, person=key)

    def _entry(self, entry: Model, source: str, key: str) -> Iterator[AnyRow]:
        value = entry.text("Value")
        category = ", ".join(filter(None, (entry.text("Category"), entry.text("Domain"))))
        kind = _ENTRIES.get(entry.type)
        if value and kind and not jid_of(value):
            yield from self._reader.declared(kind, value, place=entry.place, person=key)
        elif value and kind is not None:
            yield from self.known(value, source, entry.place, person=key)
        elif value:
            yield from self._reader.free_text(
                value, place=entry.place, label=category or entry.type, person=key
            )
        yield from told(self._reader, entry, label=category or entry.type, person=key)


def _read_as(identifier: str, program: str) -> tuple[str, str]:
    """Return the kind of an identifier and the text to read: a number is a telephone's only where the program is of those."""
    if jid := jid_of(identifier):
        return jid
    if _ADDRESS.fullmatch(identifier):
        return "email", identifier
    if program in _OF_TELEPHONES and _NUMBER.fullmatch(identifier):
        return "phone", identifier
    if program in _WITHOUT_NAMES or any(map(str.isspace, identifier)):
        return "display_name", identifier
    is_number = identifier.isdigit() or bool(_UUID.fullmatch(identifier))
    return "account", f"id:{identifier}" if is_number else identifier
