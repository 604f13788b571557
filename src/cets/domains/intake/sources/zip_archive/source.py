"""A ZIP archive of anything that another source reads, archives included."""

import hashlib
import tempfile
from collections.abc import Iterator
from typing import BinaryIO, cast

import msgspec

from cets.domains.intake import sources
from cets.domains.intake.rows import AnyRow, Failed, MemberStart, NotUnderstood
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sources.zip_archive import archive, names
from cets.domains.intake.sources.zip_archive.archive import Entry, Unreadable

DEEPEST = 3  # archives inside archives, the outer one counted
MOST_BYTES = 1_000_000_000  # of all members together, at every depth
MOST_MEMBER = 300_000_000
#: Real files pack 2 to 50 times, dull logs some 200 times. Beyond, and of a size that hurts, it is a bomb.
MOST_RATIO = 250
_RATIO_FROM = 16_000_000
_IN_MEMORY = 8 << 20
_OTHER_FORMATS = (
    b"[Content_Types].xml",
    b"mimetypeapplication/",
    b"META-INF/MANIFEST.MF",
    b"AndroidManifest.xml",
)


class Zip(Source):
    name = "zip"
    caption = "ZIP archive"
    version = "1"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        if not head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            return 0.0
        # Office documents and programs are archives only inside; their parts mean nothing one by one.
        return 0.0 if any(mark in head[:4096] for mark in _OTHER_FORMATS) else 0.7

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        yield from _Unpacking(self, options).rows(file, prefix="", depth=1)


class _Member(msgspec.Struct):
    """A member on its way. `error`: why there is no content; `remark`: what is wrong with what there is."""

    content: BinaryIO | None
    size: int
    sha256: str
    error: str | None = None
    remark: str | None = None


class _Unpacking:
    """One run over an outer archive. What may still be unpacked is counted over all depths."""

    def __init__(self, source: Zip, options: Options) -> None:
        self._source, self._options = source, options
        self._left = MOST_BYTES
        self._members = 0

    def rows(self, file: BinaryIO, *, prefix: str, depth: int) -> Iterator[AnyRow]:
        try:
            listing = archive.entries(file)
        except Unreadable as fault:
            yield self._stop(str(fault), prefix)
            return
        listed = listing.entries
        if listing.limit:  # said before the first member: what comes after it is a member's own
            yield self._stop(listing.limit, prefix)
        if listed and listed[0].salvaged:
            yield NotUnderstood(
                text="The archive breaks off before its directory; members were read as far as they go.",
                place="whole file",
            )
        if not any(not entry.is_folder for entry in listed):
            where = f"The archive {prefix.removesuffix('!/')}" if prefix else "The archive"
            yield NotUnderstood(text=f"{where} is empty: it holds no file.", place="whole file")
        named = [(entry, names.decode(entry.name, utf8=entry.utf8)) for entry in listed]
        skipped = [names.shown(name) for _, name in named if names.is_of_the_system(name)]
        if skipped:
            yield NotUnderstood(
                text=f"Files that the operating system left in the archive were skipped: {len(skipped)},"
                f" such as “{skipped[0]}”.",
                place="whole file",
            )
        overlapping = archive.overlapping(listed)
        taken: set[str] = set()
        for index, (entry, name) in enumerate(named):
            if entry.is_folder or names.is_of_the_system(name):
                continue
            shown = _unique(prefix + names.shown(name), taken)
            if self._members == archive.MOST_MEMBERS:
                yield NotUnderstood(text=self._too_many(shown), place="whole file")
                return
            refusal = self._refusal(entry, name, overlaps=index in overlapping)
            yield from self._member(file, entry, shown, refusal, depth)

    @staticmethod
    def _stop(reason: str, prefix: str) -> AnyRow:
        """Say why an archive is read in part or not at all: an inner one is a member, whose matter it is."""
        return NotUnderstood(text=reason, place="whole file") if prefix else Failed(reason=reason)

    @staticmethod
    def _too_many(shown: str) -> str:
        """Say where reading ended because archives inside archives hold more members than are read."""
        return f"At most {archive.MOST_MEMBERS} members are read, of all archives in one; {shown} and those after it were not."

    def _refusal(self, entry: Entry, name: str, *, overlaps: bool) -> str | None:
        self._members += 1
        if len(entry.name) > names.LONGEST:
            return f"Refused: its name is {len(entry.name)} bytes long; at most {names.LONGEST} are accepted."
        if entry.encrypted:
            return "Encrypted: it cannot be read without its password."
        if entry.is_link:
            return "Refused: it is a symbolic link, not a file."
        if overlaps:
            return "Refused: it shares its bytes with another member, as archive bombs do."
        return names.fault(name)

    def _member(
        self, file: BinaryIO, entry: Entry, shown: str, refusal: str | None, depth: int
    ) -> Iterator[AnyRow]:
        if refusal:
            yield MemberStart(name=shown, source=None, size=entry.size, sha256="", error=refusal)
            return
        member = self._unpacked(file, entry)
        if member.content is None:
            yield MemberStart(name=shown, source=None, size=member.size, sha256="", error=member.error)
            return
        with member.content:
            head = sources.head_of(member.content, member.size)
            source = sources.recognise(head, member.size) if head else None
            too_deep = isinstance(source, Zip) and depth >= DEEPEST
            yield MemberStart(
                name=shown,
                source=source.name if source else None,
                size=member.size,
                sha256=member.sha256,
                error=f"Archives are opened to a depth of {DEEPEST}; this one lies deeper."
                if too_deep
                else None,
            )
            if member.remark:
                yield NotUnderstood(text=f"{shown}: {member.remark}", place="whole file")
            if not too_deep:
                yield from self._content(source, member, shown, depth)

    def _content(self, source: Source | None, member: _Member, shown: str, depth: int) -> Iterator[AnyRow]:
        assert member.content is not None
        if source is None:
            what = (
                "is of no format that is read here; it is kept in the archive."
                if member.size
                else "is empty."
            )
            yield NotUnderstood(text=f"{shown} {what}", place="whole file")
        elif isinstance(source, Zip):
            yield from self.rows(member.content, prefix=f"{shown}!/", depth=depth + 1)
        else:
            try:
                yield from source.read(member.content, self._options_for(shown))
            except (MemoryError, GeneratorExit):
                raise
            except Exception as error:  # noqa: BLE001 - one member's fault would cost all those after it
                yield Failed(
                    reason=f"The reader of {source.name} stopped with a fault ({type(error).__name__})."
                )

    def _options_for(self, shown: str) -> Options:
        given = self._options
        return msgspec.structs.replace(given, column_maps=given.inside.get(shown, ()), inside={})

    def _unpacked(self, file: BinaryIO, entry: Entry) -> _Member:
        most = min(MOST_MEMBER, self._left)
        packed = max(entry.packed, 1)
        if not entry.salvaged and entry.size > most:
            return _Member(
                None, entry.size, "", f"Refused: unpacked it passes the limit of {most // 1_000_000} MB."
            )
        if entry.size > _RATIO_FROM and entry.size > packed * MOST_RATIO:
            return _Member(
                None, entry.size, "", f"Refused: it unpacks to more than {MOST_RATIO} times its size."
            )
        most = min(most, max(_RATIO_FROM, packed * MOST_RATIO))
        content = cast("BinaryIO", tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115 - handed on
        digest, size, remark = hashlib.sha256(), 0, None
        try:
            for chunk in archive.unpack(file, entry, most=most):
                content.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        except Unreadable as fault:
            remark = str(fault)
        except BaseException:
            content.close()
            raise
        self._left -= size
        if remark and (not size or size >= most - (1 << 20)):
            content.close()
            return _Member(None, entry.size, "", remark)
        content.seek(0)
        return _Member(content, size, digest.hexdigest(), remark=remark)


def _unique(name: str, taken: set[str]) -> str:
    count, free = 1, name
    while free in taken:
        count += 1
        free = f"{name} ({count})"
    taken.add(free)
    return free
