"""From one message of an export to its rows."""

from collections.abc import Iterator
from typing import Any

from cets.domains.intake.chat_times import ChatTimes
from cets.domains.intake.json_fields import Fields, Unread
from cets.domains.intake.json_walk import text_of
from cets.domains.intake.reading import Reader, epoch, is_unread
from cets.domains.intake.rows import AmbiguousPart, AnyRow, Message, NotUnderstood
from cets.domains.intake.sources.telegram import content, deeds
from cets.domains.intake.sources.telegram.chats import Chat, Peer, peer
from cets.domains.intake.speakers import Speakers
from cets.kernel.moments import Moment


class Messages:
    """Reads the messages of one file, numbered through."""

    def __init__(self, reader: Reader, speakers: Speakers, unread: Unread) -> None:
        self._reader, self._speakers, self._unread = reader, speakers, unread
        self._number = 0
        self._times = ChatTimes(reader, "of the computer that made the export")

    def read(self, fields: Fields, chat: Chat) -> Iterator[AnyRow]:
        self._number += 1
        sent_at = self._time(fields)
        sort = fields.text("type")
        is_system = sort in ("service", "unsupported") or "action" in fields
        seen: dict[str, Any] = {"seen_at": sent_at, "message": self._number}
        name, who, place = _writer(fields)
        person = None
        if who is None or who.is_account:
            person = who.key if who else f"name {name}" if name else None
        if person:
            known = (who.known(place),) if who and not who.older else ()
            if who and who.older and person not in self._speakers:
                candidates = (f"telegram/id:{who.older}", f"telegram/id:{who.number}")
                yield AmbiguousPart(raw=who.raw, candidates=candidates, place=place)
            yield from self._speakers.meet(
                person, fields.pointer, names=(name,), known=known, event="message", **seen
            )
        elif who:
            yield from self._declared(who, place, event="message", **seen)
        members = list(fields.texts("members")) if is_system else []
        names = [name for _, name in members]
        yield from self._others(fields, members, **seen)
        if sort == "unsupported":
            deed = "A message of a kind that the program which made the export could not read"
        else:
            deed = deeds.words(fields, name or (who.raw if who else ""), names) if is_system else ""
        written = content.written(fields)
        text = "\n".join(filter(None, (deed, written.text, content.poll(fields))))
        files = content.attachments(fields)
        headers = (*content.headers(fields), *self._reactions(fields))
        yield Message(
            number=self._number,
            text=text,
            place=fields.pointer,
            kind="system" if is_system else "chat",
            thread=chat.thread,
            sender=name or (who.raw if who else None),
            sender_person=person,
            recipients=_recipients(chat, who),
            sent_at=sent_at,
            headers=headers,
            attachments=files,
        )
        shift = len(deed) + 1 if deed else 0
        edges = [at + shift for at in written.edges]
        yield from content.mentioned(self._reader, text, edges, place=fields.pointer, **seen)
        yield from content.behind_the_text(written.parts, self._reader, **seen)
        for caption, said in headers:
            if caption not in _TOLD_ELSEWHERE:
                yield from self._reader.beside(said, place=fields.pointer, **seen)
        yield from self._times.doubts(sent_at, fields.pointer)
        fields.ignore("id", "media_type")
        yield from fields.rest(self._reader, self._unread, seen_at=sent_at)

    def _time(self, fields: Fields) -> Moment | None:
        counted, shown = fields.text("date_unixtime"), fields.text("date")
        if counted:
            when = epoch(counted)
            if not is_unread(when) or not shown:
                return when
        return self._reader.time(shown) if shown else None

    def _declared(self, who: Peer, place: str, **seen: Any) -> Iterator[AnyRow]:
        known = who.known(place)
        yield from self._reader.declared(
            known.kind, known.raw, place=place, as_written=known.as_written, **seen
        )

    def _others(self, fields: Fields, members: list[tuple[str, str]], **seen: Any) -> Iterator[AnyRow]:
        """Yield who else a message names in fields of its own."""
        for place, name in members:
            if any(map(str.isalnum, name)):
                yield from self._reader.named(name, place=place, event="member", **seen)
        for key, event in _OTHERS.items():
            for at, raw in fields.texts(key):
                if found := peer(raw):
                    yield from self._declared(found, at, event=event, **seen)
                else:
                    yield NotUnderstood(text=f"The number at {at} is of no known form.", place=at)
        room = text_of(fields.peek("reply_to_peer_id"))
        if found := peer(room):
            yield from self._declared(found, fields.place("reply_to_peer_id"), event="answered in", **seen)
        for key, event in (
            ("forwarded_from", "forwarded from"),
            ("saved_from", "saved from"),
            ("inviter", "invited"),
        ):
            name = text_of(fields.peek(key))
            if any(map(str.isalnum, name)):
                yield from self._reader.named(name, place=fields.place(key), event=event, **seen)
        bot = fields.peek("via_bot")
        if isinstance(bot, str) and bot:
            yield from self._reader.declared("account", bot, place=fields.place("via_bot"), **seen)
        yield from self._reacting(fields, **seen)
        yield from content.shared_contact(fields, self._speakers, **seen)

    def _reacting(self, fields: Fields, **seen: Any) -> Iterator[AnyRow]:
        reactions = fields.peek("reactions")
        for index, reaction in enumerate(reactions if isinstance(reactions, list) else ()):
            recent = Fields(reaction, f"{fields.place('reactions')}/{index}").objects("recent")
            for one in recent:
                found = peer(one.text("from_id"))
                if found and found.is_account:
                    names, known = (one.text("from"),), (found.known(one.place("from_id")),)
                    yield from self._speakers.meet(
                        found.key, one.pointer, names=names, known=known, event="reaction", **seen
                    )

    def _reactions(self, fields: Fields) -> Iterator[tuple[str, str]]:
        for reaction in fields.objects("reactions"):
            sign = reaction.text("emoji", "document_id", "type")
            people = []
            for entry in reaction.objects("recent"):
                people.append(entry.text("from", "from_id"))
                entry.ignore("from_id", "date", "date_unixtime")
            reaction.ignore("type")
            count = reaction.text("count")
            yield "Reaction", f"{sign} {count}: {', '.join(filter(None, people))}".rstrip(": ")


_OTHERS = {"forwarded_from_id": "forwarded from", "saved_from_id": "saved from", "peers": "shared"}
#: Headers of which each has a sighting of its own, or whose numbers are of the app.
_TOLD_ELSEWHERE = frozenset(
    {
        "Reply to message",
        "Reply in",
        "Saved from",
        "Forwarded from",
        "Via bot",
        "Message",
        "Reaction",
        "Deletes itself after seconds",
    }
)


def _writer(fields: Fields) -> tuple[str, Peer | None, str]:
    """Take who wrote or acted: the name, the number, and where that stands."""
    name = fields.text("from", "actor")
    for key in ("from_id", "actor_id"):
        if raw := fields.text(key):
            return name, peer(raw), fields.place(key)
    return name, None, fields.place("from")


def _recipients(chat: Chat, who: Peer | None) -> tuple[str, ...]:
    """Return whom a message of a chat of two goes to, where the export names him."""
    if chat.is_with_one and chat.name and who and who.number != chat.number:
        return (chat.name,)
    return ()
