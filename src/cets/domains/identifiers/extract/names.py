"""Names as they are shown: in the headers of mails, and where a text says that one follows."""

import re
from collections.abc import Iterator

from cets.domains.identifiers.extract.cues import SHOWN_NAME_WORDS, cue_words
from cets.domains.identifiers.extract.page import Candidate, Page

_HEADER = re.compile(
    r"^[> \t]{0,8}(?:from|to|cc|bcc|sender|reply-to|von|an|de|à|para|da|a|van|aan|od|do|från|till|fra|til|от|кому|від)\s?:[ \t]*(?=\S)",
    re.IGNORECASE | re.MULTILINE,
)
_NAMED_ADDRESS = re.compile(
    r"[ \t,;]*(?:\"([^\"\n<>]{1,120})\"|([^\"\n<>@,;:]{1,120}?))[ \t]*<[^<>\s]{3,320}>"
)
_MOST_NAMED = 50
_QUOTED = re.compile(
    r"\s?(?:is|was|[:=])?\s?(?:\"([^\"\n]{1,80})\"|\u201c([^\u201d\n]{1,80})\u201d|\u00ab\s?([^\u00bb\n]{1,80}?)\s?\u00bb|\u201e([^\u201c\n]{1,80})\u201c)"
)
_FIELD = re.compile(
    r"\s?[:=][ \t]*([^\s:=|;,\"(<][^\n:=|;,\"(<\t]{0,78}[^\s:=|;,\"(<])[ \t]*(?=[|;,(<\n\r\t]|\Z)"
)


def display_names(page: Page) -> Iterator[Candidate]:
    yield from _in_headers(page)
    yield from _said(page)


def _in_headers(page: Page) -> Iterator[Candidate]:
    """Yield the names before the addresses of a mail's header."""
    for header in _HEADER.finditer(page.said):
        place = header.end()
        for _ in range(_MOST_NAMED):
            named = _NAMED_ADDRESS.match(page.said, place)
            if not named:
                break
            place = named.end()
            yield from _name(named.start(named.lastindex or 1), named[named.lastindex or 1])


def _said(page: Page) -> Iterator[Candidate]:
    """Yield what follows "display name": in quotes, or as the rest of a field."""
    for word in cue_words(page):
        if word.text in SHOWN_NAME_WORDS:
            named = _QUOTED.match(page.said, word.end) or _FIELD.match(page.said, word.end)
            if named:
                yield from _name(named.start(named.lastindex or 1), named[named.lastindex or 1])


def _name(start: int, written: str) -> Iterator[Candidate]:
    name = written.strip(" \t'")
    if name and "@" not in name:
        start += written.index(name)
        yield Candidate(start, start + len(name), "display_name", name)
