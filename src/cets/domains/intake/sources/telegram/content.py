"""What a message holds: its text in parts, its files, a poll, a place, a contact."""

import bisect
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import msgspec

from cets.domains.intake.json_fields import Fields
from cets.domains.intake.json_walk import text_of
from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import AnyRow, Sighting
from cets.domains.intake.sources.telegram.chats import peer
from cets.domains.intake.speakers import Known, Speakers

_FILES = ("photo", "file", "contact_vcard")
#: Measures of files and ids of pictures of the app.
_MEASURES = (
    "photo_file_size", "file_size", "width", "height", "thumbnail", "thumbnail_file_size", "mime_type", "duration_seconds",
    "contact_vcard_file_size", "media_spoiler", "photo_spoiler", "live_location_period_seconds", "game_message_id",
)  # fmt: skip


class Written(msgspec.Struct, frozen=True):
    """A text in one piece, its marked parts with their places, and where one of them begins or ends that is a word of its own."""

    text: str
    parts: list[tuple[str, dict[str, Any]]]
    edges: list[int] = []


def written(fields: Fields) -> Written:
    """Take the text of a message."""
    text, entities = fields.take("text"), fields.take("text_entities")
    key = "text"
    if not text and isinstance(entities, list):
        text, key = entities, "text_entities"
    if not isinstance(text, list):
        return Written(text_of(text), _marked(entities, fields.place("text_entities")))
    pieces = [text_of(part.get("text") if isinstance(part, dict) else part) for part in text]
    edges = set()
    at = 0
    for part, piece in zip(text, pieces, strict=True):
        if isinstance(part, dict) and part.get("type") in _WORDS:
            edges |= {at, at + len(piece)}
        at += len(piece)
    return Written("".join(pieces), _marked(text, fields.place(key)), sorted(edges))


#: What the app itself took for one word, whatever stands right beside it.
_WORDS = frozenset(
    {"mention", "mention_name", "phone", "email", "link", "text_link", "hashtag", "cashtag", "bot_command", "bank_card", "custom_emoji"}
)  # fmt: skip


def mentioned(reader: Reader, text: str, edges: list[int], *, place: str, **seen: Any) -> Iterator[AnyRow]:
    """Yield what a text mentions; at its edges words are apart even where nothing stands between them."""
    tight = [at for at in edges if 0 < at < len(text) and not (text[at - 1].isspace() or text[at].isspace())]
    apart = " ".join(text[start:end] for start, end in pairwise([0, *tight, len(text)]))
    added = [at + index for index, at in enumerate(tight)]
    for row in reader.mentioned(apart, place=place, **seen):
        if isinstance(row, Sighting) and row.start is not None and row.end is not None and added:
            start, end = (at - bisect.bisect_left(added, at) for at in (row.start, row.end))
            value = msgspec.structs.replace(row.value, raw=text[start:end])
            yield msgspec.structs.replace(row, start=start, end=end, value=value)
        else:
            yield row


def _marked(parts: Any, place: str) -> list[tuple[str, dict[str, Any]]]:
    if not isinstance(parts, list):
        return []
    return [(f"{place}/{index}", part) for index, part in enumerate(parts) if isinstance(part, dict)]


def behind_the_text(parts: list[tuple[str, dict[str, Any]]], reader: Reader, **seen: Any) -> Iterator[AnyRow]:
    """Yield what the words of a text link to without showing it: addresses, accounts."""
    for place, part in parts:
        href, number = text_of(part.get("href")), text_of(part.get("user_id"))
        if href and href != part.get("text"):
            yield from reader.declared("url", href, place=f"{place}/href", **seen)
        if number and (found := peer(number)):
            known = found.known(f"{place}/user_id")
            yield from reader.declared(
                known.kind, known.raw, place=known.place, as_written=known.as_written, **seen
            )


def attachments(fields: Fields) -> tuple[str, ...]:
    """Take the files of a message: their names, or what stands there for those that the export left out."""
    name, medium = fields.text("file_name"), fields.text("media_type")
    emoji = fields.text("sticker_emoji")
    performer, title = fields.text("performer"), fields.text("title")
    label = name or " ".join(
        filter(None, (medium.replace("_", " "), emoji, " - ".join(filter(None, (performer, title)))))
    )
    found = []
    for key in _FILES:
        path = fields.text(key)
        if path.startswith("("):
            found.append(f"{label or key.replace('_', ' ')} {path}")
        elif path:
            found.append(f"{path} ({label})" if label and label not in path else path)
    fields.ignore(*_MEASURES)
    return tuple(found) or ((label,) if label else ())


def poll(fields: Fields) -> str:
    """Take a poll and return it as text, an answer a line."""
    asked = fields.object("poll")
    asked.ignore("closed", "total_voters")
    question = asked.text("question")
    lines = [f"Poll: {question}"] if question else []
    for answer in asked.objects("answers"):
        answer.ignore("chosen")
        text, voters = answer.text("text"), answer.text("voters")
        lines.append(f"- {text} ({voters or 0})")
    return "\n".join(lines)


def shared_contact(fields: Fields, speakers: Speakers, **seen: Any) -> Iterator[AnyRow]:
    """Yield the person whose contact was sent."""
    contact = fields.object("contact_information")
    name = " ".join(filter(None, (contact.text("first_name"), contact.text("last_name"))))
    place, phone = contact.place("phone_number"), contact.text("phone_number")
    if name or phone:
        yield from speakers.meet(
            f"contact at {contact.pointer}",
            contact.pointer,
            names=(name,),
            known=(Known("phone", phone, place),),
            event="contact sent",
            **seen,
        )


def headers(fields: Fields) -> Iterator[tuple[str, str]]:
    """Take and yield what else belongs to a message: what it answers, where it is from, where it was."""
    for key, caption in _HEADERS.items():
        if text := fields.text(key):
            yield caption, text
    place = fields.object("location_information")
    latitude, longitude = place.text("latitude"), place.text("longitude")
    if latitude or longitude:
        yield "Location", f"{latitude}, {longitude}"
    for row in _lists(fields.take("inline_bot_buttons")):
        for button in _lists(row):
            if isinstance(button, dict):
                shown = text_of(button.get("text")), text_of(button.get("data"))
                yield "Button", ": ".join(filter(None, shown))


def _lists(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


_HEADERS = {
    "reply_to_message_id": "Reply to message", "reply_to_peer_id": "Reply in", "forwarded_from": "Forwarded from",
    "saved_from": "Saved from", "via_bot": "Via bot", "author": "Signed", "edited_unixtime": "Edited (seconds since 1970, UTC)",
    "edited": "Edited (zone not stated)", "forwarded_date": "Forwarded message of", "place_name": "Place", "address": "Address",
    "message_id": "Message", "game_title": "Game", "game_description": "Game is about", "game_link": "Game address",
    "self_destruct_period_seconds": "Deletes itself after seconds",
}  # fmt: skip
