"""Logs of a return of Kik: lines of a count of milliseconds, the user and what the log is of, parted by tabs and without headings."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO

from cets.domains.intake.reading import Reader, is_empty, split_port
from cets.domains.intake.rows import AnyRow, Failed, NotUnderstood, Summary
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sources.text import decoding
from cets.domains.intake.speakers import Known, Speakers
from cets.domains.intake.times import is_unread
from cets.domains.intake.traces import Full, Traces, fact
from cets.kernel.moments import Moment

PLATFORM = "Kik"
_FEWEST, _MOST = 4, 10  # cells of a line
_TRIED = 40
_ENOUGH = 0.9
_LONGEST_LINE = 1 << 20
_COUNT = re.compile(r"1[0-9]{12}")
_USER = re.compile(r"[A-Za-z0-9._]{2,30}(?:_[a-z0-9]{3})?")
_GROUP = re.compile(r"\d{10,20}_g")
_IP = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}|(?=[0-9A-Fa-f:]*:)[0-9A-Fa-f:]{3,39}")
_PORT = re.compile(r"\d{1,5}")
_TIME = re.compile(r"\d{4}[/-]\d{2}[/-]\d{2}[ T]\d{2}:\d{2}.*")
_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class KikReturn(Source):
    name = "kik_return"
    caption = "Return of Kik (log)"
    version = "2"

    def recognises(self, head: bytes, size: int) -> float:
        text = decoding.decode_head(head)
        lines = [line for line in (text or "").lstrip("\ufeff").splitlines() if line.strip()]
        if size > len(head) and len(lines) > 1:
            lines = lines[:-1]
        tried = lines[:_TRIED]
        fitting = sum(1 for line in tried if _is_of_a_log(line.split("\t")))
        return 0.9 if tried and fitting >= len(tried) * _ENOUGH else 0.0

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        encoding = decoding.detect(file)
        yield Summary(title="Return of Kik", platform=PLATFORM, reporting_body=PLATFORM)
        yield from decoding.remarks(encoding)
        yield NotUnderstood(
            text="The log has no headings: its cells were told apart by what they look like. The count at the start of a line was"
            " kept as it stands; the time written out in the line is the one that was read.",
            place="whole file",
        )
        log = _Log(options)
        with decoding.reader(file, encoding) as text:
            for number, line in enumerate(iter(lambda: text.readline(_LONGEST_LINE), ""), 1):
                try:
                    yield from log.line(line.lstrip("\ufeff").rstrip("\r\n"), f"line {number}")
                except Full:
                    yield Failed(reason=f"Stopped at the limit of {options.max_rows} lines.")
                    break
        yield from log.end()


def _is_of_a_log(cells: list[str]) -> bool:
    """Say whether a line has the count, the user, and a time written out or an address."""
    if not _FEWEST <= len(cells) <= _MOST or not _COUNT.fullmatch(cells[0]) or not _USER.fullmatch(cells[1]):
        return False
    return any(_TIME.fullmatch(cell.strip()) for cell in cells[2:])


def _may_be_a_user(at: int, cells: list[str]) -> bool:
    """Say whether the place of a cell is a user's: behind a user stands whom he wrote to; behind a group, who got it.

    Behind another user the logs of platform messages have the program that sent, whose name has the form of a user's.
    """
    return not cells[at].isdecimal() and (at == 2 or (at == 3 and bool(_GROUP.fullmatch(cells[2]))))  # noqa: PLR2004 - cells


class _Log:
    def __init__(self, options: Options) -> None:
        self._reader = Reader(options, platform=PLATFORM)
        self._traces = Traces(self._reader)
        self._people = Speakers(self._reader)
        self._odd: Counter[str] = Counter()

    def line(self, line: str, place: str) -> Iterator[AnyRow]:
        cells = [cell.strip() for cell in line.split("\t")]
        if not line.strip():
            return
        if not _is_of_a_log(cells):
            self._odd[place] += 1
            yield from self._reader.free_text(line, place=place)
            return
        when = self._when(cells)
        users, addresses, facts = self._told_apart(cells)
        yield from self._met(users[:1], place, when)
        person = users[0].casefold()
        words = tuple(pair for label, text in facts for pair in fact(label, text))
        yield from self._traces.add(
            "event",
            place=place,
            at=when,
            person=person,
            counterparts=tuple(users[1:]),
            facts=(*fact("count", cells[0]), *words),
        )
        seen: dict[str, Any] = {"seen_at": when, "trace": self._traces.number}
        for user in users[1:]:
            kind = "group" if _GROUP.fullmatch(user) else "account"
            yield from self._reader.declared(kind, user, place=place, platform=PLATFORM, **seen)
        for address, port in addresses:
            # Beside another user nobody says whose address it is.
            whose = person if len(users) == 1 else None
            yield from self._reader.declared("ip", address, place=place, person=whose, port=port, **seen)

    def end(self) -> Iterator[AnyRow]:
        if self._odd:
            shown = ", ".join(islice(self._odd, 10))
            yield NotUnderstood(
                text=f"Lines that are not like the others ({self._odd.total()}) were kept as text: {shown}.",
                place="whole file",
            )

    def _met(self, users: list[str], place: str, when: Moment | None) -> Iterator[AnyRow]:
        for user in users:
            known = [Known("account", user, place)]
            yield from self._people.meet(user.casefold(), place, known=known, seen_at=when)

    def _when(self, cells: list[str]) -> Moment | None:
        """Return the time that is written out; the count before it is of something that nobody states."""
        for cell in cells[2:]:
            if _TIME.fullmatch(cell):
                moment = self._reader.time(cell)
                if not is_unread(moment):
                    return moment
        return None

    @staticmethod
    def _told_apart(
        cells: list[str],
    ) -> tuple[list[str], list[tuple[str, int | None]], list[tuple[str, str]]]:
        """Return the users of a line, its addresses with ports, and the rest."""
        users, addresses, rest = [cells[1]], list[tuple[str, int | None]](), list[tuple[str, str]]()
        skip = False
        for at, cell in enumerate(cells[2:], 2):
            if skip:
                skip = False
            elif _IP.fullmatch(cell):
                following = cells[at + 1] if at + 1 < len(cells) else ""
                skip = bool(_PORT.fullmatch(following))
                addresses.append(split_port(cell, following if skip else None))
            elif _TIME.fullmatch(cell) or is_empty(cell):
                continue
            elif _may_be_a_user(at, cells) and (_GROUP.fullmatch(cell) or _USER.fullmatch(cell)):
                users.append(cell)
            else:
                rest.append(("content" if _GUID.fullmatch(cell) else f"cell {at + 1}", cell))
        return users, addresses, rest
