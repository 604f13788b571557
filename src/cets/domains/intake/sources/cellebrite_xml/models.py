"""The models of a report: messages, mails and calls; contacts and accounts; all others told in one text and searched."""

from collections.abc import Callable, Iterator
from typing import Any, Literal

from cets.domains.intake.chat_times import ChatTimes
from cets.domains.intake.jids import jid_of
from cets.domains.intake.reading import Reader, is_empty
from cets.domains.intake.rows import AnyRow, FreeText, Message
from cets.domains.intake.sources.cellebrite_xml.model import Model, told
from cets.domains.intake.sources.cellebrite_xml.people import People
from cets.domains.intake.sources.cellebrite_xml.records import RecordReader, Times, ends_of, way_of

#: Of a message: its own numbers and what the tool says of itself.
_PASSED_OVER = (
    "Identifier", "Platform", "SourceApplication", "IsLocationSharing", "UserMapping", "ServiceIdentifier", "Attachment",
)  # fmt: skip
#: Fields that hold an identifier in models of other types, with the field of its time.
_VALUES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "WebBookmark": (("Url", "url", "TimeStamp"),), "Cookie": (("Domain", "domain", ""),),
    "WirelessNetwork": (("BSSId", "mac", "LastConnection"),), "BluetoothDevice": (("MACAddress", "mac", "LastConnected"),),
    "Device": (("MACAddress", "mac", ""),), "IPConnection": (("RouterAddress", "ip", "TimeStamp"),),
}  # fmt: skip
_NAMED = {
    "imei": "imei", "imsi": "imsi", "msisdn": "phone", "phonenumber": "phone", "macaddress": "mac", "bluetoothaddress":
    "mac", "wifiaddress": "mac", "bluetoothmacaddress": "mac", "wifimacaddress": "mac", "serial": "device", "serialnumber":
    "device", "advertisingid": "device", "androidid": "device", "appleid": "email", "iccid": "device",
    "udid": "device", "uniquedeviceid": "device", "uniqueid": "device", "detectedphonenumber": "phone",
    "ownerphonenumber": "phone",
}  # fmt: skip


class ModelReader:
    def __init__(self, reader: Reader) -> None:
        self._reader, self.people = reader, People(reader)
        self._records = records = RecordReader(reader, self.people)
        self._times, self._doubts = Times(reader), ChatTimes(reader)
        self.number = 0
        self._chat_met = self._thread = ""
        self._threads: dict[str, str] = {}
        self._readers: dict[str, Callable[[Model], Iterator[AnyRow]]] = {
            "InstantMessage": self.message, "SMS": self._short, "MMS": self._short, "Email": self._mail,
            "Chat": self._chat, "Contact": self.people.contact, "UserAccount": self.people.contact,
            "DeviceInfoEntry": self._named, "SIMData": self._named, "Password": self._password,
            "InstalledApplication": self._application, "ApplicationUsage": self._application,
            "AppsUsageLog": self._application,
            "Call": records.call, "Location": records.location, "VisitedPage": records.page,
            "SearchedItem": records.search, "FileDownload": records.download,
        }  # fmt: skip

    def rows(self, model: Model) -> Iterator[AnyRow]:
        yield from self._readers.get(model.type, self._other)(model)

    def message(self, one: Model, chat: "Model | None" = None) -> Iterator[AnyRow]:
        """Yield a message of a chat; the chat's name stands before its messages."""
        program = chat.text("Source") if chat else ""
        if chat and chat.path != self._chat_met:
            self._chat_met, self._thread = chat.path, self._named_once(chat)
            for party in chat.models("Participants"):
                yield from self.people.party(party, program)[2]
        sort = one.text("Type")
        kind: Literal["chat", "system"] = "system" if "system" in sort.casefold() else "chat"
        yield from self._sent(
            one, kind, senders=one.models("From"), receivers=one.models("To"), program=program,
            thread=self._thread if chat else None,
        )  # fmt: skip

    def _named_once(self, chat: Model) -> str:
        """Return what tells a chat from the others: programs and rooms have names in common."""
        name, identity = chat.text("Name"), chat.text("Id") or chat.place
        shown = name or identity
        if self._threads.setdefault(shown, identity) != identity:
            shown = f"{shown} ({identity})"
        return shown

    def _short(self, one: Model) -> Iterator[AnyRow]:
        way = way_of(one.peek("Type"), one.peek("Folder"), one.peek("Status"))
        senders, receivers = ends_of(one.models("Parties", "Party"), way)
        yield from self._sent(
            one, "chat", senders=senders + one.models("From"), receivers=receivers + one.models("To")
        )

    def _mail(self, one: Model) -> Iterator[AnyRow]:
        yield from self._sent(
            one, "mail", senders=one.models("From"), receivers=one.models("To", "Cc", "Bcc")
        )

    def _sent(
        self, one: Model, kind: Literal["chat", "mail", "system"], *, senders: list[Model], receivers: list[Model],
        thread: str | None = None, program: str = "",
    ) -> Iterator[AnyRow]:  # fmt: skip
        self.number += 1
        number, place = self.number, one.place
        when, source = self._times.of(one, "TimeStamp"), one.text("Source") or program
        facts: dict[str, Any] = {"seen_at": when, "event": "message", "message": number}
        # In a mail without an address there is a name: no program gives accounts to those who write it.
        ends, rows = self._ends(senders, receivers, "" if kind == "mail" else source, facts)
        rows += self.people.account(one.text("Account"), source, place, **facts)
        body = one.text("Body")
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
        yield from self._doubts.doubts(when, place)
        noted: dict[str, Any] = {"seen_at": when, "message": number}
        yield from self._reader.mentioned(body, place=place, **noted)
        one.ignore(*_PASSED_OVER)
        yield from self._records.left(one, source, when)

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
        rows += told(self._reader, one, label=f"Attachment {name}".strip(), **noted)
        if name:
            yield name

    def _chat(self, one: Model) -> Iterator[AnyRow]:
        """Yield a chat at its end: its parties and what is said of it; the messages came before."""
        source, place = one.text("Source"), one.place
        for party in one.models("Participants"):
            yield from self.people.party(party, source)[2]
        identity = one.text("Id")
        if (jid := jid_of(identity)) and jid.kind == "group":
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
        yield from self.people.account(one.text("Account"), source, place)
        yield from self._records.left(one, source, None)

    def _named(self, one: Model) -> Iterator[AnyRow]:
        """Yield what is told of device or card: a name and a value."""
        name, value = one.text("Name"), one.text("Value")
        yield from self.named(name, value, one.place)
        yield from told(self._reader, one, label=one.type)

    def named(self, name: str, value: str, place: str) -> Iterator[AnyRow]:
        """Yield a value that a name beside it explains."""
        plain = "".join(filter(str.isalnum, name)).casefold().removeprefix("deviceinfo")
        kind = _NAMED.get(plain.rstrip("0123456789").removeprefix("lastused"))
        if kind and not is_empty(value):
            yield from self._reader.declared(kind, value, place=place)
        elif value:
            yield from self._reader.free_text(value, place=place, label=name[:100] or None)

    def _password(self, one: Model) -> Iterator[AnyRow]:
        """Yield the account for which a password is kept, by the service where it is one of those known."""
        yield from self.people.account(one.text("Account"), one.text("Service", "Source"), one.place)
        yield from self._other(one)

    def _application(self, one: Model) -> Iterator[AnyRow]:
        """Yield a program on the device: what identifies it looks like the name of a host."""
        text = one.text("Identifier", "ApplicationId")
        if text:
            yield FreeText(text=text, place=one.place, label=f"{one.type}: Identifier"[:100])
        yield from self._other(one)

    def _other(self, one: Model) -> Iterator[AnyRow]:
        times = tuple(time for _, _, time in _VALUES.get(one.type, ()) if time)
        when = self._times.of(one, *times, "TimeStamp")
        if when:
            yield from self._doubts.doubts(when, one.place)
        for field, kind, _ in _VALUES.get(one.type, ()):
            for text in one.texts(field):
                yield from self._reader.declared(
                    kind, text, place=one.place, seen_at=when, event=one.type if when else None
                )
        if when or one.state:
            parts = (("Time", when.raw if when else ""), ("Deleted state", one.state))
            told_of = "; ".join(f"{label}: {text}" for label, text in parts if text)
            yield FreeText(text=told_of, place=one.place, label=one.type[:100])
        yield from self._records.left(one, one.text("Source"), when)
