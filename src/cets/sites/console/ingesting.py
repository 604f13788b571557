"""`cets ingest`: files, folders and standard input, in batches; returns when every hit is known."""

import os
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from cets.access.viewer import Viewer, acting
from cets.domains.agencies.models import Agency
from cets.domains.deconfliction import matching
from cets.domains.deconfliction.queries import on_keys
from cets.domains.identifiers.models import Sighting
from cets.domains.intake.actions import Incoming, Received, check_size, receive
from cets.domains.intake.reader import Reading, read_parts
from cets.domains.reports.models import Part, Remark
from cets.domains.sharing.levels import Level
from cets.kernel import clock
from cets.kernel.errors import CetsError

BATCH_FILES = 64
BATCH_BYTES = 32 * 1024 * 1024
#: If this command dies, a worker takes over what it received after this time.
SAFETY_NET = timedelta(minutes=10)


@dataclass(frozen=True)
class Given:
    """One thing to take in: what it is called, and how to open it."""

    label: str
    path: Path | None  # None: standard input


def walk(paths: Iterable[str]) -> Iterator[Given]:
    """Return files in a stable order; folders are walked, links are not followed, "-" is standard input."""
    for text in paths:
        if text == "-":
            yield Given("-", None)
            continue
        path = Path(text)
        if path.is_dir():
            for folder, names, files in os.walk(path):
                names.sort()
                yield from (Given(os.path.join(folder, name), Path(folder, name)) for name in sorted(files))  # noqa: PTH118
        else:
            yield Given(text, path)


class Refusal(CetsError):
    """The file could not be taken in. Nothing of it was kept."""


@dataclass(frozen=True)
class Session:
    """Everything a batch needs: made once per command."""

    reading: Reading
    agency: Agency
    viewer: Viewer
    sharing: Level
    max_bytes: int


def ingest(session: Session, paths: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Take files in and yield one record for each, in order (see the README's contract)."""
    for batch in _batches(walk(paths)):
        yield from _ingest_batch(session, batch)


def _batches(files: Iterable[Given]) -> Iterator[list[Given]]:
    batch: list[Given] = []
    weight = 0
    for one in files:
        size = one.path.stat().st_size if one.path and one.path.is_file() else 0
        if batch and (len(batch) >= BATCH_FILES or weight + size > BATCH_BYTES):
            yield batch
            batch, weight = [], 0
        batch.append(one)
        weight += size
    if batch:
        yield batch


def _ingest_batch(session: Session, batch: list[Given]) -> Iterator[dict[str, Any]]:
    began = time.perf_counter()
    at = clock.now()
    refused: dict[int, str] = {}
    with ExitStack() as stack:
        incoming: list[tuple[int, Incoming]] = []
        for index, one in enumerate(batch):
            try:
                incoming.append((index, _open(one, session.max_bytes, stack)))
            except CetsError as error:
                refused[index] = str(error)
        received = dict(
            zip((i for i, _ in incoming), _receive(session, [f for _, f in incoming], at), strict=True)
        )
    new = [r.part_id for r in received.values() if not r.duplicate_of]
    reports = (
        read_parts(new, reading=session.reading, country=session.agency.country, by=session.viewer, at=at)
        if new
        else []
    )
    if reports:
        matching.match(reports, at=clock.now())
    seconds = round((time.perf_counter() - began) / len(batch), 4)
    lines = Lines(session.viewer, received.values())
    for index, one in enumerate(batch):
        if index in refused:
            yield _line(one.label, error=refused[index], seconds=seconds)
        else:
            yield from lines.of(one.label, received[index], seconds)


def _receive(session: Session, files: list[Incoming], at: datetime) -> list[Received]:
    if not files:
        return []
    return receive(
        files,
        vault=session.reading.vault,
        agency=session.agency,
        sharing=session.sharing,
        by=session.viewer,
        at=at,
        read_after=SAFETY_NET,
    )


def _open(one: Given, max_bytes: int, stack: ExitStack) -> Incoming:
    if one.path is None:
        file = stack.enter_context(tempfile.SpooledTemporaryFile(max_size=max_bytes + 1))  # noqa: SIM115 - the stack closes it
        size = _copy(sys.stdin.buffer, file, max_bytes)  # type: ignore[arg-type]
        file.seek(0)
        check_size(size, max_bytes)
        return Incoming("-", file, size)  # type: ignore[arg-type]
    try:
        if not one.path.is_file():
            reason = "It is not a regular file" if one.path.exists() else "There is no such file"
            raise Refusal(f"{reason}: {one.label}")
        opened = stack.enter_context(one.path.open("rb"))
    except OSError as error:
        raise Refusal(f"The file could not be opened: {error.strerror}.") from error
    size = os.fstat(opened.fileno()).st_size
    check_size(size, max_bytes)
    return Incoming(one.path.name, opened, size)


def _copy(source: BinaryIO, target: BinaryIO, most: int) -> int:
    """Copy until the end or one byte beyond the limit."""
    size = 0
    while size <= most and (chunk := source.read(1024 * 1024)):
        target.write(chunk)
        size += len(chunk)
    return size


def _line(file: str, **values: Any) -> dict[str, Any]:
    blank: dict[str, Any] = {
        "file": file, "source": None, "report": None, "duplicate_of": None, "sightings": 0, "identifiers": 0, "hits": 0,
        "not_understood": [], "ambiguous": [], "error": None, "seconds": 0.0,
    }  # fmt: skip
    return blank | values


class Lines:
    """What is told of each file of a batch, with a few statements for all of them."""

    def __init__(self, viewer: Viewer, received: Iterable[Received]) -> None:
        received = list(received)
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
            self._hits = self._count_hits(viewer, parts)
            self._first = {r.report_id: r.reference for r in received}

    def _count_hits(self, viewer: Viewer, parts: list[Part]) -> dict[UUID, int]:
        keys: dict[UUID, set[UUID]] = {}
        rows = Sighting.objects.filter(part__in=parts).values_list("part_id", "holding__key").distinct()
        for part_id, key in rows:
            keys.setdefault(part_id, set()).add(key)
        hit = (
            set(on_keys(viewer, set().union(*keys.values())).values_list("key", flat=True)) if keys else set()
        )
        return {part_id: len(found & hit) for part_id, found in keys.items()}

    def of(self, label: str, received: Received, seconds: float) -> Iterator[dict[str, Any]]:
        """Yield a line for the file, or one for each member of a container."""
        parts = self._parts.get(self._originals[received.part_id], [])
        outer = next(p for p in parts if not p.member)
        members = [p for p in parts if p.member]
        for part in members or [outer]:
            name = f"{label}!/{part.name.split('!/', 1)[1]}" if part.member else label
            values = self._values(part, received, seconds)
            if members and part is members[-1] and outer.error:
                values["error"] = outer.error
            yield _line(name, **values)

    def _values(self, part: Part, received: Received, seconds: float) -> dict[str, Any]:
        remarks = self._remarks.get(part.id, [])
        values: dict[str, Any] = {
            "source": part.source or None,
            "report": part.report.reference,
            "duplicate_of": part.report.reference if received.duplicate_of else None,
            "sightings": part.sightings,
            "identifiers": part.identifiers,
            "hits": self._hits.get(part.id, 0),
            "not_understood": [
                f"{r.text} ({r.place})" if r.place else r.text for r in remarks if r.kind == "not_understood"
            ],
            "ambiguous": [
                {"raw": r.text, "candidates": r.candidates, "place": r.place}
                for r in remarks
                if r.kind == "ambiguous"
            ],
            "error": None,
            "seconds": seconds,
        }
        if part.state in {"not_understood", "failed"}:
            why = part.error or "No source here reads this file; the original is sealed"
            values["not_understood"] = [why, *values["not_understood"]]
        if part.report_id != received.report_id and not received.duplicate_of:
            values["joins"] = part.report.reference
        return values
