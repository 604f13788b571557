"""Discord: channels as DiscordChatExporter writes them in any of its forms, and the JSON files of the data package."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from cets.domains.intake.json_walk import JsonFile, first_of, keys_of, peek
from cets.domains.intake.rows import AnyRow
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sources.discord.exporter import Channel
from cets.domains.intake.sources.discord.package import Package, kind_of
from cets.domains.intake.sources.discord.page import Page, is_page
from cets.domains.intake.sources.discord.plain import Plain, is_plain
from cets.domains.intake.sources.discord.table import Table, is_table

_HEAD = 65_536


class Discord(Source):
    name = "discord"
    caption = "Discord export (JSON, HTML, text, CSV)"
    version = "3"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        seen = peek(head)
        if seen is None:
            return 0.97 if is_page(head) or is_plain(head) or is_table(head) else 0.0
        if _is_channel(seen):
            return 0.97
        kind = kind_of(seen)
        return {None: 0.0, "messages": 0.95, "account": 0.95}.get(kind, 0.8)

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        head = file.read(_HEAD)
        if is_page(head):
            yield from Page(options).rows(file)
            return
        if is_plain(head):
            yield from Plain(options).rows(file)
            return
        if is_table(head):
            yield from Table(options).rows(file)
            return
        kind = kind_of(peek(head))
        json_file = JsonFile(file)
        yield from Package(json_file, options).rows(kind) if kind else Channel(json_file, options).rows()


def _is_channel(seen: Any) -> bool:
    keys = keys_of(seen)
    if not {"guild", "channel"} <= keys or not keys & {"messages", "dateRange"}:
        return False
    message = keys_of(first_of(seen.get("messages")))
    return not message or {"id", "timestamp"} <= message
