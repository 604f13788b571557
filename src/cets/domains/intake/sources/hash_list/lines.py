"""One line of a list of hashes, in the shapes that the usual programs write.

d41d8cd98f00b204e9800998ecf8427e                    bare
d41d8cd98f00b204e9800998ecf8427e *name              md5sum, sha1sum, sha256sum
MD5 (name) = d41d8cd98f00b204e9800998ecf8427e       BSD, openssl
1024,d41d8cd98f00b204e9800998ecf8427e,/a/name       hashdeep

A line may also be one PhotoDNA hash: 144 bytes in Base64, as hexadecimal digits or as numbers with commas.

CertUtil of Windows writes three lines for a file; up to Windows 8 with blanks between the pairs of digits:

SHA1 hash of file name:
da 39 a3 ee 5e 6b 4b 0d 32 55 bf ef 95 60 18 90 af d8 07 09
CertUtil: -hashfile command completed successfully.
"""

import re

import msgspec

COMMENTS = ("#", ";", "//", "%%%%")
_HEX = r"(?:[0-9A-Fa-f]{128}|[0-9A-Fa-f]{64}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{32})"
_SORT = r"(?:MD5|SHA-?1|SHA-?256|SHA-?512|SHA2-(?:256|512)|PDQ)"
_NAMED = rf"(?:(?P<sort>{_SORT})\s?[:=]\s?)?(?P<hash>{_HEX})"
#: A hash first. One blank alone stands before a word or a number, not before a sentence: commits are listed like that.
_FIRST = re.compile(
    rf"\\?\"?{_NAMED}\"?(?:(?:\s{{2,}}|\s?\*|\s(?={_HEX}))(?P<name>.*)|\s(?P<word>\S+(?:\s+\S+)?))?",
    re.IGNORECASE,
)
_LAST = re.compile(rf"(?P<name>\S+|\S.*\s)\s(?:=\s)?{_NAMED}", re.IGNORECASE)
_BSD = re.compile(rf"(?P<sort>{_SORT})\s?\((?P<name>.*)\)\s?=\s?(?P<hash>{_HEX})", re.IGNORECASE)
_DEEP = re.compile(rf"(?P<size>\d{{1,20}}),(?P<hashes>(?:{_HEX},){{1,5}})(?P<name>.*)", re.IGNORECASE)
_FURTHER = re.compile(rf"{_NAMED}(?:\s+|$)", re.IGNORECASE)
#: 144 bytes: in Base64, as digits, or as numbers with commas.
_PHOTODNA = re.compile(r"[A-Za-z0-9+/]{192}|[0-9A-Fa-f]{288}|(?:\d{1,3},){143}\d{1,3}")
_LONGEST = 8_192
_DIGITS = {"md5": 32, "sha1": 40, "sha256": 64, "sha512": 128}
#: The line above a hash, in whatever language Windows is.
_ABOVE = re.compile(r"(?=.{0,200}?\b(?P<sort>MD5|SHA-?1|SHA-?256|SHA-?512)\b).{1,4000}:", re.IGNORECASE)
_PAIRS = re.compile(r"[0-9A-Fa-f]{2}(?: ?[0-9A-Fa-f]{2}){15,63}")
CERTUTIL = "CertUtil:"


class Line(msgspec.Struct, frozen=True):
    """The hashes of a line, each with the sort that is written beside it, and what else stands there: name, size.

    `written`: how its hash stands there, where that differs.
    """

    hashes: tuple[tuple[str, str | None], ...]
    beside: str = ""
    written: str = ""


def is_comment(text: str) -> bool:
    return text.lstrip().startswith(COMMENTS)


def sort_below(text: str) -> str | None:
    """Return which sort of hash a line announces for the line under it, as CertUtil does; None where it does not."""
    found = _ABOVE.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    return _plain(found["sort"]) if found else None


def announced(text: str, sort: str) -> Line | None:
    """Read the line under one that announces a hash of a sort."""
    text = text.strip()
    digits = text.replace(" ", "") if _PAIRS.fullmatch(text) else ""
    return Line(((digits, sort),), written=text) if len(digits) == _DIGITS[sort] else None


def parse(text: str) -> Line | None:
    """Read one line, or return None where it is of none of these shapes."""
    text = text.strip()
    if len(text) > _LONGEST:
        return None
    if line := _of_one_form(text):
        return line
    if found := _FIRST.fullmatch(text):
        return _with_further((found["hash"], _plain(found["sort"])), found["name"] or found["word"] or "")
    if found := _LAST.fullmatch(text):
        return Line(((found["hash"], _plain(found["sort"])),), found["name"].strip())
    return None


def _of_one_form(text: str) -> Line | None:
    """Read a line in which all has its place."""
    if _PHOTODNA.fullmatch(text):
        return Line(((text, "photodna"),))
    if found := _BSD.fullmatch(text):
        return Line(((found["hash"], _plain(found["sort"])),), found["name"].strip())
    if found := _DEEP.fullmatch(text):
        hashes = tuple((one, None) for one in found["hashes"].rstrip(",").split(","))
        return Line(hashes, f"{found['name']} ({found['size']} bytes)")
    return None


def _with_further(first: tuple[str, str | None], rest: str) -> Line:
    """A line may hold one hash of each sort, side by side."""
    hashes, rest = [first], rest.strip()
    while found := _FURTHER.match(rest):
        hashes.append((found["hash"], _plain(found["sort"])))
        rest = rest[found.end() :]
    return Line(tuple(hashes), rest.strip().removeprefix("*"))


def _plain(sort: str | None) -> str | None:
    return sort.lower().replace("sha2-", "sha").replace("-", "") if sort else None
