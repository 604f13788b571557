"""Addresses whose signs are said in words: "kestrel_7 at post dot example"."""

import re
from collections.abc import Iterator

from cets.domains.identifiers.extract import decoys
from cets.domains.identifiers.extract.addresses import has_site_word, known_domain
from cets.domains.identifiers.extract.page import Candidate, Page
from cets.domains.identifiers.kinds.refang import AT_WORDS, DOT_WORDS
from cets.domains.identifiers.kinds.suffixes import public_suffix

_OPEN, _CLOSE = r"\s?[\[({<]\s?", r"\s?[\])}>]\s?"
_SPOKEN = re.compile(rf"[d\[({{<](?:(?<=\sd)ot\s|(?<=[\[({{<])\s?(?:{DOT_WORDS}){_CLOSE})")
_DOT_SAID = rf"(?:\sdot\s|{_OPEN}(?:\.|{DOT_WORDS}){_CLOSE}|\.)"
_SPOKEN_BEFORE = re.compile(
    rf"(?<![\w.+\-/:%@])(?P<name>(?:\w[\w+\-]{{0,30}}\sdot\s)?\w[\w.+\-]{{0,63}})(?:(?P<sign>@|{_OPEN}(?:@|{AT_WORDS}){_CLOSE})|\sat\s)"
    rf"(?P<host>[\w\-]{{1,63}}(?:{_DOT_SAID}[\w\-]{{1,63}}){{0,3}})\Z",
    re.IGNORECASE,
)
_SPOKEN_AFTER = re.compile(rf"(?:{_DOT_SAID}(?!dot\b)[\w\-]{{1,63}}){{1,4}}", re.IGNORECASE)
_SPOKEN_BARE = re.compile(r"\sdot\s", re.IGNORECASE)
_DOTS_SAID = re.compile(_DOT_SAID, re.IGNORECASE)
_AT_SAID = re.compile(rf"@|\sat\s|[\[({{<]\s?(?:{AT_WORDS})\s?[\])}}>]", re.IGNORECASE)
_TWO_LETTERS = re.compile(r"[^\W\d_]{2}")
_LABEL_SAID = re.compile(r"\b(?!dot\b)[\w\-]+")
_SPOKEN_WIDTH = 128
_MAIL_CUE = re.compile(r"\b(?:e-?mail|mail|address|write to|reach|contact)\b[^\n]{0,20}\Z", re.IGNORECASE)
_MARKED_NAME = re.compile(r"[\d._+]")


def spoken(page: Page) -> Iterator[Candidate]:
    """Yield "kestrel_7 at post dot example" and what is half spoken and half in brackets.

    A bare "at" needs a name that looks like one, or a text that speaks of mail.
    """
    text, place = page.text, 0
    while match := _SPOKEN.search(page.lower, place):
        first = match.start()
        first -= first > place and text[first - 1].isspace()
        after = _SPOKEN_AFTER.match(text, first)
        place = after.end() if after else match.end()
        if not after or not any(map(public_suffix, _LABEL_SAID.findall(after[0].lower()))):
            continue
        before = page.before(first, _SPOKEN_WIDTH)
        name = _SPOKEN_BEFORE.search(before) if _AT_SAID.search(before) else None
        if not name:
            yield from _spoken_site(page, first, before, after)
        if not name or _is_all_marks(name, after[0]):
            continue
        start = first - (len(before) - name.start())
        host, end = _spoken_host(name["host"], after)
        if host and (name["sign"] or _is_spoken_name(name["name"], page.before(start, 40))):
            place = end
            local = _SPOKEN_BARE.sub(".", name["name"])
            yield Candidate(start, end, "email", f"{local}@{host}")


_ARTICLE = re.compile(r"(?:the|of|and|a(?!\.\w\.))\.", re.IGNORECASE)
_SITE_BEFORE = re.compile(r"(?<![\w.@\-/])(?:[\w\-]{1,63}\sdot\s){0,3}[\w\-]{1,63}\Z", re.IGNORECASE)


def _spoken_site(page: Page, place: int, before: str, after: re.Match[str]) -> Iterator[Candidate]:
    """Yield "files dot otherapp dot example": with one "dot" only where the name, or a word before it, is a site's."""
    name = _SITE_BEFORE.search(before)
    if not name or not _SPOKEN_BARE.match(after[0]):
        return
    host, end = _spoken_host(_SPOKEN_BARE.sub(".", name[0]), after)
    start = place - len(name[0])
    if not host or _ARTICLE.match(host):
        return
    if host.count(".") > 1 or re.search(r"[\d\-]", host) or has_site_word(page, start):
        yield Candidate(start, end, "domain", host)


def _is_all_marks(name: re.Match[str], after: str) -> bool:
    """Say whether nothing is spoken (another finder's), or the address was whole before the "dot"."""
    if not name["sign"]:
        return False
    whole = name["sign"] == "@" and known_domain(name["host"]) == name["host"]
    return whole or not _SPOKEN_BARE.search(name["host"] + after)


def _is_spoken_name(name: str, before: str) -> bool:
    lowered = name.lower()
    if lowered in decoys.NOT_NAMES or lowered in decoys.NOT_MAILBOXES or not _TWO_LETTERS.search(name):
        return False  # "write to me at post dot example", "10.30 at post dot example"
    if all(part.isdigit() or part in decoys.THING_WORDS for part in lowered.split("_")):
        return False
    return bool(_MARKED_NAME.search(name) or _MAIL_CUE.search(before))


def _spoken_host(first: str, after: re.Match[str]) -> tuple[str | None, int]:
    """Return the domain and where it ends: a sentence that follows without a space is none of it."""
    written, end = after[0], after.end()
    for _ in range(2):
        host = _DOTS_SAID.sub(".", first + written)
        if known_domain(host) == host:
            return host, end
        cut = written.rfind(".")
        if cut < 1:
            break
        written, end = written[:cut], after.start() + cut
    return None, end
