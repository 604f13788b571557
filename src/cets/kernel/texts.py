"""What of a text can be seen: a name or a reason that shows nothing is none."""

import unicodedata

#: Letters and symbols by category that are blank: fillers of Hangul, inherent vowels of Khmer, the empty cell of Braille.
_BLANK = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
#: Inside words of Persian and of India's scripts they are spelling; elsewhere they hide.
_JOINERS = frozenset("\u200c\u200d")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"})
_NOT_BY_ITSELF = _UNSEEN | {"Zs", "Mn", "Me"}


def shows_something(text: str) -> bool:
    """Say whether anybody who looks at the text sees anything."""
    return any(sign not in _BLANK and unicodedata.category(sign) not in _NOT_BY_ITSELF for sign in text)


def hides_something(text: str) -> bool:
    """Say whether signs stand in a line of text that cannot be seen or turn its order round: two such lines may look as one."""
    before = (" ", *text)
    after = (*text[1:], " ")
    return any(
        sign in _BLANK
        or (
            unicodedata.category(sign) in _UNSEEN
            and not (sign in _JOINERS and _in_a_word(left) and _in_a_word(right))
        )
        for left, sign, right in zip(before, text, after, strict=False)
    )


def _in_a_word(sign: str) -> bool:
    return not sign.isascii() and unicodedata.category(sign)[0] in "LM"


def is_text(given: str) -> bool:
    """Say whether it can be written as UTF-8: bytes of an argument that are none come as lone surrogates."""
    return not any("\ud800" <= sign <= "\udfff" for sign in given)
