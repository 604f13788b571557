"""The table of the hostile suite in the documents is what the command beside it prints."""

import importlib.util
from pathlib import Path
from types import ModuleType

from hostile import generator, suite

ROOT = Path(__file__).parents[2]
COMMAND = "scripts/hostile_table.py"
DOCUMENT = ROOT / "docs/operating/limits.md"


def command() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hostile_table", ROOT / COMMAND)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def documented() -> list[list[str]]:
    """The cells of the table that follows the command's name."""
    told = DOCUMENT.read_text(encoding="utf-8").partition(f"    .venv/bin/python {COMMAND}\n\n")[2]
    lines = told.partition("\n\n")[0].splitlines()
    assert tuple(lines[:2]) == command().HEAD
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def number(cell: str) -> int:
    return int(cell.replace(",", ""))


def test_its_classes_are_those_that_the_command_tries(samples: dict[str, bytes]) -> None:
    kinds = {kind for kind, _ in generator.contents(samples, seed=suite.SEED, every=1)}
    kinds |= {"names of files", "**all**"}
    assert {row[0] for row in documented()} - {suite.MUTATED, suite.TAKEN_IN} == kinds


def test_nothing_failed_and_the_numbers_add_up() -> None:
    *rows, total = documented()
    assert {row[4] for row in (*rows, total)} == {"0"}
    for row in rows:
        if row[0] != suite.MUTATED:
            assert number(row[1]) == number(row[2]) + number(row[3]), row[0]
    for column in (1, 2, 3):
        assert number(total[column]) == sum(number(row[column]) for row in rows if row[column])
    tried = {row[0]: number(row[1]) for row in rows}
    assert tried.pop(suite.MUTATED, suite.MUTANTS) == suite.MUTANTS
    tried.pop(suite.TAKEN_IN, 0)
    assert sum(tried.values()) >= 2_000


def test_no_parser_passed_its_limits() -> None:
    for row in documented():
        if row[5]:
            assert float(row[5]) <= suite.MOST_SECONDS
            assert number(row[6]) * 1_000_000 <= suite.MOST_MEMORY


def test_the_command_prints_a_table_of_that_form() -> None:
    lines = [
        suite.Line("JSON", tried=3, sealed=2, refused=1, seconds=1.25, memory=50_000_000),
        suite.Line("XML", tried=1, failed=1, faults=["x: broke down"]),
    ]
    faults: list[str] = []
    assert list(command().table(lines, faults)) == [
        *command().HEAD,
        "| JSON | 3 | 2 | 1 | 0 | 1.2 | 50 |",
        "| XML | 1 | 0 | 0 | 1 |  |  |",
        "| **all** | 4 | 2 | 1 | 1 | 1.2 | 50 |",
    ]
    assert faults == ["x: broke down"]


def test_our_faults_are_told_from_those_of_a_file() -> None:
    for ours in (
        "The reader of text stopped with a fault of its own (KeyError at source.py line 9).",
        "The reader of text stopped with a fault (KeyError).",
        "The parser's process broke down (SIGSEGV), perhaps at the memory limit of 512 MB.",
        "The parser's process ended without an answer.",
        "The parser's process sent something that is no row.",
        "Stopped at the time limit of 60 seconds.",
        "Stopped at the memory limit of 512 MB.",
        "Stopped at the limit of processor time.",
        "What was read could not be kept (DataError). The original is sealed.",
    ):
        assert suite.is_fault(ours), ours
    for of_a_file in (
        "The field /value/*/Default (text) is not known",
        "Row 120 names a role and is no row",
        "The JSON is broken (line 5, character 2); what stands before is read.",
        "Refused: it unpacks to more than 250 times its size.",
    ):
        assert not suite.is_fault(of_a_file), of_a_file
