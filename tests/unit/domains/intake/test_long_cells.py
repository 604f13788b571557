"""One cell of blanks takes no time that the rest of a file needs: twice the text, less than three times the time."""

import io
import json
import time
from collections.abc import Callable

import pytest

from cets.domains.intake.rows import AnyRow, Sighting
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.csv_table.source import CsvTable
from cets.domains.intake.sources.cybertip_json.source import CybertipJson

OPTIONS = Options(country="GB")


def a_table(heading: str, blanks: int) -> list[AnyRow]:
    cell = "0" + "\n " * blanks + "b"
    text = f'Name,{heading}\nq,07700900111\nx,"{cell}"\ny,07700900112\n'
    return list(CsvTable().read(io.BytesIO(text.encode()), OPTIONS))


def a_report(field: str, blanks: int) -> list[AnyRow]:
    listed = {field: ["0" + "\n " * blanks + "b", "07700900111"], "screenName": "quay_9"}
    text = json.dumps({"reportId": 990000301, "reportedPersons": [listed]})
    return list(CybertipJson().read(io.BytesIO(text.encode()), OPTIONS))


@pytest.mark.parametrize(
    ("read", "name"), [(a_table, "Phone"), (a_table, "E-mail"), (a_report, "phones"), (a_report, "emails")]
)
def test_a_cell_of_blanks_costs_its_length(read: Callable[[str, int], list[AnyRow]], name: str) -> None:
    taken: dict[int, float] = {}
    for blanks in (20_000, 40_000) * 5:  # the best of five, on a busy machine
        started = time.process_time()
        rows = read(name, blanks)
        taken[blanks] = min(taken.get(blanks, 60.0), time.process_time() - started)
        if name.casefold().startswith("phone"):
            assert "+447700900111" in {row.value.value for row in rows if isinstance(row, Sighting)}
    assert taken[40_000] < 3 * taken[20_000]
