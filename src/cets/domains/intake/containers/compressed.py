"""A single compressed file: the member is the file within. A tar archive within is no level of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO, ClassVar

from cets.domains.intake.containers import limits, names, tar_format
from cets.domains.intake.containers.entries import Container, Entry, Listing, Unreadable, within
from cets.domains.intake.containers.streams import CHUNK, Tape, method_of, unpacked

#: Where the format keeps no name.
UNNAMED = "content"
_EXTRA, _NAME = 4, 8


@dataclass(slots=True)
class Compressed:
    """`file` is packed by `name`d method and unpacks to anything but a tar archive."""

    any_order: ClassVar[bool] = False
    tape: Tape
    entry: Entry

    def listing(self) -> Listing[Entry]:
        return Listing([self.entry])

    def unpack(self, entry: Entry, *, most: int) -> Iterator[bytes]:  # noqa: ARG002 - there is one
        self.tape.seek(0)
        return within(iter(partial(self.tape.read, CHUNK), b""), most=most)


def open_compressed(file: BinaryIO, size: int) -> Container[Entry] | tar_format.TarContainer:
    """Return what is inside a compressed file: one member, or those of a tar archive. Raises Unreadable."""
    file.seek(0)
    head = file.read(CHUNK)
    found = method_of(head)
    if found is None:
        raise Unreadable("It is compressed by no method that is read.")
    _, decoder = found
    most = limits.most_from(size)
    tape = Tape(lambda: unpacked(file, decoder), most=most + tar_format.BLOCK)
    if _is_tar(tape):
        return tar_format.TarContainer(tape, packed=size)
    name = _name_within(head)
    entry = Entry(name=name, name_length=len(name.encode()), size=0, packed=size, is_size_sure=False)
    return Compressed(tape, entry)


def _is_tar(tape: Tape) -> bool:
    try:
        return tar_format.is_header(tape.read(tar_format.BLOCK))
    except Unreadable:  # said when the content is read
        return False


def _name_within(head: bytes) -> str:
    """Return the name that gzip keeps of the file within, without any folder."""
    if head[:2] != b"\x1f\x8b" or len(head) < 10 or not head[3] & _NAME:  # noqa: PLR2004 - its fixed part
        return UNNAMED
    at = 10
    if head[3] & _EXTRA:
        at += 2 + int.from_bytes(head[10:12], "little")
    raw = head[at : at + names.LONGEST + 1].split(b"\0", 1)[0]
    try:
        name = raw.decode("utf-8")
    except UnicodeDecodeError:
        name = raw.decode("latin-1")
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    return UNNAMED if names.fault(name) else name
