"""A page cut where a reader sees one line end and another begin, while it streams by. Linear on any input."""

import re
from collections.abc import Iterator
from itertools import chain
from typing import TextIO

_CHUNK, _LONGEST = 1 << 16, 1 << 20
_UNSEEN = re.compile(r"<(script|style|template)\b", re.IGNORECASE)
_CLOSED = {name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in ("script", "style", "template")}
#: Longer than any of the words that are looked for: what may be the beginning of one waits for the next chunk.
_TAIL = 32
_TAG = re.compile(r"<(?=/?([A-Za-z][A-Za-z0-9]{0,10})[\s/>])")
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "dd", "div", "dl", "dt", "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4",
    "h5", "h6", "head", "header", "html", "li", "main", "meta", "nav", "ol", "p", "pre", "section", "table", "tbody", "td", "th", "title", "tr",
    "ul",
})  # fmt: skip
_WORDLESS = re.compile(r"<[^<>=]*>\s*")


class Blocks:
    """Cuts one page. `unseen`: how many scripts and styles it had."""

    def __init__(self) -> None:
        self.unseen = 0

    def of(self, page: TextIO) -> Iterator[tuple[int, str]]:
        """Yield each block and the line on which it begins. A remark in the source is words too."""
        held, line, searched = "", 1, 0
        for text in chain(self._seen(page), [None]):
            held += text or ""
            cuts = [found.start() for found in _TAG.finditer(held, searched) if found[1].lower() in _BLOCKS]
            end = cuts[-1] if cuts else 0
            if text is None or (not cuts and len(held) > _LONGEST):
                end = len(held) if text is None else held.rfind(" ") + 1 or len(held)
            for start, stop in zip([0, *cuts], [*cuts, end], strict=True):
                block = held[start:stop]
                if block and not _WORDLESS.fullmatch(block):
                    yield line, block.replace("<!--", "<p>").replace("-->", "</p>")
                line += block.count("\n")
            held = held[end:]
            searched = max(len(held) - _TAIL, 1)

    def _seen(self, page: TextIO) -> Iterator[str]:
        """Yield the page without its scripts and styles, with all its lines."""
        held = ""
        until: re.Pattern[str] | None = None
        for chunk in chain(iter(lambda: page.read(_CHUNK), ""), [""]):
            held += chunk
            last = len(held) if not chunk else max(len(held) - _TAIL, 0)
            seen: list[str] = []
            at = 0
            while at < last:
                found = (until or _UNSEEN).search(held, at)
                stop = found.start() if found else last
                piece = held[at : max(stop, at)]
                seen.append("\n" * piece.count("\n") if until else piece)
                if not found:
                    at = last
                elif until:
                    at, until = found.end(), None
                else:
                    at, until = found.end(), _CLOSED[found[1].lower()]
                    self.unseen += 1
            held = held[at:]
            yield "".join(seen)
