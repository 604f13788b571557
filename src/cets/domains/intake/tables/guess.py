"""Guess what the columns of a table hold, from heading words and values, and say how sure that is."""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import islice

import msgspec

from cets.domains.identifiers import kinds
from cets.domains.identifiers.kinds.base import Ambiguous, Context, NotValid
from cets.domains.intake.reading import is_empty, shorten
from cets.domains.intake.rows import Column, ColumnMap
from cets.domains.intake.sources.base import Options
from cets.domains.intake.tables import words
from cets.domains.intake.tables.cells import Cell, Grid, TooLong
from cets.domains.intake.times import DayOrder, has_day_doubt, is_unread, moment

_HEADING_WITHIN = 20  # rows from the top in which a heading is looked for
_SAMPLE = 500
_TRIED = 60  # values per column on which kinds are tried
_SHOWN = 3
_SURE, _LIKELY = 0.8, 0.5
_WIDEST = 1_000
_LONG_TEXT = 40
_LONGEST_TRIED = 300  # the shapes below are not meant for longer texts

#: What a value of a kind looks like: not whether it is valid, but whether the column was meant to hold it.
_SHAPES: dict[str, re.Pattern[str]] = {
    kind: re.compile(shape, re.IGNORECASE)
    for kind, shape in {
        "email": r"[^@\s]+\s?(?:@|\[at\]|\(at\))\s?[^@\s]+",
        "phone": r"(?=(?:\D*\d){6})(?:tel:)?[+(]?\d[\d\s().\-/+x]{5,24}(?:ext\.?\s?\d+)?"
        r"|=\"\+?[\d ]{6,20}\"",
        "ip": r"\[?(?:\d{1,3}(?:\.|\[\.\])){3}\d{1,3}\]?(?::\d{1,5})?"
        r"|\[?[0-9a-f:]*:[0-9a-f:]*:[0-9a-f:.%]*\]?(?::\d+)?",
        "port": r"\d{1,5}(?:\.0)?",
        "imei": r"\d[\d \-/]{12,19}",
        "imsi": r"\d{14,15}",
        "mac": r"(?:[0-9a-f]{2}[:\-.]?){5}[0-9a-f]{2}|(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}",
        "wallet": r"[a-z0-9:]{25,110}",
        "url": r"(?:h..ps?(?:\[?:\]?)//|www\.)\S+|[\w\-.]+\.[a-z]{2,}/\S*",
        "domain": r"[\w\-]+(?:(?:\.|\[\.\])[\w\-]+)+",
        "onion": r"(?:https?://)?[a-z2-7]{56}\.onion\S*",
        "pgp": r"(?:[0-9A-F]{4}\s{0,2}){10,16}",
        "hash": r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128}|[a-z0-9+/]{190,194}={0,2}",
        "device": r"\{?[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\}?|[\w:.\-]{6,64}",
        "bank_account": r"[A-Z]{2}\d{2}[A-Z0-9 ]{10,36}|[\d \-/]{6,34}",
        "vehicle": r"[A-Z0-9][A-Z0-9 \-]{1,12}",
        "age": r"\d{1,3}(?:\s?[-\u2013]\s?\d{1,3})?(?:\s?(?:years?|y|yo))?\+?",
        "clock": r"\d{1,2}[:.h]\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s?[ap]\.?m\.?)?",
        "handle": r"@?[^\s@/]{1,64}",
        "user_id": r"\S{1,128}",
        "report_number": r"(?:[A-Za-z]+[ :#]*)?\d{5,15}",
    }.items()
}
_SHAPES["account"] = _SHAPES["handle"]
#: Kinds that values alone tell, without a heading, in order of trial; a sure one needs no officer.
_BY_VALUE: tuple[tuple[str, bool], ...] = (
    ("email", True), ("url", True), ("onion", True), ("mac", True), ("hash", True), ("ip", True),
    ("phone", False),
)  # fmt: skip
#: Kinds that a spreadsheet may have taken for a number.
DIGITS = frozenset({"phone", "imei", "imsi", "bank_account", "user_id", "report_number", "hash", "device"})
_EXPONENT = re.compile(r"\d(?:[.,]\d+)?E\+?\d{1,2}", re.IGNORECASE)
_INTERNATIONAL = re.compile(r"\+\d[\d\s().\-]{7,20}")
#: Headings that many programs use for something else; the values must agree.
_VALUES_DECIDE = frozenset({
    "time", "ip", "email", "phone", "imei", "imsi", "mac", "hash", "url", "port", "age", "birth_date",
})  # fmt: skip
_NOT_CHECKED = frozenset({
    "name", "first_name", "middle_name", "last_name", "display_name", "platform", "group", "event", "text",
    "fact",
    "line_number", "zone",
})  # fmt: skip


class _Sample(msgspec.Struct):
    """What is known of one column before its kind is guessed."""

    index: int
    heading: str
    values: list[str]
    order: DayOrder
    others: int = 0  # non-empty values beyond the sample

    @property
    def tried(self) -> list[str]:
        return self.values[:_TRIED]


def guess_map(grid: Grid, options: Options) -> ColumnMap:
    """Return how the table would be read. Goes through the rows once; never raises for content."""
    first = list(_until_fault(grid, _HEADING_WITHIN + 2))
    heading_row = _find_heading(first, options)
    headings = next((cells for number, cells in first if number == heading_row), [])
    widest = len(headings) if headings else max((len(cells) for _, cells in first), default=0)
    width = min(widest, _WIDEST)
    samples = [
        _Sample(index, headings[index].text.strip() if index < len(headings) else "", [], DayOrder())
        for index in range(width)
    ]
    rows = _learn(grid, heading_row, samples)
    has_platform = any(words.kind_of(sample.heading) == "platform" for sample in samples)
    columns = tuple(_column(sample, options, has_platform=has_platform) for sample in samples)
    return ColumnMap(
        heading_row=heading_row, columns=columns, rows=rows, sheet=grid.sheet, delimiter=grid.delimiter
    )


def looks_like_a_table(rows: Sequence[Sequence[str]]) -> bool:
    """Say whether rows split by a delimiter are a table and not prose that happens to hold it."""
    grid = [(number, [Cell(text) for text in row]) for number, row in enumerate(rows, 1)]
    if _find_heading(grid, Options()):
        return True
    return any(_value_kind(cell.text) for _, cells in grid[:5] for cell in cells)


def looks_like_a_list(lines: Sequence[str]) -> bool:
    """Say whether lines are a table of one column: a heading that is known, and under it only values of one kind."""
    filled = [line.strip().strip('"') for line in lines if line.strip()]
    if len(filled) < 2 or words.kind_of(filled[0]) not in kinds.KINDS or _value_kind(filled[0]):  # noqa: PLR2004
        return False
    found = {_value_kind(text) for text in filled[1:]}
    return len(found) == 1 and None not in found


def _until_fault(grid: Grid, limit: int) -> list[tuple[int, list[Cell]]]:
    found: list[tuple[int, list[Cell]]] = []
    with suppress(TooLong):  # said when the rows are read
        found.extend(islice(grid.rows(), limit))
    return found


def _learn(grid: Grid, heading_row: int, samples: list[_Sample]) -> int:
    """Fill the samples and return the number of rows below the heading."""
    rows = 0
    try:
        for number, cells in islice(grid.rows(), grid.learning_rows):
            if number > heading_row:
                rows += 1
                for sample, cell in zip(samples, cells, strict=False):
                    _add(sample, cell.text.strip())
    except TooLong:
        pass
    return rows


def _add(sample: _Sample, text: str) -> None:
    if is_empty(text):
        return
    if len(sample.values) < _SAMPLE:
        sample.values.append(text[:_LONGEST_TRIED])
    else:
        sample.others += 1
    if text[0].isdigit():
        sample.order.add(text)


def _find_heading(first: list[tuple[int, list[Cell]]], options: Options) -> int:
    """Return the number of the row that names the columns, 0 when none does."""
    del options
    best, best_score = 0, 0.0
    filled = [(number, [cell.text.strip() for cell in cells if cell.text.strip()]) for number, cells in first]
    if _is_a_form([texts for _, texts in filled if texts]):
        return 0
    width = max((len(texts) for _, texts in filled), default=0)
    for place, (number, texts) in enumerate(filled[:_HEADING_WITHIN]):
        score = _heading_score(texts, width)
        below = next((row for _, row in filled[place + 1 :] if row), [])
        if score > 0 and any(_value_kind(text) for text in below):
            score += 1
        if score > best_score:
            best, best_score = number, score
    return best


def _is_a_form(rows: list[list[str]]) -> bool:
    """Say whether the headings stand in the first column ("Email | kestrel@post.example"): no row names the columns."""
    fields = [texts[0] for texts in rows if len(texts) == _FIELD_AND_VALUE]
    known = sum(1 for field in fields if words.kind_of(field))
    values = sum(1 for texts in rows if len(texts) == _FIELD_AND_VALUE and _value_kind(texts[1]))
    return (
        len(fields) >= max(_FEWEST_FIELDS, len(rows) - 2)
        and known * 2 >= len(fields)
        and values > 0
        and len({*fields}) == len(fields)
        and not any(words.kind_of(texts[1]) for texts in rows if len(texts) == _FIELD_AND_VALUE)
    )


_FIELD_AND_VALUE, _FEWEST_FIELDS = 2, 3


def _heading_score(texts: list[str], width: int) -> float:
    if len(texts) < min(2, width) or any(_value_kind(text) or len(text) > 80 for text in texts):  # noqa: PLR2004
        return 0.0
    known = sum(1 for text in texts if words.kind_of(text) or words.role_of(text) != "unknown")
    numbers = sum(1 for text in texts if text.replace(".", "", 1).isdecimal())
    repeated = len({text.casefold() for text in texts}) < len(texts) * 0.7
    if numbers > len(texts) // 3 or (repeated and known < len(texts)):
        return 0.0
    return 2.0 * known + len(texts) / max(width, 1) - 1.0 if known else (len(texts) / max(width, 1)) - 0.99


def _column(sample: _Sample, options: Options, *, has_platform: bool) -> Column:
    read_as, sure = _kind(sample, options)
    if read_as == "user_id" and not has_platform and not words.platform_of(sample.heading):
        read_as = "fact"  # a number of which nobody says whose it is
    if read_as == "handle" and has_platform:
        read_as = "account"
    day_first = options.day_first if sample.order.day_first is None else sample.order.day_first
    has_dates = read_as in ("time", "birth_date")
    if has_dates and day_first is None and any(has_day_doubt(moment(text)) for text in sample.values):
        sure = False
    return Column(
        index=sample.index,
        heading=sample.heading,
        samples=tuple(shorten(text) for text in sample.values[:_SHOWN]),
        read_as=read_as,
        role=words.role_of(sample.heading) if _has_role(read_as, sample.heading) else "unknown",
        sure=sure,
        saw=_saw(sample, read_as, options),
        day_first=day_first if has_dates else None,
    )


def _has_role(read_as: str, heading: str) -> bool:
    """The date of a report is nobody's; an address, a name or a phone number is."""
    if read_as == "fact":
        return words.kind_of(heading) is not None
    return read_as not in (
        "time",
        "clock",
        "zone",
        "event",
        "platform",
        "port",
        "role",
        "text",
        "line_number",
    )


def _hold_words(values: list[str]) -> bool:
    return _share(values, lambda text: any(map(str.isalpha, text))) >= _SURE


def _kind(sample: _Sample, options: Options) -> tuple[str, bool]:
    named = words.kind_of(sample.heading)
    if named is None and words.is_only_a_role(sample.heading) and _hold_words(sample.tried):
        named = "name"
    if not sample.tried:
        return named or "fact", True
    if named == "role":
        fits = _share(sample.tried, lambda text: words.role_of_value(text) is not None)
        return ("role", True) if fits >= _SURE else ("fact", True)
    if named is None or named in _NOT_CHECKED:
        found = _from_values(sample, options)
        if named is None or (
            found and found[0] in ("email", "url", "hash") and named not in ("text", "platform")
        ):
            return found or _unnamed(sample)
        return named, True
    return _named(named, sample, options)


def _named(named: str, sample: _Sample, options: Options) -> tuple[str, bool]:
    plain = [text for text in sample.tried if not text.startswith("=")]  # a formula has no shape
    fits = _share(plain, lambda text: _fits(named, text)) if plain else 1.0
    if fits >= _SURE:
        return named, True
    if named == "time" and _share(plain, lambda text: _fits("clock", text)) >= _SURE:
        return "clock", True  # "Start time" beside "Start date"
    found = _from_values(sample, options)
    if found:
        return found[0], False
    if fits >= _LIKELY:
        return named, True  # the heading says it, most values agree, the others are reported one by one
    return ("fact", named not in _VALUES_DECIDE) if fits < 1 - _SURE else (named, False)


def _unnamed(sample: _Sample) -> tuple[str, bool]:
    long = sum(len(text) for text in sample.tried) > _LONG_TEXT * len(sample.tried)
    return ("text" if long else "fact"), True


def _from_values(sample: _Sample, options: Options) -> tuple[str, bool] | None:
    context = Context(country=options.country)
    for kind, sure in _BY_VALUE:
        if kind == "phone":
            if _share(sample.tried, lambda text: bool(_INTERNATIONAL.fullmatch(text))) >= _SURE:
                return "phone", True
            continue
        shape = _SHAPES[kind]
        if kind == "mac" and all(map(str.isdecimal, sample.tried)):
            continue  # twelve digits are a number
        if _share(sample.tried, lambda text, shape=shape: bool(shape.fullmatch(text))) >= _SURE:  # type: ignore[misc]
            valid = _share(sample.tried, lambda text, kind=kind: _is_valid(kind, text, context))  # type: ignore[misc]
            if valid >= _LIKELY:
                return kind, sure and valid >= _SURE
    if _share(sample.tried, lambda text: text[0].isdigit() and _is_time(text)) >= _SURE:
        return "time", True
    return None


def _is_time(text: str) -> bool:
    """A bare year or number is no time; a date needs its separators."""
    return bool(re.search(r"\d[-/.:]\d", text)) and not is_unread(moment(text))


def _fits(kind: str, text: str) -> bool:
    if kind in ("time", "birth_date"):
        return not is_unread(moment(text)) or bool(re.fullmatch(r"\d{8}|\d{4}", text))
    shape = _SHAPES.get(kind)
    if kind in DIGITS and _EXPONENT.fullmatch(text):
        return True  # a number that lost its digits on the way
    return shape is None or bool(shape.fullmatch(text.strip("'\" ")))


def _value_kind(text: str) -> str | None:
    """Return the kind of a text that can be no heading."""
    text = text.strip()
    if len(text) > _LONGEST_TRIED or text.isdecimal():
        return None
    for kind in ("email", "url", "hash", "mac", "ip"):
        if _SHAPES[kind].fullmatch(text):
            return kind
    if _INTERNATIONAL.fullmatch(text):
        return "phone"
    return "time" if text[:1].isdigit() and _is_time(text) else None


def _is_valid(kind: str, text: str, context: Context) -> bool:
    try:
        kinds.clean(kind, text, context)
    except (NotValid, Ambiguous):
        return False
    return True


def _share(values: list[str], holds: Callable[[str], bool]) -> float:
    return sum(map(holds, values)) / len(values) if values else 0.0


def _saw(sample: _Sample, read_as: str, options: Options) -> str:
    count = len(sample.values) + sample.others
    if not count:
        return "empty"
    if read_as not in kinds.KINDS or read_as in ("account", "group", "report_number"):
        return f"{count} filled"
    context = Context(country=options.country)
    valid = sum(_is_valid(read_as, text, context) for text in sample.tried)
    looked = f"of the first {len(sample.tried)}: " if count > len(sample.tried) else ""
    return f"{count} filled; {looked}{valid} valid, {len(sample.tried) - valid} not understood"
