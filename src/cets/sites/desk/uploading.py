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


def _anonymous() -> BinaryIO:
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("upload", os.MFD_CLOEXEC), "w+b")
    return tempfile.TemporaryFile()
