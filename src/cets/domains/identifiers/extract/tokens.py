"""Long runs of letters and digits.

Hashes, wallets, onion addresses, fingerprints, IBANs. UUIDs are record numbers.
"""

import re
from collections.abc import Iterator

from cets.domains.identifiers.extract import decoys
from cets.domains.identifiers.extract.page import Candidate, Page
from cets.domains.identifiers.kinds.bank_account import IBAN_LENGTHS

_AFTER_HEADER = re.compile(r":\s{0,3}(?:>[> ]{0,8})?<")
_HEADERS = ("message-id", "in-reply-to", "references", "content-id")
_NUMBERS = re.compile(r":\s{0,3}(?:>[> ]{0,8})?(?:<[^<>\s]{1,998}>\s{0,3}){1,50}")


def message_ids(page: Page) -> Iterator[Candidate]:
    """Yield mail headers whose values look like addresses and are numbers of messages."""
    text, place = page.text, 0
    while match := _AFTER_HEADER.search(text, place):
        place = match.end()
        is_header = page.before(match.start(), 13).rstrip().lower().endswith(_HEADERS)
        numbers = _NUMBERS.match(text, match.start()) if is_header else None
        if numbers:
            place = numbers.end()
            yield Candidate(match.start(), numbers.end(), None)


_UUID = re.compile(r"-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}(?![\w])")
_UUID_START = re.compile(r"(?<!\w)[0-9a-fA-F]{8}\Z")
_UUID_CUE = re.compile(
    r"(?:(?P<idfa>\bidfa\b)|(?P<gaid>\b(?:gaid|aaid|adid)\b|google ad\w* id)"
    r"|(?P<device>\badvertis\w* id\w*|\bdevice(?:[ _-]?(?:id\w*|uuid))\b|\bidfv\b"
    r"|\bandroid[ _]?id\b|\budid\b))",
    re.IGNORECASE,
)
_NEAR = 24


def _cue_of_device(before: str) -> re.Match[str] | None:
    """Return the last word before that names the sort of a number, on the same line."""
    cues = list(_UUID_CUE.finditer(before))
    cue = cues[-1] if cues else None
    return cue if cue and len(before) - cue.end() <= _NEAR and "\n" not in before[cue.end() :] else None


def uuids(page: Page) -> Iterator[Candidate]:
    """Yield the UUIDs that the text calls a device's.

    Any other is the number of a record and blocks the rest.
    """
    for match in _UUID.finditer(page.text):
        head = _UUID_START.search(page.before(match.start(), 9))
        if not head:
            continue
        start = match.start() - len(head[0])
        cue = _cue_of_device(page.before(start, 48))
        written = f"{cue.lastgroup}:{page.text[start : match.end()]}" if cue else None
        yield Candidate(start, match.end(), "device" if cue else None, written)


_ONION = re.compile(r"\.onion(?![\w\-])", re.IGNORECASE)
_ONION_NAME = re.compile(r"(?:[a-z0-9\-]{1,63}\.){0,4}(?:[a-z2-7]{56}|[a-z2-7]{16})", re.IGNORECASE)
_ONION_CHARS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-"


def onions(page: Page) -> Iterator[Candidate]:
    for match in _ONION.finditer(page.text):
        before = page.before(match.start(), 130)
        name = before[len(before.rstrip(_ONION_CHARS)) :].lstrip(".-")
        if _ONION_NAME.fullmatch(name):
            # With a wrong letter it is no address, and no other domain either.
            yield Candidate(match.start() - len(name), match.end(), "onion", announced=True)


_OUR_REFERENCE = re.compile(r"CETS-[A-Z]{2,6}-\d{4}-\d{6}(?!\w)")


def references(page: Page) -> Iterator[Candidate]:
    for match in _OUR_REFERENCE.finditer(page.text):
        yield Candidate(match.start(), match.end(), "report_number")


_SPACED_FINGERPRINT = re.compile(
    r"[0-9A-Fa-f](?<!\w.)(?<![0-9A-Fa-f]{4} .)[0-9A-Fa-f]{3} {1,2}[0-9A-Fa-f]{4}(?: {1,2}[0-9A-Fa-f]{4}){8}"
    r"(?! ?[0-9A-Fa-f]{4}\b)(?!\w)"
)


def fingerprints(page: Page) -> Iterator[Candidate]:
    for match in _SPACED_FINGERPRINT.finditer(page.text):
        if not match[0].replace(" ", "").isdigit():
            yield Candidate(match.start(), match.end(), "pgp")


_IBAN_START = re.compile(r"[A-Z](?<![A-Za-z0-9].)[A-Z]\d{2}[ \-]?[A-Z0-9]{4}(?=[ \-]?[A-Z0-9])")
_IBAN_CHARS = re.compile(r"[A-Z0-9]+(?:[ \-][A-Z0-9]+)*")
_GROUPED = re.compile(r"[A-Z]{2}\d{2}(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,3})?")
_LONGEST_IBAN = 34


def ibans(page: Page) -> Iterator[Candidate]:
    """Yield IBANs, spaced or not. The word before it, or four groups of a country's own length, tell one with a wrong digit."""
    for match in _IBAN_START.finditer(page.text):
        length = IBAN_LENGTHS.get(match[0][:2])
        if length is None:
            continue
        end = _end_of(page.text, match.start(), length)
        if end is not None:
            cue = re.search(r"\biban\b[^\n]{0,12}\Z", page.before(match.start(), 20), re.IGNORECASE)
            grouped = bool(_GROUPED.fullmatch(page.text, match.start(), end))
            yield Candidate(match.start(), end, "bank_account", announced=bool(cue) or grouped)
    yield from _small_ibans(page)


_IBAN_CUE = re.compile(
    r"\biban\b(?: (?:is|no\.?|nr\.?|number))?[ :.#=(\"'\-]{1,4}(?=[A-Za-z]{2}\d{2})", re.IGNORECASE
)


def _small_ibans(page: Page) -> Iterator[Candidate]:
    """Yield "iban gb33...": small letters are an IBAN only after its word."""
    place = -1
    while (place := page.lower.find("iban", place + 1)) >= 0:
        cue = _IBAN_CUE.match(page.text, place)
        if not cue:
            continue
        start = cue.end()
        written = page.text[start : start + 2 * _LONGEST_IBAN]
        length = IBAN_LENGTHS.get(written[:2].upper())
        written = written if written.isascii() else written.encode("ascii", "replace").decode()
        if length is None or written[:2].isupper():
            continue
        end = _end_of(written.upper(), 0, length)
        if end is not None:
            yield Candidate(start, start + end, "bank_account", announced=True)


def _end_of(text: str, start: int, length: int) -> int | None:
    """Return where `length` letters and digits, not counting single separators, end.

    None when there are fewer.
    """
    run = _IBAN_CHARS.match(text, start, start + 2 * _LONGEST_IBAN)
    if not run:
        return None
    count = 0
    for place, char in enumerate(run[0], start):
        count += char.isalnum()
        if count == length:
            return None if text[place + 1 : place + 2].isalnum() else place + 1
    return None


_LONG = re.compile(r"[A-Za-z0-9]{25,}")
_HEX = re.compile(r"[0-9a-f]+", re.IGNORECASE)
_HASH_LENGTHS = frozenset({32, 40, 64, 128})
_NAMED_HASH = re.compile(
    r"\b(md5|sha-?1|sha-?256|sha-?512|pdq|pgp|gpg|fingerprint|commit|revision|checkout|boundary|session|token|nonce|e-?tag)"
    r"(?:\b|(?=_|id\b))\W{0,3}(?:_?hash(?:es)?|_?sum|_?key|_?id|is)?\W{0,4}(?:W/\")?\Z",
    re.IGNORECASE,
)
#: Numbers of program texts, of parts of mails and of visits to a site.
_NOT_OF_A_FILE = frozenset(
    {"commit", "revision", "checkout", "boundary", "session", "token", "nonce", "etag", "e-tag"}
)
_WALLET = re.compile(
    r"0x[0-9a-fA-F]{40}|(?:bc1|ltc1|addr1)[02-9ac-hj-np-z]{11,110}|(?:BC1|LTC1)[02-9AC-HJ-NP-Z]{11,87}"
    r"|[13LMDAX9TtRr][1-9A-HJ-NP-Za-km-z]{24,34}|[48][1-9A-HJ-NP-Za-km-z]{94,105}"
)
_COIN = re.compile(r"\b(?:sol|solana)\b\s?[:=]?\s?\Z")
_BASE58 = re.compile(r"[1-9A-HJ-NP-Za-km-z]{32,44}")
_BCH = re.compile(r"\bbitcoincash:\Z")


def long_tokens(page: Page) -> Iterator[Candidate]:
    listed = _ListedHashes(page)
    text = page.text
    for match in _LONG.finditer(text):
        start, end, token = match.start(), match.end(), match[0]
        if (
            len(token) > _LONGEST_TOKEN
            or _is_letter(text[start - 1 : start])
            or _is_letter(text[end : end + 1])
        ):
            continue
        if len(token) == _SHA1_BASE32 and page.said_before(start, 5) == "sha1:":
            yield Candidate(start, end, "hash", f"sha1:{token}")
        elif _COIN.search(page.said_before(start, 12)) and _BASE58.fullmatch(token):
            yield Candidate(start, end, "wallet", f"sol:{token}")
        elif token[0] == "q" and _BCH.search(page.before(start, 12)):
            yield Candidate(start - 12, end, "wallet")
        elif len(token) in _HASH_LENGTHS and _HEX.fullmatch(token) and not token.isdigit():
            is_file = _ENDING.match(page.text, end) is not None
            yield from _hex_token(start, end, token, listed.name_of(start, end), is_file=is_file)
        elif _WALLET.fullmatch(token):
            yield Candidate(start, end, "wallet")


_LONGEST_TOKEN = 130
_SHA1_BASE32 = 32
_LONGEST_PHOTODNA = 330
_PHOTODNA = re.compile(
    r"\b(?:photo-?dna|pdna)(?:\s?hash)?\s?[:=]?\s{0,2}(?:>[> ]{0,8})?(?:([A-Za-z0-9+/]{192})|([0-9A-Fa-f]{288}))(?![\w+/=])",
    re.IGNORECASE,
)


def photodna(page: Page) -> Iterator[Candidate]:
    place = -1
    while (place := page.lower.find("dna", place + 1)) >= 0:
        match = _PHOTODNA.search(page.text, max(0, place - 6), place + _LONGEST_PHOTODNA)
        if not match or match.start() >= place:
            continue
        yield Candidate(
            match.start(match.lastindex or 1), match.end(), "hash", f"photodna:{match[match.lastindex or 1]}"
        )


#: What a file is called says nothing sure of what it holds: sites name files by any number.
_ENDING = re.compile(
    rf"\.(?:{'|'.join(sorted(decoys.DOCUMENT_ENDINGS | {'mov', 'zip'}))})\b(?!\.\w)", re.IGNORECASE
)


def _is_letter(char: str) -> bool:
    return char.isalnum() or char == "_"


class _ListedHashes:
    """Names the sort of a hash by the word before it; one on a line above a list holds for the whole list."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._listed, self._end = "", 0

    def name_of(self, start: int, end: int) -> str:
        before = self._page.before(start, 24)
        named = _NAMED_HASH.search(before)
        name = named[1].lower() if named else ""
        if named:
            self._listed = name if "\n" in before[named.end(1) :] else ""
        elif self._listed and re.fullmatch(r"[\s,;]*\n[\s\-*]*", self._page.text[self._end : start]):
            name = self._listed
        else:
            self._listed = ""
        self._end = end
        return name


def _hex_token(start: int, end: int, token: str, name: str, *, is_file: bool) -> Iterator[Candidate]:
    if name in _NOT_OF_A_FILE or (not name and is_file):
        yield Candidate(start, end, None)
    elif name in {"pgp", "gpg", "fingerprint"}:
        yield Candidate(start, end, "pgp")
    elif name == "pdq":
        yield Candidate(start, end, "hash", f"pdq:{token}")
    else:
        yield Candidate(start, end, "hash")
