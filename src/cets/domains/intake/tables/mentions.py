"""Identifiers in cells that are none: a street, a platform, an event, a name, or what no heading explains."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from cets.domains.identifiers.kinds.base import Role
from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import AmbiguousPart, AnyRow, NotUnderstood, Person, Sighting
from cets.domains.intake.tables import vocabulary, words
from cets.domains.intake.tables.cells import Cell
from cets.domains.intake.tables.people import NAME_PARTS
from cets.domains.intake.tables.plans import NETWORK, Plan
from cets.domains.intake.tables.shapes import has_small_parts, is_file_name
from cets.domains.intake.tables.titles import named_in, title_told

#: A cell without any of these holds no identifier that stands for itself.
WORTH_A_LOOK = re.compile(r"[@/:\[]|\w\.\w|\d{5}|\d[ \-()]\d{3}|\b(?:at|on|dot)\b", re.IGNORECASE)
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
_WORTH_IN_FILES = re.compile(r"\S@\S|://|\bwww\.|\+\d")
_RECORD = re.compile(r"[0-9a-f]{32}", re.IGNORECASE)  # a GUID without its hyphens
_REST_OF_A_NAME = re.compile(r"[\w\-.]*")
_SEEN_THEN = NETWORK | {"port"}
_DOTTED = frozenset(
    {"platform", "display_name", *NAME_PARTS}
)  # "chat.example" is the name of a platform, "j.doe" of a person


def mentioned_in(
    reader: Reader, plan: Plan, text: str, *, place: str, role: Role, seen: dict[str, Any]
) -> Iterator[AnyRow]:
    """Yield what is mentioned in a cell. `seen`: the time of the row, which an address has when it is what happened."""
    named = words.kind_of(plan.column.heading)
    is_known = named not in (None, "role") and plan.column.sure
    if is_known and not _holds_no_number(plan) and _NUMBER.fullmatch(text):
        return
    if words.is_one_of(plan.column.heading, vocabulary.OF_FILES) and not _WORTH_IN_FILES.search(text):
        return
    if named == "line_number" and words.numbers_messages(plan.column.heading):
        return
    for row in reader.mentioned(text, place=place, role=role):
        if isinstance(row, Sighting):
            is_other = _is_version(plan, row) or _is_of_a_file_name(text, row)
            if not is_other and (not is_known or _counts(plan, text, row)):
                yield _timed(plan, text, row, seen)
        elif not is_known or _is_prose(text) or not isinstance(row, (AmbiguousPart, NotUnderstood)):
            yield row


def said_by_title(reader: Reader, cells: Sequence[Cell], *, place: str, role: Role) -> Iterator[AnyRow]:
    """Yield what a title among the rows says beside the role that it gives."""
    text = next((cell.text.strip() for cell in cells if cell.text.strip()), "")
    told = title_told(text, among_rows=True)
    if told is not None and not told.is_plain:
        of: Role = "victim" if role == "victim" else "unknown"
        yield from reader.free_text(text, place=place, label="Title", role=of)
    yield from named_by_title(text, place)


def named_by_title(text: str, place: str) -> Iterator[Person]:
    """Yield the victims that a title names."""
    for name in named_in(text):
        yield Person(key=f"{place}, victim", role="victim", place=place, names=(name,))


def _timed(plan: Plan, text: str, found: Sighting, seen: dict[str, Any]) -> Sighting:
    is_all = found.value.raw.strip() == text
    is_said = plan.read_as == "event" or words.kind_of(plan.column.heading) in _SEEN_THEN
    if found.value.kind in NETWORK and (is_all or is_said or plan.guessed in NETWORK):
        return msgspec.structs.replace(found, **seen)
    return found


def _is_version(plan: Plan, found: Sighting) -> bool:
    return found.value.kind == "ip" and words.is_of_versions(plan.column.heading)


def _is_of_a_file_name(text: str, found: Sighting) -> bool:
    """Say whether what looks like an e-mail address is the beginning of "kid@kid.example.jpg"."""
    rest = _REST_OF_A_NAME.match(text, found.end or 0)
    return found.value.kind == "email" and rest is not None and is_file_name(found.value.raw + rest[0])


def _counts(plan: Plan, text: str, found: Sighting) -> bool:
    """Say whether what was found under a heading of something else is plainly what it seems to be."""
    heading, kind = plan.column.heading, found.value.kind
    if words.is_one_of(heading, vocabulary.OF_FILES):
        return kind in ("email", "url") or (kind == "phone" and found.value.raw.lstrip().startswith("+"))
    if kind == "phone":
        return _holds_no_number(plan) or _is_dialled(heading, text, found.value.raw.strip())
    if kind == "ip" and found.value.raw.strip() == text and has_small_parts(text):
        return False
    if kind == "domain":
        return plan.read_as not in _DOTTED and not (
            plan.read_as == "event" and found.value.raw.strip() == text
        )
    return kind != "hash" or not _RECORD.fullmatch(text)


def _holds_no_number(plan: Plan) -> bool:
    """Say whether a number in a column can be nothing but one that is dialled: names and streets have none so long."""
    return plan.read_as in _DOTTED or words.is_one_of(plan.column.heading, vocabulary.OF_PLACES)


def _is_dialled(heading: str, text: str, raw: str) -> bool:
    """A number in a column of others counts when it is written as one that is dialled: "+44...", "07700 900874"."""
    if words.numbers_orders(heading):
        return raw != text and _is_prose(text)
    if raw.startswith("+"):
        return True
    if words.is_one_of(heading, vocabulary.OF_OTHER_NUMBERS):
        return False
    return raw.startswith("00") or " " in raw or (raw != text and _is_prose(text))


def _is_prose(text: str) -> bool:
    return any(map(str.isalpha, text))
