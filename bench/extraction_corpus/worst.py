"""Texts that could make an extractor slow: each grows without end and holds next to nothing."""

from collections.abc import Callable
from itertools import cycle
from random import Random

_MEGABYTE = 1_000_000
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_BITCOIN = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_PART = 20_000  # a random part is repeated: making it must not cost more than reading it


def _random(alphabet: str, line: int = 0) -> str:
    rng = Random("worst")  # noqa: S311 - the same text every time is what is wanted
    text = "".join(rng.choices(alphabet, k=_PART))
    return "\n".join(text[place : place + line] for place in range(0, _PART, line)) + "\n" if line else text


def _all_ones(count: int) -> str:
    return "".join(f"192.0.2.{number % 256}." for number in range(count))


#: Name and what is repeated. One line unless a line's end is in it.
_REPEATED: dict[str, Callable[[], str]] = {
    "digits": lambda: _random("0123456789"),
    "digit_groups": lambda: _random("0123456789 "),
    "zeros": lambda: "0",
    "ones_and_blanks": lambda: "1 ",
    "digits_and_hyphens": lambda: "1-2-3-4-5-6-7-8-9-0-",
    "digits_and_dots": lambda: "1.2.3.4.5.6.7.8.9.0.",
    "digits_over_lines": lambda: "07700 9001\n> ",
    "at_signs": lambda: "@",
    "a_at_a": lambda: "a@",
    "at_words": lambda: "a at b dot ",
    "at_chain": lambda: "[at]",
    "dot_chain": lambda: "[.]",
    "a_dot_chain": lambda: "a[.]b(dot)",
    "dots": lambda: ".",
    "a_dots": lambda: "a.",
    "long_local_part": lambda: "kestrel.",
    "mail_hosts": lambda: "a@a.a",
    "open_brackets": lambda: "[",
    "nested_brackets": lambda: "([{<",
    "nested_and_closed": lambda: "[" * 10_000 + "]" * 10_000,
    "closed_pairs": lambda: "[()]{<>}",
    "plus_signs": lambda: "+",
    "plus_and_code": lambda: "+44 ",
    "phone_without_end": lambda: "+44 7700 900123 0",
    "base64": lambda: _random(_BASE64),
    "base64_lines": lambda: _random(_BASE64, 76),
    "base58": lambda: _random(_BITCOIN),
    "scheme_runs": lambda: "://",
    "schemes": lambda: "http://",
    "hxxp_runs": lambda: "hxxp[:]//",
    "slashes": lambda: "/",
    "www": lambda: "www.",
    "hex": lambda: _random("0123456789abcdef"),
    "hex_64_lines": lambda: _random("0123456789abcdef", 63),
    "hex_pairs": lambda: "a0:",
    "hex_and_colons": lambda: "a:b::",
    "colons": lambda: ":",
    "zero_x": lambda: "0x",
    "uuid_hyphens": lambda: "deadbeef-",
    "addresses_joined": lambda: _all_ones(256),
    "zero_width": lambda: "\u200b",
    "zero_width_in_digits": lambda: "7\u200b",
    "combining_marks": lambda: "e\u0301\u0302\u0303",
    "only_combining": lambda: "\u0301",
    "right_to_left_marks": lambda: "\u200f\u200e",
    "full_width_digits": lambda: "０１２３４５６７８９",
    "full_width_at": lambda: "ａ＠",
    "keycaps": lambda: "7\ufe0f\u20e3",
    "look_alikes": lambda: "аοе.",
    "ideographs": lambda: "橋川山道",
    "punycode": lambda: "xn--",
    "iban_starts": lambda: "GB33 EXMP ",
    "bech32_starts": lambda: "bc1q",
    "onion_ends": lambda: "a2.onion",
    "percent_codes": lambda: "%20%2e",
    "quote_marks": lambda: "> > >\n",
    "line_ends": lambda: "\n",
    "blanks": lambda: " ",
    "words_one_line": lambda: "the ferry was late and ",
    "name_words": lambda: "IMEI IMSI MAC PGP username: ",
    "underscores": lambda: "_",
    "mentions": lambda: "@a ",
    "commas": lambda: "1,",
    "letters": lambda: "a",
    "letters_and_hyphens": lambda: "a-",
    # These hold as much as a text can: what costs is each finding, not the search.
    "dense_mails": lambda: "a@b.example ",
    "dense_numbers": lambda: "+44 7700 900123, ",
    "dense_addresses": lambda: "192.0.2.1 ",
    "dense_mentions": lambda: "@kestrel_blue ",
}
WORST_CASES = tuple(_REPEATED)


def worst_case(name: str, megabytes: float = 10) -> str:
    """Return a text of so many bytes of UTF-8 (to the last whole character). Raises KeyError."""
    part = _REPEATED[name]()
    room = int(megabytes * _MEGABYTE)
    text = part * (room // len(part.encode()))
    left = room - len(text.encode())
    rest: list[str] = []
    for char in cycle(part):
        left -= len(char.encode())
        if left < 0:
            return text + "".join(rest)
        rest.append(char)
    raise AssertionError  # a part holds at least one character
