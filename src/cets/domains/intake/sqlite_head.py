"""What the pages of a SQLite database show before it is opened: which tables it says it has.

The list of tables begins on the first page, but its leaves may lie anywhere, as they do after a clean-up of the database.
"""

import io
from collections.abc import Iterator
from typing import BinaryIO

MAGIC = b"SQLite format 3\0"
#: So many pages of the list are looked at.
MOST_PAGES = 64
_HEADER = 100
_SMALLEST_PAGE, _LARGEST_PAGE = 512, 65_536
_INTERIOR, _LEAF = 5, 13
_OF_INTERIOR = 12  # bytes of the head of such a page
_QUOTES = (b"", b'"', b"[", b"`", b"'")


def page_size(head: bytes) -> int:
    """Return the size of the pages as the head of a database states it, or 0 where it cannot be."""
    if len(head) < _HEADER or not head.startswith(MAGIC):
        return 0
    size = int.from_bytes(head[16:18], "big")
    size = _LARGEST_PAGE if size == 1 else size
    return size if _SMALLEST_PAGE <= size <= _LARGEST_PAGE and not size & (size - 1) else 0


def list_of_tables(file: BinaryIO, size: int) -> bytes:
    """Return the pages of a database that hold the list of its tables, one after the other; the file's place is kept."""
    before = file.tell()
    file.seek(0)
    page = page_size(file.read(_HEADER))
    pages = b"".join(_leaves(file, page, size // page)) if page else b""
    file.seek(before)
    return pages


def _leaves(file: BinaryIO, size: int, pages: int) -> Iterator[bytes]:
    waiting, seen = [1], set[int]()
    while waiting and len(seen) < MOST_PAGES:
        number = waiting.pop(0)
        if number in seen or not 1 <= number <= pages:
            continue
        seen.add(number)
        file.seek((number - 1) * size, io.SEEK_SET)
        page = file.read(size)
        kind = page[_start(number)] if len(page) == size else 0
        if kind == _LEAF:
            yield page
        elif kind == _INTERIOR:
            waiting += _children(page, _start(number))


def _start(number: int) -> int:
    return _HEADER if number == 1 else 0


def _children(page: bytes, start: int) -> Iterator[int]:
    cells = int.from_bytes(page[start + 3 : start + 5], "big")
    for index in range(min(cells, MOST_PAGES)):
        at = start + _OF_INTERIOR + 2 * index
        cell = int.from_bytes(page[at : at + 2], "big")
        yield int.from_bytes(page[cell : cell + 4], "big")
    yield int.from_bytes(page[start + 8 : start + 12], "big")


def has_tables(head: bytes, *names: str) -> bool:
    """Say whether the first bytes of a database, or its list of tables after them, show that it has all of these tables."""
    if not head.startswith(MAGIC):
        return False
    text = b" ".join(head.replace(b"\0", b"").lower().split())  # so that one of UTF-16 reads alike
    return all(any(_begins(text, quote + name.encode()) for quote in _QUOTES) for name in names)


def _begins(text: bytes, name: bytes) -> bool:
    """Say whether a statement that makes a table of this name stands in the text, and its name ends there."""
    for start in (b"create table ", b"create table if not exists "):
        at = text.find(start + name)
        while at >= 0:
            after = text[at + len(start + name) :][:1]
            if not (after.isalnum() or after == b"_"):
                return True
            at = text.find(start + name, at + 1)
    return False
