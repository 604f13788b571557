"""What every source promises, checked over the examples in its folder."""

import io
import itertools
import json
import random
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from cets.domains.identifiers import kinds
from cets.domains.intake import sources
from cets.domains.intake.parser.client import Parser
from cets.domains.intake.rows import AnyRow, Failed, Message, Person, Sighting, Summary, Trace
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sources.text import decoding
from cets.kernel.moments import Moment

GB = Options(country="GB")
CONTAINERS = ("zip", "tar", "7z", "compressed")
NAMES = (
    "cybertip_json",
    "cybertip_xml",
    "pdf",
    "provider_return",
    "snap_return",
    "kik_return",
    "csv",
    "xlsx",
    "whatsapp",
    "eml",
    "msg",
    "mbox",
    "text",
    "note",
    *CONTAINERS,
    "hash_list",
    "irc",
    "signal",
    "c4all",
    "icse",
    "vics",
    "stix",
    "misp",
    "case_uco",
    "cellebrite_xml",
    "sms_backup",
    "telegram",
    "discord",
    "messenger",
    "instagram",
    "slack",
    "takeout",
    "signal_json",
    "web_page",
    "leapp",
    "chrome_history",
    "firefox_history",
    "android_messages",
    "android_contacts",
    "ios_messages",
    "ios_calls",
    "ios_contacts",
    "safari_history",
    "skype",
    "hangouts",
    "sqlite",
)
#: Formats in which what is written is what is read; the others are packed or encoded.
AS_WRITTEN = (
    "cybertip_json",
    "cybertip_xml",
    "csv",
    "whatsapp",
    "text",
    "note",
    "hash_list",
    "irc",
    "signal",
    "icse",
)
JSON = ("cybertip_json",)
STEP = 97
MUTATIONS = 200


def folder(name: str) -> Path:
    own = {
        "csv": "csv_table",
        "zip": "zip_archive",
        "tar": "tar_archive",
        "7z": "seven_zip",
        "sqlite": "sqlite_database",
    }
    return Path(sources.__file__).parent / own.get(name, name)


EXAMPLES = [
    pytest.param(name, path, id=f"{name}-{path.name}")
    for name in NAMES
    for path in sorted((folder(name) / "examples").glob("*"))
]


def read(source: Source, data: bytes, options: Options = GB) -> list[AnyRow]:
    return list(source.read(io.BytesIO(data), options))


def moments(rows: list[AnyRow]) -> Iterator[Moment]:
    for row in rows:
        found: list[Moment | None] = []
        if isinstance(row, Sighting):
            found = [row.seen_at]
        elif isinstance(row, Message):
            found = [row.sent_at]
        elif isinstance(row, Trace):
            found = [row.at, row.until]
        elif isinstance(row, Summary):
            found = [row.incident_at, row.received_at]
        yield from (moment for moment in found if moment is not None)


def test_every_source_is_registered_under_its_name() -> None:
    assert set(sources.all_sources()) == set(NAMES)
    assert dict(sources.SOURCES) == dict(sources.all_sources())
    for name, source in sources.all_sources().items():
        assert source.name == name
        assert source.caption
        assert source.version


@pytest.mark.parametrize("name", NAMES)
def test_every_source_explains_itself(name: str) -> None:
    text = (folder(name) / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) >= 8
    assert list((folder(name) / "examples").iterdir()), "a source has examples of its own"


@pytest.mark.parametrize(("name", "path"), EXAMPLES)
def test_its_own_examples_are_recognised_and_nobody_elses(name: str, path: Path) -> None:
    data = path.read_bytes()
    best = sources.recognise(sources.head_of(io.BytesIO(data), len(data)), len(data))
    assert best is not None
    assert best.name == name


@pytest.mark.parametrize(("name", "path"), EXAMPLES)
def test_reading_streams_and_is_the_same_twice(name: str, path: Path) -> None:
    source = sources.all_sources()[name]
    data = path.read_bytes()
    rows = read(source, data)
    assert rows
    assert rows == read(source, data)
    assert not any(isinstance(row, Failed) for row in rows), "an example is whole"
    first = list(itertools.islice(source.read(io.BytesIO(data), GB), 1))
    assert first == rows[:1]


@pytest.mark.parametrize(("name", "path"), EXAMPLES)
def test_the_confined_process_reads_the_same_in_its_first_file(name: str, path: Path) -> None:
    """What a library opens on its first use has to be open by then: nothing can be afterwards."""
    data = path.read_bytes()
    with Parser() as parser:
        rows = list(parser.parse(io.BytesIO(data), len(data), GB))
    if name in CONTAINERS:
        assert not any(isinstance(row, Failed) for row in rows)
    else:
        assert rows == read(sources.all_sources()[name], data)


@pytest.mark.parametrize(("name", "path"), EXAMPLES)
def test_rows_survive_the_way_between_processes(name: str, path: Path) -> None:
    rows = read(sources.all_sources()[name], path.read_bytes())
    encoded = [msgspec.msgpack.encode(row) for row in rows]
    assert [msgspec.msgpack.decode(row, type=AnyRow) for row in encoded] == rows


@pytest.mark.parametrize(("name", "path"), EXAMPLES)
def test_every_row_says_where_it_stands(name: str, path: Path) -> None:
    for row in read(sources.all_sources()[name], path.read_bytes()):
        if hasattr(row, "place"):
            assert row.place, row


@pytest.mark.parametrize(("name", "path"), EXAMPLES)
def test_persons_and_messages_that_are_referred_to_exist(name: str, path: Path) -> None:
    if name in CONTAINERS:
        pytest.skip("keys are unique within a member")
    rows = read(sources.all_sources()[name], path.read_bytes())
    persons = [row.key for row in rows if isinstance(row, Person)]
    numbers = [row.number for row in rows if isinstance(row, Message)]
    assert len(persons) == len(set(persons))
    assert len(numbers) == len(set(numbers))
    traces = [row.number for row in rows if isinstance(row, Trace)]
    assert len(traces) == len(set(traces))
    for row in rows:
        if isinstance(row, Sighting):
            assert row.person is None or row.person in persons
            assert row.message is None or row.message in numbers
            assert row.trace is None or (row.trace in traces and row.message is None)
        if isinstance(row, Trace):
            assert row.person is None or row.person in persons
        if isinstance(row, Message):
            assert row.sender_person is None or row.sender_person in persons


@pytest.mark.parametrize(("name", "path"), EXAMPLES)
def test_offsets_point_at_what_was_found(name: str, path: Path) -> None:
    if name in CONTAINERS:
        pytest.skip("messages are numbered within a member")
    rows = read(sources.all_sources()[name], path.read_bytes())
    texts = {row.number: row.text for row in rows if isinstance(row, Message)}
    recorded = {row.number: row.text for row in rows if isinstance(row, Trace)}
    for row in rows:
        if isinstance(row, Sighting) and row.message and row.start is not None and row.way == "mentioned":
            assert texts[row.message][row.start : row.end] == row.value.raw
        if isinstance(row, Sighting) and row.trace and row.start is not None and row.way == "mentioned":
            assert recorded[row.trace][row.start : row.end] == row.value.raw


@pytest.mark.parametrize(("name", "path"), EXAMPLES)
def test_values_are_clean_and_in_the_file(name: str, path: Path) -> None:
    data = path.read_bytes()
    rows = read(sources.all_sources()[name], data)
    written = _text_of(name, data)
    for row in rows:
        if isinstance(row, Sighting):
            assert row.value.kind in kinds.KINDS
            if name in AS_WRITTEN:
                assert _squeezed(row.value.raw) in written


def _text_of(name: str, data: bytes) -> str:
    text = data.decode(decoding.detect(io.BytesIO(data)).name, "replace")
    if name in JSON:
        text = json.dumps(json.loads(text.lstrip("\ufeff")), ensure_ascii=False).replace("\\n", "\n")
    return _squeezed(text.replace('""', '"'))


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


@pytest.mark.parametrize(("name", "path"), EXAMPLES)
def test_time_is_never_guessed(name: str, path: Path) -> None:
    source = sources.all_sources()[name]
    data = path.read_bytes()
    found = list(moments(read(source, data)))
    for moment in found:
        if moment.instant is not None:
            assert moment.instant.utcoffset() is not None
            assert moment.zone, "certain only where the source names a zone"
            assert not moment.candidates
    elsewhere = list(moments(read(source, data, Options(country="US"))))
    assert found == elsewhere, "the country of the reader settles no date"


@pytest.mark.parametrize(("name", "path"), EXAMPLES)
def test_a_file_cut_anywhere_ends_in_rows(name: str, path: Path) -> None:
    data = path.read_bytes()
    source = sources.all_sources()[name]
    for end in range(0, min(len(data), 12_000), STEP):
        sources.recognise(sources.head_of(io.BytesIO(data[:end]), end), end)
        for row in read(source, data[:end]):
            msgspec.msgpack.encode(row)


@pytest.mark.parametrize("name", NAMES)
def test_a_damaged_file_ends_in_rows(name: str) -> None:
    source = sources.all_sources()[name]
    chance = random.Random(zlib.crc32(name.encode()))
    originals = [path.read_bytes() for path in sorted((folder(name) / "examples").iterdir())]
    originals.sort(key=len)
    for number in range(MUTATIONS):
        data = bytearray(originals[number % min(3, len(originals))])
        for _ in range(chance.randint(1, 8)):
            _damage(data, chance)
        sources.recognise(sources.head_of(io.BytesIO(data), len(data)), len(data))
        for row in read(source, bytes(data)):
            msgspec.msgpack.encode(row)


def _damage(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data) + 1)
    how = chance.randrange(4)
    if how == 0 and at < len(data):
        data[at] = chance.randrange(256)
    elif how == 1:
        data[at:at] = chance.choice(
            [b"\x00", b"\xff\xfe", b'"', b"<", b"{[", b"\xed\xa0\x80", b"=", b"\\ud800", b"\n\n"]
        )
    elif how == 2:
        del data[at : at + chance.randint(1, 40)]
    else:
        data[at:at] = data[max(0, at - 60) : at]
