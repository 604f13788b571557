"""How much a hit is worth, in bits, and why: from the identifier, and from records the reader may know of."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import log2

from cets.domains.identifiers.kinds import KINDS

#: Below 5 bits a hit is weak, from 10 on it is strong (screens, rule 8).
WEAK, STRONG = 5.0, 10.0

#: What each way of meeting is worth: a ceiling in bits, and the words for it. None: the kind's own worth.
RELATIONS: dict[str, tuple[float | None, str]] = {
    "exact": (None, "Both records hold exactly this {kind}"),
    "assumed": (
        4.8,
        "The same number, if the one written without its country is of the country it was read with",
    ),
    "similar": (4.0, "Not the same {kind}: alike once case, separators and look-alike letters are set aside"),
    "ip_same_time": (8.0, "The same IP address at the same time"),
    "ip_candidate_time": (
        7.0,
        "The same IP address, at the same time if one of its possible dates is the right one",
    ),
    "ip_unsure_time": (4.0, "The same IP address; the time zone or hour is not known well enough"),
    "ip_apart": (3.1, "The same IP address, at times too far apart for one user to be likely"),
    "ip_untimed": (2.8, "The same IP address, without a time on one side"),
    "ip_nat_no_port": (2.0, "The same carrier address shared by many users, without a port on one side"),
}
BEST_FIRST = tuple(RELATIONS)
#: A record of the reader's own that holds the identifier, written in full or read by the agency's country.
OWN, OWN_ASSUMED = "own", "own_assumed"


def strongest(relations: Iterable[str]) -> str:
    """Return the strongest way in which records meet. Two own records of the same writing hold exactly the same."""
    counts = Counter(relations)
    ways = [relation for relation in counts if relation in RELATIONS]
    if max(counts[OWN], counts[OWN_ASSUMED]) > 1:
        ways.append("exact")
    elif counts[OWN] and counts[OWN_ASSUMED]:
        ways.append("assumed")
    return min(ways, key=BEST_FIRST.index, default="exact")


#: A value that only stands in text, in no field, was perhaps only talked about.
ONLY_MENTIONED = -1.5
COMMON_CEILING = 0.8


@dataclass(frozen=True, slots=True)
class Known:
    """What one side may know about one identifier: its own record, and how many others it may know of meet it."""

    kind: str
    relation: str  # the strongest among them
    is_declared: bool
    reports: int  # that hold it and may be known of, the own ones among them
    agencies: int
    common: str = ""  # why the value alone links nothing


@dataclass(frozen=True, slots=True)
class Strength:
    """`steps` are (words, bits) and add up to `bits`; `common` says why a hit is put aside, or is empty."""

    bits: float
    why: str
    steps: tuple[tuple[str, float], ...]
    common: str

    @property
    def word(self) -> str:
        if self.common:
            return "common"
        return "weak" if self.bits < WEAK else "fair" if self.bits < STRONG else "strong"


def weigh(known: Known, *, common_reports: int, common_agencies: int) -> Strength:
    """Return the strength of a hit. `common_reports` and `common_agencies`: from how many holders on it is common."""
    ceiling, words = RELATIONS[known.relation]
    kind = KINDS[known.kind]
    base = min(kind.bits, ceiling) if ceiling is not None else kind.bits
    words = words.format(kind=kind.in_text)
    steps = [(words, base)]
    if not known.is_declared:
        steps.append(("It stands only in text, in no field of your record", ONLY_MENTIONED))
    if known.reports > 2:  # noqa: PLR2004 - two is what a hit needs; each doubling beyond costs half a bit
        steps.append(
            (f"{known.reports} records that you may know of hold it", -0.5 * log2(known.reports / 2))
        )
    common = known.common
    if not common and known.reports > common_reports and known.agencies >= common_agencies:
        common = f"Held by more than {common_reports} reports of at least {common_agencies} agencies"
    total = max(sum(bits for _, bits in steps), 0.1)
    if common and total > COMMON_CEILING:
        steps.append((common, COMMON_CEILING - total))
        total = COMMON_CEILING
    bits = round(total, 1)
    return Strength(
        bits, _sentence(words, bits, common), tuple((text, round(b, 1)) for text, b in steps), common
    )


def _sentence(words: str, bits: float, common: str) -> str:
    if common:
        return f"{words}. It links nothing by itself: {common[0].lower()}{common[1:]}."
    chance = max(round(2**bits), 1)
    return f"{words}. About 1 chance in {chance:,} that two unrelated records share it."
