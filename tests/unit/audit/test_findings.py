"""Telling apart what was put in, taken out, replaced and moved."""

import random

import pytest

from cets.audit.findings import Difference, Kind, Report, ranges


def difference(table: str, witness: str) -> Difference:
    """Compare two chains whose leaves are single letters."""
    found = Difference(end=len(witness))
    for seq in range(1, max(len(table), len(witness)) + 1):
        mine, theirs = table[seq - 1 : seq], witness[seq - 1 : seq]
        if mine != theirs:
            if mine.strip():
                found.table.append((seq, mine.encode()))
            if theirs:
                found.witness.append((seq, theirs.encode()))
    return found


def told(table: str, witness: str) -> list[tuple[Kind, int | None, int | None]]:
    return sorted((p.kind, p.seq, p.last) for p in difference(table, witness).problems())


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("abcdef", []),
        ("abXdef", [(Kind.LINK, 3, 3)]),
        ("ab def", [(Kind.MISSING, 3, 3)]),
        ("a   ef", [(Kind.MISSING, 2, 4)]),
        ("abcd", [(Kind.TRUNCATED, 5, 6)]),
        ("", [(Kind.TRUNCATED, 1, 6)]),
        ("abdef", [(Kind.MISSING, 3, 3), (Kind.MOVED, 3, 5)]),
        ("abXcdef", [(Kind.INSERTED, 3, 3), (Kind.MOVED, 4, 7)]),
        ("acbdef", [(Kind.MOVED, 2, 2), (Kind.MOVED, 3, 3)]),
        ("fbcdea", [(Kind.MOVED, 1, 1), (Kind.MOVED, 6, 6)]),
        ("Xbcdef", [(Kind.LINK, 1, 1)]),
        ("bcdefa", [(Kind.MOVED, 1, 5), (Kind.MOVED, 6, 6)]),
    ],
)
def test_what_was_done_is_told(table: str, expected: list[tuple[Kind, int, int]]) -> None:
    assert told(table, "abcdef") == expected


def test_rows_behind_the_end_of_the_witness_are_no_finding() -> None:
    assert told("abcdefXY", "abcdef") == []


def test_any_difference_is_found_and_no_likeness_is() -> None:
    rng = random.Random(5)
    letters = "abcdefghijkl"
    for _ in range(500):
        witness = letters[: rng.randint(1, 12)]
        table = "".join(rng.sample(letters + "XYZ", rng.randint(0, 12)))
        assert bool(told(table, witness)) == (table[: len(witness)] != witness)


def test_ranges_are_runs_of_numbers() -> None:
    assert ranges([1, 2, 3, 5, 7, 8]) == [(1, 3), (5, 5), (7, 8)]
    assert ranges([]) == []


def test_a_report_without_problems_is_intact() -> None:
    report = Report(unchained=3, erased=2, cut_lines=1)
    assert report.is_intact
    report.problems += difference("a", "b").problems()
    assert not report.is_intact
