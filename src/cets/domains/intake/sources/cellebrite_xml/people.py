"""Parties, contacts and accounts of a report: each a person once, with identifiers by the program they are of."""

import re
from collections.abc import Iterator
from typing import Any

from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import AnyRow, Person
from cets.domains.intake.sources.cellebrite_xml.model import Model

_WHATSAPP = re.compile(r"(?P<number>\d{7,15})@(?:s\.whatsapp\.net|c\.us)", re.IGNORECASE)
_GROUP = re.compile(r"[\w\-]+@g\.us", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_NUMBER = re.compile(r"\+?[\d(][\d ()\-./]{4,22}\d")
#: Programs without user names; and all in which a number is a telephone's.
_WITHOUT_NAMES = frozenset({"", "sms", "mms", "phone", "call log", "native messages"})
_OF_TELEPHONES = _WITHOUT_NAMES | {"whatsapp", "whatsapp business", "signal", "viber", "imessage", "facetime"}
_ENTRIES = {"PhoneNumber": "phone", "EmailAddress": "email", "WebAddress": "url", "UserID": ""}


class People:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._keys: dict[tuple[str, str], str] = {}
        self._others = 0

    def party(self, one: Model, source: str, **facts: Any) -> tuple[str | None, str, list[AnyRow]]:
        """Return the person of a party, how he is shown, and the rows: his introduction, the first time."""
        identifier, name = one.text("Identifier"), one.text("Name")
        if not identifier and not name:
            return None, "", []
        key = (source.casefold(), (identifier or name).casefold())
        shown = f"{name} ({identifier})" if name and identifier and name != identifier else identifier or name
        if key in self._keys:
            return self._keys[key], shown, []
        person = self._keys[key] = f"party {len(self._keys) + 1}"
        about = (("Owner of the phone", "yes"),) if one.text("IsPhoneOwner").casefold() == "true" else ()
        rows: list[AnyRow] = [
            Person(key=person, role="unknown", place=one.place, names=(name,) if name else (), facts=about)
        ]
        rows += self.known(identifier, source, one.place, person=person, **facts)
        if any(map(str.isalnum, name)) and name != identifier:
            rows += self._reader.declared("display_name", name, place=one.place, person=person, **facts)
        return person, shown, rows

    def known(self, identifier: str, source: str, place: str, **facts: Any) -> list[AnyRow]:
        """Return the rows of an identifier: what it is follows its form and the program."""
        if not any(map(str.isalnum, identifier)):
            return []
        kind, raw = _read_as(identifier, source.casefold())
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

    def contact(self, one: Model) -> Iterator[AnyRow]:
        """Yield a contact, or an account on the device: a person with his entries."""
        self._others += 1
        key = f"contact {self._others}"
        source, name = one.text("ServiceType") or one.text("Source"), one.text("Name")
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
        yield from self._reader.free_text(one.told(), place=place, label=one.type, person=key)

    def _entry(self, entry: Model, source: str, key: str) -> Iterator[AnyRow]:
        value = entry.text("Value")
        category = ", ".join(filter(None, (entry.text("Category"), entry.text("Domain"))))
        kind = _ENTRIES.get(entry.type)
        if value and kind:
            yield from self._reader.declared(kind, value, place=entry.place, person=key)
        elif value and kind is not None:
            yield from self.known(value, source, entry.place, person=key)
        elif value:
            yield from self._reader.free_text(
                value, place=entry.place, label=category or entry.type, person=key
            )
        yield from self._reader.free_text(
            entry.told(), place=entry.place, label=category or entry.type, person=key
        )


def _read_as(identifier: str, program: str) -> tuple[str, str]:
    """Return the kind of an identifier and the text to read: a number is a telephone's only where the program is of those."""
    if found := _WHATSAPP.fullmatch(identifier):
        return "phone", f"+{found['number']}"
    if _GROUP.fullmatch(identifier):
        return "group", identifier
    if _ADDRESS.fullmatch(identifier):
        return "email", identifier
    if program in _OF_TELEPHONES and _NUMBER.fullmatch(identifier):
        return "phone", identifier
    if program in _WITHOUT_NAMES or any(map(str.isspace, identifier)):
        return "display_name", identifier
    return "account", f"id:{identifier}" if identifier.isdigit() else identifier
