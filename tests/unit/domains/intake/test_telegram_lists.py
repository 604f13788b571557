"""The pages of a Telegram account beside its chats: its owner, contacts, sessions, and the list of chats."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cets.domains.intake import sources
from cets.domains.intake.rows import (
    AmbiguousPart,
    AnyRow,
    Failed,
    FreeText,
    NotUnderstood,
    Person,
    Sighting,
    Summary,
)
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.telegram.source import Telegram

EXAMPLES = Path(sources.__file__).parent / "telegram/examples"


def read(data: bytes, **options: Any) -> list[AnyRow]:
    best = sources.recognise(sources.head_of(io.BytesIO(data), len(data)), len(data))
    assert best is not None
    assert best.name == "telegram"
    return list(Telegram().read(io.BytesIO(data), Options(country="GB", **options)))


def example(name: str) -> list[AnyRow]:
    return read((EXAMPLES / name).read_bytes())


def page(heading: str, *entries: str) -> bytes:
    return (
        "<!DOCTYPE html><html><head><title>Exported Data</title></head><body><div class='page_wrap'><div class='page_header'>"
        f"<div class='text bold'>{heading}</div></div><div class='page_body list_page'><div class='entry_list'>{''.join(entries)}</div>"
        "</div></div></body></html>"
    ).encode()


def entry(name: str, *details: str, info: str = "", more: str = "") -> str:
    said = "".join(f'<div class="details_entry details">{one}</div>' for one in details)
    beside = f'<div class="pull_right info details">{info}</div>' if info else ""
    return f'<div class="entry clearfix"><div class="body">{beside}<div class="name bold">{name}</div>{said}{more}</div></div>'


def told(rows: list[AnyRow], kind: str) -> list[tuple[str, datetime | None, str | None]]:
    return [
        (row.value.value, row.seen_at.instant if row.seen_at else None, row.event)
        for row in rows
        if isinstance(row, Sighting) and row.value.kind == kind
    ]


def texts(rows: list[AnyRow]) -> list[str]:
    return [row.text for row in rows if isinstance(row, FreeText)]


def test_contacts_are_people_with_their_numbers() -> None:
    rows = example("contacts.html")
    added = datetime(2026, 1, 3, 9, tzinfo=UTC)
    assert [row.title for row in rows if isinstance(row, Summary)] == ["Telegram account export, Contacts"]
    assert told(rows, "phone") == [
        ("+447700900102", added, "contact"),
        ("+447700900103", added.replace(minute=1), "contact"),
        ("+447700900104", None, "contact"),
    ]
    assert [value for value, *_ in told(rows, "display_name")] == ["robin larch", "plumber"]
    assert [row.names for row in rows if isinstance(row, Person)] == [("Robin Larch",), ("Plumber",), ()]
    assert "Deleted Account" in texts(rows)
    assert not [row for row in rows if isinstance(row, NotUnderstood | AmbiguousPart)]


def test_a_session_is_an_address_at_its_last_activity() -> None:
    rows = example("sessions.html")
    assert told(rows, "ip") == [
        ("192.0.2.17", datetime(2026, 3, 14, 19, tzinfo=UTC), "session, last active"),
        ("2001:db8::17", datetime(2026, 3, 13, 7, tzinfo=UTC), "session, last active"),
    ]
    assert any("PC 64bit, Windows 11" in one and "London, United Kingdom" in one for one in texts(rows))


def test_a_web_session_names_its_site_and_bot() -> None:
    rows = read(
        page(
            "Web sessions",
            entry(
                "shop.example", "192.0.2.18 – ", "Last active: 14.03.2026 20:00:00", info="@tulip_shop_bot"
            ),
        )
    )
    assert [(value, event) for value, _, event in told(rows, "ip")] == [
        ("192.0.2.18", "web session, last active")
    ]
    assert "telegram/tulip_shop_bot" in [value for value, *_ in told(rows, "account")]
    assert [row.raw for row in rows if isinstance(row, AmbiguousPart)] == [
        "14.03.2026 20:00:00"
    ]  # of no zone


def test_the_list_of_chats_names_people_and_where_the_pages_lie() -> None:
    rows = example("chats.html")
    assert [value for value, *_ in told(rows, "display_name")] == ["robin larch"]
    assert "chats/chat_002/messages.html" in texts(rows)
    assert any(one.startswith("Garden club, ask kea@mail.example; group") for one in texts(rows))


def test_the_first_page_tells_the_owner() -> None:
    rows = example("export_results.html")
    (owner,) = [row for row in rows if isinstance(row, Person)]
    assert (owner.names, owner.role) == (("Sam Alder",), "unknown")
    assert [value for value, *_ in told(rows, "phone")] == ["+447700900101"]
    assert [value for value, *_ in told(rows, "account")] == ["telegram/sam_alder_01"]
    assert [value for value, *_ in told(rows, "email")] == ["sam@mail.example"]
    assert all(row.person == "owner" for row in rows if isinstance(row, Sighting))


def test_what_an_entry_holds_beside_is_kept_and_searched() -> None:
    odd = '<div class="new_thing">Ask kim@mail.example</div>'
    rows = read(page("Contacts", entry("Robin", "+44 7700 900102", "Rating: 2", info="no date", more=odd)))
    assert [value for value, *_ in told(rows, "email")] == ["kim@mail.example"]
    assert "Rating: 2" in texts(rows)
    assert "no date" in texts(rows)
    assert any("div.new_thing" in row.text for row in rows if isinstance(row, NotUnderstood))


def test_frequent_contacts_and_a_phone_that_is_none() -> None:
    rows = read(page("Frequent contacts", entry("Robin Larch", "Rating: 2.5", info="people")))
    assert [(value, event) for value, _, event in told(rows, "display_name")] == [
        ("robin larch", "frequent contact (people)")
    ]
    none = read(page("Contacts", entry("Robin Larch", "+44 12")))
    assert told(none, "phone") == []
    assert any(
        "+44 12" in one
        for one in [*texts(none), *(row.text for row in none if isinstance(row, NotUnderstood))]
    )


def test_the_limit_of_entries_is_said() -> None:
    rows = read(page("Contacts", *(entry(f"Robin {at}", "+44 7700 900102") for at in range(5))), max_rows=3)
    assert len([row for row in rows if isinstance(row, Person)]) == 3
    assert [row for row in rows if isinstance(row, Failed)]
