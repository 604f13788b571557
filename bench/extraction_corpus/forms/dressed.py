"""The plain forms once more, in other characters, between other signs, and over the ends of lines."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from bench.extraction_corpus.forms.base import FORMS, Make, Written, add
from bench.extraction_corpus.values import pick

_CYRILLIC = str.maketrans(
    {"a": "а", "c": "с", "e": "е", "o": "о", "p": "р", "x": "х", "y": "у", "i": "і", "s": "ѕ"}
)
_ENDS = (
    ("(", ")"), ("[", "]"), ("<", ">"), ('"', '"'), ("„", "“"), ("“", "”"), ("«", "»"), ("'", "'"), ("`", "`"), ("**", "**"),
    ("「", "」"), ("（", "）"), ("|", "|"), ("", "."), ("", ","), ("", "!"), ("", "?"), ("", ";"), ("", ":"), ("", "…"), ("- ", ""), ("> ", ""),
)  # fmt: skip
_MARKS = (
    ("\u200f", "\u200f"),
    ("\u200e", "\u200e"),
    ("\u2066", "\u2069"),
    ("\u202a", "\u202c"),
    ("", "\u200f"),
    ("\u200e", ""),
)
_DIGIT_ROWS = {"ar": 0x660, "hi": 0x966, "th": 0xE50, "bold": 0x1D7CE}


def full_width(text: str) -> str:
    """Return `text` in the wide forms of East Asian typing."""
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text).replace(
        " ", "\u3000"
    )


def in_digits(text: str, row: str) -> str:
    """Return `text` with the digits of another script."""
    return text.translate({ord(str(n)): _DIGIT_ROWS[row] + n for n in range(10)})


def pick_pair(rng: Random, pairs: tuple[tuple[str, str], ...]) -> tuple[str, str]:
    """Return one of the pairs."""
    return pairs[int(rng.random() * len(pairs))]


def _dressed(kind: str, bases: str, dress: Callable[[Random, Written], Written]) -> Make:
    makes = [FORMS[kind][base].make for base in bases.split()]

    def make(rng: Random) -> Written:
        return dress(rng, makes[int(rng.random() * len(makes))](rng))

    return make


def _read_anew(written: Written, raw: str) -> Written:
    said = written.read_as
    return written._replace(raw=raw, read_as=said.replace(written.raw, raw) if said else None)


def _enclose(rng: Random, written: Written) -> Written:
    return written._replace(around=pick_pair(rng, _ENDS))


def _mark(rng: Random, written: Written) -> Written:
    return written._replace(around=pick_pair(rng, _MARKS))


def _hide(rng: Random, written: Written) -> Written:
    text = written.raw
    for _ in range(rng.randrange(1, 4)):
        place = rng.randrange(1, len(text))
        text = f"{text[:place]}{pick(rng, chr(0x200B) + chr(0x200D) + chr(0x2060) + chr(0xAD) + chr(0xFEFF))}{text[place:]}"
    return _read_anew(written, text)


def _look_alike(rng: Random, written: Written) -> Written:
    places = [
        place
        for place, char in enumerate(written.raw)
        if ord(char) in _CYRILLIC and "." in written.raw[place:]
    ]
    head = written.raw.partition("://")[0] if "://" in written.raw else ""
    places = [place for place in places if place >= len(head)]
    chosen = set(rng.sample(places, min(len(places), 2)))
    text = "".join(
        char.translate(_CYRILLIC) if place in chosen else char for place, char in enumerate(written.raw)
    )
    return written._replace(raw=text, value=text)


def _look_alike_name(rng: Random, written: Written) -> Written:
    place = rng.choice([n for n, char in enumerate(written.raw) if ord(char) in _CYRILLIC] or [0])
    raw = written.raw[:place] + written.raw[place].translate(_CYRILLIC) + written.raw[place + 1 :]
    return written._replace(raw=raw, value=raw.removeprefix("@"))


def _at_blanks(_: Random, written: Written) -> Written:
    return written._replace(breaks=tuple(n for n, char in enumerate(written.raw) if char == " "))


_WHOLE_LENGTHS = frozenset({15, 16, 32, 40, 56, 64, 128})


def _anywhere(_: Random, written: Written) -> Written:
    size = len(written.raw)
    places = [n for n in range(6, size - 5) if n not in _WHOLE_LENGTHS and size - n not in _WHOLE_LENGTHS]
    return written._replace(breaks=tuple(places))


def _after_signs(_: Random, written: Written) -> Written:
    return written._replace(
        breaks=tuple(n + 1 for n, char in enumerate(written.raw[:-2]) if char in "@." and n > 1)
    )


def _in_angles(rng: Random, written: Written) -> Written:
    return _anywhere(rng, written)._replace(frames=("<{}>", "see <{}>"))


_NAMED = "imei imsi mac"
#: (form, where, what is done, kind: plain forms it is done to).
_DRESSES: tuple[tuple[str, str, Callable[[Random, Written], Written], dict[str, str]], ...] = (
    ("enclosed", "any", _enclose, {
        "email": "plain", "phone": "international compact", "ip": "v4 v6", "url": "plain query", "domain": "plain", "onion": "v3",
        "wallet": "btc_legacy btc_segwit eth_small", "hash": "md5 sha256", "handle": "at", "bank_account": "iban iban_fours", "mac": "colons",
    }),
    ("rtl", "rtl", _mark, {
        "email": "plain", "phone": "international compact", "ip": "v4 v6", "url": "plain", "domain": "plain", "onion": "v3", "wallet": "btc_segwit",
        "hash": "md5", "handle": "at named", "bank_account": "iban iban_fours", "mac": "colons", "imei": "named", "imsi": "named",
        "vehicle": "named", "account": "platform_colon platform_at", "group": "jid", "device": "idfa", "pgp": "fours", "report_number": "ncmec",
    }),
    ("full_width", "any", lambda _, w: _read_anew(w, full_width(w.raw)), {
        "email": "plain", "phone": "international compact", "ip": "v4", "url": "plain", "domain": "plain", "imei": "named", "imsi": "named",
        "mac": "colons", "handle": "at", "bank_account": "iban", "vehicle": "named", "hash": "md5", "wallet": "eth_small", "account": "platform_colon",
    }),
    ("styled_digits", "any", lambda _, w: _read_anew(w, in_digits(w.raw, "bold")), {"phone": "international compact", "ip": "v4", "imei": "named"}),
    ("invisible", "any", _hide, {
        "email": "plain", "phone": "international compact", "ip": "v4", "url": "plain", "domain": "plain", "wallet": "btc_legacy", "hash": "sha256",
        "bank_account": "iban", "imei": "named", "handle": "at", "onion": "v3",
    }),
    ("look_alike", "any", _look_alike, {"email": "plain", "url": "plain", "domain": "plain"}),
    ("look_alike", "any", _look_alike_name, {"handle": "at"}),
    ("tight", "tight", lambda _, w: w, {"email": "plain", "phone": "compact international", "ip": "v4", "url": "plain", "domain": "plain", "wallet": "btc_segwit"}),
    ("suffixed", "suffix", lambda _, w: w, {"email": "plain", "phone": "compact", "ip": "v4", "domain": "plain"}),
    ("prefixed", "prefix", lambda _, w: w._replace(frames=("{}",), around=("ב-", "")), {"email": "plain", "ip": "v4", "domain": "plain", "url": "plain"}),
    ("wrapped", "mail", _at_blanks, {
        "phone": "international groups", "bank_account": "iban_fours sort_code", "imei": "spaced", "imsi": "spaced", "pgp": "fours",
        "email": "spaced_at", "vehicle": "named", "report_number": "ncmec cybertipline",
    }),
    ("cut", "mail", _anywhere, {
        "hash": "sha256 sha512 sha1", "wallet": "btc_taproot xmr eth_small btc_segwit ada", "onion": "v3", "pgp": "compact_named",
    }),
    ("cut", "mail", _in_angles, {"url": "plain query"}),
    ("cut", "mail", _after_signs, {"email": "plain"}),
)  # fmt: skip


def dress_all() -> None:
    """Add the dressed forms to the plain ones, which must be there."""
    for form, where, dress, bases in _DRESSES:
        for kind, names in bases.items():
            add(kind, form, _dressed(kind, names, dress), where)
    for row in ("ar", "hi", "th"):  # the language's own digits
        for kind, names in {"phone": "international compact", "ip": "v4", "imei": "named"}.items():
            make = _dressed(kind, names, lambda _, w, row=row: _read_anew(w, in_digits(w.raw, row)))  # type: ignore[misc]
            add(kind, f"digits_{row}", make, f"digits_{row}")
    for kind, forms in FORMS.items():  # what wraps in a mail also wraps where the mail is quoted
        for form in [name for name in forms if name in {"wrapped", "cut"}]:
            FORMS[kind][f"{form}_quoted"] = replace(forms[form], where="quoted")
