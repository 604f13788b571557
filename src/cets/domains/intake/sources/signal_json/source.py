"""Signal chats as JSON: the rows of Signal Desktop as `sigtop` and its kin write them, and lines as `signal-export` does."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from cets.domains.intake.json_fields import Fields, Unread
from cets.domains.intake.json_walk import JsonFile, first_of, keys_of, peek
from cets.domains.intake.messages import Messages
from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import AnyRow, Failed, NotUnderstood, Summary
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sources.signal_json.desktop import Desktop
from cets.domains.intake.sources.signal_json.lines import Lines
from cets.domains.intake.speakers import Speakers
from cets.domains.intake.traces import Full

_HEAD = 65_536
_DESKTOP, _TIMES = frozenset({"conversationId", "type"}), frozenset({"sent_at", "received_at", "timestamp"})
_LINE, _ALSO = frozenset({"date", "sender", "body"}), frozenset({"quote", "sticker", "reactions"})
_SEVERAL = "JSON values, one after the other"


class SignalJson(Source):
    name = "signal_json"
    caption = "Signal chat export (JSON)"
    version = "2"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        seen = peek(head)
        return 0.95 if _is_desktop(_first(seen)) or _is_line(seen) else 0.0

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        seen, reader, unread = peek(file.read(_HEAD)), Reader(options, platform="Signal"), Unread()
        messages, speakers, json_file = (
            Messages(reader, "of the computer that made the export"),
            Speakers(reader),
            JsonFile(file),
        )
        form: Desktop | Lines = Lines(messages, speakers) if _is_line(seen) else Desktop(messages, speakers)
        records = () if _is_line(seen) else ("/*",) if isinstance(seen, list) else ("/messages/*",)
        yield Summary(title="Signal chat", platform="Signal")
        try:
            for found in json_file.walk(records):
                fields = Fields.of(found)
                is_message = isinstance(found.value, dict) and (bool(found.pattern) or not records)
                if is_message:
                    yield from form.message(fields)
                if is_message or found.pattern or isinstance(found.value, dict):
                    fields.ignore("messages")
                    yield from fields.rest(reader, unread)
        except Full:
            yield Failed(reason=f"Stopped at the limit of {options.max_rows} entries.")
        yield from unread.rows()
        for row in json_file.remarks():
            if records or not (
                isinstance(row, NotUnderstood) and _SEVERAL in row.text
            ):  # a message a line is no fault
                yield row


def _first(seen: Any) -> Any:
    return (
        first_of(seen)
        if isinstance(seen, list)
        else first_of(seen.get("messages"))
        if isinstance(seen, dict)
        else None
    )


def _is_desktop(first: Any) -> bool:
    keys = keys_of(first)
    return (
        keys >= _DESKTOP
        and bool(keys & _TIMES)
        and bool(keys & {"sent_at", "sourceUuid", "sourceServiceId", "sourceDevice", "schemaVersion"})
    )


def _is_line(seen: Any) -> bool:
    return keys_of(seen) >= _LINE and bool(keys_of(seen) & _ALSO)
