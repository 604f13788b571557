"""Uploaded files of a report: their hashes as identifiers, the rest as facts. No picture is ever read."""

import re
from collections.abc import Iterator

import msgspec

from cets.domains.intake.cybertip.people import People, is_message_id
from cets.domains.intake.cybertip.record import Field, Leaf, Node
from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import AnyRow, FreeText, Sighting

_HASHES = {
    "md5": "md5", "md5Hash": "md5", "sha1": "sha1", "sha1Hash": "sha1",
    "sha256": "sha256", "sha256Hash": "sha256",
    "photoDna": "photodna", "pdna": "photodna", "photoDnaHash": "photodna", "pdq": "pdq", "pdqHash": "pdq",
    "verificationHash": "", "hash": "", "hashValue": "", "originalFileHash": "", "originalBinaryHash": "",
}  # fmt: skip
_HASH_LISTS = ("originalFileHashes", "hashes", "fileHashes")
_HASH_TYPES = ("hashType", "type", "hashName", "name", "algorithm", "hashAlgorithm")
_FACTS = (
    "filename", "originalFilename", "fileId", "id", "submittalId", "fileType", "mimeType", "fileSize",
    "uploadedToEspTimestamp", "uploadDateTime", "uploadDate", "uploadedAt", "locationOfFile", "fileRelevance", "publiclyAvailable",
    "industryClassification", "potentialMeme", "reportId",
)  # fmt: skip
_NAMES = frozenset({"filename", "original filename"})
#: Whether somebody at the provider opened the file decides in places whether police may: absent is not "no".
_VIEWED = "viewed by provider"
_THREE_STATE = {
    ("viewedByEsp", "fileViewedByEsp"): _VIEWED,
    ("exifViewedByEsp",): "EXIF viewed by provider",
}


class Upload(msgspec.Struct, frozen=True):
    """An uploaded file as its report tells of it, to find it again among the files that came with the report."""

    label: str
    place: str
    report: str  # "report 990000101", or "the report" where it states no number
    names: frozenset[str]
    hashes: frozenset[str]
    viewed: str  # by the provider: as stated


#: The facts of a file stand in one text, each after its name.
_FACT = re.compile(
    r"(?:^|; )(filename|original filename|viewed by provider): (.*?)(?=; [A-Za-z][A-Za-z ]*: |$)", re.DOTALL
)


def facts_in(text: str) -> tuple[frozenset[str], str]:
    """Return the names of an uploaded file, and whether its provider viewed it, from the text that tells of the file."""
    facts = _FACT.findall(text)
    names = frozenset(said for name, said in facts if name in _NAMES)
    return names, next((said for name, said in facts if name == _VIEWED), "not stated")


class Files:
    """Reads the uploaded files of one report and numbers them."""

    def __init__(self, reader: Reader, people: People) -> None:
        self.uploads: list[Upload] = []
        self.report = "the report"
        self._reader = reader
        self._people = people
        self._count = 0

    def read(self, node: Node) -> Iterator[AnyRow]:
        """Yield one file: facts, hashes, who was captured uploading it, what the provider noted."""
        self._count += 1
        label = f"Uploaded file {self._count}"
        known = self._people.facts
        facts = [*known.of(node, _FACTS), *self._states(node), *known.flags(_flags(node))]
        yield FreeText(
            text="; ".join(f"{name}: {text}" for name, text in facts), place=node.place, label=label
        )
        yield from self._people.told()
        hashes = list(self._hashes(node))
        yield from hashes
        self._keep(label, node.place, facts, hashes)
        yield from self._people.captures_of_file(node)
        for groups in node.nodes("ncmecTags"):
            tags = [tag.text for group in groups.nodes("groups") for tag in group.fields("tags", "tag")]
            tags += [tag.text for tag in groups.fields("tags", "tag", "value")]
            yield from self._reader.free_text(", ".join(tags), place=groups.place, label=f"{label}, tags")
        for pair in _pairs(node):
            yield from self._noted(pair, label)
        for field in node.fields(
            "additionalInformations", "additionalInformation", "additionalInfo", "notes"
        ):
            yield from self._reader.free_text(field.text, place=field.place, label=label)

    def _keep(self, label: str, place: str, facts: list[tuple[str, str]], hashes: list[AnyRow]) -> None:
        told = {row.value.value for row in hashes if isinstance(row, Sighting)}
        names = {text for name, text in facts if name in _NAMES}
        self.uploads.append(
            Upload(label, place, self.report, frozenset(names), frozenset(told), dict(facts)[_VIEWED])
        )

    def _states(self, node: Node) -> Iterator[tuple[str, str]]:
        for names, label in _THREE_STATE.items():
            given = node.text(*names)
            yield label, given.text if given else "not stated"

    def _hashes(self, node: Node) -> Iterator[AnyRow]:
        for name, scheme in _HASHES.items():
            for field in node.fields(name, inside=("hashValue",)):
                kind = field.attributes.text(*_HASH_TYPES)
                known = scheme or _scheme(kind)
                raw = f"{known}:{field.text}" if known and ":" not in field.text else field.text
                yield from self._reader.declared("hash", raw, as_written=field.text, place=field.place)
        # A list of hashes, or one object that has each under the name of its sort.
        for listed in node.nodes(*_HASH_LISTS):
            yield from self._hash(listed)

    def _hash(self, node: Node) -> Iterator[AnyRow]:
        kind = _scheme(node.text(*_HASH_TYPES)) if node.has(*_HASH_TYPES) else ""
        for field in node.fields("value", "hashValue", "hash"):
            raw = f"{kind}:{field.text}" if kind and ":" not in field.text else field.text
            yield from self._reader.declared("hash", raw, as_written=field.text, place=field.place)
        yield from self._hashes(node)

    def _noted(self, pair: Node, label: str) -> Iterator[AnyRow]:
        name, value = pair.text("name", "key"), pair.text("value")
        pair.take("type")
        if value and name and is_message_id(name.text):
            yield FreeText(text=value.text, place=value.place, label=f"{label}, {name.text}")
        elif value:
            yield from self._reader.free_text(
                value.text, place=value.place, label=f"{label}, {name.text}" if name else label
            )


def _pairs(node: Node) -> Iterator[Node]:
    for metadata in node.nodes("espMetadata"):
        yield from metadata.nodes("metadatas", "metadata")
        if metadata.has("name", "value"):
            yield metadata
    for details in node.nodes("details"):
        yield from details.nodes("nameValuePair", "nameValuePairs")
        details.take("type")


def _flags(node: Node) -> Iterator[tuple[str, Leaf]]:
    for holder in node.nodes("fileAnnotations", "annotations"):
        yield from holder.leaves()
    yield from node.flags()


def _scheme(kind: Field | None) -> str:
    words = "".join(filter(str.isalnum, kind.text.casefold())) if kind else ""
    return {
        "md5": "md5",
        "sha1": "sha1",
        "sha256": "sha256",
        "photodna": "photodna",
        "pdna": "photodna",
        "pdq": "pdq",
    }.get(words, "")
