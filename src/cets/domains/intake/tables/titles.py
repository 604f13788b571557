"""What a title says of those who stand under it: whose role it gives them, and whether a line is a title at all.

The words that come first are the title's; what is said after them, in brackets or by a relation ("Victims identified from
the suspect's phone", "Suspects (victim: K. Larch)") takes nothing away and adds nothing.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

import msgspec

from cets.domains.identifiers.kinds.base import Role
from cets.domains.identifiers.kinds.platforms import KNOWN
from cets.domains.intake.tables import denials, title_words, vocabulary, words

_LONGEST_TITLE, _SHORT_TITLE = 200, 60  # characters
_LONGEST_NAME = 4  # words
_PLURAL = 5  # letters: a shorter word that ends in s is none
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_BREAK = re.compile(r"[:;|–—]|\s-\s|\.\s")  # noqa: RUF001 - dashes
_COMPOUND = re.compile(r"(?i)(?<=\w)-(?=opfer\b)")
_ADDRESS = re.compile(r"@|://")
_DIGITS = re.compile(r"\d{6}|(?:\d[ \-().]?){9}")
_BESIDE = (vocabulary.TITLES | (vocabulary.FILLER - denials.NEGATIONS) | title_words.BESIDE) - {"contact"}
_BESIDE_IN_PLAIN = vocabulary.TITLES | (vocabulary.FILLER - denials.NEGATIONS)


class Title(msgspec.Struct, frozen=True):
    """`role`: of those who stand below, "unknown" of nobody for sure. `is_plain`: it says nothing else.

    `ends_victims`: it heads others so plainly that no victims' block goes on below it.
    """

    role: Role
    is_plain: bool
    ends_victims: bool = True


class _Lead(msgspec.Struct):
    """A title's first words about somebody: what is unknown before them, the words themselves, what follows."""

    before: list[str]
    run: list[str]
    after: list[str]
    is_broken: bool  # a colon or dash follows
    following: str  # as written


def title_told(text: str, *, among_rows: bool = False) -> Title | None:
    """Return what a title says of those below it, None when it says nothing of them.

    "Potential victims" and "Victims and witnesses" give the victims' role, as a cell of a role column would: who is masked
    without need is found again. "Possible suspects" say of nobody for sure what he is. `among_rows`: where it may as well
    be a row, a name or a sentence that speaks of a role ("Kim Larch (victim)") is none.
    """
    if len(text) > _LONGEST_TITLE or (among_rows and holds_a_value(text)):
        return None
    text = _COMPOUND.sub("", text)
    base = _BRACKETS.sub(" ", text)
    if not any(word not in _BESIDE for word in words.tokens(base)):
        base = text  # "Details (victims)"
    plain = _plain(base)
    if plain is not None:
        return _with_brackets(plain, text, base)
    told = _by_lead(base, among_rows=among_rows)
    if told is None and base != text and not among_rows:
        told = _by_lead(text, among_rows=False)
    return told


def title_role(text: str) -> Role:
    """Return the role that a title gives to what stands under it, "unknown" if none."""
    told = title_told(text)
    return told.role if told else "unknown"


def holds_a_value(text: str) -> bool:
    """Say whether a line holds what a title does not: an address, a run of digits outside brackets."""
    return bool(_ADDRESS.search(text) or _DIGITS.search(_BRACKETS.sub(" ", text)))


def named_in(text: str) -> Iterator[str]:
    """Yield the names that a title gives to victims: "Victim: Kim Larch", "Suspects (victim: Kim Larch)"."""
    inside = [one[1:-1] for one in _BRACKETS.findall(text)]
    for part in (_BRACKETS.sub(" ", text), *inside):
        whose, broken, rest = _first_break(part)
        told = title_told(whose) if broken else None
        name: list[str] = []
        for word in re.split(r"\s+", rest.strip()):
            if not word.strip(",.").replace("-", "").replace("'", "").isalpha() or not word[:1].isupper():
                break
            name.append(word.strip(","))
        if told and told.role == "victim" and _is_a_name(name, whose):
            yield " ".join(name)


def _is_a_name(name: list[str], whose: str) -> bool:
    """Say whether words after a title's colon are a name: one alone below several ("Victims: Germany") is none."""
    said = words.tokens(" ".join(name))
    is_remark = not (denials.NEGATIONS | title_words.SECRET | KNOWN).isdisjoint(said)
    lead = _lead(whose)
    fewest = 1 + (lead is not None and any(map(_is_several, lead.run)))
    return fewest <= len(name) <= _LONGEST_NAME and not is_remark and not words.roles_spoken_of(said)


def _first_break(text: str) -> tuple[str, bool, str]:
    found = _BREAK.search(text)
    return (text[: found.start()], True, text[found.end() :]) if found else (text, False, "")


def _plain(text: str) -> Role | None:
    """Return the role of a title that says nothing else."""
    told = " ".join(word for word in words.tokens(text) if word not in _BESIDE_IN_PLAIN and len(word) > 1)
    is_count = not title_words.COUNTS.isdisjoint(words.tokens(text))
    if not is_count and words.is_only_a_role(told) and words.role_told("", told)[1]:
        return words.role_of(told)
    return None


def _with_brackets(role: Role, text: str, base: str) -> Title:
    """Heed what stands in brackets beside a plain role: it may deny it, or doubt it; it gives no other."""
    if base == text:
        return Title(role, is_plain=True)
    inside = [word for one in _BRACKETS.findall(text) for word in words.tokens(one)]
    is_plain = all(word.isdecimal() or word in _BESIDE for word in inside)
    pairs = {*inside, *map("".join, pairwise(inside))}
    is_doubted = not (denials.NEGATIONS | denials.CLEARED).isdisjoint(pairs) or any(map(_qualifies, inside))
    return Title("unknown" if is_doubted and role != "victim" else role, is_plain=is_plain)


def _by_lead(text: str, *, among_rows: bool) -> Title | None:
    lead = _lead(text)
    if lead is None or not (title_words.COUNTS | denials.NEGATIONS | title_words.BETWEEN).isdisjoint(
        lead.before
    ):
        return None
    unknown = [word for word in lead.before if word not in _BESIDE and not _qualifies(word)]
    is_several = any(map(_is_several, lead.run))
    if unknown and (len(text) > _SHORT_TITLE or (among_rows and not is_several)):
        return None
    if "victim" in _roles(lead.run):
        is_told = _heads_victims(lead, unknown, is_several=is_several, among_rows=among_rows)
        return Title("victim", is_plain=False) if is_told else None
    is_mention = unknown and not (denials.OF | denials.OTHERS).isdisjoint(lead.before)
    if is_mention or (unknown and not is_several) or not _is_head(lead, is_several=is_several):
        return None
    return Title("unknown", is_plain=False, ends_victims=is_several or not lead.after)


def _heads_victims(lead: _Lead, unknown: list[str], *, is_several: bool, among_rows: bool) -> bool:
    """Say whether words that name victims head them: no office's, no sentence, no word for children among others."""
    until = next((n for n, word in enumerate(lead.after) if word in title_words.RELATIONS), len(lead.after))
    if not title_words.OFFICES.isdisjoint([*unknown, *lead.run, *lead.after[:until]]):
        return False
    if lead.after and all(word in denials.NEGATIONS | denials.NO_WORDS for word in lead.after):
        return False  # "Victims: none"
    if not _are_plainly_victims(lead.run):
        return not unknown and (is_several or not lead.after) and lead.run[-1] != "s"
    is_prose = not is_several and not lead.is_broken and lead.following[:1].islower()
    begins = title_words.RELATIONS | denials.NEGATIONS
    return not (among_rows and is_prose and lead.after[0] not in begins)


def _are_plainly_victims(run: list[str]) -> bool:
    plain = [word for word in run if word not in vocabulary.DECIDE_NOTHING]
    return "victim" in words.roles_spoken_of([*plain, ""]) and any(
        "victim" in words.roles_spoken_of([word, ""]) for word in [*plain, "".join(plain)]
    )


def _is_head(lead: _Lead, *, is_several: bool) -> bool:
    """Say whether words that name others than victims head them, and are no mere mention in a sentence."""
    if not lead.after or lead.is_broken:
        return True
    if is_several and lead.after[0] in title_words.RELATIONS:
        return True
    return all(not word[:1].islower() for word in lead.following.split())


def _lead(text: str) -> _Lead | None:
    before: list[str] = []
    clauses = _BREAK.split(text)
    for place, clause in enumerate(clauses):
        said = words.tokens(clause)
        at = _first_role(said)
        if at is None:
            before += said
            continue
        end = next((n for n in range(at + 1, len(said)) if not _goes_on(said[n])), len(said))
        rest = [word for one in clauses[place + 1 :] for word in words.tokens(one)]
        left = said[end:]
        return _Lead(
            [*before, *said[:at]], said[at:end], [*left, *rest], not left and bool(rest),
            _from_word(clause, left) if left else " ".join(clauses[place + 1 :]),
        )  # fmt: skip
    return None


def _first_role(said: list[str]) -> int | None:
    """Return where the words about somebody begin. A child before an offender is what he is convicted for."""
    for n, word in enumerate(said):
        is_attribute = word in vocabulary.DECIDE_NOTHING and not _is_several(word)
        later = _roles([one for one in said[n + 1 :] if one not in vocabulary.DECIDE_NOTHING])
        if is_attribute and later - {"victim"} and "victim" not in later:
            continue
        if _roles([word]) or any(words.roles_named(["".join(said[n : n + size])]) for size in (2, 3)):
            return n
    return None


def _goes_on(word: str) -> bool:
    is_beside = word in _BESIDE or len(word) == 1 or word.isdecimal() or _qualifies(word)
    return (is_beside and word not in denials.NEGATIONS | title_words.BETWEEN) or bool(_roles([word]))


def _from_word(clause: str, left: list[str]) -> str:
    """Return the end of a clause that has as many words as are left, as written."""
    written = clause.split()
    return " ".join(written[-len(left) :])


def _roles(said: list[str]) -> set[Role]:
    found = words.roles_named(said)
    is_victims = any(word.endswith("opfer") or word in title_words.CHILDREN for word in said)
    return found | ({"victim"} if is_victims else set())


def _qualifies(word: str) -> bool:
    return word.startswith(title_words.QUALIFIERS)


def _is_several(word: str) -> bool:
    is_plural = word.endswith("s") and len(word) > _PLURAL and bool(_roles([word]) and _roles([word[:-1]]))
    return is_plural or word in title_words.SEVERAL
