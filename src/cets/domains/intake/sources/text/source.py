"""Plain text: whatever is text and nothing better known. Each line is kept, identifiers are mentioned."""

from collections.abc import Iterator
from typing import BinaryIO

from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import AnyRow, Failed, NotUnderstood
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sources.text import decoding

#: A longer line is read in pieces, cut at a space so that no identifier is.
_PIECE = 65_536


class Text(Source):
    name = "text"
    caption = "Plain text"
    version = "3"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        text = decoding.decode_head(head)
        if text is None or not text.strip("\ufeff\x00 \t\r\n"):
            return 0.0
        return 0.1

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        encoding = decoding.detect(file)
        yield from decoding.remarks(encoding)
        reader = Reader(options)
        nuls = 0
        for number, start, piece in pieces(file, encoding):
            if number > options.max_rows:
                yield Failed(reason=f"Stopped at the limit of {options.max_rows} lines.")
                return
            nuls += piece.count("\x00")
            if piece.strip():
                place = f"line {number}" if not start else f"line {number}, from character {start + 1}"
                yield from reader.free_text(decoding.clean(piece), place=place)
        if nuls:
            yield NotUnderstood(
                text=f"The text holds {nuls} NUL characters, shown as “{decoding.SHOWN_NUL}”.",
                place="whole file",
            )


def pieces(file: BinaryIO, encoding: decoding.Encoding) -> Iterator[tuple[int, int, str]]:
    """Yield (line number, offset in the line, text); only an overlong line comes in more than one piece."""
    number, offset, left = 1, 0, ""
    with decoding.reader(file, encoding) as text:
        while part := text.readline(_PIECE):
            line = left + part
            if line.endswith("\n"):
                yield number, offset, line[:-1]
                number, offset, left = number + 1, 0, ""
            elif len(line) >= _PIECE:
                cut = max(line.rfind(sign) for sign in " ,;\t") + 1 or len(line)
                yield number, offset, line[:cut]
                offset, left = offset + cut, line[cut:]
            else:
                left = line
    if left:
        yield number, offset, left
