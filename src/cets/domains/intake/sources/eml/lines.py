"""Lines of a mail or mailbox, also where they end with a carriage return alone, as old Macs wrote them."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

LONGEST = 65_536
_HEAD = 65_536
_LINE_END = re.compile(rb"\r*\n|\r")
#: A stray return inside a header is none of this: the first lines must all end so.
_TELLING = 4


class LineReader:
    """Reads a file from its start, line by line. A line longer than LONGEST comes in pieces."""

    def __init__(self, file: BinaryIO) -> None:
        file.seek(0)
        head = file.read(_HEAD)
        file.seek(0)
        first = [found[0] for found in islice(_LINE_END.finditer(head), _TELLING)]
        returns = bool(first) and set(first) == {b"\r"}
        self._lines = _split(file) if returns else _read(file)
        self._ends = (b"\n", b"\r") if returns else (b"\n",)

    def readline(self) -> bytes:
        """Return the next line with its end; nothing at the end of the file."""
        return next(self._lines, b"")

    def is_whole(self, line: bytes) -> bool:
        """Say whether a line, or its last piece, ends here."""
        return line.endswith(self._ends)


def is_piece(line: bytes) -> bool:
    """Say whether more of this line follows in the next."""
    if len(line) < LONGEST or line.endswith(b"\n"):
        return False
    return not (line.endswith(b"\r") and len(line) > LONGEST)


def _read(file: BinaryIO) -> Iterator[bytes]:
    while line := file.readline(LONGEST):
        yield line


def _split(file: BinaryIO) -> Iterator[bytes]:
    rest = b""
    while chunk := file.read(LONGEST):
        *lines, rest = (rest + chunk).splitlines(keepends=True)
        yield from lines
        if len(rest) >= LONGEST:
            yield rest
            rest = b""
    yield from rest.splitlines(keepends=True)
