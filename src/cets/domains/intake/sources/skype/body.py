"""The body of a Skype message, which is XML: its words, and what stands in it besides (files, contacts, who was in a call)."""

import html
import re
from typing import Final

import msgspec

from cets.domains.intake.sources.eml import html_text

_LEGACY = re.compile(r"<legacyquote>[^<]{0,2000}</legacyquote>")
_CHUNK = re.compile(r"<chunk\b[^<>]{0,100}>([^<]{0,100000})</chunk>")
_TARGET = re.compile(r"<target\b[^<>]{0,100}>([^<]{1,100})</target>")
_FILE = re.compile(r"<file\b[^<>]{0,500}>([^<]{1,500})</file>")
_CONTACT = re.compile(r"<c\b([^<>]{1,1000})/?>")
_PART = re.compile(r'<part\b[^<>]{0,200}?identity="([^"]{1,200})"[^<>]{0,200}>(.{0,500}?)</part>', re.DOTALL)
_SECONDS = re.compile(r"<duration>(\d{1,9})(?:\.\d+)?</duration>")
_AT = re.compile(r'<at\b[^<>]{0,200}?id="([^"]{1,200})"')
_OBJECT = re.compile(r'<URIObject\b[^<>]{0,2000}?\buri="([^"]{1,2000})"')
_ATTRIBUTE = re.compile(r'\b([a-z]{1,20})="([^"]{0,500})"')
_LONGEST: Final = 200_000


class Body(msgspec.Struct, frozen=True):
    """`names`: of accounts or numbers that it names by its mark-up."""

    text: str
    attachments: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()


def read(raw: str) -> Body:
    """Return what a body says. One that is no XML is its own text; of a very long one the mark-up is looked for at its beginning."""
    if "<" not in raw and "&" not in raw:
        return Body(raw)
    seen = raw[:_LONGEST]
    if "<sms" in seen:
        targets = tuple(map(html.unescape, _TARGET.findall(seen)))
        return Body(
            html.unescape("".join(_CHUNK.findall(seen))) or _words(raw),
            names=targets,
            headers=(("sent as", "SMS"),),
        )
    if "<partlist" in seen:
        return _call(seen)
    if "<contacts" in seen:
        return _contacts(seen)
    files = tuple(map(html.unescape, _FILE.findall(seen)))
    if "<files" in seen:
        return Body("", attachments=files)
    links = tuple(map(html.unescape, _OBJECT.findall(seen)))
    called = tuple(html.unescape(one) for one in _AT.findall(seen))
    return Body(_words(raw), attachments=links, names=called)


def _words(raw: str) -> str:
    return html_text.to_text(_LEGACY.sub("\n", raw).replace("\r\n", "\n").replace("\n", "<br>"))


def _call(raw: str) -> Body:
    """Return who was in a call, and how long."""
    parts = [(html.unescape(name), _SECONDS.search(inside)) for name, inside in _PART.findall(raw)]
    shown = ", ".join(f"{name} ({seconds[1]} s)" if seconds else name for name, seconds in parts)
    return Body(
        "", names=tuple(name for name, _ in parts), headers=(("in the call", shown),) if shown else ()
    )


def _contacts(raw: str) -> Body:
    found = [dict(_ATTRIBUTE.findall(one)) for one in _CONTACT.findall(raw)]
    people = [
        (html.unescape(one.get("s") or one.get("p", "")), html.unescape(one.get("f", ""))) for one in found
    ]
    shown = ", ".join(filter(None, (f"{name} ({full})" if full else name for name, full in people)))
    return Body(f"Contacts: {shown}" if shown else "", names=tuple(name for name, _ in people if name))
