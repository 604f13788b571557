"""User names: "@kestrel_blue", "bluebridge77 on OtherApp", "insta: kestrel_blue", "my snap is ..."."""

import re
from collections.abc import Iterator
from itertools import chain

from cets.domains.identifiers.extract import decoys
from cets.domains.identifiers.extract.addresses import known_domain
from cets.domains.identifiers.extract.cues import NAME_WORDS, Word, cue_words
from cets.domains.identifiers.extract.page import Candidate, Page
from cets.domains.identifiers.extract.prose import Evidence, evidence
from cets.domains.identifiers.kinds.platforms import KNOWN, platform_key
from cets.domains.identifiers.kinds.suffixes import public_suffix

_NAME = r"@?[^\W_](?:[\w.\-]{0,30}\w)|@?_[\w.\-]{1,30}\w"
#: Platforms whose names are words too: only a colon or an @ makes them platforms.
_ALSO_WORDS = frozenset({
    "x", "line", "signal", "session", "steam", "zoom", "imo", "threads", "matrix", "wa", "sc", "ig",
    "snap", "fb", "yt", "tg", "kik", "discord", "messenger", "gamertag",
})  # fmt: skip
_WORDS = frozenset(
    {"x", "line", "signal", "session", "steam", "zoom", "imo", "threads", "matrix", "messenger"}
)
_INTRODUCES = re.compile(
    rf"(?P<word>\s(?:id|user ?name|user|handle|name|account|acct|profile|tag|contact))?"
    rf"(?P<sign>(?:\s?(?:is|'s)|\sit'?s)\s(?:now\s|called\s)?|\s?[:=]\s?|\s?[\-]\s|\sas\s|\s(?=@)|\sunder\s|\scalled\s|(?(word)\s(?=\S*[\d_]|\w+\.\w)|(?!)))(?P<quote>[\"'\u2018\u201c]?)(?P<name>(?:{_NAME})(?:#\d{{4}}(?!\d))?)(?![\w@])",
    re.IGNORECASE,
)
_OWNER = re.compile(r"\b(?:my|his|her|their|the|your|on|add me on|me on|find me on)\s\Z", re.IGNORECASE)
_PERSON = re.compile(r"\b(?:my|his|her|their|your|me on)\s\Z", re.IGNORECASE)
_NAMING = frozenset({"id", "user name", "username", "user", "handle", "name", "tag"})
_CLAUSE_END = re.compile(r"[\"'\u2019\u201d]?\s*(?:[.,;!?)\n]|\Z|(?:and|on|if|or|x+)\b)", re.IGNORECASE)
_LIKE_A_NAME = re.compile(r"[\d_@]|\w\.\w")
_SURELY_A_NAME = re.compile(r"[^\W\d_]{3}\w*\d{2}")
_LETTERS = re.compile(r"[^\W\d_]{2}")

_ON = re.compile(r" on (?=([\w][\w.]{1,24}))")
_IN_BRACKETS = re.compile(r" \((?=([\w][\w.]{1,24})\))")
_NAME_BEFORE = re.compile(rf"(?<![\w.@\-/])({_NAME})[\"'\u2019\u201d]?\Z")
_INTRODUCED = re.compile(
    r"\b(?:i'?m|i am|me|add|profile|account|(?P<named>user(?: ?name)?|handle|name(?:'s| is)?|known as|called|aka))"
    r"\s?[:=]?\s\Z",
    re.IGNORECASE,
)

#: Vowels of Indian scripts and of Thai are marks beside their letters.
_MARKS = "\u0900-\u0dff\u0e00-\u0eff"
_MENTION = re.compile(rf"@(?=\w)([^\W_](?:[\w.{_MARKS}]|-(?=\w)){{1,30}}|_[\w.]{{2,30}})")
_CALLED = re.compile(
    rf"(?:\s?(?:is|was|[:=])\s?|\s(?=[^\W\d_]*[._]?[^\W\d_]+[\d_]))[\"'\u2018\u201c]?(@?(?=[\w.\-]*[\d_])(?:{_NAME}))(?![\w@])"
    rf"|\s?[:=]?\s?(?:\"(@?(?:{_NAME}))\"|\u201c(@?(?:{_NAME}))\u201d|\u00ab(@?(?:{_NAME}))\u00bb|'(@?(?:{_NAME}))')",
    re.IGNORECASE,
)


def accounts(page: Page) -> Iterator[Candidate]:
    yield from _of_session(page)
    yield from _of_matrix(page)
    yield from _after_platform(page)
    yield from _before_platform(page)
    yield from _mentions(page)
    yield from _called(page)


#: The number of an account of Session, which has nothing else: a key, and before it what sort of key it is.
_SESSION = re.compile(r"05(?<!\w05)[0-9a-fA-F]{64}(?!\w)")


def _of_session(page: Page) -> Iterator[Candidate]:
    for match in _SESSION.finditer(page.text):
        yield Candidate(match.start(), match.end(), "account", f"session/id:{match[0].lower()}")


_MATRIX = re.compile(r"@(?<![\w.@]@)[\w.=+\-]{1,64}:(?P<server>[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,5})(?!\w)")
_SPEAKS_OF_MATRIX = re.compile(r"\bmatrix\b|\bon element\b|\belement (?:id|app|messenger|account|user)")


def _of_matrix(page: Page) -> Iterator[Candidate]:
    """Yield "@kestrel:kite.example" where the text speaks of Matrix: the name alone is another's on every server."""
    is_told: bool | None = None
    for match in _MATRIX.finditer(page.text):
        if known_domain(match["server"]) != match["server"]:
            continue
        if is_told is None:
            is_told = _SPEAKS_OF_MATRIX.search(page.lower) is not None
        if is_told or "matrix" in match["server"].lower():
            yield Candidate(match.start(), match.end(), "account", f"matrix/id:{match[0].lower()}")


def _called(page: Page) -> Iterator[Candidate]:
    """Yield "username: kestrel_9", where no platform is named."""
    for word in cue_words(page):
        name = _CALLED.match(page.text, word.end) if word.text in NAME_WORDS else None
        if name and name.lastindex and _LETTERS.search(written := name[name.lastindex]):
            written = written.rstrip(".-")
            start = name.start(name.lastindex)
            yield Candidate(start, start + len(written), "handle")


def _after_platform(page: Page) -> Iterator[Candidate]:
    for match in _named_platforms(page):
        if near := _platform_then_value(page, match):
            yield near
            continue
        said = _INTRODUCES.match(page.text, match.end)
        if said and _is_name(page, match, said):
            yield from _weighed(said.start("name"), said["name"], match.text, _evidence(page, match, said))


def _evidence(page: Page, platform: Word, said: re.Match[str]) -> Evidence:
    word = (said["word"] or "").strip().lower()
    everyday = platform.text in _WORDS
    called = said["sign"].lower().endswith("called ") and not everyday
    named = word in _NAMING or bool(said["quote"]) or called
    owned = bool(_PERSON.search(page.before(platform.start, 16)))
    return evidence(said["name"], named=named, owned=owned, everyday=everyday)


def _weighed(start: int, name: str, platform: str, weight: Evidence) -> Iterator[Candidate]:
    if weight is Evidence.SURE and platform_key(platform) != _NAMES_BY_SERVER:
        yield _account(start, name, platform)
    elif weight is not Evidence.NONE:
        yield Candidate(start, start + len(name), "handle", name)


#: Of which a name without its server is no account.
_NAMES_BY_SERVER = "matrix"

_ID = re.compile(
    r"\s?(?:user\s?|account\s?|profile\s?)?id\s?(?:is|no\.?|number|[:=#])?\s?(\d{5,20})(?!\w)", re.IGNORECASE
)
_PLAINLY_A_NAME = re.compile(
    r"\s(@?(?:[^\W\d_]{3,}[\w.]*\d{2}|[^\W\d_]{2,}\d*_\w+))(?![\w@.#])|\s([^\W\d_][\w.]{1,31}#\d{4})(?!\w)"
)


def _platform_then_value(page: Page, platform: Word) -> Candidate | None:
    """Read "steam id 7656..." and "instagram kestrel_blue", where nothing stands between."""
    if number := _ID.match(page.text, platform.end):
        return Candidate(
            number.start(1), number.end(1), "account", f"{platform_key(platform.text)}/id:{number[1]}"
        )
    name = _PLAINLY_A_NAME.match(page.text, platform.end)
    if not name or platform.text in _WORDS:
        return None
    return _account(name.start(name.lastindex or 1), name[name.lastindex or 1], platform.text)


def _named_platforms(page: Page) -> Iterator[Word]:
    for word in cue_words(page):
        if word.text in KNOWN and page.before(word.start, 1) not in _NOT_BEFORE:
            yield word
    own = (page.context.platform or "").lower()
    if len(own) > 1 and platform_key(own) not in KNOWN:
        for match in re.finditer(rf"(?<![\w./@\-]){re.escape(own)}(?![\w/])", page.lower):
            yield Word(match[0], match.start(), match.end())


_NOT_BEFORE = frozenset("./-")


def _is_name(page: Page, platform: Word, said: re.Match[str]) -> bool:
    name, sign = said["name"], said["sign"].strip().lower()
    bare = name.lower().lstrip("@")
    if bare in decoys.NOT_NAMES or not _LETTERS.search(name):
        return False
    if name.startswith("@") and _is_of_a_program(bare):
        return False
    if not sign and "." in bare and (public_suffix(bare) or _JOINED_SENTENCES.search(name)):
        return False  # "instagram account help.example.org": a site; "account yesterday.He": no name
    owned = bool(_OWNER.search(page.before(platform.start, 16)))
    if _LIKE_A_NAME.search(name):
        return sign != "-" or owned or platform.text not in _ALSO_WORDS or bool(_SURELY_A_NAME.search(name))
    if platform.text in _ALSO_WORDS and not owned and not said["word"]:
        return False
    ends = bool(_CLAUSE_END.match(page.text, said.end("name")))
    return ends and (owned or bool(said["word"])) and sign != "-"


_JOINED_SENTENCES = re.compile(r"[a-z]\.[A-Z]")


def _account(start: int, name: str, platform: str) -> Candidate:
    name = name.rstrip(".-")
    handle = name.lstrip("@")
    return Candidate(start, start + len(name), "account", f"{platform_key(platform)}/{handle}")


def _before_platform(page: Page) -> Iterator[Candidate]:
    """Yield "bluebridge77 on OtherApp": a word that looks like a user name before a platform's name."""
    for match in chain(_ON.finditer(page.text), _IN_BRACKETS.finditer(page.text)):
        platform = _whole_name(page.text, match.start(1), match[1].rstrip("."))
        before = page.before(match.start(), 40)
        name = _NAME_BEFORE.search(before)
        if not name or not _is_platform(platform, page):
            continue
        start = match.start() - (len(before) - name.start())
        written = name[1]
        introduced = _INTRODUCED.search(before[: name.start()])
        if _is_handle(written, platform, introduced=bool(introduced)):
            named = bool(introduced and introduced["named"])
            everyday = platform.lower() in _WORDS
            weight = evidence(written, named=named, owned=False, everyday=everyday)
            yield from _weighed(start, written, platform, weight)


_FURTHER_WORD = re.compile(r" ([A-Z][\w]{1,20})(?![\w.@])")


def _whole_name(text: str, start: int, first: str) -> str:
    """Return a platform's name with the capitalised words that belong to it: "Kite Chat"."""
    if platform_key(first) in KNOWN or not first[0].isupper():
        return first
    name = first
    while (more := _FURTHER_WORD.match(text, start + len(name))) and name.count(" ") < _MOST_FURTHER_WORDS:
        if more[1].lower() in decoys.NOT_PLATFORMS:
            break
        name += more[0]
    return name


_MOST_FURTHER_WORDS = 2


def _is_platform(word: str, page: Page) -> bool:
    key = platform_key(word)
    if key in decoys.NOT_PLATFORMS or word.lower() in decoys.NOT_PLATFORMS:
        return False
    own = page.context.platform
    return key in KNOWN or (bool(own) and key == platform_key(own or "")) or word[0].isupper()


def _is_handle(name: str, platform: str, *, introduced: bool) -> bool:
    if name.lower() in decoys.NOT_NAMES or not _LETTERS.search(name) or _is_thing(name):
        return False
    if name.startswith("@") or "_" in name:
        return True
    if re.search(r"\d", name):
        return platform_key(platform) in KNOWN or introduced or bool(re.search(r"[a-z]\d|\d[a-z]", name[1:]))
    return introduced and platform_key(platform) in KNOWN and len(name) > _SHORTEST_WORD


_SHORTEST_WORD = 3


def _is_thing(name: str) -> bool:
    """Say whether it is the name of a column or a count: "user_id", "page_2"."""
    parts = name.lower().split("_")
    return len(parts) > 1 and all(part.isdigit() or part in decoys.THING_WORDS for part in parts)


def _mentions(page: Page) -> Iterator[Candidate]:
    text, place = page.text, -1
    while (place := text.find("@", place + 1)) >= 0:
        if text[place - 1 : place].isalnum() and place:
            continue
        if text[place - 1 : place] == '"' and text[place - 2 : place - 1].isalnum() and place > 1:
            continue  # "two words"@post.example: the end of an address in quotes
        match = _MENTION.match(text, place)
        if not match or (place and text[place - 1] in "._+-/\\%@="):
            continue
        name = match[1].rstrip(".")
        end = place + 1 + len(name)
        if place and text[place - 1] in "<*" and text[end : end + 1] != _CLOSES[text[place - 1]]:
            continue
        if not _is_of_a_program(name) and not text.startswith(("(", "@", ":/", "="), end):
            yield Candidate(place, end, "handle", name)


_CLOSES = {"<": ">", "*": "*"}
_TIME_OF_DAY = re.compile(r"\d{1,2}[ap]m", re.IGNORECASE)


def _is_of_a_program(name: str) -> bool:
    """Say whether a word after an @ belongs to a language of programs or pages, or is no name at all."""
    lowered = name.lower()
    return (
        lowered in decoys.NOT_HANDLES
        or lowered.startswith(decoys.PROGRAM_PREFIXES)
        or (name.isascii() and not _LETTERS.search(name))
        or bool(_TIME_OF_DAY.fullmatch(name))
    )
