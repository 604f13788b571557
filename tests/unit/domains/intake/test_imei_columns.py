"""Columns of handsets as networks write them: with their check digit, without it, with a 0 or the software's version there."""

import io

import pytest

from cets.domains.intake.rows import AmbiguousPart, AnyRow, NotUnderstood, Sighting
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.csv_table.source import CsvTable

ONE, OTHER = "356938035643809", "356938035643890"  # whose check digit is a 0
THIRD = "490154203237518"


def read(text: str) -> list[AnyRow]:
    return list(CsvTable().read(io.BytesIO(text.encode()), Options(country="GB")))


def handsets(rows: list[AnyRow]) -> list[str]:
    return [row.value.value for row in rows if isinstance(row, Sighting) and row.value.kind == "imei"]


@pytest.mark.parametrize("heading", ["IMEI", "IMEISV", "Handset IMEI", "IMEI1", "Numéro IMEI"])
def test_every_form_in_a_column_is_one_handset(heading: str) -> None:
    forms = [ONE, ONE[:14], "35-693803-564380-9", "35-693803-564380"]
    rows = read(
        f"Start,{heading}\n" + "".join(f"2026-04-13 10:00:0{n},{one}\n" for n, one in enumerate(forms))
    )
    assert handsets(rows) == [ONE] * len(forms)


def test_a_check_digit_of_0_that_is_right_stays() -> None:
    assert handsets(read(f"Start,IMEI\n2026-04-13 10:00:00,{OTHER}\n2026-04-13 10:00:00,{OTHER[:14]}\n")) == [
        OTHER,
        OTHER,
    ]


@pytest.mark.parametrize("sheet", [[ONE, OTHER, THIRD], [THIRD[:6] + "-" + THIRD[6:], ONE, THIRD, ONE]])
def test_a_column_with_a_0_in_place_of_each_check_digit_is_read_without_it(sheet: list[str]) -> None:
    """As networks record what a handset sends; a value is found as it is written."""
    written = [one[:-1] + "0" for one in sheet]
    rows = read("Start,IMEI\n" + "".join(f"2026-04-13 10:00:00,{one}\n" for one in written))
    found = [row for row in rows if isinstance(row, Sighting) and row.value.kind == "imei"]
    assert [row.value.value for row in found] == [one.replace("-", "") for one in sheet]
    assert [row.value.raw for row in found] == written
    assert (
        sum("0 in place of the check digits" in row.text for row in rows if isinstance(row, NotUnderstood))
        == 1
    )


@pytest.mark.parametrize("other", [THIRD, ONE, THIRD[:14] + "7"])
def test_a_0_is_a_wrong_check_digit_where_other_digits_stand_there(other: str) -> None:
    rows = read(f"Start,IMEI\n2026-04-13 10:00:00,{ONE[:14]}0\n2026-04-13 10:00:00,{other}\n")
    assert ONE[:14] not in [one[:14] for one in handsets(rows) if one != other]
    assert len(handsets(rows)) == (other in (ONE, THIRD))
    assert any("check digit" in row.text for row in rows if isinstance(row, NotUnderstood))


def test_one_handset_alone_tells_no_habit() -> None:
    assert handsets(read("Start,IMEI\n" + f"2026-04-13 10:00:00,{ONE[:14]}0\n" * 5)) == []


def test_a_wrong_check_digit_is_said_and_not_read() -> None:
    rows = read(f"Start,IMEI\n2026-04-13 10:00:00,{ONE}\n2026-04-13 10:00:00,{ONE[:14]}7\n")
    assert handsets(rows) == [ONE]
    assert any("check digit" in row.text for row in rows if isinstance(row, NotUnderstood))


def test_a_number_whose_leading_0_may_be_lost_is_asked_and_held_in_doubt() -> None:
    rows = read(f"Start,IMEI\n2026-04-13 10:00:00,{ONE}\n2026-04-13 10:00:00,13554002345677\n")
    assert handsets(rows)[0] == ONE
    assert handsets(rows)[2] == "013554002345677"
    assert all(row.value.in_doubt for row in rows if isinstance(row, Sighting) and row.value.value != ONE)
    assert any("013554002345677" in row.candidates for row in rows if isinstance(row, AmbiguousPart))


@pytest.mark.parametrize("heading", ["Reference", "Account number", "Notes", "Serial"])
def test_fourteen_digits_in_another_column_are_no_handset(heading: str) -> None:
    assert handsets(read(f"Email,{heading}\na@post.example,{ONE[:14]}\nb@post.example,{OTHER[:14]}\n")) == []
