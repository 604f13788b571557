"""Signs that nobody sees make no name and no reason; signs that a script needs stay."""

import pytest

from cets.kernel import texts


@pytest.mark.parametrize(
    "given", ["", " \t\n", "\u200b", "\u202e\u200b", "\ufeff\u2060", "\u3164", "\u2800 \u00ad", "\u0301", "\U000e0041", "\x00", "\ue000"]
)  # fmt: skip
def test_nothing_is_seen(given):
    assert not texts.shows_something(given)


@pytest.mark.parametrize("given", ["a", " \u200bx", "7", "?", "未", "می\u200cخواهم", "😀", "\u202eb"])
def test_something_is_seen(given):
    assert texts.shows_something(given)


@pytest.mark.parametrize(
    "given", ["a\u200bb", "\u202eba", "a\u2066b\u2069", "a\u00adb", "\ufeffa", "Ana\u200cFinch", "\u200cAna", "ی\u200c", "a\u3164", "a\x07", "a\u061c"]
)  # fmt: skip
def test_a_line_hides_something(given):
    assert texts.hides_something(given)


@pytest.mark.parametrize(
    "given", ["Zoë O’Brien-Müller", "Zoe\u0308", "می\u200cخواهم", "ශ්\u200dරී", "葛\U000e0100西", "محمد", "Adé 7 (North)", ""]
)  # fmt: skip
def test_a_line_hides_nothing(given):
    assert not texts.hides_something(given)


def test_what_is_no_text():
    assert not texts.is_text("a\udcff")
    assert texts.is_text("a\u202e😀")
