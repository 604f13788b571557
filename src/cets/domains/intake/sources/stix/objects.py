"""One STIX object and its rows: observables as declared, notes and descriptions as text, mails as messages."""

from collections.abc import Callable, Iterator
from typing import Any

from cets.domains.intake import json_leaves, stated_roles
from cets.domains.intake.json_fields import Fields, Unread
from cets.domains.intake.json_walk import text_of
from cets.domains.intake.reading import Reader, is_unread
from cets.domains.intake.rows import AnyRow, FreeText, Message, Person, Sighting
from cets.domains.intake.sources.stix.index import Index, refs
from cets.kernel.moments import Moment

_VALUES = {
    "email-addr": "email",
    "ipv4-addr": "ip",
    "ipv6-addr": "ip",
    "url": "url",
    "domain-name": "domain",
    "mac-addr": "mac",
}
_HASHES = {
    "md5": "md5",
    "sha1": "sha1",
    "sha256": "sha256",
    "sha512": "sha512",
    "pdq": "pdq",
    "photodna": "photodna",
}
#: Accounts of a machine: their names are known on it only.
_OF_A_MACHINE = frozenset({"unix", "windows-local", "windows-domain", "ldap", "tacacs", "radius", "nis"})
_ACCOUNT = (
    "account_created",
    "account_expires",
    "account_first_login",
    "account_last_login",
    "credential_last_changed",
)
_COMMON = (
    "type", "spec_version", "id", "created", "modified", "created_by_ref", "object_marking_refs", "granular_markings", "revoked",
    "defanged", "confidence", "lang", "extensions_ref", "pattern_type", "pattern_version", "first_observed", "last_observed",
    "number_observed", "object_refs", "is_multipart", "hash_algorithm",
)  # fmt: skip
_PROSE = (
    "name",
    "abstract",
    "content",
    "description",
    "explanation",
    "statement",
    "pattern",
    "contact_information",
)
#: Of the standard, and told in one text as they stand.
_OTHERS = frozenset({
    "artifact", "autonomous-system", "directory", "mutex", "process", "software", "windows-registry-key", "x509-certificate",
    "attack-pattern", "campaign", "course-of-action", "grouping", "identity", "incident", "indicator", "infrastructure",
    "intrusion-set", "language-content", "location", "malware", "malware-analysis", "note", "observed-data", "opinion", "report",
    "sighting", "threat-actor", "tool", "vulnerability", "extension-definition", "marking-definition", "email-message",
    "network-traffic", "file", "user-account", *_VALUES,
})  # fmt: skip


#: What is seen at a time.
_OBSERVABLES = frozenset({"user-account", "file", *_VALUES})
_PEOPLE = frozenset({"", "individual", "unknown", "unspecified"})


class ObjectReader:
    def __init__(self, reader: Reader, unread: Unread, index: Index) -> None:
        self._reader, self._unread, self._index = reader, unread, index
        self.number = 0
        self._people: set[str] = set()
        self._producers: set[str] = set()  # where those stand who made the objects
        self._readers: dict[str, Callable[[Fields, dict[str, Any]], Iterator[AnyRow]]] = {
            "user-account": self._account, "file": self._file, "artifact": self._file, "email-message": self._mail,
            "network-traffic": self._traffic, "observed-data": self._observed, "identity": self._identity,
            "relationship": self._relationship,
            **dict.fromkeys(_VALUES, self._value),
        }  # fmt: skip

    def rows(self, one: Fields, seen: dict[str, Any] | None = None) -> Iterator[AnyRow]:
        """Yield the rows of an object. `seen`: its times, where it stands within an observation."""
        sort = text_of(one.peek("type"))
        facts, *further = [seen] if seen else self._seen(text_of(one.peek("id"))) or [{}]
        reader = self._readers.get(sort)
        value = one.all()
        one = Fields(value, one.pointer)
        if reader:
            yield from reader(one, facts)
        if reader and sort in _OBSERVABLES:  # observed once more: the same values at another time
            for again in further:
                rows = reader(Fields(value, one.pointer), again)
                yield from (row for row in rows if isinstance(row, Sighting))
        one.ignore(*_COMMON)
        for key in _PROSE:
            for place, text in one.texts(key):
                yield from self._reader.free_text(
                    text, place=place, label=f"{sort}, {key}"[:100], **self._pivot(one)
                )
        if sort in _OTHERS or sort == "relationship":
            text = json_leaves.told(one.all(), self._index.name)
            yield from self._reader.free_text(text, place=one.place(""), label=sort, **facts)
        else:
            yield from one.rest(self._reader, self._unread, **facts)

    def _pivot(self, one: Fields) -> dict[str, Any]:
        return {"pivot": False} if one.pointer in self._producers else {}

    def _seen(self, identity: str) -> list[dict[str, Any]]:
        observed = dict.fromkeys(self._index.seen.get(identity, ()))
        return [self._times(one.first, one.last) for one in observed]

    def _times(self, first: str, last: str) -> dict[str, Any]:
        """Return what was seen at both times, and perhaps was another's between them."""
        start, end = self._time(first), self._time(last)
        if start and end and last != first:
            return {"seen_at": start, "until": end, "gaps": True}
        return {"seen_at": start or end} if start or end else {}

    def _time(self, text: str) -> Moment | None:
        when = self._reader.time(text) if text else None
        return when if when and not is_unread(when) else None

    def _value(self, one: Fields, facts: dict[str, Any]) -> Iterator[AnyRow]:
        kind = _VALUES[one.text("type")]
        owner = next(refs(one.peek("belongs_to_ref")), "")
        if owner in self._index.accounts:
            facts = {**facts, "person": owner}
        for place, text in one.texts("value"):
            yield from self._reader.declared(kind, text, place=place, **facts)
        for place, text in one.texts("display_name"):
            yield from self._reader.declared("display_name", text, place=place, **facts)

    def _account(self, one: Fields, facts: dict[str, Any]) -> Iterator[AnyRow]:
        key, platform = one.text("id") or one.pointer, one.text("account_type")
        names = tuple(text for _, text in one.texts("display_name"))
        about = tuple(
            (name.replace("_", " ").capitalize(), text) for name in _ACCOUNT if (text := one.text(name))
        )
        if key not in self._people:
            self._people.add(key)
            yield Person(key=key, role="unknown", place=one.place(""), names=names, facts=about)
        facts = {**facts, "person": key}
        for name in names:
            yield from self._reader.declared("display_name", name, place=one.place("display_name"), **facts)
        is_local = platform.casefold() in _OF_A_MACHINE
        for field in ("account_login", "user_id"):
            place, text = one.place(field), one.text(field)
            if text and is_local:
                yield FreeText(
                    text=f"{platform} {field.replace('_', ' ')}: {text}", place=place, label="user-account"
                )
            elif text and not platform:
                yield from self._reader.declared("handle", text, place=place, **facts)
            elif text:
                raw = f"id:{text}" if field == "user_id" and text.isdigit() else text
                yield from self._reader.declared(
                    "account", raw, as_written=text, place=place, platform=platform, **facts
                )

    def _file(self, one: Fields, facts: dict[str, Any]) -> Iterator[AnyRow]:
        hashes = one.object("hashes")
        for name, text in ((name, text_of(value)) for name, value in hashes.all().items()):
            sort, place = _HASHES.get(_plain(name)), hashes.place(name)
            if text and sort:
                yield from self._reader.declared(
                    "hash", f"{sort}:{text}", as_written=text, place=place, **facts
                )
            elif text:
                yield FreeText(text=f"{name}: {text}", place=place, label="Hash of another sort")
        if one.text("payload_bin"):
            yield FreeText(
                text="The content of a file is in the bundle; it was not opened.",
                place=one.place("payload_bin"),
            )

    def _mail(self, one: Fields, facts: dict[str, Any]) -> Iterator[AnyRow]:
        self.number += 1
        place = one.place("")
        sent = one.text("date")
        when = self._reader.time(sent) if sent else None
        senders = [*refs(one.take("from_ref")), *refs(one.take("sender_ref"))]
        recipients = [ref for key in ("to_refs", "cc_refs", "bcc_refs") for ref in refs(one.take(key))]
        parts = [one.text("body"), *(part.text("body") for part in one.objects("body_multipart"))]
        text = "\n\n".join(filter(None, parts))
        message_id, subject = one.text("message_id"), one.text("subject")
        yield Message(
            number=self.number,
            text=text,
            place=place,
            kind="mail",
            sender=self._index.name(senders[0]) if senders else None,
            recipients=tuple(map(self._index.name, recipients)),
            subject=subject or None,
            sent_at=when,
            headers=(("Message-ID", message_id),) if message_id else (),
        )
        if when:
            yield from self._reader.time_doubts(when, place=one.place("date"))
        noted = {**facts, "message": self.number}
        for event, ends in (("SENT", senders), ("RECEIVED", recipients)):
            yield from self._ends(ends, event, place, when)
        yield from self._reader.mentioned(text, place=place, **noted)
        if subject:
            yield from self._reader.mentioned(subject, place=one.place("subject"), **facts)

    def _ends(self, ends: list[str], event: str, place: str, when: Moment | None) -> Iterator[AnyRow]:
        """Yield the addresses at the ends of a mail, as far as the bundle holds them."""
        for ref in ends:
            kind, shown = _VALUES.get(self._index.sort(ref)), self._index.name(ref)
            if kind and shown != ref:
                yield from self._reader.declared(
                    kind, shown, place=place, seen_at=when, event=event, message=self.number
                )

    def _traffic(self, one: Fields, facts: dict[str, Any]) -> Iterator[AnyRow]:
        """Yield each end of a connection at its time and port; the addresses are objects of their own."""
        times = self._times(one.text("start"), one.text("end")) or facts
        for key, port in (("src_ref", "src_port"), ("dst_ref", "dst_port")):
            ref, number = next(refs(one.take(key)), ""), one.text(port)
            shown, kind = self._index.name(ref), _VALUES.get(self._index.sort(ref))
            if kind and shown != ref:
                used = int(number) if number.isdigit() and 0 < int(number[:6]) < 1 << 16 else None
                yield from self._reader.declared(
                    kind, shown, place=one.place(key), event="NETWORK_TRAFFIC", port=used, **times
                )

    def _observed(self, one: Fields, _: dict[str, Any]) -> Iterator[AnyRow]:
        """STIX 2.0 holds the objects of an observation within it."""
        times = self._times(text_of(one.peek("first_observed")), text_of(one.peek("last_observed")))
        inner = one.object("objects")
        self._index.local = inner.all()
        for key, value in self._index.local.items():
            if isinstance(value, dict):
                yield from self.rows(Fields(value, inner.place(key)), times)
        self._index.local = {}

    def _identity(self, one: Fields, _: dict[str, Any]) -> Iterator[AnyRow]:
        key, name = text_of(one.peek("id")), one.text("name")
        is_producer = key in self._index.producers
        sort = one.text("identity_class")
        if is_producer:
            self._producers.add(one.pointer)
        if not name or (key or one.pointer) in self._people:
            return
        self._people.add(key or one.pointer)
        stated = list(refs(one.peek("roles")))
        role, doubts = (
            stated_roles.settled(stated, one.place("roles"))
            if sort.casefold() in _PEOPLE
            else ("unknown", [])
        )
        role = "other" if is_producer else role
        facts = (("Kind", sort),) if sort else ()
        yield Person(key=key or one.pointer, role=role, place=one.place(""), names=(name,), facts=facts)
        yield from doubts
        for place, text in one.texts("contact_information"):
            yield from self._reader.free_text(
                text, place=place, label="identity, contact_information", role=role, person=key or one.pointer, **self._pivot(one)
            )  # fmt: skip

    def _relationship(self, one: Fields, _: dict[str, Any]) -> Iterator[AnyRow]:
        source, target = one.text("source_ref"), one.text("target_ref")
        text = f"{self._index.name(source)} {one.text('relationship_type')} {self._index.name(target)}"
        yield FreeText(text=text, place=one.place(""), label="relationship")


def _plain(name: str) -> str:
    """Return a name of hashes as it is known: those not in the standard's list begin with "x_"."""
    return name.casefold().removeprefix("x_").replace("-", "").replace("_", "")
