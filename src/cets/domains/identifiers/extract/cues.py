"""Values that only a word before them makes what they are: "IMEI 49...", "reg AB12 CDE", "call 020...".

One pass finds all such words (and the names of platforms); each has its own pattern for what may follow it.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from cets.domains.identifiers.extract.numbers import DATE, leading_phone
from cets.domains.identifiers.extract.page import Candidate, Page
from cets.domains.identifiers.extract.prose import is_usual
from cets.domains.identifiers.extract.vocabulary import (
    ACCOUNT_NUMBER,
    DEVICE,
    DISPLAY_NAME,
    HEADINGS,
    SERIAL_NUMBER,
    USER_NAME,
    VEHICLE,
)
from cets.domains.identifiers.extract.words import WholeWords
from cets.domains.identifiers.kinds.checksums import luhn
from cets.domains.identifiers.kinds.platforms import KNOWN

_FILLER = (
    r"\.?(?:\s?(?:no\.?|nr\.?|n[°º]|n\.º|№|(?:number|num|code|is|was|are|to|at|on|me|us|him|her|them|my|new|id|address|now)(?![^\W_])|[12](?=\s?[:=])))"
    r"{0,4}[\s:#=(\"'\-]{0,4}"
)
#: Not in the middle of a number, nor with the first sign of "0x52..." behind it.
_NO_MORE = r"(?!\d|[xX][0-9a-fA-F])"
_PHONE = r"(?:\+ ?|\(\+?)?[\doOlI][\doOlI \t().\-/]{5,28}[\doOlI](?![\w])"


_ANY_ACCOUNT = "account,acct,a/c"
_SORT_CODE_AND_NUMBER = r"\d{2}-\d{2}-\d{2} \d{8}(?!\d)"
_PLATE_FILLER = _FILLER.replace("{0,4}[", r"{0,4}(?:\s?(?:plate|mark|details))?[")
_PLATE_WITH_BLANKS = (
    r"[A-Z]{2}\d{2} [A-Z]{3}|[A-Z]\d{1,3} [A-Z]{3}|[A-Z]{3} \d{1,4}[A-Z]?|\d{3,4} [A-Z]{3}|[A-Z]{1,3}[\- ][A-Z]{1,2} ?\d{1,4}"
    r"|[A-Z]{2} \d{3} [A-Z]{2}|\d{2} [A-Z]{1,3} \d{2,5}|[A-Z]\d{3}[A-Z]{2} \d{2,3}"
)
_PLATE_JOINED = (
    r"[A-Z]{2}\d{2}[A-Z]{3}|[A-Z]\d{1,3}[A-Z]{3}|[A-Z]{3}\d{1,4}[A-Z]?|[A-Z]{2,3}-\d{2,4}-?[A-Z]{1,3}|[A-Z]{1,3}-\d{2,5}"
    r"|\d{1,4}-?[A-Z]{1,3}-?\d{1,6}|\d{4}-?[A-Z]{3}|[A-Z]{2}\d{4,6}|[A-Z]{2}-?\d{3}-?[A-Z]{2}"
)


def _small(plates: str) -> str:
    """Return the forms in small letters; those with words of three letters beside a number are left out."""
    forms = [form for form in plates.split("|") if form not in _LIKE_A_DATE]
    return "|".join([*forms, r"[A-Z]{1,3}-[A-Z]{1,2} \d{1,4}", r"\d{3,4} [A-Z]{3}"]).replace("A-Z", "a-z")


_LIKE_A_DATE = frozenset({
    r"[A-Z]{3} \d{1,4}[A-Z]?", r"\d{3,4} [A-Z]{3}", r"[A-Z]{1,3}[\- ][A-Z]{1,2} ?\d{1,4}", r"\d{2} [A-Z]{1,3} \d{2,5}",
    r"[A-Z]{3}\d{1,4}[A-Z]?", r"\d{1,4}-?[A-Z]{1,3}-?\d{1,6}", r"[A-Z]{2} \d{3} [A-Z]{2}",
})  # fmt: skip


class _Cue(NamedTuple):
    kind: str
    words: str  # separated by commas
    follows: str
    announced: bool = False
    prefix: str = ""
    filler: str = _FILLER
    any_case: bool = True


_CUES = (
    _Cue("imei", "imei,imeisv,imei1,imei2", rf"\d[\d \-/.]{{12,20}}\d{_NO_MORE}", announced=True),
    _Cue("imei", "*#06#", rf"\d[\d \-/.]{{12,20}}\d{_NO_MORE}", filler=r"[^\n\d]{0,24}?"),
    _Cue("imsi", "imsi", rf"\d[\d \-]{{12,18}}\d{_NO_MORE}", announced=True),
    _Cue(
        "phone",
        "tel,telephone,phone,phones,phoned,mobile,mob,cell,cellphone,call,calls,called,ring,text,texts,texted,"
        "txt,whatsapp,whats app,sms,landline,dial,handset,telefon,telefonnummer,handynummer,mobilnummer,rufnummer,"
        "téléphone,teléfono,telefono,móvil,telefoon,telefoonnummer",
        _PHONE,
        announced=True,
    ),
    # A number after these may be a user's number on the platform as well.
    _Cue("phone", "viber,telegram,signal", _PHONE),
    _Cue(
        "vehicle",
        VEHICLE,
        rf"(?=[A-Z0-9 \-]{{0,9}}\d)(?:{_PLATE_WITH_BLANKS}|{_PLATE_JOINED}|(?=[0-9]*[A-Z])[A-Z0-9]{{4,8}})(?![\w\-])",
        filler=_PLATE_FILLER,
        any_case=False,
    ),
    # In small letters only what is shaped like one: "registered may 12" is none.
    _Cue(
        "vehicle",
        VEHICLE,
        rf"(?:{_small(_PLATE_WITH_BLANKS)}|{_small(_PLATE_JOINED)})(?![\w\-])",
        filler=_PLATE_FILLER,
        any_case=False,
    ),
    _Cue(
        "vehicle",
        "vehicle,car,van,truck,lorry,motorbike,driving,drives,drove",
        r"[A-Z]{2}\d{2} ?[A-Z]{3}(?![\w\-])",
        filler=r"[^\n.]{0,32}?(?<![\w\-])",
        any_case=False,
    ),
    _Cue("device", DEVICE, r"[0-9a-f]{16}(?!\w)|[0-9a-f]{40}(?!\w)"),
    _Cue(
        "device",
        SERIAL_NUMBER,
        r"(?=[0-9\-]*[A-Z])(?=[A-Z\-]*\d)[A-Z0-9]{8,16}(?![\w\-])",
        any_case=False,
        prefix="serial ",
    ),
    _Cue("bank_account", _ANY_ACCOUNT, rf"{_SORT_CODE_AND_NUMBER}|\d{{8,12}}(?!\d)", prefix="account:"),
    _Cue(
        "bank_account",
        ACCOUNT_NUMBER,
        rf"{_SORT_CODE_AND_NUMBER}|\d{{8,12}}(?![\d\-/.]\d|\d)",
        prefix="account:",
    ),
    _Cue(
        "mac",
        "mac,mac address,mac-address,macaddress,mac-adresse,macadresse,adresse mac,dirección mac,indirizzo mac,bssid",
        r"[0-9a-f]{12}(?![\w\-])|[0-9a-f]{2}(?:[:\-][0-9a-f]{2}){5}(?![\w\-:])",
    ),
    _Cue(
        "mac",
        "wifi,wi-fi,wlan,bluetooth,ethernet,router,hardware address,physical address",
        r"[0-9a-f]{2}(?:[:\-][0-9a-f]{2}){5}(?![\w\-:])",
    ),
    _Cue("device", "idfv,udid", r"[0-9a-f]{32}(?!\w)", prefix="idfv:"),
    _Cue("device", "idfa", r"[0-9a-f]{32}(?!\w)", prefix="idfa:"),
    _Cue("device", "gaid,aaid,adid", r"[0-9a-f]{32}(?!\w)", prefix="gaid:"),
    _Cue(
        "bank_account",
        "sort code,sortcode",
        r"\d{2}-?\d{2}-?\d{2}[\s,;]{1,3}(?:account|acct|a/c)?(?: ?(?:no\.?|number))?[\s:]{0,3}\d{8}(?!\d)",
    ),
    _Cue("pgp", "pgp,gpg,openpgp4fpr,fingerprint", r"[0-9a-f]{64}(?!\w)|[0-9a-f]{40}(?!\w)"),
    _Cue(
        "report_number",
        "ncmec,cybertip,cybertipline,cyber tip,cybertips",
        r"\d{6,12}(?!\d)",
        prefix="ncmec:",
        filler=r"(?:\s?(?:report|tip|line|ref\w{0,8}|no\.?|number|id)){0,3}[\s#:]{0,3}",
    ),
)
_CUES_OF: dict[str, list[int]] = {}
for _place, _cue in enumerate(_CUES):
    for _word in _cue.words.split(","):
        _CUES_OF.setdefault(_word, []).append(_place)
#: Words that announce a user name without naming a platform.
NAME_WORDS = frozenset(USER_NAME.split(","))
SHOWN_NAME_WORDS = frozenset(DISPLAY_NAME.split(","))
#: Words that follow a platform's name, before a room or a user name there.
PLACE_WORDS = frozenset({
    "group", "gc", "room", "chatroom", "channel", "server", "groupchat", "username", "user name", "user", "account", "handle", "acct",
})  # fmt: skip
_ANNOUNCING = {*_CUES_OF, *KNOWN, *NAME_WORDS, *SHOWN_NAME_WORDS}
SEARCHED = frozenset(_ANNOUNCING | PLACE_WORDS | HEADINGS.keys())
WORDS = WholeWords(SEARCHED)
#: What a heading's words begin with: "account number" is "account", too.
_BEGINNINGS = {
    word: max(
        (one for one in _ANNOUNCING if word.startswith(one) and not word[len(one)].isalpha()),
        key=len,
        default="",
    )
    for word in HEADINGS.keys() - _ANNOUNCING
}
_FOLLOWS = [
    re.compile(f"(?i:{cue.filler})({cue.follows})", re.IGNORECASE if cue.any_case else 0) for cue in _CUES
]
_LEAST_PHONE_DIGITS, _MOST_PHONE_DIGITS = 7, 13
_IMEI_DIGITS = 15
_SORT_CODE_WORDS = re.compile(r"[^\d]+")


class Word(NamedTuple):
    text: str
    start: int
    end: int


def cue_words(page: Page) -> list[Word]:
    """Return the words of the text that announce something, found once per page."""
    if page.cue_words is None:
        page.cue_words = list(_cue_words(page.lower))
    return page.cue_words


def _cue_words(lower: str) -> Iterator[Word]:
    for match in WORDS.find(lower):
        word, start = match[0], match.start()
        yield Word(word, start, match.end())
        if beginning := _BEGINNINGS.get(word):
            yield Word(beginning, start, start + len(beginning))


def announced(page: Page) -> Iterator[Candidate]:
    for word in cue_words(page):
        for place in _CUES_OF.get(word.text, ()):
            cue, value = _CUES[place], _FOLLOWS[place].match(page.text, word.end)
            if value:
                yield from _candidate(page, cue, value)


def _candidate(page: Page, cue: _Cue, value: re.Match[str]) -> Iterator[Candidate]:
    start, end, written = value.start(1), value.end(1), value[1]
    if cue.kind == "phone":
        yield from _phone(page, cue, start, written)
    elif cue.kind in _LENGTHS:
        yield Candidate(start, start + _end_of_number(cue.kind, written), cue.kind, announced=cue.announced)
    elif cue.kind == "vehicle" and _SMALL_WORD.fullmatch(written) and is_usual(written[-3:]):
        return  # "plate 1234 was"
    elif cue.words == _ANY_ACCOUNT and written.isdigit() and not _is_of_a_bank(page, value):
        return  # the number of an account on any platform
    elif cue.kind == "bank_account" and not cue.prefix:
        yield Candidate(start, end, cue.kind, "account:" + _SORT_CODE_WORDS.sub("", written))
    else:
        text = cue.prefix + written if cue.prefix else None
        yield Candidate(start, end, cue.kind, text, announced=cue.announced)


#: How many digits they have, the likelier first. A number that follows ("IMEI 49... 2 phones") is not theirs.
_LENGTHS = {"imei": (15, 16, 14), "imsi": (15, 14)}
_LONGEST_GROUP = 9  # of the groups in which an IMSI is written: country, network, subscriber


def _end_of_number(kind: str, written: str) -> int:
    """Return where a number with digits of another behind it ends; the whole where no part has its length."""
    counts: dict[int, int] = {}
    for gap in re.finditer(r"(?<=\d)(?=\D|\Z)", written):
        counts.setdefault(sum(map(str.isdigit, written[: gap.start()])), gap.start())
    first, end = next(iter(counts.items()))
    if kind == "imsi" and first > _LONGEST_GROUP:
        return end
    return next((counts[length] for length in _LENGTHS[kind] if length in counts), len(written))


_SMALL_WORD = re.compile(r"\d{3,4} [a-z]{3}")
#: Eight digits after "account" are a bank's where the text speaks of one near by.
_BANK = re.compile(
    r"\b(?:sort[ \-]?code|iban|bic|swift|bank(?:ing|s|konto|rekening)?|building society|blz|banque|banco|banca|rib|konto)\b",
    re.IGNORECASE,
)
_NEAR = 80


#: "Account number: 01234568" as a field of its own.
_NUMBER_FIELD = re.compile(r"\s?(?:number|no|nr)\.?\s?[:=]", re.IGNORECASE)


def _is_of_a_bank(page: Page, value: re.Match[str]) -> bool:
    start, end = value.span(1)
    if _NUMBER_FIELD.match(value[0]):
        return True
    near = _BANK.search(page.before(start, _NEAR)) or _BANK.search(page.text, end, end + _NEAR)
    return bool(near) and end - start == _BANK_DIGITS


_BANK_DIGITS = 8


def _phone(page: Page, cue: _Cue, start: int, written: str) -> Iterator[Candidate]:
    digits = "".join(char for char in written if char.isdigit())
    if len(digits) == _IMEI_DIGITS and written.isdigit() and luhn(digits):
        yield Candidate(start, start + len(written), "imei")
        return
    written = page.text[start : page.taken_from(start, start + len(written))].rstrip(" \t(-./")
    if not written or DATE.match(written) or (written[0].isalpha() and written[0] not in "oO"):
        return
    if not cue.announced and written[0] not in "+(0oO":
        return
    length = leading_phone(written, page.context)
    count = sum(map(str.isdigit, written))
    if length is None and not (_LEAST_PHONE_DIGITS <= count <= _MOST_PHONE_DIGITS):
        return
    yield Candidate(start, start + (length or len(written)), "phone", announced=cue.announced)
