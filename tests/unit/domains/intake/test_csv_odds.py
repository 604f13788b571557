"""Tables whose columns hold something else than their headings say: nothing is lost in silence, nothing is invented."""

import io

import pytest

from cets.domains.intake.rows import AmbiguousPart, AnyRow, ColumnMap, NotUnderstood, Sighting
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.csv_table.source import CsvTable

TIME = "2026-04-05 06:07:08Z"


def read(text: str, country: str = "GB") -> list[AnyRow]:
    return list(CsvTable().read(io.BytesIO(text.encode()), Options(country=country)))


def column(heading: str, *values: str, country: str = "GB") -> list[AnyRow]:
    """A table of user names and times with one column more."""
    lines = [f'owl{80 + index},"{value}",{TIME}\n' for index, value in enumerate(values)]
    return read(f"Username,{heading},Time\n" + "".join(lines), country)


def found(rows: list[AnyRow]) -> dict[str, Sighting]:
    return {f"{row.value.kind} {row.value.value}": row for row in rows if isinstance(row, Sighting)}


def others(rows: list[AnyRow]) -> set[str]:
    """What was found beside the user names."""
    return {name for name in found(rows) if not name.startswith("handle owl8")}


def is_sure(rows: list[AnyRow]) -> bool:
    assert isinstance(rows[0], ColumnMap)
    return rows[0].columns[1].sure


def raw_time(sighting: Sighting) -> str | None:
    return sighting.seen_at.raw if sighting.seen_at else None


@pytest.mark.parametrize(
    "heading",
    ["Address", "From address", "Size", "Category", "Status", "Network address", "Network", "Source network", "Site address",
     "Host", "User ID", "Name", "Event", "Ref"],
)  # fmt: skip
@pytest.mark.parametrize("values", [("198.51.100.146", "203.0.113.9"), ("2001:db8::a", "2001:db8::b")])
def test_addresses_of_the_network_are_such_whatever_their_heading(
    heading: str, values: tuple[str, ...]
) -> None:
    rows = column(heading, *values)
    assert others(rows) == {f"ip {value}" for value in values}
    assert {"handle owl80", "handle owl81"} <= found(rows).keys(), "no platform is made of them"
    for value in values:
        assert found(rows)[f"ip {value}"].way == "declared"
        assert raw_time(found(rows)[f"ip {value}"]) == TIME


@pytest.mark.parametrize(
    "heading", ["IP:Port", "Source IP:Port", "IP Port", "IP + port", "IP/Port", "ipPort", "Client IP:Port"]
)
def test_addresses_with_their_ports_keep_port_and_time(heading: str) -> None:
    rows = column(heading, "198.51.100.146:51514", "203.0.113.9:443")
    one = found(rows)["ip 198.51.100.146"]
    assert (one.way, one.port, raw_time(one)) == ("declared", 51514, TIME)


def test_a_column_of_ports_is_still_one() -> None:
    rows = read(f"Username,IP,IP port,Time\nowl80,198.51.100.146,51514,{TIME}\n")
    assert found(rows)["ip 198.51.100.146"].port == 51514


def test_an_address_of_an_unsure_column_has_the_time_of_its_row() -> None:
    rows = column("Port", "198.51.100.146:51514", "203.0.113.9:443")
    assert not is_sure(rows), "an officer is asked"
    one = found(rows)["ip 198.51.100.146"]
    assert (one.way, one.port, raw_time(one)) == ("mentioned", 51514, TIME)


@pytest.mark.parametrize(
    ("heading", "value", "expected"),
    [
        ("Site address", "https://site1.example/a", "url https://site1.example/a"),
        ("Provider", "trust9@provider.example", "email trust9@provider.example"),
        ("Service", "+44 7700 900874", "phone +447700900874"),
        ("User ID", "gull.q1@post.example", "email gull.q1@post.example"),
        ("Subscriber ID", "+44 7700 900874", "phone +447700900874"),
        ("Subscriber ID", "234150999999999", "imsi 234150999999999"),
        ("ID", "+44 7700 900874", "phone +447700900874"),
    ],
)
def test_what_values_plainly_are_is_read_so(heading: str, value: str, expected: str) -> None:
    rows = column(heading, value, value)
    assert others(rows) == {expected}
    assert found(rows)[expected].way == "declared"


@pytest.mark.parametrize(
    ("heading", "value"),
    [("ID", "07700 900874"), ("ID", "07700900874"), ("Subscriber ID", "447700900874"), ("ID", "234150999999999"),
     ("Username", "198.51.100.7"), ("Device", "198.51.100.7")],
)  # fmt: skip
def test_what_may_be_something_else_is_asked(heading: str, value: str) -> None:
    rows = column(heading, value, value)
    assert isinstance(rows[0], ColumnMap)
    assert not all(one.sure for one in rows[0].columns)


@pytest.mark.parametrize("heading", ["Event", "Action", "Status", "Platform", "Address", "City", "Type"])
def test_cells_of_any_column_are_searched(heading: str) -> None:
    rows = column(heading, "Login from 198.51.100.231 by gull.q1@post.example", "Logout", "Logout")
    assert others(rows) >= {"ip 198.51.100.231", "email gull.q1@post.example"}
    assert found(rows)["ip 198.51.100.231"].way == "mentioned"


def test_an_address_in_an_event_has_the_time_of_the_event() -> None:
    rows = column("Action", "Login from 198.51.100.231", "Logout")
    assert raw_time(found(rows)["ip 198.51.100.231"]) == TIME
    rows = read(f"Event,Created,Time\nlogin 198.51.100.231,2025-01-01 00:00Z,{TIME}\n")
    assert raw_time(found(rows)["ip 198.51.100.231"]) == TIME
    rows = read("Event,Created\nlogin 198.51.100.231,2025-01-01 00:00Z\n")
    assert raw_time(found(rows)["ip 198.51.100.231"]) is None, "the account's time is not the event's"
    rows = column("Address", "12 High Street (198.51.100.231 in 2019)", "None")
    assert raw_time(found(rows)["ip 198.51.100.231"]) is None, "a text may tell of another time"


def test_contacts_beside_a_street_or_a_name_are_found() -> None:
    rows = column("Address", "12 High Street, fz6@post.example, 07700 900874", "12 High Street, AB1 2CD")
    assert others(rows) == {"email fz6@post.example", "phone +447700900874"}
    for name in ("Kit 07700 900874", "07700900874"):
        for heading in ("Name", "Address"):
            rows = column(heading, name, "Bo Lark", "Al Fox")
            assert others(rows) == {"phone +447700900874"}


def test_what_a_victims_cells_mention_is_the_victims() -> None:
    rows = read(
        'Name,Role,Address\nKit,victim,"1 Low Road, kit@post.example"\nBo,suspect,bo@post.example and others\n'
    )
    assert found(rows)["email kit@post.example"].role == "victim"
    assert found(rows)["email bo@post.example"].role != "victim"


def test_a_mixed_column_of_platforms_names_none_by_an_address() -> None:
    rows = column("Platform", "Snapchat", "ExampleChat", "OtherApp", "Kik", "198.51.100.7", "a@post.example")
    assert "account snapchat/owl80" in found(rows)
    assert {"handle owl84", "handle owl85", "ip 198.51.100.7", "email a@post.example"} <= found(rows).keys()


@pytest.mark.parametrize(
    ("heading", "values"),
    [
        ("Address", ("12 High Street, AB1 2CD", "Flat 3, 1200 12th Ave, 98101-1234")),
        ("Size", ("1234567", "20480")),
        ("Size", ("1.5 MB", "12,345,678 bytes")),
        ("Category", ("1.2.3.4", "1.2.3.5")),
        ("Category", ("A1", "B2")),
        ("SSN", ("078-05-1120", "078 05 1120")),
        ("Passport", ("012345678", "01 234 5678")),
        ("Postcode", ("01067", "10115")),
        ("Latitude", ("51.507400", "-0.127800")),
        ("Cell ID", ("234-15-1234-56789", "0123456789")),
        ("ID", ("1000000001", "0000000002")),
        ("ID", ("100001234567890", "100001234567891")),
        ("ID", ("CR-2026/000123", "078-05-1120")),
        ("Record ID", ("20260405060708", "20260405060709")),
        ("User ID", ("1234567890", "9876543210")),
        ("Event", ("login.success", "photo.report")),
        ("Platform", ("chat.example", "forum.example")),
        ("Status", ("active", "06:07:08")),
        ("Price", ("1.234,56", "07700 900874")),
        ("Message-ID", ("<a1@post.example>", "<a2@post.example>")),
        ("Version", ("11.3.0.1", "19.3.0.1")),
        ("App version", ("11.3.0.1", "119.3.0.1")),
        ("appVersion", ("11.3.0.1", "119.3.0.1")),
        ("Oracle version", ("11.3.0.1", "19.3.0.1")),
        ("Firmware", ("11.3.0.1", "19.3.0.1")),
        ("Versionsnummer der Software", ("11.3.0.1", "19.3.0.1")),
        ("File name", ("kid@kid.example.jpg", "kid2@kid.example.png")),
        ("File", ("kid@kid.example.jpg", "photo.pdf")),
        ("Path", ("C:/media/kid@kid.example.jpg", "/media/07700 900874.jpg")),
        ("Evidence item", ("kid@kid.example.jpg", "kid2@kid.example.png")),
    ],
)
@pytest.mark.parametrize("country", ["GB", "DE", "US"])
def test_what_is_no_identifier_gives_none(heading: str, values: tuple[str, ...], country: str) -> None:
    rows = column(heading, *values, country=country)
    assert {one for one in others(rows) if not one.startswith("account ")} == set()
    assert not any(isinstance(row, AmbiguousPart) for row in rows)


def test_addresses_beside_versions_and_in_paths_stay() -> None:
    rows = read(f"App version,Login IP,Time\n11.3.0.1,198.51.100.7,{TIME}\n11.3.0.2,198.51.100.8,{TIME}\n")
    assert found(rows).keys() == {"ip 198.51.100.7", "ip 198.51.100.8"}
    rows = column("Path", "/home/bo@post.example/holiday.jpg", "/home/al/holiday.jpg")
    assert others(rows) == {"email bo@post.example"}


@pytest.mark.parametrize(
    "value", ["198.51.100.7/5151", "198.51.100.7 5151", "198.51.100.7 : 5151", "198.51.100.7 (5151)"]
)
def test_an_address_and_port_written_in_another_way_is_said_and_has_its_time(value: str) -> None:
    rows = column("IP/Port", value, value)
    assert raw_time(found(rows)["ip 198.51.100.7"]) == TIME
    assert any(isinstance(row, NotUnderstood) and "IP/Port" in row.text for row in rows)


@pytest.mark.parametrize(
    "value", ["https://www.snapchat.com", "www.snapchat.com", "snapchat.com", "Snapchat"]
)
def test_a_platform_may_be_named_by_its_site(value: str) -> None:
    assert "account snapchat/owl80" in found(column("Platform", value, "Snapchat"))


@pytest.mark.parametrize(
    ("heading", "values", "expected"),
    [
        (
            "Phone",
            ("bo@post.example", "07700 900875", "07700 900876", "07700 900877"),
            "email bo@post.example",
        ),
        (
            "IP address",
            ("unknown, ask bo@post.example", "198.51.100.8", "198.51.100.9"),
            "email bo@post.example",
        ),
        ("Hostname", ("198.51.100.7", "mail.example", "site.example"), "ip 198.51.100.7"),
        ("Display name", ("Kit 07700 900874", "Bo"), "phone +447700900874"),
        ("Age", ("kit@post.example", "14"), "email kit@post.example"),
    ],
)
def test_a_cell_of_another_kind_among_its_like_is_searched(
    heading: str, values: tuple[str, ...], expected: str
) -> None:
    assert found(column(heading, *values))[expected].way == "mentioned"


@pytest.mark.parametrize(
    ("headings", "roles"),
    [
        ("Subject email,Child email", ("suspect", "victim")),
        ("Child email,Subject email", ("victim", "suspect")),
        ("Target email,Victim email", ("suspect", "victim")),
        ("Subject email,Kid email", ("suspect", "victim")),
        ("Suspect email,Kid email", ("suspect", "victim")),
        ("Subject email,Recovery email", ("unknown", "unknown")),
        ("Target email,Source email", ("unknown", "unknown")),
        ("Target email,Complainant email", ("reporter", "reporter")),
    ],
)
def test_a_role_is_told_by_the_other_beside_it(headings: str, roles: tuple[str, str]) -> None:
    rows = found(read(f"{headings}\na@post.example,b@post.example\n"))
    assert (rows["email a@post.example"].role, rows["email b@post.example"].role) == roles


def test_accounts_are_told_apart_likewise() -> None:
    rows = found(read("Subject: Snap,Child: Snap\nowl7,kitten8\n"))
    assert rows["account snapchat/owl7"].role == "suspect"
    assert rows["account snapchat/kitten8"].role == "victim"


@pytest.mark.parametrize(
    ("heading", "hour"),
    [("Zeit (MEZ)", 5), ("Heure (CET)", 5), ("Time CEST", 4), ("login_time_cest", 4), ("Time (+02:00)", 4), ("Time (Europe/Paris)", 4),
     ("Time (GMT+3)", 3)],
)  # fmt: skip
def test_the_zone_of_a_heading_is_the_columns(heading: str, hour: int) -> None:
    seen_at = found(read(f"Username,IP,{heading}\nowl,198.51.100.7,2026-04-05 06:07:08\n"))[
        "ip 198.51.100.7"
    ].seen_at
    assert seen_at is not None
    assert seen_at.instant is not None
    assert seen_at.instant.hour == hour


@pytest.mark.parametrize("heading", ["Time (local)", "Time (24h)", "Time west", "Time met"])
def test_other_words_of_a_heading_are_no_zone(heading: str) -> None:
    rows = read(f"Username,IP,{heading}\nowl,198.51.100.7,2026-04-05 06:07:08\n")
    seen_at = found(rows)["ip 198.51.100.7"].seen_at
    assert seen_at is not None
    assert seen_at.instant is None


def test_german_numbers_of_telephones_and_devices() -> None:
    rows = read("Mobilnr.,Gerätenummer\n07700 900874,490154203237518\n")
    assert found(rows).keys() == {"phone +447700900874", "imei 490154203237518"}
    assert not any(isinstance(row, NotUnderstood) for row in rows)


@pytest.mark.parametrize("heading", ["Number", "Subject number", "Target No.", "Line"])
def test_numbers_that_are_dialled_are_not_those_of_rows(heading: str) -> None:
    rows = column(heading, "447700900123", "447700900456", "447700900123")

    assert {"phone +447700900123", "phone +447700900456"} <= others(rows)
    assert not is_sure(rows), "an officer is asked"


@pytest.mark.parametrize("heading", ["Record number", "ID", "Reference number", "Row no."])
def test_numbers_of_records_are_not_dialled(heading: str) -> None:
    assert not others(column(heading, "447700900123", "447700900456"))


def test_numbers_that_count_the_rows_are_not_dialled() -> None:
    assert not others(column("No.", "447700900123", "447700900124", "447700900125"))


def ports(headings: str, cells: str) -> dict[str, int | None]:
    rows = read(f"Time,{headings}\n{TIME},{cells}\n")
    return {row.value.value: row.port for row in rows if isinstance(row, Sighting)}


@pytest.mark.parametrize(
    ("headings", "cells", "expected"),
    [
        ("Private IP,Public IP,Destination IP,Destination port", "10.1.2.3,203.0.113.9,198.51.100.9,443",
         {"10.1.2.3": None, "203.0.113.9": None, "198.51.100.9": 443}),
        ("Private IP,NAT IP,NAT port,Dest IP,Dest port", "10.1.2.3,203.0.113.9,51413,198.51.100.9,443",
         {"10.1.2.3": None, "203.0.113.9": 51413, "198.51.100.9": 443}),
        ("Source IP,Destination IP,Source port,Destination port", "203.0.113.9,198.51.100.9,51413,443",
         {"203.0.113.9": 51413, "198.51.100.9": 443}),
        ("IP,IP 2,Port,Port 2", "203.0.113.9,198.51.100.9,51413,443", {"203.0.113.9": 51413, "198.51.100.9": 443}),
        ("IP,remote_port", "203.0.113.9,51413", {"203.0.113.9": 51413}),
    ],
)  # fmt: skip
def test_a_port_is_of_one_address(headings: str, cells: str, expected: dict[str, int | None]) -> None:
    assert ports(headings, cells) == expected


@pytest.mark.parametrize("heading", ["sent_at", "Date sent", "Sent"])
def test_what_was_sent_was_sent_from_there_then(heading: str) -> None:
    cells = f"{TIME},kestrel_7,wren_7,203.0.113.9,51413"
    rows = read(f"{heading},sender_username,recipient_username,ip,port\n{cells}\n")

    assert raw_time(found(rows)["ip 203.0.113.9"]) == TIME


def test_when_something_was_sent_to_somebody_tells_nothing_of_his_address() -> None:
    rows = read(f"username,ip,Last email sent\nkestrel_7,203.0.113.9,{TIME}\n")

    assert raw_time(found(rows)["ip 203.0.113.9"]) is None
