"""Short ways to say what a file holds, in the canonical forms of the identifier kinds."""

from collections.abc import Iterator
from datetime import datetime

from cets.sites.console.nation.model import Capture, Persona, Planted, Tip, Upload


def _key(platform: str) -> str:
    """Return a platform as accounts and rooms carry it: people write it with and without spaces."""
    return platform.replace(" ", "")


def email(address: str, *, role: str = "unknown", way: str = "declared", raw: str | None = None) -> Planted:
    return Planted("email", address.lower(), raw or address, role, way)


def phone(number: str, *, role: str = "unknown", way: str = "declared", raw: str | None = None) -> Planted:
    """`number` in E.164."""
    return Planted("phone", number, raw or number, role, way)


def account(platform: str, handle: str, *, role: str = "unknown", way: str = "declared") -> Planted:
    return Planted("account", f"{_key(platform)}/{handle}".casefold(), handle, role, way)


def account_id(platform: str, number: str, *, role: str = "unknown", way: str = "declared") -> Planted:
    return Planted("account", f"{_key(platform)}/id:{number}".casefold(), number, role, way)


def handle(name: str, *, role: str = "unknown", way: str = "mentioned") -> Planted:
    return Planted("handle", name.casefold(), name, role, way)


def display_name(name: str, *, role: str = "unknown", way: str = "declared") -> Planted:
    return Planted("display_name", " ".join(name.casefold().split()), name, role, way)


def url(address: str, *, role: str = "unknown", way: str = "declared", raw: str | None = None) -> Planted:
    return Planted("url", address, raw or address, role, way)


def device(kind: str, value: str, *, role: str = "unknown") -> Planted:
    return Planted("device", f"{kind}:{value}".lower(), value, role)


def ip(
    address: str,
    *at: datetime,
    port: int | None = None,
    role: str = "unknown",
    way: str = "declared",
) -> Planted:
    return Planted("ip", address, address, role, way, at, port)


def file_hash(algorithm: str, value: str, *, way: str = "declared") -> Planted:
    return Planted("hash", f"{algorithm}:{value}".lower(), value, "unknown", way)


def other(
    kind: str, value: str, *, role: str = "unknown", way: str = "declared", raw: str | None = None
) -> Planted:
    """Any kind whose canonical form is just itself: imei, vehicle, wallet, bank_account, group..."""
    return Planted(kind, value, raw or value, role, way)


def spaced(number: str) -> str:
    """Return an E.164 number the way people write it in full."""
    if number.startswith("+1"):
        return f"+1 {number[2:5]}-{number[5:8]}-{number[8:]}"
    return f"+44 {number[3:7]} {number[7:]}"


def national(number: str) -> str:
    """Return an E.164 number the way people write it at home."""
    if number.startswith("+1"):
        return f"({number[2:5]}) {number[5:8]}-{number[8:]}"
    return f"0{number[3:7]} {number[7:]}"


def of_tip(tip: Tip, *hashes: str) -> tuple[Planted, ...]:
    """Return what a provider's report declares and its talk mentions; of the files only hashes so named."""
    found = [value for persona in tip.personas for value in _of_persona(persona)]
    found += [value for upload in tip.uploads for value in of_upload(upload, *hashes)]
    found += [url(page) for page in tip.pages]
    if tip.room:
        found.append(other("group", f"{_key(tip.platform)}/{tip.room}".casefold(), raw=tip.room))
    return (*found, *tip.mentioned)


def of_upload(upload: Upload, *hashes: str) -> Iterator[Planted]:
    known = {"md5": upload.md5, "sha1": upload.sha1, "sha256": upload.sha256}
    for algorithm in hashes:
        value = known[algorithm]
        if value:
            yield file_hash(algorithm, value)


def _of_persona(persona: Persona) -> Iterator[Planted]:
    role = persona.role
    if persona.handle:
        yield account(persona.platform, persona.handle, role=role)
    if persona.account_id:
        yield account_id(persona.platform, persona.account_id, role=role)
    if persona.display:
        yield display_name(persona.display, role=role)
    for address in persona.emails:
        yield email(address, role=role)
    for number in persona.phones:
        yield phone(number, role=role, raw=spaced(number))
    for kind, value in persona.devices:
        yield device(kind, value, role=role)
    if persona.url:
        yield url(persona.url, role=role)
    yield from (_of_capture(capture, role) for capture in persona.captures)


def _of_capture(capture: Capture, role: str) -> Planted:
    at = (capture.at,) if capture.at and not capture.at_raw else ()
    return ip(capture.address, *at, port=capture.port, role=role)
