"""Our side of the parser's process: starts it, hands it files, guards it, replaces it.

    with Parser() as parser:
        parsing = parser.parse(fd, size, Options(country="GB"))
        for row in parsing:
            ...
        parsing.outcome.source

Whatever the file does, the iterator ends: with the source's last row, or with a `Failed` that names the
limit.
"""

import array
import contextlib
import math
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import msgspec

from cets.domains.intake.parser import wire
from cets.domains.intake.rows import AnyRow, Failed, MemberStart
from cets.domains.intake.sources.base import Options
from cets.kernel.errors import CetsError

_START_SECONDS = 60.0
_IN_MEMORY = 8 << 20
_COPY = 1 << 20
_COMMAND = ("-s", "-P", "-X", "utf8", "-m", "cets.domains.intake.parser.child")
#: The child runs the very code that its caller runs, wherever that lies; nothing else of our environment.
_ENVIRONMENT = {
    "PYTHONPATH": str(Path(__file__).parents[4]),
    "LANG": "C.UTF-8",
    "MALLOC_ARENA_MAX": "1",
}

_PACKED = b"PK\x03\x04"  # how workbooks and archives begin


class ParserUnavailable(CetsError):
    """The process that reads files could not be started. Files are sealed and wait; see `cets doctor`."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


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


class _Child:
    """One running process with its end of the socket."""

    def __init__(self, memory: int) -> None:
        self.files = 0
        self.scratch = tempfile.mkdtemp(prefix="cets-parser-")
        self.sock, theirs = socket.socketpair()
        try:
            with theirs:
                self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                    [sys.executable, *_COMMAND, str(theirs.fileno()), str(memory), self.scratch],
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,  # a traceback could hold content
                    env={**_ENVIRONMENT, "TMPDIR": self.scratch},
                    cwd=self.scratch,
                    process_group=0,  # Ctrl-C in the terminal is for the command; it then ends us
                )
            self.sock.settimeout(_START_SECONDS)
            _, body = self.receive()
            self.confined = msgspec.msgpack.decode(body, type=wire.Hello).confined
        except (wire.BrokenFrame, OSError, msgspec.MsgspecError) as error:
            self.stop()
            raise ParserUnavailable from error
        except BaseException:
            self.stop()
            raise

    def receive(self) -> tuple[bytes, bytearray]:
        kind, length = wire.open_head(wire.receive_exactly(self.sock, wire.HEAD.size))
        return kind, wire.receive_exactly(self.sock, length)

    def send(self, request: wire.Request, fd: int) -> None:
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [fd]))]
        frame = wire.pack(wire.REQUEST, wire.encode(request))
        sent = self.sock.sendmsg([frame], rights)
        self.sock.sendall(frame[sent:])

    def stop(self) -> int | None:
        """End the process at once and leave nothing of it behind. Returns its exit status."""
        self.sock.close()
        process: subprocess.Popen[bytes] | None = getattr(self, "process", None)
        status = None
        if process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                # One that just died by itself tells why, if it is given the moment to.
                status = process.wait(timeout=0.2)
            process.kill()
            process.wait()
        shutil.rmtree(self.scratch, ignore_errors=True)
        return status


class Parsing(Iterator[AnyRow]):
    """The rows of one file. `outcome` is there when it has ended; `close()` ends it early."""

    def __init__(self, parser: "Parser", child: _Child, seconds: float, limits: Limits) -> None:
        self.outcome: Outcome | None = None
        self._parser, self._child, self._limits = parser, child, limits
        self._left = self._allowed = seconds
        self._began = time.perf_counter()
        self._started = wire.Started(None, None)
        self._batch: Iterator[AnyRow] = iter(())
        self._rows = self._output = 0
        self._failed: str | None = None  # a member that fails is the member's matter
        self._in_member = False

    def __next__(self) -> AnyRow:
        while True:
            for row in self._batch:
                self._rows += 1
                if isinstance(row, MemberStart):
                    self._in_member = True
                elif isinstance(row, Failed) and not self._in_member:
                    self._failed = row.reason
                return row
            if self.outcome is not None:
                raise StopIteration
            reason = self._take_frame()
            if reason is not None:
                self._batch = iter((Failed(reason=reason),))

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
            else:
                return self._break("The parser's process sent something that is no answer.")
        except TimeoutError:
            return self._break(f"Stopped at the time limit of {math.ceil(self._allowed)} seconds.")
        except (wire.BrokenFrame, OSError):
            return self._break(None)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return self._break("The parser's process sent something that is no row.")
        return None

    def _receive(self) -> tuple[bytes, bytearray]:
        # Only the time spent waiting counts: a caller that is slow to store the rows costs the file nothing.
        start = time.monotonic()
        try:
            self._child.sock.settimeout(max(self._left, 0.001))
            return self._child.receive()
        finally:
            self._left -= time.monotonic() - start

    def _take_rows(self, body: bytearray) -> str | None:
        rows = wire.decode_rows(body)
        self._output += len(body)
        if self._output > self._limits.output:
            return self._break(f"Stopped at the output limit of {self._limits.output // 1_000_000} MB.")
        room = self._limits.rows - self._rows
        if len(rows) > room:
            reason = self._break(f"Stopped at the limit of {self._limits.rows} rows.")
            self._batch = iter([*rows[: max(room, 0)], Failed(reason=reason)])
            return None
        self._batch = iter(rows)
        return None

    def _break(self, reason: str | None) -> str:
        status = self._parser._drop()  # noqa: SLF001 - the two are one
        lost = reason is None and status != -signal.SIGXCPU
        reason = reason or _why_it_died(status, self._limits)
        self._end(None, reason, lost=lost)
        return reason

    def _end(self, done: wire.Done | None, failed: str | None, *, lost: bool = False) -> None:
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
        self._child: _Child | None = None
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
        return self._child.process.pid if self._child else None

    @property
    def confined(self) -> tuple[str, ...]:
        """The protections that hold in the child ("no network"...); starts one if need be."""
        return self._ready().confined

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
        self._current = Parsing(self, child, seconds, limits)
        return self._current

    def close(self) -> None:
        self._drop()
        self._current = None

    def _hand_over(self, request: wire.Request, fd: int) -> _Child:
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

    def _ready(self) -> _Child:
        if self._child is None:
            self._child = _Child(self.limits.memory)
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
