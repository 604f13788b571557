"""How written characters are read: compatibility forms, invisible characters, look-alike letters.

`fold` maps one character to one character (or to none), so that places in the folded text can be traced back.
"""

import re
import unicodedata

#: Characters that show nothing: soft hyphen, joiners, marks and overrides of direction, variation
#: selectors, tags, and the keycap ring (a keycap "7" is a 7).
INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u20e3\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e007f\U000e0100-\U000e01ef"
)
INVISIBLE_RE = re.compile(f"[{INVISIBLE}]+")

# Compatibility forms that are the same character in another dress. Superscripts, fractions and circled
# figures are left out: "m²" holds no digit.
_SAME_CHARACTER = ("<wide>", "<narrow>", "<font>", "<small>")
_BY_HAND = {
    "\u3002": ".",  # ideographic full stop
    "\uff61": ".",
    "\u2024": ".",  # one dot leader
    "\u2212": "-",  # minus
    "\u2014": " ",  # a dash between words, never part of a value
    "\u2015": " ",
    "\u2044": "/",
    "\u2215": "/",
}
_LAST_ASCII = 0x7F


def _folded(char: str) -> str:
    if char in _BY_HAND:
        return _BY_HAND[char]
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(char)
    if category == "Pd":
        return "-"
    if category == "Zs":
        return " "
    if unicodedata.decomposition(char).startswith(_SAME_CHARACTER):
        plain = unicodedata.normalize("NFKC", char)
        return plain if len(plain) == 1 else char
    return char


class _Table(dict[int, int]):
    """Fills itself with the characters that really come."""

    def __missing__(self, code: int) -> int:
        folded = code if code <= _LAST_ASCII else ord(_folded(chr(code)))
        self[code] = folded
        return folded


_TABLE = _Table()


def fold(text: str) -> str:
    """Return `text` with compatibility forms as plain characters, of the same length."""
    if text.isascii():
        return text
    changed = [char for char in set(text) if _TABLE[ord(char)] != ord(char)]
    if len(changed) > _FEW:
        return text.translate(_TABLE)
    for char in changed:  # far faster than a look at each character
        text = text.replace(char, chr(_TABLE[ord(char)]))
    return text


_FEW = 60


def plain(raw: str) -> str:
    """Return a single value as it is read: folded, without what cannot be seen, without surrounding space."""
    if not raw.isascii():
        raw = fold(INVISIBLE_RE.sub("", raw))
    return raw.strip()


# Letters of other alphabets that look like a Latin one, by look and not by sound (Cyrillic, Greek,
# Armenian, Latin extensions). Written as code points, because on screen they cannot be told apart.
_LOOKS_LIKE = {
    "a": "\u0430\u03b1\u0251\u0101\u0105",
    "b": "\u0432\u044c\u03b2\u0253",
    "c": "\u0441\u03f2\u1d04\u0188",
    "d": "\u0501\u0257",
    "e": "\u0435\u0451\u0454\u03b5\u0454",
    "f": "\u0192\u03dd",
    "g": "\u0261\u0581\u0260",
    "h": "\u04bb\u0570\u043d",
    "i": "\u0456\u0457\u03b9\u0131\u0269",
    "j": "\u0458\u03f3",
    "k": "\u043a\u03ba",
    "l": "\u04cf\u0142\u026d",
    "m": "\u043c",
    "n": "\u043f\u03b7\u0578",
    "o": "\u043e\u03bf\u0585\u0275",
    "p": "\u0440\u03c1",
    "q": "\u051b\u0566",
    "r": "\u0433\u027c",
    "s": "\u0455\u0282",
    "t": "\u0442\u03c4",
    "u": "\u03c5\u057d\u028b",
    "v": "\u0475\u03bd",
    "w": "\u051d\u0461\u03c9\u0448",
    "x": "\u0445\u03c7",
    "y": "\u0443\u04af\u03b3",
    "z": "\u0290\u01b6",
}
_SKELETON = {ord(other): latin for latin, others in _LOOKS_LIKE.items() for other in others}


def skeleton(text: str) -> str:
    """Return the Latin look of a case-folded text.

    Look-alike letters replaced, accents dropped. For weak keys only.
    """
    if text.isascii():
        return text
    bare = unicodedata.normalize("NFKD", text.translate(_SKELETON))
    return "".join(char for char in bare if not unicodedata.combining(char)).translate(_SKELETON)


def alias(handle: str) -> str | None:
    """Return the weak key under which ways of writing one nickname meet, None when it would be too short."""
    key = re.sub(r"[\s_.\-]+", "", skeleton(handle.casefold()))
    return f"alias:{key}" if len(key) >= _SHORTEST_ALIAS else None


_SHORTEST_ALIAS = 4
