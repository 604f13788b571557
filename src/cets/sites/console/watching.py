"""`cets watch`: takes in what is dropped into a folder once it is at rest, and puts it away with its receipt."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event
from typing import Any

from django.db import close_old_connections

from cets.kernel import clock
from cets.kernel.errors import CetsError
from cets.sites.console import dropped
from cets.sites.console.dropped import Item, Where
from cets.sites.console.ingesting import BATCH_FILES, NotKept, Session, ingest, line_of
from cets.sites.console.ingesting_together import ingest_folder
from cets.sites.console.walking import OUR_OWN, is_our_own

#: What could not be kept, though nothing is wrong with it, is tried again after this time.
AGAIN_AFTER = 60.0
_NO_FILE = "It is neither a file nor a folder: links are not followed, and nothing else can be taken in."

Record = dict[str, Any]


class NotToWatch(CetsError):
    """This folder cannot be watched."""


@dataclass
class Watch:
    """One folder that is looked after. `rest`: so many seconds must nothing change before a thing is complete."""

    folder: Path
    session: Callable[[], Session]  # made anew for each round, so that what changed in the rights counts
    rest: float
    stop: Event = field(default_factory=Event)
    now: Callable[[], float] = time.monotonic
    _since: dict[Path, tuple[str, float]] = field(default_factory=dict)
    _not_before: dict[Path, float] = field(default_factory=dict)
    _left: dict[Path, str] = field(default_factory=dict)  # taken in, and could not be moved

    def run(self, *, once: bool) -> Iterator[Record]:
        """Yield a record for each thing that was put away, until told to stop; with `once` until nothing is left.

        Told to stop, what is in hand is finished: a file, or of a folder the files that go together; such a folder stays
        where it is, and the next run goes on with it. Raises NotToWatch, Busy.
        """
        if is_our_own(str(self.folder)):
            raise NotToWatch(OUR_OWN)
        with dropped.looked_after(self.folder):
            for one, to in dropped.finish(self.folder):
                if to is None:
                    self._left[one.path] = one.mark
                yield self._record(one, to.parent.parent.name if to else "stays", to, [])
            while not self.stop.is_set():
                began = self.now()
                found = dropped.items(self.folder)
                took = self.now() - began
                yield from self._round(found)
                if once and all(map(self._is_left, dropped.items(self.folder))):
                    return
                self.stop.wait(max(min(self.rest / 2, 1.0), 4 * took, 0.05))

    def _is_left(self, one: Item) -> bool:
        return one.path in self._not_before or self._left.get(one.path) == one.mark

    @property
    def waiting(self) -> list[Path]:
        """What could not be kept, and lies where it was dropped."""
        return sorted(self._not_before)

    def _round(self, found: list[Item]) -> Iterator[Record]:
        ready = self._at_rest(found)
        files = [one for one in ready if one.kind == "file"]
        for start in range(0, len(files), BATCH_FILES):
            if not self.stop.is_set():
                yield from self._files(files[start : start + BATCH_FILES])
        for one in ready:
            if one.kind != "file" and not self.stop.is_set():
                yield from self._other(one)

    def _at_rest(self, found: list[Item]) -> list[Item]:
        now, before = self.now(), self._since
        self._since = {one.path: (one.mark, now) for one in found}
        for path, (mark, since) in before.items():
            if self._since.get(path, ("", 0.0))[0] == mark:
                self._since[path] = (mark, since)
        self._not_before = {path: at for path, at in self._not_before.items() if path in self._since}
        return [
            one
            for one in found
            if now - self._since[one.path][1] >= self.rest
            and now >= self._not_before.get(one.path, now)
            and self._left.get(one.path) != one.mark
        ]

    def _files(self, files: list[Item]) -> Iterator[Record]:
        close_old_connections()
        told: dict[str, list[Record]] = {str(one.path): [] for one in files}
        for line in ingest(replace(self.session(), stop=Event()), list(told)):
            told[_outer(str(line["file"]), told)].append(line)
        for one in files:
            yield from self._put_away(one, told[str(one.path)])

    def _other(self, one: Item) -> Iterator[Record]:
        if one.kind == "other":
            yield from self._put_away(one, [line_of(str(one.path), error=_NO_FILE)])
            return
        close_old_connections()
        lines = []
        for line in ingest_folder(replace(self.session(), stop=Event()), str(one.path)):
            lines.append(line)
            if self.stop.is_set():
                return  # given again, it goes on
        yield from self._put_away(one, lines)

    def _put_away(self, one: Item, lines: list[Record]) -> Iterator[Record]:
        """Put a thing away unless it was not kept, or is no longer what was taken in."""
        if any(isinstance(line["error"], NotKept) for line in lines):
            self._not_before[one.path] = self.now() + AGAIN_AFTER
            yield self._record(one, "waits", None, lines)
            return
        self._not_before.pop(one.path, None)
        found = dropped.item(one.path)
        if found is None or found.mark != one.mark:
            self._since.pop(one.path, None)
            yield self._record(one, "changed" if found else "gone", None, lines)
            return
        where: Where = "done" if any(line["report"] for line in lines) else "refused"
        receipt = {"state": where, "at": clock.now().isoformat(), "files": lines}
        try:
            yield self._record(one, where, dropped.put_away(one, where, receipt), lines)
        except dropped.NotMoved:
            self._left[one.path] = one.mark
            yield self._record(one, "stays", None, lines)

    @staticmethod
    def _record(one: Item, state: str, to: Path | None, lines: list[Record]) -> Record:
        return {"item": one.path.name, "state": state, "to": str(to) if to else None, "files": lines}


def _outer(name: str, files: Iterable[str]) -> str:
    """Return the file that a line is of; a member's name begins with it."""
    return next(one for one in files if name == one or name.startswith(f"{one}!/"))


def words_of(record: Record) -> str:
    """Say for people what became of a thing."""
    name, lines = record["item"], record["files"]
    if record["state"] in {"done", "refused"}:
        reports = ", ".join(dict.fromkeys(str(line["report"]) for line in lines if line["report"]))
        why = next((line["error"] or (line["not_understood"] or [""])[0] for line in lines), "")
        said = reports or why if lines else "its receipt was there already"
        return f"{record['state']:<8} {name}: {said}"
    return {
        "stays": f"stays    {name}: taken in, but it could not be moved; its receipt lies where it should be",
        "waits": f"waits    {name}: it could not be kept now and is tried again in {AGAIN_AFTER:.0f} seconds",
        "changed": f"changed  {name}: somebody went on writing while it was taken in; it is taken in again once it is at rest",
        "gone": f"gone     {name}: taken in, and taken away by somebody meanwhile",
    }[record["state"]]
