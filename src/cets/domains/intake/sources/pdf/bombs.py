"""Packed streams that grow beyond measure, told before PDFium unpacks them: it would end the whole process."""

import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO

#: What the text of a page, a font or a table of objects may hold, unpacked.
MOST_IN_A_STREAM = 48 << 20
#: What all streams of a file may hold together. Pictures are not counted, as they are never unpacked.
MOST_IN_ALL = 400 << 20
_CHUNK, _STEP = 1 << 20, 1 << 20
_FIRST_CHUNK, _PACKED_CHUNK = 1 << 10, 16 << 10
_BEFORE = 2_048  # bytes in which the dictionary of a stream stands
_STREAM = re.compile(rb"stream\r?\n")
_LONGEST_MARK = 10
_IS_PICTURE = re.compile(rb"/Subtype\s*/Image\b")
_METHOD, _MODULUS = 8, 31  # of zlib's two bytes
_DEEPEST = 3  # packed within packed: by mistake twice, beyond it on purpose


def grows_too_large(file: BinaryIO) -> bool:
    """Say whether a stream that is read for text unpacks to more than the limit, or all of them together do."""
    left = MOST_IN_ALL
    for at in sorted(set(_streams(file))):
        allowed = min(left, MOST_IN_A_STREAM)
        size = _size(_packed(file, at), most=allowed, depth=1)
        if size > allowed:
            return True
        left -= size
    return False


def _streams(file: BinaryIO) -> Iterator[int]:
    """Yield where the packed streams that are no pictures begin."""
    start, kept = 0, b""
    file.seek(0)
    while chunk := file.read(_CHUNK):
        text = kept + chunk
        for mark in _STREAM.finditer(text):
            head = text[mark.end() : mark.end() + 2]
            before = text[max(0, mark.start() - _BEFORE) : mark.start()].rpartition(b"endobj")[2]
            if _is_packed(head) and not _IS_PICTURE.search(before):
                yield start + mark.end()
        kept = text[-(_BEFORE + _LONGEST_MARK) :]
        start += len(text) - len(kept)
        file.seek(start + len(kept))


def _is_packed(head: bytes) -> bool:
    return len(head) > 1 and head[0] & 15 == _METHOD and (head[0] << 8 | head[1]) % _MODULUS == 0


def _packed(file: BinaryIO, at: int) -> Iterator[bytes]:
    file.seek(at)
    size = _FIRST_CHUNK  # most streams are short, and a file may have very many
    while raw := file.read(size):
        yield raw
        size = _PACKED_CHUNK


def _size(packed: Iterator[bytes], *, most: int, depth: int) -> int:
    """Return what a stream holds when it is unpacked, at every depth; more than `most` once it is passed."""
    pieces = _inflated(packed)
    first = next(pieces, b"")
    if _is_packed(first[:2]):
        if depth == _DEEPEST:
            return most + 1
        return _size(_rejoined(first, pieces), most=most, depth=depth + 1)
    done = len(first)
    for piece in pieces:
        done += len(piece)
        if done > most:
            break
    return done


def _rejoined(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _inflated(packed: Iterator[bytes]) -> Iterator[bytes]:
    """Yield what is unpacked, up to the end or the first fault: PDFium reads no further either."""
    inflate = zlib.decompressobj()
    try:
        for raw in packed:
            yield inflate.decompress(raw, _STEP)
            while inflate.unconsumed_tail and not inflate.eof:
                yield inflate.decompress(inflate.unconsumed_tail, _STEP)
            if inflate.eof:
                return
    except zlib.error:
        return
