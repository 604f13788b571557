"""64 hexadecimal digits are a SHA-256 or a PDQ hash: what the file says decides, and two answers are none."""

import io

import pytest

from cets.domains.intake.rows import AmbiguousPart, AnyRow, NotUnderstood, Sighting
from cets.domains.intake.sources import recognise
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.csv_table.source import CsvTable

DIGITS = "f0d8" * 16
OTHER = "a1b2" * 16


def read(text: str) -> list[AnyRow]:
    return list(CsvTable().read(io.BytesIO(text.encode()), Options(country="GB")))


def sorts(rows: list[AnyRow]) -> list[str]:
    return [row.value.value.partition(":")[0] for row in rows if isinstance(row, Sighting)]


def doubts(rows: list[AnyRow]) -> list[tuple[str, ...]]:
    return [row.candidates for row in rows if isinstance(row, AmbiguousPart)]


@pytest.mark.parametrize(
    "heading",
    [
        "PDQ", "pdq", "PDQ hash", "pdq_hash", "perceptual hash (PDQ)", "PDQ Hash (hex)", "PDQ-Hash", "PdqHash",
        "pdqHashValue", "Hash (PDQ)", "hash_pdq", "Hash: PDQ", "image PDQ", "PDQ fingerprint", "PDQ signature",
        "PDQ256", "pdq256_hex", "PDQ (Meta)", "media.pdq", "empreinte PDQ", "huella PDQ", "PDQ-Wert",
    ],
)  # fmt: skip
def test_a_heading_that_says_pdq_is_believed(heading: str) -> None:
    rows = read(f"file;{heading}\na.jpg;{DIGITS}\nb.jpg;{OTHER}\n")
    assert sorts(rows) == ["pdq", "pdq"]
    assert doubts(rows) == []


@pytest.mark.parametrize(
    "heading",
    ["Hash", "hash value", "File hash", "Checksum", "SHA-256", "SHA 256", "sha256_hash", "SHA2-256"],
)
def test_a_heading_that_does_not_is_sha256(heading: str) -> None:
    rows = read(f"file;{heading}\na.jpg;{DIGITS}\nb.jpg;{OTHER}\n")
    assert sorts(rows) == ["sha256", "sha256"]
    assert doubts(rows) == []


@pytest.mark.parametrize("quality", ["PDQ quality", "pdq_quality", "Quality (PDQ)", "PDQ Qualität"])
def test_a_bare_hash_beside_the_quality_of_a_pdq_is_one(quality: str) -> None:
    rows = read(f"file;Hash;{quality}\na.jpg;{DIGITS};100\nb.jpg;{'c3' * 16};12\n")
    assert sorts(rows) == ["pdq", "md5"]


def test_a_bare_hash_beside_a_pdq_column_is_the_other_sort() -> None:
    assert sorts(read(f"Hash;PDQ;PDQ quality\n{OTHER};{DIGITS};100\n")) == ["sha256", "pdq"]


def test_a_bare_hash_in_a_file_that_speaks_of_both_is_ambiguous() -> None:
    rows = read(f"Hash;SHA-256;PDQ quality\n{DIGITS};{OTHER};99\n{'c3' * 16};{OTHER};99\n")
    assert doubts(rows) == [(f"sha256:{DIGITS}", f"pdq:{DIGITS}")]
    assert sorts(rows) == ["sha256", "md5", "sha256"]


@pytest.mark.parametrize(
    "heading", ["Hash type", "Algorithm", "hash_algorithm", "Signal type", "Algorithmus", "Typ"]
)
def test_a_column_that_tells_the_sort_of_each_row_is_believed(heading: str) -> None:
    rows = read(f"Hash;{heading}\n{DIGITS};PDQ\n{OTHER};SHA-256\n{DIGITS};\n{OTHER};unheard of\n")
    assert sorts(rows) == ["pdq", "sha256", "sha256", "sha256"]


def test_a_sort_that_the_digits_contradict_is_said() -> None:
    rows = read(f"Hash;Algorithm\n{DIGITS};MD5\n")
    assert sorts(rows) == []
    assert any("32 hexadecimal digits" in row.text for row in rows if isinstance(row, NotUnderstood))


def test_a_heading_that_names_several_is_told_by_length() -> None:
    rows = read(f"file;Hash (MD5 / SHA-1 / PDQ)\na;{DIGITS}\nb;{'c3' * 16}\n")
    assert sorts(rows) == ["pdq", "md5"]
    assert doubts(read(f"file;SHA-256 or PDQ\na;{DIGITS}\n")) == [(f"sha256:{DIGITS}", f"pdq:{DIGITS}")]


def test_a_perceptual_hash_without_a_name_is_no_sha256() -> None:
    rows = read(f"file;Perceptual hash\na.jpg;{DIGITS}\n")
    assert sorts(rows) == []
    assert [candidates[0] for candidates in doubts(rows)] == [f"pdq:{DIGITS}"]


def test_a_title_above_the_table_says_it_too() -> None:
    rows = read(f"List of PDQ hashes;;\n\nfile;Hash;size\na.jpg;{DIGITS};1\nb.jpg;{OTHER};2\n")
    assert sorts(rows) == ["pdq", "pdq"]


def test_a_list_of_one_column_with_its_name_above_is_a_table() -> None:
    text = f"PDQ\n{DIGITS}\n{OTHER}\n"
    source = recognise(text.encode(), len(text))
    assert source is not None
    rows = list(source.read(io.BytesIO(text.encode()), Options(country="GB")))
    assert sorts(rows) == ["pdq", "pdq"]


@pytest.mark.parametrize(
    "text",
    [
        f"PDQ\n{DIGITS}\nthat is all\n",
        "Hello\na@mail.example\nb@mail.example\n",
        "email\n",
    ],
)
def test_lines_without_a_known_name_above_or_with_prose_are_text(text: str) -> None:
    source = recognise(text.encode(), len(text))
    assert source is not None
    assert source.name == "text"
