"""Addresses in mail headers, also in those that no standard allows."""

import re
from collections.abc import Collection, Iterator


def _chunks(longest_quoted: int) -> re.Pattern[str]:
    quoted = rf'"(?:[^"\\]|\\.){{0,{longest_quoted}}}"'
    return re.compile(rf"(?:{quoted}|<[^<>]*>|\([^()]*\)|[^,;\"<(]|[\"<(])+")


#: Of quotes that never close each is tried: where there are very many, only short names hold commas.
_CHUNKS, _CHUNKS_OF_MANY, _MANY_QUOTES = _chunks(1_000), _chunks(40), 10_000
_ANGLE = re.compile(r"<([^<>]*)>")
#: "Kea Wing [mailto:kea@mail.example]", as a program shows the mail that it saves as text.
_SQUARE = re.compile(r"\[(?:mailto:)?([^\[\]\s<>,;@]{1,64}@[^\[\]\s<>,;@]{1,255})\]")
_COMMENT = re.compile(r"\(([^()]*)\)")
_WORD = re.compile(r"[^\s,;<>()\"]+")
_GROUP = re.compile(r"^[^\"<>@:]{0,200}:")
_QUOTED_LOCAL = re.compile(r'"(?:[^"\\]|\\.){1,64}"@[^\s,;<>()"@]+')


def split(value: str) -> Iterator[tuple[str, str]]:
    """Yield (display name, address) for each address in a header's decoded value. Never raises.

    All of it is read: how long headers may be is bounded where they are taken in.
    """
    if "<" not in value:
        value = _SQUARE.sub(r"<\1>", value)
    chunks = _CHUNKS if value.count('"') <= _MANY_QUOTES else _CHUNKS_OF_MANY
    for found in chunks.finditer(value):
        chunk = _GROUP.sub("", found[0]).strip()
        angle = _ANGLE.search(chunk)
        if angle and "@" in angle[1]:
            yield _name(chunk[: angle.start()] or chunk[angle.end() :]), _bare(angle[1])
            continue
        comment = _COMMENT.search(chunk)
        outside = _COMMENT.sub(" ", chunk)
        bare = _QUOTED_LOCAL.findall(outside)
        bare += [word for word in _WORD.findall(_QUOTED_LOCAL.sub(" ", outside)) if "@" in word[1:-1]]
        for address in bare:
            yield (_name(comment[1]) if comment and len(bare) == 1 else ""), _bare(address)


def beside(value: str, found: Collection[str]) -> str:
    """Return a header's value with the addresses found in it blanked out: names and remarks stay in their places."""
    known = {address.lower() for address in found}

    def blank(written: re.Match[str]) -> str:
        readings = {_bare(written[0]).lower(), _bare(written[0].strip("<>[]")).lower()}
        return written[0] if known.isdisjoint(readings) else " " * len(written[0])

    return _WORD.sub(blank, _QUOTED_LOCAL.sub(blank, _ANGLE.sub(blank, value)))


def _bare(written: str) -> str:
    return written.strip().removeprefix("mailto:").strip("'")


def _name(text: str) -> str:
    name = text.strip()
    if len(name) > 1 and name[0] == name[-1] == '"':
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    name = name.strip(" '\"")
    return "" if "@" in name[1:-1] and _WORD.fullmatch(name) else name  # an address is no name
