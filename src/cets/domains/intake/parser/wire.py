"""What passes between the parser's process and ours: frames of one kind byte, a length and msgpack.

Our side decodes into the fixed row types and nothing else, whatever the other side sends.
"""

import socket
import struct

import msgspec

from cets.domains.intake.rows import AnyRow
from cets.domains.intake.sources.base import Options

#: A single value or message is at most `Options.max_text` characters, so an honest frame stays far below.
MAX_FRAME = 96 << 20
HEAD = struct.Struct("!cI")

HELLO, REQUEST, STARTED, ROWS, DONE = b"H", b"Q", b"S", b"R", b"D"


class BrokenFrame(Exception):
    """The other side sent something that is no frame of ours, or closed in the middle of one."""


class Hello(msgspec.Struct, frozen=True):
    """The process is ready. `confined` names the protections that hold in it."""

    confined: tuple[str, ...]


class Request(msgspec.Struct, frozen=True):
    """Read the file whose descriptor comes with this frame. `source` None: recognise it by content."""

    size: int
    options: Options
    memory: int
    cpu_seconds: int
    spool: int
    source: str | None = None
    label: str = ""


class Started(msgspec.Struct, frozen=True):
    source: str | None
    version: str | None


class Done(msgspec.Struct, frozen=True):
    """The job is over. `failed`: a limit ended it. `fit` False: the process asks to be replaced."""

    seconds: float
    peak_memory: int
    resident: int
    fit: bool = True
    failed: str | None = None


_encoder = msgspec.msgpack.Encoder()
_rows = msgspec.msgpack.Decoder(list[AnyRow])


def encode(value: object) -> bytes:
    return _encoder.encode(value)


def decode_rows(body: bytes | bytearray) -> list[AnyRow]:
    return _rows.decode(body)


def pack(kind: bytes, body: bytes) -> bytes:
    return HEAD.pack(kind, len(body)) + body


def receive_exactly(sock: socket.socket, size: int) -> bytearray:
    """Read `size` bytes. Raises BrokenFrame at the end of the stream, TimeoutError in time."""
    buffer = bytearray(size)
    view = memoryview(buffer)
    while view:
        got = sock.recv_into(view)
        if not got:
            raise BrokenFrame("closed")
        view = view[got:]
    return buffer


def open_head(head: bytes | bytearray) -> tuple[bytes, int]:
    kind, length = HEAD.unpack(head)
    if length > MAX_FRAME:
        raise BrokenFrame("frame too large")
    return kind, length
