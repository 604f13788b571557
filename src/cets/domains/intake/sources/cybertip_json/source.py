"""CyberTipline reports as law enforcement downloads them: JSON of no published schema, in several shapes."""

import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from cets.domains.intake.cybertip.bundle import ReportSource
from cets.domains.intake.cybertip.files import Upload
from cets.domains.intake.cybertip.record import from_json
from cets.domains.intake.cybertip.report import ReportReader, further, several
from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import AnyRow, Failed, NotUnderstood
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.cybertip_json.broken import read_what_is_whole
from cets.domains.intake.sources.text import decoding

#: Reports have kilobytes. What counts for memory is how many values a file holds, not only its size.
LARGEST = 24 << 20
MOST_PARTS = 1_000_000

_KEY = re.compile(r'"([A-Za-z][A-Za-z_ \-]{2,60})"\s*:')
_TELLING = frozenset({
    "reportedinformation", "reportedpeople", "reportedpersons", "reportingesp", "additionalncmecinformation",
    "lawenforcementcontactinformation", "automatedinformation", "incidentsummary", "childvictims",
    "intendedrecipients", "uploadedfiles",
})  # fmt: skip
_ENOUGH = 2
#: As itself or escaped; an escaped backslash before it escapes nothing.
_NUL = re.compile(r"(?:(?<!\\)((?:\\\\)*)\\u0000)|\x00")
#: What some tools write before the report, though JSON has no comments.
_COMMENTS = re.compile(r"(?:\s+|//[^\n]*|\#[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)*+")
_SIGN = re.compile(r"[^\s,]")


class CybertipJson(ReportSource):
    name = "cybertip_json"
    caption = "CyberTipline report (JSON)"
    version = "3"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        text = (decoding.decode_head(head) or "").lstrip("\ufeff")
        text = text[_after_comments(text) :]
        if not text.startswith(("{", "[")):
            return 0.0
        keys = {re.sub(r"[^a-z]", "", key.casefold()) for key in _KEY.findall(text)}
        telling = len(keys & _TELLING)
        if telling >= _ENOUGH or (telling and "reportid" in keys):
            return 0.99
        return 0.0

    def report(self, file: BinaryIO, options: Options, uploads: list[Upload]) -> Iterator[AnyRow]:
        data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            yield Failed(reason=f"The report is larger than the limit of {LARGEST >> 20} MB: not read.")
            return
        if sum(map(data.count, (b"{", b"[", b","))) > MOST_PARTS:
            yield Failed(reason=f"The report has more parts than the limit of {MOST_PARTS}: not read.")
            return
        encoding = decoding.detect(file)
        yield from decoding.remarks(encoding)
        text, nuls = _NUL.subn(r"\1 ", data.decode(encoding.name, "replace").lstrip("\ufeff"))
        if nuls:
            yield NotUnderstood(
                text=f"The report holds {nuls} NUL characters, read as blanks.", place="whole file"
            )
        before = _after_comments(text)
        yield from _commented(text[:before], options)
        decoded, failure = _decoded(
            re.sub(r"\S", " ", text[:before]) + text[before:]
        )  # faults keep their line
        yield from _reports(decoded, options, uploads)
        if failure:
            yield failure


def _after_comments(text: str) -> int:
    found = _COMMENTS.match(text)
    return found.end() if found else 0


def _commented(text: str, options: Options) -> Iterator[AnyRow]:
    """Yield what stands in comments before the report: nobody's in particular, and said, for JSON has none."""
    if text.strip():
        place = "before the report"
        yield NotUnderstood(text="The JSON begins with a comment: what it says is read as text.", place=place)
        yield from Reader(options).free_text(text.strip(), place=place, label="Comment")


def _decoded(text: str) -> tuple[Any, Failed | None]:
    """Return what the text holds, a list if it is several values one after the other, and what broke it off."""
    decoder = json.JSONDecoder(
        object_pairs_hook=_keep_all, parse_int=str, parse_float=str, parse_constant=str
    )
    values: list[Any] = []
    failure, at = None, 0
    while (at := _next(text, at)) < len(text):
        if len(values) >= MOST_PARTS:
            return values, Failed(reason=f"Stopped at the limit of {MOST_PARTS} entries.")
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as fault:
            failure = Failed(reason=f"The JSON is broken ({_words(fault)}); what stands before is read.")
            value, at = read_what_is_whole(text[at:]), len(text)
        if not failure or value or not values:
            values.append(value)
    return values[0] if len(values) == 1 else values, failure


def _next(text: str, at: int) -> int:
    """Return where the next value begins: blanks, and the commas that some put between, are none."""
    found = _SIGN.search(text, at)
    return found.start() if found else len(text)


def _reports(decoded: Any, options: Options, uploads: list[Upload]) -> Iterator[AnyRow]:
    pointer, decoded, beside = _unwrapped(decoded)
    reports = ReportReader(options)
    reports.files.uploads = uploads
    for within, fields in beside:
        yield from reports.left(from_json(fields, within))
    records = decoded if isinstance(decoded, list) else [decoded]
    if len(records) > 1:
        yield several(len(records), pointer or "/")
    within = pointer
    for number, record in enumerate(records):
        pointer = f"{within}/{number}" if isinstance(decoded, list) else within
        if not isinstance(record, dict):
            yield NotUnderstood(text=f"The entry at {pointer or '/'} is no report.", place=pointer or "/")
            continue
        for row in reports.read(from_json(record, pointer)):
            yield further(row, pointer) if number else row


def _unwrapped(decoded: Any) -> tuple[str, Any, list[tuple[str, dict[str, Any]]]]:
    """Return where the report stands in what merely wraps it ("report", "data"...), it, and what stands beside it.

    The last: the fields beside it at each level, with the pointer of the object they stand in.
    """
    pointer, beside = "", list[tuple[str, dict[str, Any]]]()
    for _ in range(_MOST_WRAPPERS):
        if not isinstance(decoded, dict) or _is_report(decoded):
            break
        inner = [key for key, value in decoded.items() if _holds_report(value, _MOST_WRAPPERS)]
        if len(inner) != 1:
            break
        beside.append((pointer, {key: value for key, value in decoded.items() if key != inner[0]}))
        pointer, decoded = f"{pointer}/{_escaped(inner[0])}", decoded[inner[0]]
    return pointer, decoded, beside


_MOST_WRAPPERS = 3


def _holds_report(value: Any, levels: int) -> bool:
    if isinstance(value, list):
        return any(isinstance(entry, dict) and _is_report(entry) for entry in value)
    if not isinstance(value, dict) or not levels:
        return False
    return _is_report(value) or any(_holds_report(inner, levels - 1) for inner in value.values())


def _is_report(record: dict[str, Any]) -> bool:
    keys = {re.sub(r"[^a-z]", "", key.casefold()) for key in record}
    return bool(keys & {*_TELLING, "reportid", "fileid"})


def _escaped(key: str) -> str:
    sound = key.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair is no text
    return sound.replace("~", "~0").replace("/", "~1")


def _keep_all(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object in which a key given twice keeps both values, as a list."""
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    several: dict[str, list[Any]] = {}
    for key, value in pairs:
        several.setdefault(key, []).append(value)
    return {key: values[0] if len(values) == 1 else values for key, values in several.items()}


def _words(fault: Exception) -> str:
    if isinstance(fault, json.JSONDecodeError):
        return f"line {fault.lineno}, character {fault.colno}: {fault.msg}"
    return "nested too deeply" if isinstance(fault, RecursionError) else "not readable"
