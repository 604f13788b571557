"""Values that only a word before them makes what they are: "IMEI 49...", "reg AB12 CDE", "call 020...".

One search for all such words; each has its own pattern for what may follow it.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from cets.domains.identifiers.extract.page import Candidate, Page

_GAP = r"(?:\s?(?:no\.?|nr\.?|number|num|code|is|was|are|to|at|on|me|us|him|her|them|my|new|id|address|key|=|:|#|-)){0,4}[\s:#=(\"']{0,4}"


class _Cue(NamedTuple):
    kind: str
    words: str
    follows: str
    announced: bool = True
    prefix: str = ""


_CUES = (
    _Cue("imei", r"imei(?:sv)?(?: ?[12])?", r"\d[\d \-/]{12,20}\d(?!\d)"),
    _Cue("imsi", r"imsi", r"\d[\d \-]{12,18}\d(?!\d)"),
    _Cue(
        "phone",
        r"tel|telephone|phone|mobile|mob|cell|call|ring|text|txt|whats ?app|sms|landline|dial|viber|telegram|signal",
        r"(?:\+ ?|\(\+?)?[\doOlI][\doOlI \t().\-/]{5,24}[\doOlI](?![\w])",
    ),
    _Cue(
        "vehicle",
        r"reg|registration|registration plate|number plate|licen[cs]e plate|plate|plates|vrm|vrn|index",
        r"(?=[A-Z0-9 \-]{0,9}\d)[A-Z0-9]{1,4}[ \-]?[A-Z0-9]{1,5}(?![\w\-])",
        announced=False,
    ),
    _Cue("device", r"android ?id|device ?id|udid|idfv", r"[0-9a-fA-F]{16}(?!\w)|[0-9a-f]{40}(?!\w)", announced=False),
    _Cue("bank_account", r"account|acct|a/c", r"\d{8}(?!\d)", announced=False, prefix="account:"),
    _Cue("pgp", r"pgp|gpg|openpgp4fpr|fingerprint", r"[0-9A-Fa-f]{64}(?!\w)|[0-9A-Fa-f]{40}(?!\w)", announced=False),
    _Cue("report_number", r"ncmec|cyber ?tip(?:line)?", r"(?:report|tip)?[\s#:]{0,3}(?:no\.?|number)?[\s#:]{0,3}\d{6,12}(?!\d)", announced=False, prefix="ncmec:"),
)
_WORDS = re.compile(
    r"(?<![\w@])(?:" + "|".join(f"(?P<k{place}>{cue.words})" for place, cue in enumerate(_CUES)) + r")(?![a-z])",
    re.IGNORECASE,
)
_FOLLOWS = [re.compile(rf"\.?{'' if cue.kind == 'report_number' else _GAP}({cue.follows})", 0 if cue.kind == "vehicle" else re.IGNORECASE) for cue in _CUES]
_LEAST_DIGITS = 7


def announced(page: Page) -> Iterator[Candidate]:
    for match in _WORDS.finditer(page.text):
        place = int((match.lastgroup or "k0")[1:])
        cue, value = _CUES[place], _FOLLOWS[place].match(page.text, match.end())
        if value:
            yield from _candidate(cue, value)


def _candidate(cue: _Cue, value: re.Match[str]) -> Iterator[Candidate]:
    start, end, written = value.start(1), value.end(1), value[1]
    if cue.kind == "phone":
        yield from _phone(start, written)
    elif cue.kind == "report_number":
        digits = re.search(r"\d+\Z", written)
        if digits:
            yield Candidate(end - len(digits[0]), end, cue.kind, cue.prefix + digits[0])
    else:
        text = cue.prefix + written if cue.prefix else None
        yield Candidate(start, end, cue.kind, text, announced=cue.announced)


def _phone(start: int, written: str) -> Iterator[Candidate]:
    if sum(map(str.isdigit, written)) >= _LEAST_DIGITS - 1:
        yield Candidate(start, start + len(written), "phone", announced=True)
