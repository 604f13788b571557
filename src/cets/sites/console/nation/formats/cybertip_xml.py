"""What a provider submits: the report and the details of one file, in the order of the provider schema."""

from datetime import datetime
from xml.etree import ElementTree as ET  # written, never read: nothing hostile can come in here

from cets.sites.console.nation import plant
from cets.sites.console.nation.formats.cybertip_json import provider_mail, stamp
from cets.sites.console.nation.model import Capture, Document, Persona, Tip, Upload

_BLOCKS = {
    "suspect": ("personOrUserReported", "personOrUserReportedPerson"),
    "recipient": ("intendedRecipient", "intendedRecipientPerson"),
    "victim": ("victim", "victimPerson"),
}
_HASHES = ("md5", "sha1", "sha256")
_SPEAKERS = ("Reported User", "Other User")


def report(tip: Tip) -> Document:
    """Return the submission of a report: no number yet, and its files have details of their own."""
    root = ET.Element("report")
    _summary(root, tip)
    _details(root, tip)
    _reporter(root, tip)
    for role, (block, person) in _BLOCKS.items():
        for persona in tip.personas:
            if persona.role == role:
                _persona(ET.SubElement(root, block), persona, person)
    _text(root, "additionalInfo", tip.remark)
    return Document(_bytes(root), ".xml", "cybertip_xml", plant.of_tip(tip))


def file_details(number: int, upload: Upload, *, uploaded_at: datetime, capture: Capture | None) -> Document:
    """Return the details of one file of the report with that number."""
    root = ET.Element("fileDetails")
    _text(root, "reportId", str(number))
    _text(root, "fileId", upload.md5[:16])
    _text(root, "originalFileName", upload.name)
    _text(root, "uploadedToEspTimestamp", stamp(uploaded_at))
    if upload.viewed is not None:
        _text(root, "fileViewedByEsp", str(upload.viewed).lower())
    _text(root, "publiclyAvailable", "false")
    _text(root, "fileRelevance", "Reported")
    for name in _HASHES:
        value = getattr(upload, name)
        if value:
            _text(root, "originalFileHash", value).set("hashType", name.upper())
    planted = list(plant.of_upload(upload, *_HASHES))
    if capture:
        _capture(root, capture)
        planted.append(plant.ip(capture.address, *((capture.at,) if capture.at else ()), port=capture.port))
    return Document(_bytes(root), ".xml", "cybertip_xml", tuple(planted))


def _bytes(root: ET.Element) -> bytes:
    ET.indent(root, " ")
    text: str = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _text(parent: ET.Element, name: str, text: str) -> ET.Element:
    child = ET.SubElement(parent, name)
    child.text = text
    return child


def _summary(root: ET.Element, tip: Tip) -> None:
    summary = ET.SubElement(root, "incidentSummary")
    _text(summary, "incidentType", tip.category)
    _text(summary, "platform", tip.platform)
    _text(summary, "incidentDateTime", stamp(tip.incident_at))


def _details(root: ET.Element, tip: Tip) -> None:
    if tip.pages:
        page = ET.SubElement(ET.SubElement(root, "internetDetails"), "webPageIncident")
        for address in tip.pages:
            _text(page, "url", address)
    if not (tip.lines or tip.room):
        return
    chat = ET.SubElement(ET.SubElement(root, "internetDetails"), "chatImIncident")
    _text(chat, "chatClient", tip.platform)
    if tip.room:
        _text(chat, "chatRoomName", tip.room)
    if tip.lines:
        _text(chat, "content", "\n".join(_line(tip, number) for number in range(len(tip.lines))))


def _line(tip: Tip, number: int) -> str:
    line = tip.lines[number]
    return f"[{line.at:%Y-%m-%d %H:%M:%S} UTC] {_SPEAKERS[line.who]}: {line.text}"


def _reporter(root: ET.Element, tip: Tip) -> None:
    reporter = ET.SubElement(root, "reporter")
    person = ET.SubElement(reporter, "reportingPerson")
    _text(person, "firstName", tip.platform)
    _text(person, "lastName", "Safety")
    _text(person, "email", provider_mail(tip.platform))


def _persona(block: ET.Element, persona: Persona, person_name: str) -> None:
    person = ET.SubElement(block, person_name)
    if persona.name:
        _text(person, "firstName", persona.name[0])
        _text(person, "lastName", persona.name[1])
    for number in persona.phones:
        _text(person, "phone", plant.spaced(number)).set("verified", "true")
    for address in persona.emails:
        _text(person, "email", address)
    fields = {
        "espIdentifier": persona.account_id,
        "espService": persona.platform,
        "screenName": persona.handle,
        "displayName": persona.display,
        "profileUrl": persona.url,
        "profileBio": persona.bio,
    }
    for name, text in fields.items():
        if text:
            _text(block, name, text)
    for capture in persona.captures:
        _capture(block, capture)
    for kind, value in persona.devices:
        device = ET.SubElement(block, "deviceId")
        _text(device, "idType", kind)
        _text(device, "idValue", value)


def _capture(parent: ET.Element, capture: Capture) -> None:
    event = ET.SubElement(parent, "ipCaptureEvent")
    _text(event, "ipAddress", capture.address)
    _text(event, "eventName", capture.event)
    written = capture.at_raw or (stamp(capture.at) if capture.at else None)
    if written:
        _text(event, "dateTime", written)
    if capture.port is not None:
        _text(event, "port", str(capture.port))
