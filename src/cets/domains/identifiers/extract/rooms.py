"""Rooms, and accounts on platforms of which no list knows: the capitals of a name and the words around tell them."""

import re
from collections.abc import Iterator

from cets.domains.identifiers.extract import decoys
from cets.domains.identifiers.extract.cues import PLACE_WORDS, cue_words
from cets.domains.identifiers.extract.page import Candidate, Page
from cets.domains.identifiers.kinds.platforms import KNOWN, platform_key

_ROOM_WORDS = r"group|gc|room|chatroom|channel|server|groupchat"
_ACCOUNT_WORDS = r"user ?name|user|account|handle|acct"
_WRITTEN = re.compile(
    rf"\b(?:(?P<room>{_ROOM_WORDS})|(?P<account>{_ACCOUNT_WORDS}))(?: is)?\s?[:=]?\s?"
    r"(?P<whole>(?P<platform>[^\W\d_]\w{1,24}(?: [A-Z]\w{1,20}){0,2})/(?P<name>id:\w{1,40}|[^\W_][\w.\-]{1,60}))",
    re.IGNORECASE,
)
_SAID = re.compile(rf"\b(?:{_ROOM_WORDS}|{_ACCOUNT_WORDS})[\w\s:=]{{0,60}}\Z", re.IGNORECASE)
_QUOTED = r"\"(?P<straight>[^\"\n]{1,60})\"|\u201c(?P<curly>[^\u201d\n]{1,60})\u201d|\u00ab(?P<angled>[^\u00bb\n]{1,60})\u00bb"
_NAMED = re.compile(
    rf"[ \n](?:(?P<room>{_ROOM_WORDS})(?: (?:called|named))?|(?P<account>{_ACCOUNT_WORDS}))(?:\s?[:=]\s?|\s)"
    rf"(?:{_QUOTED}|(?P<bare>@?(?=[\w.\-]*[\d_])[^\W_][\w.\-]{{1,60}}))",
    re.IGNORECASE,
)
_LAST_WORDS = re.compile(r"(?<![\w@./\-])(?:[A-Z]\w{1,20} ){0,2}\w{1,24}\Z")
_SENTENCE_ENDS = re.compile(r"(?:\A|[.!?:;\n>)\]*\"\u201d-]\s*)\Z")
_INNER_CAPITAL = re.compile(r"[a-z][A-Z]")
_NAME_LIKE = re.compile(r"[\d_]|\w\.\w")
_LETTERS = re.compile(r"[^\W\d_]{2}")


def rooms(page: Page) -> Iterator[Candidate]:
    """Yield rooms, and the accounts of platforms that are not known, from both ways in which they are written."""
    yield from _written(page)
    yield from _named(page)


def _written(page: Page) -> Iterator[Candidate]:
    """Yield "account OtherApp/wren_7" and "room Kite Chat/Room-7": what a person writes as the one form."""
    place = -1
    while (place := page.text.find("/", place + 1)) >= 0:
        said = (
            _SAID.search(page.before(place, _WIDTH)) if page.text[place + 1 : place + 2].isalnum() else None
        )
        match = _WRITTEN.match(page.text, max(0, place - _WIDTH) + said.start()) if said else None
        if not match or match.start("name") != place + 1:
            continue
        platform, name = match["platform"], match["name"].rstrip(".-")
        known = platform_key(platform) in KNOWN
        if not (known or platform[0].isupper()) or platform_key(name) in KNOWN:
            continue
        if match["account"] and not (name.startswith("id:") or _NAME_LIKE.search(name)):
            continue
        start = match.start("whole")
        end = match.start("name") + len(name)
        yield Candidate(start, end, "group" if match["room"] else "account", f"{platform}/{name}")


def _named(page: Page) -> Iterator[Candidate]:
    """Yield "Telegram group "Reed 7"" and "Kite Chat user wren_7"."""
    for word in cue_words(page):
        match = _NAMED.match(page.text, word.start - 1) if word.text in PLACE_WORDS and word.start else None
        if not match:
            continue
        platform = _platform_before(page, match.start())
        name = next(name for name in match.group("straight", "curly", "angled", "bare") if name)
        if not platform or name.lower().lstrip("@") in decoys.NOT_NAMES:
            continue
        if match[0][0] == "\n" and (match["bare"] or platform_key(platform) not in KNOWN):
            continue  # a field on a line of its own
        start = match.start(next(part for part in ("straight", "curly", "angled", "bare") if match[part]))
        if match["room"]:
            name = name.rstrip(".-")
            yield Candidate(start, start + len(name), "group", f"{platform}/{name}")
        elif _LETTERS.search(name) and " " not in name and platform_key(platform) not in KNOWN:
            name = name.rstrip(".-")
            yield Candidate(start, start + len(name), "account", f"{platform}/{name.lstrip('@')}")


def _platform_before(page: Page, place: int) -> str | None:
    """Return the platform that is named right before a place.

    One that is not known is told by its capitals; the first word of a sentence needs one within.
    """
    before = page.before(place, _WIDTH)
    words = _LAST_WORDS.search(before)
    if not words:
        return None
    said = words[0].split(" ")
    if platform_key(said[-1]) in KNOWN:
        return said[-1]
    if not said[-1][0].isupper():
        return None
    while said and (said[0].lower() in decoys.NOT_PLATFORMS or not said[0][0].isupper()):
        said = said[1:]
    if not said or any(word.lower() in decoys.NOT_PLATFORMS for word in said):
        return None
    name = " ".join(said)
    begins = bool(_SENTENCE_ENDS.search(before[: words.start()])) and len(said) == len(words[0].split(" "))
    if len(said) == 1 and begins and not _INNER_CAPITAL.search(name):
        return None
    return name


_WIDTH = 72
