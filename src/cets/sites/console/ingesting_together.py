"""`cets ingest --one-report`: a folder as one report, each file of it a part. Given again, it goes on where it was."""

import hashlib
import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from cets.access.viewer import acting
from cets.domains.deconfliction import matching
from cets.domains.intake.actions import Incoming, Received, held_files
from cets.domains.intake.folders import begun_report, receive_folder, say_left_out
from cets.domains.intake.left_behind import taking_in
from cets.kernel import clock
from cets.kernel.errors import CetsError
from cets.sites.console import ingesting
from cets.sites.console.ingesting import Lines, Session, line_of, open_given, read_all, receive_all, size_of
from cets.sites.console.walking import Given, walk

#: A report of one file may join another; so the first files of a folder come in together.
_FIRST_FILES = 2
#: So many reasons for which files were left out stand on the receipt.
_MOST_REASONS = 20


@dataclass
class _Folder:
    """A folder on its way. By place in `given`: names inside the report, hashes, and why a file is not taken."""

    given: list[Given]
    names: list[str]
    digests: dict[int, str] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)
    report_id: UUID | None = None


def ingest_folder(session: Session, folder: str) -> Iterator[dict[str, Any]]:
    """Take a folder in as one report and yield one record for each file, in order.

    Files are hashed first: those that are held already are not sealed again, and the report that an earlier run began is
    found by them. Each batch is sealed, then read and matched, before its records are yielded.
    """
    given = list(walk([folder]))
    with taking_in():
        one = _Folder(given, [_name(folder, each) for each in given])
        _look(session, one)
        one.report_id = begun_report(
            session.viewer, {one.names[index]: digest for index, digest in one.digests.items()}
        )
        for batch in _batches(given):
            yield from _take(session, one, batch)
        if one.report_id:
            _say_left_out(session, one)


def _name(folder: str, one: Given) -> str:
    """Return what a file is called in the report: its path inside the folder, the folder's name first."""
    root = os.path.abspath(folder)  # noqa: PTH100 - resolve() would follow links
    inside = os.path.relpath(os.path.abspath(one.label), root)  # noqa: PTH100
    return f"{os.path.basename(root) or 'folder'}/{Path(inside).as_posix()}"  # noqa: PTH119 - of a text


def _look(session: Session, one: _Folder) -> None:
    """Hash what can be read; note why the rest is not taken."""
    for index, each in enumerate(one.given):
        if each.empty:
            continue
        try:
            with ExitStack() as stack:
                one.digests[index] = _digest(open_given(each, session, stack).file)
        except CetsError as error:
            one.refused[index] = str(error)
        except OSError as error:
            one.refused[index] = ingesting.why_not(error)


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(1 << 20):
        digest.update(chunk)
    return digest.hexdigest()


def _batches(given: Sequence[Given]) -> Iterator[range]:
    start, weight = 0, 0
    for index, one in enumerate(given):
        size, count = size_of(one), index - start
        full = count >= ingesting.BATCH_FILES or weight + size > ingesting.BATCH_BYTES
        if full and count >= (1 if start else _FIRST_FILES):
            yield range(start, index)
            start, weight = index, 0
        weight += size
    if given:
        yield range(start, len(given))


def _take(session: Session, one: _Folder, batch: range) -> list[dict[str, Any]]:
    began, at = time.perf_counter(), clock.now()
    received = _held(session, [index for index in batch if index in one.digests], one)
    wanted = [index for index in batch if index in one.digests and index not in received]
    received |= _seal(session, one, wanted)
    reports = read_all(session, [each.part_id for each in received.values()], at)
    if reports:
        matching.match(reports, at=clock.now())
    lines = Lines(session.viewer, received.values())
    seconds = round((time.perf_counter() - began) / len(batch), 4)
    return [line for index in batch for line in _lines(one, index, received, lines, seconds)]


def _held(session: Session, wanted: Sequence[int], one: _Folder) -> dict[int, Received]:
    with acting(session.viewer):
        held = held_files({one.digests[index] for index in wanted})
    return {
        index: Received(one.names[index], *held[digest], duplicate_of=held[digest][2])
        for index in wanted
        if (digest := one.digests[index]) in held
    }


def _seal(session: Session, one: _Folder, wanted: Sequence[int]) -> dict[int, Received]:
    at = clock.now()

    def take(files: list[Incoming]) -> list[Received]:
        done = receive_folder(
            files, report_id=one.report_id, vault=session.reading.vault, agency=session.agency, sharing=session.sharing, by=session.viewer,
            at=at, read_after=ingesting.SAFETY_NET,
        )  # fmt: skip
        one.report_id = done.report_id
        return done.files

    with ExitStack() as stack:
        incoming: dict[int, Incoming] = {}
        for index in wanted:
            try:
                opened = open_given(one.given[index], session, stack)
            except CetsError as error:
                one.refused[index] = str(error)
            else:
                incoming[index] = Incoming(one.names[index], opened.file, opened.size)
        return receive_all(incoming, one.refused, take)


def _lines(
    one: _Folder, index: int, received: dict[int, Received], lines: Lines, seconds: float
) -> Iterator[dict[str, Any]]:
    given = one.given[index]
    if given.empty:
        yield line_of(given.label, not_understood=[given.empty])
    elif index in one.refused:
        yield line_of(given.label, part=one.names[index], error=one.refused[index])
    elif index in received:
        for line in lines.of(given.label, received[index], seconds):
            yield line | {"part": one.names[index] + line["file"].removeprefix(given.label)}


def _say_left_out(session: Session, one: _Folder) -> None:
    assert one.report_id is not None
    reasons = Counter(one.refused.values()).most_common(_MOST_REASONS)
    say_left_out(report_id=one.report_id, reasons=dict(reasons), by=session.viewer)
