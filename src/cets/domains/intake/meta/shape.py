"""Which of Meta's chats the beginning of a JSON file is, and of which platform, as far as the file tells."""

import re
from typing import Any

import msgspec

from cets.domains.intake.json_walk import first_of, keys_of, text_of

#: What only Messenger writes. Newer files of both platforms are alike in everything else.
_MESSENGER_KEYS = frozenset({"sender_id_INTERNAL", "call_duration", "missed", "ip", "files"})
_MESSENGER_TYPES = frozenset({"Generic", "Subscribe", "Unsubscribe", "Payment", "Plan"})
_OF_INSTAGRAM = re.compile(r"your_instagram_activity|(?:^|//|\.)instagram\.com/|^Liked a message$")
_OF_MESSENGER = re.compile(
    r"your_facebook_activity|your_activity_across_facebook|(?:^|//|\.)(?:facebook|messenger)\.com/|stickers_used/"
)
_TRIED = 400


class Shape(msgspec.Struct, frozen=True):
    """`form`: "thread" (of both platforms), "end_to_end" (Messenger's encrypted chats), "conversations" (Instagram before 2020)."""

    form: str
    platform: str | None


def shape_of(seen: Any) -> Shape | None:
    """Tell the form and platform of what `peek` saw; None when it is none of Meta's chats."""
    if isinstance(seen, list):
        chat = keys_of(first_of(seen))
        return Shape("conversations", "Instagram") if {"participants", "conversation"} <= chat else None
    keys = keys_of(seen)
    if "messages" not in keys or not isinstance(seen["messages"], list):
        return None
    messages = [message for message in seen["messages"][:_TRIED] if isinstance(message, dict)]
    first = keys_of(first_of(messages))
    if {"senderName", "timestamp"} <= first or {"threadName", "participants"} <= keys:
        return Shape("end_to_end", "Messenger")
    if {"sender_name", "timestamp_ms"} <= first or (not messages and {"participants", "thread_path"} <= keys):
        return Shape("thread", _platform(keys, messages))
    return None


def _platform(keys: frozenset[str], messages: list[dict[str, Any]]) -> str | None:
    found = {"Messenger"} if "thread_type" in keys else set()
    for message in messages:
        if message.keys() & _MESSENGER_KEYS or text_of(message.get("type")) in _MESSENGER_TYPES:
            found.add("Messenger")
        for text in _texts(message):
            if _OF_INSTAGRAM.search(text):
                found.add("Instagram")
            elif _OF_MESSENGER.search(text):
                found.add("Messenger")
    return found.pop() if len(found) == 1 else None


def _texts(message: dict[str, Any]) -> list[str]:
    """Return the texts of a message that the platform itself writes: paths of files; and what it says of a like."""
    entries = [
        entry
        for key in ("photos", "videos", "audio_files", "gifs")
        if isinstance(message.get(key), list)
        for entry in message[key]
    ]
    entries.append(message.get("sticker"))
    paths = [entry.get("uri") for entry in entries if isinstance(entry, dict)]
    return [text for text in (*paths, message.get("content")) if isinstance(text, str) and len(text) < _TRIED]
