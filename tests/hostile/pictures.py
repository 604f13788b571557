"""Pictures, videos, documents and databases that lie about themselves: floods of pixels, broken pages, loops, two formats in one."""

import random
import sqlite3
import struct
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

Made = tuple[str, str, bytes]
_PAGE = 4_096
FLIPS = 40


def attacks(text: bytes) -> Iterator[tuple[str, Made]]:
    for made in (*pixel_floods(), *lying_media()):
        yield "pixel floods and lying media", made
    for made in databases():
        yield "broken SQLite", made
    for made in two_in_one(text):
        yield "polyglots", made


def png(width: int, height: int, rows: bytes = b"") -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">L", len(body)) + kind + body + struct.pack(">L", zlib.crc32(kind + body))

    head = struct.pack(">LLBBBBB", width, height, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def pixel_floods() -> Iterator[Made]:
    for number, (width, height) in enumerate(
        ((65_000, 65_000), (2**31 - 1, 2**31 - 1), (1, 2**31 - 1), (0, 0))
    ):
        yield f"flood-{number}", ".png", png(width, height, bytes(1_000_000))
    yield (
        "flood-gif",
        ".gif",
        b"GIF89a"
        + struct.pack("<HHBBB", 65_535, 65_535, 0xF7, 0, 0)
        + bytes(768)
        + b","
        + bytes(4)
        + b"\xff" * 200,
    )
    yield (
        "flood-bmp",
        ".bmp",
        b"BM" + struct.pack("<LHHLLllHH", 200, 0, 0, 54, 40, 2**31 - 1, 2**31 - 1, 1, 24) + bytes(200),
    )
    yield (
        "flood-tiff",
        ".tif",
        b"II*\0" + struct.pack("<LH", 8, 2_000) + struct.pack("<HHLL", 256, 4, 1, 2**32 - 1) * 2_000,
    )
    yield (
        "flood-jpeg",
        ".jpg",
        b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(9) + b"\xff\xc0\0\x11\x08\xff\xff\xff\xff\x03" + bytes(300),
    )
    yield (
        "flood-svg",
        ".svg",
        b'<svg xmlns="http://www.w3.org/2000/svg" width="1e9" height="1e9">' + b"<g>" * 50_000 + b"</svg>",
    )


def lying_media() -> Iterator[Made]:
    box = b"\0\0\0\x20ftypisom" + bytes(20)
    yield "mp4-endless-box", ".mp4", box + struct.pack(">L4sQ", 1, b"moov", 2**63) + bytes(500)
    yield "mp4-box-of-none", ".mp4", box + struct.pack(">L4s", 0, b"moov") * 500
    yield (
        "mp4-boxes-nested",
        ".mp4",
        box + b"".join(struct.pack(">L4s", 80_000 - 8 * n, b"moov") for n in range(10_000)),
    )
    yield (
        "jpeg-exif-loop",
        ".jpg",
        b"\xff\xd8\xff\xe1\0\x40Exif\0\0II*\0\x08\0\0\0\0\0\x08\0\0\0" + bytes(40) + b"\xff\xd9",
    )
    yield (
        "pdf-loop",
        ".pdf",
        b"%PDF-1.7\n1 0 obj<</Pages 1 0 R/Kids[1 0 R]/Count 99999999>>endobj\ntrailer<</Root 1 0 R/Prev 0>>startxref\n0\n%%EOF",
    )
    yield (
        "pdf-filters",
        ".pdf",
        b"%PDF-1.7\n1 0 obj<</Filter["
        + b"/FlateDecode " * 5_000
        + b"]/Length 9>>stream\n"
        + bytes(9)
        + b"\nendstream endobj\n",
    )
    yield "pdf-nested", ".pdf", b"%PDF-1.7\n1 0 obj" + b"<</A " * 50_000 + b"endobj\n%%EOF"
    yield (
        "ole-loop",
        ".msg",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + b"\x3e\0\x03\0\xfe\xff\x09\0"
        + bytes(44)
        + bytes(4) * 109
        + bytes(512 * 4),
    )
    yield "mp3", ".mp3", b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + bytes(5_000)
    yield "wav", ".wav", b"RIFF\xff\xff\xff\xffWAVEfmt \xff\xff\xff\xff" + bytes(500)
    yield "rtf", ".rtf", b"{\\rtf1" + b"{" * 100_000 + b"\\bin99999999 x"


def databases() -> Iterator[Made]:
    """The shapes of a real one, page by page told lies."""
    whole = _database()
    chance = random.Random(11)
    for step in range(1, 12):
        yield f"sqlite-cut-{step}", ".db", whole[: len(whole) * step // 12]
    for number in range(FLIPS):
        spoilt = bytearray(whole)
        page = chance.randrange(len(whole) // _PAGE) * _PAGE
        for _ in range(1 + number % 9):
            # Kinds of page, counts of cells, their places, and the numbers of further pages stand in a page's first bytes.
            spoilt[page + chance.randrange(120 if not page else 40)] = chance.choice(
                (0, 1, 2, 5, 0x0D, 0x7F, 0x80, 0xFF)
            )
        yield f"sqlite-page-{number}", ".db", bytes(spoilt)
    for place, size, name in ((16, 2, "page-size"), (28, 4, "pages"), (32, 4, "free-pages"), (36, 4, "free-count"), (52, 4, "largest-root"),
                              (56, 4, "encoding"), (20, 1, "reserved"), (18, 2, "versions")):  # fmt: skip
        for value in (0, 1, (1 << 8 * size) - 1):
            yield (
                f"sqlite-{name}-{value}",
                ".db",
                whole[:place] + value.to_bytes(size, "big") + whole[place + size :],
            )
    yield "sqlite-head-only", ".db", whole[:100]
    yield "sqlite-zeros", ".db", whole[:100] + bytes(len(whole) - 100)
    yield "sqlite-view-of-itself", ".db", whole.replace(b"CREATE TABLE notes", b"CREATE VIEW  notes")
    yield "sqlite-statement", ".db", whole.replace(b"CREATE TABLE notes(", b"ATTACH '/etc' AS t;")
    yield (
        "sqlite-trigger",
        ".db",
        _database("create trigger t after insert on notes begin delete from notes; end"),
    )
    yield (
        "sqlite-generated",
        ".db",
        _database("create table g(a, b as (zeroblob(1000000000)))", "insert into g(a) values (1), (2)"),
    )
    yield (
        "sqlite-endless-view",
        ".db",
        _database(
            "create view messages as with recursive c(n) as (select 1 union all select n+1 from c) select * from c"
        ),
    )
    yield "sqlite-many-tables", ".db", _database(*(f"create table t{n}(a)" for n in range(3_000)))
    yield (
        "sqlite-many-columns",
        ".db",
        _database(f"create table wide({', '.join(f'c{n}' for n in range(1_900))})"),
    )
    yield "sqlite-large-value", ".db", _database("insert into notes values (9, zeroblob(20000000))")
    yield (
        "sqlite-odd-names",
        ".db",
        _database('create table "; drop table x; --"("=cmd()", "a\nb")', f'create table "{"n" * 4_000}"(a)'),
    )


def _database(*more: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.db"
        connection = sqlite3.connect(path)
        connection.execute("create table notes(id integer primary key, words)")
        connection.execute("create index words_of on notes(words)")
        rows = ((n, f"quay{n}@mail.example writes at 198.51.100.{n % 250} " * 20) for n in range(60))
        connection.executemany("insert into notes values (?, ?)", rows)
        connection.executemany("insert into notes values (?, ?)", ((100 + n, bytes(9_000)) for n in range(3)))
        for statement in more:
            connection.execute(statement.replace("values (9,", "values (999,"))
        connection.commit()
        connection.close()
        return path.read_bytes()


def two_in_one(text: bytes) -> Iterator[Made]:
    heads = {
        "png": png(1, 1, b"\0\0\0\0\0"), "gif": b"GIF89a/*", "jpeg": b"\xff\xd8\xff\xe0", "pdf": b"%PDF-1.7\n", "elf": b"\x7fELF\x02\x01\x01",
        "exe": b"MZ\x90\0", "zip-end": b"PK\x05\x06" + bytes(18), "gzip": b"\x1f\x8b\x08\0", "sqlite": b"SQLite format 3\0", "xml": b"<?xml version='1.0'?>",
        "json": b'{"reportId": 1, "x": "', "html": b"<html><script>", "mail": b"From: quayside@mail.example\r\n", "shell": b"#!/bin/sh\nrm -rf /\n",
        "utf-16": b"\xff\xfe", "7z": b"7z\xbc\xaf\x27\x1c\0\x04", "tar": bytes(257) + b"ustar\0" + b"00", "bzip2": b"BZh91AY&SY", "xz": b"\xfd7zXZ\0",
        "vcf": b"BEGIN:VCARD\r\n", "plist": b"bplist00", "riff": b"RIFF\xff\xff\xff\xff", "ole": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    }  # fmt: skip
    for one, head in heads.items():
        yield f"{one}-and-text", f".{one}", head + text
        yield f"{one}-twice", ".txt", head * 2 + text[::-1]
    for one, other in zip(heads, list(heads)[1:], strict=False):
        yield f"{one}-{other}", f".{other}", heads[one] + heads[other] + bytes(1_000) + text
