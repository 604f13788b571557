"""One line of My Activity becomes a trace: a search, a page, or what else was done with one of Google's products."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import msgspec

from cets.domains.intake.json_fields import Fields
from cets.domains.intake.rows import AnyRow, TraceKind
from cets.domains.intake.traces import Traces, fact, leads_out
from cets.kernel.moments import Moment

_SEARCHED, _VISITED = "Searched for ", ("Visited ", "Viewed ", "Watched ")
_POINT = re.compile(
    r"(?:center|query|ll|q)=(-?\d{1,2}(?:\.\d+)?)(?:,|%2C)(-?\d{1,3}(?:\.\d+)?)(?![\d.])", re.IGNORECASE
)
_GOOGLE = re.compile(r"(?:www\.|m\.)?google\.[a-z]{2,3}(?:\.[a-z]{2})?|(?:www\.|m\.|music\.)?youtube\.com")
_LONGEST_LINK = 20_000


class Line(msgspec.Struct):
    """One line, from JSON or HTML alike. `beside`: further words with their links."""

    place: str
    header: str = ""
    title: str = ""
    url: str = ""
    at: Moment | None = None
    products: tuple[str, ...] = ()
    beside: list[tuple[str, str]] = msgspec.field(default_factory=list)
    places: list[tuple[str, str]] = msgspec.field(default_factory=list)
    facts: list[tuple[str, str]] = msgspec.field(default_factory=list)


class Activities:
    def __init__(self, traces: Traces) -> None:
        self.traces = traces

    def of_json(self, fields: Fields) -> Iterator[AnyRow]:
        time = fields.text("time")
        line = Line(
            fields.pointer, fields.text("header"), fields.text("title"), fields.text("titleUrl"),
            self.traces.reader.time(time) if time else None, tuple(text for _, text in fields.texts("products")),
        )  # fmt: skip
        for one in fields.objects("subtitles"):
            line.beside.append((one.text("name"), one.text("url")))
        for one in fields.objects("details"):
            line.facts.append(("detail", one.text("name")))
        for one in fields.objects("locationInfos"):
            words = ", ".join(filter(None, (one.text("name"), one.text("source"))))
            line.places.append((words, one.text("url")))
            one.ignore("sourceUrl")
        for key, label in (("description", "description"), ("imageFile", "picture")):
            line.facts.append((label, fields.text(key)))
        for key, label in (("audioFiles", "recording"), ("activityControls", "kept by the setting")):
            line.facts += [(label, text) for _, text in fields.texts(key)]
        for one in fields.objects("audioFiles"):
            line.facts.append(("recording", one.text("name", "url")))
        for one in fields.objects("safeHtmlItem"):
            line.facts.append(("detail", one.text("html")))
        yield from self.add(line)

    def add(self, line: Line) -> Iterator[AnyRow]:
        """Yield the trace of a line. Raises Full."""
        url, through = _target(line.url)
        term = _term(line, url)
        latitude, longitude = next(
            (point for _, link in line.places if (point := _point(link))), (None, None)
        )
        kind: TraceKind = (
            "search" if term else "visit" if line.title.startswith(_VISITED) and leads_out(url) else "event"
        )
        facts = (
            *fact("what", line.title if term and line.title != term else ""), *fact("product", ", ".join(line.products)),
            *fact("under", "" if line.header in line.products else line.header),
            *(pair for words, _ in line.beside for pair in fact("beside it", words)),
            *(pair for words, _ in line.places for pair in fact("place", words)), *fact("link as written", through),
            *(pair for label, text in line.facts for pair in fact(label, text)),
        )  # fmt: skip
        yield from self.traces.add(
            kind, place=line.place, text=term or line.title, at=line.at, url=url if leads_out(url) else None, facts=facts,
            declared=[("url", link) for _, link in line.beside if leads_out(link)], latitude=latitude, longitude=longitude,
        )  # fmt: skip
        for text in dict.fromkeys(words for words, _ in line.beside if words):
            yield from self.traces.reader.mentioned(text, place=f"{line.place}, beside it", seen_at=line.at)
        for label, text in line.facts:
            if text and label in ("description", "detail"):
                yield from self.traces.reader.mentioned(text, place=f"{line.place}, {label}", seen_at=line.at)


def _target(url: str) -> tuple[str, str]:
    """Return where a link leads, and the link as written where Google stands in between."""
    found = _query(url, "/url")
    inner = next((one for key in ("q", "url") for one in found.get(key, ()) if leads_out(one)), "")
    return (inner, url) if inner else (url, "")


def _query(url: str, path: str) -> dict[str, list[str]]:
    """Return the questions in an address of Google's with this path; nothing for any other."""
    if len(url) > _LONGEST_LINK:
        return {}
    try:
        parts = urlsplit(url)
        is_google = bool(_GOOGLE.fullmatch((parts.hostname or "").lower())) and parts.path == path
        return parse_qs(parts.query, max_num_fields=100) if is_google else {}
    except ValueError:
        return {}


def _term(line: Line, url: str) -> str:
    """Return what was searched for: as the address says, whatever language the title is in, or as the title does."""
    asked = _query(url, "/search").get("q", []) or _query(url, "/results").get("search_query", [])
    if asked:
        return asked[0]
    return line.title.removeprefix(_SEARCHED) if line.title.startswith(_SEARCHED) else ""


def _point(link: str) -> tuple[str, str] | None:
    found = _POINT.search(link[:_LONGEST_LINK])
    return (found[1], found[2]) if found else None
