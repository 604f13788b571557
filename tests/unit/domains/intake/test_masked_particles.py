"""Of a victim's name each word that tells is masked; "von" and "de la" stand in every text and tell of nobody."""

from uuid import UUID

import pytest

from cets.domains.intake.masking import Masker, _Words

REPORT = UUID(int=1)


def masker(name: str) -> Masker:
    words = _Words()
    words.add_names(REPORT, [name], "Child A")
    return words.maskers()[REPORT]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Maria von der Leine", "Der Verdacht von gestern betrifft der Plattform gemeldete Dateien"),
        ("Noor van den Berg", "Gemeld door de school, van den beginne"),
        ("LUZ DE LA ROSA DEL MAR", "La menor hablaba de las fotos del domingo"),
        ("Omar ibn Rashid al Masri", "the son, ibn, of the house"),
        ("Anna und Lena Vogt", "gesehen am Montag und am Dienstag"),
        ("Yusuf Ben Salah", "ben in text"),
        ("Carlo della Torre", "il padre della ragazza"),
    ],
)
def test_a_particle_masks_nothing(name: str, text: str) -> None:
    assert masker(name)(text) == text
    assert masker(name).name(text) == text


@pytest.mark.parametrize(
    ("name", "text", "shown"),
    [
        ("Maria von der Leine", "maria und Leine", "[Child A] und [Child A]"),
        ("Maria von der Leine", "an Maria von der Leine gesandt", "an [Child A] gesandt"),
        ("Noor van den Berg", "Berg, Noor", "[Child A], [Child A]"),
        ("Ben Larch", "asked Ben", "asked [Child A]"),
        ("Della Reef", "asked Della", "asked [Child A]"),
        ("Aroha San", "asked San", "asked [Child A]"),
    ],
)
def test_what_tells_of_a_name_masks_still(name: str, text: str, shown: str) -> None:
    assert masker(name)(text) == shown
    assert masker(name).name(text) == shown
