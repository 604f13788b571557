"""Events as sentences."""

import importlib
import importlib.util
import pkgutil
from collections.abc import Iterator

import pytest
from django.utils import translation

from cets import domains
from cets.audit import events as audit_events
from cets.audit import presenting


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presenting, "_SENTENCES", dict(presenting._SENTENCES))


def event_types() -> Iterator[str]:
    yield from audit_events.EVENTS
    for module in pkgutil.iter_modules(domains.__path__):
        name = f"cets.domains.{module.name}.events"
        if importlib.util.find_spec(name):
            yield from importlib.import_module(name).EVENTS


def test_every_event_type_of_the_domains_has_a_sentence() -> None:
    types = list(event_types())
    assert len(types) > 40
    assert presenting.without_sentence(types) == []


def test_every_sentence_belongs_to_an_event_type() -> None:
    assert sorted(presenting._SENTENCES.keys() - set(event_types())) == []


def test_details_are_told_when_all_are_there() -> None:
    told = presenting.describe(
        "reports:report:sharing-set", {"before": "contact", "after": "open", "reason": "asked"}
    )
    assert told == "Sharing level changed from contact to open: asked"


def test_without_a_detail_the_short_sentence_is_told() -> None:
    assert presenting.describe("reports:report:sharing-set", {"before": "contact"}) == "Sharing level changed"


def test_erased_details_are_said_to_be_erased() -> None:
    assert presenting.describe("reports:report:graded", None) == "Report graded (details erased)"


def test_details_cannot_bring_placeholders_of_their_own() -> None:
    assert (
        presenting.describe("reports:report:graded", {"grading": "%(reason)s %s"})
        == "Report graded %(reason)s %s"
    )


def test_a_list_is_told_as_words() -> None:
    assert presenting.describe("agencies:role:granted", {"role": ["a", "b"]}) == "Role granted: a, b"


def test_an_unknown_type_is_shown_not_hidden() -> None:
    assert presenting.describe("later:thing:done", {"x": 1}) == "later:thing:done"
    assert presenting.without_sentence(["later:thing:done", "reports:report:graded"]) == ["later:thing:done"]


def test_a_registered_sentence_is_told_and_cannot_be_replaced() -> None:
    presenting.register("later:thing:done", "A thing done", "A thing done %(times)s times")
    assert presenting.describe("later:thing:done", {"times": 2}) == "A thing done 2 times"
    with pytest.raises(presenting.AlreadyTold):
        presenting.register("later:thing:done", "Another")


def test_sentences_are_translated_when_told() -> None:
    sentence = presenting._SENTENCES["reports:report:graded"]
    with translation.override("en"):
        assert str(sentence.short) == "Report graded"
    assert not isinstance(sentence.short, str)  # lazy: chosen at the reader's language, not at import


@pytest.mark.parametrize(
    ("details", "said"),
    [
        (
            {"fallen": 3, "reason": "Retired"},
            "Officer left; records that fell to the team: 3; reason: Retired",
        ),
        ({"reason": "Retired"}, "Officer left; reason: Retired"),
        ({"fallen": 3}, "Officer left; records that fell to the team: 3"),
        ({}, "Officer left"),
    ],
)
def test_what_is_there_is_told(details: dict[str, object], said: str) -> None:
    """Whoever is of another agency is not told how many records fell, and the reason is told all the same."""
    assert presenting.describe("agencies:officer:left", details) == said
