"""Messenger threads from Meta's "Download your information", and chats of its encrypted form."""

from collections.abc import Iterator
from typing import BinaryIO

from cets.domains.intake.json_walk import JsonFile, keys_of, peek
from cets.domains.intake.meta.page import ThreadPage, page_shape
from cets.domains.intake.meta.shape import Shape, shape_of
from cets.domains.intake.meta.thread import Thread
from cets.domains.intake.rows import AnyRow
from cets.domains.intake.sources.base import Options, Source

_HEAD = 65_536


class Messenger(Source):
    name = "messenger"
    caption = "Messenger chat (Meta download, JSON or HTML)"
    version = "2"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        if page := page_shape(head):
            return 0.0 if page.platform == "Instagram" else 0.95 if page.platform else 0.93
        seen = peek(head)
        shape = shape_of(seen)
        if shape is None or shape.platform == "Instagram":
            return 0.0
        if shape.platform:
            return 0.95
        return 0.8 if keys_of(seen) & {"participants", "thread_path", "title"} else 0.5

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        head = file.read(_HEAD)
        if page := page_shape(head):
            yield from ThreadPage(page, options).rows(file)
            return
        shape = shape_of(peek(head)) or Shape("thread", None)
        yield from Thread(JsonFile(file), shape, options).rows()
