"""A value is explained: by which rule, after which word, what was undone, what was checked."""

import pytest

from cets.domains.identifiers import explaining, extract
from cets.domains.identifiers.explaining import Explanation, explain, of_place
from cets.domains.identifiers.extract import find
from cets.domains.identifiers.kinds import KINDS
from cets.domains.identifiers.kinds.base import Context

GB = Context(country="GB")


def only(text: str) -> Explanation:
    (one,) = explain(text, GB)
    return one


def test_number_is_explained_by_its_word_and_its_country() -> None:
    one = only("please ring me: 07700 900 641")

    assert (one.kind, one.value, one.cue) == ("phone", "+447700900641", "ring")
    assert one.assumed == "read as a United Kingdom number"
    assert one.undone == ()
    assert "Announced by “ring”." in one.sentences()


@pytest.mark.parametrize(
    ("text", "undone"),
    [
        ("wren[at]post[.]example", "put back"),
        ("\uff57ren@post.example", "read as plain ones"),
        ("wr\u200ben@post.example", "cannot be seen"),
        (f"{'and so on ' * 6}ring +44 7700\n> 900 642 today", "end of a line"),
    ],
)
def test_what_was_undone_is_said(text: str, undone: str) -> None:
    (sentence,) = only(text).undone

    assert undone in sentence


def test_value_as_it_is_written_has_nothing_undone() -> None:
    assert only("wren@post.example").undone == ()


def test_heading_of_the_column_is_the_word() -> None:
    assert only("When\tUsername\n2025-10-21\treed.blue\n").cue == "username"


def test_what_cannot_be_read_says_why() -> None:
    one = only("IMEI 490154203237519")

    assert (one.state, one.value, one.checked) == ("not_valid", "", "")
    assert "check digit" in one.reason


def test_every_finding_is_explained_with_its_place() -> None:
    text = "IMEI 490154203237518, @reed_blue on Instagram, 192.0.2.7:443, wren@post.example, files.example.org, reg AB12 CDE"
    findings = find(text, GB)

    explained = explain(text, GB)

    assert [(one.start, one.end) for one in explained] == [(one.start, one.end) for one in findings.found]
    assert all(one.rule and one.checked for one in explained)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_explained_from_its_value_alone(kind: str) -> None:
    for raw, value in KINDS[kind].examples:
        told = of_place(kind, raw, GB)
        assert told
        assert told.value == value


def test_place_in_a_long_text_is_explained_by_what_is_around_it() -> None:
    before, after = "the ferry was late again\n" * 400, "and then it rained\n" * 400
    text = f"{before}his username is reed_77 there\n{after}"
    start = text.index("reed_77")

    told = of_place("handle", "reed_77", GB, text=text, start=start, end=start + 7)

    assert told
    assert told.cue == "username"


def test_place_that_is_no_longer_found_so_is_explained_by_its_value() -> None:
    told = of_place("handle", "reed_77", GB, text="nothing here", start=0, end=7)

    assert told
    assert (told.rule, told.cue) == ("", "")


def test_every_finder_has_its_sentence() -> None:
    only_block = {"message_ids"}

    assert {finder.__name__ for finder, _ in extract._FINDERS} - only_block == set(explaining._RULES)


def test_no_sentence_repeats_the_value() -> None:
    for one in explain("ring 07700 900 643 or wren[at]post[.]example, IMEI 490154203237519", GB):
        assert all(one.raw not in sentence for sentence in one.sentences())


@pytest.mark.parametrize(
    ("text", "is_checked"),
    [
        ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", True),
        ("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", False),
        ("0x0000000000000000000000000000000000000123", False),
        ("btc 1AGNa15ZQXAZUgFiqJ2i7Z2DPU2J6hW62i", True),
    ],
)
def test_no_check_is_told_of_an_address_that_holds_none(text: str, is_checked: bool) -> None:
    one = only(text)

    assert one.kind == "wallet"
    assert ("Its check fits" in one.checked) is is_checked


def test_a_word_behind_an_iban_does_not_announce_it() -> None:
    one, _ = explain("IBAN GB33 BUKB 2020 1555 5555 55, bank account number 12345678", GB)

    assert (one.value, one.cue) == ("iban:GB33BUKB20201555555555", "")
