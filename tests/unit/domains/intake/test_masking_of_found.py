"""Whatever is found in a text can be masked in it: no value that was read as a victim's stays to be read."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cets.domains.identifiers.extract import find
from cets.domains.identifiers.kinds.base import Context
from cets.domains.intake.masking import SHORTEST, _pattern, mask

GB = Context(country="GB")
_VALUES = (
    "kestrel@post.example", "Kestrel.B+x@Post.Example", "kestrel [at] post [dot] example", "kestrel@post[.]example",
    "+44 7700 900123", "07700900123", "o77oo 9oo142", "hxxp[:]//files[.]example[.]org/a", "https://files.example.org/u/k_9",
    "files.example.org", "203.0.113.24:51514", "2001:db8::7", "@kestrel_9", "snap: kestrel_9", "kestrel_9 on Instagram",
    "IMEI 490154203237518", "reg AB12 CDE", "d35c785545392755e7e4164457657269", "ke\u200bstrel@po\u00adst.example",
    "\uff4bestrel\uff20post.example", "GB33 BUKB 2020 1555 5555 55", "00:00:5e:00:53:af",
)  # fmt: skip
_AROUND = (
    "",
    " ",
    "_",
    "*",
    "~",
    "(",
    ")",
    "[",
    "]",
    "\u00ab",
    "\u201d",
    "\u2026",
    "'",
    ",",
    ".",
    ":",
    "\n",
    "/",
    "-",
    "mail ",
)
_PIECES = st.one_of(st.sampled_from(_VALUES), st.sampled_from(_AROUND), st.text(max_size=6))


def masked(text: str) -> tuple[str, set[str]]:
    """Return the text without what is found in it, and the words that must be gone."""
    words = {found.raw for found in find(text, GB).found} | {
        found.value.value for found in find(text, GB).found
    }
    words = {word.strip() for word in words if len(word.strip()) >= SHORTEST}
    if not words:
        return text, words
    return mask(text, _pattern(words), {word.lower(): "\u00a7" for word in words}), words


def left(text: str) -> list[str]:
    """Return the words that stay to be read; a short one within a longer word is another word ("o77oo" in "exampleo77oo")."""
    shown, words = masked(text)
    return [word for word in words if re.search(_where(word), shown, re.IGNORECASE)]


def _where(word: str) -> str:
    is_long = len(word) >= 6 and not word.replace(" ", "").isalpha()
    return re.escape(word) if is_long else rf"(?<![^\W_]){re.escape(word)}(?![^\W_])"


def test_a_short_value_is_masked_where_it_stands_alone() -> None:
    text = "kestrel@post.exampleo77oo 9oo142kestrel_9 on Instagram:o77oo 9oo142"
    shown, words = masked(text)
    assert "o77oo" in words
    assert shown.count("o77oo") == 1, "as a part of another word it is not hers"
    assert left(text) == []


@pytest.mark.parametrize("value", _VALUES)
@pytest.mark.parametrize("around", _AROUND)
def test_no_value_is_left_between_marks(value: str, around: str) -> None:
    assert left(f"it is {around}{value}{around} now") == []


@settings(max_examples=300, deadline=None)
@given(st.lists(_PIECES, max_size=10))
def test_no_value_is_left_in_any_text(pieces: list[str]) -> None:
    assert left("".join(pieces)) == []
