"""Addresses made harmless, in every spelling and every surrounding: each is found, once, and nothing beside it."""

from itertools import product

import pytest

from cets.domains.identifiers.extract import find
from cets.domains.identifiers.kinds.base import Context

GB = Context(country="GB")
_AT = (
    "@", "[at]", "[@]", "(at)", "(@)", "{at}", "[AT]", "[ at ]", "( at )", "<at>",
    " [at] ", " (at) ", " {at} ", " [@] ", " [ at ] ", " (AT) ", " <at> ",
)  # fmt: skip
_DOT = (
    ".", "[.]", "(.)", "{.}", "[dot]", "(dot)", "{dot}", "[DOT]", "[d0t]", "[ dot ]", "<dot>", "\\.",
    " [dot] ", " (dot) ", " {dot} ", " (DOT) ", " [.] ", " (.) ", " [ . ] ",
)  # fmt: skip
_SCHEMES = ("hxxp", "hXXp", "HXXP", "h**p", "h__p", "http", "hxtp", "htxp", "ttp")
_SLASHES = (
    "://",
    "[:]//",
    "[://]",
    "(:)//",
    "(://)",
    "{:}//",
    ":[//]",
    "[:]/[/]",
    "[:/]/",
    ":[/][/]",
    ":\\\\",
)
_HOST_DOTS = (".", "[.]", "(.)", "{.}", "[dot]", "(dot)", "\\.")


def _forms() -> dict[str, tuple[str, str]]:
    forms = {
        f"kestrel{at}post{dot}example": ("email", "kestrel@post.example")
        for at, dot in product(_AT, _DOT)
        if (at, dot) != ("@", ".")
    }
    ways = {*product(_SCHEMES, _SLASHES, ("[.]",)), *product(_SCHEMES, ("://", "[:]//"), _HOST_DOTS)}
    for scheme, slashes, dot in sorted(ways):
        forms[f"{scheme}{slashes}files{dot}example{dot}org/a/b"] = ("url", "http://files.example.org/a/b")
        forms[f"{scheme}s{slashes}files{dot}example.org/a/b"] = ("url", "https://files.example.org/a/b")
    for dot in _DOT[1:]:
        for host in (f"files{dot}example{dot}org", f"files.example{dot}org"):
            forms[host] = ("domain", "files.example.org")
            forms[f"{host}/a/b"] = ("url", "https://files.example.org/a/b")
        forms[f"192{dot}0{dot}2{dot}7"] = forms[f"192.0.2{dot}7"] = ("ip", "192.0.2.7")
    for at, dot in (("ät", "punkt"), ("arroba", "punto"), ("arobase", "point"), ("arroba", "ponto")):
        forms[f"kestrel [{at}] post [{dot}] example"] = ("email", "kestrel@post.example")
        forms[f"kestrel({at.upper()})post({dot.upper()})example"] = ("email", "kestrel@post.example")
    return forms


FORMS = _forms()
CONTEXTS = (
    "{}", "see {} now", "see {}.", "see {}, then", "is it {}?", "it is {}!", "{};", "a: {}", "{}: a", "-> {}",
    "({})", "[{}]", "<{}>", '"{}"', "'{}'", "`{}`", "|{}|", "x={}",
    "\u201c{}\u201d", "\u2018{}\u2019", "\u201e{}\u201c", "\u00ab{}\u00bb", "\u00ab\u00a0{}\u00a0\u00bb",
    "\u300c{}\u300d", "\uff08{}\uff09", "{}\u3002", "{}\uff0c", "{}\u2026",
    "it is {}\nand more", "{}\r\n", "first line\n{}\n", "\t{}\t", "\u3000{}\u3000", "{}\u2014no",
    "*{}*", "_{}_", "~{}~", "<b>{}</b>", "look at {} at once", "#1 {} #2",
)  # fmt: skip


def _read(text: str) -> list[tuple[str, str]]:
    return [(found.value.kind, found.value.value) for found in find(text, GB).found]


@pytest.mark.parametrize("context", CONTEXTS)
def test_every_spelling_is_found_in(context: str) -> None:
    missed = {form: got for form, one in FORMS.items() if (got := _read(context.format(form))) != [one]}
    assert missed == {}


@pytest.mark.parametrize("between", [" and ", ", ", "\n", "; ", " / "])
def test_two_beside_each_other_are_two(between: str) -> None:
    missed = {
        form: got for form, one in FORMS.items() if (got := _read(f"{form}{between}{form}")) != [one] * 2
    }
    assert missed == {}


def _full_width(text: str, *, letters: bool) -> str:
    return "".join(
        chr(ord(char) + 0xFEE0) if "!" <= char <= "~" and (letters or not char.isalnum()) else char
        for char in text
    )


@pytest.mark.parametrize("letters", [False, True], ids=["signs", "letters too"])
def test_every_spelling_is_found_in_full_width(letters: bool) -> None:
    missed = {
        form: got
        for form, one in FORMS.items()
        if (got := _read(f"see {_full_width(form, letters=letters)} now")) != [one]
    }
    assert missed == {}


@pytest.mark.parametrize("space", ["\u00a0", "\u2009", "\u202f", "\u3000"])
def test_every_spelling_is_found_with_other_spaces(space: str) -> None:
    missed = {
        form: got
        for form, one in FORMS.items()
        if " " in form and (got := _read(form.replace(" ", space))) != [one]
    }
    assert missed == {}


#: What stands in an ordinary text with the same signs and is no address.
HARMLESS = (
    "kestrel at post dot example", "we met at post dot example and left", "look at the dot com boom",
    "kestrel [at] home", "kestrel (at) the [dot]", "[at] [dot]", "(at)", "[.]", "[dot]", "(dot) (at)",
    "see (dot) matrix", "polka (dot) dress", "at (at) at", "be here at (dot)", "[@]", "{@}", "(@)",
    "price [at] 5 (dot) 50", "a[.]b", "x[.]y[.]z", "list[.]append", "array[.]length", "1[.]5", "v1[.]2[.]3",
    "12[.]5 kg", "192[.]0[.]2", "192[.]0[.]2[.]999", "re[.]sub", "cats (and) dogs", "[:]", "a[:]b", "x[://]y",
    "items[1:]", "text[:-1]", "range[0:5]", "[:3]//2", "http[:]//", "hxxp[:]//", "hxxps://", "http://",
    "C:\\work\\.hidden\\plan", "\\.", "a\\.b", "^\\d+\\.\\d+$", ".*\\.txt", "readme\\.md", "C:\\files\\.org\\x",
    "<at> <dot>", "<dot>", "kestrel <at> home", "a <dot> b", "[/b] [/i] [/url]", "and[/]or", "he(/)she", "[//]",
    "smile :[ :( :{", "list: [a] [b] [c]", "note [.] [.] [.]", "see [.] now", "all (dot) in", "wait [...] then", "[...].", "(...)",
    "kestrel{at}", "{dot}kestrel", "[at]kestrel", "post[.]", "[.]example", "kestrel[at]post", "kestrel(at)post",
    "kestrel [at] post", "kestrel@[dot]example", "hxxp is a scheme", "ttp: a word", "ttps", "h**p",
    "\u00abat\u00bb \u201cdot\u201d", "meet (at) 5[.]30", "5 [at] 3", "11[.]02[.]2025 at 10[:]20",
)  # fmt: skip


@pytest.mark.parametrize("context", ["{}", "see: {}; now", "first\n{}\nlast", "\u201c{}\u201d", "({})"])
def test_harmless_text_with_the_same_signs_stays_empty(context: str) -> None:
    wrong = {text: got for text in HARMLESS if (got := _read(context.format(text)))}
    assert wrong == {}
