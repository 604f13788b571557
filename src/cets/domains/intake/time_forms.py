"""Times as further languages write them, brought into the forms that `times` reads. What is in none of these forms stays as it is.

2026. 3. 14. 오후 8:01          Korean; Hungarian has the dots too: 2026. 03. 14. 20:01, 2026. március 14.
2026年3月14日 下午8:01:23       Chinese and Japanese; 2026年3月14日 GMT+8 20:01:23
14/3/2026، 8:01 م               Arabic: its comma, its words for the halves of the day, in its digits or ours
20:01:23, 14 thg 3, 2026       Vietnamese: the hour first
"""

import re

from cets.domains.intake.day_parts import Part, hour_of, part_of
from cets.domains.intake.time_words import MONTHS_IN_ENGLISH, WEEKDAYS

#: Most texts are none of these, and a pattern says so at once.
_USUAL = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[\sT][\d:.,+\-Z\s]*)?", re.ASCII)
_SIGNS = str.maketrans({"\u060c": ",", "\uff1a": ":"})
_GREENWICH = "غرينتش"
_NOON = 12

_DAYS_OF_WEEK = ("月월一", "火화二", "水수三", "木목四", "金금五", "土토六", "日일天")
_DAY_OF_WEEK = r"(?:\s?\(?(?:(?P<day>[月火水木金土日월화수목금토일])(?:曜日?\)?|요일\)?|\))|(?:星期|周|週)(?P<count>[一二三四五六日天])\)?))?"
_SIGNED_DATE = re.compile(
    rf"(?P<y>\d{{4}})\s?[年년]\s?(?P<mo>\d{{1,2}})\s?[月월]\s?(?P<d>\d{{1,2}})\s?[日일]{_DAY_OF_WEEK}"
)
_DOTTED_DATE = re.compile(
    rf"(?P<y>\d{{4}})\.\s?(?P<mo>\d{{1,2}})\.\s?(?P<d>\d{{1,2}})\.?(?=[\s,(]|$){_DAY_OF_WEEK}"
)
_SLASHED_DATE = re.compile(
    rf"(?P<y>\d{{4}})(?P<sep>[/-])(?P<mo>\d{{1,2}})(?P=sep)(?P<d>\d{{1,2}})(?=\s?[(星周週]){_DAY_OF_WEEK}"
)
_KOREAN_DATE = re.compile(r"(?P<y>\d{2})\.\s?(?P<mo>\d{1,2})\.\s?(?P<d>\d{1,2})\.?(?=,?\s?오[전후])")
_NAMED_DATE = re.compile(r"(?P<y>\d{4})\.?\s(?P<name>[^\W\d_]{3,12})\.?\s(?P<d>\d{1,2})\.?(?=[\s,]|$)")
_COUNTED_MONTH = re.compile(
    r"(?P<d>\d{1,2})\s(?:thg|tháng)\s(?P<mo>\d{1,2})(?:,|\snăm)?\s(?P<y>\d{4})(?!\d)", re.IGNORECASE
)
_DATE = rf"\d{{1,2}}\s?[-/.]\s?\d{{1,2}}\s?[-/.]\s?(?:\d{{4}}|\d{{2}})(?!\d)|\d{{4}}-\d{{1,2}}-\d{{1,2}}(?!\d)|{_COUNTED_MONTH.pattern}"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?"
_HOUR_FIRST = re.compile(
    rf"(?P<clock>{_CLOCK}(?:\s?(?:[ap]\.?\s?m\.?|SA|CH|[^\W\d_a-z][^\s\d,]{{0,8}}))?),?\s(?:ngày\s)?(?P<date>{_DATE})(?P<rest>.*)",
    re.IGNORECASE,
)
_ZONE_FIRST = re.compile(
    rf"(?<=\s)(?P<zone>(?:GMT|UTC)(?:[+\-]\d{{1,2}}(?::?\d{{2}})?)?)\s(?P<clock>(?:[^\W\d_]{{1,4}}\s?)?{_CLOCK})$"
)
_BRACKETED_ZONE = re.compile(r"\s\[(?P<zone>[^\[\]]{1,40})\]$")
_SIGNED_CLOCK = re.compile(
    r"(?P<h>\d{1,2})\s?[시時时點点]\s?(?P<m>\d{1,2})\s?[분分](?:\s?(?P<s>\d{1,2})\s?[초秒])?"
)
_HOUR = r"(?<![\d:.])(?P<h>\d{1,2})(?P<past>[:.]\d{2}(?:[:.]\d{2})?)(?![\d:])"
_WORD_BEFORE = re.compile(rf"(?P<word>[^\W\d_][^\d:,;()<>/+\-\[\]]{{0,19}}?)\s?{_HOUR}")
_WORDS_BEHIND = re.compile(rf"{_HOUR}\s?(?P<words>[^\W\d_][^\d:,;()<>/+\-\[\]]{{0,29}})")
_READ_ALREADY = re.compile(r"[ap]\.?\s?m\b", re.IGNORECASE)
_MOST_WORDS = 3
#: Of Vietnamese, Swedish and Afrikaans; other pairs of plain letters are places and days too.
_SHORT = frozenset({"SA", "CH", "fm", "em", "vm", "nm"})


def usual(text: str) -> str:
    """Return a time in a form that `times` reads: the same text where it is in none of the forms of other languages."""
    if _USUAL.fullmatch(text):
        return text
    if not text.isascii():
        text = text.translate(_SIGNS).replace(_GREENWICH, "GMT")
        text = " ".join(_month(word) for word in text.split(" "))
    text = _BRACKETED_ZONE.sub(r" \g<zone>", text)
    if found := _HOUR_FIRST.fullmatch(text):
        text = f"{found['date']} {found['clock']}{found['rest']}"
    text = _with_clock(_with_date(text))
    return _ZONE_FIRST.sub(r"\g<clock> \g<zone>", text)


def _month(word: str) -> str:
    bare = word.rstrip(",")
    name = MONTHS_IN_ENGLISH.get(bare) or MONTHS_IN_ENGLISH.get(bare.rstrip("."))
    return name + word[len(bare) :] if name else word


def _with_date(text: str) -> str:
    if found := _NAMED_DATE.match(text):
        return f"{found['d']} {found['name']} {found['y']}{text[found.end() :]}"
    for shape in (_SIGNED_DATE, _DOTTED_DATE, _SLASHED_DATE, _KOREAN_DATE, _COUNTED_MONTH):
        if found := shape.match(text):
            year = found["y"] if len(found["y"]) > 2 else f"20{found['y']}"  # noqa: PLR2004 - digits
            return (
                f"{_weekday(found)}{year}-{found['mo']}-{found['d']} {text[found.end() :].lstrip()}".rstrip()
            )
    return text


def _weekday(found: re.Match[str]) -> str:
    parts = found.groupdict()
    said = parts.get("day") or parts.get("count")
    number = next((number for number, signs in enumerate(_DAYS_OF_WEEK) if said and said in signs), None)
    return "" if number is None else f"{WEEKDAYS[number].capitalize()} "


def _with_clock(text: str) -> str:
    text = _SIGNED_CLOCK.sub(_as_digits, text, count=1)
    found = _WORD_BEFORE.search(text)
    if found and _tells_before(found["word"]):
        return _counted(text, found, found.start(), found.end(), part_of(found["word"]))
    found = _WORDS_BEHIND.search(text)
    if not found or _READ_ALREADY.match(found["words"]):
        return text
    words = found["words"].split()
    for many in range(min(len(words), _MOST_WORDS), 0, -1):
        said = " ".join(words[:many])
        if _tells_behind(said):
            return _counted(text, found, found.start(), found.start("words") + len(said), part_of(said))
    return text


def _as_digits(found: re.Match[str]) -> str:
    return ":".join(part.zfill(2) for part in found.group("h", "m", "s") if part)


def _tells_before(word: str) -> bool:
    """Say whether a word before an hour is of a half of the day; in plain letters it may be of another language, unless a dot ends it."""
    is_sure = not word.isascii() or word.endswith(".") or word.casefold() in ("am", "pm")
    return is_sure and part_of(word) not in ("none", "unknown")


def _tells_behind(words: str) -> bool:
    """Say whether words behind an hour are of a half of the day; two plain letters without dots may stand for much else."""
    is_sure = not words.isascii() or "." in words or len(words) > 2 or words in _SHORT  # noqa: PLR2004 - letters
    return is_sure and part_of(words) not in ("none", "unknown")


def _counted(text: str, found: re.Match[str], start: int, end: int, part: Part) -> str:
    """Return the text with its hour counted from midnight; one that contradicts its word stays as it stands."""
    hour = int(found["h"])
    if hour > _NOON and part == "morning":
        return text
    return f"{text[:start]}{hour_of(hour, part)}{found['past']} {text[end:].lstrip()}".rstrip()
