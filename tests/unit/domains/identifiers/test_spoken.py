"""Addresses that are half spoken, and numbers with something else behind them."""

import pytest

from cets.domains.identifiers.extract import find
from cets.domains.identifiers.kinds.base import Context

GB = Context(country="GB")
WALLET = "0x52908400098527886E0F7030069857D2E4169EE7"


def values(text: str) -> list[str]:
    return [found.value.value for found in find(text, GB).found]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("gull.q2 (at) gmail dot com", "gull.q2@gmail.com"),
        ("kea.one2 (at) post dot example", "kea.one2@post.example"),
        ("kea [@] post dot example", "kea@post.example"),
        ("kea(at)post dot example, and so on", "kea@post.example"),
        ("x@post dot example", "x@post.example"),
        ("kea@mail dot post dot example.", "kea@mail.post.example"),
        ("Cell.contact.open (at) POST dot example", "cell.contact.open@post.example"),
        ("kea (at) mail.post dot example", "kea@mail.post.example"),
        ("kea.one2 at post (dot) example", "kea.one2@post.example"),
        ("kea.one2 at post [dot] example", "kea.one2@post.example"),
        ("kea (at) post dot example.We left", "kea@post.example"),
        ("email robin at post dot co dot uk", "robin@post.co.uk"),
        ("gull.q2 [at] gmail [dot] com", "gull.q2@gmail.com"),
        ("gull.q2 at gmail dot com", "gull.q2@gmail.com"),
    ],
)
def test_half_spoken_address_is_whole(text: str, address: str) -> None:
    assert values(text) == [address]
    assert values(f"Ask: {text}\nsoon") == [address]


@pytest.mark.parametrize(
    "text",
    [
        "contact us at post dot example",
        "write to me at post dot example",
        "mail: look at post dot example",
        "page_2 at post dot example",
        "10.30 at post dot example",
        "foo@bar dot dot dot",
        "meet @ the dot com boom",
        "@ dot com",
        "see me (at) home dot We left",
    ],
)
def test_prose_about_a_site_is_no_mailbox(text: str) -> None:
    assert values(text) == []


def test_an_address_written_whole_does_not_grow() -> None:
    assert values("sam@post.example dot com") == ["sam@post.example"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("IMSI 234150123456780 2 phones", ["234150123456780"]),
        ("IMSI 23415012345678 2 phones", ["23415012345678"]),
        ("IMSI 234 15 0123456780 2 phones", ["234150123456780"]),
        ("IMSI 234-15-0123456780", ["234150123456780"]),
        (f"IMSI 234150123456780 {WALLET}", ["234150123456780", f"eth:{WALLET.lower()}"]),
        (f"IMSI 234 15 0123456780 {WALLET}", ["234150123456780", f"eth:{WALLET.lower()}"]),
        ("IMEI 490154203237518 2 phones", ["490154203237518"]),
        ("IMEI 49-015420-323751-8 2 cards", ["490154203237518"]),
        ("IMEI 49015420323751 8", ["490154203237518"]),
        (f"IMEI 490154203237518 {WALLET}", ["490154203237518", f"eth:{WALLET.lower()}"]),
    ],
)
def test_number_ends_where_it_is_whole(text: str, expected: list[str]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    ("text", "raw"),
    [
        ("IMSI 2341501234567 2 phones", "2341501234567"),
        ("IMSI 2341501234567801234", "2341501234567801234"),
        ("IMEI 490154203237519 2 phones", "490154203237519"),
    ],
)
def test_digits_of_another_number_do_not_mend_a_wrong_one(text: str, raw: str) -> None:
    findings = find(text, GB)
    assert findings.found == []
    assert [doubt.raw for doubt in findings.not_valid] == [raw]
