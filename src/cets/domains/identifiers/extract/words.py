"""Find any of many words in one pass: a pattern that shares beginnings, over lower-case text."""

import re
from collections.abc import Iterable


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


def whole_words(words: Iterable[str]) -> re.Pattern[str]:
    """Return a compiled pattern for whole words in lower-case text.

    Digits may follow ("imei2"), letters not.
    """
    return re.compile(rf"(?<![\w@])(?:{one_pattern(words)})(?![^\W\d])")
