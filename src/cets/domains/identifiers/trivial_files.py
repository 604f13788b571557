"""Hashes of contents that are on every computer: nothing, one line break, a word that says nothing, one blank pixel.

Who has such a file has nothing that anybody made. The hashes are computed from the contents, none is typed in.
"""

import hashlib
from base64 import b64decode
from collections.abc import Iterator
from functools import lru_cache

from cets.domains.identifiers.placeholders import words_for_nothing

_SORTS = ("md5", "sha1", "sha256", "sha512")
_ENDS = (b"", b"\n", b"\r\n", b"\0")
_BEGINNINGS = (b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")  # how programs mark an encoding
_COUNTED_TO = 1_000
#: Blocks of one byte, as discs and memory are wiped and files made ready.
_BLOCKS = (*range(2, 65), *(1 << power for power in range(7, 21)))
_FILLING = (b"\x00", b"\xff", b" ", b"\n", b"a", b"A", b"0")
#: What people type to try something out, and the texts by which hashes are explained.
_TYPED = """
    a b c x y z ab abc abcd abcdef abcdefghijklmnopqrstuvwxyz hello hi hey ok yes no true false on off foo bar baz foobar password
    pass passwd secret root user username name email file data text string value content message digest image picture photo video
    world letmein qwerty qwertyuiop asdf 123456789 12345678 1234567 123456 12345 1234567890 0123456789 changeme welcome lorem
"""
_PHRASES = (
    "hello world", "hello, world", "hello world!", "hello, world!", "hello!", "hello there", "message digest", "this is a test",
    "this is a test.", "test file", "test data", "lorem ipsum", "the quick brown fox jumps over the lazy dog",
    "the quick brown fox jumps over the lazy dog.", "the quick brown fox jumps over the lazy cog", "not found", "404 not found",
    "file not found", "access denied", "forbidden", "internal server error", "bad request", "n/a", "{}", "[]", "[{}]", "{ }", '""',
    "''", "<html></html>", "<!doctype html>", '<?xml version="1.0" encoding="utf-8"?>', "()", "//", "/*", "#", "-1", "0.0",
)  # fmt: skip
#: The pictures of one pixel by which pages and mails count who opens them, and an archive with nothing in it.
_BLANK_FILES = (
    "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7",
    "R0lGODlhAQABAIAAAP///wAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==",
    "R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==",
    "R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==",
    "R0lGODlhAQABAAAAACwAAAAAAQABAAA=",
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=",
    "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==",
)


def is_empty(value: str) -> bool:
    """Say whether a hash, with its sort before it, is of no content at all."""
    return value in _hashes_of_nothing()


def is_trivial(value: str) -> bool:
    """Say whether a hash, with its sort before it, is of a content that anybody's computer holds."""
    return value.startswith(_PREFIXES) and value in _hashes()


_PREFIXES = tuple(f"{sort}:" for sort in _SORTS)


@lru_cache(maxsize=1)
def _hashes_of_nothing() -> frozenset[str]:
    return frozenset(_hashes_of(b""))


@lru_cache(maxsize=1)
def _hashes() -> frozenset[str]:
    return frozenset(value for content in set(_contents()) for value in _hashes_of(content))


def _hashes_of(content: bytes) -> Iterator[str]:
    yield from (f"{sort}:{hashlib.new(sort, content, usedforsecurity=False).hexdigest()}" for sort in _SORTS)


def _contents() -> Iterator[bytes]:
    yield from (bytes([number]) for number in range(256))
    yield from (byte * length for byte in _FILLING for length in _BLOCKS)
    yield from (before + end for before in _BEGINNINGS for end in _ENDS)
    for text in _texts():
        yield from (text.encode() + end for end in _ENDS)
    yield from map(b64decode, _BLANK_FILES)


def _texts() -> Iterator[str]:
    for text in (*_TYPED.split(), *_PHRASES, *words_for_nothing()):
        yield from (text, text.capitalize(), text.upper(), text.title())
    yield from map(str, range(_COUNTED_TO))
