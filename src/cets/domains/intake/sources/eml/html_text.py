"""HTML to the text a reader sees, with the addresses of links beside their words. Linear on any input."""

import html
import re

BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset", "footer"),
        *("form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre"),
        *("section", "table", "td", "th", "tr", "ul"),
    )
)
_UNSEEN = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "template")}
_NAME = re.compile(r"</?\s*([A-Za-z][A-Za-z0-9]*)")
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\f\v\u00a0]+")
_LINES = re.compile(r" ?\n[ \n]*")
#: Stands where a link begins and ends (no character of any text): its last word is not the next one's first.
_EDGE = "\ufdd0"
_BETWEEN_WORDS = re.compile(rf"(?<=\w){_EDGE}+(?=\w)")


def to_text(source: str) -> str:
    """Return the visible text. Scripts and comments are left out; a link is followed by <its address>."""
    pieces: list[str] = []
    source = source.replace(_EDGE, "\ufffd")
    position = 0
    link: str | None = None
    while position < len(source):
        start = source.find("<", position)
        if start == -1:
            start = len(source)
        if start > position:
            pieces.append(html.unescape(source[position:start]).replace("\n", " "))
        if start == len(source):
            break
        end = _end_of_tag(source, start)
        tag, closing, name = source[start:end], source.startswith("</", start), ""
        found = _NAME.match(tag)
        if found:
            name = found[1].lower()
        position = end
        if name in _UNSEEN and not closing:
            closed = _UNSEEN[name].search(source, position)
            if not closed:
                break
            position = closed.start()
        elif name == "a":
            _show(link, pieces)  # also when the one before was never closed
            pieces.append(_EDGE)
            link = None if closing else _target(tag)
        elif name in BLOCKS:
            pieces.append("\n")
    _show(link, pieces)
    text = _BETWEEN_WORDS.sub(" ", "".join(pieces)).replace(_EDGE, "")
    return _LINES.sub("\n", _BLANKS.sub(" ", text)).strip()


def _end_of_tag(source: str, start: int) -> int:
    comment = source.startswith("<!--", start)
    end = source.find("-->" if comment else ">", start)
    # What is opened and never closed hides the rest, as it does in a reader; finding so once is enough.
    return len(source) if end == -1 else end + (3 if comment else 1)


def _target(tag: str) -> str | None:
    found = _HREF.search(tag)
    target = html.unescape(next(filter(None, found.groups()), "")) if found else ""
    return target.strip() or None


def _show(link: str | None, pieces: list[str]) -> None:
    """Write down where a link leads, unless its words say the same."""
    if link and not link.startswith(("#", "cid:", "javascript:")):
        shown = link.removeprefix("mailto:").removeprefix("tel:")
        if shown not in (piece.strip() for piece in pieces[-4:]):
            pieces.append(f" <{shown}> ")
