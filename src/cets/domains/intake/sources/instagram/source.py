"""Instagram chats from Meta's download: threads as today, and one file of all conversations as before 2020."""

from collections.abc import Iterator
from typing import BinaryIO

from cets.domains.intake.json_walk import JsonFile, peek
from cets.domains.intake.meta.page import ThreadPage, page_shape
from cets.domains.intake.meta.shape import Shape, shape_of
from cets.domains.intake.meta.thread import Thread
from cets.domains.intake.rows import AnyRow
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sources.instagram.conversations import Conversations

_HEAD = 65_536


class Instagram(Source):
    name = "instagram"
    caption = "Instagram chat (Meta download, JSON or HTML)"
    version = "2"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        if page := page_shape(head):
            return 0.0 if page.platform == "Messenger" else 0.95 if page.platform else 0.92
        shape = shape_of(peek(head))
        if shape is None or shape.platform == "Messenger":
            return 0.0
        return 0.95 if shape.platform else 0.7

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        head = file.read(_HEAD)
        if page := page_shape(head):
            yield from ThreadPage(page, options).rows(file)
            return
        shape = shape_of(peek(head)) or Shape("thread", None)
        json_file = JsonFile(file)
        if shape.form == "conversations":
            yield from Conversations(json_file, options).rows()
        else:
            yield from Thread(json_file, shape, options).rows()
