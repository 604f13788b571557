"""What an export of a whole account tells beside its chats: the owner, contacts, sessions with their IP addresses."""

from collections.abc import Iterator

from cets.domains.intake.json_fields import Fields, Unread
from cets.domains.intake.reading import Reader, epoch, is_unread, split_port
from cets.domains.intake.rows import AnyRow, FreeText
from cets.domains.intake.sources.telegram.chats import PLATFORM, peer
from cets.domains.intake.speakers import Known, Speakers
from cets.kernel.moments import Moment

RECORDS = (
    "/contacts/list/*", "/frequent_contacts/list/*", "/sessions/list/*", "/web_sessions/list/*", "/profile_pictures/*",
    "/stories/*",
)  # fmt: skip


class Account:
    """Reads the parts of one account. `owner` is the key of the person it belongs to, once he was met."""

    def __init__(self, reader: Reader, speakers: Speakers, unread: Unread) -> None:
        self._reader, self._speakers, self._unread = reader, speakers, unread
        self.owner: str | None = None

    def personal(self, fields: Fields) -> Iterator[AnyRow]:
        """Yield the owner."""
        number, phone, user_name = (fields.text(key) for key in ("user_id", "phone_number", "username"))
        names = _name(fields)
        found = peer(number)
        known = [] if found is None else [found.known(fields.place("user_id"))]
        known += [
            Known("phone", phone, fields.place("phone_number")),
            Known(
                "account", f"{PLATFORM}/{user_name}" if user_name else "", fields.place("username"), user_name
            ),
        ]
        if found or names or phone or user_name:
            self.owner = found.key if found else "owner"
            facts = (("Part in the export", "owner of the account"),)
            yield from self._speakers.meet(self.owner, fields.pointer, names=names, known=known, facts=facts)
        if bio := fields.text("bio"):
            yield from self._reader.free_text(bio, place=fields.place("bio"), label="Bio", person=self.owner)
        yield from fields.rest(self._reader, self._unread)

    def record(self, pattern: str, fields: Fields) -> Iterator[AnyRow]:
        """Yield the rows of an entry that fits one of RECORDS."""
        if pattern.startswith(("/contacts", "/frequent_contacts")):
            yield from self._contact(fields, is_frequent=pattern.startswith("/frequent"))
        elif pattern.startswith(("/sessions", "/web_sessions")):
            yield from self._session(fields, is_web=pattern.startswith("/web"))
        else:
            yield from self._picture(fields, "Story" if pattern.startswith("/stories") else "Profile picture")
        yield from fields.rest(self._reader, self._unread)

    def _contact(self, fields: Fields, *, is_frequent: bool) -> Iterator[AnyRow]:
        seen_at = _time(fields, "date", self._reader)
        names, place = _name(fields), fields.place("user_id" if "user_id" in fields else "id")
        kind, category = fields.text("type"), fields.text("category").replace("_", " ")
        number, phone = (
            fields.text("user_id", "id"),
            Known("phone", fields.text("phone_number"), fields.place("phone_number")),
        )
        fields.ignore("rating")
        usual = (
            "user"
            if kind in ("", "user", "personal", "bot")
            else "chat"
            if kind == "private_group"
            else "channel"
        )
        found = peer(number, usual=usual)
        event = f"frequent contact ({category})" if is_frequent else "contact"
        if found and not found.is_account:
            known = found.known(place)
            yield from self._reader.declared(
                known.kind, known.raw, place=place, as_written=known.as_written, event=event
            )
            if names:
                yield FreeText(text=names[0], place=fields.place("name"), label="Frequent chat")
        elif found or names or phone.raw:
            key = found.key if found else f"contact at {fields.pointer}"
            known_here = (*((found.known(place),) if found else ()), phone)
            yield from self._speakers.meet(
                key, fields.pointer, names=names, known=known_here, event=event, seen_at=seen_at
            )

    def _session(self, fields: Fields, *, is_web: bool) -> Iterator[AnyRow]:
        active, created = _time(fields, "last_active", self._reader), _time(fields, "created", self._reader)
        address = fields.text("last_ip")
        if address:
            bare, port = split_port(address)
            yield from self._reader.declared(
                "ip", bare, place=fields.place("last_ip"), as_written=address, person=self.owner, seen_at=active,
                event="web session, last active" if is_web else "session, last active", port=port,
            )  # fmt: skip
        if active:
            yield from self._reader.time_doubts(active, place=fields.pointer)
        told = [f"{caption}: {text}" for key, caption in _SESSION.items() if (text := fields.text(key))]
        told += [
            f"{caption}: {when.raw}"
            for caption, when in (("Begun (UTC, seconds since 1970)", created),)
            if when
        ]
        if told:
            label = "Web session" if is_web else "Session"
            yield from self._reader.free_text(
                "; ".join(told), place=fields.pointer, label=label, person=self.owner
            )

    def _picture(self, fields: Fields, label: str) -> Iterator[AnyRow]:
        when = _time(fields, "date", self._reader)
        name = fields.text("photo", "media")
        expires = _time(fields, "expires", self._reader)
        fields.ignore("pinned")
        times = [
            f"{caption} {one.instant or one.raw}"
            for caption, one in (("of", when), ("until", expires))
            if one
        ]
        if name:
            yield FreeText(text=" ".join((name, *times)), place=fields.pointer, label=label)


_SESSION = {
    "application_name": "Application", "application_version": "Version", "device_model": "Device", "platform": "Platform",
    "system_version": "System", "last_country": "Country", "last_region": "Region", "bot_username": "Bot",
    "domain_name": "Site", "browser": "Browser",
}  # fmt: skip


def _name(fields: Fields) -> tuple[str, ...]:
    parts = (fields.text("first_name"), fields.text("last_name"))
    name = " ".join(filter(None, parts)) or fields.text("name")
    return (name,) if name else ()


def _time(fields: Fields, key: str, reader: Reader) -> Moment | None:
    counted, shown = fields.text(f"{key}_unixtime"), fields.text(key)
    when = epoch(counted) if counted else None
    if when and not (is_unread(when) and shown):
        return when
    return reader.time(shown) if shown else None
