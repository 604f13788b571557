"""Our side of the parser's process: starts it, hands it files, guards it, replaces it.

    with Parser() as parser:
        parsing = parser.parse(fd, size, Options(country="GB"))
        for row in parsing:
            ...
        parsing.outcome.source

Whatever the file does, the iterator ends: with the source's last row, or with a `Failed` that names the
limit.
"""

import contextlib
import math
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from types import TracebackType
from typing import BinaryIO, Self

import msgspec

from cets.domains.intake.parser import wire
from cets.domains.intake.parser.process import ParserUnavailable, Process
from cets.domains.intake.rows import AnyRow, Failed, MemberStart, NotUnderstood
from cets.domains.intake.sources.base import Options

__all__ = ["Limits", "Outcome", "Parser", "ParserUnavailable", "Parsing", "plaintext_file"]

_IN_MEMORY = 8 << 20
_COPY = 1 << 20
_LOOK_SECONDS = 1.0
_PACKED = b"PK\x03\x04"  # how workbooks and archives begin
#: How a process ends by what it reads. Who kills it from outside says nothing about the file.
_CRASHES = frozenset(
    -number
    for number in (
        signal.SIGABRT,
        signal.SIGSEGV,
        signal.SIGBUS,
        signal.SIGILL,
        signal.SIGFPE,
        signal.SIGTRAP,
        signal.SIGSYS,
    )
)
#: Of an archive, so many members may end the process, each once; what is behind a further one is not read.
MOST_CRASHES = 16


class Limits(msgspec.Struct, frozen=True):
    """What one file may cost. Bytes, seconds, rows."""

    memory: int = 512_000_000
    seconds: float = 60.0
    seconds_per_megabyte: float = 3.0
    seconds_per_packed_megabyte: float = 24.0  # of a workbook or archive, which holds many times its size
    most_seconds: float = 1_800.0
    rows: int = 8_000_000
    output: int = 4_000_000_000
    spool: int = 320_000_000  # one unpacked member of an archive
    scratch: int = 1_300_000_000  # the file itself, and all that is unpacked of it at one moment
    files_per_process: int = 5_000
    resident: int = 256_000_000  # a process that stays above it is replaced

    def seconds_for(self, size: int, *, packed: bool = False) -> float:
        per_megabyte = self.seconds_per_packed_megabyte if packed else self.seconds_per_megabyte
        return min(self.seconds + per_megabyte * size / 1_000_000, self.most_seconds)


class Outcome(msgspec.Struct, frozen=True):
    """How a parse went. `source` and `version` are None when the content is of no known format.

    `lost` tells that the process ended without a word and at no limit of ours: another try may fare better.
    """

    source: str | None
    version: str | None
    seconds: float
    peak_memory: int | None
    rows: int
    output: int  # bytes of the rows as they came
    failed: str | None
    lost: bool = False


class _LimitMet(Exception):
    """Its text names the limit."""


class Parsing(Iterator[AnyRow]):
    """The rows of one file. `outcome` is there when it has ended; `close()` ends it early."""

    def __init__(
        self,
        parser: "Parser",
        child: Process,
        seconds: float,
        limits: Limits,
        *,
        request: wire.Request,
        file: int,
    ) -> None:
        self.outcome: Outcome | None = None
        self._parser, self._child, self._limits = parser, child, limits
        self._request, self._file = request, file  # the descriptor is ours until the end
        self._left = self._allowed = seconds
        self._members = self._rows_of_member = self._crashed_at = self._crashes = 0
        self._began = time.perf_counter()
        self._started = wire.Started(None, None)
        self._batch: Iterator[AnyRow] = iter(())
        self._rows = self._output = 0
        self._failed: str | None = None  # a member that fails is the member's matter
        self._look_at = time.monotonic() + _LOOK_SECONDS

    def __next__(self) -> AnyRow:
        while True:
            for row in self._batch:
                self._rows += 1
                self._rows_of_member += 1
                if isinstance(row, MemberStart):
                    self._members += 1
                    self._rows_of_member = 1
                elif isinstance(row, Failed) and not self._members:
                    self._failed = row.reason
                return row
            if self.outcome is not None:
                raise StopIteration
            reason = self._take_frame()
            if reason is not None:
                self._batch = iter((Failed(reason=reason), *self._unread()))

    @property
    def source(self) -> str | None:
        """What reads the file, once it has begun; None when nobody knows its format."""
        return self._started.source

    def close(self) -> None:
        """Give up the rest. The process is replaced, as it may be in the middle of anything."""
        if self.outcome is None:
            self._end(None, "Given up by the reader of the rows.")
            self._parser._drop()  # noqa: SLF001 - the two are one

    def _take_frame(self) -> str | None:
        """Take one frame in. Returns the reason when that ends the parse badly."""
        try:
            kind, body = self._receive()
            if kind == wire.ROWS:
                return self._take_rows(body)
            if kind == wire.STARTED:
                self._started = msgspec.msgpack.decode(body, type=wire.Started)
            elif kind == wire.DONE:
                done = msgspec.msgpack.decode(body, type=wire.Done)
                self._end(done, done.failed or self._failed)
                self._parser._finished(done)  # noqa: SLF001 - the two are one
                if done.failed:
                    self._batch = iter(self._unread())
            else:
                return self._break("The parser's process sent something that is no answer.")
        except _LimitMet as met:
            return self._break(str(met))
        except (wire.BrokenFrame, OSError):
            return self._break(None)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return self._break("The parser's process sent something that is no row.")
        return None

    def _receive(self) -> tuple[bytes, bytearray]:
        # Only the time spent waiting counts: a caller that is slow to store the rows costs the file nothing.
        start = time.monotonic()
        try:
            self._wait(start + max(self._left, 0.001))
            self._child.sock.settimeout(max(self._left, 0.001))
            return self._child.receive()
        except TimeoutError:
            raise _LimitMet(f"Stopped at the time limit of {math.ceil(self._allowed)} seconds.") from None
        finally:
            self._left -= time.monotonic() - start

    def _wait(self, end: float) -> None:
        """Wait for an answer, and look now and then at what the process writes meanwhile."""
        while (now := time.monotonic()) < end:
            if now >= self._look_at:
                self._look_at = now + _LOOK_SECONDS
                if self._child.written() > self._limits.scratch:
                    most = self._limits.scratch // 1_000_000
                    raise _LimitMet(f"Stopped at the limit of {most} MB that are unpacked at a time.")
            if self._child.has_answer(min(end, self._look_at) - now):
                return

    def _take_rows(self, body: bytearray) -> str | None:
        rows = wire.decode_rows(body)
        self._output += len(body)
        if self._output > self._limits.output:
            return self._break(f"Stopped at the output limit of {self._limits.output // 1_000_000} MB.")
        room = self._limits.rows - self._rows
        if len(rows) > room:
            reason = self._break(f"Stopped at the limit of {self._limits.rows} rows.")
            told = rows[: max(room, 0)]
            self._batch = iter([*told, Failed(reason=reason), *self._unread()])
            return None
        self._batch = iter(rows)
        return None

    def _break(self, reason: str | None) -> str:
        status = self._parser._drop()  # noqa: SLF001 - the two are one
        lost = reason is None and status != -signal.SIGXCPU and not self._crashes
        is_crash = reason is None and status in _CRASHES
        reason = reason or _why_it_died(status, self._limits)
        if is_crash and self._goes_on():
            return f"{reason} It ended at this file; what was read of it until then stands, and those after it are read."
        self._end(None, reason, lost=lost)
        return reason

    def _goes_on(self) -> bool:
        """Have another process read what is behind the member that ended this one, within the limits of the file."""
        if self._members == self._crashed_at or self._crashes == MOST_CRASHES or self._left <= 0:
            return False
        self._crashed_at = self._members
        self._crashes += 1
        options = msgspec.structs.replace(self._request.options, told=(self._members, self._rows_of_member))
        request = msgspec.structs.replace(self._request, options=options, cpu_seconds=math.ceil(self._left))
        self._child = self._parser._hand_over(request, self._file)  # noqa: SLF001 - the two are one
        return True

    def _unread(self) -> tuple[NotUnderstood, ...]:
        """Return what is said of the members behind the one at which the reading of an archive ended for good."""
        if self.outcome is None or not self._members:
            return ()
        text = "The reading of the archive ended here; what may lie behind this file in it was not read."
        return (NotUnderstood(text=text, place="whole file", sort="limit"),)

    def _end(self, done: wire.Done | None, failed: str | None, *, lost: bool = False) -> None:
        os.close(self._file)
        self.outcome = Outcome(
            source=self._started.source,
            version=self._started.version,
            seconds=done.seconds if done else time.perf_counter() - self._began,
            peak_memory=done.peak_memory if done else None,
            rows=self._rows,
            output=self._output,
            failed=failed,
            lost=lost,
        )


def _why_it_died(status: int | None, limits: Limits) -> str:
    if status == -signal.SIGXCPU:
        return "Stopped at the limit of processor time."
    if status == -signal.SIGKILL:
        return "The parser's process was killed by the system, which may have run out of memory."
    if status is not None and status < 0:
        name = signal.Signals(-status).name
        limit = limits.memory // 1_000_000
        return f"The parser's process broke down ({name}), perhaps at the memory limit of {limit} MB."
    return "The parser's process ended without an answer."


class Parser:
    """Reads files in a guarded process, one at a time. For one thread; make one per worker.

    The process is started with the first file and serves thousands; a dead, hung or swollen one is replaced.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._child: Process | None = None
        self._current: Parsing | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """Process id of the running child, for supervision."""
        return self._child.pid if self._child else None

    @property
    def confined(self) -> tuple[str, ...]:
        """The protections that hold in the child ("no network"...); starts one if need be."""
        return self._ready().confined

    @property
    def user(self) -> int | None:
        """As whom the child runs, as the system says; None where it does not. Starts one if need be."""
        return self._ready().user

    def parse(
        self,
        file: int | BinaryIO,
        size: int,
        options: Options,
        *,
        limits: Limits | None = None,
        source: str | None = None,
        label: str = "",
    ) -> Parsing:
        """Read `file` and return its rows as they come. `source` None: recognised by content.

        `file` is a descriptor of a regular file or memfd, or a binary file; either stays the caller's and is
        not moved. `label` only serves to recognise the job. Starting a new parse ends an unfinished one.
        `limits.memory` may lower the parser's own, never raise it. Raises ParserUnavailable.
        """
        limits = limits or self.limits
        if self._current is not None:
            self._current.close()
            self._current = None
        with _own_descriptor(file) as fd:
            seconds = limits.seconds_for(size, packed=os.pread(fd, len(_PACKED), 0) == _PACKED)
            request = wire.Request(
                size=size,
                options=options,
                memory=limits.memory,
                cpu_seconds=math.ceil(seconds),
                spool=limits.spool,
                source=source,
                label=label,
            )
            child = self._hand_over(request, fd)
            kept = os.dup(fd)
        self._current = Parsing(self, child, seconds, limits, request=request, file=kept)
        return self._current

    def close(self) -> None:
        if self._current is not None:
            self._current.close()
            self._current = None
        self._drop()

    def _hand_over(self, request: wire.Request, fd: int) -> Process:
        try:
            child = self._ready()
            child.send(request, fd)
        except OSError:
            # It died while nobody looked (killed by hand, machine short of memory): the file is not to blame.
            self._drop()
            child = self._ready()
            child.send(request, fd)
        child.files += 1
        return child

    def _ready(self) -> Process:
        if self._child is None:
            self._child = Process(self.limits.memory)
        return self._child

    def _finished(self, done: wire.Done) -> None:
        child = self._child
        swollen = done.resident > self.limits.resident
        if child and (not done.fit or swollen or child.files >= self.limits.files_per_process):
            self._drop()

    def _drop(self) -> int | None:
        child, self._child = self._child, None
        return child.stop() if child else None


@contextlib.contextmanager
def _own_descriptor(file: int | BinaryIO) -> Iterator[int]:
    """Give a descriptor with a position of its own, read-only where the system can make one."""
    fd = file if isinstance(file, int) else _descriptor_of(file)
    if fd is None:
        assert not isinstance(file, int)
        with _copied(file) as copy:
            yield copy.fileno()
        return
    try:
        own = os.open(f"/proc/self/fd/{fd}", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        own = os.dup(fd)
    try:
        yield own
    finally:
        os.close(own)


def _descriptor_of(file: BinaryIO) -> int | None:
    try:
        return file.fileno()
    except OSError:  # in memory; io.UnsupportedOperation is one
        return None


@contextlib.contextmanager
def _copied(file: BinaryIO) -> Iterator[BinaryIO]:
    """Copy a file that lives in Python's memory to where a descriptor can reach it."""
    position = file.tell()
    with plaintext_file(None) as copy:
        shutil.copyfileobj(file, copy, _COPY)
        copy.flush()
        file.seek(position)
        yield copy


def plaintext_file(size: int | None) -> BinaryIO:
    """Return an empty file without a name for a copy to be parsed: in memory when small, else on disk."""
    if size is not None and size <= _IN_MEMORY and hasattr(os, "memfd_create"):
        return open(os.memfd_create("cets-parse", os.MFD_CLOEXEC), "w+b")  # noqa: PTH123 - a descriptor
    return tempfile.TemporaryFile(prefix="cets-parse-")
