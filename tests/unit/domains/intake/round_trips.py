"""What the round trips share: a file is read by whoever recognises its content; what is written into one, all reserved."""

import io
from datetime import UTC, datetime

from hypothesis import strategies as st

from cets.domains.intake import sources
from cets.domains.intake.rows import AmbiguousPart, AnyRow, Failed, FreeText, NotUnderstood, Sighting, Trace
from cets.domains.intake.sources.base import Options

#: Letters of several scripts, and one outside of the first 65,536 characters; without "u", for "null" is how providers say nothing.
_LETTERS = "abcdefghijklmnoprstvwyzABKäéßøλжש日本🪁"

WORDS = st.text(_LETTERS, min_size=1, max_size=12)
TEXTS = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)
NAMES = st.text("abcdefghijklmnoprstuvwyz", min_size=3, max_size=10).map("q{}x".format)
EMAILS = NAMES.map("{}@mail.example".format)
PHONES = st.integers(900_000, 900_999).map("+447700{}".format)
ADDRESSES = st.one_of(
    st.integers(1, 254).map("203.0.113.{}".format),
    st.integers(1, 254).map("198.51.100.{}".format),
    st.integers(1, 0xFFFF).map("2001:db8::{:x}".format),
)
URLS = st.tuples(NAMES, NAMES).map(lambda pair: f"https://{pair[0]}.example/{pair[1]}")
#: 2001 to 2033, in seconds of UTC.
TIMES = st.integers(1_000_000_000, 2_000_000_000)


def digits(count: int) -> st.SearchStrategy[str]:
    """Return hashes of so many hexadecimal digits, in lower case as they are read."""
    return st.binary(min_size=count // 2, max_size=count // 2).map(bytes.hex)


MD5, SHA1, SHA256 = digits(32), digits(40), digits(64)


def instant(count: int) -> datetime:
    return datetime.fromtimestamp(count, UTC)


def read(name: str, raw: bytes, country: str = "GB") -> list[AnyRow]:
    """Read a file by the source that takes it, which has to be the one of this name."""
    source = sources.recognise(sources.head_of(io.BytesIO(raw), len(raw)), len(raw))
    assert source is not None
    assert source.name == name
    return list(source.read(io.BytesIO(raw), Options(country=country)))


def unread(rows: list[AnyRow]) -> list[AnyRow]:
    """Return what was not understood, not settled or given up."""
    return [row for row in rows if isinstance(row, NotUnderstood | AmbiguousPart | Failed)]


def declared(rows: list[AnyRow], *kinds: str) -> list[tuple[str, str]]:
    """Return the declared values (of these kinds) with their places, in order."""
    return [
        (row.value.value, row.place)
        for row in rows
        if isinstance(row, Sighting) and row.way == "declared" and (not kinds or row.value.kind in kinds)
    ]


def values(rows: list[AnyRow], *kinds: str) -> list[str]:
    return [value for value, _ in declared(rows, *kinds)]


def traces(rows: list[AnyRow], *kinds: str) -> list[Trace]:
    return [row for row in rows if isinstance(row, Trace) and (not kinds or row.kind in kinds)]


def of_trace(rows: list[AnyRow], trace: Trace) -> list[str]:
    """Return the declared values of one trace, each of which has its time, too."""
    found = [
        row
        for row in rows
        if isinstance(row, Sighting) and row.trace == trace.number and row.way == "declared"
    ]
    assert all(row.seen_at == trace.at for row in found)
    return [row.value.value for row in found]


def texts(rows: list[AnyRow], label: str | None) -> list[tuple[str, str]]:
    return [(row.text, row.place) for row in rows if isinstance(row, FreeText) and row.label == label]
