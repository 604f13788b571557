"""Lists of one column under a heading, and lines of text that begin with such a word."""

import io

import pytest

from cets.domains.intake.rows import AmbiguousPart, AnyRow, NotUnderstood, Sighting
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.csv_table.source import CsvTable


def is_a_table(*lines: str) -> bool:
    head = "\n".join(lines).encode()
    return CsvTable().recognises(head, len(head)) > 0.5


def read(*lines: str, country: str = "GB") -> list[AnyRow]:
    return list(CsvTable().read(io.BytesIO("\n".join(lines).encode()), Options(country=country)))


def found(rows: list[AnyRow]) -> set[str]:
    return {f"{row.value.kind} {row.value.value}" for row in rows if isinstance(row, Sighting)}


LISTS = [
    (("imei", "490154203237518", "356938035643809"), {"imei 490154203237518", "imei 356938035643809"}),
    (("IMSI", "262019876543210", "262019876543217"), {"imsi 262019876543210", "imsi 262019876543217"}),
    (("username", "kestrel", "owl_81", "fox.82"), {"handle kestrel", "handle owl_81", "handle fox.82"}),
    (("Benutzername", "kestrel", "owl"), {"handle kestrel", "handle owl"}),
    (("Account", "kestrel_9", "owl_81", "fox"), {"handle kestrel_9", "handle owl_81", "handle fox"}),
    (("phone", "07700 900613", "(01632) 960 111"), {"phone +447700900613", "phone +441632960111"}),
    (("e-mail", "owl@post.example", "unknown", "fox@post.example"), {"email owl@post.example", "email fox@post.example"}),
    (("IP", "198.51.100.7", "n/a", "2001:db8::7"), {"ip 198.51.100.7", "ip 2001:db8::7"}),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "values"), LISTS)
def test_a_list_under_a_known_heading_is_a_table(lines: tuple[str, ...], values: set[str]) -> None:
    assert is_a_table(*lines)
    assert found(read(*lines)) == values


def test_a_list_of_numbers_of_users_is_a_table() -> None:
    assert is_a_table("user id", "100023456789", "100023456790")


def test_numbers_that_are_impossible_in_the_country_are_ambiguous() -> None:
    lines = ("phone", "0151 23456794", "0170 1234567", "0160 99887766")
    assert is_a_table(*lines)
    rows = read(*lines)
    assert not found(rows)
    assert {row.raw for row in rows if isinstance(row, AmbiguousPart)} == set(lines[1:])


def test_one_odd_number_takes_no_other_with_it() -> None:
    lines = ("phone", "+447700900613", "0151 23456794", "+447700900614")
    assert is_a_table(*lines)
    rows = read(*lines)
    assert found(rows) == {"phone +447700900613", "phone +447700900614"}
    assert [row.raw for row in rows if isinstance(row, AmbiguousPart)] == ["0151 23456794"]


@pytest.mark.parametrize(
    "lines",
    [("imei", "490154203237518", "490154203237519"), ("iban", "DE89370400440532013000", "GB28 NWBK 6016 1331 9268 19")],
)  # fmt: skip
def test_a_wrong_check_digit_is_listed(lines: tuple[str, ...]) -> None:
    assert is_a_table(*lines)
    rows = read(*lines)
    assert len(found(rows)) == 1
    assert [row for row in rows if isinstance(row, NotUnderstood) and lines[2] in row.text]


@pytest.mark.parametrize(
    "lines",
    [
        ("Phone", "He called me twice.", "I did not answer."),
        ("Phone", "He called 07700 900613", "Then he wrote", "Then he left"),
        ("Account", "Settings", "Privacy"),
        ("Username", "Forgot it", "Ask again tomorrow"),
        ("Username", "Hello.", "Goodbye."),
        ("Username", "kestrel", "Email", "kestrel"),
        ("User", "said", "hello"),
        ("Snapchat", "hello", "there"),
        ("Device", "iPhone", "Samsung"),
        ("Registration", "open", "tomorrow"),
        ("Vehicle", "red", "fast"),
        ("User id", "please", "confirm"),
        ("Account", "---", "..."),
        ("Phone",),
        ("Username", "kestrel"),
        ("Wallet", "milk", "bread"),
        ("Mobile", "2 eggs", "3 apples"),
    ],
)
def test_lines_that_begin_with_the_word_of_a_heading_are_text(lines: tuple[str, ...]) -> None:
    assert not is_a_table(*lines)
