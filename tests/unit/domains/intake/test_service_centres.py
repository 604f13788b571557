"""The number through which a network passes messages on is nobody's: all its subscribers have the same."""

import io

import pytest

from cets.domains.intake.rows import FreeText, Sighting
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.csv_table.source import CsvTable

SENDER, CENTRE = "+447700900111", "+447700900222"


@pytest.mark.parametrize(
    "heading", ["Service Center", "service_centre", "SMSC", "SMSC Address", "Message Centre"]
)
def test_a_service_centre_is_a_fact_of_the_row(heading: str) -> None:
    table = f"Date,Address,{heading},Body\n2026-04-13 10:00:00,{SENDER},{CENTRE},hello\n"
    rows = list(CsvTable().read(io.BytesIO(table.encode()), Options(country="GB")))
    assert [row.value.value for row in rows if isinstance(row, Sighting)] == [SENDER]
    assert any(f"{heading}: {CENTRE}" in row.text for row in rows if isinstance(row, FreeText))
