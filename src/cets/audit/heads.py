"""The second place: signed lines that hold the chain's leaves and heads, outside the database.

Whoever owns the database can rewrite it consistently, but not these lines. `HeadFile` is one such place,
a file; another node can be another, with the same three verbs.
"""

import base64
import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_SIGNATURE = b',"signature":"'
_BLOCK = 64 * 1024


class BadLine(ValueError):
    """A line of the heads file that is cut, damaged or not signed by our key."""


class CutLine(BadLine):
    """A line without its end: the writer was stopped in the middle of it."""


@dataclass(frozen=True, slots=True)
class Line:
    """Events `first` to `last` of the chain. With no leaves a file starts here, `last` before `first`."""

    first: int
    last: int
    at: datetime
    previous: bytes
    head: bytes
    leaves: tuple[bytes, ...]
    reason: str = ""


def encode(line: Line, signer: Ed25519PrivateKey) -> bytes:
    """Return the line as one line of JSON. The signature is over the bytes before it, closed by a brace."""
    body = json.dumps(
        {
            "version": 1,
            "first": line.first,
            "last": line.last,
            "at": line.at.isoformat(),
            "previous": line.previous.hex(),
            "head": line.head.hex(),
            "leaves": base64.b64encode(b"".join(line.leaves)).decode(),
            "reason": line.reason,
        },
        separators=(",", ":"),
    ).encode()
    signature = base64.b64encode(signer.sign(body))
    return body[:-1] + _SIGNATURE + signature + b'"}\n'


def decode(raw: bytes, key: Ed25519PublicKey) -> Line:
    """Read a line back. Raises CutLine, BadLine."""
    body, mark, rest = raw.rpartition(_SIGNATURE)
    if not (mark and rest.endswith(b'"}\n')):
        raise CutLine("is cut short")
    body += b"}"
    try:
        key.verify(base64.b64decode(rest[:-3], validate=True), body)
        return _line(json.loads(body))
    except BadLine:
        raise
    except InvalidSignature:
        raise BadLine("is not signed by the key of this installation") from None
    except (ValueError, KeyError, TypeError) as error:
        raise BadLine(f"cannot be read: {error}") from error


def _line(fields: dict[str, object]) -> Line:
    if fields["version"] != 1:
        raise BadLine(f"has version {fields['version']}, which this release does not know")
    first, last = fields["first"], fields["last"]
    leaves = base64.b64decode(str(fields["leaves"]), validate=True)
    if not isinstance(first, int) or not isinstance(last, int) or len(leaves) != 32 * (last - first + 1):
        raise BadLine("has another number of leaves than it says")
    return Line(
        first=first,
        last=last,
        at=datetime.fromisoformat(str(fields["at"])),
        previous=bytes.fromhex(str(fields["previous"])),
        head=bytes.fromhex(str(fields["head"])),
        leaves=tuple(leaves[n : n + 32] for n in range(0, len(leaves), 32)),
        reason=str(fields["reason"]),
    )


class HeadFile:
    """An append-only file of lines, readable by its owner alone."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the file against other writers; makes it when it is not there."""
        handle = self._open()
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def append(self, lines: Sequence[bytes]) -> None:
        """Write the lines and return when they are on the disk. The caller holds `locked`."""
        handle = self._open()
        try:
            data = memoryview(self._close_cut_line(handle) + b"".join(lines))
            while data:
                data = data[os.write(handle, data) :]
            os.fsync(handle)
        finally:
            os.close(handle)

    def last(self) -> bytes | None:
        """Return the last whole line; a cut one after it was never said to be done."""
        try:
            with self.path.open("rb") as file:
                position = file.seek(0, os.SEEK_END)
                tail = b""
                while position:
                    step = min(_BLOCK, position)
                    position -= step
                    file.seek(position)
                    tail = file.read(step) + tail
                    if line := _last_whole(tail, is_start=position == 0):
                        return line
        except FileNotFoundError:
            return None
        return None

    def read(self) -> Iterator[bytes]:
        """Return the lines that are there at this call, also a cut last one."""
        try:
            size = self.path.stat().st_size
        except FileNotFoundError:
            return iter(())
        return self._lines(size)

    def _lines(self, size: int) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            while size > 0 and (line := file.readline(size)):
                size -= len(line)
                yield line

    def _open(self) -> int:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        flags = os.O_RDWR | os.O_APPEND | os.O_CLOEXEC
        try:
            return os.open(self.path, flags)
        except FileNotFoundError:
            handle = os.open(self.path, flags | os.O_CREAT, 0o600)
            _sync_folder(self.path.parent)
            return handle

    @staticmethod
    def _close_cut_line(handle: int) -> bytes:
        # Ended, not removed: the file may lie where nothing can be taken away (chattr +a, write-once).
        size = os.fstat(handle).st_size
        return b"\n" if size and os.pread(handle, 1, size - 1) != b"\n" else b""


def _last_whole(tail: bytes, *, is_start: bool) -> bytes | None:
    lines = tail.split(b"\n")
    for line in reversed(lines[0 if is_start else 1 : -1]):
        if _SIGNATURE in line and line.endswith(b'"}'):
            return line + b"\n"
    return None


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
