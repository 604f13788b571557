"""From any container to the rows of what is inside it. Nothing is ever written to a path from inside."""

import hashlib
import tempfile
from abc import abstractmethod
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

import msgspec

from cets.domains.intake import sources
from cets.domains.intake.containers import limits, names
from cets.domains.intake.containers.entries import Container, Entry, Listing, Unreadable
from cets.domains.intake.cybertip.bundle import UPLOADED, Bundle, ReportSource, computed, in_order
from cets.domains.intake.cybertip.bundle import Member as Uploaded
from cets.domains.intake.rows import AnyRow, Failed, MemberStart, NotUnderstood
from cets.domains.intake.sources import unclaimed
from cets.domains.intake.sources.base import Options, Source

_IN_MEMORY = 8 << 20
_WHOLE = "whole file"


class ContainerSource(Source):
    """A source whose files hold other files: each is announced, then read by the source that recognises it."""

    @abstractmethod
    def open(self, file: BinaryIO, size: int) -> Container[Any]:
        """Open a container of `size` bytes. Raises Unreadable."""

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        unpacking = _Unpacking(options)
        for row in unpacking.rows(self, file, prefix="", depth=1):
            if unpacking.is_news():
                yield row
        yield from unpacking.bundle.missing()


@dataclass(slots=True)
class _Member:
    """A member on its way. `error`: why there is no content; `remark`: what is wrong with what there is."""

    content: BinaryIO | None
    size: int
    sha256: str = ""
    md5: str = ""  # once a report was read that tells of files
    error: str | None = None
    remark: str | None = None


class _Unpacking:
    """One run over an outer container. What may still be unpacked is counted over all depths."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._left = limits.MOST_BYTES
        self._members = 0
        self._told, self._rows_told = options.told
        self.bundle = Bundle()

    def is_news(self) -> bool:
        """Say of each row in turn whether it is still to be told: what an earlier process told is not."""
        if self._members == self._told and self._rows_told:
            self._rows_told -= 1
            return False
        return self._members >= self._told

    def rows(self, source: ContainerSource, file: BinaryIO, *, prefix: str, depth: int) -> Iterator[AnyRow]:
        size = file.seek(0, 2)
        file.seek(0)
        try:
            container = source.open(file, size)
            listing = container.listing()
        except Unreadable as fault:
            yield self._stop(str(fault), prefix)
            return
        yield from self._about(
            listing, prefix
        )  # before the first member: what comes after it is a member's own
        taken: set[str] = set()
        for entry in self._ordered(container, listing.entries):
            if entry.is_folder or names.is_of_the_system(entry.name):
                continue
            shown = _unique(prefix + names.shown(names.inside(entry.name)), taken)
            if self._members == limits.MOST_MEMBERS:
                yield NotUnderstood(text=self._too_many(shown), place=_WHOLE)
                return
            self._members += 1
            yield from self._member(container, entry, shown, depth)

    def _about(self, listing: Listing[Any], prefix: str) -> Iterator[AnyRow]:
        """Yield what is said of a container as a whole."""
        if listing.limit:
            yield self._stop(listing.limit, prefix)
        for remark in listing.remarks:
            yield NotUnderstood(text=remark, place=_WHOLE)
        if all(entry.is_folder for entry in listing.entries):
            where = f"The archive {prefix.removesuffix('!/')}" if prefix else "The archive"
            yield NotUnderstood(text=f"{where} is empty: it holds no file.", place=_WHOLE)
        yield from _absolute(listing, prefix)
        skipped = [names.shown(entry.name) for entry in listing.entries if names.is_of_the_system(entry.name)]
        if skipped:
            yield NotUnderstood(
                text=f"Files that the operating system left in the archive were skipped: {len(skipped)},"
                f" such as “{skipped[0]}”.",
                place=_WHOLE,
            )

    @staticmethod
    def _stop(reason: str, prefix: str) -> AnyRow:
        """Say why a container is read in part or not at all: an inner one is a member, whose matter it is."""
        return NotUnderstood(text=reason, place=_WHOLE, sort="limit") if prefix else Failed(reason=reason)

    @staticmethod
    def _too_many(shown: str) -> str:
        """Say where reading ended because containers inside containers hold more members than are read."""
        return f"At most {limits.MOST_MEMBERS} members are read, of all archives in one; {shown} and those after it were not."

    def _member(self, container: Container[Any], entry: Entry, shown: str, depth: int) -> Iterator[AnyRow]:
        refusal = _too_long(entry) or entry.refusal or names.fault(entry.name)
        member = _Member(None, entry.size, error=refusal) if refusal else self._unpacked(container, entry)
        if member.content is None:
            yield MemberStart(name=shown, source=None, size=member.size, sha256="", error=member.error)
            return
        with member.content:
            head = sources.head_of(member.content, member.size)
            source = sources.recognise(head, member.size) if head else None
            too_deep = isinstance(source, ContainerSource) and depth >= limits.DEEPEST
            found = self.bundle.uploaded(Uploaded(shown, member.md5)) if member.md5 and member.size else None
            yield MemberStart(
                name=shown,
                source=source.name if source else UPLOADED if found else None,
                size=member.size,
                sha256=member.sha256,
                error=f"Archives are opened to a depth of {limits.DEEPEST}; this one lies deeper."
                if too_deep
                else None,
                version=source.version if source else None,
            )
            if member.remark:
                yield NotUnderstood(text=f"{shown}: {member.remark}", place=_WHOLE)
            if found:
                yield from found.rows(Uploaded(shown, member.md5), self._options)
            if not too_deep and (source or not found) and self._is_read(source):
                yield from self._content(source, member, shown, depth)

    def _is_read(self, source: Source | None) -> bool:
        """Say whether a member is read: of those told before, only what others depend on, and never what ended a process."""
        if self._told and self._members == self._told:
            return False
        return self._members > self._told or isinstance(source, ContainerSource | ReportSource)

    @staticmethod
    def _ordered(container: Container[Any], entries: list[Entry]) -> list[Entry]:
        """Return members in the order in which they are read, where the format allows any."""
        if not container.any_order:
            return entries
        return in_order(entries, lambda entry: entry.name, lambda entry: _peeked(container, entry))

    def _content(self, source: Source | None, member: _Member, shown: str, depth: int) -> Iterator[AnyRow]:
        assert member.content is not None
        if source is None:
            if member.md5 and member.size:
                yield from computed(Uploaded(shown, member.md5), self._options)
            what = (
                "is of no format that is read here; it is kept in the archive."
                if member.size
                else "is empty."
            )
            yield NotUnderstood(text=f"{shown} {what}", place=_WHOLE)
            if member.size:
                yield from unclaimed.rows(member.content, self._options_for(shown))
            return
        try:
            if isinstance(source, ContainerSource):
                yield from self.rows(source, member.content, prefix=f"{shown}!/", depth=depth + 1)
            else:
                options = self._options_for(shown)
                yield from self.bundle.rows(source, member.content, options)
        except (MemoryError, GeneratorExit):
            raise
        except Exception as error:  # noqa: BLE001 - one member's fault would cost all those after it
            yield Failed(reason=f"The reader of {source.name} stopped with a fault ({type(error).__name__}).")

    def _options_for(self, shown: str) -> Options:
        given = self._options
        return msgspec.structs.replace(given, column_maps=given.inside.get(shown, ()), inside={}, told=(0, 0))

    def _unpacked(self, container: Container[Any], entry: Entry) -> _Member:
        most = min(limits.MOST_MEMBER, self._left)
        if entry.is_size_sure and entry.size > most:
            error = f"Refused: unpacked it passes the limit of {most // 1_000_000} MB."
            return _Member(None, entry.size, error=error)
        if entry.packed is not None:
            allowed = limits.most_from(max(entry.packed, 1))
            if entry.size > allowed:
                error = f"Refused: it unpacks to more than {limits.MOST_RATIO} times its size."
                return _Member(None, entry.size, error=error)
            most = min(most, allowed)
        content = cast("BinaryIO", tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115 - handed on
        digest, size, remark = hashlib.sha256(), 0, None
        md5 = hashlib.md5(usedforsecurity=False) if self.bundle.has_uploads else None
        try:
            for chunk in container.unpack(entry, most=most):
                content.write(chunk)
                digest.update(chunk)
                if md5:
                    md5.update(chunk)
                size += len(chunk)
        except Unreadable as fault:
            remark = str(fault)
        except BaseException:
            content.close()
            raise
        self._left -= size
        if remark and (not size or size >= most - (1 << 20)):
            content.close()
            return _Member(None, entry.size, error=remark)
        content.seek(0)
        return _Member(
            content, size, digest.hexdigest(), md5.hexdigest() if md5 and not remark else "", remark=remark
        )


def _peeked(container: Container[Any], entry: Entry) -> Source | None:
    """Return the source that recognises the first bytes of a member."""
    if entry.is_folder or entry.refusal or names.fault(entry.name):
        return None
    head = b""
    with suppress(Unreadable):
        for chunk in container.unpack(entry, most=limits.MOST_MEMBER):
            head += chunk
            if len(head) >= sources.HEAD:
                break
    return sources.recognise(head[: sources.HEAD], entry.size) if head else None


def _absolute(listing: Listing[Any], prefix: str) -> Iterator[AnyRow]:
    """Say of how many members the name begins at a root, which is left out: there is no such place here."""
    found = [entry.name for entry in listing.entries if not entry.is_folder and names.is_absolute(entry.name)]
    if found:
        yield NotUnderstood(
            text=f"Names that begin at the root of a disk{_of(prefix)}: {len(found)}, such as “{names.shown(found[0])}”."
            " They are shown as they stand in the archive, without it.",
            place=_WHOLE,
        )


def _of(prefix: str) -> str:
    return f" in {prefix.removesuffix('!/')}" if prefix else ""


def _too_long(entry: Entry) -> str | None:
    if entry.name_length <= names.LONGEST:
        return None
    return f"Refused: its name is {entry.name_length} bytes long; at most {names.LONGEST} are accepted."


def _unique(name: str, taken: set[str]) -> str:
    count, free = 1, name
    while free in taken:
        count += 1
        free = f"{name} ({count})"
    taken.add(free)
    return free
