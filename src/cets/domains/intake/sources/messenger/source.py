"""Messenger threads from Meta's "Download your information", and chats of its encrypted form."""

from collections.abc import Iterator
from typing import BinaryIO

from cets.domains.intake.json_walk import JsonFile, keys_of, peek
from cets.domains.intake.meta.shape import Shape, shape_of
from cets.domains.intake.meta.thread import Thread
from cets.domains.intake.rows import AnyRow
from cets.domains.intake.sources.base import Options, Source

_HEAD = 65_536


class Messenger(Source):
    name = "messenger"
    caption = "Messenger chat (Meta download, JSON)"
    version = "1"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        seen = peek(head)
        shape = shape_of(seen)
        if shape is None or shape.platform == "Instagram":
            return 0.0
        if shape.platform:
            return 0.95
        return 0.8 if keys_of(seen) & {"participants", "thread_path", "title"} else 0.5

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        shape = shape_of(peek(file.read(_HEAD))) or Shape("thread", None)
        yield from Thread(JsonFile(file), shape, options).rows()
