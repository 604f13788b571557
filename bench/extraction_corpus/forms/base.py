"""What a form is, and what several of them need.

A form says where it can stand. `read_as` is what the kind itself would be given where the text around tells
something that the value does not ("IDFA", the platform); tests compare it with the normal form.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from bench.extraction_corpus.values import pick


class Written(NamedTuple):
    """A value as it is written. `frames`: texts that may stand around it, or the key of such in the phrases."""

    raw: str
    value: str
    frames: tuple[str, ...] | str = ("{}",)
    read_as: str | None = None
    around: tuple[str, str] = ("", "")  # signs that touch it, within the frame
    breaks: tuple[int, ...] = ()  # where a line may end within it


Make = Callable[[Random], Written]


@dataclass(frozen=True, slots=True)
class Form:
    """`where`: any, en, rtl, tight, suffix, digits, prefix or mail. `country`: who alone can read it, if not everybody."""

    make: Make
    where: str = "any"
    country: str | None = None


FORMS: dict[str, dict[str, Form]] = {}


def add(kind: str, form: str, make: Make, where: str = "any", country: str | None = None) -> None:
    FORMS.setdefault(kind, {})[form] = Form(make, where, country)


def groups(text: str, *sizes: int, by: str = " ") -> str:
    parts, start = [], 0
    for size in sizes:
        parts.append(text[start : start + size])
        start += size
    return by.join([*parts, text[start:]] if text[start:] else parts)


def international_host(rng: Random) -> tuple[str, str]:
    """Return a host with letters beyond ASCII and its Punycode."""
    readable = f"{pick(rng, ['bücher', 'brücke', 'rivière', 'montaña', 'łąka', 'мост', 'река', '橋', 'γέφυρα'])}.example"
    ascii_form = f"xn--{readable.partition('.')[0].encode('punycode').decode()}.example"
    return readable, ascii_form


def named(
    value: Callable[[Random], str],
    write: Callable[[str], str],
    *frames: str,
    said: str = "{}",
    prefix: str = "",
) -> Make:
    """Make a form that needs its name before it. `said`: what the kind is given; `prefix`: of the normal form."""

    def make(rng: Random) -> Written:
        plain = value(rng)
        raw = write(plain)
        return Written(raw, f"{prefix}{plain}", frames or ("{}",), said.replace("{}", raw))

    return make


def fours(text: str) -> str:
    return " ".join(text[place : place + 4] for place in range(0, len(text), 4))
