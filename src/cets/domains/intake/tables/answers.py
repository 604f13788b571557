"""What a cell answers to a heading that asks ("Victim?"): yes, no, or neither for certain."""

import re
import unicodedata

from cets.domains.intake.tables import denials

_LONGEST, _LONGEST_ANSWER = 2_000, 60  # characters
_FIRST_ANSWER = re.compile(r"(\w{2,})(?:\s?[,;:.(]|\s[\-–—]\s)")  # noqa: RUF001 - dashes
_RUNS = (1, 2, 3)  # words
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ß": "ss"})  # noqa: RUF001 - letters without an accent to take off


def plain(word: str) -> str:
    """Return a word without accents: many a source leaves them out."""
    if word.isascii():
        return word
    apart = unicodedata.normalize("NFKD", word.translate(_LETTERS))
    return unicodedata.normalize("NFC", "".join(sign for sign in apart if not unicodedata.combining(sign)))


def answer_of(text: str) -> bool | None:
    """Return what a cell answers ("Y", "nein", "No, witness only"), None when it is no answer."""
    word = text[:_LONGEST].strip().casefold()
    first = _FIRST_ANSWER.match(word)
    for tried in (word, word.rstrip(".!"), first[1] if first else word):
        said = plain(tried)
        if said in denials.YES or said in denials.NO:
            return said in denials.YES
    return None


def is_unsure(text: str) -> bool:
    """Say whether a cell answers neither yes nor no for certain ("TBC", "poss.", "zu klären")."""
    said = [plain(word) for word in re.split(r"[\W_]+", text[:_LONGEST_ANSWER].casefold()) if word]
    runs = {"".join(said[:length]) for length in _RUNS} if said else {text.strip()}
    return not denials.UNSURE.isdisjoint(runs)
