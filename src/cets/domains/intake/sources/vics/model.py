"""The words of the VICS data model: its keys in their one spelling, its versions, and whose categories the numbers are."""

import re
from typing import Any

import msgspec

#: Exporters write keys in other letter case; the model's spelling is shown.
_KEYS = (
    "CaseID", "CaseNumber", "ContactOrganization", "ContactName", "ContactPhone", "ContactEmail", "ContactTitle",
    "TotalMediaFiles", "TotalPrecategorized", "SeizureDate", "SourceApplicationName", "SourceApplicationVersion",
    "CaseMetadata", "Media", "Identifiers", "MediaID", "Category", "MD5", "SHA1", "SHA256", "PhotoDNA",
    "VictimIdentified", "OffenderIdentified", "IsDistributed", "Comments", "Tags", "Series", "MediaSize",
    "RelativeFilePath", "DateUpdated", "IsPrecategorized", "PrecategorizationSource", "IsSuspected", "MimeType",
    "SelfGenerated", "AlternativeHashes", "HashName", "HashValue", "Exifs", "PropertyName", "PropertyValue",
    "PropertyGroup", "MediaFiles", "MediaFileID", "FileName", "FilePath", "Created", "Written", "Accessed",
    "Unallocated", "Deleted", "SourceID", "PhysicalLocation", "ParentMD5", "ParentFileName", "ParentFilePath",
    "ParentPhysicalLocation", "Repositories", "RepositoryName", "Segments", "SegmentIndex", "Start", "End",
    "MediaMetadata", "IdentifierType", "Name", "Application", "Events", "EventID", "EventTime", "EventType",
    "EventMetadata", "IdentifierMetadata",
)  # fmt: skip
_SPELLING = {key.casefold(): key for key in _KEYS}
#: Keys that media of no other model have.
_OF_MEDIA = frozenset({
    "mediaid", "mediafiles", "mediasize", "victimidentified", "offenderidentified", "isdistributed", "isprecategorized",
    "issuspected", "selfgenerated", "alternativehashes", "photodna", "relativefilepath",
})  # fmt: skip
_ENOUGH = 2
_CONTEXT = re.compile(
    r"/DataModels/(?P<version>[\d.]{1,10}?)(?:\.xml)?(?:/(?P<region>[^/$#]{1,40}))?(?:/?\$metadata)?(?:#(?P<entity>\w{1,40})(?:\W.*)?)?$",
    re.IGNORECASE,
)
_LISTS = {"us": "Project VIC's list for the US", "uk": "the UK's list (CAID)"}


class Context(msgspec.Struct, frozen=True):
    """Which data model a file says it is of. `region` decides what a category means."""

    version: str | None = None
    region: str | None = None
    entity: str | None = None

    @property
    def scheme(self) -> str:
        if self.region is None:
            return "the file names no region, so that its list of categories is not stated"
        return _LISTS.get(self.region.casefold(), f"the list of region {self.region}")


def spelled(value: Any) -> Any:
    """Return an object and all in it with the model's keys in the model's spelling, and without keys of OData."""
    if isinstance(value, list):
        return [spelled(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    made: dict[str, Any] = {}
    for key, entry in value.items():
        if "odata." in key.casefold():
            continue
        name = _SPELLING.get(key.casefold()) or str(key)
        made[key if name in made else name] = spelled(entry)
    return made


def context_of(top: Any) -> Context | None:
    """Return what a file's first object says of its model, None when it names none."""
    for key, text in top.items() if isinstance(top, dict) else ():
        if key.casefold() in ("@odata.context", "odata.context", "odata.metadata") and isinstance(text, str):
            found = _CONTEXT.search(text)
            if found and "projectvic" in text.casefold():
                return Context(found["version"], found["region"], found["entity"])
            return Context() if "projectvic" in text.casefold() else None
    return None


def next_page(top: dict[str, Any]) -> str | None:
    """Return the key under which an answer of a portal says that there is more of it than the file holds."""
    marks = ("@odata.nextlink", "odata.nextlink")
    return next((str(key) for key in top if key.casefold() in marks), None)


def is_media(value: Any) -> bool:
    keys = _keys(value)
    return "md5" in keys and bool(keys & {"category", "mediaid", "victimidentified", "isprecategorized"})


def is_media_for_certain(value: Any) -> bool:
    """Say the same of a list in which nothing else names the model: any program's list of files has hashes, sorted somehow."""
    return is_media(value) and len(_keys(value) & _OF_MEDIA) >= _ENOUGH


def is_case(value: Any) -> bool:
    keys = _keys(value)
    return "media" in keys and bool(
        keys & {"caseid", "casenumber", "totalmediafiles", "sourceapplicationname"}
    )


def is_hash_alone(value: Any) -> bool:
    """Say whether an entry is a media of which nothing but its hashes is told."""
    keys = _keys(value)
    return "md5" in keys and not keys & {"media", "caseid", "identifiertype"}


def _keys(value: Any) -> frozenset[str]:
    return frozenset(key.casefold() for key in value) if isinstance(value, dict) else frozenset()
