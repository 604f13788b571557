"""What the round trips of sources share: texts and messages to write, and what came back of them."""

import io
from datetime import UTC, datetime
from typing import NamedTuple

from hypothesis import settings
from hypothesis import strategies as st

from cets.domains.intake import sources
from cets.domains.intake.rows import AnyRow, Failed, FreeText, Message, NotUnderstood, Sighting
from cets.domains.intake.sources.base import Options

bounded = settings(max_examples=60, deadline=None)

_UNSEEN = ("Cs", "Cc", "Cf", "Co", "Cn", "Zs", "Zl", "Zp")
#: Of any script, without blanks and what is not seen.
WORDS = st.text(st.characters(min_codepoint=33, exclude_categories=_UNSEEN), min_size=1, max_size=12)
LINES = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)
#: Several lines, with blank ones among them.
PARAGRAPHS = st.lists(st.one_of(LINES, LINES, st.just("")), max_size=3).flatmap(
    lambda middle: st.tuples(LINES, LINES).map(lambda ends: "\n".join((ends[0], *middle, ends[1])))
)
#: As JSON can hold it: line ends and blanks anywhere, joiners, letters that no font has.
ANY_TEXT = st.text(
    st.one_of(st.characters(exclude_categories=("Cs", "Cc")), st.sampled_from(' \n\t"\\/&<>@:,')), max_size=40
)
FILES = st.one_of(
    st.none(), st.text("abcdeöß日 0123_-", min_size=1, max_size=10).map(lambda name: f"a{name}b.jpg")
)
NAMES = ("Robin Larch", "Zoë", "김민준", "Олег Береза", "नीला", "Team: Blue")
SECONDS = st.integers(1_250_000_000, 2_000_000_000)


class Told(NamedTuple):
    """One message to write: `who` counts in NAMES, `at` in seconds since 1970. `is_line`: of the app itself."""

    text: str
    who: int
    at: int
    file: str | None = None
    is_line: bool = False

    @property
    def name(self) -> str:
        return NAMES[self.who]

    @property
    def instant(self) -> datetime:
        return datetime.fromtimestamp(self.at, UTC)

    @property
    def clock(self) -> datetime:
        """The same as a clock on a wall shows it, of no zone."""
        return self.instant.replace(tzinfo=None)


def told(texts: st.SearchStrategy[str], *, longest: int = 8) -> st.SearchStrategy[list[Told]]:
    """Return a strategy for the messages of a chat."""
    one = st.builds(
        Told,
        text=texts,
        who=st.integers(0, len(NAMES) - 1),
        at=SECONDS,
        file=FILES,
        is_line=st.sampled_from((False, False, True)),
    )
    return st.lists(one, min_size=1, max_size=longest)


def read(name: str, raw: bytes, *, understood: bool = True) -> list[AnyRow]:
    """Read a file by the source that claims it, which must be the one of that name; nothing may be left over."""
    claimed = sources.recognise(sources.head_of(io.BytesIO(raw), len(raw)), len(raw))
    assert claimed is not None
    assert claimed.name == name
    rows = list(claimed.read(io.BytesIO(raw), Options(country="GB")))
    assert not understood or [row for row in rows if isinstance(row, NotUnderstood | Failed)] == []
    return rows


def messages(rows: list[AnyRow]) -> list[Message]:
    found = [row for row in rows if isinstance(row, Message)]
    assert [one.number for one in found] == list(range(1, len(found) + 1))
    return found


def times(found: list[Message]) -> list[datetime | tuple[datetime, ...] | None]:
    """Return the instant of each message; the only reading of one without a zone; all readings where there are more."""
    return [_time(one) for one in found]


def _time(one: Message) -> datetime | tuple[datetime, ...] | None:
    if one.sent_at is None:
        return None
    if one.sent_at.instant:
        return one.sent_at.instant
    readings = one.sent_at.candidates
    return readings[0] if len(readings) == 1 else readings


def declared(rows: list[AnyRow], *kinds: str) -> set[tuple[str, str]]:
    """Return the identifiers of some kinds that the fields of a file declare."""
    return {
        (row.value.kind, row.value.value)
        for row in rows
        if isinstance(row, Sighting) and row.way == "declared" and row.value.kind in kinds
    }


def shown(rows: list[AnyRow]) -> set[str]:
    """Return the displayed names that a file declares, as they are written there."""
    return {
        row.value.raw
        for row in rows
        if isinstance(row, Sighting) and row.way == "declared" and row.value.kind == "display_name"
    }


def texts(rows: list[AnyRow]) -> list[str]:
    return [row.text for row in rows if isinstance(row, FreeText)]
