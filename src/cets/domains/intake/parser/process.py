"""The process in which foreign bytes are read, seen from ours: started within its walls, spoken to, ended."""

import array
import contextlib
import math
import os
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec

from cets.domains.intake.parser import walls, wire
from cets.kernel.errors import CetsError

_START_SECONDS = 60.0
_END_SECONDS = 5.0
_COMMAND = ("-s", "-P", "-X", "utf8", "-m", "cets.domains.intake.parser.child")
#: The child runs the very code that its caller runs, wherever that lies; nothing else of our environment.
_ENVIRONMENT = {
    "PYTHONPATH": str(Path(__file__).parents[4]),
    "LANG": "C.UTF-8",
    "MALLOC_ARENA_MAX": "1",
}

_CREDENTIALS = struct.Struct("=iII")  # pid, user, group: as this system's kernel says, not the process itself
#: Bytes of rows that may wait for us.
_ON_THE_WAY = 4 << 20
_DIED_OF = 128  # what bubblewrap adds to the signal that ended its process

_BLOCK = 512  # what the system counts a file's place on the disk in
_EACH = 4096  # and what a name costs at the least


class ParserUnavailable(CetsError):
    """The process that reads files could not be started. Files are sealed and wait; see `cets doctor`."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class Process:
    """One running process with its end of the socket."""

    def __init__(self, memory: int) -> None:
        self.files = 0
        self.scratch = tempfile.mkdtemp(prefix="cets-parser-")
        self.sock, theirs = socket.socketpair()
        # While we store rows, the process goes on with the next; the system may allow less, which is no fault.
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _ON_THE_WAY)
        self._ending: int | None = None
        try:
            if hasattr(socket, "SO_PASSCRED"):
                self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
            with theirs:
                self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                    self._words(theirs.fileno(), memory),
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,  # a traceback could hold content
                    env={**_ENVIRONMENT, "TMPDIR": self.scratch},
                    cwd=self.scratch,
                    process_group=0,  # Ctrl-C in the terminal is for the command; it then ends us
                )
            self.sock.settimeout(_START_SECONDS)
            self.pid, self.user, self.confined = self._hello()
            if self.pid != self.process.pid:
                self._ending = os.pidfd_open(self.pid)
        except (wire.BrokenFrame, OSError, msgspec.MsgspecError) as error:
            self.stop()
            raise ParserUnavailable from error
        except BaseException:
            self.stop()
            raise

    def _words(self, fd: int, memory: int) -> list[str]:
        user = walls.user_of_parsers()
        words = [
            sys.executable,
            *_COMMAND,
            str(fd),
            str(memory),
            self.scratch,
            "" if user is None else str(user),
        ]
        return walls.command([*words, "walled" if walls.walls().before else ""], self.scratch)

    def _hello(self) -> tuple[int, int | None, tuple[str, ...]]:
        """Wait for the first word: which process it is, as whom it runs, what it gave up."""
        head, ancillary, _, _ = self.sock.recvmsg(wire.HEAD.size, socket.CMSG_SPACE(_CREDENTIALS.size))
        _, length = wire.open_head(head + wire.receive_exactly(self.sock, wire.HEAD.size - len(head)))
        hello = msgspec.msgpack.decode(wire.receive_exactly(self.sock, length), type=wire.Hello)
        for level, kind, data in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, getattr(socket, "SCM_CREDENTIALS", None)):
                pid, user, _ = _CREDENTIALS.unpack(data[: _CREDENTIALS.size])
                return pid, user, hello.confined
        return self.process.pid, None, hello.confined

    def receive(self) -> tuple[bytes, bytearray]:
        kind, length = wire.open_head(wire.receive_exactly(self.sock, wire.HEAD.size))
        return kind, wire.receive_exactly(self.sock, length)

    def has_answer(self, seconds: float) -> bool:
        """Say whether something came, waiting so long for it."""
        return _comes(self.sock.fileno(), seconds)

    def written(self) -> int:
        """Return how many bytes it holds on the disk, also in files that it opened and removed."""
        found = {}
        for folder in (self.scratch, f"/proc/{self.pid}/fd"):
            with contextlib.suppress(OSError):
                for entry in Path(folder).iterdir():
                    with contextlib.suppress(OSError):
                        about = entry.stat()
                        found[about.st_dev, about.st_ino] = about.st_blocks * _BLOCK + _EACH
        return sum(found.values())

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
            self._end_inner()
            process.kill()
            process.wait()
            if status is not None and status > _DIED_OF and walls.walls().before:
                status = _DIED_OF - status
        shutil.rmtree(self.scratch, ignore_errors=True)
        return status

    def _end_inner(self) -> None:
        """End what bubblewrap started: its own end would take it along, and a moment later."""
        if self._ending is None:
            return
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._ending, signal.SIGKILL)
        _comes(self._ending, _END_SECONDS)
        os.close(self._ending)
        self._ending = None


def _comes(fd: int, seconds: float) -> bool:
    """Wait so long for something to read, or an end."""
    waiting = select.poll()
    waiting.register(fd, select.POLLIN)
    return bool(waiting.poll(math.ceil(max(seconds, 0) * 1000)))
