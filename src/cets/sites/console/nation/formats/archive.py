"""ZIP files whose bytes never vary: fixed dates, fixed order, fixed attributes."""

import io
import zipfile
from collections.abc import Sequence

from cets.sites.console.nation.model import Document

_DATE = (2026, 1, 1, 0, 0, 0)


def fixed_zip(members: Sequence[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members:
            entry = zipfile.ZipInfo(name, _DATE)
            # Stored, not deflated: another zlib would pack the same content into other bytes.
            entry.compress_type = zipfile.ZIP_STORED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, content)
    return out.getvalue()


def bundle(members: Sequence[tuple[str, Document]]) -> Document:
    """Return one ZIP of several documents, which make one report together."""
    content = fixed_zip([(name, document.content) for name, document in members])
    planted = [value for _, document in members for value in document.planted]
    return Document(content, ".zip", "zip", tuple(planted))
