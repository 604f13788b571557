"""What a VICS file says besides its media: the case with its contact, and identifiers with their events."""

import re
from collections.abc import Iterator
from typing import Any

from cets.domains.intake.json_fields import Fields, Unread
from cets.domains.intake.reading import Reader, is_unread, split_port
from cets.domains.intake.rows import AnyRow, FreeText, Person
from cets.domains.intake.times import is_zero

_ACCOUNTS = frozenset(
    {"username", "user", "screenname", "nickname", "handle", "account", "accountname", "login"}
)
_KINDS = {
    "email": "email", "emailaddress": "email", "phone": "phone", "phonenumber": "phone", "msisdn": "phone", "mobile": "phone",
    "ip": "ip", "ipaddress": "ip", "url": "url", "website": "url", "domain": "domain", "imei": "imei", "imsi": "imsi",
    "mac": "mac", "macaddress": "mac", "deviceid": "device", "displayname": "display_name", "fullname": "display_name",
}  # fmt: skip
_IDS = frozenset({"userid", "accountid", "uid"})
_CASE = {
    "CaseNumber": "Case number", "CaseID": "Case ID", "SeizureDate": "Seized", "TotalMediaFiles": "Media files in all",
    "TotalPrecategorized": "Precategorised in all", "SourceApplicationName": "Program", "SourceApplicationVersion": "Its version",
}  # fmt: skip


class AroundReader:
    def __init__(self, reader: Reader, unread: Unread) -> None:
        self._reader, self._unread = reader, unread
        self._contacts = 0

    def case(self, case: Fields) -> Iterator[AnyRow]:
        """Yield what stands of a case beside its media."""
        place = case.place("")
        yield from self._contact(case)
        told = [f"{label}: {text}" for key, label in _CASE.items() if (text := case.text(key))]
        if told:
            yield FreeText(text="; ".join(told), place=place, label="Case")
        for one in case.objects("CaseMetadata"):
            one.ignore("CaseID")
            yield from self._property(one, {})
        yield from case.rest(self._reader, self._unread)

    def _contact(self, case: Fields) -> Iterator[AnyRow]:
        """The contact is an officer: kept, and links nothing."""
        facts = tuple(
            (label, text)
            for key, label in (("ContactOrganization", "Organisation"), ("ContactTitle", "Title"))
            if (text := case.text(key))
        )
        name = case.text("ContactName")
        found = [
            (kind, case.place(key), text)
            for kind, key in (("email", "ContactEmail"), ("phone", "ContactPhone"))
            if (text := case.text(key))
        ]
        if not (facts or name or found):
            return
        self._contacts += 1
        key = f"contact {self._contacts}"
        yield Person(key=key, role="other", place=case.place(""), names=(name,) if name else (), facts=facts)
        for kind, place, text in found:
            yield from self._reader.declared(kind, text, place=place, role="other", person=key, pivot=False)

    def identifier(self, one: Fields) -> Iterator[AnyRow]:
        """Yield an identifier, at each of its events too."""
        one.ignore("MD5")
        sort, platform, raw = one.text("IdentifierType"), one.text("Application") or None, one.text("Name")
        place = one.place("Name")
        if raw:
            yield from self._declared(sort, raw, platform, place, {})
        for event in one.objects("Events"):
            yield from self._event(event, sort, raw, platform)
        for key in ("Comments", "Tags"):
            for at, text in one.texts(key):
                yield from self._reader.free_text(text, place=at, label=key)
        for about in one.objects("IdentifierMetadata"):
            about.ignore("MD5")
            yield from self._property(about, {})
        yield from one.rest(self._reader, self._unread)

    def _declared(
        self, sort: str, raw: str, platform: str | None, place: str, facts: dict[str, Any]
    ) -> Iterator[AnyRow]:
        kind, text = _kind(sort, raw, platform)
        if kind is None:
            yield FreeText(text=f"{sort or 'Identifier'}: {raw}", place=place, label="Identifier")
            yield from self._reader.mentioned(raw, place=place, **facts)
            return
        if kind == "ip":
            text, port = split_port(text)
            facts = {**facts, "port": port}
        yield from self._reader.declared(kind, text, as_written=raw, place=place, platform=platform, **facts)

    def _event(self, event: Fields, sort: str, raw: str, platform: str | None) -> Iterator[AnyRow]:
        event.ignore("EventID", "MD5")
        facts: dict[str, Any] = {"event": event.text("EventType") or None}
        place = event.place("EventTime")
        if written := event.text("EventTime"):
            when = self._reader.time(written)
            if is_zero(when):
                yield FreeText(text=written, place=place, label="EventTime")
            else:
                yield from self._reader.time_doubts(when, place=place)
                facts["seen_at"] = None if is_unread(when) else when
        if raw:
            yield from self._declared(sort, raw, platform, event.place(""), facts)
        for one in event.objects("EventMetadata"):
            one.ignore("EventID")
            yield from self._property(one, facts)
        yield from event.rest(self._reader, self._unread)

    def _property(self, one: Fields, facts: dict[str, Any]) -> Iterator[AnyRow]:
        name, place = one.text("PropertyName"), one.place("PropertyValue")
        value = one.text("PropertyValue")
        one.ignore("PropertyGroup")
        if value and _plain(name) in _KINDS:
            yield from self._declared(name, value, None, place, facts)
        elif value:
            yield from self._reader.free_text(value, place=place, label=name[:100] or None)
        yield from one.rest(self._reader, self._unread)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def _kind(sort: str, raw: str, platform: str | None) -> tuple[str | None, str]:
    """Return the kind that a type of identifier names, and the text to read: without a platform a user name is just that."""
    plain = _plain(sort)
    if plain in _ACCOUNTS:
        return ("account" if platform else "handle"), raw
    if plain in _IDS and platform:
        return "account", f"id:{raw}"
    return _KINDS.get(plain), raw
