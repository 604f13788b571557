"""A report as law enforcement gets it: an archive with the report in several forms and a folder of the files that it tells of."""

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import BinaryIO, TypeVar

import msgspec

from cets.domains.intake.cybertip.files import Upload
from cets.domains.intake.cybertip.twins import FORMS, Twins
from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import AnyRow, FreeText, NotUnderstood
from cets.domains.intake.sources.base import Options, Source

#: What a file of the report is called as a source: it is sealed and hashed, and nobody looks into it.
UPLOADED = "cybertip_file"
_LOOKED_AT = 40  # members whose head is read to see whether the archive is such a bundle
_ENDINGS = (".json", ".xml")
_PDF = ".pdf"
_SAID = 50  # missing files that are named one by one

E = TypeVar("E")


class ReportSource(Source):
    """A source of whole reports, which also tells what files they speak of."""

    @abstractmethod
    def report(self, file: BinaryIO, options: Options, uploads: list[Upload]) -> Iterator[AnyRow]:
        """As `read`; adds the uploaded files to `uploads` as it goes."""

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        yield from self.report(file, options, [])


class Member(msgspec.Struct, frozen=True):
    """A member of the archive that is being read: its name, and the MD5 of its content once uploads are known."""

    name: str
    md5: str


class _Known(msgspec.Struct):
    upload: Upload
    seen: bool = False


class Bundle:
    """Made once for an archive, those inside it included."""

    def __init__(self) -> None:
        self._twins = Twins()
        self._uploads: list[_Known] = []
        self._by_hash: defaultdict[str, list[_Known]] = defaultdict(list)
        self._by_name: defaultdict[str, list[_Known]] = defaultdict(list)

    @property
    def has_uploads(self) -> bool:
        """Whether a report was read that tells of files: the MD5 of what follows is worth knowing."""
        return bool(self._uploads)

    def rows(self, source: Source, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        """Yield the rows of one member, without what another form of the same report told."""
        uploads: list[Upload] = []
        read = (
            source.report(file, options, uploads)
            if isinstance(source, ReportSource)
            else source.read(file, options)
        )
        yield from self._twins.rows(source.name, read)
        self.know(uploads)

    def know(self, uploads: Iterable[Upload]) -> None:
        """Take up files of which a report tells; another form tells of the same ones."""
        told = {known.upload.hashes for known in self._uploads if known.upload.hashes}
        for one in (_Known(upload) for upload in uploads if upload.hashes not in told):
            self._uploads.append(one)
            for value in one.upload.hashes:
                self._by_hash[value].append(one)
            for name in set(map(last_of, one.upload.names)):
                self._by_name[name].append(one)

    def uploaded(self, member: Member) -> "Found | None":
        """Return the uploaded file that a member is: by its MD5, else by its name."""
        md5 = f"md5:{member.md5}"
        by_hash = self._by_hash.get(md5, [])
        by_name = self._by_name.get(last_of(member.name), [])
        for known in by_hash or by_name:
            known.seen = True
        if by_hash:
            return Found(by_hash[0].upload, agrees=True)
        if by_name:
            one = by_name[0]
            has_md5 = any(value.startswith("md5:") for value in one.upload.hashes)
            return Found(one.upload, agrees=False if has_md5 else None)
        return None

    def missing(self, where: str = "in the archive") -> Iterator[NotUnderstood]:
        """Say which of the files that the reports tell of are not there."""
        missing = [known for known in self._uploads if not known.seen]
        for known in missing[:_SAID]:
            # By its place, as files may be called after a child.
            text = f"{known.upload.label} of {known.upload.report}, at {known.upload.place}, is not {where}."
            yield NotUnderstood(text=text, place="whole file")
        if len(missing) > _SAID:
            text = f"{len(missing) - _SAID} further files of which the reports tell are not {where}."
            yield NotUnderstood(text=text, place="whole file")


class Found(msgspec.Struct, frozen=True):
    """The uploaded file that a member is. `agrees`: its MD5 with the one reported; None when none is."""

    upload: Upload
    agrees: bool | None

    def rows(self, member: Member, options: Options) -> Iterator[AnyRow]:
        """Yield what is said of a member: which file of the report it is, and the MD5 where nobody told it before."""
        said = {
            True: "its MD5 is the one that the report states.",
            None: "by its name; the report states no MD5.",
            False: "by its name only: the report states another MD5.",
        }[self.agrees]
        text = f"{self.upload.label} of {self.upload.report}: {said} Viewed by the provider: {self.upload.viewed}."
        yield FreeText(text=text, place=member.name, label="Uploaded file")
        if self.agrees is False:
            said = f"It is called like {self.upload.label} of {self.upload.report}, but its content has another MD5."
            yield NotUnderstood(text=said, place=member.name)
        if not self.agrees:
            yield from computed(member, options)


def computed(member: Member, options: Options) -> Iterator[AnyRow]:
    """Yield the MD5 of a member as an identifier: a machine worked it out, nobody declared it."""
    yield from Reader(options).declared(
        "hash", f"md5:{member.md5}", place=member.name, way="looked_up", as_written=member.md5
    )


def in_order(
    entries: Sequence[E], name: Callable[[E], str], source_of: Callable[[E], Source | None]
) -> list[E]:
    """Return members in the order in which they are read: where one is a report, the report's forms before its files.

    Its PDF comes last: it tells least, and what reads it is the least forgiving of hostile content.
    """
    ranks: dict[int, int] = {}
    looked_at = 0
    for index, entry in enumerate(entries):
        if name(entry).casefold().endswith(_ENDINGS) and looked_at < _LOOKED_AT:
            looked_at += 1
            source = source_of(entry)
            if isinstance(source, ReportSource):
                ranks[index] = FORMS.index(source.name) - len(FORMS)
    if not ranks:
        return list(entries)
    for index, entry in enumerate(entries):
        if name(entry).casefold().endswith(_PDF):
            ranks[index] = 1
    return [
        entries[index] for index in sorted(range(len(entries)), key=lambda each: (ranks.get(each, 0), each))
    ]


def last_of(name: str) -> str:
    """Return what a file is called, without its folders and without case."""
    return name.replace("\\", "/").rpartition("/")[2].casefold()
