"""A file packed by gzip, bzip2 or xz: the file within, or the members of the tar archive within."""

from typing import Any, BinaryIO

from cets.domains.intake.containers.compressed import open_compressed
from cets.domains.intake.containers.entries import Container
from cets.domains.intake.containers.streams import method_of
from cets.domains.intake.containers.unpacking import ContainerSource


class Compressed(ContainerSource):
    name = "compressed"
    caption = "Compressed file (gzip, bzip2, xz)"
    version = "4"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        return 0.8 if method_of(head) else 0.0

    def open(self, file: BinaryIO, size: int) -> Container[Any]:
        return open_compressed(file, size)
