"""Why something in a text is taken for an identifier: the rule, the word that announced it, what was undone, what was checked.

No sentence repeats the value or the text around it, but for the words that announce values.
"""

import re
from collections.abc import Iterator

import msgspec

from cets.domains.identifiers.extract import Doubt, Found, find
from cets.domains.identifiers.extract.cues import cue_words
from cets.domains.identifiers.extract.page import Candidate, Page
from cets.domains.identifiers.extract.vocabulary import HEADINGS
from cets.domains.identifiers.kinds import clean
from cets.domains.identifiers.kinds.base import Ambiguous, Context, NotValid, Value
from cets.domains.identifiers.kinds.folding import INVISIBLE_RE, fold
from cets.domains.identifiers.kinds.refang import refang

#: What each finder goes by.
_RULES = {
    "defanged": "It is an address whose signs are written so that nobody clicks it.",
    "spoken": "It is an address whose signs are said in words.",
    "urls": "It begins like the address of a page.",
    "onions": "It ends in “.onion” after the letters and digits of a Tor service.",
    "references": "It has the form of a report's reference.",
    "emails": "It has an @ between a name and a domain whose ending is known.",
    "columns": "The heading of its column says what stands there.",
    "uuids": "It has the form of a UUID, and the words before it speak of a device.",
    "fingerprints": "It is written in ten groups of four, as a key's fingerprint is.",
    "dotted_addresses": "It has four numbers with dots, and is called neither a version nor a section.",
    "announced": "The words before it announce it.",
    "ibans": "It begins with a country's letters, and has the length of its IBANs.",
    "photodna": "The words before it announce it.",
    "long_tokens": "It has the length and the characters of such a value.",
    "colon_addresses": "It has the groups and colons of such an address.",
    "hyphen_macs": "It has six pairs, or three groups, as a network card's address.",
    "display_names": "It stands before an address in a mail's header, or its field calls it so.",
    "rooms": "The platform's name, and the words beside it, announce it.",
    "accounts": "It has the form of a user name, after an @ or beside a platform or a word for one.",
    "phones": "Its digits are written as a telephone number, and no word calls them anything else.",
    "disguised_phones": "With letters read as the digits that they look like, it is a telephone number.",
    "domains": "It has dots, and ends as domains do.",
}  # fmt: skip
#: Of what no finder of ours found.
_OF_A_PATTERN = "The agency's own pattern{} found it."
#: What a value of each kind has passed.
_CHECKS = {
    "email": "The name is one that mail systems take, and the domain's ending is known.",
    "phone": "Its country gives out such numbers, or keeps them for examples.",
    "account": "The name is one that a user can have.",
    "handle": "The name is one that a user can have.",
    "ip": "It is an address of version 4 or 6.",
    "device": "It has the form of a device's id.",
    "imei": "The check digit fits.",
    "imsi": "It has the length and the country of a subscriber's number.",
    "mac": "It has six pairs of hexadecimal digits.",
    "wallet": "Its check fits the rule of its coin.",
    "url": "The host is an address or a known domain.",
    "domain": "Its ending is known, and somebody can have registered it.",
    "onion": "The check within the address fits.",
    "pgp": "It has the length of a whole fingerprint.",
    "hash": "It has the length of its sort.",
    "vehicle": "It has letters and digits as plates have; no register was asked.",
}  # fmt: skip
#: With the software's version in place of the check digit; of the old kind.
_WITHOUT_A_CHECK = frozenset({("imei", 16), ("onion", 22)})
_OF_AN_IBAN = "The check digits fit."
_OF_AN_UNCHECKED_WALLET = "It has the form of its coin's addresses; written so, they hold no check."
_DEFANGED_KINDS = frozenset({"email", "url", "domain", "onion", "ip", "phone"})
_ANNOUNCING = frozenset({"announced", "uuids", "display_names", "rooms", "accounts", "photodna"})
_BEFORE, _AFTER = 60, 24
_AROUND = 2_000


class Explanation(msgspec.Struct, frozen=True):
    """`state`: found, ambiguous or not_valid. `rule`, `checked` and `undone` are sentences, `cue` the word that announced it."""

    state: str
    kind: str
    value: str
    raw: str
    start: int
    end: int
    rule: str
    cue: str
    undone: tuple[str, ...]
    checked: str
    assumed: str
    reason: str = ""

    def sentences(self) -> tuple[str, ...]:
        """Return all of it as a person reads it."""
        said = f"Announced by “{self.cue}”." if self.cue else ""
        assumed = f"Taken for granted: {self.assumed}." if self.assumed else ""
        return tuple(
            one for one in (self.rule, said, *self.undone, self.checked, assumed, self.reason) if one
        )


def explain(text: str, context: Context) -> list[Explanation]:
    """Return what is found in a text, and what is announced and cannot be read, each with its reasons."""
    heard: dict[int, tuple[str, str]] = {}

    def told(finder: str, page: Page, candidate: Candidate) -> None:
        start, _ = page.origin(candidate.start, candidate.end)
        cue = (
            _heading(page, candidate)
            if finder == "columns"
            else _cue(page, candidate)
            if finder in _ANNOUNCING
            else ""
        )
        heard[start] = (_RULES.get(finder, ""), cue)

    findings = find(text, context, told)
    everything: list[Found | Doubt] = [*findings.found, *findings.ambiguous, *findings.not_valid]
    states = ["found"] * len(findings.found) + ["ambiguous"] * len(findings.ambiguous)
    states += ["not_valid"] * len(findings.not_valid)
    told_of = [_of(one, state, *heard[one.start]) for one, state in zip(everything, states, strict=True)]
    return sorted(told_of, key=lambda one: one.start)


def _of(one: Found | Doubt, state: str, rule: str, cue: str) -> Explanation:
    is_found = isinstance(one, Found)
    kind = one.value.kind if isinstance(one, Found) else one.kind
    return Explanation(
        state=state,
        kind=kind,
        value=one.value.value if isinstance(one, Found) else "",
        raw=one.raw,
        start=one.start,
        end=one.end,
        rule=rule,
        cue=cue,
        undone=tuple(_undone(kind, one.raw)),
        checked=_checked(one.value) if isinstance(one, Found) else "",
        assumed=(one.value.assumed or "") if isinstance(one, Found) else "",
        reason="" if is_found else one.reason,  # type: ignore[union-attr]
    )


def of_place(
    kind: str,
    raw: str,
    context: Context,
    *,
    text: str = "",
    start: int | None = None,
    end: int | None = None,
    pattern: str | None = None,
) -> Explanation | None:
    """Return why the value of one place is taken for one of its kind.

    With its text, the rule by which it is found there today; without, or where it is no longer found so, what was undone
    and checked. None when it can no longer be read. `pattern`: the name of the agency's own pattern that found it there, empty
    where the viewer may not know it.
    """
    rule = "" if pattern is None else _OF_A_PATTERN.format(f" “{pattern}”" if pattern else "")
    if not rule and text and start is not None and end is not None:
        begin = max(text.rfind("\n", 0, max(0, start - _AROUND)), 0)
        here = [
            one
            for one in explain(text[begin : end + _AROUND], context)
            if one.kind == kind and one.start < end - begin and start - begin < one.end
        ]
        if here:
            return here[0]
    try:
        value = clean(kind, raw, context)
    except NotValid:
        return None
    except Ambiguous as doubt:
        return Explanation(
            "ambiguous", kind, "", raw, 0, 0, rule, "", tuple(_undone(kind, raw)), "", "", str(doubt)
        )
    return Explanation(
        "found",
        kind,
        value.value,
        raw,
        0,
        0,
        rule,
        "",
        tuple(_undone(kind, raw)),
        _checked(value),
        value.assumed or "",
    )


def _checked(value: Value) -> str:
    if value.value.startswith("iban:"):
        return _OF_AN_IBAN
    if value.kind == "wallet" and not _holds_a_check(value):
        return _OF_AN_UNCHECKED_WALLET
    is_added = value.kind == "imei" and value.assumed  # its check digit: nothing was checked
    if is_added or (value.kind, len(value.value)) in _WITHOUT_A_CHECK:
        return ""
    return _CHECKS.get(value.kind, "")


def _holds_a_check(wallet: Value) -> bool:
    """Say whether an address can be checked: of Ethereum by its capitals alone, of Solana never."""
    coin, _, address = wallet.value.partition(":")
    if coin == "eth":
        written = wallet.raw[-len(address) :].removeprefix("0x")
        return written not in {written.lower(), written.upper()}
    return coin != "sol"


def _undone(kind: str, raw: str) -> Iterator[str]:
    if re.search(r"\S[ \t>]*\r?\n[ \t>]*\S", raw):
        yield "It goes over the end of a line, which was left out."
    plain = INVISIBLE_RE.sub("", raw)
    if plain != raw:
        yield "Characters that cannot be seen were left out."
    folded = fold(plain)
    if folded != plain:
        yield "Full-width or styled characters, or digits of another script, were read as plain ones."
    if kind in _DEFANGED_KINDS and refang(folded.strip()) != folded.strip():
        yield "Signs that were written otherwise, as [.], [at] or hxxp, were put back."


def _cue(page: Page, candidate: Candidate) -> str:
    """Return the word that announced a value: the nearest before it, at most a line above, else one right after it."""
    words = cue_words(page)
    before = [word for word in words if candidate.start - _BEFORE <= word.end <= candidate.start]
    near = [word for word in before if page.said[word.end : candidate.start].count("\n") <= 1]
    if near:
        return near[-1].text
    after = [word for word in words if candidate.end <= word.start <= candidate.end + _AFTER]
    return after[0].text if after else ""


def _heading(page: Page, candidate: Candidate) -> str:
    """Return the last heading of the kind above a value."""
    headings = [
        word.text
        for word in cue_words(page)
        if word.start < candidate.start and HEADINGS.get(word.text, ("",))[0] == candidate.kind
    ]
    return headings[-1] if headings else ""
