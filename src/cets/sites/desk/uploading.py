"""How a browser's files reach us: in memory without a name, never as plaintext on a disk, within the instance's limit.

`FILE_UPLOAD_HANDLERS = ["cets.sites.desk.uploading.AnonymousUpload"]` for the whole site: a form's token stands before
its files, so reading the one begins to read the others.
"""

import os
import tempfile
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

#: What a form says beside its files.
_ENVELOPE = 1024 * 1024
#: The parser refuses longer ones.
_LONGEST_HEAD = 64 * 1024
_MARK = "cets.upload_too_large"


def was_too_large(request: HttpRequest) -> bool:
    """Say whether the request was cut off because a file, or all of them together, were beyond the limit."""
    return bool(request.META.get(_MARK))


def most_together() -> int:
    """Return how many bytes one form may bring: they lie in memory until they are sealed."""
    return settings.CETS.max_file_bytes + _ENVELOPE


class AnonymousUpload(FileUploadHandler):
    """Keeps each file in an anonymous file; stops reading at the limit, so that nobody waits for what is refused."""

    file: BinaryIO

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._received = 0

    def handle_raw_input(self, input_data: Any, *args: Any, **kwargs: Any) -> None:
        """Let every part of the form be read, whatever bytes its name is made of."""
        _meta, _length, boundary, *_encoding = args
        input_data._stream = ReadableHeads(input_data._stream, boundary)  # noqa: SLF001 - all that the parser reads
        super().handle_raw_input(input_data, *args, **kwargs)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        assert self.request is not None
        if int(self.request.META.get("CONTENT_LENGTH") or 0) > most_together():
            self._stop()
        self.file = _anonymous()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002 - as in the base
        self._received += len(raw_data)
        if self._received > most_together():
            self._stop()
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[bytes]":
        self.file.seek(0)
        return UploadedFile(
            file=self.file,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
        )

    def upload_interrupted(self) -> None:
        self.file.close()

    def _stop(self) -> None:
        assert self.request is not None
        self.request.META[_MARK] = True
        raise StopUpload(connection_reset=True)


class ReadableHeads:
    """A form's bytes with the heads of its parts made readable: a byte that is no UTF-8 becomes "?".

    A browser sends none, a script may: the parser would pass over such a part, and its file, without a word.
    """

    def __init__(self, stream: BinaryIO, boundary: bytes) -> None:
        self._stream, self._mark = stream, b"--" + boundary
        self._held, self._in_head = b"", False

    def read(self, size: int = -1) -> bytes:
        """Return some of what follows, and nothing only at the end."""
        while chunk := self._stream.read(size):
            self._held += chunk
            if ready := self._ready():
                return ready
        rest, self._held = self._held, b""
        return _readable(rest) if self._in_head else rest

    def readline(self, size: int = -1) -> bytes:
        """Return what is left, as it is: the parser throws it away once it has done."""
        return self._stream.readline(size)

    def _ready(self) -> bytes:
        ready = bytearray()
        while True:
            sought = b"\r\n\r\n" if self._in_head else self._mark
            at = self._held.find(sought)
            if at < 0:
                break
            piece, self._held = self._held[: at + len(sought)], self._held[at + len(sought) :]
            ready += _readable(piece) if self._in_head else piece
            self._in_head = not self._in_head
        if not self._in_head or len(self._held) > _LONGEST_HEAD:
            # The mark may begin at the end of what is here.
            end = max(len(self._held) - len(self._mark), 0)
            ready += self._held[:end]
            self._held = self._held[end:]
        return bytes(ready)


def _readable(head: bytes) -> bytes:
    """Return the same number of bytes, so that the length that was announced holds."""
    text = head.decode("utf-8", "surrogateescape")
    return "".join("?" if "\udc80" <= c <= "\udcff" else c for c in text).encode()


def _anonymous() -> BinaryIO:
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("upload", os.MFD_CLOEXEC), "w+b")
    return tempfile.TemporaryFile()
