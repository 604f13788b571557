"""Column maps that ship: applied by the headings, contradicted by values, and replaced by what an officer saves."""

import io

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import factories
from cets.access.viewer import acting
from cets.domains.identifiers import kinds
from cets.domains.intake import actions, queries, rereading
from cets.domains.intake.rows import (
    AmbiguousPart,
    AnyRow,
    ColumnMap,
    FreeText,
    NotUnderstood,
    Sighting,
    Trace,
)
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.csv_table.source import CsvTable
from cets.domains.intake.tables import shipped
from cets.domains.reports.models import Part
from cets.domains.reports.models import Trace as TraceRow
from cets.kernel import clock

HEADINGS = "RecordID,EventTimestamp,Direction,EventType,CallingNumber,CalledNumber,DurationSec,IMEI,IMSI,CellTowerID,Latitude,Longitude"
OUT = "R1,2026-03-18 17:58:23,MO,VOICE,+12025550143,+12025550177,151,490154203237518,310150123456789,US102,32.2226,-110.9747"
IN = "R2,2026-03-19 08:00:00,MT,SMS,+12025550188,+12025550143,,490154203237518,310150123456789,US103,,"


def read(*lines: str, **options: object) -> list[AnyRow]:
    text = "\n".join(lines) + "\n"
    return list(CsvTable().read(io.BytesIO(text.encode()), Options(country="US", **options)))


def of(rows: list[AnyRow], kind: type) -> list:
    return [row for row in rows if isinstance(row, kind)]


def test_a_row_of_call_records_is_a_call_with_its_direction_length_and_cell() -> None:
    rows = read(HEADINGS, OUT, IN)

    called, written = of(rows, Trace)
    assert (called.kind, called.direction, called.counterparts, called.seconds) == (
        "call",
        "out",
        ("+12025550177",),
        151.0,
    )
    assert (called.latitude, called.longitude, called.at.raw) == (
        "32.2226",
        "-110.9747",
        "2026-03-18 17:58:23",
    )
    assert ("CellTowerID", "US102") in called.facts
    assert (written.kind, written.direction, written.counterparts, written.seconds) == (
        "event",
        "in",
        ("+12025550188",),
        None,
    )


def test_its_numbers_and_devices_are_sightings_of_that_call() -> None:
    rows = read(HEADINGS, OUT, IN)

    found = [(row.value.kind, row.value.value, row.trace, row.event) for row in of(rows, Sighting)]
    assert found[:4] == [
        ("phone", "+12025550143", 1, "VOICE"), ("phone", "+12025550177", 1, "VOICE"),
        ("imei", "490154203237518", 1, "VOICE"), ("imsi", "310150123456789", 1, "VOICE"),
    ]  # fmt: skip
    assert {trace for _, _, trace, _ in found[4:]} == {2}
    assert {row.role for row in of(rows, Sighting)} == {"unknown"}
    assert all(row.seen_at.raw for row in of(rows, Sighting))


def test_a_local_time_without_a_zone_is_never_certain_and_said_once() -> None:
    rows = read(HEADINGS, OUT, IN)

    assert all(row.at.instant is None and row.at.candidates for row in of(rows, Trace))
    (doubt,) = of(rows, AmbiguousPart)
    assert "the time zone is not stated" in doubt.place


def test_the_map_says_that_it_ships_and_leaves_nothing_to_ask() -> None:
    (column_map,) = of(read(HEADINGS, OUT), ColumnMap)

    assert column_map.shipped == "Call records with calling and called number, version 1"
    assert all(column.sure for column in column_map.columns)


def test_further_columns_and_another_order_do_not_matter() -> None:
    rows = read(
        "Tariff,CALLED_NUMBER,Direction,Calling Number,Contact",
        "x,+12025550177,Outgoing,+12025550143,kim.larch@post.example",
    )

    (call,) = of(rows, Trace)
    assert (call.direction, call.counterparts) == ("out", ("+12025550177",))
    assert ("email", "kim.larch@post.example") in {
        (row.value.kind, row.value.value) for row in of(rows, Sighting)
    }


def test_a_direction_that_is_not_known_is_said_and_takes_no_side() -> None:
    rows = read(HEADINGS, OUT.replace(",MO,", ",XX,"))

    (call,) = of(rows, Trace)
    assert (call.direction, call.counterparts) == (None, ("+12025550143", "+12025550177"))
    assert ("Direction", "XX") in call.facts
    assert any("no direction that is known" in row.text for row in of(rows, NotUnderstood))


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("151", 151.0), ("0:02:31", 151.0), ("02:31", 151.0), ("1:00:01", 3601.0), ("?", None)],
)
def test_a_length_is_read_in_its_spellings(written: str, seconds: float | None) -> None:
    (call,) = of(read(HEADINGS, OUT.replace(",151,", f",{written},")), Trace)
    assert call.seconds == seconds


def test_what_the_values_contradict_is_not_read_so() -> None:
    lines = [OUT.replace("+12025550177", f"kim{number}@post.example") for number in range(5)]
    (column_map,) = of(read(HEADINGS, *lines), ColumnMap)

    called = next(column for column in column_map.columns if column.heading == "CalledNumber")
    assert called.read_as != "called"


def test_an_officers_map_comes_before_the_one_that_ships() -> None:
    (column_map,) = of(read(HEADINGS, OUT), ColumnMap)
    columns = tuple(msgspec.structs.replace(column, read_as="ignore") for column in column_map.columns)
    own = msgspec.structs.replace(column_map, columns=columns, shipped="")

    rows = read(HEADINGS, OUT, column_maps=(own,))

    assert of(rows, ColumnMap)[0].shipped == ""
    assert not of(rows, Sighting)
    assert not of(rows, Trace)


def test_a_table_of_other_headings_has_no_such_map() -> None:
    rows = read("Name,Phone", "Kim Larch,+12025550143", "Robin,+12025550177")

    assert of(rows, ColumnMap)[0].shipped == ""
    assert not of(rows, Trace)


def test_subscriber_data_are_people_and_no_calls() -> None:
    rows = read(
        "MSISDN,IMSI,First Name,Last Name,Activation Date",
        "+12025550143,310150123456789,Kim,Larch,2024-05-01 06:07:08 UTC",
    )

    assert of(rows, ColumnMap)[0].shipped.startswith("Subscriber data")
    assert not of(rows, Trace)
    assert {row.value.kind for row in of(rows, Sighting)} == {"phone", "imsi"}


@pytest.mark.parametrize("layout", shipped.layouts(), ids=lambda layout: layout.name)
def test_every_layout_is_whole(layout: shipped.Layout) -> None:
    assert (shipped.FOLDER / f"{layout.name}.json").is_file()
    assert layout.version >= 1
    assert layout.caption
    assert layout.origin
    assert set(layout.required) <= layout.columns.keys()
    assert all(name == shipped.levelled(name) for name in layout.columns)
    assert {column.read_as for column in layout.columns.values()} <= {*kinds.KINDS, *actions.READ_AS}


PHONES = st.integers(100, 199).map(lambda number: f"+1202555{number:04}")
ROWS = st.lists(
    st.tuples(st.sampled_from(["MO", "MT"]), PHONES, PHONES, st.integers(0, 9999)), min_size=2, max_size=30
)


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_call_records_are_found_again_value_for_value(calls: list[tuple[str, str, str, int]]) -> None:
    lines = [
        f"2026-03-18 17:58:23,{way},{calling},{called},{length}" for way, calling, called, length in calls
    ]
    rows = read("EventTimestamp,Direction,CallingNumber,CalledNumber,DurationSec", *lines)

    assert [(row.direction, row.counterparts, row.seconds) for row in of(rows, Trace)] == [
        ("out", (called,), float(length)) if way == "MO" else ("in", (calling,), float(length))
        for way, calling, called, length in calls
    ]
    numbers = [(row.value.value, row.place) for row in of(rows, Sighting)]
    assert numbers == [
        (number, f"row {at}, column {column}")
        for at, (_, calling, called, _) in enumerate(calls, 2)
        for column, number in (("CallingNumber", calling), ("CalledNumber", called))
    ]
    assert not of(rows, FreeText)


# --- in the database ------------------------------------------------------------------------------


@pytest.fixture
def officer(db):
    return factories.officer(factories.agency("ESX"), "finch@esx.example", "analyst")


def take(intake, officer, text):
    viewer = factories.viewer(officer)
    (received,) = intake.take((officer.agency, viewer), text)
    rereading.read_again([received.part_id], reading=intake.reading, country="US", by=viewer, at=clock.now())
    with acting(viewer):
        return queries.table_of(viewer, received.part_id)


def test_an_agencys_own_map_replaces_the_one_that_ships_for_files_to_come(officer, as_process):
    viewer = factories.viewer(officer)
    with as_process("worker"), factories.intake() as intake:
        first = take(intake, officer, f"{HEADINGS}\n{OUT}\n")
    assert first.traces == 1
    assert first.column_maps[0]["shipped"].startswith("Call records")
    guess = msgspec.convert(first.column_maps[0], ColumnMap)
    columns = tuple(
        msgspec.structs.replace(c, read_as="phone" if c.heading == "CalledNumber" else "ignore")
        for c in guess.columns
    )

    with acting(viewer):
        chosen = msgspec.structs.replace(guess, columns=columns)
        actions.settle_map(part=first, column_map=chosen, save_as="Ours", by=viewer, at=clock.now())
        assert "shipped" not in queries.maps_of(Part.objects.get(id=first.id))[0]
    with as_process("worker"), factories.intake() as intake:
        second = take(intake, officer, f"{HEADINGS}\n{IN}\n")

    assert not second.column_maps[0].get("shipped")
    assert (second.state, second.traces, second.sightings) == ("read", 0, 1)
    with acting(viewer):
        assert not TraceRow.objects.filter(part=second).exists()
