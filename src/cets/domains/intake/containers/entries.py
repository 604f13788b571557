"""What a format of containers offers to the unpacking: a list of members, and their bytes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import ClassVar, Generic, Protocol, TypeVar

from cets.domains.intake.containers import limits


class Unreadable(Exception):
    """The container or member cannot be read. The message says why, for the receipt."""


@dataclass(kw_only=True, slots=True)
class Entry:
    """One member as its container lists it. `name` is decoded, but as it came."""

    name: str
    name_length: int  # in bytes
    size: int  # as stated
    #: What it takes in the container; None when it is packed together with others.
    packed: int | None = None
    #: False when the size stated is unknown, or not to be relied on.
    is_size_sure: bool = True
    is_folder: bool = False
    #: Why it is not taken, where the format knows a reason: encrypted, a link, a device...
    refusal: str | None = None


E = TypeVar("E", bound=Entry)


@dataclass(slots=True)
class Listing(Generic[E]):
    """The members that are read, what is odd about the whole, and the limit that leaves out the rest, if one does."""

    entries: list[E]
    remarks: list[str] = field(default_factory=list)
    limit: str | None = None


class Container(Protocol[E]):
    """An opened container. Members are asked for in the order of the list, unless any order does: some formats only run forwards."""

    any_order: ClassVar[bool]

    def listing(self) -> Listing[E]:
        """List the members. Raises Unreadable."""

    def unpack(self, entry: E, *, most: int) -> Iterator[bytes]:
        """Yield the content of a member in small chunks, `most` bytes at the utmost.

        Raises Unreadable before the first chunk when it cannot be read at all, later when it goes wrong on the way
        (longer than allowed, broken off, checksum): what came until then stands.
        """


def first(found: Iterable[E]) -> Listing[E]:
    """List the members up to the limit of their number."""
    most = limits.MOST_MEMBERS
    listed = list(islice(found, most + 1))
    if len(listed) <= most:
        return Listing(listed)
    return Listing(listed[:most], limit=too_many())


def too_many() -> str:
    """Say that only the first members of a container are read."""
    most = limits.MOST_MEMBERS
    return f"The archive holds more than {most} members; only the first {most} were read."


def within(chunks: Iterable[bytes], *, most: int) -> Iterator[bytes]:
    """Yield chunks as long as they are not more than `most` bytes together. Raises Unreadable."""
    done = 0
    for chunk in chunks:
        done += len(chunk)
        if done > most:
            raise Unreadable(f"It unpacks to more than the limit of {most // 1_000_000} MB.")
        yield chunk
