"""Attributes and objects of a MISP event: values as declared, remarks as text, objects of people and accounts as persons."""

from collections.abc import Iterator
from typing import Any

import msgspec

from cets.domains.identifiers.kinds.base import Role
from cets.domains.intake import stated_roles
from cets.domains.intake.json_fields import Fields, Unread
from cets.domains.intake.json_walk import text_of
from cets.domains.intake.reading import Reader, is_empty, is_unread, split_port
from cets.domains.intake.rows import AnyRow, FreeText, Message, Person
from cets.domains.intake.sources.misp import vocabulary
from cets.kernel.moments import Moment

_IGNORED = (
    "id", "uuid", "event_id", "event_uuid", "object_id", "timestamp", "distribution", "sharing_group_id", "disable_correlation",
    "attribute_count", "template_uuid", "template_version", "meta-category", "SharingGroup", "Feed", "first_seen", "last_seen",
)  # fmt: skip
_ACCOUNT_FIELDS = {
    "username": "",
    "user-id": "id:",
    "id": "id:",
    "user_id": "id:",
    "screen-name": "",
    "account-name": "",
}
_MESSAGES = ("email", "chat-message", "instant-message")
_NAMES = ("full-name", "display-name", "name", "alias")
_HALVES = (("first-name", "last-name"), ("first_name", "last_name"))


class Owner(msgspec.Struct, frozen=True):
    """Whose an object's attributes are, and on which platform."""

    person: str | None = None
    role: Role = "unknown"
    platform: str | None = None


class AttributeReader:
    def __init__(self, reader: Reader, unread: Unread) -> None:
        self._reader, self._unread = reader, unread
        self.number = 0
        self._people = 0

    def attribute(
        self, one: Fields, owner: Owner | None = None, *, proposed: bool = False
    ) -> Iterator[AnyRow]:
        owner = owner or Owner()
        sort, value, place = one.text("type"), one.text("value"), one.place("value")
        relation, is_deleted = one.text("object_relation"), one.text("deleted") == "yes"
        facts: dict[str, Any] = {"role": owner.role, "person": owner.person, **self._seen(one)}
        if proposed or is_deleted or sort in vocabulary.REFERENCES:
            facts["pivot"] = False
        told = self._told(one, sort, relation, is_deleted=is_deleted, proposed=proposed)
        if one.text("data"):
            told.append("with content, which was not opened")
        yield FreeText(text="; ".join(told), place=one.place(""), label="Attribute")
        if value and (sort.rpartition("|")[2] in vocabulary.NOT_SEARCHED or sort in vocabulary.BYTES):
            if owner.role != "victim":  # of hers it is a fact
                yield FreeText(text=value, place=place, label=sort)
        elif value:
            yield from self._values(sort, relation, value, place, owner, facts)
        for at, text in one.texts("comment"):
            yield from self._reader.free_text(text, place=at, label="Comment", **facts)
        for proposal in one.objects("ShadowAttribute"):
            yield from self.attribute(proposal, owner, proposed=True)
        one.ignore(*_IGNORED)
        yield from one.rest(self._reader, self._unread, **facts)

    def _told(self, one: Fields, sort: str, relation: str, *, is_deleted: bool, proposed: bool) -> list[str]:
        told = [f"Type: {sort}"] if sort else []
        told += [f"As: {relation}"] if relation else []
        told += [f"Category: {category}"] if (category := one.text("category")) else []
        told += [f"For detection: {flag}"] if (flag := one.text("to_ids")) else []
        told += [f"Tags: {', '.join(tags)}"] if (tags := list(tag_names(one))) else []
        told += ["deleted by its makers"] if is_deleted else []
        told += ["proposed only"] if proposed else []
        for key in ("Sighting", "Galaxy", "old_id", "org_id", "proposal_to_delete"):
            told += (
                [f"{key}: {len(entries)}"] if isinstance(entries := one.take(key), list) and entries else []
            )
        return told

    def _seen(self, one: Fields) -> dict[str, Any]:
        first, last = (self._time(text_of(one.peek(key))) for key in ("first_seen", "last_seen"))
        if first and last and first.raw != last.raw:
            return {"seen_at": first, "until": last, "gaps": True}
        return {"seen_at": first or last} if first or last else {}

    def _time(self, text: str) -> Moment | None:
        when = self._reader.time(text) if text else None
        return when if when and not is_unread(when) else None

    def _values(
        self, sort: str, relation: str, value: str, place: str, owner: Owner, facts: dict[str, Any]
    ) -> Iterator[AnyRow]:
        if sort == "text" and relation in vocabulary.RELATIONS:
            kind, prefix = vocabulary.RELATIONS[relation]
            yield from self._reader.declared(kind, prefix + value, as_written=value, place=place, **facts)
            return
        if owner.platform and relation in _ACCOUNT_FIELDS and sort == "text":
            prefix = _ACCOUNT_FIELDS[relation]
            yield from self._reader.declared(
                "account", prefix + value, as_written=value, place=place, platform=owner.platform, **facts
            )
            return
        if owner.platform and relation == "phone":
            sort = "phone-number"
        found = vocabulary.parts(sort, value)
        port = next((raw for kind, raw, _ in found if kind == "port"), "")
        for kind, raw, written in found:
            if kind == "ip":
                address, number = split_port(raw, port)
                yield from self._reader.declared(kind, address, place=place, port=number, **facts)
            elif kind and kind != "port":
                yield from self._reader.declared(kind, raw, as_written=written, place=place, **facts)
            elif not kind and owner.role == "victim":
                yield from self._reader.mentioned(raw, place=place, **facts)  # the text is a fact of hers
            elif not kind:
                yield from self._reader.free_text(raw, place=place, label=(relation or sort)[:100], **facts)

    def object(self, one: Fields) -> Iterator[AnyRow]:
        """Yield an object: its person when it is of one, then its attributes."""
        name, attributes = one.text("name"), one.objects("Attribute")
        about = f"{name} ({one.text('meta-category')})".removesuffix(" ()")
        told = [
            about,
            *(text for _, text in one.texts("description")),
            *(text for _, text in one.texts("comment")),
        ]
        yield from self._reader.free_text("; ".join(filter(None, told)), place=one.place(""), label="Object")
        owner, rows = self._owner(name, attributes, one.place(""))
        yield from rows
        if name in _MESSAGES:
            yield from self._message(name, attributes, one.place(""))
        for attribute in attributes:
            yield from self.attribute(attribute, owner)
        for reference in one.objects("ObjectReference"):
            sort, target = reference.text("relationship_type"), reference.text("referenced_uuid")
            yield FreeText(text=f"{name} {sort} {target}", place=reference.place(""), label="Reference")
        one.ignore(*_IGNORED, "deleted")
        yield from one.rest(self._reader, self._unread)

    def _owner(self, name: str, attributes: list[Fields], place: str) -> tuple[Owner, list[AnyRow]]:
        """Return whose the attributes are. An object tells it by its name; a person's role is the one that it states."""
        stated = [(text_of(one.peek("object_relation")), text_of(one.peek("value"))) for one in attributes]
        stated = [(relation, text) for relation, text in stated if not is_empty(text)]
        by = dict(reversed(stated))  # of several the first
        found = vocabulary.PLATFORM_OBJECT.fullmatch(name)
        platform = by.get("account-type") or (
            found[1] if found and found[1] not in vocabulary.NOT_PLATFORMS else None
        )
        is_person = name in ("person", "user-account", "victim") or bool(found)
        if not is_person:
            return Owner(platform=None), []
        roles = [text for relation, text in stated if relation == "role"]
        role, rows = stated_roles.settled(roles, place)
        role = "victim" if name == "victim" else role
        names = [text for key in _NAMES for relation, text in stated if relation == key]
        names += [
            " ".join(filter(None, (by.get(a), by.get(b)))) for a, b in _HALVES if by.get(a) or by.get(b)
        ]
        self._people += 1
        key = f"object {self._people}"
        person = Person(
            key=key,
            role=role,
            place=place,
            names=tuple(dict.fromkeys(names)),
            birth_date=by.get("date-of-birth") or None,
            facts=tuple((label or "Value", text) for label, text in stated) if role == "victim" else (),
        )
        return Owner(key, role, platform), [person, *rows]

    def _message(self, name: str, attributes: list[Fields], place: str) -> Iterator[AnyRow]:
        """Yield the message that an object describes; its addresses come as attributes, too."""
        by: dict[str, list[str]] = {}
        for one in attributes:
            by.setdefault(text_of(one.peek("object_relation")), []).append(text_of(one.peek("value")))

        def all_of(*relations: str) -> list[str]:
            return [text for relation in relations for text in by.get(relation, []) if text]

        text, subjects = "\n\n".join(all_of("email-body", "content", "body")), all_of("subject")
        sent = next(iter(all_of("send-date", "sent-date", "timestamp", "received-date")), "")
        if not (text or subjects):
            return
        self.number += 1
        when = self._reader.time(sent) if sent else None
        yield Message(
            number=self.number,
            text=text,
            place=place,
            kind="mail" if name == "email" else "chat",
            thread=next(iter(all_of("chat-id")), None),
            sender=next(
                iter(all_of("from", "user-account-id", "from-number", "from-user", "from-name")), None
            ),
            recipients=tuple(all_of("to", "cc", "bcc", "to-number", "to-user", "to-name")),
            subject=next(iter(subjects), None),
            sent_at=None if when is None or is_unread(when) else when,
            headers=tuple(("Program", program) for program in all_of("app-used")),
            attachments=tuple(all_of("attachment")),
        )
        if when:
            yield from self._reader.time_doubts(when, place=place)


def tag_names(one: Fields) -> Iterator[str]:
    """Yield and take the names of tags: "tlp:amber"."""
    for tag in one.objects("Tag"):
        name = tag.text("name")
        tag.all()  # its colour and number on the server
        if name:
            yield name
