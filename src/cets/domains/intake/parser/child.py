"""The process that reads foreign files: `python -m cets.domains.intake.parser.child FD MEMORY SCRATCH USER WALLS`.

It imports no Django and no setting, holds no key and no connection, and knows a file only by the descriptor
it is handed. It serves one request after the other until the other side closes. After a memory error it asks
to be replaced, since a heap that was full once is no ground to stand on.
"""

import array
import contextlib
import gc
import math
import mimetypes
import mmap
import os
import re
import resource
import socket
import sys
import time
import traceback
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from cets.domains.identifiers.own import Own
from cets.domains.intake import sources
from cets.domains.intake.parser import confine, wire
from cets.domains.intake.rows import AnyRow, Failed, MemberStart, NotUnderstood
from cets.domains.intake.sources import unclaimed
from cets.domains.intake.sources.base import Source
from cets.domains.intake.sources.text import decoding

_BATCH_BYTES = 128 << 10
_BATCH_ROWS = 512
_LONG_JOB = 256 << 10  # bytes
_KEPT_FOR_THE_END = 8 << 20  # bytes set aside, so that there is room to say that memory ran out


class Closed(Exception):
    pass


class Outlet:
    """Collects rows and sends them in frames of a fair size."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._rows: list[bytes] = []
        self._size = 0
        self._frames = b""

    def put(self, row: AnyRow) -> None:
        encoded = _encode(row)
        self._rows.append(encoded)
        self._size += len(encoded)
        # Should a member end this process, our side knows which one, and has all that came before it.
        if isinstance(row, MemberStart) or self._size >= _BATCH_BYTES or len(self._rows) >= _BATCH_ROWS:
            self.flush()

    def add(self, kind: bytes, body: bytes) -> None:
        """Put a frame after the rows so far; it goes out with the next `flush`."""
        if self._rows:
            rows = b"\xdd" + len(self._rows).to_bytes(4, "big") + b"".join(self._rows)
            self._rows, self._size = [], 0
            self._frames += wire.pack(wire.ROWS, rows)
        if kind != wire.ROWS:
            self._frames += wire.pack(kind, body)

    def flush(self) -> None:
        self.add(wire.ROWS, b"")
        frames, self._frames = self._frames, b""
        try:
            self._sock.sendall(frames)
        except OSError as error:
            raise Closed from error


#: Half a surrogate pair.
_HALF = re.compile("[\ud800-\udfff]")


def _encode(row: AnyRow) -> bytes:
    try:
        body = wire.encode(row)
    except UnicodeEncodeError:
        return wire.encode(_mended(msgspec.to_builtins(row)))
    # A zero byte is most often of a number; it is looked for in the texts only where there is one.
    return wire.encode(_mended(msgspec.to_builtins(row))) if b"\x00" in body and _holds_nul(row) else body


def _holds_nul(value: object) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, msgspec.Struct):
        return any(_holds_nul(getattr(value, name)) for name in value.__struct_fields__)
    if isinstance(value, dict):
        return any(map(_holds_nul, (*value, *value.values())))
    return isinstance(value, list | tuple) and any(map(_holds_nul, value))


def _mended(value: object) -> object:
    """Put signs for what no text of the database can hold: half a surrogate pair, NUL. Each is as long, so that offsets hold."""
    if isinstance(value, str):
        return _HALF.sub("\ufffd", decoding.clean(value))
    if isinstance(value, dict):
        return {key: _mended(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_mended(each) for each in value]
    return value


class Gauge:
    """Reads this process's own memory; the files are opened before the process is confined."""

    def __init__(self) -> None:
        self._reset = self._open("/proc/self/clear_refs", os.O_WRONLY)
        self._status = self._open("/proc/self/status", os.O_RDONLY)

    @staticmethod
    def _open(path: str, flags: int) -> int | None:
        try:
            return os.open(path, flags | os.O_CLOEXEC)
        except OSError:
            return None

    def start(self) -> None:
        if self._reset is not None:
            with contextlib.suppress(OSError):
                os.write(self._reset, b"5\n")

    def read(self) -> tuple[int, int]:
        """Return (peak since start, resident now) in bytes."""
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        if self._status is None:
            return peak, peak
        fields = dict(
            line.split(b":", 1) for line in os.pread(self._status, 4096, 0).splitlines() if b":" in line
        )
        high, now = (int(fields.get(name, b"0").split()[0]) * 1024 for name in (b"VmHWM", b"VmRSS"))
        return high or peak, now or peak


def read_rows(source: Source | None, file: BinaryIO, request: wire.Request) -> Iterator[AnyRow]:
    """Yield what the source makes of the file; every fault of content or parser ends as a row."""
    if request.size == 0:
        yield NotUnderstood(text="The file is empty.")
    elif source is None:
        yield NotUnderstood(text="The content is of no format that is read here; it is kept as it came.")
        yield from unclaimed.rows(file, request.options)
    else:
        for fault in Own(request.options.patterns).faults:
            yield NotUnderstood(text=fault)
        try:
            yield from source.read(file, request.options)
        except RecursionError:
            yield Failed(reason="The content is nested deeper than is read.")
        except (MemoryError, Closed):
            raise
        except Exception as error:  # noqa: BLE001 - the rows before it, and what the receipt says of them, would be lost
            yield Failed(reason=_fault(source.name, error))


def _fault(name: str, error: Exception) -> str:
    """Name the fault by place and kind only: its message may hold the file's content."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{os.path.basename(last.filename)} line {last.lineno}"  # noqa: PTH119 - a label, not a path to use
    return f"The reader of {name} stopped with a fault of its own ({type(error).__name__} at {where})."


def _receive(sock: socket.socket) -> tuple[wire.Request, int]:
    fds = array.array("i")
    head, ancillary, _, _ = sock.recvmsg(wire.HEAD.size, socket.CMSG_SPACE(fds.itemsize))
    if not head:
        raise Closed
    for level, kind, data in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            fds.frombytes(data[: fds.itemsize])
    head += wire.receive_exactly(sock, wire.HEAD.size - len(head))
    _, length = wire.open_head(head)
    return msgspec.msgpack.decode(wire.receive_exactly(sock, length), type=wire.Request), fds[0]


def _set_limits(request: wire.Request) -> None:
    _, hard_memory = resource.getrlimit(resource.RLIMIT_AS)
    memory = request.memory if hard_memory == resource.RLIM_INFINITY else min(request.memory, hard_memory)
    resource.setrlimit(resource.RLIMIT_AS, (memory, hard_memory))
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = math.ceil(usage.ru_utime + usage.ru_stime)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (used + request.cpu_seconds, hard))
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (request.spool, hard))


def _choose(file: BinaryIO, request: wire.Request) -> Source | None:
    if request.source is not None:
        return sources.all_sources().get(request.source)
    head = sources.head_of(file, request.size)
    return sources.recognise(head, request.size) if head else None


def serve_one(
    sock: socket.socket, request: wire.Request, fd: int, *, gauge: Gauge, reserve: mmap.mmap
) -> bool:
    """Do one job. Return whether the process is fit for another."""
    started = time.perf_counter()
    gauge.start()
    _set_limits(request)
    outlet, fit, failed = Outlet(sock), True, None
    with open(fd, "rb", closefd=True) as file:
        try:
            file.seek(0)
            source = _choose(file, request)
            version = source.version if source else None
            outlet.add(wire.STARTED, wire.encode(wire.Started(source.name if source else None, version)))
            if request.size > _LONG_JOB:
                outlet.flush()  # should it never come back, we know at least what was reading
            for row in read_rows(source, file, request):
                outlet.put(row)
        except MemoryError:
            reserve.close()
            fit = False
            gc.collect()
            limit = resource.getrlimit(resource.RLIMIT_AS)[0] // 1_000_000
            failed = f"Stopped at the memory limit of {limit} MB."
            outlet.put(Failed(reason=failed))
    peak, resident = gauge.read()
    done = wire.Done(time.perf_counter() - started, peak, resident, fit=fit, failed=failed)
    # A small file is one write in all: waking the other side for each part would cost more than its parse.
    outlet.add(wire.DONE, wire.encode(done))
    outlet.flush()
    return fit


def main(arguments: list[str]) -> None:
    fd, memory, scratch = int(arguments[0]), int(arguments[1]), arguments[2]
    user, is_walled = int(arguments[3]) if arguments[3] else None, bool(arguments[4])
    with socket.socket(fileno=fd) as sock, contextlib.suppress(Closed, wire.BrokenFrame, ConnectionError):
        gauge = Gauge()
        confine.limit(memory=memory)
        confined = confine.confine(scratch, user=user, is_walled=is_walled)
        mimetypes.knownfiles.clear()  # the machine's own lists cannot be opened from here, and must not change what is read
        sources.all_sources()  # what is imported here need not be for the first file
        # What the imports left is for ever: the collector need not walk it for every file.
        gc.collect()
        gc.freeze()
        sock.sendall(wire.pack(wire.HELLO, wire.encode(wire.Hello(confined))))
        reserve = mmap.mmap(-1, _KEPT_FOR_THE_END)  # address space only, until it is written to
        while serve_one(sock, *_receive(sock), gauge=gauge, reserve=reserve):
            pass


if __name__ == "__main__":
    main(sys.argv[1:])
