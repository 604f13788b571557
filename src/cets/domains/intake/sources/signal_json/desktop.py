"""A message as Signal Desktop keeps it: accounts by number and UUID, times in milliseconds, deeds as rows of their own."""

from collections.abc import Iterator
from typing import Any

from cets.domains.intake.json_fields import Fields
from cets.domains.intake.json_walk import text_of
from cets.domains.intake.messages import Messages
from cets.domains.intake.reading import shorten
from cets.domains.intake.rows import AnyRow
from cets.domains.intake.speakers import Known, Speakers
from cets.domains.intake.times import epoch
from cets.domains.intake.traces import fact, is_number
from cets.kernel.moments import Moment

_OWNER = "owner of the account"
_SAID = frozenset({"incoming", "outgoing", "story"})
#: States of the program, and what it computed from the rest.
_KNOWN = (
    "id", "schemaVersion", "readStatus", "seenStatus", "sourceDevice", "received_at", "received_at_ms", "serverGuid", "serverTimestamp",
    "unidentifiedDeliveryReceived", "sendStateByConversationId", "hasAttachments", "hasFileAttachments", "hasVisualMediaAttachments",
    "isErased", "decrypted_at", "expirationStartTimestamp", "sendHQImages", "canReplyToStory", "requiredProtocolVersion",
    "supportedVersionAtReceive", "unidentifiedDeliveries", "synced", "flags", "rowid",
    "json", "mentionsMe", "isStory", "attachmentsVersion", "errors_count", "timestamp",
)  # fmt: skip


class Desktop:
    def __init__(self, messages: Messages, speakers: Speakers) -> None:
        self._messages, self._speakers, self._reader = messages, speakers, messages.reader

    def message(self, fields: Fields) -> Iterator[AnyRow]:
        """Yield the rows of one message or deed. Raises Full."""
        at = _at(fields, "sent_at", "timestamp")
        sort, text = fields.text("type"), fields.text("body")
        is_own = sort == "outgoing"
        number = self._messages.following
        seen: dict[str, Any] = {"seen_at": at}
        known = self._known(fields)
        key = f"{known[0].kind} {known[0].raw}" if known else None
        if key:
            yield from self._speakers.meet(
                key, fields.pointer or "/", known=known, message=number, event="message", **seen
            )
        called = list(self._others(fields))
        headers = tuple(self._headers(fields))
        attached = fields.objects("attachments")
        # Its path is of the program, and the letters and digits in it are no value.
        beside = [text_of(one.peek(key)) for one in attached for key in ("fileName", "caption")]
        beside += [said for label, said in headers if label != "reaction"]
        yield from self._messages.add(
            text or ("" if sort in _SAID else f"An event: {sort}"), place=fields.pointer or "/", sent_at=at,
            kind="chat" if sort in _SAID else "system", thread=shorten(fields.text("conversationId"), 300) or None,
            sender=_OWNER if is_own else known[0].raw if known else None, sender_person=key,
            headers=(*headers, *fact("what", sort if sort not in _SAID and text else "")),
            attachments=tuple(map(_name, attached)), beside=beside,
        )  # fmt: skip
        for event, other in called:
            yield from self._reader.declared(
                other.kind, other.raw, place=other.place, as_written=other.as_written, message=number, event=event, **seen
            )  # fmt: skip
        older = fields.object("dataMessage")
        yield from self._reader.free_text(
            older.text("body"), place=older.place("body"), label="message inside", **seen
        )
        for one in fields.objects("edits") + fields.objects("editHistory"):
            yield from self._reader.free_text(
                one.text("body"), place=one.place("body"), label="earlier form of a message", **seen
            )
            one.ignore(
                "timestamp",
                "received_at",
                "attachments",
                "preview",
                "bodyRanges",
                "quote",
                "readStatus",
                "serverTimestamp",
            )
        fields.ignore(*_KNOWN)

    def _known(self, fields: Fields) -> list[Known]:
        """Return what identifies the sender: the number that was his, and the account, which outlives it."""
        found = []
        for key in ("source", "sourceServiceId", "sourceUuid"):
            place, text = fields.place(key), fields.text(key)
            found += _identity(text, place)
        return found

    def _others(self, fields: Fields) -> Iterator[tuple[str, Known]]:
        """Yield whom else a message names by number or account: called, answered, sent to."""
        for one in fields.objects("bodyRanges"):
            yield from _as("called", one.text("mentionAci", "mentionUuid"), one.pointer)
            one.ignore("start", "length", "replacementText", "style", "conversationID")
        for place, text in list(fields.texts("recipients")):
            yield from _as("recipient", text, place)
        story = fields.object("storyReplyContext")
        answered = [(story, key) for key in ("authorAci", "authorUuid")]
        quote = Fields(fields.peek("quote") or {}, fields.place("quote"))
        answered += [(quote, key) for key in ("authorAci", "authorUuid", "author")]
        for part, key in answered:
            yield from _as("answered", part.text(key), part.place(key))
        story.ignore("messageId")
        failed = fields.peek("errors")
        for index, one in enumerate(failed if isinstance(failed, list) else ()):
            part = Fields(one, f"{fields.place('errors')}/{index}")
            for key in ("identifier", "number", "serviceId"):
                yield from _as("not sent to", part.text(key), part.place(key))

    def _headers(self, fields: Fields) -> Iterator[tuple[str, str]]:
        quote = fields.object("quote")
        who = quote.text("authorAci", "authorUuid", "author")
        yield from fact("answers", " ".join(filter(None, (who, quote.text("text")))))
        quote.ignore(
            "id",
            "attachments",
            "bodyRanges",
            "referencedMessageNotFound",
            "isViewOnce",
            "messageId",
            "isGiftBadge",
            "isPoll",
        )
        for one in fields.objects("reactions"):
            place = " ".join(filter(None, (one.text("emoji"), one.text("fromId"))))
            yield from fact("reaction", place)
            one.ignore(
                "timestamp",
                "targetTimestamp",
                "targetAuthorAci",
                "targetAuthorUuid",
                "isSentByConversationId",
            )
        for key, label in (
            ("deletedForEveryone", "deleted for everybody"),
            ("isViewOnce", "to be seen once"),
        ):
            yield from fact(label, "yes" if fields.text(key) == "yes" else "")
        yield from fact("disappears after seconds", fields.text("expireTimer"))
        edited = _at(fields, "editMessageTimestamp", "editMessageReceivedAtMs")
        yield from fact(
            "edited", f"{edited.instant:%Y-%m-%d %H:%M:%S} UTC" if edited and edited.instant else ""
        )
        for one in fields.objects("preview"):
            yield from fact(
                "preview of a link",
                " ".join(filter(None, (one.text("title"), one.text("description"), one.text("url")))),
            )
            one.ignore("date", "image", "isStickerPack", "isCallLink", "domain")
        sticker = fields.object("sticker")
        yield from fact("sticker", sticker.text("emoji"))
        sticker.ignore("packId", "packKey", "stickerId", "data")
        for one in fields.objects("errors"):
            yield from fact("error", ", ".join(filter(None, (one.text("name"), one.text("message")))))
            one.ignore("identifier", "number", "serviceId", "stack", "reason")


def _as(event: str, text: str, place: str) -> Iterator[tuple[str, Known]]:
    for known in _identity(text, place):
        yield event, known


def _identity(text: str, place: str) -> list[Known]:
    if not text:
        return []
    bare = text.removeprefix("PNI:")
    return (
        [Known("phone", text, place)]
        if is_number(text) and text.startswith("+")
        else [Known("account", f"signal/id:{bare}", place, text)]
    )


def _at(fields: Fields, *keys: str) -> Moment | None:
    written = next(filter(None, [fields.text(key) for key in keys]), "")
    return epoch(written, milliseconds=True) if written else None


def _name(one: Fields) -> str:
    """Return how a file is called; what is needed to decrypt and to show it is none of its name."""
    name, kind, size = one.text("fileName", "path"), one.text("contentType"), one.text("size")
    caption = one.text("caption")
    one.all()
    about = ", ".join(filter(None, (kind, f"{size} bytes" if size else "", caption)))
    return (
        f"{shorten(name or 'unnamed', 300)} ({shorten(about, 2_000)})"
        if about
        else shorten(name or "unnamed", 300)
    )
