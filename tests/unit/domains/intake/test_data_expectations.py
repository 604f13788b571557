"""Every shared sample file of a format that is read, with what a careful reader finds in it.

`tests/data_expectations.csv` was written by looking at the files, the long tables by counting anew with other
tools (values whose form and check digits hold). An empty cell is a number that nobody vouches for.
"""

import csv
import io
from collections import Counter
from pathlib import Path

import pytest

from cets.domains.intake import sources
from cets.domains.intake.rows import AmbiguousPart, Message, NotUnderstood, Sighting, Trace
from cets.domains.intake.sources.base import Options

ROOT = Path(__file__).parents[4]
DATA = ROOT.parent / "shared/data"
LARGE = 500_000
#: Ontologies and schemata, not material for an intake: text to the recogniser, of no interest to an officer.
NOT_MATERIAL = ("cac-ontology/", "ftm/", "README.md")
COUNTED = {"messages": Message, "traces": Trace, "ambiguous": AmbiguousPart, "not_understood": NotUnderstood}


def expectations() -> list[dict[str, str]]:
    with (ROOT / "tests/data_expectations.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cases() -> list[object]:
    made: list[object] = []
    for row in expectations():
        path = DATA / row["file"]
        is_large = path.is_file() and path.stat().st_size > LARGE
        made.append(pytest.param(row, id=row["file"], marks=[pytest.mark.long] if is_large else []))
    return made


pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the shared sample files are not here")


@pytest.mark.parametrize("expected", cases())
def test_what_is_found_in_a_shared_file(expected: dict[str, str]) -> None:
    raw = (DATA / expected["file"]).read_bytes()
    source = sources.recognise(sources.head_of(io.BytesIO(raw), len(raw)), len(raw))
    assert source is not None
    assert source.name == expected["source"]

    counts: Counter[str] = Counter()
    values = set()
    for row in source.read(io.BytesIO(raw), Options(country="GB")):
        counts.update(name for name, kind in COUNTED.items() if isinstance(row, kind))
        if isinstance(row, Sighting):
            counts["sightings"] += 1
            values.add((row.value.kind, row.value.value))
    counts["identifiers"] = len(values)

    stated = {name: int(expected[name]) for name in ("sightings", "identifiers", *COUNTED) if expected[name]}
    assert {name: counts[name] for name in stated} == stated


def test_no_shared_file_is_left_out() -> None:
    listed = {row["file"]: row["source"] for row in expectations()}
    found = {}
    for path in sorted(DATA.rglob("*")):
        name = path.relative_to(DATA).as_posix()
        if path.is_file() and not name.startswith(NOT_MATERIAL):
            with path.open("rb") as file:
                size = path.stat().st_size
                source = sources.recognise(sources.head_of(file, size), size)
            if source is not None:
                found[name] = source.name

    assert found == listed
