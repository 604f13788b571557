"""What is written into lists of hashes and media, in each of their shapes, is read from them value for value."""

import csv
import io
import json
from typing import Any, TypedDict
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cets.domains.intake.rows import FreeText, NotUnderstood, Person, Sighting, Summary
from unit.domains.intake.round_trips import (
    ADDRESSES,
    EMAILS,
    MD5,
    NAMES,
    PHONES,
    SHA1,
    SHA256,
    TEXTS,
    TIMES,
    WORDS,
    declared,
    digits,
    instant,
    read,
    texts,
    unread,
)

PHOTODNA = digits(288)
CATEGORIES = st.integers(0, 9)


# --- lists of hashes ------------------------------------------------------------------------------

#: A line by the hash, its sort and the name of the file; and whether the name stands on it.
SHAPES: dict[str, tuple[str, bool]] = {
    "bare": ("{hash}", False),
    "said before": ("{sort}:{hash}", False),
    "md5sum": ("{hash}  {name}", True),
    "md5sum, binary": ("{hash} *{name}", True),
    "bsd": ("{upper} ({name}) = {hash}", True),
    "openssl": ("{upper}({name})= {hash}", True),
    "name first": ("{name}  {hash}", True),
}
ENDS = st.sampled_from(["\n", "\r\n"])
CODES = st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])
SORTED = st.one_of(
    MD5.map(lambda one: ("md5", one)),
    SHA1.map(lambda one: ("sha1", one)),
    SHA256.map(lambda one: ("sha256", one)),
    digits(128).map(lambda one: ("sha512", one)),
)
LINES = st.lists(
    st.tuples(SORTED, st.sampled_from(sorted(SHAPES)), TEXTS, st.booleans()), min_size=1, max_size=6
)


@settings(max_examples=60, deadline=None)
@given(LINES, ENDS, CODES)
def test_lines_of_every_shape_are_read(
    lines: list[tuple[tuple[str, str], str, str, bool]], end: str, code: str
) -> None:
    written, names = [], []
    for number, ((sort, digest), shape, name, is_upper) in enumerate(lines, 1):
        if shape == "bare" and sort == "sha256":
            shape = "said before"  # noqa: PLW2901 - alone it might be a PDQ hash, which is said
        form, is_named = SHAPES[shape]
        shown = digest.upper() if is_upper else digest
        written.append(form.format(hash=shown, sort=sort, upper=sort.upper(), name=name) + end)
        names += [(name, f"line {number}")] if is_named else []
    rows = read("hash_list", "".join(written).encode(code))

    assert declared(rows) == [
        (f"{sort}:{digest}", f"line {number}") for number, ((sort, digest), *_) in enumerate(lines, 1)
    ]
    assert texts(rows, "Beside the hash") == names
    assert not unread(rows)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**12), MD5, SHA256, TEXTS), min_size=1, max_size=6), ENDS)
def test_lines_of_hashdeep_are_read(lines: list[tuple[int, str, str, str]], end: str) -> None:
    head = ["%%%% HASHDEEP-1.0", "%%%% size,md5,sha256,filename", "##"]
    written = [*head, *(f"{size},{md5},{sha256},/{name}" for size, md5, sha256, name in lines)]
    rows = read("hash_list", (end.join(written) + end).encode())

    assert declared(rows) == [
        (value, f"line {number}")
        for number, (_, md5, sha256, _) in enumerate(lines, 4)
        for value in (f"md5:{md5}", f"sha256:{sha256}")
    ]
    assert texts(rows, "Beside the hash") == [
        (f"/{name} ({size} bytes)", f"line {number}") for number, (size, _, _, name) in enumerate(lines, 4)
    ]
    assert texts(rows, "Comment") == [(line, f"line {number}") for number, line in enumerate(head, 1)]
    assert not unread(rows)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(SHA1, MD5, TEXTS), min_size=1, max_size=6))
def test_known_files_are_read_and_link_nothing(files: list[tuple[str, str, str]]) -> None:
    made = io.StringIO()
    line = csv.writer(made, quoting=csv.QUOTE_NONNUMERIC)
    line.writerow(
        ["SHA-1", "MD5", "CRC32", "FileName", "FileSize", "ProductCode", "OpSystemCode", "SpecialCode"]
    )
    line.writerows([sha1.upper(), md5.upper(), "0" * 8, name, 12, 3, "WIN", ""] for sha1, md5, name in files)
    rows = read("hash_list", made.getvalue().encode())

    assert declared(rows) == [
        one
        for number, (sha1, md5, _) in enumerate(files, 2)
        for one in ((f"sha1:{sha1}", f"line {number}, SHA-1"), (f"md5:{md5}", f"line {number}, MD5"))
    ]
    assert not any(row.pivot for row in rows if isinstance(row, Sighting))
    (said,) = unread(rows)
    assert isinstance(said, NotUnderstood)
    assert said.text == f"Names, sizes and product codes of {len(files)} known files were not taken over."


# --- ICSE -----------------------------------------------------------------------------------------

ICSE = (
    "MD5", "SHA1", "PhotoDNA", "Image ID", "Is distributed", "Victim identified", "Offender identified", "Series name",
    "Number of submissions", "File Available", "Media Type", "Baseline",
)  # fmt: skip
TOLD = [name for name in ICSE[3:] if name != "Series name"]
FLAG = st.sampled_from("01")
PICTURES = st.fixed_dictionaries(
    {
        "MD5": MD5, "SHA1": SHA1, "PhotoDNA": PHOTODNA, "Image ID": st.integers(1, 10**9).map(str), "Is distributed": FLAG,
        "Victim identified": FLAG, "Offender identified": FLAG, "Series name": TEXTS, "Number of submissions": st.integers(0, 999).map(str),
        "File Available": FLAG, "Media Type": st.sampled_from(["Image", "Video"]), "Baseline": FLAG,
    }
)  # fmt: skip


@settings(max_examples=50, deadline=None)
@given(st.lists(PICTURES, min_size=1, max_size=5), st.permutations(ICSE), CODES, ENDS)
def test_lists_of_icse_are_read(
    pictures: list[dict[str, str]], columns: list[str], code: str, end: str
) -> None:
    lines = [";".join(columns), *(";".join(one[name] for name in columns) for one in pictures)]
    rows = read("icse", (end.join(lines) + end).encode(code))

    hashes = {"MD5": "md5", "SHA1": "sha1", "PhotoDNA": "photodna"}
    numbered = list(enumerate(pictures, 2))
    assert declared(rows) == [
        (f"{hashes[name]}:{one[name]}", f"line {number}, {name}")
        for number, one in numbered
        for name in columns
        if name in hashes
    ]
    assert texts(rows, "Series name") == [
        (one["Series name"], f"line {number}, Series name") for number, one in numbered
    ]
    assert texts(rows, "As the list tells it") == [
        ("; ".join(f"{name}: {one[name]}" for name in columns if name in TOLD), f"line {number}")
        for number, one in numbered
    ]
    assert {row.role for row in rows if isinstance(row, Sighting)} == {"unknown"}
    assert not unread(rows)


# --- C4All ----------------------------------------------------------------------------------------


class Entry(TypedDict):
    """A picture as C4All writes it."""

    kind: str
    hash: str
    category: int
    created: int
    fullpath: str
    notes: str


ENTRIES = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["Image", "Movie", "Video", "File"]), "hash": MD5, "category": CATEGORIES, "created": TIMES,
        "fullpath": st.lists(WORDS, min_size=1, max_size=4).map("\\".join), "notes": TEXTS,
    }
)  # fmt: skip


@settings(max_examples=50, deadline=None)
@given(st.lists(ENTRIES, min_size=1, max_size=5), st.sampled_from(["utf-8", "utf-16"]))
def test_an_index_of_c4all_is_read(entries: list[Entry], code: str) -> None:
    made, places, seen = [], [], dict.fromkeys(("Image", "Movie", "Video", "File"), 0)
    for one in entries:
        seen[one["kind"]] += 1
        places.append(f"/ReportIndex/{one['kind']}[{seen[one['kind']]}]")
        fields = ((key, escape(str(text))) for key, text in one.items() if key != "kind")
        inner = "".join(f"<{key}>{text}</{key}>" for key, text in fields)
        made.append(f"<{one['kind']}>{inner}</{one['kind']}>")
    whole = f'<?xml version="1.0" encoding="utf-16"?>\n<ReportIndex>{"".join(made)}</ReportIndex>'
    rows = read("c4all", whole.encode(code))

    assert declared(rows) == [
        (f"md5:{one['hash']}", f"{place}/hash") for one, place in zip(entries, places, strict=True)
    ]
    times = [row.seen_at for row in rows if isinstance(row, Sighting)]
    assert [when and (when.instant, when.candidates) for when in times] == [
        (None, (instant(one["created"]).replace(tzinfo=None),)) for one in entries
    ]
    for key, label in (("fullpath", "Path"), ("notes", "Notes")):
        assert [text for text, _ in texts(rows, label)] == [one[key] for one in entries]  # type: ignore[literal-required]
    for one, place in zip(entries, places, strict=True):
        (told,) = [text for text, at in texts(rows, one["kind"]) if at == place]
        assert f"Category: {one['category']} (" in told
        assert f"Created: {one['created']}" in told
    assert not unread(rows)


# --- VICS -----------------------------------------------------------------------------------------

CONTEXTS = {
    "1.1": ("odata.metadata", "http://github.com/ICMEC/ProjectVic/DataModels/1.1.xml#{}"),
    "1.2": ("odata.metadata", "http://github.com/ICMEC/ProjectVic/DataModels/1.2.xml#{}"),
    "1.3": ("odata.metadata", "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/1.3.xml#{}"),
    "2.0": (
        "@odata.context",
        "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/{region}/$metadata#{}",
    ),
}
FILES = st.lists(
    st.fixed_dictionaries({"MD5": MD5, "FilePath": TEXTS, "FileName": WORDS, "Created": TIMES}), max_size=3
)
MEDIA = st.fixed_dictionaries(
    {
        "MediaID": st.integers(1, 10**9), "Category": CATEGORIES, "MD5": MD5, "SHA1": SHA1, "PhotoDNA": PHOTODNA, "VictimIdentified": st.booleans(),
        "IsDistributed": st.booleans(), "Series": TEXTS, "Comments": TEXTS, "MediaSize": st.integers(1, 10**12), "MediaFiles": FILES, "SHA256": SHA256,
    }
)  # fmt: skip
NAMED = st.one_of(
    EMAILS.map(lambda text: ("email", "Email", text, text)),
    PHONES.map(lambda text: ("phone", "Phone Number", text, text)),
    ADDRESSES.map(lambda text: ("ip", "IP Address", text, text)),
    NAMES.map(lambda text: ("account", "UserName", text, f"kitechat/{text}")),
)


def vics_media(one: dict[str, Any], version: str) -> dict[str, Any]:
    """Write one media as this version has it: truth values and sizes were texts once, SHA-256 stands beside since 2.0."""
    made = {key: value for key, value in one.items() if key not in {"MediaFiles", "SHA256"}}
    if version == "2.0":
        made["AlternativeHashes"] = [{"MD5": one["MD5"], "HashName": "SHA256", "HashValue": one["SHA256"]}]
    if version == "1.1":
        made |= {key: str(value) for key, value in made.items() if isinstance(value, bool)}
        made["MediaSize"] = str(made["MediaSize"])
    else:
        made["MediaFiles"] = [
            {**file, "Created": f"{instant(file['Created']):%Y-%m-%dT%H:%M:%SZ}"}
            for file in one["MediaFiles"]
        ]
    return made


def vics_expected(one: dict[str, Any], place: str, version: str) -> list[tuple[str, str]]:
    files = [] if version == "1.1" else one["MediaFiles"]
    return [
        (f"md5:{one['MD5']}", f"{place}/MD5"),
        (f"sha1:{one['SHA1']}", f"{place}/SHA1"),
        (f"photodna:{one['PhotoDNA']}", f"{place}/PhotoDNA"),
        *(
            [(f"sha256:{one['SHA256']}", f"{place}/AlternativeHashes/0/HashValue")]
            if version == "2.0"
            else []
        ),
        *((f"md5:{file['MD5']}", f"{place}/MediaFiles/{index}/MD5") for index, file in enumerate(files)),
    ]


@pytest.mark.parametrize("version", CONTEXTS)
@settings(max_examples=30, deadline=None)
@given(
    media=st.lists(MEDIA, min_size=1, max_size=4),
    region=st.sampled_from(["US", "UK", "CA"]),
    is_case=st.booleans(),
    person=st.tuples(TEXTS, EMAILS, PHONES),
    named=st.lists(st.tuples(NAMED, TIMES, ADDRESSES), max_size=3),
)
def test_media_and_cases_of_each_version_are_read(
    version: str, media: list[dict[str, Any]], region: str, is_case: bool,
    person: tuple[str, str, str], named: list[tuple[tuple[str, str, str, str], int, str]],
) -> None:  # fmt: skip
    key, context = CONTEXTS[version]
    made = [vics_media(one, version) for one in media]
    name, email, phone = person
    identifiers = [
        {
            "IdentifierType": sort, "Name": text, **({"Application": "Kite Chat"} if sort == "UserName" else {}),
            "Events": [{"EventID": 1, "EventType": "login", "EventTime": f"{instant(at):%Y-%m-%dT%H:%M:%SZ}",
                        "EventMetadata": [{"PropertyName": "IP Address", "PropertyValue": address}]}],
        }
        for (_, sort, text, _), at, address in named
    ]  # fmt: skip
    case = {
        "CaseNumber": "K-1", "ContactName": name, "ContactEmail": email, "ContactPhone": phone, "Media": made, "Identifiers": identifiers,
    }  # fmt: skip
    value = [case] if is_case else made
    whole = {key: context.format("Cases" if is_case else "Media", region=region), "value": value}
    rows = read("vics", json.dumps(whole).encode())

    base = "/value/0/Media" if is_case else "/value"
    assert declared(rows, "hash") == [
        pair for index, one in enumerate(media) for pair in vics_expected(one, f"{base}/{index}", version)
    ]
    stamped = [
        row.seen_at and row.seen_at.instant
        for row in rows
        if isinstance(row, Sighting) and row.event == "FILE_CREATED"
    ]
    files = [file for one in media for file in one["MediaFiles"]] if version != "1.1" else []
    assert stamped == [instant(file["Created"]) for file in files]
    assert [text for text, _ in texts(rows, "File path")] == [file["FilePath"] for file in files]
    for label in ("Series", "Comments"):
        assert [text for text, _ in texts(rows, label)] == [one[label] for one in media]
    told = [row.text for row in rows if isinstance(row, FreeText) and row.label == "Media"]
    for text, one in zip(told, media, strict=True):
        assert text.startswith(f"Category: {one['Category']} (")
        assert f"Victim identified: {'yes' if one['VictimIdentified'] else 'no'}" in text
        assert f"Size: {one['MediaSize']}" in text
    without_region = [f"Categories are kept as numbers: {_NO_REGION}."] if version != "2.0" else []
    assert [row.text for row in rows if isinstance(row, NotUnderstood)] == without_region
    assert any(isinstance(row, Summary) for row in rows)
    if is_case:
        _held_by_the_case(rows, person, named)


_NO_REGION = "the file names no region, so that its list of categories is not stated"


def _held_by_the_case(
    rows: list[Any], person: tuple[str, str, str], named: list[tuple[tuple[str, str, str, str], int, str]]
) -> None:
    (contact,) = [row for row in rows if isinstance(row, Person)]
    assert (contact.names, contact.role) == ((person[0],), "other")
    of_contact = [row for row in rows if isinstance(row, Sighting) and row.person == contact.key]
    assert [(row.value.value, row.pivot, row.role) for row in of_contact] == [
        (person[1], False, "other"),
        (person[2], False, "other"),
    ]
    found = [
        (row.value.kind, row.value.value, row.place, row.seen_at and row.seen_at.instant)
        for row in rows
        if isinstance(row, Sighting) and "/Identifiers/" in row.place
    ]
    expected: list[tuple[Any, ...]] = []
    for index, ((kind, _, _, text), at, address) in enumerate(named):
        place = f"/value/0/Identifiers/{index}"
        expected += [
            (kind, text, f"{place}/Name", None),
            (kind, text, f"{place}/Events/0", instant(at)),
            ("ip", address, f"{place}/Events/0/EventMetadata/0/PropertyValue", instant(at)),
        ]
    assert found == expected
