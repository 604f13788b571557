"""Broken JSON with a number longer than Python converts: what stands before it is read, and the process lives."""

import io
from pathlib import Path

import pytest

from cets.domains.intake import sources
from cets.domains.intake.json_numbers import MOST_DIGITS, Guarded
from cets.domains.intake.parser.client import Parser
from cets.domains.intake.rows import Sighting
from cets.domains.intake.sources.base import Options

WHOLE = (Path(sources.__file__).parent / "cybertip_json/examples/nested.json").read_bytes().rstrip()


@pytest.mark.parametrize("digits", [MOST_DIGITS, MOST_DIGITS + 1, 4_301, 100_000])
def test_what_stands_before_the_number_is_read(digits: int) -> None:
    broken = WHOLE[:-1] + b',"x":' + b"9" * digits + b',"y":'
    with Parser() as parser:
        found = []
        for data in (WHOLE, broken):
            parsing = parser.parse(io.BytesIO(data), len(data), Options(country="GB"))
            values = {(row.value.kind, row.value.value) for row in parsing if isinstance(row, Sighting)}
            assert parsing.outcome is not None
            assert "broke down" not in (parsing.outcome.failed or "")
            found.append(values)
    assert found[0]
    assert found[0] <= found[1]


@pytest.mark.parametrize("size", [1, 7, 4_000, 9_999])
def test_a_run_over_several_reads_is_seen(size: int) -> None:
    stream = Guarded(io.BytesIO(b"x" * 5_000 + b"1" * (MOST_DIGITS + 1)))
    handed_on = b""
    with pytest.raises(ValueError, match="digits"):  # noqa: PT012 - it comes with one of the reads
        while data := stream.read(size):
            handed_on += data
    assert handed_on.startswith(b"x" * 5_000)
    assert len(handed_on) <= 5_000 + MOST_DIGITS


def test_shorter_runs_pass_unchanged() -> None:
    data = (b"1" * MOST_DIGITS + b" ") * 3
    assert Guarded(io.BytesIO(data)).read() == data
