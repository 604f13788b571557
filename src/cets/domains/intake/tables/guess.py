"""Guess what the columns of a table hold, from heading words and values, and say how sure that is."""

import re
from collections.abc import Callable
from contextlib import suppress
from itertools import islice, pairwise
from typing import Literal

import msgspec

from cets.domains.identifiers import kinds
from cets.domains.identifiers.kinds.base import Ambiguous, Context, NotValid, Role
from cets.domains.intake.reading import is_empty, shorten
from cets.domains.intake.rows import Column, ColumnMap
from cets.domains.intake.sources.base import Options
from cets.domains.intake.tables import vocabulary, words
from cets.domains.intake.tables.abbreviations import role_in_heading
from cets.domains.intake.tables.cells import Cell, Grid, TooLong
from cets.domains.intake.tables.closings import parted
from cets.domains.intake.tables.form_shapes import is_a_form
from cets.domains.intake.tables.forms import Form, form_of
from cets.domains.intake.tables.headings import HEADING_WITHIN, find_heading
from cets.domains.intake.tables.repeats import Headings
from cets.domains.intake.tables.role_columns import are_roles, by_turns, holds_roles
from cets.domains.intake.tables.shapes import (
    EXPONENT,
    INTERNATIONAL,
    LONGEST_TRIED,
    SHAPES,
    fits,
    has_small_parts,
    is_file_name,
    is_no_platform,
    is_time,
)
from cets.domains.intake.tables.spare_digits import are_spare, without_spare
from cets.domains.intake.tables.standing import Standing, roles_over
from cets.domains.intake.times import DayOrder, has_day_doubt, moment

_SAMPLE = 500
_TRIED = 60  # values per column on which kinds are tried
_SHOWN = 3
_SURE, _LIKELY = 0.8, 0.5
_WIDEST = 1_000
_LONG_TEXT = 40
#: Kinds that values alone tell, without a heading, in order of trial; a sure one needs no officer.
_BY_VALUE: tuple[tuple[str, bool], ...] = (
    ("email", True), ("url", True), ("onion", True), ("mac", True), ("hash", True), ("ip", True),
    ("phone", False),
)  # fmt: skip
#: Cells without any identifier, whatever the column is called.
_TELLS_NOTHING = re.compile(
    r"[\d.,+\-%]{1,4}|true|false|yes|no|ja|nein|oui|non|s[iíì]|unknown|none|\W*", re.IGNORECASE
)
#: Headings that many programs use for something else; the values must agree.
_VALUES_DECIDE = frozenset({
    "time", "ip", "email", "phone", "imei", "imsi", "mac", "hash", "url", "port", "age", "birth_date",
})  # fmt: skip
_NOT_CHECKED = frozenset({
    "name", "first_name", "middle_name", "last_name", "display_name", "platform", "group", "event", "text",
    "fact",
    "line_number", "zone",
})  # fmt: skip
#: Kinds whose shape fits nearly anything.
_LOOSE = frozenset({"handle", "user_id", "domain", "device"})
#: An address of the network under these is told to an officer.
_ASKED = frozenset({"handle", "device"})
_IMSI = re.compile(r"[2-7]\d{14}")
_NATIONAL, _SUBSCRIBER = re.compile(r"\(?0[\d ()/\-]{9,20}"), re.compile(r"[(+0-9][\d ()/\-]{9,20}")
_NOBODYS = frozenset({"time", "clock", "zone", "event", "platform", "port", "role", "text", "line_number"})
#: What a person has, or is called.
_OF_PERSONS = frozenset(kinds.KINDS) - {"hash", "report_number"} | {
    "name", "first_name", "middle_name", "last_name", "user_id", "birth_date", "age",
}  # fmt: skip
_SEVERAL = 2


class _Sample(msgspec.Struct):
    """What is known of one column before its kind is guessed."""

    index: int
    heading: str
    values: list[str]
    order: DayOrder
    title: str = ""  # its heading without that of its group, where that is known
    others: int = 0  # non-empty values beyond the sample
    victims: list[int] = msgspec.field(
        default_factory=list
    )  # which of the first values stand under a victim's title

    @property
    def tried(self) -> list[str]:
        return self.values[:_TRIED]


def guess_map(grid: Grid, options: Options) -> ColumnMap:
    """Return how the table would be read. Goes through the rows once; never raises for content."""
    first = list(_until_fault(grid, HEADING_WITHIN + 2))
    form = form_of(grid) if not grid.heading_row and is_a_form(first) else None
    if form:
        return _form_map(form, grid, options)
    heading_row = grid.heading_row or find_heading(first)
    headings = next((cells for number, cells in first if number == heading_row), [])
    widest = len(headings) if headings else max((len(cells) for _, cells in first), default=0)
    width = min(widest, _WIDEST)
    samples = [
        _Sample(index, headings[index].text.strip() if index < len(headings) else "", [], DayOrder())
        for index in range(width)
    ]
    for sample, title in zip(samples, grid.titles, strict=False):
        sample.title = title
    rows = _learn(grid, heading_row, samples)
    over = roles_over(
        [cells for number, cells in first if number < heading_row], [s.heading for s in samples]
    )
    return ColumnMap(
        heading_row=heading_row,
        columns=tuple(map(_under, _columns(samples, options), over)),
        rows=rows,
        sheet=grid.sheet,
        delimiter=grid.delimiter,
        shared=grid.is_of_several
        or len(set(over)) >= _SEVERAL
        or any(words.is_of_the_other_side(one.heading) for one in samples),
    )


def _under(column: Column, role: Role) -> Column:
    """Give a column whose heading names no role that of the row above the headings."""
    if column.role != "unknown" or not _has_role(column.read_as, column.heading):
        return column
    return msgspec.structs.replace(column, role=role)


def _form_map(form: Form, grid: Grid, options: Options) -> ColumnMap:
    samples = [_Sample(index, field.name, [], DayOrder()) for index, field in enumerate(form.fields)]
    victims = form.victims(grid.sheet)
    for sample, field in zip(samples, form.fields, strict=True):
        _add(sample, field.value.text.strip(), is_victims=sample.index in victims)
    return ColumnMap(
        heading_row=0,
        columns=_columns(samples, options),
        rows=1,
        sheet=grid.sheet,
        delimiter=grid.delimiter,
        form=True,
    )


def _columns(samples: list[_Sample], options: Options) -> tuple[Column, ...]:
    has_platform = any(
        words.kind_of(sample.heading) == "platform" and _kind(sample, options)[0] == "platform"
        for sample in samples
    )
    roles = [sample.index for sample in samples if holds_roles(sample.heading, sample.values, sample.tried)]
    roles = roles or [
        sample.index for sample in samples if are_roles(sample.heading, sample.values, sample.tried)
    ]
    columns = tuple(
        _column(sample, options, has_platform=has_platform, is_role=sample.index in roles)
        for sample in samples
    )
    return by_turns(_told_apart(columns), _OF_PERSONS)


def _told_apart(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Give "Subject email" its role where "Child email" stands beside it: such words name a role by what they are not."""
    of_persons = [
        c for c in columns if c.read_as in _OF_PERSONS and not (c.heading and words.is_only_a_role(c.heading))
    ]
    told = {
        c.index: role
        for c in of_persons
        if c.role == "unknown" and (role := words.contrasted_role(c.heading) or _short_role(c.heading))
    }
    roles = {*told.values(), *(c.role for c in columns)} - {"unknown"}
    if len(roles) < _SEVERAL:
        return columns
    # A "target" is a suspect beside a victim, and the other end of what has a source.
    is_exchange = any(words.has_direction(c.heading) for c in columns if c.index not in told)
    doubtful = {
        i for i in told if words.has_direction(columns[i].heading) and (is_exchange or "victim" not in roles)
    }
    return tuple(
        msgspec.structs.replace(c, role=told[c.index]) if c.index in told.keys() - doubtful else c
        for c in columns
    )


def _short_role(heading: str) -> Role | None:
    return next((role for word in words.tokens(heading)[:1] if (role := role_in_heading(word))), None)


def _until_fault(grid: Grid, limit: int) -> list[tuple[int, list[Cell]]]:
    found: list[tuple[int, list[Cell]]] = []
    with suppress(TooLong):  # said when the rows are read
        found.extend(islice(grid.rows(), limit))
    return found


def _learn(grid: Grid, heading_row: int, samples: list[_Sample]) -> int:
    """Fill the samples and return the number of rows below the heading."""
    rows, named = 0, [words.kind_of(sample.heading) for sample in samples]
    at = frozenset(index for index, kind in enumerate(named) if kind in kinds.KINDS)
    headings = Headings(tuple(sample.heading for sample in samples), at, heading_row)
    role_columns = [index for index, kind in enumerate(named) if kind == "role"]
    standing = Standing(grid.sheet, headings, role_columns=role_columns)
    try:
        rows_read = islice(grid.rows(), grid.learning_rows)
        for number, cells, closes in parted(rows_read, headings.texts, heading_row):
            if not closes and not standing.take(number, cells) and number > heading_row:
                rows += 1
                for sample, cell in zip(samples, cells, strict=False):
                    _add(sample, cell.text.strip(), is_victims=standing.role == "victim")
    except TooLong:
        pass
    return rows


def _add(sample: _Sample, text: str, *, is_victims: bool) -> None:
    if is_empty(text):
        return
    if is_victims and len(sample.values) < _SHOWN:
        sample.victims.append(len(sample.values))
    if len(sample.values) < _SAMPLE:
        sample.values.append(text[:LONGEST_TRIED])
    else:
        sample.others += 1
    if text[0].isdigit():
        sample.order.add(text)


def _column(sample: _Sample, options: Options, *, has_platform: bool, is_role: bool) -> Column:
    read_as, sure = ("role", True) if is_role else _kind(_in_its_group(sample), options)
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
        spare_digits=are_spare(read_as, sample.values),
        victims=tuple(sample.victims),
        kept_because=_kept_because(_in_its_group(sample)) if read_as == "fact" else "",
    )


def _in_its_group(sample: _Sample) -> _Sample:
    """Return a column by what it is called in its group, unless both together say what it holds ("Calling party number")."""
    if not sample.title or words.kind_of(sample.heading) not in (None, "line_number"):
        return sample
    return msgspec.structs.replace(sample, heading=sample.title)


def _kept_because(sample: _Sample) -> Literal["", "unknown", "disagrees"]:
    """Say why a column is only text, unless its heading or its cells tell that it holds no identifier."""
    named = words.kind_of(sample.heading)
    if not sample.tried or words.is_only_a_role(sample.heading) or _tells_nothing(sample):
        return ""
    if named is None or (named == "role" and not words.heads_roles(sample.heading)):
        return "unknown"
    return "disagrees" if named in {*kinds.KINDS, "time", "birth_date", "role", "port"} else ""


def _has_role(read_as: str, heading: str) -> bool:
    """The date of a report is nobody's; an address, a name or a phone number is."""
    if read_as == "fact":
        return words.kind_of(heading) is not None or words.is_only_a_role(heading)
    return read_as not in _NOBODYS


def _hold_words(values: list[str]) -> bool:
    return _share(values, lambda text: any(map(str.isalpha, text))) >= _SURE


def _kind(sample: _Sample, options: Options) -> tuple[str, bool]:
    named = words.kind_of(sample.heading)
    if named is None and words.is_only_a_role(sample.heading) and _hold_words(sample.tried):
        named = "name"
    if not sample.tried or "".join(words.tokens(sample.heading)) in vocabulary.OF_THE_NETWORK:
        return named or "fact", True
    if named == "name" and words.platform_of(sample.heading) and _are_handles(sample):
        named = "account"  # "Snapchat name"
    if named == "role" and words.heads_roles(sample.heading):
        found = _from_values(sample, options)
        return (found[0] if found else "fact"), _tells_nothing(sample)  # an officer is asked whose it is
    if named == "role":
        named = None
    if words.numbers_messages(sample.heading):
        return "line_number", True
    if named is None:
        return _from_values(sample, options) or _contained(sample, options) or _unnamed(sample)
    return _at_odds(named, sample, options) or (
        (named, True) if named in _NOT_CHECKED else _named(named, sample, options)
    )


def _at_odds(named: str, sample: _Sample, options: Options) -> tuple[str, bool] | None:
    """Return what a column plainly holds that its heading does not say, where no value could disagree with it."""
    if named not in _NOT_CHECKED | _LOOSE:
        return None
    found = _from_values(sample, options)
    if found and _overrides(named, found[0], sample):
        return found[0], found[1] and named not in _ASKED
    return _dialled(named, sample, options)


def _overrides(named: str, found: str, sample: _Sample) -> bool:
    """Say whether a column plainly holds something else than its heading says: addresses under "Size" or "Network"."""
    if found == "phone" and words.numbers_orders(sample.heading):
        return False
    if named in _LOOSE:
        return found in ("ip", "onion") or (named == "user_id" and found in ("email", "url"))
    if named == "text" or found == "time":
        return False
    if named == "platform":
        return found != "hash" and _share(sample.tried, is_no_platform) >= _SURE
    if found == "ip":
        return not all(map(has_small_parts, sample.tried))  # 1.2.3.4 is the number of a section
    return found != "mac" or not any(map(str.isalnum, sample.tried))


def _dialled(named: str, sample: _Sample, options: Options) -> tuple[str, bool] | None:
    """Telephone numbers and IMSIs in a column of ids: an officer is asked, for a number may be anybody's id."""
    of_subscribers = "subscriberid" in "".join(words.tokens(sample.heading))
    if named != "line_number" and not of_subscribers:
        return None
    context = Context(country=options.country)
    may_lack_a_plus = of_subscribers or _is_a_bare_number(sample)
    for kind, shape in (("imsi", _IMSI), ("phone", _SUBSCRIBER if may_lack_a_plus else _NATIONAL)):
        fitting = [text for text in sample.tried if shape.fullmatch(text) and _is_valid(kind, text, context)]
        if len(fitting) >= _SURE * len(sample.tried):
            return kind, of_subscribers and kind == "imsi"
    return None


def _is_a_bare_number(sample: _Sample) -> bool:
    """Say whether a heading is just "Number" or whose ("Target number"), and the cells do not count the rows."""
    said = vocabulary.NUMBERS_OF_ROWS.isdisjoint(words.tokens(sample.heading))
    counts = [int(text) for text in sample.tried if text.isdecimal()]
    return said and not any(abs(after - before) == 1 for before, after in pairwise(counts))


def _tells_nothing(sample: _Sample) -> bool:
    return all(map(_TELLS_NOTHING.fullmatch, sample.tried))


def _are_handles(sample: _Sample) -> bool:
    return _share(sample.tried, lambda text: fits("handle", text)) >= _SURE


def _named(named: str, sample: _Sample, options: Options) -> tuple[str, bool]:
    plain = [text for text in sample.tried if not text.startswith("=")]  # a formula has no shape
    fitting = _share(plain, lambda text: fits(named, text)) if plain else 1.0
    if fitting >= _SURE:
        return named, True
    if named == "time" and _share(plain, lambda text: fits("clock", text)) >= _SURE:
        return "clock", True  # "Start time" beside "Start date"
    found = _from_values(sample, options)
    if found:
        return found[0], (named, found[0]) in (("port", "ip"), ("clock", "time")) and _names_both(
            named, sample.heading
        )
    if fitting >= _LIKELY:
        return named, True  # the heading says it, most values agree, the others are reported one by one
    return ("fact", named not in _VALUES_DECIDE) if fitting < 1 - _SURE else (named, False)


def _names_both(named: str, heading: str) -> bool:
    """Say whether a heading is of addresses with their ports ("IP:Port"), or of hours that may well have a date."""
    return named == "clock" or any("ip" in (word, word[:2], word[-2:]) for word in words.tokens(heading))


def _contained(sample: _Sample, options: Options) -> tuple[str, bool] | None:
    """A heading that speaks of a kind beside words that are not known: taken at its word as far as the values agree."""
    kind = words.within(sample.heading)
    if kind is None or _share(sample.tried, lambda text: fits(kind, text)) < _SURE:
        return None
    if kind in ("handle", "account"):
        return kind, True
    context = Context(country=options.country)
    exact = [text for text in sample.tried if not EXPONENT.fullmatch(text)]
    valid = _share(exact or sample.tried, lambda text: _is_valid(kind, text, context))
    return (kind, valid >= _SURE) if valid >= _LIKELY or kind == "phone" else None


def _unnamed(sample: _Sample) -> tuple[str, bool]:
    long = sum(len(text) for text in sample.tried) > _LONG_TEXT * len(sample.tried)
    return ("text" if long else "fact"), True


def _from_values(sample: _Sample, options: Options) -> tuple[str, bool] | None:
    context = Context(country=options.country)
    for kind, sure in _BY_VALUE:
        if kind == "phone":
            if _share(sample.tried, lambda text: bool(INTERNATIONAL.fullmatch(text))) >= _SURE:
                return "phone", True
            continue
        shape = SHAPES[kind]
        if kind == "ip" and words.is_of_versions(sample.heading):
            continue
        if kind == "email" and _share(sample.tried, is_file_name) > 1 - _SURE:
            continue  # "kid@kid.example.jpg"
        if kind == "mac" and all(map(str.isdecimal, sample.tried)):
            continue  # twelve digits are a number
        if _share(sample.tried, lambda text, shape=shape: bool(shape.fullmatch(text))) >= _SURE:  # type: ignore[misc]
            valid = _share(sample.tried, lambda text, kind=kind: _is_valid(kind, text, context))  # type: ignore[misc]
            if valid >= _LIKELY:
                return kind, sure and valid >= _SURE
    if _share(sample.tried, lambda text: text[0].isdigit() and is_time(text)) >= _SURE:
        return "time", True
    return None


def _is_valid(kind: str, text: str, context: Context) -> bool:
    try:
        kinds.clean(kind, text, context)
    except NotValid:
        return False
    except Ambiguous as doubt:
        return bool(doubt.readings)
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
    read = map(without_spare, sample.tried) if are_spare(read_as, sample.values) else sample.tried
    valid = sum(_is_valid(read_as, text, context) for text in read)
    looked = f"of the first {len(sample.tried)}: " if count > len(sample.tried) else ""
    return f"{count} filled; {looked}{valid} valid, {len(sample.tried) - valid} not understood"
