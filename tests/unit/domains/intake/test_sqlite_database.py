"""A database of an app that nobody knows: its texts are searched, and nothing more is claimed."""

import io

from cets.domains.intake import sources
from cets.domains.intake.rows import AnyRow, Failed, FreeText, Message, NotUnderstood, Person, Sighting, Trace
from cets.domains.intake.sources.base import Options
from unit.domains.intake.sqlite_samples import app, chrome, contacts, database, firefox, sms


def read(data: bytes, options: Options | None = None) -> list[AnyRow]:
    source = sources.all_sources()["sqlite"]
    return list(source.read(io.BytesIO(data), options or Options(country="GB")))


def recognised(data: bytes) -> str | None:
    found = sources.recognise(sources.head_of(io.BytesIO(data), len(data)), len(data))
    return found.name if found else None


def test_it_takes_what_nobody_else_claims() -> None:
    assert recognised(app()) == "sqlite"
    assert [recognised(one) for one in (chrome(), firefox(), sms(), contacts())] == [
        "chrome_history", "firefox_history", "android_messages", "android_contacts",
    ]  # fmt: skip


def test_every_text_is_kept_with_its_row_and_column() -> None:
    texts = [(row.text, row.place) for row in read(app()) if isinstance(row, FreeText)]
    assert texts == [
        ("kestrel_blue", "row 1 of table chat_lines, column who"),
        ("write to kestrel.blue@mail.example", "row 1 of table chat_lines, column body"),
        ("wren", "row 2 of table chat_lines, column who"),
        ("or ring +44 7700 900142", "row 2 of table chat_lines, column body"),
        ("a note that is text", "row 2 of table chat_lines, column picture"),
    ]


def test_identifiers_are_mentioned_and_belong_to_nobody() -> None:
    rows = read(app())
    found = [(row.value.value, row.way, row.role, row.person) for row in rows if isinstance(row, Sighting)]
    assert found == [
        ("kestrel.blue@mail.example", "mentioned", "unknown", None),
        ("+447700900142", "mentioned", "unknown", None),
    ]
    assert not any(isinstance(row, Message | Person | Trace) for row in rows)


def test_the_receipt_says_that_its_meaning_is_not_read() -> None:
    said = [row.text for row in read(app()) if isinstance(row, NotUnderstood)]
    assert said[0].startswith("This is a database of an app that is not known here.")
    assert said[1:] == ["row 1 of table chat_lines, column picture: 3 bytes that are no text."]


def test_a_limit_of_rows_is_kept_and_an_empty_database_is_no_fault() -> None:
    rows = read(app(), Options(country="GB", max_rows=1))
    assert isinstance(rows[-1], Failed)
    assert not any(isinstance(row, Failed) for row in read(database("create table bare(a);")))
