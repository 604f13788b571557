"""The copy that a parser may see: in memory where the system can, else a file without a name. Never on disk by name."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import BinaryIO


@contextmanager
def plaintext(chunks: Iterable[bytes]) -> Iterator[BinaryIO]:
    """Write the chunks to an anonymous file and give it open at its start; it is gone with the block."""
    with _anonymous() as file:
        for chunk in chunks:
            file.write(chunk)
        file.flush()
        file.seek(0)
        yield file


def _anonymous() -> BinaryIO:
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("original", os.MFD_CLOEXEC), "w+b")
    return tempfile.TemporaryFile()
