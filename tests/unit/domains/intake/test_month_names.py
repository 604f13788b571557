"""Dates with the names of months, as apps and sites write them in the languages of those who use them."""

from datetime import datetime

import pytest

from cets.domains.intake.time_words import MONTHS
from cets.domains.intake.times import is_unread, moment


@pytest.mark.parametrize("name", sorted(MONTHS))
def test_every_name_of_a_month_is_read_in_small_letters_and_with_a_capital(name: str) -> None:
    for written in (f"14 {name} 2026, 20:00", f"14 {name.capitalize()} 2026 20:00"):
        assert moment(written).candidates == (datetime(2026, MONTHS[name], 14, 20, 0),), written  # noqa: DTZ001 - a wall clock


@pytest.mark.parametrize(
    ("written", "month"),
    [
        ("14 березня 2026 р. о 20:00", 3),
        ("14 бер. 2026 р., 20:00", 3),
        ("14 мар. 2026 г., 20:00", 3),
        ("14 марта 2026 г. в 20:00", 3),
        ("14. März 2026 um 20:00", 3),
        ("14. března 2026 v 20:00", 3),
        ("14 marca 2026 o 20:00", 3),
        ("14 de mar. de 2026, 20:00", 3),
        ("14 de março de 2026 às 20:00", 3),
        ("14 marzo 2026 alle ore 20:00", 3),
        ("14 mrt 2026 om 20:00", 3),
        ("14 Mart 2026 20:00", 3),
        ("14. toukokuuta 2026 klo 20.00", 5),
        ("14 Μαρτίου 2026, 20:00", 3),
        ("14. listopadu 2026 20:00", 11),
    ],
)
def test_dates_as_they_stand_in_the_pages_of_a_country(written: str, month: int) -> None:
    assert moment(written).candidates == (datetime(2026, month, 14, 20, 0),)  # noqa: DTZ001 - a wall clock


@pytest.mark.parametrize("name", ["listopad", "listopada", "lip", "lis", "srp"])
def test_a_word_for_two_months_is_read_as_none(name: str) -> None:
    assert is_unread(moment(f"14 {name} 2026, 20:00"))


@pytest.mark.parametrize(
    "written", ["14 р. 2026", "14 pro. x 2026", "2026 р. о 20:00", "14 marca 2026 q 20:00"]
)
def test_what_is_no_date_stays_unread(written: str) -> None:
    assert is_unread(moment(written))
