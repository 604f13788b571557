"""A web page of no layout that another source knows: its words, links and remarks, block by block."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from cets.domains.intake.html_tokens import encoding_of
from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import AnyRow, Failed, NotUnderstood, Summary
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sources.eml import html_text
from cets.domains.intake.sources.text import decoding
from cets.domains.intake.sources.web_page.blocks import Blocks

_BEGINS = re.compile(
    r"\s*(?:<\?xml[^<>]{0,200}\?>\s*)?(?:<!--[^<>]{0,2000}-->\s*){0,5}<(?:!DOCTYPE\s+html|html|head|body)\b",
    re.IGNORECASE,
)
_TITLE = re.compile(r"<title[^<>]{0,500}>([^<]{1,500})</title", re.IGNORECASE)
_HEAD = 8_192
_TAG = re.compile(r"<[A-Za-z][^<>]{1,20000}>")
#: What a reader sees, or is shown when he points at it; and whose a line is where a program notes that.
_SHOWN = re.compile(
    r"\s(?:title|alt|aria-label|value|datetime|data-[a-z-]{0,30}(?:user|author|sender|name)[a-z-]{0,30})"
    r"\s{0,9}=\s{0,9}(?:\"([^\"]{1,10000})\"|'([^']{1,10000})')",
    re.IGNORECASE,
)
_NEIGHBOURS = re.compile(r"(</[a-z]{1,10}>)(?=<[a-z])", re.IGNORECASE)


class WebPage(Source):
    name = "web_page"
    caption = "Web page (HTML)"
    version = "2"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        text = decoding.decode_head(head)
        return 0.91 if text is not None and _BEGINS.match(text.lstrip("\ufeff")) else 0.0

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        head = file.read(_HEAD)
        encoding = encoding_of(file)
        yield from decoding.remarks(encoding)
        title = _TITLE.search(head.decode(encoding.name, "replace"))
        named = " ".join(html_text.to_text(title[1]).split()) if title else ""
        yield Summary(title=f"Web page “{named[:200]}”" if named else "Web page")
        yield NotUnderstood(
            text="The layout of this page is not known: its words and links were read; who wrote what and when was not told apart.",
            place="whole file",
        )
        reader, blocks = Reader(options), Blocks()
        with decoding.reader(file, encoding) as text:
            for count, (line, block) in enumerate(blocks.of(text)):
                if count >= options.max_rows:
                    yield Failed(reason=f"Stopped at the limit of {options.max_rows} pieces of text.")
                    return
                shown = decoding.clean(html_text.to_text(_with_remarks(block)))
                last = line + block.rstrip().count("\n")
                yield from reader.free_text(
                    shown, place=f"lines {line} to {last}" if last > line else f"line {line}"
                )
        if blocks.unseen:
            yield NotUnderstood(
                text=f"Scripts and styles of the page were not read: {blocks.unseen}.", place="whole file"
            )


def _with_remarks(block: str) -> str:
    """Return a block with the remarks of its tags as words behind them, and words apart that have tags between them."""
    return _TAG.sub(_with_remark, _NEIGHBOURS.sub(r"\1 ", block))


def _with_remark(tag: re.Match[str]) -> str:
    said = [one or other for one, other in _SHOWN.findall(tag[0])]
    return f"{tag[0]} {' '.join(said)} " if said else tag[0]
