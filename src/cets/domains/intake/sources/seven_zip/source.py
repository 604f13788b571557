"""A 7z archive of anything that another source reads, archives included."""

from typing import BinaryIO

from cets.domains.intake.containers.seven_zip_format import SevenZipContainer, is_archive
from cets.domains.intake.containers.unpacking import ContainerSource


class SevenZip(ContainerSource):
    name = "7z"
    caption = "7z archive"
    version = "3"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        return 0.9 if is_archive(head) else 0.0

    def open(self, file: BinaryIO, size: int) -> SevenZipContainer:
        return SevenZipContainer(file, size)
