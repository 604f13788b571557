"""`cets ingest`: files, folders and standard input, in batches; returns when every hit is known."""

import errno
import os
import select
import stat
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any, BinaryIO
from uuid import UUID

from django.db import DatabaseError, connections

from cets.access.viewer import Viewer, acting
from cets.domains.agencies.models import Agency
from cets.domains.deconfliction import matching
from cets.domains.deconfliction.queries import on_keys
from cets.domains.identifiers.models import Sighting
from cets.domains.intake.actions import Incoming, Received, check_size, receive
from cets.domains.intake.actions import refused as record_refusal
from cets.domains.intake.ahead import parse_ahead
from cets.domains.intake.left_behind import taking_in
from cets.domains.intake.masking import PLAIN, maskers_of, shown
from cets.domains.intake.parser.client import Parser, ParserUnavailable
from cets.domains.intake.reader import Reading
from cets.domains.intake.receipts import counted
from cets.domains.intake.steady import read_each
from cets.domains.reports.models import Part, Remark
from cets.domains.sharing.levels import Level
from cets.domains.vault.blobs import StorageFailed
from cets.kernel import clock
from cets.kernel.errors import CetsError
from cets.kernel.rows import chunks
from cets.sites.console.walking import Given, walk

BATCH_FILES = 64
BATCH_BYTES = 32 * 1024 * 1024
#: Batches that are sealed, and parsed, while one is read.
AHEAD = 2
#: Identifiers of which it is asked together whether they have a hit.
AT_ONCE = 5_000
#: If this command dies, a worker takes over what it received after this time.
SAFETY_NET = timedelta(minutes=10)
#: Of a file that is sealed while its reading could not begin, or was broken off.
NOT_READ_YET = "Not read yet. It is sealed, and the worker reads it; so does taking the same file in again"


class Refusal(CetsError):
    """The file could not be taken in. Nothing of it was kept."""


class NotKept(str):
    """Why a file was refused with which nothing is wrong: another try may fare better."""

    __slots__ = ()


@dataclass(frozen=True)
class Session:
    """Everything a batch needs: made once per command."""

    reading: Reading
    agency: Agency
    viewer: Viewer
    sharing: Level
    max_bytes: int
    stop: Event = field(default_factory=Event)  # set when the command ends, for what goes on beside it


def ingest(session: Session, paths: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Take files in and yield one record for each, in order (see the README's contract).

    Three batches are under way at a time: one is read, mostly computing; the small files of the next are parsed in a
    process of their own; the one after it is sealed, mostly waiting for the disk. Should reading break off, what was
    sealed is told as such before the error is raised.
    """
    begun: deque[Future[Sealed]] = deque()
    with taking_in(), Parser() as parser, ThreadPoolExecutor(1) as sealing, ThreadPoolExecutor(1) as parsing:
        try:
            for batch in _batches(walk(paths)):
                sealed = sealing.submit(_seal, session, batch)
                # The first batch has nothing beside which it could be parsed.
                begun.append(parsing.submit(_parse, session, sealed, parser) if begun else sealed)
                if len(begun) > AHEAD:
                    yield from _read_first(session, begun)
            while begun:
                yield from _read_first(session, begun)
        except (ParserUnavailable, DatabaseError):
            session.stop.set()
            for one in begun:
                yield from _kept(session, one)
            raise
        finally:
            session.stop.set()
            for thread in (sealing, parsing):
                thread.submit(connections.close_all).result()  # its own


def _batches(files: Iterable[Given]) -> Iterator[list[Given]]:
    batch: list[Given] = []
    weight = 0
    for one in files:
        size = size_of(one)
        if batch and (len(batch) >= BATCH_FILES or weight + size > BATCH_BYTES):
            yield batch
            batch, weight = [], 0
        batch.append(one)
        weight += size
    if batch:
        yield batch


def size_of(one: Given) -> int:
    try:
        return one.path.stat().st_size if one.path else 0
    except OSError:  # said when it is opened
        return 0


@dataclass(frozen=True)
class Sealed:
    """A batch whose files are sealed, or refused with the reason, by their place in it."""

    batch: Sequence[Given]
    received: dict[int, Received]
    refused: dict[int, str]
    at: datetime
    seconds: float


def _seal(session: Session, batch: list[Given]) -> Sealed:
    began = time.perf_counter()
    at = clock.now()
    refused: dict[int, str] = {}
    with ExitStack() as stack:
        incoming: dict[int, Incoming] = {}
        for index, one in enumerate(batch):
            if one.empty:
                continue
            try:
                incoming[index] = open_given(one, session, stack)
            except CetsError as error:
                refused[index] = str(error)
        take = partial(
            receive, vault=session.reading.vault, agency=session.agency, sharing=session.sharing, by=session.viewer, at=at,
            read_after=SAFETY_NET,
        )  # fmt: skip
        received = receive_all(incoming, refused, take)
    return Sealed(batch, received, refused, at, time.perf_counter() - began)


def _parse(session: Session, sealing: Future[Sealed], parser: Parser) -> Sealed:
    """Leave what a parser makes of the small files of a batch where their reading finds it."""
    sealed = sealing.result()
    part_ids = [one.part_id for one in sealed.received.values()]
    parse_ahead(
        part_ids, reading=session.reading, parser=parser, country=session.agency.country, by=session.viewer, stop=session.stop,
    )  # fmt: skip
    return sealed


def _read_first(session: Session, begun: deque[Future[Sealed]]) -> Iterator[dict[str, Any]]:
    yield from _read_batch(session, begun[0].result())
    begun.popleft()


def _read_batch(session: Session, sealed: Sealed) -> list[dict[str, Any]]:
    began = time.perf_counter()
    # Also of files that were in already: should their reading have been broken off, it is made good now.
    reports = read_all(session, [r.part_id for r in sealed.received.values()], sealed.at)
    if reports:
        matching.match(reports, at=clock.now())
    return _lines(session, sealed, sealed.seconds + time.perf_counter() - began)


def read_all(session: Session, parts: Sequence[UUID], at: datetime) -> list[UUID]:
    if not parts:
        return []
    country = session.agency.country
    reports = read_each(parts, reading=session.reading, country=country, by=session.viewer, at=at)
    for part_id in parts:  # what came twice may have been parsed twice
        session.reading.ahead.pop(part_id, None)
    return reports


def _lines(session: Session, sealed: Sealed, seconds: float) -> list[dict[str, Any]]:
    each = round(seconds / len(sealed.batch), 4)
    lines = Lines(session.viewer, sealed.received.values(), asked=session.sharing)
    told: list[dict[str, Any]] = []
    for index, one in enumerate(sealed.batch):
        if one.empty:
            told.append(line_of(one.label, not_understood=[one.empty]))
        elif index in sealed.refused:
            told.append(line_of(one.label, error=sealed.refused[index], seconds=each))
        else:
            told.extend(lines.of(one.label, sealed.received[index], each))
    return told


def _kept(session: Session, sealing: Future[Sealed]) -> Iterator[dict[str, Any]]:
    """Yield the lines of a batch whose reading broke off; without a database, what is known of it all the same."""
    if sealing.exception():
        return  # nothing of it was kept
    sealed = sealing.result()
    try:
        yield from _lines(session, sealed, sealed.seconds)
    except DatabaseError:
        for index, one in enumerate(sealed.batch):
            if one.empty:
                yield line_of(one.label, not_understood=[one.empty])
            elif index in sealed.refused:
                yield line_of(one.label, error=sealed.refused[index])
            else:
                reference = sealed.received[index].reference
                yield line_of(one.label, report=reference, not_understood=[NOT_READ_YET])


def receive_all(
    files: dict[int, Incoming], refused: dict[int, str], take: Callable[[list[Incoming]], list[Received]]
) -> dict[int, Received]:
    """Seal the files together or, should that fail, one by one; what fails alone is added to `refused`."""
    if not files:
        return {}
    try:
        got = take(list(files.values()))
    except (OSError, StorageFailed) as error:
        if len(files) == 1:
            (index,) = files
            refused[index] = why_not(error)
            return {}
        done: dict[int, Received] = {}
        for index, one in files.items():
            done |= receive_all({index: one}, refused, take)
        return done
    return dict(zip(files, got, strict=True))


def why_not(error: OSError | StorageFailed) -> str:
    if isinstance(error, OSError):
        return f"The file could not be read: {error.strerror}. Nothing of it was kept."
    return NotKept(f"{error} Nothing of the file was kept.")


class Snapshot:
    """A file as long as it was when it was opened, though somebody may go on writing to it."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file, self._size = file, size

    def read(self, size: int = -1, /) -> bytes:
        left = self._size - self._file.tell()
        return self._file.read(left if size < 0 else min(size, left)) if left > 0 else b""

    def seek(self, position: int, /) -> int:
        return self._file.seek(position)


def open_given(one: Given, session: Session, stack: ExitStack) -> Incoming:
    """Open one thing at its start. Raises Refusal, TooLarge, Empty; the last two are recorded."""
    if one.refused:
        raise Refusal(one.refused)
    if one.path is None:
        file, size = _open_input(session.max_bytes, session.stop, stack)
    else:
        file, size = _open_file(one.path, stack)
    try:
        check_size(size, session.max_bytes)
    except CetsError as error:
        record_refusal(size=size, reason=str(error), by=session.viewer)
        raise
    return Incoming(one.path.name if one.path else "-", Snapshot(file, size), size)  # type: ignore[arg-type]


def _open_input(max_bytes: int, stop: Event, stack: ExitStack) -> tuple[BinaryIO, int]:
    if sys.stdin is None:
        raise Refusal("Standard input is closed.")
    file = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
    size = 0
    while size <= max_bytes and (chunk := _next_of_input(stop)):
        file.write(chunk)
        size += len(chunk)
    file.seek(0)
    return file, size


def _next_of_input(stop: Event) -> bytes:
    """Return what standard input brings next, nothing at its end. Whoever stops the command need not wait for that."""
    while not stop.is_set():
        if select.select([sys.stdin], [], [], 0.2)[0]:
            return os.read(sys.stdin.fileno(), 1 << 20)
    raise Refusal("The command was stopped before standard input ended.")


def _open_file(path: Path, stack: ExitStack) -> tuple[BinaryIO, int]:
    try:
        # Not blocking: a pipe put in the file's place between look and open must not hold us up.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        reason = (
            "There is no such file"
            if error.errno == errno.ENOENT
            else f"The file could not be opened: {error.strerror}"
        )
        raise Refusal(f"{reason}.") from error
    opened = stack.enter_context(os.fdopen(descriptor, "rb"))
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        raise Refusal("It is not a regular file.")
    return opened, found.st_size


def line_of(file: str, **values: Any) -> dict[str, Any]:
    blank: dict[str, Any] = {
        "file": file, "source": None, "report": None, "duplicate_of": None, "sightings": 0, "identifiers": 0,
        "messages": 0, "traces": 0, "people": 0, "texts": 0, "hits": 0, "not_understood": [], "cut": 0, "skipped": 0, "ambiguous": [],
        "parser": None, "patterns": 0, "patterns_version": 0, "error": None, "seconds": 0.0,
    }  # fmt: skip
    return blank | values


class Lines:
    """What is told of each file of a batch, with a few statements for all of them."""

    def __init__(self, viewer: Viewer, received: Iterable[Received], *, asked: Level | None = None) -> None:
        received = list(received)
        self._asked = asked  # at what level they were handed in; None: nothing is said of that
        with acting(viewer):
            originals = dict(
                Part.objects.filter(id__in=[r.part_id for r in received]).values_list("id", "original_id")
            )
            parts = list(
                Part.objects.filter(original_id__in=originals.values())
                .select_related("report")
                .order_by("report_id", "number")
            )
            self._parts: dict[UUID, list[Part]] = {}
            for part in parts:
                self._parts.setdefault(part.original_id, []).append(part)
            self._originals = originals
            self._remarks: dict[UUID, list[Remark]] = {}
            for remark in Remark.objects.filter(part__in=parts).order_by("id"):
                self._remarks.setdefault(remark.part_id, []).append(remark)
            self._maskers = maskers_of(remark.report_id for own in self._remarks.values() for remark in own)
            self._counted = {one.part.id: one for one in counted(parts)}
            self._hits = self._count_hits(viewer, parts)
            self._first = {r.report_id: r.reference for r in received}

    def _count_hits(self, viewer: Viewer, parts: list[Part]) -> Counter[UUID]:
        rows = Sighting.objects.filter(part__in=parts).values_list("part_id", "holding__key").distinct()
        found: Counter[UUID] = Counter()
        # Some thousands at a time: one file may hold a million identifiers.
        for some in chunks(rows.iterator(), AT_ONCE):
            hit = set(on_keys(viewer, {key for _, key in some}).values_list("key", flat=True))
            found.update(part_id for part_id, key in some if key in hit)
        return found

    def of(self, label: str, received: Received, seconds: float) -> Iterator[dict[str, Any]]:
        """Yield a line for the file, or one for each member of a container."""
        parts = self._parts.get(self._originals[received.part_id], [])
        outer = next(p for p in parts if not p.member)
        members = [p for p in parts if p.member]
        for part in members or [outer]:
            name = f"{label}!/{(part.name_raw or part.name).split('!/', 1)[1]}" if part.member else label
            values = self._values(part, received, seconds)
            if members and part is members[-1] and outer.error:
                # It is sealed, so it is no refusal; the container's own receipt has no line but this.
                values["not_understood"] = [*values["not_understood"], outer.error]
            yield line_of(name, **values)

    def _values(self, part: Part, received: Received, seconds: float) -> dict[str, Any]:
        remarks, masker = self._remarks.get(part.id, []), self._maskers.get(part.report_id, PLAIN)
        doubts = [(masker.label(r.place), *shown(r, masker)) for r in remarks if r.kind == "ambiguous"]
        values: dict[str, Any] = {
            "source": part.source or None,
            "report": part.report.reference,
            "duplicate_of": part.report.reference if received.duplicate_of else None,
            "sightings": part.sightings,
            "identifiers": part.identifiers,
            "messages": part.messages,
            "traces": part.traces,
            "people": self._counted[part.id].people,
            "texts": self._counted[part.id].passages,
            "cut": self._counted[part.id].cut,
            "skipped": self._counted[part.id].skipped,
            "parser": part.parser_version or None,
            "patterns": part.patterns,
            "patterns_version": part.patterns_version,
            "hits": self._hits[part.id],
            "not_understood": [
                masker(f"{r.text} ({r.place})" if r.place else r.text)
                for r in remarks
                if r.kind == "not_understood"
            ],
            "ambiguous": [
                {"raw": raw, "candidates": candidates, "place": place} for place, raw, candidates in doubts
            ],
            "error": None,
            "seconds": seconds,
        }
        if part.state == "sealed":
            values["not_understood"] = [NOT_READ_YET]
        if part.state in {"not_understood", "failed"}:
            why = masker.label(part.error) or "No source here reads this file; the original is sealed"
            values["not_understood"] = [why, *values["not_understood"]]
        if part.report_id != received.report_id and not received.duplicate_of:
            values["joins"] = part.report.reference
        if received.duplicate_of:
            values["sharing"] = Level(part.report.sharing).word
        notes = [masker(r.text) for r in remarks if r.kind == "note"]
        if notes := [*self._not_applied(part, received), *notes]:
            values["remarks"] = notes
        return values

    def _not_applied(self, part: Part, received: Received) -> Iterator[str]:
        """Say of a file that is held already that the level asked for now changed nothing."""
        level = Level(part.report.sharing)
        if received.duplicate_of and self._asked is not None and level is not self._asked:
            yield (
                f"Held already at the level {level.word}, and {self._asked.word} was not applied:"
                f" change it on the report {part.report.reference}, at the desk"
            )
