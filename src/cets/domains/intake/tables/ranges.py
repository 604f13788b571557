"""Columns that say from when to when ("Session start", "Session end"): which of them belong together."""

import re
from collections.abc import Iterable

import msgspec

from cets.domains.intake.tables import vocabulary, words

# ruff: noqa: RUF001 - the words stand in the letters of their languages
_BEGIN = frozenset({
    "start", "started", "starts", "begin", "began", "begins", "beginning", "beginn", "anfang", "from", "since", "allocated",
    "assigned", "leased", "connected", "connect", "login", "logon", "von", "ab", "seit", "debut", "du", "desde", "inicio",
    "inizio", "dal", "da", "od", "poczatek", "zacatek", "van", "vanaf", "aanvang", "fra", "alku", "inceput", "pocetak",
    "baslangic", "начало", "начала", "с", "от", "початок", "з", "αρχη", "εναρξη", "البداية", "من",
})  # fmt: skip
_END = frozenset({
    "end", "ended", "ends", "ending", "stop", "stopped", "finish", "finished", "to", "until", "till", "released", "disconnected",
    "disconnect", "expires", "expired", "expiry", "terminated", "logout", "logoff", "bis", "ende", "fin", "au", "hasta", "fine",
    "al", "ate", "fim", "do", "koniec", "konec", "tot", "einde", "til", "slut", "loppu", "sfarsit", "kraj", "bitis", "конец",
    "окончание", "до", "по", "край", "кінець", "τελοσ", "ληξη", "النهاية", "إلى",
})  # fmt: skip
#: The same within a word ("sessionstart", "Verbindungsende", "開始日時").
_BEGIN_WITHIN = re.compile(r"^(?:start|begin|開始|开始|시작)|(?:start|beginn|begin|開始|开始|시작)$")
_END_WITHIN = re.compile(r"^(?:end|stop|終了|结束|結束|종료)|(?:end|ende|終了|结束|結束|종료)$")
_FIRST_AND_LAST = frozenset({"first", "last"})
#: What else such a heading says without being of something else: a contract, a warrant, a subscription.
_BESIDE = frozenset({
    "", "time", "date", "datetime", "timestamp", "at", "on", "of", "the", "utc", "gmt", "session", "lease", "dhcp", "nat", "ip",
    "address", "connection", "allocation", "assignment", "usage", "use", "used", "seen", "access", "activity", "valid", "validity",
    "call", "event", "observed", "active", "online", "recorded", "zeit", "datum", "uhrzeit", "zeitpunkt", "sitzung", "sitzungs",
    "verbindung", "verbindungs", "nutzung", "nutzungs", "zuweisung", "gultig", "fecha", "hora", "sesion", "conexion", "heure",
    "connexion", "valable", "data", "ora", "sessione", "connessione", "tijd", "sessie", "tid", "dato", "tidspunkt", "godzina",
    "czas", "sesji", "日時", "時刻", "時間", "时间", "日期", "시간", "일시", "login", "logon", "logged", "in",
}) | vocabulary.ZONES_IN_HEADINGS  # fmt: skip


class Range(msgspec.Struct, frozen=True):
    """Two columns of times. `gaps`: seen first and last, and not known in between; otherwise held all the while."""

    start: int
    end: int
    gaps: bool


class _Side(msgspec.Struct, frozen=True):
    index: int
    words: frozenset[str]
    is_start: bool
    gaps: bool


def ranges_among(times: Iterable[tuple[int, str]]) -> list[Range]:
    """Return which columns of times, each with its heading, are the two ends of something."""
    sides = [side for index, heading in times if (side := _side(index, heading))]
    found: list[Range] = []
    for start in (side for side in sides if side.is_start):
        taken = {one.end for one in found}
        ends = [
            side
            for side in sides
            if not side.is_start and side.gaps == start.gaps and side.index not in taken
        ]
        if ends:
            end = min(ends, key=lambda end, of=start: (-len(end.words & of.words), abs(end.index - of.index)))  # type: ignore[misc]
            found.append(Range(start.index, end.index, start.gaps))
    return found


def is_an_end(heading: str) -> bool:
    """Say whether a column of times is of the start or of the end of what a row is about."""
    return _side(0, heading) is not None


def _side(index: int, heading: str) -> _Side | None:
    told = words.tokens(heading)
    ordinal = _FIRST_AND_LAST.intersection(told)
    if len(ordinal) == 1:
        rest = [word for word in told if word not in ordinal]
        known = all(word in _BESIDE or word.isdecimal() for word in rest)
        return _Side(index, frozenset(rest), "first" in ordinal, gaps=True) if known else None
    starts = [word for word in told if _tells(word, _BEGIN, _BEGIN_WITHIN)]
    ends = [word for word in told if _tells(word, _END, _END_WITHIN)]
    rest = [word for word in told if word not in starts and word not in ends]
    if bool(starts) == bool(ends) or not all(word in _BESIDE or word.isdecimal() for word in rest):
        return None
    return _Side(index, frozenset(rest), bool(starts), gaps=False)


def _tells(word: str, known: frozenset[str], within: re.Pattern[str]) -> bool:
    return word in known or (within.search(word) is not None and within.sub("", word, count=1) in _BESIDE)
