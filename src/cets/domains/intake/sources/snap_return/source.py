"""Files of a return of Snap: tables one after the other in one file, each under a legend and a line of equals signs."""

import csv
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO

import msgspec

from cets.domains.intake.reading import Reader, is_empty, split_port
from cets.domains.intake.rows import AnyRow, Failed, Message, Sighting, Summary
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sources.text import decoding
from cets.domains.intake.speakers import Known, Speakers
from cets.domains.intake.tables import Cell, Grid, TooLong, read_grid

PLATFORM = "Snapchat"
_RULE = re.compile(r'"?={5,}"?,*\s*')
_HEADINGS = re.compile(r"[a-z0-9_ ]{2,40}")
_TELLING = frozenset({
    "user_id", "creation_ip", "sender_username", "recipient_username", "sender_user_id", "snap_privacy", "bitmoji_gender", "media_id",
    "is_one_on_one", "phone_status", "email_status", "display_name", "old_value", "new_value", "last_active", "ip", "user_agent",
    "latitude", "advertising_id", "content_type", "conversation_id", "username", "latitude_accuracy", "longitude_accuracy",
    "group_member_usernames", "group_member_user_ids", "friend_username", "friend_user_id", "target_username", "target_user_id",
})  # fmt: skip
_ENOUGH = 2
_LONGEST_LINE = 4 << 20
_LONGEST_LEGEND = 500  # lines
_TEXTS, _TIMES = ("text", "message", "content"), ("timestamp", "created", "date", "time")
_SENDERS, _RECIPIENTS = ("sender_username", "from", "sender"), ("recipient_username", "to", "recipient")
_THREADS = ("conversation_id", "conversation_title")


class SnapReturn(Source):
    name = "snap_return"
    caption = "Return of Snap"
    version = "4"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        text = decoding.decode_head(head)
        lines = (text or "").lstrip("\ufeff").splitlines()
        for at, line in enumerate(lines):
            if _RULE.fullmatch(line):
                headings = next((below for below in islice(lines, at + 1, None) if below.strip()), "")
                if len(_TELLING.intersection(_cells(headings))) >= _ENOUGH:
                    return 0.93
        return 0.0

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        csv.field_size_limit(_LONGEST_LINE)
        encoding = decoding.detect(file)
        sections = list(_sections(file, encoding))
        yield Summary(title="Return of Snap", platform=PLATFORM, reporting_body="Snap")
        yield from decoding.remarks(encoding)
        reading = _Reading(options)
        for number, section in enumerate(sections, 1):
            grid = _Section(
                file, encoding, section, f"{section.name} ({number})" if len(sections) > 1 else section.name
            )
            yield from reading.section(grid, section)


class _Part(msgspec.Struct):
    """Where a table lies: the lines of its legend, that of its headings and the one after its last row."""

    legend: list[str]
    headings: list[str]
    at: int
    end: int = 0
    first: list[str] = []  # the cells of the first row

    def heading(self, written: str) -> str:
        """Return a heading with the platform whose accounts stand under it.

        In the table of the account "id" is its user name, or its number where the user name has a column of its own.
        """
        name = written.strip().casefold()
        if name in _ACCOUNTS:
            return f"{PLATFORM} {written}"
        if name == "id" and not _OF_THE_ACCOUNT.isdisjoint(self.headings):
            value = dict(zip(self.headings, self.first, strict=False)).get("id", "")
            is_name = "username" not in self.headings and _USER_NAME.fullmatch(value)
            return f"{PLATFORM} username ({written})" if is_name else f"{PLATFORM} {written}"
        return written

    @property
    def name(self) -> str:
        return "conversations" if self.is_chat else self.headings[0] if self.headings else "table"

    @property
    def is_chat(self) -> bool:
        return any(name in self.headings for name in _SENDERS) and any(
            name in self.headings for name in _TEXTS
        )


def _sections(file: BinaryIO, encoding: decoding.Encoding) -> Iterator[_Part]:
    """Yield the tables. What stands between the last row of one and the next line of signs is the next one's legend."""
    since: list[str] = []  # the lines since the last headings, or since the start
    part: _Part | None = None
    is_next = False
    number = 0
    for number, line in _lines(file, encoding):
        if _RULE.fullmatch(line):
            legend = _legend_in(since, is_first=part is None)
            if part:
                part.end = number - len(legend)
                yield part
            part, is_next, since = None, True, legend
        elif is_next and line.strip():
            part, is_next, since = _Part(since, _cells(line), number), False, []
        else:
            if part and not part.first:
                part.first = _cells(line)
            since.append(line)
            del since[:-_LONGEST_LEGEND]
    if part:
        part.end = number + 1
        yield part


def _legend_in(lines: list[str], *, is_first: bool) -> list[str]:
    """Return the lines at the end that are a legend: from where a quotation mark opens, or those of one cell."""
    if is_first:
        return lines
    opened = [at for at, line in enumerate(lines) if line.startswith('"') and line.count('"') % 2]
    if opened:
        return lines[opened[-1] :]
    at = len(lines)
    while at and len(_cells(lines[at - 1])) <= 1:
        at -= 1
    return lines[at:]


def _lines(file: BinaryIO, encoding: decoding.Encoding) -> Iterator[tuple[int, str]]:
    number = 0
    with decoding.reader(file, encoding) as text:
        while line := text.readline(_LONGEST_LINE):
            number += 1
            yield number, line.lstrip("\ufeff").rstrip("\r\n") if number == 1 else line.rstrip("\r\n")


def _cells(line: str) -> list[str]:
    return [cell.strip().casefold() for cell in next(csv.reader([line], skipinitialspace=True), [])]


class _Section(Grid):
    """One table of the file; its rows are numbered by the lines of the file."""

    delimiter = ","

    def __init__(self, file: BinaryIO, encoding: decoding.Encoding, part: _Part, name: str) -> None:
        self._file, self._encoding, self._part = file, encoding, part
        self.sheet, self.alone = name, False

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        wanted = (
            line.replace("\x00", " ")
            for number, line in _lines(self._file, self._encoding)
            if self._is_of(number)
        )
        reader = csv.reader((f"{line}\n" for line in wanted), skipinitialspace=True)
        try:
            for cells in reader:
                # A legend belongs to the next table: it stands in one cell.
                if len([cell for cell in cells if cell.strip()]) > 1 or len(self._part.headings) == 1:
                    number = self._part.at + reader.line_num - 1
                    yield (
                        number,
                        [
                            Cell(self._part.heading(cell) if number == self._part.at else cell)
                            for cell in cells
                        ],
                    )
        except csv.Error as fault:
            raise TooLong(
                f"Stopped at line {self._part.at + reader.line_num}: it is longer than is read."
            ) from fault

    def _is_of(self, number: int) -> bool:
        return self._part.at <= number < self._part.end


class _Reading:
    def __init__(self, options: Options) -> None:
        self._options = options
        self._reader = Reader(options, platform=PLATFORM)
        self._people = Speakers(self._reader)
        self._messages = 0
        self._keys: dict[str, str] = {}  # by the number beside which they stood

    def section(self, grid: _Section, part: _Part) -> Iterator[AnyRow]:
        legend = "\n".join(line.strip('", ') for line in part.legend if line.strip('", '))
        if legend:
            yield from self._reader.free_text(legend, place=f"above row {part.at}", label="Legend")
        if part.is_chat:
            yield from self._chat(grid, part)
            return
        own = tuple(one for one in self._options.column_maps if one.sheet == grid.sheet)
        yield from read_grid(grid, msgspec.structs.replace(self._options, column_maps=own))

    def _chat(self, grid: _Section, part: _Part) -> Iterator[AnyRow]:
        rows = grid.rows()
        next(rows, None)
        try:
            for number, cells in rows:
                if self._messages >= self._options.max_rows:
                    yield Failed(reason=f"Stopped at the limit of {self._options.max_rows} messages.")
                    return
                texts = {
                    name: cell.text.strip()
                    for name, cell in zip(part.headings, cells, strict=False)
                    if not is_empty(cell.text)
                }
                yield from self._message(texts, f"row {number}")
        except TooLong as fault:
            yield Failed(reason=str(fault))

    def _message(self, cells: dict[str, str], place: str) -> Iterator[AnyRow]:
        sender, recipient = _taken(cells, _SENDERS), _taken(cells, _RECIPIENTS)
        text, written = _taken(cells, _TEXTS), _taken(cells, _TIMES)
        thread = _taken(cells, _THREADS) or None
        when = self._reader.time(written) if written else None
        self._messages += 1
        number = self._messages
        keys: list[list[str]] = []
        met: list[AnyRow] = []
        for names, ids in (
            (sender, cells.pop("sender_user_id", "")),
            (recipient, cells.pop("recipient_user_id", "")),
            (cells.get("group_member_usernames", ""), cells.get("group_member_user_ids", "")),
        ):
            called = _called(names, ids)
            keys.append([self._key(name, account) for name, account in called])
            for key, (name, account) in zip(keys[-1], called, strict=True):
                met += self._met(key, name, account, place, seen_at=when, message=number)
        senders, recipients, _ = keys
        yield from (row for row in met if not isinstance(row, Sighting))
        yield Message(
            number=number, text=text, place=place, thread=thread, sender=sender or next(iter(senders), None), sent_at=when,
            headers=tuple((name, value) for name, value in cells.items() if name != "media_id"),
            sender_person=next(iter(senders), None), recipients=tuple(_listed(recipient) or recipients),
            attachments=tuple(_listed(cells.pop("media_id", ""))),
        )  # fmt: skip
        yield from (row for row in met if isinstance(row, Sighting))
        if when:
            yield from self._reader.time_doubts(when, place=place)
        yield from self._reader.mentioned(text, place=place, message=number, seen_at=when, platform=PLATFORM)
        yield from self._beside(cells, place, next(iter(senders), None), seen_at=when, message=number)

    def _key(self, name: str, account: str) -> str:
        """Return the key of who is called so; by his number alone he is whoever it stood beside before."""
        if name and account:
            self._keys.setdefault(account, name.casefold())
        return name.casefold() or self._keys.get(account, account)

    def _met(self, key: str, name: str, account: str, place: str, **seen: Any) -> Iterator[AnyRow]:
        known = [Known("account", name, place)] if name else []
        known += [Known("account", f"id:{account}", place, as_written=account)] if account else []
        yield from self._people.meet(key, place, known=known, **seen)

    def _beside(self, cells: dict[str, str], place: str, sender: str | None, **seen: Any) -> Iterator[AnyRow]:
        """Yield what stands in the further columns of a message: the address it was sent from, and what words mention."""
        for name, text in cells.items():
            at = f"{place}, column {name}"
            if name in _ADDRESSES:
                address, port = split_port(text, next((cells[one] for one in _PORTS if one in cells), None))
                yield from self._reader.declared(
                    "ip", address, place=at, as_written=text, port=port, person=sender, **seen
                )
            elif name not in _OF_PEOPLE:
                yield from self._reader.beside(text, place=at, platform=PLATFORM, **seen)


def _taken(cells: dict[str, str], names: tuple[str, ...]) -> str:
    return next((cells.pop(name) for name in names if name in cells), "")


def _called(names: str, ids: str) -> list[tuple[str, str]]:
    """Return user name and number of each who is named. Of several nobody says that both stand in one order."""
    called, accounts = _listed(names), _listed(ids)
    if len(called) == len(accounts) == 1:
        return [(called[0], accounts[0])]
    return [*((name, "") for name in called), *(("", account) for account in accounts)]


def _listed(text: str) -> list[str]:
    """Return the parts of a cell; no user name, number or file of Snap's holds the signs between them."""
    return list(filter(None, (part.strip() for part in _BETWEEN.split(text))))


_OF_PEOPLE = frozenset({"group_member_usernames", "group_member_user_ids"})
#: Where a message was sent from, which is its sender's.
_ADDRESSES = frozenset({"upload_ip", "sender_ip", "ip", "ip_address"})
_PORTS = ("source_port_number", "source_port", "port")
_BETWEEN = re.compile(r"[;,]")
_ACCOUNTS = frozenset(
    {"username", "user_id", "friend_username", "friend_user_id", "target_username", "target_user_id"}
)
#: What only the table of the account itself has beside its number.
_OF_THE_ACCOUNT = frozenset({"creation_ip", "email_status", "phone_status", "bitmoji_gender"})
_USER_NAME = re.compile(r"[a-z](?!.*-.*-)[a-z0-9._\-]{1,30}")
