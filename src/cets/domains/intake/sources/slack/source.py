"""A Slack workspace's export: each of its JSON files for itself, as they come in the archive."""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from cets.domains.intake.json_fields import Fields, Unread
from cets.domains.intake.json_walk import JsonFile, peek, text_of
from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import AnyRow, Summary
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sources.slack.markup import PLATFORM, ROOM
from cets.domains.intake.sources.slack.members import Members
from cets.domains.intake.sources.slack.messages import Messages
from cets.domains.intake.speakers import Speakers

_HEAD = 65_536
_TRIED = 5
_STAMP = re.compile(r"\d{9,10}\.\d{4,6}")
_MEMBER = re.compile(r"[UWB][A-Z0-9]{6,20}|USLACKBOT")
_TITLES = {
    "day": "Slack messages of a day",
    "users": "Slack members",
    "rooms": "Slack channels",
    "logs": "Slack integrations",
}


class Slack(Source):
    name = "slack"
    caption = "Slack export (JSON)"
    version = "2"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        return 0.95 if _kind_of(peek(head)) else 0.0

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        kind = _kind_of(peek(file.read(_HEAD))) or "day"
        reader = Reader(options, platform=PLATFORM)
        speakers, unread = Speakers(reader), Unread()
        members = Members(reader, speakers, unread)
        read = {
            "day": Messages(reader, speakers, unread).read,
            "users": members.user,
            "rooms": members.room,
            "logs": members.log,
        }[kind]
        yield Summary(title=_TITLES[kind], platform=PLATFORM)
        json_file = JsonFile(file)
        for found in json_file.walk(("/*",), most=options.max_rows):
            fields = Fields.of(found)
            if found.pattern and isinstance(found.value, dict):
                yield from read(fields)
            elif found.pattern:
                yield from fields.rest(reader, unread)
        yield from unread.rows()
        yield from json_file.remarks()


def _kind_of(seen: Any) -> str | None:
    """Say which file of an export the beginning of a JSON file is, None when it is none."""
    for entry in seen[:_TRIED] if isinstance(seen, list) else ():
        if not isinstance(entry, dict):
            continue
        number = text_of(entry.get("id"))
        if _STAMP.fullmatch(text_of(entry.get("ts"))) and entry.keys() & {
            "type",
            "user",
            "subtype",
            "bot_id",
        }:
            return "day"
        if _MEMBER.fullmatch(number) and "name" in entry and entry.keys() & {"profile", "team_id"}:
            return "users"
        if ROOM.fullmatch(number) and entry.keys() & {"members", "creator"} and "created" in entry:
            return "rooms"
        if {"user_id", "user_name", "date", "change_type"} <= entry.keys():
            return "logs"
    return None
