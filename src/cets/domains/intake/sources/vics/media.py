"""One media of a VICS file: its hashes as declared, its category and flags as written, its files with paths and times."""

from collections.abc import Iterator
from typing import Any

from cets.domains.intake.json_fields import Fields, Unread
from cets.domains.intake.json_walk import text_of
from cets.domains.intake.reading import Reader, is_empty, is_unread
from cets.domains.intake.rows import AnyRow, FreeText
from cets.domains.intake.sources.vics.model import Context
from cets.domains.intake.times import is_zero

_HASHES = {"MD5": "md5", "SHA1": "sha1", "SHA256": "sha256", "PhotoDNA": "photodna"}
_NAMES = {
    "md5": "md5",
    "sha1": "sha1",
    "sha256": "sha256",
    "sha512": "sha512",
    "pdq": "pdq",
    "photodna": "photodna",
}
_FLAGS = {
    "VictimIdentified": "Victim identified", "OffenderIdentified": "Offender identified", "IsDistributed": "Distributed",
    "IsSuspected": "Suspected", "SelfGenerated": "Self-generated", "IsPrecategorized": "Precategorised",
    "PrecategorizationSource": "Precategorised by", "MimeType": "MIME type", "MediaSize": "Size", "DateUpdated": "Updated",
    "MediaID": "Media ID", "RelativeFilePath": "File in the export",
}  # fmt: skip
_FILE = {
    "FileName": "Name", "Created": "Created", "Written": "Written", "Accessed": "Accessed", "Unallocated": "Unallocated",
    "Deleted": "Deleted", "SourceID": "Source", "PhysicalLocation": "Physical location", "ParentFileName": "Within",
    "ParentPhysicalLocation": "Physical location of what it is within",
}  # fmt: skip
_SERIALS = frozenset({"bodyserialnumber", "cameraserialnumber", "serialnumber"})
_TRUTHS = {"true": "yes", "false": "no"}


class MediaReader:
    def __init__(self, reader: Reader, unread: Unread, context: Context) -> None:
        self._reader, self._unread, self._context = reader, unread, context

    def rows(self, media: Fields) -> Iterator[AnyRow]:
        place, md5 = media.place(""), str(media.peek("MD5") or "").casefold()
        category = self._category(media)
        told = [*category, *_told(media, _FLAGS)]
        if told:
            yield FreeText(text="; ".join(told), place=place, label="Media")
        for key, sort in _HASHES.items():
            if raw := media.text(key):
                yield from self._hash(sort, raw, media.place(key))
        for other in media.objects("AlternativeHashes"):
            yield from self._other_hash(other, md5)
        for file in media.objects("MediaFiles"):
            yield from self._file(file)
        yield from self._lists(media, md5)
        for key in ("Comments", "Tags", "Series"):
            for at, text in media.texts(key):
                yield from self._reader.free_text(text, place=at, label=key)
        yield from media.rest(self._reader, self._unread)

    def _category(self, media: Fields) -> list[str]:
        """Return the number as it stands, with whose list it is of; a field that is null says that there is none."""
        is_there = "Category" in media
        text = media.text("Category")
        if text:
            return [f"Category: {text} ({self._context.scheme})"]
        return ["Category: none given"] if is_there else []

    def _hash(self, sort: str, raw: str, place: str, **facts: Any) -> Iterator[AnyRow]:
        yield from self._reader.declared("hash", f"{sort}:{raw}", as_written=raw, place=place, **facts)

    def _other_hash(self, other: Fields, md5: str) -> Iterator[AnyRow]:
        _drop_same(other, md5)
        name, place = other.text("HashName"), other.place("HashValue")
        sort = _NAMES.get(name.casefold().replace("-", "").replace("_", "").replace(" ", ""))
        raw = other.text("HashValue")
        if raw and sort:
            yield from self._hash(sort, raw, place)
        elif raw or name:
            yield FreeText(text=f"{name}: {raw}", place=place, label="Hash of another sort")
        yield from other.rest(self._reader, self._unread)

    def _file(self, file: Fields) -> Iterator[AnyRow]:
        paths = [
            ("FilePath", "File path", file.text("FilePath")),
            ("ParentFilePath", "Within", file.text("ParentFilePath")),
        ]
        for key, label, path in paths:
            yield from self._reader.free_text(path, place=file.place(key), label=label)
        for key, path in (("FileName", paths[0][2]), ("ParentFileName", paths[1][2])):
            yield from self._name(file, key, path)
        created = str(file.peek("Created") or "")
        told = _told(file, _FILE)
        if told:
            yield FreeText(text="; ".join(told), place=file.place(""), label="File")
        if raw := file.text("MD5"):
            yield from self._hash("md5", raw, file.place("MD5"), **self._made_at(created))
        if raw := file.text("ParentMD5"):
            yield from self._hash("md5", raw, file.place("ParentMD5"))
        file.ignore("MediaFileID")
        yield from file.rest(self._reader, self._unread)

    def _name(self, file: Fields, key: str, path: str) -> Iterator[AnyRow]:
        """Yield what is found in a name that its path does not end with; the name itself is told with the file."""
        name = text_of(file.peek(key))
        if name and not path.endswith(name):
            yield from self._reader.mentioned(name, place=file.place(key))

    def _made_at(self, created: str) -> dict[str, Any]:
        when = self._reader.time(created) if created else None
        return (
            {"seen_at": when, "event": "FILE_CREATED"}
            if when and not (is_unread(when) or is_zero(when))
            else {}
        )

    def _lists(self, media: Fields, md5: str) -> Iterator[AnyRow]:
        for key, label in (("Exifs", "EXIF"), ("MediaMetadata", "Metadata")):
            place, properties = media.place(key), []
            for one in media.objects(key):
                _drop_same(one, md5)
                name, value = one.text("PropertyName"), one.text("PropertyValue")
                if not is_empty(value) and name.casefold().replace(" ", "") in _SERIALS:
                    yield from self._reader.declared(
                        "device", f"serial {value}", as_written=value, place=one.place("PropertyValue")
                    )
                properties += [f"{name}: {value}"] if value else []
                one.ignore("PropertyGroup")
                yield from one.rest(self._reader, self._unread)
            if properties:
                yield from self._reader.free_text("; ".join(properties), place=place, label=label)
        for key, names in (
            ("Repositories", ("RepositoryName",)),
            ("Segments", ("SegmentIndex", "Start", "End", "Category")),
        ):
            for one in media.objects(key):
                _drop_same(one, md5)
                told = _told(one, dict(zip(names, names, strict=True)))
                if told:
                    yield FreeText(text="; ".join(told), place=one.place(""), label=key)
                yield from one.rest(self._reader, self._unread)


def _drop_same(one: Fields, md5: str) -> None:
    """The parts of a media repeat its MD5 as their key."""
    if str(one.peek("MD5") or "").casefold() == md5:
        one.ignore("MD5")


def _told(fields: Fields, names: dict[str, str]) -> list[str]:
    """Return fields as written, one phrase each; truth values stand as texts in some files."""
    told = []
    for key, label in names.items():
        text = fields.text(key)
        if text:
            told.append(f"{label}: {_TRUTHS.get(text.casefold(), text)}")
    return told
