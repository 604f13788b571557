"""Ids are random inside: nothing can be read from one, and none can be guessed."""

import hashlib
import secrets
import struct
import time
from collections.abc import Iterator
from itertools import count
from uuid import UUID, uuid4

#: So much chance is drawn at a time: asking the system for it is dearer than all the rest.
_DRAWN = struct.Struct("256I")


def new_id() -> UUID:
    return uuid4()


def ids_in_order() -> Iterator[UUID]:
    """Yield ids that sort in the order in which they are taken: for rows whose order means something, of one writer.

    UUIDs of version 7 (RFC 9562): when this writer began, a number of its own, the count of its rows, and the rest at
    random. They tell nothing of other writers, and are kind to an index, for which wholly random ones are costly.
    """
    began, own = time.time_ns() // 1_000_000, secrets.randbits(12)
    head = (began & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | own << 64 | 0b10 << 62
    for first in count(step=_DRAWN.size // 4):
        for number, drawn in enumerate(_DRAWN.unpack(secrets.token_bytes(_DRAWN.size)), first):
            yield UUID(int=head | (number & 0xFFFF_FFFF) << 30 | drawn >> 2)


def keyed_id(key: bytes, *parts: str) -> UUID:
    """Return the id that these parts always have under this key, and nobody without the key can compute.

    BLAKE2b in keyed mode (RFC 7693), 128 bits, each part closed by a byte that UTF-8 never holds.
    """
    digest = hashlib.blake2b(key=key, digest_size=16)
    for part in parts:
        digest.update(part.encode("utf-8", "surrogatepass"))
        digest.update(b"\xff")
    return UUID(bytes=digest.digest())
