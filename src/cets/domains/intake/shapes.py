"""The shape of a report's files: key paths, types and counts, to be sent to whoever maintains a source.

Nothing of what the files say is in it: no value, no name, no file name, no reference, no hash, no time. A key can be a value too
(a map by user names or telephone numbers), so a key leaves only if it is made of words that name fields
(`data/field_words.txt`); any other is told as KEPT_BACK, a number as NUMBERED. What an officer knows to be the name of a
field he may let go himself (`letting`).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from importlib.resources import files
from typing import Any, Final

from cets.access.permissions import Permission
from cets.access.viewer import Viewer, acting, require
from cets.audit.recording import record
from cets.domains.intake import events
from cets.domains.intake.json_fields import without_numbers
from cets.domains.intake.receipts import Counted, counted
from cets.domains.reports.models import Part, Remark, Report

NUMBERED: Final = "*"
KEPT_BACK: Final = "?"
#: A key of more words, or of one longer than this, is no name of a field.
_MOST_WORDS, _LONGEST = 6, 40
#: So many key paths of a file are told; the rest is counted.
MOST_PATHS: Final = 500
#: A path of a JSON file or an XML document, as the places of remarks have it.
_PATH = re.compile(r"/\S")
_STEPS = re.compile(r"/")
_INDEX = re.compile(r"\[\d+\]$|^\d+$")
_WORDS = re.compile(r"[A-Z]+(?![a-z])\d*|[A-Z]?[a-z]+\d*|\d+")
_KEY = re.compile(r"@?(?:[A-Za-z_][\w-]{0,30}:)?[A-Za-z_$][\w$-]*")
#: What stands in the sentence of a field that nobody took, after its path: its type, and how often it came.
_TOLD = re.compile(r"(text|number|truth value)\) is not known: (?:(\d{1,9}) times, |at )")


def shape_of(parts: Sequence[Part], *, letting: AbstractSet[str] = frozenset()) -> dict[str, Any]:
    """Return the shape report of these files. `letting`: keys that an officer says are names of fields."""
    numbers = counted(parts)
    paths = _paths_of(parts, letting)
    return {
        "shape": 1,
        "files": [_file(place, one, paths.get(one.part.id, {})) for place, one in enumerate(numbers, 1)],
    }


def make(
    report: Report, parts: Sequence[Part], *, by: Viewer, letting: AbstractSet[str] = frozenset()
) -> dict[str, Any]:
    """Return the shape report of a report's files, that it was made recorded. Raises Refused."""
    require(by, Permission.REPORT_ADD)
    with acting(by):
        record(events.SHAPE_MADE, by=by, subject=("report", report.id), let=len(letting))
        return shape_of(parts, letting=letting)


def kept_back(parts: Sequence[Part]) -> list[str]:
    """Return the keys that are not told, for the officer to look at: they may be values."""
    found: dict[str, None] = {}
    for remark in _not_understood(parts):
        for step in _steps(remark.place):
            if generalised(step) == KEPT_BACK:
                found.setdefault(step)
    return list(found)[:MOST_PATHS]


def generalised(key: str, letting: AbstractSet[str] = frozenset()) -> str:
    """Return a key as it may leave: itself where it names a field, `*` for a number, `?` for what could be a value."""
    if _INDEX.fullmatch(key):
        return NUMBERED
    bare = re.sub(r"\[\d+\]$", "", key)
    indexed = f"{bare}[{NUMBERED}]" if bare != key else key
    return indexed if bare in letting or key in letting or _names_a_field(bare) else KEPT_BACK


def _names_a_field(key: str) -> bool:
    if len(key) > _LONGEST or not key.isascii() or not _KEY.fullmatch(key):
        return False
    words = [word.lower() for word in _WORDS.findall(key)]
    return 0 < len(words) <= _MOST_WORDS and all(word in field_words() for word in words)


@cache
def field_words() -> frozenset[str]:
    """Return the words of which names of fields are made."""
    text = (files("cets.domains.intake") / "data" / "field_words.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


def _file(number: int, one: Counted, paths: dict[tuple[str, str], int]) -> dict[str, Any]:
    part, told = one.part, list(paths.items())
    return {
        "file": number,
        "inside": part.member,
        "source": part.source or None,
        "parser": part.parser_version or None,
        "state": part.state,
        "counted": {
            "messages": part.messages,
            "traces": part.traces,
            "people": one.people,
            "texts": one.passages,
            "identifiers": part.identifiers,
            "places": part.sightings,
        },
        "not_understood": one.not_understood,
        "ambiguous": one.ambiguous,
        "cut": one.cut,
        "skipped": one.skipped,
        "fields": [
            {"path": path, "type": kind or None, "times": times} for (path, kind), times in told[:MOST_PATHS]
        ],
        "further_fields": max(len(told) - MOST_PATHS, 0),
    }


def _not_understood(parts: Iterable[Part]) -> Iterator[Remark]:
    rows = Remark.objects.filter(part__in=[part.id for part in parts], kind="not_understood")
    return rows.order_by("part_id", "id").only("part_id", "text", "place").iterator(chunk_size=2_000)


def _paths_of(parts: Sequence[Part], letting: AbstractSet[str]) -> dict[object, dict[tuple[str, str], int]]:
    """Return by file the key paths of what was not understood, with type and count; like ones are one."""
    found: dict[object, dict[tuple[str, str], int]] = {}
    for remark in _not_understood(parts):
        steps = list(_steps(remark.place))
        if not steps:
            continue
        path = "/" + "/".join(generalised(step, letting) for step in steps)
        kind, times = _told(remark)
        of_part = found.setdefault(remark.part_id, {})
        of_part[path, kind] = of_part.get((path, kind), 0) + times
    return found


def _steps(place: str) -> Iterator[str]:
    """Yield the keys of a JSON pointer or an XML path; any other place (a line, a row, a column) has none."""
    if not _PATH.match(place):
        return
    for step in _STEPS.split(place[1:]):
        yield step.replace("~1", "/").replace("~0", "~")


def _told(remark: Remark) -> tuple[str, int]:
    """Return the type and the number that the receipt states of a field; nothing else of its sentence is looked at."""
    before = f"The field {without_numbers(remark.place)} ("
    said = _TOLD.match(remark.text, len(before)) if remark.text.startswith(before) else None
    return (said[1], int(said[2] or 1)) if said else ("", 1)
