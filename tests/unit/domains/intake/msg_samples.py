"""Writes messages of Outlook for the tests: properties of every sort, in Unicode or single bytes of a code page."""

import struct
from datetime import UTC, datetime
from typing import Any

from unit.domains.intake.compound_samples import Storage, compound

SENT = datetime(2026, 3, 13, 14, 0, 5, tzinfo=UTC)
_TEXT, _STRING, _BYTES, _LONG, _BOOLEAN, _TIME = 0x1F, 0x1E, 0x102, 3, 0x0B, 0x40
#: Of LZFu, in its plain sort.
PLAIN_RTF = b"MELA"


def filetime(at: datetime) -> int:
    return int((at - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds() * 1_000_000) * 10


def storage(values: dict[int, Any], *, head: int, codec: str | None = None) -> Storage:
    """Return the storage of these properties; `codec`: texts in single bytes of it."""
    table, made = bytearray(head), Storage()
    for number, value in values.items():
        kind, raw = _TIME, b""
        if isinstance(value, str):
            kind = _STRING if codec else _TEXT
            made[f"__substg1.0_{number:04X}{kind:04X}"] = content = value.encode(codec or "utf-16-le")
            raw = struct.pack("<II", len(content) + 1, 0)
        elif isinstance(value, bytes):
            kind = _BYTES
            made[f"__substg1.0_{number:04X}0102"] = value
            raw = struct.pack("<II", len(value), 0)
        elif isinstance(value, dict):
            kind = 0x0D
            made[f"__substg1.0_{number:04X}000D"] = value
            raw = struct.pack("<II", 0xFFFFFFFF, 1)
        elif isinstance(value, bool):
            kind, raw = _BOOLEAN, struct.pack("<Q", value)
        elif isinstance(value, int):
            kind, raw = _LONG, struct.pack("<iI", value, 0)
        else:
            raw = struct.pack("<Q", filetime(value))
        table += struct.pack("<HHI", kind, number, 6) + raw
    made["__properties_version1.0"] = bytes(table)
    return made


def message(
    values: dict[int, Any], *, recipients: list[dict[int, Any]] | None = None, attachments: list[dict[int, Any]] | None = None,
    codec: str | None = None, head: int = 32,
) -> Storage:  # fmt: skip
    """Return the storage of a message with its recipients and attachments; `head` 24: of one inside another."""
    made = storage(values, head=head, codec=codec)
    for name, parts in (("recip", recipients or []), ("attach", attachments or [])):
        for index, part in enumerate(parts):
            made[f"__{name}_version1.0_#{index:08X}"] = storage(part, head=8, codec=codec)
    made["__nameid_version1.0"] = {
        "__substg1.0_00020102": b"",
        "__substg1.0_00030102": b"",
        "__substg1.0_00040102": b"",
    }
    return made


def to(name: str, address: str, kind: int = 1) -> dict[int, Any]:
    return {0x3001: name, 0x3002: "SMTP", 0x3003: address, 0x0C15: kind}


KESTREL = {
    0x0042: "Kestrel Blue",
    0x0065: "kestrel.blue@mail.example",
    0x0C1A: "Kestrel Blue",
    0x0C1F: "kestrel.blue@mail.example",
}
LETTER = {
    0x001A: "IPM.Note", 0x0037: "Kites on Friday", 0x0039: SENT, 0x0E07: 1, 0x1000: "Call +44 7700 900123 or write to otter@mail.example.",
    **KESTREL,
}  # fmt: skip


def letter(*, codec: str | None = None, shift: int = 9, **parts: Any) -> bytes:
    """Return a plain mail of three people; `more`: further properties."""
    values = {**LETTER, **parts.pop("more", {})}
    recipients = parts.pop(
        "recipients", [to("Heron Grey", "heron@mail.example"), to("Wren", "wren@mail.example", 2)]
    )
    return compound(message(values, recipients=recipients, codec=codec, **parts), shift=shift)
