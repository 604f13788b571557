"""Between iterators of bytes and the files that the age library wants, holding a few chunks at most."""

import queue
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from typing import IO

import pyrage

from cets.domains.vault.keys import Identities
from cets.domains.vault.sealing import Readable

_CHUNK_SIZE = 1024 * 1024
_CHUNKS_AHEAD = 3


class InnerReader:
    """Bytes of an iterable, to be read. Keeps its error, which the library turns into text."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._chunk = memoryview(b"")
        self.error: Exception | None = None

    def read(self, size: int, /) -> bytes:
        try:
            while not self._chunk:
                self._chunk = memoryview(next(self._chunks))
        except StopIteration:
            return b""
        except Exception as error:
            self.error = error
            raise
        taken, self._chunk = self._chunk[:size], self._chunk[size:]
        return bytes(taken)


class Outlet:
    """A file to write to. Keeps its error, which the library turns into text."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.error: Exception | None = None

    def write(self, data: bytes, /) -> int:
        try:
            return self._file.write(data)
        except Exception as error:
            self.error = error
            raise

    def flush(self) -> None:
        try:
            self._file.flush()
        except Exception as error:
            self.error = error
            raise


class ByteReader:
    """Takes amounts from chunks of any size."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._chunk = memoryview(b"")

    def take_some(self, limit: int) -> bytes:
        """Return at least one byte and at most `limit`; nothing only at the end."""
        while not self._chunk:
            following = next(self._chunks, None)
            if following is None:
                return b""
            self._chunk = memoryview(following)
        taken, self._chunk = self._chunk[:limit], self._chunk[limit:]
        return bytes(taken)

    def take(self, size: int) -> bytes:
        """Return `size` bytes, fewer only at the end."""
        taken = bytearray()
        while len(taken) < size and (some := self.take_some(size - len(taken))):
            taken += some
        return bytes(taken)


def decrypted(
    source: Readable, identities: Identities, explain: Callable[[BaseException], Exception]
) -> Generator[bytes]:
    """Return the plain bytes of an age file as they come; close it when they are not read to the end.

    Every chunk is verified before it is given out; that the end is the true end is known only with the last.
    Errors of `source` are passed on, those of the age file as what `explain` makes of them.
    """
    # The library writes into a file of ours; turning that into an iterator takes a second thread.
    pipe = _Pipe()
    thread = threading.Thread(
        target=_decrypt, args=(source, identities, pipe, explain), name="age", daemon=True
    )
    thread.start()
    try:
        yield from pipe
    finally:
        pipe.abandon()
        thread.join()


def _decrypt(
    source: Readable, identities: Identities, pipe: "_Pipe", explain: Callable[[BaseException], Exception]
) -> None:
    reader = InnerReader(iter(lambda: source.read(_CHUNK_SIZE), b""))
    try:
        pyrage.decrypt_io(reader, pipe, identities.parsed)
    except BaseException as error:  # noqa: BLE001 - also a panic of the library: the reader would wait for ever; raised again there
        pipe.end(reader.error or explain(error))
    else:
        pipe.end(None)


class _AbandonedError(Exception):
    """Nobody reads the pipe any more; ends the writing thread and is seen by nobody."""


class _Pipe:
    """Written to by one thread, iterated by another, holding a few chunks between them."""

    def __init__(self) -> None:
        self._queue: queue.Queue[bytes | None] = queue.Queue(_CHUNKS_AHEAD)
        self._held = bytearray()
        self._abandoned = False
        self._ended = False
        self._error: Exception | None = None

    def write(self, data: bytes, /) -> int:
        if self._abandoned:
            raise _AbandonedError
        self._held += data
        if len(self._held) >= _CHUNK_SIZE:
            self.flush()
        return len(data)

    def flush(self) -> None:
        if self._held:
            self._queue.put(bytes(self._held))
            self._held.clear()

    def end(self, error: Exception | None) -> None:
        self._error = error
        if error is None:
            self.flush()
        self._queue.put(None)

    def abandon(self) -> None:
        """Let the writer run into its end: make room until it has put its last."""
        self._abandoned = True
        while not self._ended:
            self._ended = self._queue.get() is None

    def __iter__(self) -> Iterator[bytes]:
        while (chunk := self._queue.get()) is not None:
            yield chunk
        self._ended = True
        if self._error is not None:
            raise self._error
