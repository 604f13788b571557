"""Addresses held from one time to another: leases, sessions, first and last seen."""

import io

import pytest

from cets.domains.identifiers.actions import windows_of
from cets.domains.intake.rows import AnyRow, NotUnderstood, Sighting
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.csv_table.source import CsvTable

START, END = "2026-04-05 00:00:00Z", "2026-04-05 12:00:00Z"


def read(text: str, country: str = "GB") -> list[AnyRow]:
    return list(CsvTable().read(io.BytesIO(text.encode()), Options(country=country)))


def address(rows: list[AnyRow]) -> Sighting:
    (found,) = [row for row in rows if isinstance(row, Sighting) and row.value.kind == "ip"]
    return found


def times(found: Sighting) -> tuple[str | None, str | None]:
    return (found.seen_at.raw if found.seen_at else None), (found.until.raw if found.until else None)


HELD = [
    ("start", "end"), ("start time", "end time"), ("Session start (UTC)", "Session end (UTC)"), ("From", "To"),
    ("valid from", "valid to"), ("allocated", "released"), ("Beginn", "Ende"), ("connected", "disconnected"),
    ("Lease start", "Lease expires"), ("StartTime", "EndTime"), ("Login time", "Logout time"), ("Verbindungsbeginn", "Verbindungsende"),
    ("Data inizio", "Data fine"), ("Début", "Fin"), ("Inicio", "Fin"), ("von", "bis"), ("開始日時", "終了日時"), ("начало", "конец"),
]  # fmt: skip


@pytest.mark.parametrize(("start", "end"), HELD)
@pytest.mark.parametrize("is_swapped", [False, True])
def test_a_lease_lasts_from_its_start_to_its_end(start: str, end: str, is_swapped: bool) -> None:
    columns = [(start, START), (end, END)]
    if is_swapped:
        columns.reverse()
    rows = read(f"ip,{columns[0][0]},{columns[1][0]}\n198.51.100.7,{columns[0][1]},{columns[1][1]}\n")
    found = address(rows)
    assert (*times(found), found.gaps) == (START, END, False)


@pytest.mark.parametrize(
    ("start", "end"), [("first seen", "last seen"), ("First seen (UTC)", "Last seen (UTC)")]
)
def test_first_and_last_seen_leave_gaps(start: str, end: str) -> None:
    found = address(read(f"ip,{start},{end}\n198.51.100.7,{START},{END}\n"))
    assert (*times(found), found.gaps) == (START, END, True)


@pytest.mark.parametrize(
    ("start", "end"),
    [("Contract start", "Contract end"), ("Subscription start", "Subscription end"), ("Registered", "Closed"),
     ("Warrant valid from", "Warrant valid to")],
)  # fmt: skip
def test_what_is_of_something_else_is_no_lease(start: str, end: str) -> None:
    assert address(read(f"ip,{start},{end}\n198.51.100.7,{START},{END}\n")).until is None


def test_a_row_with_a_time_of_its_own_was_seen_then() -> None:
    found = address(read(f"ip,time,start,end\n198.51.100.7,2026-04-05 06:00:00Z,{START},{END}\n"))
    assert times(found) == ("2026-04-05 06:00:00Z", None)


@pytest.mark.parametrize("values", [f"{START},", f",{START}", f"{START},ongoing"])
def test_one_end_alone_is_a_time(values: str) -> None:
    found = address(read(f"ip,start,end\n198.51.100.7,{values}\n"))
    assert found.seen_at is not None
    assert found.seen_at.instant is not None
    assert windows_of(found.seen_at, None, carrier_nat=False, until=found.until) == [
        (found.seen_at.instant, found.seen_at.instant, True, None, False)
    ]


def test_a_start_without_an_end_column_is_a_time() -> None:
    assert times(address(read(f"ip,Session start\n198.51.100.7,{START}\n"))) == (START, None)


def test_last_ip_is_seen_last() -> None:
    assert times(address(read(f"last ip,first seen,last seen\n198.51.100.7,{START},{END}\n"))) == (END, None)


def test_two_ranges_in_one_row_stay_apart() -> None:
    other = "2026-04-01 00:00:00Z"
    rows = read(
        f"lease ip,session start,session end,lease start,lease end\n198.51.100.7,{other},{other},{START},{END}\n"
    )
    assert times(address(rows)) == (START, END)


def test_an_end_before_its_start_is_said_and_both_are_times() -> None:
    rows = read(f"ip,start,end\n198.51.100.7,{END},{START}\n")
    assert [row.text for row in rows if isinstance(row, NotUnderstood)] == [
        "At row 2 the end is before the start: read as two times."
    ]
    found = address(rows)
    assert len(windows_of(found.seen_at, None, carrier_nat=False, until=found.until)) == 2


@pytest.mark.parametrize(
    ("start", "end"),
    [("05/04/2026 00:00", "06/04/2026 00:00"), ("2026-04-05", "2026-04-06"), ("2026-04-05 00:00", "9999-12-31 23:59:59"),
     ("0001-01-01 00:00:00", "2026-04-06 00:00"), ("2026-04-05 00:00:00Z", "06/04/2026 00:00")],
)  # fmt: skip
def test_a_range_in_doubt_is_never_certain(start: str, end: str) -> None:
    found = address(read(f"ip,start,end\n198.51.100.7,{start},{end}\n"))
    windows = windows_of(found.seen_at, 443, carrier_nat=True, until=found.until)
    assert windows
    assert all((certain, port, nat) == (False, 443, True) for _, _, certain, port, nat in windows if _)
    assert all(start is None or end is None or start <= end for start, end, *_ in windows)
