"""The form of a bundle: names, head, manifest, tar headers; and the errors of both directions."""

import hashlib
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import IO

import msgspec

from cets.kernel.errors import CetsError

FORMAT = "cets-backup"
VERSION = 1

HEAD, MANIFEST, SIGNATURE = "bundle.json", "manifest.jsonl", "manifest.sig"
HEADS, DATABASE, BLOBS = "heads/", "database/", "blobs/"
PART_SIZE = 8 * 1024 * 1024
BLOCK = tarfile.BLOCKSIZE
END = bytes(2 * BLOCK)
_SIGNED = b"CETS backup manifest 1\0"
_SPOOL_IN_MEMORY = 1024 * 1024


class BundleBroken(CetsError):
    """A bundle is not whole and unaltered, so that nothing read from it may be used. Base of the others."""


class BundleLocked(BundleBroken):
    """The bundle does not open with the identities at hand."""


class BundleUnsigned(BundleBroken):
    """The bundle does not carry the expected signature, so that anybody may have made it."""


class BackupFailed(CetsError):
    """A bundle could not be made; what was written of it is of no use."""


class Contents(msgspec.Struct, frozen=True):
    """What a bundle holds: sizes in bytes, and what its maker said about it."""

    about: dict[str, str]
    database_size: int
    blobs: int
    blobs_size: int
    signed: bool


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: str
    version: int
    about: dict[str, str]


class Line(msgspec.Struct, frozen=True):
    name: str
    size: int
    sha256: str


def _spool() -> IO[bytes]:
    return SpooledTemporaryFile(max_size=_SPOOL_IN_MEMORY)


@dataclass
class Ledger:
    """The manifest as it grows, on disk beyond a megabyte; and the sums."""

    lines: IO[bytes] = field(default_factory=_spool)
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    size: int = 0
    database_size: int = 0
    blobs: int = 0
    blobs_size: int = 0

    def add(self, name: str, size: int, sha256: str) -> None:
        line = msgspec.json.encode(Line(name, size, sha256)) + b"\n"
        self.lines.write(line)
        self.digest.update(line)
        self.size += len(line)
        if name.startswith(DATABASE):
            self.database_size += size
        elif name.startswith(BLOBS):
            self.blobs += 1
            self.blobs_size += size

    def to_sign(self) -> bytes:
        return _SIGNED + self.digest.digest()

    def contents(self, about: Mapping[str, str], *, signed: bool) -> Contents:
        return Contents(dict(about), self.database_size, self.blobs, self.blobs_size, signed)


def tar_header(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    try:
        header = info.tobuf(format=tarfile.GNU_FORMAT, encoding="ascii", errors="strict")
    except (ValueError, UnicodeEncodeError) as error:
        raise BackupFailed(f"{name!r} cannot be a member of a backup.") from error
    if len(header) != BLOCK:
        raise BackupFailed(f"{name!r} is too long a name for a member of a backup.")
    return header


def padding(size: int) -> bytes:
    return bytes(-size % BLOCK)
