"""A web page as texts and tags, one after the other, whatever its size: what every source over pages begins with."""

import codecs
import html
import re
from collections.abc import Iterator
from typing import BinaryIO, TextIO

import msgspec

from cets.domains.intake.sources.text import decoding

_HEAD = 8_192
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w\-]{2,40})", re.IGNORECASE)
_CHUNK = 1 << 18
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)((?:[^<>\"']|\"[^\"<>]*\"|'[^'<>]*')*)>")
_ATTRIBUTE = re.compile(
    r"""(?<![^\s"'/])([^\s"'<>/=]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE
)
#: The name under which a remark in the source stands among the tags.
REMARK = "!--"


class Tag(msgspec.Struct, frozen=True):
    """`written`: what stands in the tag behind its name; of a remark its words."""

    name: str
    closes: bool
    written: str = ""

    @property
    def attributes(self) -> dict[str, str]:
        """The values by their names in small letters. Read anew each time; of a name given twice the first counts, as in a browser."""
        found = _ATTRIBUTE.findall(self.written)
        return {name.lower(): html.unescape(one or two or three) for name, one, two, three in reversed(found)}


def encoding_of(file: BinaryIO) -> decoding.Encoding:
    """Return the encoding that a page states, where its bytes do not tell. Leaves the file at its start."""
    file.seek(0)
    head = file.read(_HEAD)
    found = decoding.detect(file)
    said = None if found.sure else _CHARSET.search(head)
    try:
        return decoding.Encoding(codecs.lookup(said[1].decode()).name) if said else found
    except LookupError:
        return found


def tokens(text: TextIO) -> Iterator[tuple[str | Tag, int]]:
    """Yield texts and tags with their place in the text; what is no tag is text, as it is written."""
    held, start = "", 0
    while chunk := text.read(_CHUNK):
        held += decoding.clean(chunk)
        used = 0
        while (at := held.find("<", used)) >= 0:
            end = _end(held, at)
            if end < 0:
                break
            if at > used:
                yield held[used:at], start + used
            yield from _tag(held[at:end], start + at)
            used = end
        else:
            if used < len(held):
                yield held[used:], start + used
            used = len(held)
        if len(held) - used > _CHUNK * 4:  # a tag that never ends is text
            yield held[used:], start + used
            used = len(held)
        start, held = start + used, held[used:]
    if held:
        yield held, start


def _end(held: str, at: int) -> int:
    comment = held.startswith("<!--", at)
    end = held.find("-->" if comment else ">", at)
    return end if end < 0 else end + (3 if comment else 1)


def _tag(written: str, at: int) -> Iterator[tuple[str | Tag, int]]:
    found = _TAG.fullmatch(written)
    if found:
        yield Tag(found[2].lower(), bool(found[1]), found[3]), at
    elif written.startswith("<!--"):
        yield Tag(REMARK, closes=False, written=written[4:-3]), at
    elif not written.startswith(("<!", "<?")):
        yield written, at
