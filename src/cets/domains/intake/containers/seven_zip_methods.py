"""By which methods a block of a 7z archive is packed, and how it is unpacked: one method after the other, streaming."""

import bz2
import lzma
from collections.abc import Iterator
from typing import Any, BinaryIO

from cets.domains.intake.containers import limits
from cets.domains.intake.containers.entries import Unreadable
from cets.domains.intake.containers.seven_zip_directory import Block, Coder
from cets.domains.intake.containers.streams import CUT, Decoder, Inflate, decoded, pieces

_COPY, _LZMA, _LZMA2, _DELTA = "00", "030101", "21", "03"
_DEFLATE, _BZIP2, _AES = "040108", "040202", "06f10701"
#: Filters of programs' code, which the standard library knows beside LZMA2.
_CODE = {
    "03030103": lzma.FILTER_X86, "04": lzma.FILTER_X86, "03030205": lzma.FILTER_POWERPC, "05": lzma.FILTER_POWERPC,
    "03030401": lzma.FILTER_IA64, "06": lzma.FILTER_IA64, "03030501": lzma.FILTER_ARM, "07": lzma.FILTER_ARM,
    "03030701": lzma.FILTER_ARMTHUMB, "08": lzma.FILTER_ARMTHUMB, "03030805": lzma.FILTER_SPARC, "09": lzma.FILTER_SPARC,
}  # fmt: skip
#: What others are called, so that the receipt can say it.
_CALLED = {
    "03030103": "BCJ",
    "04": "BCJ",
    "030401": "PPMd",
    "0303011b": "BCJ2",
    "040109": "Deflate64",
    "04f71101": "Zstandard",
    "04f71102": "Brotli",
}
_LZMA_PROPERTIES, _MOST_LZMA2 = 5, 40


def is_encrypted(block: Block) -> bool:
    return any(coder.method == _AES for coder in block.coders)


def unpack_block(file: BinaryIO, block: Block) -> Iterator[bytes]:
    """Yield what a block holds, at most what it states. Raises Unreadable."""
    decoders = _decoders(block)
    if block.at + block.packed > file.seek(0, 2):
        raise Unreadable(CUT)
    file.seek(block.at)
    stream = pieces(file, block.packed)
    for decoder in decoders:
        stream = decoded(stream, decoder)
    left = block.size
    for piece in stream:
        yield piece[:left]
        left -= len(piece)
        if left <= 0:
            return
    raise Unreadable(CUT)


def _decoders(block: Block) -> list[Decoder]:
    """Return the decoders from the packed bytes inwards."""
    found: list[Decoder] = []
    filters: list[dict[str, Any]] = []
    for coder in reversed(block.coders):
        if filters and coder.method not in {*_CODE, _DELTA}:
            found.append(lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters))
            filters = []
        if coder.method in {_LZMA, _LZMA2}:
            filters = [_lzma(coder, block.size)]
        elif coder.method in {*_CODE, _DELTA}:
            # Only LZMA2 says where it ends, without which these filters hold the last bytes back.
            if not filters or filters[-1]["id"] != lzma.FILTER_LZMA2:
                raise _unknown(coder)
            filters.insert(0, _filter(coder))
        elif coder.method != _COPY:
            found.append(_other(coder))
    if filters:
        found.append(lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters))
    return found


def _other(coder: Coder) -> Decoder:
    if coder.method == _DEFLATE:
        return Inflate(-15)
    if coder.method == _BZIP2:
        return bz2.BZ2Decompressor()
    raise _unknown(coder)


def _unknown(coder: Coder) -> Unreadable:
    name = _CALLED.get(coder.method, f"number {coder.method}")
    return Unreadable(f"It is packed by a method ({name}) that is not read.")


def _filter(coder: Coder) -> dict[str, Any]:
    if coder.method == _DELTA:
        return {"id": lzma.FILTER_DELTA, "dist": (coder.properties or b"\0")[0] + 1}
    return {"id": _CODE[coder.method]}


def _lzma(coder: Coder, size: int) -> dict[str, Any]:
    given = coder.properties
    if coder.method == _LZMA2:
        if len(given) != 1 or given[0] > _MOST_LZMA2:
            raise Unreadable("How it is packed cannot be read.")
        wanted = (2 | (given[0] & 1)) << (given[0] // 2 + 11)
        return {"id": lzma.FILTER_LZMA2, "dict_size": _dictionary(wanted, size)}
    if len(given) != _LZMA_PROPERTIES or given[0] >= 9 * 5 * 5:
        raise Unreadable("How it is packed cannot be read.")
    rest, lc = divmod(given[0], 9)
    pb, lp = divmod(rest, 5)
    if lc + lp > 4:  # noqa: PLR2004 - what the decoder takes
        raise Unreadable("How it is packed cannot be read.")
    wanted = int.from_bytes(given[1:], "little")
    return {"id": lzma.FILTER_LZMA1, "dict_size": _dictionary(wanted, size), "lc": lc, "lp": lp, "pb": pb}


def _dictionary(wanted: int, size: int) -> int:
    """Return how large the decoder's dictionary is to be; what is larger than the content is never filled."""
    needed = max(min(wanted, size), 4096)
    if needed > limits.MOST_DICTIONARY:
        most = limits.MOST_DICTIONARY >> 20
        raise Unreadable(f"To unpack it takes more than the {most} MB of memory that are given.")
    return needed
