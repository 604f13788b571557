"""A ZIP archive of anything that another source reads, archives included."""

from typing import BinaryIO

from cets.domains.intake.containers.unpacking import ContainerSource
from cets.domains.intake.containers.zip_format import ZipContainer, begins, first_members

_OTHER_FORMATS = frozenset({b"[Content_Types].xml", b"META-INF/MANIFEST.MF", b"AndroidManifest.xml"})
_TYPE, _OF_A_PROGRAM = b"mimetype", b"application/"


class Zip(ContainerSource):
    name = "zip"
    caption = "ZIP archive"
    version = "4"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        if begins(head) is None:
            return 0.0
        # Office documents and programs are archives only inside; their parts mean nothing one by one. An archive of them is one.
        return 0.0 if any(_is_of_another(*member) for member in first_members(head[:4096])) else 0.7

    def open(self, file: BinaryIO, size: int) -> ZipContainer:  # noqa: ARG002 - it looks for its end itself
        return ZipContainer(file)


def _is_of_another(name: bytes, content: bytes) -> bool:
    return name in _OTHER_FORMATS or (name == _TYPE and content.startswith(_OF_A_PROGRAM))
