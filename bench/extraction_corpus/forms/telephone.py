"""Telephone numbers. `country`: forms without a code, which only that country's agency can read."""

from collections.abc import Callable
from random import Random

from bench.extraction_corpus import values as v
from bench.extraction_corpus.forms.base import Make, Written, add
from bench.extraction_corpus.values import pick


def _phone(code: str, number: Callable[[Random], str], write: Callable[[str], str]) -> Make:
    def make(rng: Random) -> Written:
        national = number(rng)
        return Written(write(national), f"+{code}{national}", "phone")

    return make


def _any_uk(write: Callable[[str], str]) -> Make:
    return _phone("44", lambda rng: (v.uk_mobile if rng.random() < 0.6 else v.uk_landline)(rng), write)  # noqa: PLR2004


def _us(write: Callable[[str], str]) -> Make:
    return _phone("1", v.us_number, write)


def _letters(rng: Random) -> Written:
    number = v.uk_mobile(rng)
    dressed = number.replace("0", pick(rng, "oO")).replace("1", pick(rng, "lI"))
    return Written(f"+44 {dressed[:4]} {dressed[4:]}", f"+44{number}", "phone")


def _extension(rng: Random) -> Written:
    number, end = v.uk_landline(rng), v.digits(rng, rng.randrange(2, 4))
    return Written(
        f"+44 {number[:4]} {number[4:]}{pick(rng, [' ext. ', ' x', ', ext ', ' extension '])}{end}",
        f"+44{number}",
        "phone",
    )


def _odd_blanks(rng: Random) -> Written:
    number, blank = v.uk_mobile(rng), pick(rng, "\u00a0\u2009\u202f\u2011")
    return Written(f"+44{blank}{number[:4]}{blank}{number[4:]}", f"+44{number}", "phone")


add("phone", "international", _any_uk(lambda n: f"+44 {n[:4]} {n[4:]}"))
add("phone", "compact", _any_uk(lambda n: f"+44{n}"))
add("phone", "groups", _any_uk(lambda n: f"+44 {n[:4]} {n[4:7]} {n[7:]}"))
add("phone", "trunk_zero", _any_uk(lambda n: f"+44 (0){n[:4]} {n[4:]}"))
add("phone", "trunk_zero_spaced", _any_uk(lambda n: f"+44 (0) {n[:4]} {n[4:]}"))
add("phone", "double_zero", _any_uk(lambda n: f"0044 {n[:4]} {n[4:]}"))
add("phone", "double_zero_compact", _any_uk(lambda n: f"0044{n}"))
add("phone", "bracketed_code", _any_uk(lambda n: f"(+44) {n[:4]} {n[4:]}"))
add("phone", "hyphens", _any_uk(lambda n: f"+44-{n[:4]}-{n[4:]}"))
add("phone", "dots", _any_uk(lambda n: f"+44.{n[:4]}.{n[4:]}"))
add(
    "phone",
    "tel_uri",
    lambda rng: _any_uk(lambda n: f"+44{n}")(rng)._replace(frames=("tel:{}", '<a href="tel:{}">')),
)
add("phone", "extension", _extension)
add("phone", "letters", _letters)
add("phone", "odd_blanks", _odd_blanks)
add("phone", "us_brackets", _us(lambda n: f"+1 ({n[:3]}) {n[3:6]}-{n[6:]}"))
add("phone", "us_hyphens", _us(lambda n: f"+1-{n[:3]}-{n[3:6]}-{n[6:]}"))
add("phone", "us_compact", _us(lambda n: f"+1{n}"))
add("phone", "national_mobile", _phone("44", v.uk_mobile, lambda n: f"0{n[:4]} {n[4:]}"), country="GB")
add(
    "phone",
    "national_threes",
    _phone("44", v.uk_mobile, lambda n: f"0{n[:4]} {n[4:7]} {n[7:]}"),
    country="GB",
)
add("phone", "national_compact", _phone("44", v.uk_mobile, lambda n: f"0{n}"), country="GB")
add("phone", "national_hyphens", _phone("44", v.uk_mobile, lambda n: f"0{n[:4]}-{n[4:]}"), country="GB")
add("phone", "national_landline", _phone("44", v.uk_landline, lambda n: f"0{n[:4]} {n[4:]}"), country="GB")
add("phone", "national_area", _phone("44", v.uk_landline, lambda n: f"(0{n[:4]}) {n[4:]}"), country="GB")
add("phone", "spaced_out", _phone("44", v.uk_mobile, lambda n: " ".join(f"0{n}")), country="GB")
add(
    "phone",
    "keycaps",
    _phone("44", v.uk_mobile, lambda n: "".join(f"{d}\ufe0f\u20e3" for d in f"0{n}")),
    country="GB",
)
add("phone", "no_plus", _phone("44", v.uk_mobile, lambda n: f"44{n}"), country="GB")
add("phone", "us_national_brackets", _us(lambda n: f"({n[:3]}) {n[3:6]}-{n[6:]}"), country="US")
add("phone", "us_national_hyphens", _us(lambda n: f"{n[:3]}-{n[3:6]}-{n[6:]}"), country="US")
add("phone", "us_national_dots", _us(lambda n: f"{n[:3]}.{n[3:6]}.{n[6:]}"), country="US")
