"""IP and MAC addresses."""

import re
from collections.abc import Iterator

from cets.domains.identifiers.extract.page import Candidate, Page
from cets.domains.identifiers.extract.vocabulary import PARTS
from cets.domains.identifiers.extract.words import WordBefore

_V4_MIDDLE = re.compile(r"\.\d{1,3}\.\d{1,3}\.(\d{1,3})(?![\w])(?!\.\d)(?::(\d{1,5})(?![\d:.]))?")
_OCTET_BEFORE = re.compile(r"(?<![\w.\-|])\d{1,3}\Z")
_VERSION_WORDS = frozenset({
    "v", "ver", "version", "versions", "release", "rev", "revision", "build", "firmware", "section",
    "sections", "clause", "oid", "sdk", "kernel", "\u00a7",
})  # fmt: skip
# After these words only small numbers, or a zero, are a version or a section.
_PERHAPS_VERSION_WORDS = frozenset({
    "chapter", "figure", "table", "article", "schema", "app", "update", "upgrade", "patch", "driver",
    "chrome", "chromium", "safari", "firefox", "edge", "opera", "android", "ios", "windows", "whatsapp",
    "telegram", "signal", "snapchat", "paragraph", "annex", "openssl", "openssh", "nginx", "apache", "php",
    "java", "python", "node", "openvpn", "tor",
})  # fmt: skip
_LARGEST_SMALL_NUMBER = 31
_UPDATED = re.compile(r"\b(?:up|down)(?:dat|grad)\w{1,3}\s(?:to|from)\s\Z", re.IGNORECASE)
_LARGEST_OF_AN_UPDATE = 63
_PART_AFTER = re.compile(r"\s?(?:절|항|节|節|条|條|項)(?!\w)")
_PART_OF_A_BOOK = WordBefore(PARTS)
_RANGE_AFTER = re.compile(r"/\d{1,3}\b")


def dotted_addresses(page: Page) -> Iterator[Candidate]:
    for match in _V4_MIDDLE.finditer(page.text):
        before = page.before(match.start(), 32)
        octet = _OCTET_BEFORE.search(before)
        if not octet:
            continue
        start = match.start() - (len(before) - octet.start())
        end = match.end(1)
        port = int(match[2]) if match[2] else None
        is_range = _RANGE_AFTER.match(page.text, end)
        is_version = _is_version(before[: octet.start()], page.text[start:end])
        if is_range and page.text[end : is_range.end()] == "/32":
            yield Candidate(start, is_range.end(), "ip", page.text[start:end])  # a network of one address
        elif is_version or is_range or page.text[end : end + 1] == "-" or _is_part(page, start, end):
            yield Candidate(start, end, None)
        else:
            port = port or _port_beside(page.text, end)
            yield Candidate(start, match.end(), "ip", page.text[start:end], port=port)


def _is_part(page: Page, start: int, end: int) -> bool:
    """Say whether the words beside it call it a part of a book or a law."""
    return _PART_OF_A_BOOK.ends(page.said_before(start, 24)) or _PART_AFTER.match(page.said, end) is not None


# "203.0.113.24, source port: 51514": on carrier NAT the port is what tells customers apart.
_PORT_BESIDE = re.compile(
    r"[ ,;(]{1,3}(?:(?:src|source|remote|client|from|on|with) ?)?port ?(?:no\.?|number)? ?[:=#]? ?(\d{1,5})(?!\d)",
    re.IGNORECASE,
)
_HIGHEST_PORT = 65535


def _port_beside(text: str, place: int) -> int | None:
    beside = _PORT_BESIDE.match(text, place)
    return int(beside[1]) if beside and 0 < int(beside[1]) <= _HIGHEST_PORT else None


def _is_version(before: str, written: str) -> bool:
    if before[-1:] == "/" and before[-2:-1].isalpha():  # "Mozilla/5.0.0.0"
        return True
    if _UPDATED.search(before) and max(map(int, written.split("."))) <= _LARGEST_OF_AN_UPDATE:
        return True
    words = before.lower().rstrip(" .:=#").rsplit(None, 1)
    word = words[-1].strip("(\"'[,;") if words else ""
    if word in _VERSION_WORDS:
        return True
    numbers = [int(part) for part in written.split(".")]
    return word in _PERHAPS_VERSION_WORDS and (0 in numbers or max(numbers) <= _LARGEST_SMALL_NUMBER)


_COLONS = re.compile(r":[0-9a-fA-F]{0,4}:")
_HEX_AND_COLON = "0123456789abcdefABCDEF:"
_AFTER = re.compile(r"[0-9a-fA-F:]{1,45}(?:\.\d{1,3}){0,3}")
_SHORTEST_V6 = 3
_MAC_COLONS, _V6_COLONS = 5, 7
_LONGEST_V6 = 45
_BRACKETED_PORT = re.compile(r"\]:(\d{1,5})(?!\d)")
_ZONE = re.compile(r"%[A-Za-z0-9]{1,16}")


def colon_addresses(page: Page) -> Iterator[Candidate]:
    text, place = page.text, 0
    while match := _COLONS.search(text, place):
        before = text[max(place, match.start() - _LONGEST_V6) : match.start()]
        left = before[len(before.rstrip(_HEX_AND_COLON)) :]
        after = _AFTER.match(text, match.start())
        place = after.end() if after else match.end()
        start = match.start() - len(left)
        if after is None or text[place : place + 1].isalnum():
            continue
        written = left + after[0]
        if (start and text[start - 1].isalnum()) or written[:1] == ":" != written[1:2]:
            label, _, written = written.partition(":")  # "address:2001:db8::1"
            if written.startswith(":"):
                continue
            start += len(label) + 1
        yield from _colons(page, start, written.rstrip("."))


def _colons(page: Page, start: int, written: str) -> Iterator[Candidate]:
    if written.endswith(":") and not written.endswith("::"):
        written = written[:-1]
    colons = written.count(":")
    if colons == _MAC_COLONS and "::" not in written:
        if not _is_all_decimal(written):
            yield Candidate(start, start + len(written), "mac")
        return
    if colons != _V6_COLONS and "::" not in written:
        return
    if not _is_plausible_v6(written):
        return
    end = start + len(written)
    zone = _ZONE.match(page.text, end)
    if page.text[end : end + 1] == "/" and _RANGE_AFTER.match(page.text, end):
        yield Candidate(start, end, None)
        return
    inside = page.before(start, 1) == "["
    bracketed = _BRACKETED_PORT.match(page.text, zone.end() if zone else end) if inside else None
    port = int(bracketed[1]) if bracketed else None
    yield Candidate(start, zone.end() if zone else end, "ip", written, port=port)


def _is_plausible_v6(written: str) -> bool:
    """Tell an address from the double colons of programs ("add::face") and of decorated text."""
    groups = [group for group in written.split(":") if group]
    if written == "::1":
        return True
    if len(groups) < _SHORTEST_V6 - 1 or not any(char.isdigit() for char in written):
        return False
    return len(groups) >= _SHORTEST_V6 or len(groups[0]) == 4  # noqa: PLR2004 - a full first group: "fe80::1"


_HYPHENS = re.compile(
    r"-[0-9a-fA-F]{2}-[0-9a-fA-F]{2}-[0-9a-fA-F]{2}-[0-9a-fA-F]{2}-[0-9a-fA-F]{2}(?![\w\-])"
)
_CISCO = re.compile(r"\.[0-9a-fA-F]{4}\.[0-9a-fA-F]{4}(?!\w|\.\w)")
_PAIR = re.compile(r"(?<![\w\-])[0-9a-fA-F]{2}\Z")
_FOUR = re.compile(r"(?<![\w.])[0-9a-fA-F]{4}\Z")


def _is_all_decimal(written: str) -> bool:
    """Say whether six pairs may be times, dates or shares: an address of figures only needs its word (see cues)."""
    return not any(map(str.isalpha, written))


def hyphen_macs(page: Page) -> Iterator[Candidate]:
    for match in _HYPHENS.finditer(page.text):
        pair = _PAIR.search(page.before(match.start(), 3))
        if pair and not _is_all_decimal(pair[0] + match[0]):
            yield Candidate(match.start() - len(pair[0]), match.end(), "mac")
    for match in _CISCO.finditer(page.text):
        four = _FOUR.search(page.before(match.start(), 5))
        if four and not (four[0] + match[0]).replace(".", "").isdigit():
            yield Candidate(match.start() - len(four[0]), match.end(), "mac")
