"""One object of CASE: its facets as declared values, messages and calls, people; all else told in one text."""

from collections.abc import Callable, Iterator
from typing import Any

from cets.domains.identifiers.kinds.base import Role
from cets.domains.intake import json_leaves, stated_roles
from cets.domains.intake.reading import Reader, is_unread
from cets.domains.intake.rows import AnyRow, FreeText, Message, Person
from cets.domains.intake.sources.case_uco.index import SHOWN, Index, is_number
from cets.domains.intake.sources.case_uco.node import Node
from cets.kernel.moments import Moment

_HASHES = {
    "md5": "md5",
    "sha1": "sha1",
    "sha256": "sha256",
    "sha512": "sha512",
    "pdq": "pdq",
    "photodna": "photodna",
}
#: Facets whose one value is an identifier of its own, besides those that an object is shown by.
_VALUES = {
    "MobileAccountFacet": (("IMSI", "imsi"), ("MSISDN", "phone")), "SIMCardFacet": (("IMSI", "imsi"),),
    "MobileDeviceFacet": (("IMEI", "imei"), ("MSISDN", "phone"), ("bluetoothDeviceName", "")),
    "DeviceFacet": (("serialNumber", "device"),),
}  # fmt: skip
_NAMES = ("displayName", "nickname", "screenName")


class ObjectReader:
    def __init__(self, reader: Reader, index: Index) -> None:
        self._reader, self._index = reader, index
        self.number = 0
        self._people: set[str] = set()
        self._facets: dict[str, Callable[[Node, Node, dict[str, Any]], Iterator[AnyRow]]] = {
            "MessageFacet": self._message, "SMSMessageFacet": self._message, "EmailMessageFacet": self._mail, "CallFacet": self._call,
            "ContentDataFacet": self._content, "FileFacet": self._file, "AccountFacet": self._account,
            "DigitalAccountFacet": self._digital, "NetworkConnectionFacet": self._connection,
        }  # fmt: skip

    def rows(self, node: Node) -> Iterator[AnyRow]:
        facets, label = node.nodes("hasFacet"), ", ".join(sorted(node.types))[:100] or None
        if node.types & {"Person", "Contact"}:
            yield from self._person(node, facets)
        pivot = node.id not in self._index.performers
        owner = node.id if node.id in self._people else self._index.owner(node.id)
        facts: dict[str, Any] = {"person": owner, "role": self._role(owner)} if owner else {}
        facts |= {} if pivot and owner not in self._index.performers else {"pivot": False}
        for facet in facets:
            yield from self._facet(node, facet, facts)
        for name in ("source", "target"):
            node_refs = node.refs(name)
            if node_refs:
                yield FreeText(
                    text=f"{name}: {', '.join(map(self._index.name, node_refs))}",
                    place=node.place(name),
                    label=label,
                )
        text = json_leaves.told(node.left(), self._index.name)
        yield from self._reader.free_text(text, place=node.place(), label=label, **facts)

    def _facet(self, node: Node, facet: Node, facts: dict[str, Any]) -> Iterator[AnyRow]:
        for sort in sorted(facet.types):
            if sort in self._facets:
                yield from self._facets[sort](node, facet, facts)
            values = _VALUES.get(sort, ())
            if sort in SHOWN and SHOWN[sort][1] and not values:
                values = (SHOWN[sort],)
            for field, kind in values:
                for place, text in facet.texts(field) if kind else ():
                    if kind == "domain" and "." not in text:  # the name of a machine in its own network
                        yield from self._reader.free_text(text, place=place, label="Host", **facts)
                    else:
                        yield from self._reader.declared(kind, text, place=place, **facts)
        text = json_leaves.told(facet.left(), self._index.name)
        yield from self._reader.free_text(
            text, place=facet.place(), label=", ".join(sorted(facet.types))[:100] or None, **facts
        )

    def _time(self, text: str) -> Moment | None:
        when = self._reader.time(text) if text else None
        return when if when and not is_unread(when) else None

    def _person(self, node: Node, facets: list[Node]) -> Iterator[AnyRow]:
        """Yield a person; who performed an action of the investigation is an officer."""
        if not node.id or node.id in self._people:
            return
        self._people.add(node.id)
        names, birth = [node.text("name")], ""
        for facet in facets:
            if facet.types & {"SimpleNameFacet", "ContactFacet"}:
                given = facet.text("givenName") or facet.text("firstName")
                family = facet.text("familyName") or facet.text("lastName")
                names += [" ".join(filter(None, (given, family))), *(facet.text(name) for name in _NAMES)]
            if "BirthInformationFacet" in facet.types:
                birth = facet.text("birthdate")
        is_officer, role = node.id in self._index.performers, self._role(node.id)
        shown = tuple(dict.fromkeys(filter(None, names)))
        yield Person(key=node.id, role=role, place=node.place(), names=shown, birth_date=birth or None)
        yield from stated_roles.settled(self._index.roles(node.id), node.place())[1]
        for name in shown:
            yield from self._reader.declared(
                "display_name", name, place=node.place(), person=node.id, pivot=not is_officer, role=role
            )

    def _role(self, person: str) -> Role:
        """Return what the file states of a person; who performed an action of the investigation is an officer."""
        if person in self._index.performers:
            return "other"
        return stated_roles.settled(self._index.roles(person), "")[0]

    def _account(self, node: Node, facet: Node, facts: dict[str, Any]) -> Iterator[AnyRow]:
        """An account is one of the body that issued it, or of its program; without their names it is told as text."""
        if is_number(node, str(self._index.accounts.get(node.id, ""))):
            for place, text in facet.texts("accountIdentifier"):
                yield from self._reader.declared("phone", text, place=place, **facts)
        issuer = self._index.issuer(node.id)
        if issuer is None or "PhoneAccount" in node.types:
            return
        facet.refs("accountIssuer")
        for place, text in facet.texts("accountIdentifier"):
            if "@" in text.strip("@"):
                yield from self._reader.free_text(
                    text, place=place, label=f"Account at {issuer}"[:100], **facts
                )
            else:
                raw = f"id:{text}" if text.isdigit() else text
                yield from self._reader.declared(
                    "account", raw, as_written=text, place=place, platform=issuer, **facts
                )

    def _digital(self, _: Node, facet: Node, facts: dict[str, Any]) -> Iterator[AnyRow]:
        for field, event in (("firstLoginTime", "FIRST_LOGIN"), ("lastLoginTime", "LAST_LOGIN")):
            if written := facet.text(field):
                yield FreeText(
                    text=f"{event.replace('_', ' ').capitalize()}: {written}",
                    place=facet.place(field),
                    label="Account",
                )
        for field, kind in (("accountLogin", "handle"), ("displayName", "display_name")):
            for place, text in facet.texts(field):
                yield from self._reader.declared(
                    "email" if "@" in text.strip("@") and kind == "handle" else kind,
                    text,
                    place=place,
                    **facts,
                )

    def _content(self, _: Node, facet: Node, facts: dict[str, Any]) -> Iterator[AnyRow]:
        for one in facet.nodes("hash"):
            method = one.text("hashMethod")
            sort = _HASHES.get(method.casefold().replace("-", "").replace("_", ""))
            for place, text in one.texts("hashValue"):
                if method and not sort:  # whose length may be that of another
                    yield FreeText(text=f"{method}: {text}", place=place, label="Hash of another sort")
                    continue
                raw = f"{sort}:{text}" if sort else text
                yield from self._reader.declared("hash", raw, as_written=text, place=place, **facts)
        if facet.text("dataPayload"):
            yield FreeText(
                text="Content stands in the file; it was not opened.", place=facet.place("dataPayload")
            )

    def _file(self, _: Node, facet: Node, facts: dict[str, Any]) -> Iterator[AnyRow]:
        for field in ("filePath", "fileName"):
            for place, text in facet.texts(field):
                yield from self._reader.free_text(text, place=place, label="File", **facts)

    def _message(self, node: Node, facet: Node, facts: dict[str, Any]) -> Iterator[AnyRow]:
        if "MessageFacet" not in facet.types and not facet.has(
            "messageText", "from", "to", "sentTime", "receivedTime"
        ):
            return  # of a short message that is told in another facet
        text = facet.text("messageText")
        sent = facet.text("sentTime") or facet.text("receivedTime")
        yield from self._sent(node, facet, text=text, sent=sent, kind="chat", **facts)

    def _mail(self, node: Node, facet: Node, facts: dict[str, Any]) -> Iterator[AnyRow]:
        text = facet.text("body")
        yield from self._sent(node, facet, text=text, sent=facet.text("sentTime"), kind="mail", **facts)

    def _call(self, node: Node, facet: Node, facts: dict[str, Any]) -> Iterator[AnyRow]:
        told = [f"Call, {facet.text('callType')}".rstrip(", ")]
        told += [
            f"{label}: {text}"
            for name, label in (("duration", "duration"), ("endTime", "end"))
            if (text := facet.text(name))
        ]
        yield from self._sent(
            node, facet, text="; ".join(told), sent=facet.text("startTime"), kind="system", **facts
        )

    def _sent(
        self, node: Node, facet: Node, *, text: str, sent: str, kind: Any, **facts: Any
    ) -> Iterator[AnyRow]:
        """Yield a message, and each end of it that the file names."""
        self.number += 1
        when, place = self._time(sent), facet.place()
        subject_place, subject = facet.place("subject"), facet.text("subject")
        senders, recipients = facet.refs("from"), [*facet.refs("to"), *facet.refs("cc"), *facet.refs("bcc")]
        thread = self._index.threads.get(node.id)
        program = ", ".join(filter(None, map(self._index.known, facet.refs("application"))))
        owner = self._index.owner(senders[0]) if senders else None
        yield Message(
            number=self.number,
            text=text,
            place=place,
            kind=kind,
            thread=self._index.name(thread) if thread else None,
            sender=self._index.name(senders[0]) if senders else None,
            sender_person=owner,
            recipients=tuple(map(self._index.name, recipients)),
            subject=subject or None,
            sent_at=when,
            headers=(("Program", program),) if program else (),
        )
        if sent:
            yield from self._reader.time_doubts(self._reader.time(sent), place=place)
        for event, ends in (("SENT", senders), ("RECEIVED", recipients)):
            for ref in ends:
                yield from self._end(ref, event, place, when)
        noted: dict[str, Any] = {"seen_at": when, **({"pivot": False} if facts.get("pivot") is False else {})}
        yield from self._reader.mentioned(text, place=place, message=self.number, **noted)
        if subject:
            yield from self._reader.mentioned(subject, place=subject_place, **noted)

    def _end(self, ref: str, event: str, place: str, when: Moment | None) -> Iterator[AnyRow]:
        kind = self._index.kinds.get(ref) or self._index.kinds.get(self._index.addresses.get(ref, ""))
        shown, owner, platform = self._index.known(ref), self._index.owner(ref), self._index.issuer(ref)
        noted: dict[str, Any] = {
            "seen_at": when,
            "event": event,
            "message": self.number,
            **({"person": owner, "role": self._role(owner)} if owner else {}),
        }
        if kind and shown:
            yield from self._reader.declared(kind, shown, place=place, **noted)
        elif platform and (name := self._index.accounts.get(ref)):
            raw = f"id:{name}" if name.isdigit() else name
            yield from self._reader.declared(
                "account", raw, as_written=name, place=place, platform=platform, **noted
            )

    def _connection(self, _: Node, facet: Node, facts: dict[str, Any]) -> Iterator[AnyRow]:
        """Yield each end of a connection at its time and port."""
        written = facet.text("startTime"), facet.text("endTime")
        start, end = map(self._time, written)
        for text in filter(None, written):
            yield from self._reader.time_doubts(self._reader.time(text), place=facet.place())
        for name, port in (("src", "sourcePort"), ("dst", "destinationPort")):
            number = facet.text(port)
            used = int(number) if number.isdigit() and 0 < int(number[:6]) < 1 << 16 else None
            for ref in facet.refs(name):
                kind, shown = self._index.kinds.get(ref), self._index.known(ref)
                if kind and shown:
                    yield from self._reader.declared(
                        kind, shown, place=facet.place(name), seen_at=start, until=end, gaps=bool(end),
                        event="NETWORK_CONNECTION", port=used, **facts,
                    )  # fmt: skip
