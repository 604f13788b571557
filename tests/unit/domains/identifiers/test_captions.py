"""What a kind is called: short where it stands alone, and so that a sentence reads well."""

import re

import pytest

from cets.domains.deconfliction.strength import RELATIONS, Known, weigh
from cets.domains.identifiers.kinds import KINDS

#: Written in capitals wherever they stand.
PROPER = {"IP", "MAC", "IMEI", "IMSI", "PGP"}
ALL = list(KINDS.values())


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.name)
def test_a_caption_is_short_and_begins_large(kind):
    assert len(kind.caption) <= 20
    assert kind.caption[0].isupper()
    assert "(" not in kind.caption


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.name)
def test_within_a_sentence_only_proper_letters_are_large(kind):
    for word in re.findall(r"[\w-]+", kind.in_text):
        assert word in PROPER or word == word.lower(), word
    assert {word for word in kind.caption.split() if word in PROPER} <= set(kind.in_text.split())


def test_no_two_kinds_are_called_the_same():
    assert len({kind.caption for kind in ALL}) == len({kind.in_text for kind in ALL}) == len(ALL)


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.name)
@pytest.mark.parametrize("relation", RELATIONS)
def test_every_why_is_a_sentence(kind, relation):
    why = weigh(
        Known(kind.name, relation, is_declared=True, reports=2, agencies=2),
        common_reports=20,
        common_agencies=3,
    ).why
    assert "{" not in why
    assert "on a platform" not in why
    inside = why.split(". ")[0].removeprefix("The same IP address").split()[1:]
    assert all(word.strip(",:;") in PROPER or word == word.lower() for word in inside), why
