"""A tar archive of anything that another source reads, archives included."""

from typing import BinaryIO

from cets.domains.intake.containers.tar_format import BLOCK, TarContainer, is_header
from cets.domains.intake.containers.unpacking import ContainerSource


class Tar(ContainerSource):
    name = "tar"
    caption = "tar archive"
    version = "4"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        return 0.9 if is_header(head[:BLOCK]) else 0.0

    def open(self, file: BinaryIO, size: int) -> TarContainer:  # noqa: ARG002 - nothing of it is packed
        return TarContainer(file)
