"""Addresses in mail headers, also in those that no standard allows."""

import re
from collections.abc import Iterator

_QUOTED = r'"(?:[^"\\]|\\.)*"'
_CHUNKS = re.compile(rf"(?:{_QUOTED}|<[^<>]*>|\([^()]*\)|[^,;\"<(]|[\"<(])+")
_ANGLE = re.compile(r"<\s*([^<>]*?)\s*>")
_COMMENT = re.compile(r"\(([^()]*)\)")
_BARE = re.compile(r"[^\s,;<>()\"]+@[^\s,;<>()\"]+")
_GROUP = re.compile(r"^[^\"<>@:]{0,200}:")
_LONGEST, _MOST = 50_000, 2_000


def split(value: str) -> Iterator[tuple[str, str]]:
    """Yield (display name, address) for each address in a header's decoded value. Bounded; never raises."""
    for found in list(_CHUNKS.finditer(value[:_LONGEST]))[:_MOST]:
        chunk = _GROUP.sub("", found[0]).strip()
        angle = _ANGLE.search(chunk)
        if angle and "@" in angle[1]:
            yield _name(chunk[: angle.start()] or chunk[angle.end() :]), angle[1].removeprefix("mailto:")
            continue
        comment = _COMMENT.search(chunk)
        bare = _BARE.findall(_COMMENT.sub(" ", chunk))
        for address in bare:
            yield (_name(comment[1]) if comment and len(bare) == 1 else ""), address.strip("'")


def _name(text: str) -> str:
    name = text.strip()
    if len(name) > 1 and name[0] == name[-1] == '"':
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    name = name.strip(" '\"")
    return "" if "@" in name else name
