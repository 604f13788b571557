"""A victim's value in a title is masked however it is spelled there."""

import pytest

from cets.domains.intake.masking import Masker

MASKER = Masker(
    {"+44 7700 900611": "Child A", "blue.wren88@kid.example": "Child A", "Kim Larchwood": "Child A"}
)


@pytest.mark.parametrize(
    "written",
    [
        "07700/900611", "07700–900611", "07700‑900611", "07700·900611", "07700, 900611", "07700\u200b900611", "+44(0)7700-900611",
        "٠٧٧٠٠٩٠٠٦١١", "blue.wren88%40kid.example", "blue.wren88@kid[.]example", "blue.wren88(at)kid.example",
        "blue.wren88 [at] kid [dot] example", "blue.wren88 @ kid.example", "blue.wren88\u200b@kid.example",
        "BLUE.WREN88+x@kid.example", "Kim_Larchwood", "Kim-Larchwood", "kimlarchwood", "Kim, Larchwood",
    ],
)  # fmt: skip
def test_a_title_is_masked_in_any_spelling(written: str):
    assert MASKER.name(f"Call {written} today") == "Call [Child A] today"


@pytest.mark.parametrize(
    "written", ["07700 900612", "blue.wren8@kid.example", "Larch wood, 12 kinds", "900611"]
)
def test_what_is_not_the_victims_stays(written: str):
    assert MASKER.name(f"Call {written} today") == f"Call {written} today"
