"""Names of archive members: bytes from anybody, shown so that nobody is fooled."""

import re
import unicodedata

LONGEST = 1_000
_ROOT = re.compile(r"(?:[A-Za-z]:(?=[/\\]))?[/\\]+")
_SYSTEM = re.compile(r"(?:^|/)(?:__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._[^/]*$)")


def decode(raw: bytes, *, utf8: bool) -> str:
    """Return a member's name. Unflagged names are mostly UTF-8 too; else the format says code page 437."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "backslashreplace") if utf8 else raw.decode("cp437")


def shown(name: str) -> str:
    """Return a name with every sign that hides or turns text written out (NUL, right-to-left override)."""
    return "".join(sign if _is_plain(sign) else _escaped(sign) for sign in name[:LONGEST])


def _is_plain(sign: str) -> bool:
    return sign == " " or (sign.isprintable() and unicodedata.category(sign) not in ("Cf", "Zl", "Zp", "Zs"))


def _escaped(sign: str) -> str:
    return sign.encode("unicode_escape").decode("ascii")


def is_of_the_system(name: str) -> bool:
    """Say whether it is a by-product of macOS or Windows that nobody put in on purpose."""
    return bool(_SYSTEM.search(name.replace("\\", "/")))


def is_absolute(name: str) -> bool:
    """Say whether it begins at the root of a disk, as programs write it that copy whole phones."""
    return _ROOT.match(name) is not None


def inside(name: str) -> str:
    """Return a name as it stands in its archive, whatever root it claims. Nothing is ever written there."""
    return _ROOT.sub("", name, count=1) if is_absolute(name) else name


def fault(name: str) -> str | None:
    """Return why a name is refused: it leads out of the folder that the archive would be unpacked to."""
    parts = name.replace("\\", "/").split("/")
    if ".." in parts:
        return "Refused: its name leads out of the archive (“..”)."
    if not inside(name).strip("\x00 ./\\"):
        return "Refused: it has no name."
    return None
