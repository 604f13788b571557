"""One handset is one value, whether its check digit is written or left out; a wrong one is never corrected."""

import pytest

from cets.domains.identifiers.explaining import explain
from cets.domains.identifiers.extract import find
from cets.domains.identifiers.kinds import clean
from cets.domains.identifiers.kinds.base import Ambiguous, Context, NotValid

NOWHERE = Context()
WHOLE = "356938035643809"  # its check digit is 9
ENDS_IN_ZERO = "356938035643890"  # its check digit is 0


@pytest.mark.parametrize(
    ("written", "value", "assumed"),
    [
        (WHOLE, WHOLE, None),
        (WHOLE[:14], WHOLE, "which is not written"),
        (WHOLE[:14] + "07", WHOLE[:14] + "07", None),
        (ENDS_IN_ZERO, ENDS_IN_ZERO, None),
        (ENDS_IN_ZERO[:14], ENDS_IN_ZERO, "which is not written"),
    ],
)
def test_each_form_is_the_same_value_and_says_what_was_taken_for_granted(
    written: str, value: str, assumed: str | None
) -> None:
    read = clean("imei", written, NOWHERE)
    assert read.value == value
    assert read.variants == (f"imei:{value[:14]}",)
    assert (assumed or "") in (read.assumed or "")
    assert (read.assumed is None) == (assumed is None)


@pytest.mark.parametrize("check", "012345678")
def test_a_wrong_check_digit_is_refused(check: str) -> None:
    with pytest.raises(NotValid, match="check digit"):
        clean("imei", WHOLE[:14] + check, NOWHERE)


@pytest.mark.parametrize("written", [WHOLE[:13], WHOLE + "00", "3569380356438a", "", "1" * 17])
def test_any_other_length_is_refused(written: str) -> None:
    with pytest.raises(NotValid, match="14 without"):
        clean("imei", written, NOWHERE)


def test_a_number_of_which_a_leading_0_may_be_lost_is_both_in_doubt() -> None:
    """A spreadsheet makes 14 digits of 013554002345677: with that digit it is a handset of North America."""
    with pytest.raises(Ambiguous) as doubt:
        clean("imei", "13554002345677", NOWHERE)
    assert [value.value[:14] for value in doubt.value.readings] == ["13554002345677", "01355400234567"]
    assert all(value.in_doubt for value in doubt.value.readings)


def test_a_number_of_that_sort_with_its_own_check_digit_or_none_that_fits_is_one() -> None:
    assert clean("imei", "013554002345677", NOWHERE).value == "013554002345677"
    assert clean("imei", "13554002345671", NOWHERE).value[:14] == "13554002345671"


@pytest.mark.parametrize(
    "text", ["call 35693803564380", "no. 35693803564380 was", "35693803564380", "id: 356938035643800"]
)
def test_such_digits_in_a_text_are_none_unless_they_are_called_so(text: str) -> None:
    assert "imei" not in [one.value.kind for one in find(text, NOWHERE).found]


@pytest.mark.parametrize(
    "text", ["IMEI 35693803564380", "IMEI: 35-693803-564380.", "imei 356938035643809, ringing"]
)
def test_called_so_they_are(text: str) -> None:
    assert [one.value.value for one in find(text, NOWHERE).found] == [WHOLE]


def test_no_check_is_told_of_a_digit_that_was_added() -> None:
    (written,) = explain(f"IMEI {WHOLE}", NOWHERE)
    (added,) = explain(f"IMEI {WHOLE[:14]}", NOWHERE)
    assert written.checked == "The check digit fits."
    assert added.checked == ""
    assert "not written" in added.assumed
