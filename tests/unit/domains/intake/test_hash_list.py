"""Lists of hashes: each shape of a line, what is no list, known files that link nothing."""

import io
import time
from base64 import b64encode

import pytest

from cets.domains.intake.rows import AnyRow, Failed, FreeText, NotUnderstood, Sighting
from cets.domains.intake.sources import recognise
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.hash_list import lines
from cets.domains.intake.sources.hash_list.source import HashList

MD5 = "0cc175b9c0f1b6a831c399e269772661"
SHA1 = "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"
SHA256 = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
NSRL = '"SHA-1","MD5","CRC32","FileName","FileSize","ProductCode","OpSystemCode","SpecialCode"\r\n'


def read(text: str | bytes, **options: int) -> list[AnyRow]:
    raw = text.encode() if isinstance(text, str) else text
    return list(HashList().read(io.BytesIO(raw), Options(country="GB", **options)))


def hashes(rows: list[AnyRow]) -> list[tuple[str, str]]:
    return [
        (row.value.value, row.place) for row in rows if isinstance(row, Sighting) and row.value.kind == "hash"
    ]


def said(rows: list[AnyRow]) -> list[str]:
    return [row.text for row in rows if isinstance(row, NotUnderstood)]


def recognised(text: str | bytes) -> str | None:
    raw = text.encode() if isinstance(text, str) else text
    source = recognise(raw, len(raw))
    return source.name if source else None


@pytest.mark.parametrize(
    ("line", "found", "beside"),
    [
        (MD5, [(MD5, None)], ""),
        (f"{MD5.upper()}  ", [(MD5.upper(), None)], ""),
        (f"{MD5}  a b.jpg", [(MD5, None)], "a b.jpg"),
        (f"{MD5} *a b.jpg", [(MD5, None)], "a b.jpg"),
        (f"\\{MD5}  a\\nb.jpg", [(MD5, None)], "a\\nb.jpg"),
        (f"{SHA1} 20480 a.jpg", [(SHA1, None)], "20480 a.jpg"),
        (f"{MD5} {SHA1} a b.jpg", [(MD5, None), (SHA1, None)], "a b.jpg"),
        (f"{MD5}  {SHA1}  a b.jpg", [(MD5, None), (SHA1, None)], "a b.jpg"),
        (f"{MD5} {SHA1}", [(MD5, None), (SHA1, None)], ""),
        (f"a.jpg {MD5}", [(MD5, None)], "a.jpg"),
        (f"a b.jpg  {MD5}", [(MD5, None)], "a b.jpg"),
        (f"MD5 (a (1).jpg) = {MD5}", [(MD5, "md5")], "a (1).jpg"),
        (f"SHA2-256(a.jpg)= {SHA256}", [(SHA256, "sha256")], "a.jpg"),
        (f"sha-1:{SHA1}", [(SHA1, "sha1")], ""),
        (f"12,{MD5},{SHA256},/a/b, c.jpg", [(MD5, None), (SHA256, None)], "/a/b, c.jpg (12 bytes)"),
        (f"{SHA1} mend the thing that broke", None, ""),
        (f"{MD5[:-1]}", None, ""),
        (f"{MD5}0", None, ""),
        ("a plain line", None, ""),
    ],
)
def test_shapes_of_a_line(line: str, found: list[tuple[str, str | None]] | None, beside: str) -> None:
    parsed = lines.parse(line)
    if found is None:
        assert parsed is None
    else:
        assert parsed == lines.Line(tuple(found), beside)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (MD5, "hash_list"),
        (f"\ufeff{MD5}\r\n{SHA1}\r\n", "hash_list"),
        (f"{MD5}\n{SHA1}\n".encode("utf-16"), "hash_list"),
        (f"# ours\n{MD5}  a.jpg\n", "hash_list"),
        (
            f"%%%% HASHDEEP-1.0\n%%%% size,md5,sha256,filename\n## $ hashdeep\n5,{MD5},{SHA256},/a\n",
            "hash_list",
        ),
        (NSRL, "hash_list"),
        (f"md5\n{MD5}\n", "csv"),
        (f"md5,name\n{MD5},a.jpg\n{MD5},b.jpg\n", "csv"),
        (f"{SHA1} mend the thing that broke\n{SHA1} and mend it again\n", "text"),
        (f"The file {MD5} was sent.\nNobody knows by whom.\n", "text"),
        ("# only a comment\n", "text"),
    ],
)
def test_what_is_a_list_of_hashes(text: str | bytes, name: str) -> None:
    assert recognised(text) == name


def test_hashes_are_declared_by_line_and_names_are_text() -> None:
    rows = read(f"# from exhibit KB/1\n{MD5}  kea@mail.example.jpg\n\n{SHA1.upper()}\n")
    assert hashes(rows) == [(f"md5:{MD5}", "line 2"), (f"sha1:{SHA1}", "line 4")]
    sightings = [row for row in rows if isinstance(row, Sighting)]
    assert {(row.way, row.role, row.pivot) for row in sightings if row.value.kind == "hash"} == {
        ("declared", "unknown", True)
    }
    assert sightings[-1].value.raw == SHA1.upper()
    assert [(row.text, row.place, row.label) for row in rows if isinstance(row, FreeText)] == [
        ("# from exhibit KB/1", "line 1", "Comment"),
        ("kea@mail.example.jpg", "line 2", "Beside the hash"),
    ]
    assert said(rows) == []


def test_64_digits_without_a_word_are_said_to_be_open() -> None:
    assert "1 hashes of 64 digits" in said(read(f"{SHA256}\n"))[0]
    assert said(read(f"{SHA256}  a.jpg\nsha256:{SHA256}\n")) == []
    assert hashes(read(f"# PDQ, quality 50 and more\n{SHA256}\n")) == [(f"pdq:{SHA256}", "line 2")]
    assert hashes(read(f"# no SHA or PDQ is meant\n{SHA256}\n")) == [(f"sha256:{SHA256}", "line 2")]


def test_a_sort_that_does_not_fit_its_digits_is_said() -> None:
    rows = read(f"MD5 (a) = {SHA1}\n")
    assert hashes(rows) == []
    assert "given as hash" in said(rows)[0]
    assert "line 1" in said(rows)[0]


def test_other_lines_are_kept_and_counted() -> None:
    rows = read(f"{MD5}\nwrite to kea@mail.example\n{SHA1}\nend\n")
    assert [row.text for row in rows if isinstance(row, FreeText)] == ["write to kea@mail.example", "end"]
    assert "kea@mail.example" in [row.value.value for row in rows if isinstance(row, Sighting)]
    assert any("Lines of no shape" in text and ": 2, the first is line 2" in text for text in said(rows))


def test_known_files_link_nothing() -> None:
    rows = read(
        NSRL
        + f'"{SHA1.upper()}","{MD5.upper()}","E8B7BE43","a ""b"".txt",1,228,"WIN",""\r\n'
        + f'"{SHA1.upper()}","","E8B7BE43","kea@mail.example",1,228,"WIN","M"\r\n'
        + '"cut","of'
    )
    assert hashes(rows) == [
        (f"sha1:{SHA1}", "line 2, SHA-1"),
        (f"md5:{MD5}", "line 2, MD5"),
        (f"sha1:{SHA1}", "line 3, SHA-1"),
    ]
    assert not any(row.pivot for row in rows if isinstance(row, Sighting))
    assert not any(isinstance(row, FreeText) for row in rows)
    told = " ".join(said(rows))
    assert "malicious: 1;" in told
    assert ": 1, the first is line 4" in told
    assert "of 2 known files were not taken over" in told


def test_columns_of_known_files_are_found_by_name() -> None:
    head = '"SHA-1","FileName","FileSize","ProductCode","OpSystemCode","MD4","MD5","CRC32","SpecialCode"\n'
    rows = read(head + f'"{SHA1}","a.txt","1","2","WIN","{MD5[::-1]}","{MD5}","E8B7BE43",""\n')
    assert hashes(rows) == [(f"sha1:{SHA1}", "line 2, SHA-1"), (f"md5:{MD5}", "line 2, MD5")]


def test_limits_are_said() -> None:
    rows = read(f"{MD5}\n" * 5, max_rows=3)
    assert len(hashes(rows)) == 3
    assert [row.reason for row in rows if isinstance(row, Failed)] == ["Stopped at the limit of 3 lines."]
    rows = read(NSRL + f'"{SHA1}","{MD5}","","a","1","2","WIN",""\n' * 5, max_rows=3)
    assert len(hashes(rows)) == 4
    assert any(isinstance(row, Failed) for row in rows)


@pytest.mark.parametrize(
    "text", ["a" * 300_000, "a " * 150_000, f"{MD5} " * 9_000, "(" * 200_000, f"{MD5}  " + "x" * 10**6]
)
def test_hostile_lines_cost_little(text: str) -> None:
    before = time.process_time()
    HashList().recognises(text.encode()[:65_536], len(text))
    assert read(text)
    assert time.process_time() - before < 5


def test_nul_and_wrong_bytes_are_shown() -> None:
    rows = read(f"{MD5}\n".encode() + b"\x00\xff\n")
    assert hashes(rows) == [(f"md5:{MD5}", "line 1")]
    assert all("\x00" not in row.text for row in rows if isinstance(row, FreeText))


@pytest.mark.parametrize("form", ["base64", "digits", "numbers"])
def test_a_list_of_photodna_hashes_is_one(form: str) -> None:
    raw = bytes(range(7, 151))
    line = {"base64": b64encode(raw).decode(), "digits": raw.hex(), "numbers": ",".join(map(str, raw))}[form]
    assert recognised(f"{line}\n{line}\n") == "hash_list"
    rows = read(f"{line}\n")
    assert hashes(rows) == [(f"photodna:{raw.hex()}", "line 1")]
    assert said(rows) == []


def in_pairs(digits: str) -> str:
    return " ".join(digits[at : at + 2] for at in range(0, len(digits), 2))


@pytest.mark.parametrize(
    ("above", "digits", "written", "below"),
    [
        ("SHA1 hash of file C:\\a b\\kite.jpg:", SHA1, in_pairs(SHA1), "CertUtil: -hashfile command completed successfully."),
        ("SHA1 hash of kite.jpg:", SHA1, SHA1, "CertUtil: -hashfile command completed successfully."),
        ("MD5-Hash der Datei kite.jpg:", MD5, in_pairs(MD5).upper(), "CertUtil: -hashfile-Befehl wurde erfolgreich ausgef\u00fchrt."),
        ("SHA256 hash of kite.jpg:", SHA256, in_pairs(SHA256), "CertUtil: -hashfile command completed successfully."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("prompt", ["", "C:\\>certutil -hashfile kite.jpg\r\n"])
def test_what_certutil_writes_is_read(above: str, digits: str, written: str, below: str, prompt: str):
    text = f"{prompt}{above}\r\n{written}\r\n{below}\r\n" * 2
    assert recognised(text) == "hash_list"
    rows = read(text)
    found = [row for row in rows if isinstance(row, Sighting) and row.value.kind == "hash"]
    assert [row.value.value.partition(":")[2] for row in found] == [digits, digits]
    assert {(row.way, row.value.raw) for row in found} == {("declared", written)}
    assert above in [row.text for row in rows if isinstance(row, FreeText)]


def test_pairs_of_digits_without_a_word_on_them_are_no_hash():
    dump = f"{in_pairs(MD5)}\n" * 20
    assert recognised(dump) != "hash_list"
    assert hashes(read(f"SHA1 hash of file kite.jpg:\n{in_pairs(MD5)}\nCertUtil: done.\n")) == []
    assert lines.announced(in_pairs(SHA1) + " 00", "sha1") is None
