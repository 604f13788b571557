"""The chain's arithmetic: what is hashed, in which order, as README.md says; `verify` has its own reading."""

import hashlib
import struct
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

#: Every column of audit_event in the order of the hash. A new column is a new TAG, and both must be verified.
COLUMNS = (
    "id", "number", "xid", "at", "type", "actor_kind", "actor_id", "agency_id", "subject_type", "subject_id",
    "purpose", "purpose_reference", "request_id", "commitment",
)  # fmt: skip
TAG = b"cets-audit-event-1\n"

#: The head before the first event.
GENESIS = bytes(32)

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LENGTH = struct.Struct(">i")
_INTEGER = struct.Struct(">q")
_NULL = _LENGTH.pack(-1)


def leaf(event: Sequence[Any]) -> bytes:
    """Return the hash of one event, given the values of COLUMNS."""
    parts = [TAG]
    for value in event:
        if value is None:
            parts.append(_NULL)
        else:
            encoded = _encode(value)
            parts += (_LENGTH.pack(len(encoded)), encoded)
    return hashlib.sha256(b"".join(parts)).digest()


def next_head(head: bytes, leaf_: bytes) -> bytes:
    """Return the chain's head after one more leaf."""
    return hashlib.sha256(head + leaf_).digest()


def _encode(value: Any) -> bytes:
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, UUID):
        return value.bytes
    if isinstance(value, datetime):
        return _INTEGER.pack((value - _EPOCH) // _MICROSECOND)
    if isinstance(value, int):
        return _INTEGER.pack(value)
    return bytes(value)
