"""Addresses in mail headers, also in those that no standard allows."""

import re
from collections.abc import Collection, Iterator

_QUOTED = r'"(?:[^"\\]|\\.)*"'
_CHUNKS = re.compile(rf"(?:{_QUOTED}|<[^<>]*>|\([^()]*\)|[^,;\"<(]|[\"<(])+")
_ANGLE = re.compile(r"<([^<>]*)>")
_COMMENT = re.compile(r"\(([^()]*)\)")
_WORD = re.compile(r"[^\s,;<>()\"]+")
_GROUP = re.compile(r"^[^\"<>@:]{0,200}:")
_LONGEST, _MOST = 50_000, 2_000


def split(value: str) -> Iterator[tuple[str, str]]:
    """Yield (display name, address) for each address in a header's decoded value. Bounded; never raises."""
    for found in list(_CHUNKS.finditer(value[:_LONGEST]))[:_MOST]:
        chunk = _GROUP.sub("", found[0]).strip()
        angle = _ANGLE.search(chunk)
        if angle and "@" in angle[1]:
            yield _name(chunk[: angle.start()] or chunk[angle.end() :]), _bare(angle[1])
            continue
        comment = _COMMENT.search(chunk)
        bare = [word for word in _WORD.findall(_COMMENT.sub(" ", chunk)) if "@" in word[1:-1]]
        for address in bare:
            yield (_name(comment[1]) if comment and len(bare) == 1 else ""), _bare(address)


def beside(value: str, found: Collection[str]) -> str:
    """Return a header's value with the addresses found in it blanked out: names and remarks stay in their places."""
    known = {address.lower() for address in found}

    def blank(written: re.Match[str]) -> str:
        readings = {_bare(written[0]).lower(), _bare(written[0].strip("<>[]")).lower()}
        return written[0] if known.isdisjoint(readings) else " " * len(written[0])

    return _WORD.sub(blank, _ANGLE.sub(blank, value))


def _bare(written: str) -> str:
    return written.strip().removeprefix("mailto:").strip("'")


def _name(text: str) -> str:
    name = text.strip()
    if len(name) > 1 and name[0] == name[-1] == '"':
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    name = name.strip(" '\"")
    return "" if "@" in name[1:-1] and _WORD.fullmatch(name) else name  # an address is no name
