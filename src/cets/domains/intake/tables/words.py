"""What the words of a heading say about a column, in the languages that tables come in."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from cets.domains.identifiers.kinds.base import Role
from cets.domains.identifiers.kinds.platforms import KNOWN
from cets.domains.intake.tables import abbreviations, denials, heads, title_words, vocabulary
from cets.domains.intake.tables.answers import answer_of, is_unsure
from cets.domains.intake.tables.answers import plain as _plain
from cets.domains.intake.time_zones import zones_of

_EASTERN = r"\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3"  # scripts that leave no blank between words
_SPLIT = re.compile(
    rf"[\W_]+|(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z0-9])(?=[{_EASTERN}])|(?<=[{_EASTERN}])(?=[A-Za-z0-9])"
)
_IS_EASTERN = re.compile(rf"[{_EASTERN}]{{2,}}")
_STEM = 5
_MOST_BESIDE = 6  # words
_LONGEST_HEADING = 120  # characters
_PLURAL_OWNER = re.compile(r"(?<=[a-z])s['’](?=\s)")  # noqa: RUF001 - "victims' father"
_LONGEST_ROLE, _LONGEST_LABEL = 2_000, 60  # characters
_RUNS = range(1, 5)  # words: "mise en examen"
_ENDS = frozenset({"first", "last"})
_IN_BRACKETS = re.compile(r"[(\[]([^()\[\]]{1,40})[)\]]\s*$")
_NUMBER_AT_END = re.compile(r"(?i)[\W_]no\.?\s*$")  # "Suspect phone no"
_NO_ANSWER = frozenset({"", "n/a", "null"})
_CLAUSES = re.compile(r"[,;:()\[\]{}/|–—\n、。・]|\.\s|\s-\s")  # noqa: RUF001 - dashes
_ZONE = re.compile(r"\b(?:utc|gmt)\b(?:\s*([+\-]\s*\d{1,2}(?::?\d{2})?))?", re.IGNORECASE)


def tokens(heading: str) -> list[str]:
    """Return the words of a heading in lower case; "suspectEmail" and "Suspect_E-Mail" agree."""
    return list(_tokens(heading)) if len(heading) <= _LONGEST_HEADING else _split(heading)


@lru_cache(maxsize=8192)
def _tokens(heading: str) -> tuple[str, ...]:
    return tuple(_split(heading))


def _split(text: str) -> list[str]:
    joined = re.sub(r"(?i)\be[\s_\-]?mail", "email", unicodedata.normalize("NFKC", text))
    words = [word.casefold() for word in _SPLIT.split(joined) if word]
    return [_plain(word) for word in words]


def kind_of(heading: str) -> str | None:
    """Return what a heading says its column holds, None when it says nothing that is known."""
    # Every run of its words is looked up: a page of them would take for ever.
    return _kind_of(heading) if len(heading) <= _LONGEST_HEADING else None


@lru_cache(maxsize=4096)
def _kind_of(heading: str) -> str | None:
    words = tokens(heading)
    if numbers_messages(heading):
        return "line_number"
    if numbers_orders(heading):
        return "fact"
    for length in range(len(words), 0, -1):
        for start in range(len(words) - length, -1, -1):
            kind = _look_up("".join(words[start : start + length]))
            rest = words[:start] + words[start + length :]
            if kind and all(_is_beside(word) for word in rest):
                return _settled(kind, words)
    return "account" if platform_of(heading) else None


def within(heading: str) -> str | None:
    """Return what a heading speaks of beside words that are not known ("Codice IMEI SIM 2"): the values must agree."""
    words = tokens(heading) if len(heading) <= _LONGEST_HEADING else []
    if len(words) > _MOST_BESIDE or not vocabulary.ABOUT.isdisjoint(words):
        return None
    for word in _runs(words):
        kind = _look_up(word)
        if kind in vocabulary.CONTAINED and word not in vocabulary.WEAK:
            return _settled(kind, words)
    return None


def _runs(words: list[str]) -> Iterator[str]:
    """Yield the words joined in every run, the longest first, then what stands within those without blanks."""
    for length in range(len(words), 0, -1):
        for start in range(len(words) - length + 1):
            yield "".join(words[start : start + length])
    eastern = [word for word in words if _IS_EASTERN.search(word)]
    yield from (known for known in _EASTERN_WORDS if any(known in word for word in eastern))


def role_of(heading: str) -> Role:
    """Return the role that a heading names, "unknown" when none or several, or one that it denies: "Non-suspect"."""
    roles = _roles_in(_meant(tokens(heading)), _BY_ROLE_WORD)
    named = _NUMBER_AT_END.sub("", heading[:_LONGEST_HEADING])
    if len(roles) != 1 or (roles != {"victim"} and _denied(named, _BY_ROLE_WORD)):
        return "unknown"
    return roles.pop()


def _meant(words: list[str]) -> list[str]:
    """Return the words of whom a heading is: "Victim of suspect" is the victim."""
    words = heads.before_the_other(words)
    known = [word in _BY_ROLE_WORD for word in words]
    ends = (n for n, word in enumerate(words) if word in denials.OF and any(known[:n]) and any(known[n:]))
    return words[: next(ends, len(words))]


def is_of_the_other_side(heading: str) -> bool:
    """Say whether a heading names a role only as the one to whom something was done ("Email used to contact child")."""
    said = tokens(heading[:_LONGEST_HEADING])
    before = heads.before_the_other(said)
    is_told = len(before) < len(said) and _roles_in(said[len(before) :], _BY_ROLE_VALUE)
    return bool(is_told) and not _roles_in(before, _BY_ROLE_VALUE)


def is_only_a_role(heading: str) -> bool:
    """Say whether a heading is a role and nothing else ("Complainant 1"): such a column holds names."""
    rest = [word for word in tokens(heading) if word not in vocabulary.FILLER and not word.isdecimal()]
    return bool(rest) and _are_all(rest, _BY_ROLE_WORD) and role_of(heading) != "unknown"


def heads_roles(heading: str) -> bool:
    """Say whether a heading is of roles and of nothing else; what also heads qualities or states is left to the values."""
    return kind_of(heading) == "role" and _WEAK_ROLE_HEADINGS.isdisjoint(tokens(heading))


def role_of_value(text: str) -> Role | None:
    """Return the role that a cell of a role column names, None when none is known; of several, the victim's.

    A suspect masked as a victim is found again; a victim shown as a suspect is not. Whoever is no suspect, no more one or
    only his or a victim's neighbour has no known role; who is said to be no victim remains masked.
    """
    return _told(text[:_LONGEST_ROLE])[0]


def role_told(heading: str, text: str) -> tuple[Role | None, bool]:
    """Return the role of a cell of a role column, and whether it says so plainly; "yes" under "Suspect?" names one, too."""
    answer, asked = answer_of(text), asked_role(heading)
    if answer is None or asked is None:
        role, is_plain = _told(text[:_LONGEST_ROLE])
        short = abbreviations.role_of_short(text) if role is None and is_plain and asked is None else None
        is_answer = role not in (None, "unknown") or (role is not None and not is_unsure(text))
        is_doubtful = not is_answer and asked == "victim" and text.strip().casefold() not in _NO_ANSWER
        return ("victim", False) if is_doubtful else (short or role, is_plain)
    return (asked if answer else "unknown"), True


def speaks_of_a_role(text: str) -> bool:
    """Say whether a cell names a role, be it to deny it."""
    role, is_plain = _told(text[:_LONGEST_ROLE])
    return role is not None or not is_plain


def roles_spoken_of(said: list[str]) -> set[Role]:
    """Return the roles that the words of a title name, among others; such as head anything only where they are all it says."""
    rest = [word for word in said if word not in vocabulary.FILLER and not word.isdecimal()]
    if rest and _are_all(rest, _BY_ROLE_VALUE):
        return _roles_in(rest, _BY_ROLE_VALUE)
    return _roles_in([word for word in said if word not in vocabulary.DECIDE_NOTHING], _BY_ROLE_WORD)


def roles_named(said: list[str]) -> set[Role]:
    """Return the roles that words name in a title or heading, alone or joined."""
    return _roles_in(said, _BY_ROLE_WORD)


@lru_cache(maxsize=1024)
def _told(text: str) -> tuple[Role | None, bool]:
    """Return the role that a cell names, and False where it speaks of one that it denies or gives to somebody else."""
    text = _PLURAL_OWNER.sub("s 's ", text)
    words = tokens(text)
    is_told_by_words = _roles_in(words, _BY_ROLE_WORD) and not heads.is_child_of(words)
    known = _BY_ROLE_WORD if is_told_by_words else _BY_ROLE_VALUE
    compounds = {word: role for word in words if word not in known and (role := heads.compound_role(word))}
    if compounds:
        known = {**(_BY_ROLE_WORD if not _roles_in(words, known) else known), **compounds}
    denied = _denied(text, known)
    clauses = map(tokens, _CLAUSES.split(unicodedata.normalize("NFKC", text)))
    roles, others = heads.meant(clauses, known, _roles_in, _EASTERN_OWNER)
    is_open = not denied and not others and "unknown" not in compounds.values()
    is_doubtful = "victim" in denied and ("victim" in roles or "victim" not in others)
    roles -= {*denied, "unknown"}
    if "victim" in roles or (is_doubtful and not roles):
        return "victim", not is_doubtful  # "Not a victim" is masked all the same
    if roles == {"suspect", "convicted"}:
        return "suspect", True  # "Offender, RSO"
    if len(roles) == 1:
        return roles.pop(), True
    is_said_unknown = is_open and _plain(text.strip().casefold()) in vocabulary.NO_ROLE
    return ("unknown" if is_said_unknown else None), is_open


def _denied(text: str, known: dict[str, Role]) -> set[Role]:
    """Return the roles that a text names only to deny them, or of somebody else ("Not a suspect", "Wife of suspect")."""
    words = tokens(text)
    last = words[-1] if len(words) > 1 else ""
    if not denials.CLEARED.isdisjoint(_joined(words)) or last in denials.NEGATIONS | denials.NO_WORDS:
        return _roles_in(words, known)
    plain: set[Role] = set()
    denied: set[Role] = set()
    for clause in _CLAUSES.split(unicodedata.normalize("NFKC", text)):
        for said, is_denied in _halves(tokens(clause)):
            of_another = is_denied or _is_of_another(said, known)
            (denied if of_another else plain).update(_roles_in(said, known))
    return denied - plain


def _halves(words: list[str]) -> Iterator[tuple[list[str], bool]]:
    """Yield the runs of words before and after each negation, and whether they are denied."""
    run: list[str] = []
    is_denied = False
    for place, word in enumerate(words):
        is_number = word == "no" and "".join(words[place + 1 : place + 2]).isdecimal()  # "Suspect no 2"
        if (word in denials.NEGATIONS and not is_number) or (is_denied and word in denials.BUTS):
            yield run, is_denied
            run, is_denied = [], word in denials.NEGATIONS
        else:
            run.append(word)
    yield run, is_denied


def _is_of_another(words: list[str], known: dict[str, Role]) -> bool:
    """Say whether words speak of somebody by the one whose role they name ("Solicitor of the accused", "suspect's employer")."""
    if not denials.OTHERS.isdisjoint(words) or _EASTERN_DENIAL.search(" ".join(words)):
        return True
    is_role = [word in known for word in words]
    for place, word in enumerate(words):
        before, after = words[:place], words[place + 1 :]
        named = [one for one in before if one not in vocabulary.FILLER | denials.COUNTED]
        if word in denials.OF and any(is_role[place:]) and any(not one.isdecimal() for one in named):
            return not any(is_role[:place])  # "suspect of fraud"
        if word == "s" and after and any(is_role[:place]) and after[0] not in {*known, *vocabulary.FILLER}:
            return True
    return False


@lru_cache(maxsize=4096)
def is_of_another(heading: str, *, also_own: bool = True) -> bool:
    """Say whether a heading is of somebody beside the row's person ("Mother's phone"); `also_own`: or may be so ("Bank account")."""
    found = (denials.OTHERS | denials.OFFICES) & set(tokens(heading[:_LONGEST_HEADING]))
    return bool(found if also_own else found - denials.ALSO_OWN)


def asked_role(heading: str) -> Role | None:
    """Return the role that a heading asks for, whose cells may be yes and no ("Victim?", "is_suspect", "Child Y/N")."""
    words = tokens(heading[:_LONGEST_LABEL])
    while words and words[-1] in denials.ANSWERS:
        words.pop()
    beside = vocabulary.FILLER | denials.ASKING
    rest = [word for word in words if word in _BY_ROLE_VALUE or (word not in beside and not word.isdecimal())]
    if not rest or words[0] in denials.NEGATIONS or not _are_all(rest, _BY_ROLE_VALUE):
        return None
    if len({_BY_ROLE_VALUE[word] for word in rest if word in _BY_ROLE_VALUE}) > 1:
        return None  # "Victim/Suspect"
    return role_of_value(" ".join(rest))


def contrasted_role(heading: str) -> Role | None:
    """Return the role that a heading names beside others of another role: "Subject email" beside "Victim email"."""
    roles = _roles_in(heads.before_the_other(tokens(heading[:_LONGEST_LABEL])), _BY_ROLE_VALUE)
    if roles != {"victim"} and _denied(heading[:_LONGEST_LABEL], _BY_ROLE_VALUE):
        return None  # "Ex-suspect email"
    return roles.pop() if len(roles) == 1 else None


def is_a_role(text: str) -> bool:
    """Say whether a text is one or more roles and nothing else, as the cells of a role column are ("Victim 1")."""
    if len(text) > _LONGEST_LABEL:
        return False
    words = [word for word in tokens(text) if not word.isdecimal()]
    rest = [word for word in words if word in _BY_ROLE_VALUE or word not in vocabulary.FILLER]
    return bool(rest) and _are_all(rest, _BY_ROLE_VALUE)


def tells_a_role_column(text: str) -> bool:
    """Say whether a role can be nothing else: a column of such words holds roles whatever its heading says."""
    plain = [word for word in tokens(text[:_LONGEST_LABEL]) if word not in vocabulary.DECIDE_NOTHING]
    return not _roles_in(plain, _BY_ROLE_WORD).isdisjoint({"victim", "suspect", "convicted"})


def tells_when(heading: str, time_heading: str) -> bool:
    """Say whether a time column is about the value in another column, by their headings.

    "Time" is about the whole row; "Registered" only about what is called so too ("registration IP").
    """
    events = [word[:_STEM] for word in tokens(time_heading) if word.startswith(vocabulary.OTHER_EVENTS)]
    own = {word[:_STEM] for word in tokens(heading)}
    ends = own & _ENDS, _ENDS.intersection(tokens(time_heading))
    if all(ends) and ends[0] != ends[1]:
        return False  # "last IP" was not seen at "first seen"
    return not events or any(event in own for event in events)


def platform_of(heading: str) -> str | None:
    """Return the platform that a heading names ("Snapchat username", "insta")."""
    return next(
        (word for word in tokens(heading) if word in KNOWN and word not in vocabulary.NOT_A_PLATFORM), None
    )


def numbers_messages(heading: str) -> bool:
    """Say whether a heading is of the numbers that programs give to messages ("Message-ID", "inReplyTo")."""
    words = tokens(heading[:_LONGEST_HEADING])
    runs = {*words, *("".join(pair) for pair in pairwise(words)), "".join(words)}
    return not vocabulary.OF_MESSAGES.isdisjoint(runs)


@lru_cache(maxsize=4096)
def numbers_orders(heading: str) -> bool:
    """Say whether a heading is of the numbers of orders, invoices or parcels: many have the digits of a telephone."""
    words = tokens(heading[:_LONGEST_HEADING])
    if "".join(words) in vocabulary.ORDERS_ALONE:
        return True
    if within(heading) is not None:
        return False
    if not vocabulary.ORDER_NUMBERS.isdisjoint({*words, *map("".join, pairwise(words))}):
        return True
    if any(known in word for word in filter(_IS_EASTERN.search, words) for known in vocabulary.ORDER_NUMBERS):
        return True
    return not vocabulary.OF_ORDERS.isdisjoint(words) and not vocabulary.NUMBER_WORDS.isdisjoint(words)


def is_of_versions(heading: str) -> bool:
    """Say whether a heading is of versions, whose numbers look like addresses ("Oracle version", "osVersion")."""
    return any(
        word in vocabulary.OF_VERSIONS or word.endswith("version")
        for word in tokens(heading[:_LONGEST_HEADING])
    )


@lru_cache(maxsize=4096)
def is_one_of(heading: str, known: frozenset[str]) -> bool:
    """Say whether a heading has one of the words, each alone or two written apart ("file name")."""
    words = tokens(heading[:_LONGEST_HEADING])
    return not known.isdisjoint({*words, *("".join(pair) for pair in pairwise(words))})


def has_direction(heading: str) -> bool:
    return any(word in vocabulary.DIRECTION for word in tokens(heading))


def zone_of(heading: str) -> str | None:
    """Return the zone that a heading states for its column: "Time (UTC)", "login_gmt+2"."""
    found = _ZONE.search(heading.replace("_", " "))
    doubts = vocabulary.ZONE_DOUBTS | (vocabulary.LOCAL if found and not found[1] else frozenset())
    if found and not doubts.isdisjoint(tokens(heading)):
        return None  # "Time (not UTC)", "UTC or local"
    if found:
        return re.sub(r"\s", "", found[1]) if found[1] else "UTC"
    bracketed = _IN_BRACKETS.search(heading)
    if bracketed and zones_of(bracketed[1].strip()) not in (None, [None]):
        return bracketed[1].strip()
    last = next(reversed(tokens(heading)), "")
    return last.upper() if last in vocabulary.ZONES_IN_HEADINGS else None


def _is_beside(word: str) -> bool:
    return bool(
        word in vocabulary.FILLER
        or word in _BY_ROLE_WORD
        or word in vocabulary.DIRECTION | vocabulary.FRIENDS
        or abbreviations.role_in_heading(word)
        or word in KNOWN
        or word in vocabulary.ZONES_IN_HEADINGS
        or word.isdecimal()
    )


def _settled(kind: str, words: list[str]) -> str:
    """A platform's name in the heading makes a user name an account, and a number its own: "Snapchat username", "Telegram ID"."""
    if not any(word in KNOWN and word not in vocabulary.NOT_A_PLATFORM for word in words):
        return kind
    if kind == "line_number" and not {"id", "number", "nummer", "numero"}.isdisjoint(words):
        return "user_id" if "id" in words else "phone"
    return "account" if kind == "handle" else kind


def _roles_in(words: list[str], known: dict[str, Role]) -> set[Role]:
    """Return the roles that words name, alone, joined with their neighbours or, without blanks, within them."""
    roles = {known[run] for run in (*_joined(words), "".join(words)) if run in known}
    for word in filter(_IS_EASTERN.search, words):
        roles |= {role for part, role in known.items() if part in word and _IS_EASTERN.fullmatch(part)}
    if "reporter" in roles and "suspect" in roles and "reported" in words:
        roles.discard("suspect")  # "reported by"
    return roles


def _joined(words: list[str]) -> set[str]:
    return {"".join(words[start : start + length]) for length in _RUNS for start in range(len(words))}


def _are_all(words: list[str], known: dict[str, Role]) -> bool:
    """Say whether words are roles and nothing else: each of them, or all as one ("mis en cause")."""
    return all(word in known for word in words) or "".join(words) in known


def _look_up(word: str) -> str | None:
    """Return the kind of a word, also of one with a number ("IMEI1")."""
    return _BY_HEADING.get(word) or _BY_HEADING.get(word.rstrip("0123456789"))


def _forms(word: str) -> Iterator[str]:
    """Yield a word as headings have it, and as they have it when a text of Central Europe or Turkey was taken for Western."""
    yield _plain(word.casefold())
    for encoding in () if word.isascii() else ("cp1250", "iso8859-2", "cp1254"):
        raw = word.encode(encoding, "ignore")
        if raw.decode(encoding) == word:
            yield "".join(tokens(raw.decode("cp1252", "replace")))


def _headings() -> dict[str, str]:
    found: dict[str, str] = {}
    for listed in (vocabulary.HEADINGS, vocabulary.FURTHER_HEADINGS):
        for kind, words in listed.items():
            for word in words.split():
                for form in _forms(word):
                    found.setdefault(form, kind)
    return found


_BY_HEADING = _headings()
_EASTERN_WORDS = sorted(filter(_IS_EASTERN.fullmatch, _BY_HEADING), key=len, reverse=True)


def _roles(*lists: dict[Role, str]) -> dict[str, Role]:
    found: dict[str, Role] = {}
    for listed in lists:
        for role, words in listed.items():
            for word in words.split():
                plain, *misread = _forms(word)
                if plain.isascii() and len(plain) > _STEM and (plain[-1] not in "sn"):
                    misread.append(f"{plain}s")
                for form in (plain, *(form for form in misread if len(form) >= _STEM)):
                    found.setdefault(form, role)
    return found


_AGENTS: dict[Role, str] = {"suspect": heads.AGENTS}
_FULL = (vocabulary.ROLE_WORDS, vocabulary.FURTHER_ROLE_WORDS, title_words.PLURALS, _AGENTS)
_BY_ROLE_WORD = _roles(*_FULL)
_BY_ROLE_VALUE = _roles(*_FULL, vocabulary.ROLE_VALUES)
_WEAK_ROLE_HEADINGS = frozenset(map(_plain, vocabulary.WEAK_ROLE_HEADINGS))
_EASTERN_ROLES = "|".join(sorted(filter(_IS_EASTERN.fullmatch, _BY_ROLE_VALUE), key=len, reverse=True))
_EASTERN_DENIAL = re.compile(
    "|".join(form.format(_EASTERN_ROLES) for form in (denials.DENIED_EASTERN, denials.OF_EASTERN))
)
_EASTERN_OWNER = re.compile(denials.OF_EASTERN.format(_EASTERN_ROLES))
