"""Whether rows are a form: fields and values one below the other, in sections with titles, or for several people side by side."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from cets.domains.identifiers import kinds
from cets.domains.identifiers.kinds.base import Role
from cets.domains.identifiers.kinds.platforms import KNOWN
from cets.domains.intake.tables import words
from cets.domains.intake.tables.abbreviations import role_of_short
from cets.domains.intake.tables.answers import answer_of
from cets.domains.intake.tables.cells import Cell, letters
from cets.domains.intake.tables.people import NAME_PARTS
from cets.domains.intake.tables.shapes import SHAPES, fits, value_kind
from cets.domains.intake.tables.titles import title_role, title_told

LOOKED_AT = 22  # rows
_FIELD_AND_VALUE, _FEWEST_FIELDS = 2, 3
_TWO, _MOST = 2, 0.6
_MOST_OTHERS = 2  # lines that are neither field nor title
_MOST_ACROSS = 40  # columns of a form with one for each person
_LONGEST_TITLE, _MOST_WORDS = 60, 6
_NO_TITLE = re.compile(r"[@\d]{5}|\S@\S|://|[.!?,;]\s*$")
#: What stands beside "Platform" over a column of accounts.
_OF_ACCOUNTS = frozenset({"handle", "account", "user_id", "display_name"})

#: What stands above the fields and the values, and is neither.
ABOVE_FIELDS = frozenset({
    "field", "fields", "property", "attribute", "item", "key", "parameter", "feld", "merkmal", "champ", "campo",
    "pole", "veld", "поле", "alan", "type", "kind", "typ", "tipo", "art",
})  # fmt: skip

#: Names of fields by which forms side by side are told from rows of values.
_OF_PERSONS = frozenset({*NAME_PARTS, *kinds.KINDS, "birth_date", "age", "role"})

Rows = Sequence[tuple[int, Sequence[Cell]]]


class Line(msgspec.Struct, frozen=True):
    """One line of a form: a title, a field with its values, or both; all else is text. A field without a name is the last one's."""

    row: int
    text: str
    title: str = ""
    name: str = ""
    values: tuple[Cell, ...] = ()
    column: str = ""  # where the fields stand, of forms side by side


def lines_of(rows: Rows) -> list[Line]:
    """Return the lines of what may be a form, or of forms side by side one after the other, below each title that is theirs."""
    starts = _starts(rows)
    if len(starts) < _TWO:
        return _lines_of_one(rows)
    found: list[Line] = []
    for part in _under_titles(rows):
        for start, end in zip(starts, [*starts[1:], None], strict=True):
            block = [(number, cells[start:end]) for number, cells in part]
            found += [msgspec.structs.replace(line, column=letters(start)) for line in _lines_of_one(block)]
    return found


def _under_titles(rows: Rows) -> Iterator[Rows]:
    """Yield the rows in parts, each from one that holds a title and nothing else."""
    begin = 0
    for place, (_, cells) in enumerate(rows):
        filled = [text for cell in cells if (text := cell.text.strip())]
        if place > begin and len(set(filled)) == 1 and is_a_title(filled[0]):
            yield rows[begin:place]
            begin = place
    yield rows[begin:]


def _starts(rows: Rows) -> list[int]:
    """Return the columns in which forms begin: names of fields below each other, each with its value beside it."""
    told: Counter[int] = Counter()
    for _, cells in rows[:LOOKED_AT]:
        if _MOST_ACROSS >= len(cells) > _FEWEST_FIELDS and _heads_a_value(cells, 0):
            told.update(place for place in range(_TWO, len(cells) - 1) if _heads_a_value(cells, place))
    return [0, *sorted(place for place, count in told.items() if count >= _TWO)]


def _heads_a_value(cells: Sequence[Cell], place: int) -> bool:
    field, value = (cell.text.strip() for cell in cells[place : place + 2])
    return (
        bool(value) and words.kind_of(field) in _OF_PERSONS and words.kind_of(value) is None
        and not is_a_platform(field)
    )  # fmt: skip


def _lines_of_one(rows: Rows) -> list[Line]:
    """Return the lines of one form. Its fields stand in the column in which most do."""
    filled = [
        (number, cells, places)
        for number, cells in rows
        if (places := [place for place, cell in enumerate(cells) if cell.text.strip()])
    ]
    starts = Counter(
        places[0]
        for _, _, places in filled[:LOOKED_AT]
        if len(places) == _FIELD_AND_VALUE and places[1] == places[0] + 1
    )
    at = starts.most_common(1)[0][0] if starts else 0
    found: list[Line] = []
    for number, cells, places in filled:
        found.append(_line(number, cells, places, at, has_field=any(line.values for line in found)))
    return found


def _line(number: int, cells: Sequence[Cell], places: list[int], at: int, *, has_field: bool) -> Line:
    texts = [cells[place].text.strip() for place in places]
    text = " ".join(texts)
    before = [place for place in places if place < at]
    if at in places and at + 1 in places and len(before) <= 1:
        title = cells[before[0]].text.strip() if before else ""
        name = cells[at].text.strip()
        values = tuple(cells[place] for place in places if place > at)
        if len(values) == 1 or words.kind_of(name) in kinds.KINDS:
            return Line(number, text, title, name, values)
    if places == [at + 1] and has_field and title_told(text) is None and words.kind_of(text) is None:
        return Line(number, text, values=(cells[at + 1],))
    if len(places) == 1 and is_a_title(text):
        return Line(number, text, title=text)
    return Line(number, text)


def is_a_title(text: str) -> bool:
    """Say whether the only cell of a line may head the fields below it: a few words in which no value stands."""
    is_short = len(text) <= _LONGEST_TITLE and len(text.split()) <= _MOST_WORDS
    return title_told(text) is not None or (is_short and not _NO_TITLE.search(text) and not value_kind(text))


def is_a_form(first: Rows) -> bool:
    """Say whether the headings stand in the first column ("Email | kestrel@post.example"): no row names the columns."""
    return roles_across(first) is not None or (
        not _begins_with_headings(first) and _are_fields(lines_of(first))
    )


def _begins_with_headings(first: Rows) -> bool:
    """Say whether the first line of several cells names columns of different kinds: no form begins so."""
    listed = ([text for cell in cells if (text := cell.text.strip())] for _, cells in first)
    texts = next((texts for texts in listed if len(texts) > 1), [])
    told = [kind for text in texts if not is_a_platform(text) and (kind := words.kind_of(text))]
    return len(texts) > _TWO and len(set(told)) >= _TWO and len(told) * 2 > len(texts)


def _are_fields(lines: list[Line]) -> bool:
    """Say so of lines. Titles of sections are no evidence against it, where each has a field to head."""
    pairs = [(line.name, line.values[0].text.strip()) for line in lines if line.name]
    titles = sum(1 for line in lines if line.title and not line.name)
    others = sum(1 for line in lines if not line.title and not line.values)
    known = [(words.kind_of(field) or words.within(field), value) for field, value in pairs]
    named = sum(1 for kind, _ in known if kind)
    if sum(1 for kind, _ in known if kind not in (None, "role")) >= _TWO:
        named += sum(
            1 for field, _ in pairs if words.is_only_a_role(field)
        )  # "Suspect | A. Heron" above his fields
    said = [value_kind(value) is not None or _is_of(kind, value) for kind, value in known]
    told = sum(1 for kind, _ in known if kind in SHAPES or kind in ("time", "birth_date", "role"))
    holding = sum(said)
    return (
        len(pairs) >= max(_TWO if named == len(pairs) else _FEWEST_FIELDS, titles)
        and others <= _MOST_OTHERS
        and named * 2 >= len(pairs)
        and holding * 2 >= told
        and holding > 0
        and not _are_headings_beside(known)
        and not _heads_platforms(pairs)
        and not _tell_whose(lines)
        and not any(value_kind(field) for field, _ in pairs)
    )


def _tell_whose(lines: list[Line]) -> bool:
    """Say whether values have roles beside them ("Email | a@post.example | Victim"): each line is somebody else's."""
    beside = [cell.text.strip() for line in lines if line.name for cell in line.values[1:]]
    told = sum(1 for text in beside if words.speaks_of_a_role(text) or role_of_short(text))
    return told >= _TWO and told * 2 >= sum(1 for line in lines if len(line.values) > 1)


def _is_of(kind: str | None, value: str) -> bool:
    if kind == "role":
        return words.role_of_value(value) is not None
    return kind in SHAPES and fits(kind, value)


def _are_headings_beside(known: list[tuple[str | None, str]]) -> bool:
    """Say whether the first value, or many, are headings as well: a single one is only called so ("Contact by | Phone")."""
    also = [
        kind != "platform" and answer_of(value) is None and words.kind_of(value) is not None
        for kind, value in known
    ]
    return also[0] or sum(also) * 3 > len(also)


def _heads_platforms(pairs: list[tuple[str, str]]) -> bool:
    """Say whether the first line heads two columns, of platforms and of accounts: "Platform | Username" above "Kik | owl_7"."""
    (field, value), *below = pairs
    if words.kind_of(field) != "platform" or is_a_platform(value):
        return False
    return words.kind_of(value) in _OF_ACCOUNTS or not any(
        words.kind_of(name) and not is_a_platform(name) for name, _ in below
    )


def is_a_platform(text: str) -> bool:
    said = words.tokens(text)
    return bool(said) and ("".join(said) in KNOWN or all(word in KNOWN for word in said))


def roles_across(first: Rows) -> int | None:
    """Return the number of the row that names a role over each column, where the first column names fields; else None."""
    rows = [(number, [cell.text.strip() for cell in cells]) for number, cells in first[:LOOKED_AT]]
    rows = [(number, texts) for number, texts in rows if any(texts)]
    if max((len(texts) for _, texts in rows), default=0) > _MOST_ACROSS:
        return None
    for number, texts in rows:
        told = column_roles(texts[1:])
        others = [one for other, one in rows if other != number]
        if _are_roles(texts, told) and _have_fields_first(others):
            return number
    return None


def column_roles(texts: Sequence[str]) -> list[Role]:
    """Return the roles that cells side by side name; abbreviations count where several of them do."""
    short = short_roles(texts)
    return [role if (role := title_role(text)) != "unknown" else short.get(text, "unknown") for text in texts]


def short_roles(texts: Iterable[str]) -> dict[str, Role]:
    """Return the roles of titles that are abbreviations, where titles of several roles stand: "V1" and "S1"."""
    listed = [text for text in texts if text]
    short = {text: role for text in listed if (role := role_of_short(text)) is not None}
    told = {*short.values(), *(title_role(text) for text in listed)} - {"unknown"}
    return short if len(told) >= _TWO else {}


def _are_roles(texts: list[str], told: list[Role]) -> bool:
    rest = sum(map(bool, texts[1:]))
    count = sum(role != "unknown" for role in told)
    is_beside = title_told(texts[0]) is None or words.kind_of(texts[0]) is not None
    is_above = ABOVE_FIELDS.issuperset(words.tokens(texts[0]))
    return count >= (1 if is_above else _TWO) and rest >= _TWO and count * 2 >= rest and is_beside


def _have_fields_first(rows: list[list[str]]) -> bool:
    """Say whether the first column names fields, of which the other cells are values."""
    fields = [texts for texts in rows if texts[0] and any(texts[1:])]
    kinds_of = [words.kind_of(texts[0]) or words.within(texts[0]) for texts in fields]
    known = [kind for kind in kinds_of if kind]
    return (
        len(known) >= _TWO
        and len(known) >= _MOST * len(fields)
        and not any(value_kind(texts[0]) for texts in fields)
        and not any(_are_headings(texts) for texts in fields)
    )


def _are_headings(texts: list[str]) -> bool:
    return all(words.kind_of(text) and not is_a_platform(text) for text in texts[1:] if text)
