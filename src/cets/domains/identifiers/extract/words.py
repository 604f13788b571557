"""Find any of many words in one pass: a pattern that shares beginnings, over lower-case text."""

import re
from collections.abc import Iterable

from cets.domains.identifiers.extract.page import OTHER_LETTERS
from cets.domains.identifiers.extract.vocabulary import NUMBER_WORDS


def one_pattern(words: Iterable[str]) -> str:
    """Return a pattern that matches the longest of `words` at a place without trying each of them."""
    tree: dict[str, dict] = {}  # type: ignore[type-arg]
    for word in words:
        node = tree
        for char in word:
            node = node.setdefault(char, {})
        node[""] = {}
    return _pattern(tree)


def _pattern(node: dict[str, dict]) -> str:  # type: ignore[type-arg]
    branches = [re.escape(char) + _pattern(after) for char, after in sorted(node.items()) if char]
    if not branches:
        return ""
    joined = branches[0] if len(branches) == 1 and "" not in node else f"(?:{'|'.join(branches)})"
    return f"{joined}?" if "" in node else joined


class WholeWords:
    """Finds whole words in lower-case text. Digits may follow ("imei2"), letters not, but for those of other scripts."""

    def __init__(self, words: Iterable[str]) -> None:
        known = set(words)
        glued = {word for word in known if _WITHOUT_BLANKS.match(word)}
        # Two passes: together they take more than twice the time.
        self._words = re.compile(
            rf"(?<![^\W{OTHER_LETTERS}])(?<!@)(?:{one_pattern(known - glued)})(?![^\W\d_{OTHER_LETTERS}])"
        )
        self._glued = re.compile(one_pattern(glued)) if glued else None

    def find(self, text: str) -> list[re.Match[str]]:
        found = list(self._words.finditer(text))
        if not text.isascii():
            found = [word for word in found if _is_whole(text, word)]
        if self._glued and not text.isascii() and (more := list(self._glued.finditer(text))):
            found = sorted(found + more, key=re.Match.start)
        return found


def _is_whole(text: str, word: re.Match[str]) -> bool:
    """Say whether a word is no part of a longer one: letters of other scripts may touch "IMEI", and no word of their own."""
    beside = text[max(0, word.start() - 1) : word.start()] + text[word.end() : word.end() + 1]
    return word[0].isascii() or not _OTHER.search(beside)


_OTHER = re.compile(f"[{OTHER_LETTERS}]")

#: Thai, Han, Kana and Hangul: a word has no blank before it, or an ending after it.
_WITHOUT_BLANKS = re.compile(r"[\u0900-\u0dff\u0e00-\u0eff\u3040-\u9fff\uac00-\ud7ff]")


class WordBefore:
    """Tells whether one of many words, or one and "number", stands right before a place."""

    def __init__(self, words: str) -> None:
        known = frozenset(words.split(","))
        self._glued = tuple(word for word in known if _WITHOUT_BLANKS.match(word))
        self._words = known.difference(self._glued)

    def ends(self, before: str) -> bool:
        """Say so of a text in small letters that ends at the place."""
        for _ in range(_MOST_BETWEEN):
            before = before.rstrip(_SIGNS)
            if before.endswith(self._glued):
                return True
            words = _LAST_WORDS.search(before) if before[-1:].isalpha() else None
            if not words:
                return False
            last = words["last"]
            if last in self._words or words[0] in self._words:
                return True
            if last not in _BETWEEN:
                return False
            before = before[: words.start("last")]
        return False


_MOST_BETWEEN = 3
_SIGNS = " \t\n>:=.#(\"'-\u2116\u00b0\u00ba\u3000"
_BETWEEN = frozenset([*NUMBER_WORDS.split(","), "n"])
_LAST_WORDS = re.compile(r"(?:(?<!\w)\w{1,24}[ \-'\u2019])?(?P<last>(?<!\w)\w{1,24})\Z")
