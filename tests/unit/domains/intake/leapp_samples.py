"""What the LEAPPs write, with invented content: their database, its description, one artefact as JSON and as a table."""

import json
from collections.abc import Sequence
from typing import Any

from unit.domains.intake.sqlite_samples import UNIX, database

#: An artefact: its name, its headings (with "datetime" where it is one), its rows.
Table = tuple[str, Sequence["str | tuple[str, str]"], Sequence[Sequence[Any]]]

SMS: Table = (
    "SMS & iMessage - Messages",
    [
        ("Message Timestamp", "datetime"),
        ("Read Timestamp", "datetime"),
        "Message",
        "Service",
        "Message Direction",
        "Chat Contact ID",
        "Attachment",
    ],
    [
        [UNIX, UNIX + 60, "Write to kea@mail.example", "iMessage", "Incoming", "+447700900142", ""],
        [UNIX + 120, "", "I will.", "SMS", "Outgoing", "+447700900142", "media-1"],
    ],
)
CALLS: Table = (
    "WhatsApp - Call History",
    [
        ("Starting Timestamp", "datetime"),
        ("Ending Timestamp", "datetime"),
        "Duration H:M:S",
        "Direction",
        "Contact ID",
        "Contact Fullname",
        "Phone Number",
    ],
    [
        [
            UNIX,
            UNIX + 95,
            "00:01:35",
            "Outgoing",
            "12025550142@s.whatsapp.net",
            "Robin Placeholder",
            "(202) 555-0142",
        ]
    ],
)
VISITS: Table = (
    "Safari Browser - History",
    [("Visit Timestamp", "datetime"), "Title", "URL", "Visit Count"],
    [[UNIX, "Kite makers", "https://forum.harbour.example/17", 2]],
)
PLACES: Table = (
    "Cached Locations",
    [("Timestamp", "datetime"), "Latitude", "Longitude", "Horizontal Accuracy"],
    [[UNIX, 51.5007, -0.1246, 12.5]],
)
WIFI: Table = (
    "WiFi Known Networks",
    [("Last Joined Timestamp", "datetime"), "SSID", "IP Address"],
    [[UNIX, "harbour", "192.0.2.7"]],
)
GROUP: Table = (
    "WhatsApp - Messages",
    [("Timestamp", "datetime"), "Sender Name", "From ID", "Receiver", "To ID", "Message"],
    [
        [
            UNIX,
            "Kite club",
            "120363000000000017@g.us",
            "Local User",
            "447700900123@s.whatsapp.net",
            "Friday?",
        ],
        [
            UNIX + 5,
            "Robin Placeholder",
            "12025550142@s.whatsapp.net",
            "Local User",
            "447700900123@s.whatsapp.net",
            "Yes",
        ],
    ],
)
ALL = (SMS, CALLS, VISITS, PLACES, WIFI, GROUP)


def _heading(heading: "str | tuple[str, str]") -> str:
    return heading if isinstance(heading, str) else heading[0]


def column(heading: "str | tuple[str, str]") -> str:
    return "_".join(
        "".join(sign for sign in _heading(heading).lower() if sign.isalnum() or sign in " _").split()
    )


def name(table: Table) -> str:
    return "".join(sign for sign in table[0].lower() if sign.isalnum())


def lava(*tables: Table, script: str = "") -> bytes:
    """Return `_lava_artifacts.db`: one table for each artefact, beside those of its media."""
    made = """create table _lava_media_items(id text primary key, source_path text, extraction_path text, type text, metadata text,
      created_at integer, updated_at integer);
    create table _lava_media_references(id text primary key, media_item_id text, module_name text, artifact_name text, name text, media_path text);
    create view _lava_media_info as select * from _lava_media_items;"""
    rows: list[tuple[str, tuple[object, ...]]] = [
        (
            "_lava_media_items",
            ("item-1", "private/var/kite.jpg", "data/kite.jpg", "image/jpeg", "", None, None),
        ),
        ("_lava_media_references", ("media-1", "item-1", "sms", "SMS", "kite", "media/kite.jpg")),
    ]
    for table in tables:
        columns = ", ".join(
            f'"{column(heading)}" {"text" if isinstance(heading, str) else "integer"}' for heading in table[1]
        )
        made += f'create table "{name(table)}"({columns});'
        rows += [(f'"{name(table)}"', tuple(row)) for row in table[2]]
    return database(made + script, rows)


def single(table: Table) -> bytes:
    """Return one artefact as JSON."""
    about = {"module_name": name(table), "artifact_name": table[0], "number_of_rows": len(table[2])}
    made = {
        "metadata": about,
        "headers": [_heading(one) for one in table[1]],
        "data": [list(row) for row in table[2]],
    }
    return json.dumps(made, indent=2).encode()


def tsv(table: Table, *, mark: str = "\ufeff") -> bytes:
    """Return one artefact as a table with tabs."""
    rows = [[_heading(one) for one in table[1]], *table[2]]
    return (mark + "\n".join("\t".join(map(str, row)) for row in rows) + "\n").encode()


def manifest(*tables: Table, **more: Any) -> bytes:
    """Return `_lava_data.lava`: what a run says of itself."""
    artefacts = [
        {"name": table[0], "tablename": name(table), "module": "module", "column_map": {column(one): _heading(one) for one in table[1]},
         "record_count": len(table[2]), "source_path": "private/var/mobile/sms.db"}
        for table in tables
    ]  # fmt: skip
    made = {
        "param_input": "D:/case/phone.zip", "param_output": "D:/case/out", "param_type": "zip", "processing_status": "Complete",
        "lava_db_name": "_lava_artifacts.db", "modules": [{"module_name": "sms", "module_status": "Complete", "file_count": 1}],
        "artifacts": {"Messages": artefacts}, "meta": {"modules": []}, **more,
    }  # fmt: skip
    return json.dumps(made).encode()
