"""Beside a platform a word of a sentence is no account, a name of letters alone mostly a weak one.

A strong hit on "line/busy" puts an innocent man beside a stranger; a missed "my snap is kestrelblue" leaves a child.
"""

import pytest

from cets.domains.identifiers.extract import find
from cets.domains.identifiers.kinds.base import Context

GB = Context(country="GB")

PROSE = (
    "my line is busy. Her kik is loud;",
    "He said: my line is busy",
    "Her line is always engaged, my line is bad!",
    "the session is over. Your session is expired; his session was long",
    "My zoom is boring, their zoom is on mute",
    "my tiktok is popular; her twitter is jealous, the matrix is wrong",
    "My threads is cold. Her threads are warm.",
    "his twitter's boring. Her Kik is LOUD! my kik is Loud.",
    "my snap is down.She left. my insta is private.dm me",
    "my zoom is 10am tomorrow. my line is 24hrs. my xbox is 1tb, her steam is 100gb",
    "i'm popular on tiktok and i am bored on zoom. add friends on snap. me alone on snapchat",
    "user support on discord. I'm active on insta, name calling on twitter",
    "on tiktok as usual. the matrix called neo. on zoom: boring. on instagram: wow!",
    "the zoom id is wrong. kik username is required. Every zoom user is muted.",
    "Her discord is well-known, my insta is half-dead. her snapchat account is monetised.",
    "my line is kaput, my session is thursday. her signal is intermittent. his steam is evaporating.",
    "my phone's line is crackly; the signal is weaker, the signal is strongest. his x is furious",
    "my facebook is embarrassing. her youtube is disappointing, his reddit is ridiculous.",
    "my xbox is broken and her steam is outdated, my messenger is full. my imo is humble.",
    "my playstation is brand new. his fortnite is rubbish. your skype is choppy; her viber is unreliable",
    "my insta is gesperrt. su insta is privado. my snap is kaputt!",
    "the line is McDonald's fault. my insta is everything. her tinder is nobody's business",
    "my snap is mine. Her snap is hers. my kik is uninstalled, my kik is nonexistent",
)


@pytest.mark.parametrize("text", PROSE)
def test_no_link_stands_on_a_word_of_a_sentence(text: str) -> None:
    strong = [f.value.value for f in find(text, GB).found if f.value.kind != "handle"]
    assert strong == []


@pytest.mark.parametrize("text", [text for text in PROSE if "nonexistent" not in text])
def test_nor_is_it_kept_as_a_name(text: str) -> None:
    assert find(text, GB).found == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my snap is kestrelblue", "account snapchat/kestrelblue"),
        ("my snap is Kestrelblue!", "account snapchat/kestrelblue"),
        ("i'm kestrelblue on discord", "account discord/kestrelblue"),
        ("my kik is KestrelB", "account kik/kestrelb"),
        ("my kik is kestrel9", "account kik/kestrel9"),
        ("my kik is kest_rel", "account kik/kest_rel"),
        ("my kik is kest.rel, ok", "account kik/kest.rel"),
        ("my snap is the.real.kestrel", "account snapchat/the.real.kestrel"),
        ("my line is @kestrel", "account line/kestrel"),
        ("my snap is 'kestrel'", "account snapchat/kestrel"),
        ("her kik is \u201ckestrel\u201d.", "account kik/kestrel"),
        ("my kik id is kestrel.", "account kik/kestrel"),
        ("my line id is kestrel", "account line/kestrel"),
        ("her kik user name is kestrel", "account kik/kestrel"),
        ("my insta is called kestrel", "account instagram/kestrel"),
        ("known as kestrel on kik", "account kik/kestrel"),
        # letters alone, short or with an ending of usual words: a bare user name
        ("my kik is kestrel!", "handle kestrel"),
        ("I'm kestrel on kik", "handle kestrel"),
        ("add me on snap: kestrel", "handle kestrel"),
        ("her insta is geschlossen", "handle geschlossen"),
        ("her insta is wundersch\u00f6n", "handle wundersch\u00f6n"),
        ("my kik is kestrel-blue", "handle kestrel-blue"),
        ("my snap username is loud.", "handle loud"),
        ("my line is kestrelblue", "handle kestrelblue"),
    ],
)
def test_a_name_is_kept_as_surely_as_its_writing_tells(text: str, expected: str) -> None:
    assert [f"{f.value.kind} {f.value.value}" for f in find(text, GB).found] == [expected]


LONG_WORDS = (
    "secondhand brainstorm superwoman thunderbolt headquarters strawberry kindergarten deinstalliert multiplayer moonlight"
    " photography choreography grandmother shakespeare playground underestimate candlelight wheelbarrow"
)


@pytest.mark.parametrize("word", LONG_WORDS.split())
@pytest.mark.parametrize(
    "sentence", ["my insta is {}.", "his snap is {}!", "I'm {} on tiktok", "on facebook: {}."]
)
def test_a_long_word_of_a_sentence_is_weak_at_most(sentence: str, word: str) -> None:
    assert {f.value.kind for f in find(sentence.format(word), GB).found} <= {"handle"}


def test_a_bare_name_meets_the_account_weakly() -> None:
    [bare] = find("my kik is kestrel!", GB).found
    [account] = find("my kik id is kestrel", GB).found
    assert set(bare.value.variants) & set(account.value.variants)
