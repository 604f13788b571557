"""The headings and labels of a printed report, in the terms of its other forms."""

import re
from collections.abc import Iterator

import msgspec

from cets.domains.identifiers.kinds.base import Role

TITLE = re.compile(r"cyber\s?tip(?:line)?\s+report\s*(?:number|id|no\.?)?\s*[:#]?\s*(\d{5,})", re.IGNORECASE)
ENOUGH = 2
_TELLING = re.compile(
    r"executive summary|section [a-d]\b|uploaded file|incident (?:type|information)|reporting (?:esp|electronic)|ncmec"
    r"|law enforcement|geo-?lookup|child victim|intended recipient|reported (?:person|user|information)|^suspect\b",
    re.IGNORECASE | re.MULTILINE,
)
RECEIVED = re.compile(r"received (?:by ncmec )?(?:on|at)\s+(\S.{5,40})", re.IGNORECASE)
VIEWED = re.compile(r"did .*\bview\b.*\?\s*(\S.*)?", re.IGNORECASE)
#: What stands on every page beside its content.
FOOTER = re.compile(
    r"(?:page\s+)?\d+(?:\s+(?:of|/)\s+\d+)?|cyber\s?tip(?:line)?\s+report\s.{0,40}\|.*", re.IGNORECASE
)
_LABEL = re.compile(r"([A-Za-z][A-Za-z0-9 /()'.#&\-]{0,58}[A-Za-z0-9)#.])\s*:(?!//)(?:\s+(.*))?")
_CONNECTORS = frozenset({"and", "or", "of", "by", "the", "for", "in", "to", "with", "on"})
_MOST_WORDS = 7


class Heading(msgspec.Struct, frozen=True):
    """What a heading begins: a field of the report's tree, and how it is called at the places in it."""

    field: str
    caption: str
    role: Role = "unknown"
    is_person: bool = False
    is_prose: bool = False


_NUMBERED = r"(?:\s*(?:#|no\.?)?\s*\d{1,3})?(?:\s+information|\s+details)?"
_HEADINGS: tuple[tuple[str, Heading], ...] = (
    (
        r"(?:suspects?|reported (?:persons?|people|users?)|(?:persons?|users?) or (?:persons?|users?) (?:being )?reported)",
        Heading("reportedPersons", "Suspect", "suspect", is_person=True),
    ),
    (
        r"(?:(?:child|alleged|minor)\s+)*victims?",
        Heading("childVictims", "Child victim", "victim", is_person=True),
    ),
    (
        r"(?:intended )?recipients?",
        Heading("intendedRecipients", "Intended recipient", "recipient", is_person=True),
    ),
    (
        r"(?:reporting (?:electronic service provider|esp)(?: \(esp\))?|reporter|submitter|company)",
        Heading("reportingEsp", "Reporting provider", "reporter", is_person=True),
    ),
    (r"(?:incident)(?: summary)?", Heading("incidentSummary", "Incident")),
    (r"(?:uploaded files?|files? uploaded)", Heading("uploadedFiles", "Uploaded file")),
    (r"web\s?page(?:\s?/\s?url)?(?: incident)?", Heading("webPageIncident", "Web page")),
    (r"(?:(?:ip|automated) )?geo-?look-?ups?(?: .{0,40})?", Heading("internetGeoLookups", "Look-up")),
    (
        r"(?:section d\b.{0,60}|law enforcement(?: agency)?(?: contacts?)?)",
        Heading("lawEnforcementContacts", "Law enforcement contact", "other", is_person=True),
    ),
    (r"section [a-c]\b.{0,80}", Heading("", "")),
    (r"executive summary", Heading("executiveSummary", "Executive summary", is_prose=True)),
    (
        r"(?:additional|further) information(?: .{0,60})?|ncmec (?:notes?|comments?)|notes?|comments?",
        Heading("additionalInformation", "Additional information", is_prose=True),
    ),
)
_COMPILED = tuple(
    (re.compile(f"(?:{pattern}){_NUMBERED}", re.IGNORECASE), heading) for pattern, heading in _HEADINGS
)

#: Labels, without case and signs, that the other forms call otherwise.
_FIELDS = {
    "screenusername": "screenName", "screennameusername": "screenName", "incidenttime": "incidentDateTime",
    "incidentdate": "incidentDateTime", "electronicserviceprovider": "espName", "companyname": "espName",
    "webpageurl": "url", "webpage": "url", "espusername": "screenName", "espuserid": "espUserId", "md5hash": "md5", "sha1hash": "sha1",
    "hash": "verificationHash", "originalfilenameassociatedwithfile": "originalFilename", "service": "espService",
}  # fmt: skip
IPS = frozenset(
    {"ipaddress", "ip", "uploadip", "loginip", "registrationip", "uploadipaddress", "loginipaddress"}
)
CONTACTS = frozenset(
    {
        "email",
        "emailaddress",
        "phone",
        "phonenumber",
        "mobilephone",
        "mobile",
        "cellphone",
        "homephone",
        "workphone",
    }
)
INCIDENT = frozenset({"incidenttype", "incidentdatetime", "incidentdatetimedescription"})
#: Each comes once for one person, or one file: another one begins the next.
ONCE_FOR_A_PERSON = frozenset({"name", "dateofbirth"})
ONCE_FOR_A_FILE = frozenset({"filename"})
OF_A_FILE = frozenset(
    {"filename", "originalfilename", "md5", "sha1", "sha256", "submittalid", "verificationhash"}
)
HOW_MANY_FILES = frozenset({"totaluploadedfiles", "numberofuploadedfiles", "uploadedfiles"})
PRIORITY = frozenset({"priority", "prioritylevel"})


def telling_in(text: str) -> Iterator[str]:
    """Yield the words of a text that such reports have."""
    yield from (found[0].casefold() for found in _TELLING.finditer(text))


def heading_of(line: str) -> Heading | None:
    """Return what a line begins, when it is a heading that is known."""
    text = line.strip().removesuffix(":").strip()
    return next((heading for pattern, heading in _COMPILED if pattern.fullmatch(text)), None)


def looks_like_heading(line: str) -> bool:
    """Say whether a line may be a heading that nobody knows: a few words in capitals, and nothing else."""
    words = line.split()
    if not words or len(words) > _MOST_WORDS or not re.fullmatch(r"[A-Za-z/&()\- ]+", line.strip()):
        return False
    return all(word[0].isupper() or word in _CONNECTORS or not word[0].isalpha() for word in words)


def label_of(line: str) -> tuple[str, str, str] | None:
    """Return the label of a line as it stands, the field that it is, and the value behind it."""
    found = _LABEL.fullmatch(line.strip())
    if found is None:
        return None
    name = levelled(found[1])
    return found[1], _FIELDS.get(name, found[1]), (found[2] or "").strip()


def levelled(name: str) -> str:
    """Return a name without case and signs."""
    return "".join(sign for sign in name.casefold() if sign.isalnum())
