"""E-mail addresses."""

from collections.abc import Callable
from random import Random

from bench.extraction_corpus import values as v
from bench.extraction_corpus.forms.base import Make, Written, add, international_host
from bench.extraction_corpus.values import pick


def _email(change: Callable[[str], str] = str, frames: tuple[str, ...] | str = "email") -> Make:
    def make(rng: Random) -> Written:
        value = v.email(rng)
        return Written(change(value), value, frames)

    return make


def _defang(at: str, dot: str) -> Callable[[str], str]:
    return lambda text: text.replace("@", at).replace(".", dot)


def _tagged(rng: Random) -> Written:
    value = v.email(rng).replace("@", f"+{pick(rng, v.WORDS)}@")
    return Written(value, value, "email")


def _idn_email(rng: Random) -> Written:
    readable, _ = international_host(rng)
    value = f"{pick(rng, v.WORDS)}{v.digits(rng, 3)}@{readable}"
    return Written(value, value, "email")


def _punycode_email(rng: Random) -> Written:
    readable, ascii_form = international_host(rng)
    local = f"{pick(rng, v.WORDS)}{v.digits(rng, 3)}"
    return Written(f"{local}@{ascii_form}", f"{local}@{readable}", "email")


add("email", "plain", _email())
add("email", "capitals", _email(str.upper))
add("email", "tagged", _tagged)
add("email", "angle", _email(frames=("[[Kite Flyer]] <{}>", "[[Old Heron]] <{}>,", "mail: <{}>")))
add("email", "mailto", _email(frames=("mailto:{}", "<mailto:{}>", "mailto:{}?subject=bridge")))
add(
    "email",
    "markup",
    _email(frames=('<a href="mailto:{}">here</a>', '{"email":"{}","n":3}', "[me](mailto:{})")),
)
add("email", "square_at", _email(_defang("[at]", "[.]")))
add("email", "round_at", _email(_defang("(at)", "(dot)")))
add("email", "curly_at", _email(_defang("{at}", "{dot}")))
add("email", "spaced_at", _email(_defang(" [at] ", " [dot] ")))
add("email", "only_at", _email(_defang("[@]", ".")))
add("email", "capital_at", _email(_defang(" (AT) ", " (DOT) ")))
add("email", "word_at", _email(_defang(" at ", " dot "), ("my mail: {}", "write to {}")), "en")
add("email", "arroba", _email(_defang("[arroba]", "[punto]")))
add("email", "punkt", _email(_defang("(ät)", "(punkt)")))
add("email", "idn", _idn_email)
add("email", "punycode", _punycode_email)
