"""Undo the ways in which people make an address harmless to click: hxxp, [.], (dot), [at], [:]//."""

import re

#: How the two signs are called, in the languages that such texts come in.
AT_WORDS = "at|ät|arroba|arobase|chiocciola"
DOT_WORDS = "dot|d0t|punkt|punto|point|ponto"
_STEPS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b(?:h(?:[tx][tx]|\*\*|__)|tt)p(s?)(?=\s?[:\[({])", re.IGNORECASE), r"http\1"),
    (re.compile(r"\bfxp(s?)(?=\s?[:\[({])", re.IGNORECASE), r"ftp\1"),
    (re.compile(r"[\[({](//?)[\])}]"), r"\1"),
    (re.compile(r"\s?[\[({]\s?:/{0,2}\s?[\])}]/{0,2}"), "://"),
    (re.compile(r":\\\\"), "://"),
    (re.compile(rf"\s?[\[({{<]\s?(?:{DOT_WORDS}|\.)\s?[\])}}>]\s?", re.IGNORECASE), "."),
    (re.compile(rf"\s?[\[({{<]\s?(?:{AT_WORDS}|@)\s?[\])}}>]\s?", re.IGNORECASE), "@"),
    (re.compile(r"\s(?:dot)\s", re.IGNORECASE), "."),
    (re.compile(r"\s(?:at)\s", re.IGNORECASE), "@"),
    (re.compile(r"\\\."), "."),
    (re.compile(r"\[\.|\.\]"), "."),
)


# What at least one step needs; most addresses have none of it, and files hold many.
_MARKS = re.compile(r"[\[({<\\\s]|\.\]|h(?:xx|tx|xt|\*\*|__)p|\bttp|fxp", re.IGNORECASE)


def refang(text: str) -> str:
    """Return a single address as it was before it was defanged.

    A text that is not defanged comes back as it is.
    """
    if not _MARKS.search(text):
        return text
    for pattern, plain in _STEPS:
        text = pattern.sub(plain, text)
    return text
