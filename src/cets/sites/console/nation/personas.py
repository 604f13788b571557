"""People and provider reports drawn at random, for everything that the stories do not fix by hand."""

from dataclasses import replace
from datetime import datetime, timedelta

from cets.sites.console.nation import draw as drawing
from cets.sites.console.nation.draw import Draw
from cets.sites.console.nation.formats import cybertip_json, cybertip_xml
from cets.sites.console.nation.formats.archive import bundle
from cets.sites.console.nation.model import Capture, Document, Line, Persona, PersonaRole, Tip, Upload

_MONTH = timedelta(days=30)


def persona(
    draw: Draw, at: datetime, *, role: PersonaRole = "suspect", platform: str | None = None
) -> Persona:
    """Return a person of whom the platform knows an account, an e-mail and one log-in."""
    platform = platform or draw.pick(drawing.PLATFORMS)
    handle = draw.handle()
    return Persona(
        platform=platform,
        handle=handle,
        account_id=draw.account_id(),
        role=role,
        name=draw.name(),
        display=" ".join(draw.name()),
        emails=(draw.mail(handle),),
        captures=(login(draw, at),),
        url=drawing.profile_url(platform, handle),
    )


def with_device(draw: Draw, known: Persona) -> Persona:
    return replace(known, devices=(draw.device(),))


def with_phone(draw: Draw, known: Persona, country: str) -> Persona:
    """Return the persona with a phone number, or as it is when the reserved numbers have run out."""
    number = draw.phone(country)
    return replace(known, phones=(number,)) if number else known


def login(draw: Draw, at: datetime) -> Capture:
    address = (draw.ipv4() if draw.chance(0.4) else None) or draw.ipv6()
    return Capture(address, "Login", draw.before(at, within=_MONTH), draw.whole(20_000, 60_000))


def upload(draw: Draw) -> Upload:
    phrase = draw.phrase()
    return Upload(
        name=f"IMG_{draw.whole(1, 9999):04d}.jpg",
        md5=drawing.digest("md5", phrase),
        sha1=drawing.digest("sha1", phrase),
        viewed=draw.pick((True, False, None)),
    )


def small_talk(draw: Draw, at: datetime, lines: int, *, speakers: int = 2) -> tuple[Line, ...]:
    start = at - timedelta(hours=2)
    return tuple(
        Line(number % speakers, draw.talk(), start + timedelta(seconds=70 * number))
        for number in range(lines)
    )


def tip(
    draw: Draw,
    at: datetime,
    *personas: Persona,
    uploads: tuple[Upload, ...] = (),
    lines: int = 0,
) -> Tip:
    """Return a provider's report that reached the police at that time."""
    return Tip(
        number=990_100_000 + draw.serial(),
        platform=personas[0].platform,
        category=draw.pick(drawing.CATEGORIES),
        incident_at=at - timedelta(days=2),
        received_at=at,
        personas=personas,
        uploads=uploads,
        lines=small_talk(draw, at - timedelta(days=2), lines, speakers=min(2, len(personas))),
    )


def submission(given: Tip) -> Document:
    """Return the provider's XML of a report and of each of its files in one ZIP."""
    members = [("report.xml", cybertip_xml.report(given))]
    for number, file in enumerate(given.uploads, 1):
        details = cybertip_xml.file_details(given.number, file, uploaded_at=given.incident_at, capture=None)
        members.append((f"files/{number}.xml", details))
    return bundle(members)


def layout(given: Tip, name: str) -> Document:
    """Return a provider's report in one of its layouts: "a", "b", "xml" or "zip"."""
    writers = {
        "a": cybertip_json.shape_a,
        "b": cybertip_json.shape_b,
        "xml": cybertip_xml.report,
        "zip": submission,
    }
    return writers[name](given)
