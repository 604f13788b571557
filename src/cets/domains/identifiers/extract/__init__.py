"""Find identifiers in free text: what was read, what is doubtful, what is wrong.

Each finder looks for the marks of some kinds (an @, a //, a run of digits) with patterns that cannot
backtrack far, and the kinds decide. Finders run from the most specific on; what one has read, later ones
do not read again.
"""

import re
from collections.abc import Callable
from functools import lru_cache

import msgspec

from cets.domains.identifiers import kinds
from cets.domains.identifiers.extract.accounts import accounts
from cets.domains.identifiers.extract.addresses import defanged, domains, emails, urls
from cets.domains.identifiers.extract.cues import announced
from cets.domains.identifiers.extract.findings import Doubt, Findings, Found
from cets.domains.identifiers.extract.names import display_names
from cets.domains.identifiers.extract.network import colon_addresses, dotted_addresses, hyphen_macs
from cets.domains.identifiers.extract.numbers import disguised_phones, phones
from cets.domains.identifiers.extract.page import Candidate, Finder, Page
from cets.domains.identifiers.extract.rooms import rooms
from cets.domains.identifiers.extract.spoken import spoken
from cets.domains.identifiers.extract.tables import columns
from cets.domains.identifiers.extract.tokens import (
    fingerprints,
    ibans,
    long_tokens,
    message_ids,
    onions,
    photodna,
    references,
    uuids,
)
from cets.domains.identifiers.extract.wrapped import JOINED_KINDS, joined
from cets.domains.identifiers.kinds.base import Ambiguous, Context, NotValid
from cets.domains.identifiers.own import Own

__all__ = ["Doubt", "Findings", "Found", "find"]

#: Hears the finder's name, where it looked and what it proposed.
Told = Callable[[str, Page, Candidate], None]

# Logs and chats say the same thing many times.
_clean = lru_cache(maxsize=4096)(kinds.clean)

_A_DIGIT = "0"
#: Each with what a text must hold for it to find anything: most lines of a chat hold none of it.
_FINDERS: tuple[tuple[Finder, str], ...] = (
    (message_ids, "<"),
    (spoken, ""),  # before the rest: of "kea.one at post (dot) example" that would find a site
    (defanged, ""),
    (urls, ":"),
    (onions, "."),
    (references, "CETS-"),
    (emails, "@"),
    (columns, "\n"),
    (uuids, "-"),
    (fingerprints, _A_DIGIT),
    (dotted_addresses, "."),
    (announced, _A_DIGIT),
    (ibans, _A_DIGIT),
    (photodna, ""),
    (long_tokens, _A_DIGIT),
    (colon_addresses, ":"),
    (hyphen_macs, ""),
    (display_names, ""),
    (rooms, ""),
    (accounts, ""),
    (phones, _A_DIGIT),
    (disguised_phones, _A_DIGIT),
    (domains, "."),
)
_DIGIT = re.compile(r"[0-9]")


_MARKS = tuple(dict.fromkeys(mark for _, mark in _FINDERS if mark != _A_DIGIT))


def _finders(page: Page) -> tuple[Finder, ...]:
    text = page.text
    return _finders_of(tuple([mark in text for mark in _MARKS]), has_digit=_DIGIT.search(text) is not None)


@lru_cache(maxsize=512)
def _finders_of(held: tuple[bool, ...], *, has_digit: bool) -> tuple[Finder, ...]:
    marks = {mark for mark, is_held in zip(_MARKS, held, strict=True) if is_held}
    return tuple(finder for finder, mark in _FINDERS if (has_digit if mark == _A_DIGIT else mark in marks))


def find(text: str, context: Context, told: Told | None = None, own: Own | None = None) -> Findings:
    """Return every identifier in `text`, with places in it. Never raises, whatever the text is.

    `told` hears of each finding, with the name of the finder. `own`: the agency's patterns, looked for where nothing else was
    found.
    """
    page = Page(text, context)
    findings = Findings(found=[], ambiguous=[], not_valid=[])
    _find_over_lines(page, findings, told)
    _find_on(page, findings, told)
    if own:
        _find_own(page, own, findings)
    for part in (findings.found, findings.ambiguous, findings.not_valid):
        part.sort(key=lambda item: item.start)
    return findings


def _find_on(page: Page, findings: Findings, told: Told | None) -> None:
    for finder in _finders(page):
        for candidate in finder(page):
            if page.is_taken(candidate.start, candidate.end):
                continue
            count = _count(findings)
            _read(page, candidate, findings)
            if told and _count(findings) > count:
                told(finder.__name__, page, candidate)


def _find_own(page: Page, own: Own, findings: Findings) -> None:
    for match in own.find(page.said, findings.left_out):
        if page.is_taken(match.start, match.end):
            continue
        written = page.said[match.start : match.end]
        candidate = Candidate(match.start, match.end, own.kind(match.number), written, announced=True)
        read = Findings(found=[], ambiguous=[], not_valid=[])
        _read(page, candidate, read, own.context(match.number, page.context))
        number = match.number
        findings.found.extend(msgspec.structs.replace(one, pattern=number) for one in read.found)
        findings.ambiguous.extend(msgspec.structs.replace(one, pattern=number) for one in read.ambiguous)
        findings.not_valid.extend(msgspec.structs.replace(one, pattern=number) for one in read.not_valid)


def _count(findings: Findings) -> int:
    return len(findings.found) + len(findings.ambiguous) + len(findings.not_valid)


def _find_over_lines(page: Page, findings: Findings, told: Told | None) -> None:
    """Find what goes over the end of a line; what stands on one is left to the page."""
    ends = joined(page)
    if ends is None:
        return
    for finder in _finders(ends):
        for candidate in finder(ends):
            if ends.is_taken(candidate.start, candidate.end):
                continue
            place = ends.on_base(candidate.start, candidate.end)
            is_ours = not page.is_taken(*place) and (
                (
                    candidate.kind in JOINED_KINDS
                    and ends.goes_over(candidate.start, candidate.end, candidate.kind)
                )
                or ends.begins_after(candidate.start)
            )
            read = Findings(found=[], ambiguous=[], not_valid=[])
            _read(ends, candidate, read)
            if is_ours and (read.found or any(one.readings for one in read.ambiguous)):
                findings.found.extend(read.found)
                findings.ambiguous.extend(read.ambiguous)
                page.take(*place)
                if told:
                    told(finder.__name__, ends, candidate)


def _read(page: Page, candidate: Candidate, findings: Findings, context: Context | None = None) -> None:
    if candidate.kind is None:
        page.take(candidate.start, candidate.end)
        return
    start, end = page.origin(candidate.start, candidate.end)
    raw = page.original[start:end]
    written = candidate.text if candidate.text is not None else page.text[candidate.start : candidate.end]
    try:
        value = _clean(candidate.kind, written, context or page.context)
    except Ambiguous as fault:
        if candidate.announced or fault.readings:
            page.take(candidate.start, candidate.end)
            readings = tuple(msgspec.structs.replace(value, raw=raw) for value in fault.readings)
            findings.ambiguous.append(
                Doubt(start, end, raw, candidate.kind, str(fault), fault.candidates, readings)
            )
        return
    except NotValid as fault:
        if candidate.announced:
            page.take(candidate.start, candidate.end)
            findings.not_valid.append(Doubt(start, end, raw, candidate.kind, str(fault)))
        return
    page.take(candidate.start, candidate.end)
    value = msgspec.structs.replace(value, raw=raw)
    findings.found.append(Found(start, end, raw, value, candidate.port))
