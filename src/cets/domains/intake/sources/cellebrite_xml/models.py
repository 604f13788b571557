"""The models of a report: messages, mails and calls; contacts and accounts; all others told in one text and searched."""

from collections.abc import Callable, Iterator
from typing import Any, Literal

from cets.domains.intake.reading import Reader, is_unread
from cets.domains.intake.rows import AnyRow, FreeText, Message
from cets.domains.intake.sources.cellebrite_xml.model import Model
from cets.domains.intake.sources.cellebrite_xml.people import People
from cets.kernel.moments import Moment

#: Of a message: its own numbers and what the tool says of itself.
_PASSED_OVER = (
    "Identifier", "Platform", "SourceApplication", "IsLocationSharing", "UserMapping", "ServiceIdentifier", "Attachment",
)  # fmt: skip
#: Fields that hold an identifier in models of other types, with the field of its time.
_VALUES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "VisitedPage": (("Url", "url", "LastVisited"),), "WebBookmark": (("Url", "url", "TimeStamp"),), "Cookie": (("Domain", "domain", ""),),
    "WirelessNetwork": (("BSSId", "mac", "LastConnection"),), "BluetoothDevice": (("MACAddress", "mac", "LastConnected"),),
    "Device": (("MACAddress", "mac", ""),), "IPConnection": (("RouterAddress", "ip", "TimeStamp"),),
}  # fmt: skip
_NAMED = {
    "imei": "imei", "imsi": "imsi", "msisdn": "phone", "phonenumber": "phone", "macaddress": "mac", "bluetoothaddress":
    "mac", "wifiaddress": "mac", "bluetoothmacaddress": "mac", "wifimacaddress": "mac", "serial": "device", "serialnumber":
    "device", "advertisingid": "device", "androidid": "device", "appleid": "email",
}  # fmt: skip


class ModelReader:
    def __init__(self, reader: Reader) -> None:
        self._reader, self.people = reader, People(reader)
        self.number = 0
        self._chat_met = ""
        self._readers: dict[str, Callable[[Model], Iterator[AnyRow]]] = {
            "InstantMessage": self.message, "SMS": self._short, "MMS": self._short, "Email": self._mail, "Call": self._call,
            "Chat": self._chat, "Contact": self.people.contact, "UserAccount": self.people.contact,
            "DeviceInfoEntry": self._named, "SIMData": self._named,
        }  # fmt: skip

    def rows(self, model: Model) -> Iterator[AnyRow]:
        yield from self._readers.get(model.type, self._other)(model)

    def message(self, one: Model, chat: "Model | None" = None) -> Iterator[AnyRow]:
        """Yield a message of a chat; the chat's name stands before its messages."""
        thread = (chat.text("Name") or chat.text("Id")) if chat else ""
        if chat and chat.place != self._chat_met:
            self._chat_met, source = chat.place, chat.text("Source")
            for party in chat.models("Participants"):
                yield from self.people.party(party, source)[2]
        sort = one.text("Type")
        kind: Literal["chat", "system"] = "system" if "system" in sort.casefold() else "chat"
        yield from self._sent(
            one, kind, senders=one.models("From"), receivers=one.models("To"), thread=thread or None
        )

    def _short(self, one: Model) -> Iterator[AnyRow]:
        senders, receivers = _by_role(one.models("Parties", "Party"))
        yield from self._sent(
            one, "chat", senders=senders + one.models("From"), receivers=receivers + one.models("To")
        )

    def _mail(self, one: Model) -> Iterator[AnyRow]:
        yield from self._sent(
            one, "mail", senders=one.models("From"), receivers=one.models("To", "Cc", "Bcc")
        )

    def _call(self, one: Model) -> Iterator[AnyRow]:
        senders, receivers = _by_role(one.models("Parties", "Party"))
        told = [f"Call, {one.text('Type')}".rstrip(", ")]
        told += [
            f"{name.casefold()}: {text}"
            for name in ("Duration", "Status", "VideoCall")
            if (text := one.text(name))
        ]
        yield from self._sent(
            one, "system", senders=senders, receivers=receivers, text="; ".join(told), event="CALL"
        )

    def _sent(
        self, one: Model, kind: Literal["chat", "mail", "system"], *, senders: list[Model], receivers: list[Model],
        thread: str | None = None, text: str | None = None, event: str = "message",
    ) -> Iterator[AnyRow]:  # fmt: skip
        self.number += 1
        number, place = self.number, one.place
        when, source = self._time(one.time("TimeStamp")), one.text("Source")
        facts: dict[str, Any] = {"seen_at": when, "event": event, "message": number}
        ends, rows = self._ends(senders, receivers, source, facts)
        body = text if text is not None else one.text("Body")
        attachments = [
            name
            for each in one.models("Attachments", "Attachment")
            for name in self._attachment(each, rows, facts)
        ]
        headers = [
            ("Program", source),
            ("Deleted state", one.state),
            ("Status", one.text("Status")),
            ("Folder", one.text("Folder")),
        ]
        yield from rows
        yield Message(
            number=number,
            text=body,
            place=place,
            kind=kind,
            thread=thread,
            sender=ends[0][1] if senders and ends else None,
            sender_person=ends[0][0] if senders and ends else None,
            recipients=tuple(shown for _, shown in ends[len(senders) :]),
            subject=one.text("Subject") or None,
            sent_at=when,
            headers=tuple(header for header in headers if header[1]),
            attachments=tuple(attachments),
        )
        if when:
            yield from self._reader.time_doubts(when, place=place)
        noted: dict[str, Any] = {"seen_at": when, "message": number}
        yield from self._reader.mentioned(body, place=place, **noted)
        one.ignore(*_PASSED_OVER)
        yield from self._reader.free_text(one.told(), place=place, label=one.type, seen_at=when)

    def _ends(
        self, senders: list[Model], receivers: list[Model], source: str, facts: dict[str, Any]
    ) -> tuple[list[tuple[str | None, str]], list[AnyRow]]:
        ends, rows = [], list[AnyRow]()
        for party in (*senders, *receivers):
            person, shown, introduced = self.people.party(party, source, **facts)
            ends.append((person, shown))
            rows += introduced
        return ends, rows

    def _attachment(self, one: Model, rows: list[AnyRow], facts: dict[str, Any]) -> Iterator[str]:
        """Yield the name of a file, and leave what else is said of it among the rows."""
        name = one.text("Filename", "Title")
        noted = {key: value for key, value in facts.items() if key == "seen_at"}
        for field, sort in (("MD5", "md5"), ("SHA256", "sha256")):
            if text := one.text(field):
                rows += self._reader.declared(
                    "hash", f"{sort}:{text}", as_written=text, place=one.place, **noted
                )
        rows += self._reader.free_text(
            one.told(), place=one.place, label=f"Attachment {name}".strip()[:100], **noted
        )
        if name:
            yield name

    def _time(self, text: str) -> Moment | None:
        when = self._reader.time(text) if text else None
        return when if when and not is_unread(when) else None

    def _chat(self, one: Model) -> Iterator[AnyRow]:
        """Yield a chat at its end: its parties and what is said of it; the messages came before."""
        source, place = one.text("Source"), one.place
        for party in one.models("Participants"):
            yield from self.people.party(party, source)[2]
        identity = one.text("Id")
        if identity.casefold().endswith("@g.us"):
            yield from self.people.known(identity, source, place)
        told = [
            f"{label}: {text}"
            for label, text in (
                ("Name", one.text("Name")),
                ("Id", identity),
                ("Program", source),
                ("Deleted state", one.state),
            )
            if text
        ]
        if told:
            yield FreeText(text="; ".join(told), place=place, label="Chat")
        one.models("Messages")
        yield from self._reader.free_text(one.told(), place=place, label="Chat")

    def _named(self, one: Model) -> Iterator[AnyRow]:
        """Yield what is told of device or card: a name and a value."""
        name, value = one.text("Name"), one.text("Value")
        yield from self.named(name, value, one.place)
        yield from self._reader.free_text(one.told(), place=one.place, label=one.type)

    def named(self, name: str, value: str, place: str) -> Iterator[AnyRow]:
        """Yield a value that a name beside it explains."""
        kind = _NAMED.get("".join(filter(str.isalnum, name)).casefold().removeprefix("deviceinfo"))
        if kind and value:
            yield from self._reader.declared(kind, value, place=place)
        elif value:
            yield from self._reader.free_text(value, place=place, label=name[:100] or None)

    def _other(self, one: Model) -> Iterator[AnyRow]:
        for field, kind, time in _VALUES.get(one.type, ()):
            when = self._time(one.time(time)) if time else None
            for text in one.texts(field):
                yield from self._reader.declared(
                    kind, text, place=one.place, seen_at=when, event=one.type if when else None
                )
        state = f"; Deleted state: {one.state}" if one.state else ""
        yield from self._reader.free_text(one.told() + state, place=one.place, label=one.type[:100])


def _by_role(parties: list[Model]) -> tuple[list[Model], list[Model]]:
    """Split parties into senders and receivers, by the role that each states; without one he is a receiver."""
    senders, receivers = list[Model](), list[Model]()
    for party in parties:
        (senders if party.text("Role").casefold() == "from" else receivers).append(party)
    return senders, receivers
