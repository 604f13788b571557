"""What providers hand over on legal process as web pages: Meta's records and preservations, Google's subscriber information."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from cets.domains.intake.reading import Reader, is_unread, shorten, split_port
from cets.domains.intake.rows import (
    AnyRow,
    Failed,
    FreeText,
    Message,
    NotUnderstood,
    Person,
    Sighting,
    Summary,
)
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sources.provider_return import vocabulary as words
from cets.domains.intake.sources.provider_return.fields import Field, fields
from cets.domains.intake.sources.text import decoding
from cets.domains.intake.speakers import Known, Speakers
from cets.kernel.moments import Moment

_HOLDER = "account holder"
#: Kinds of which a time beside them says when they were seen; a mail address is somebody's at all times.
_SEEN = frozenset({"ip", "device", "user_id", "report_number"})
_UNKNOWN = 40  # labels that are named one by one
_MOST_OF_A_RECORD = 500


class ProviderReturn(Source):
    name = "provider_return"
    caption = "Return of a provider (web page)"
    version = "3"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        text = decoding.decode_head(head)
        if text is None or not text.lstrip("\ufeff \t\r\n").startswith("<"):
            return 0.0
        return 0.92 if any(mark.search(text) for mark, _ in words.MARKS) else 0.0

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        head = decoding.decode_head(file.read(65_536)) or ""
        file.seek(0)
        encoding = decoding.detect(file)
        yield from decoding.remarks(encoding)
        platform = next((named for mark, named in words.MARKS if named and mark.search(head)), None)
        reading = _Reading(options, platform)
        with decoding.reader(file, encoding) as text:
            for number, record in enumerate(_records(fields(text))):
                if number >= options.max_rows:
                    yield Failed(reason=f"Stopped at the limit of {options.max_rows} records.")
                    break
                yield from reading.record(record)
        yield from reading.end()


def _records(found: Iterator[Field]) -> Iterator[list[Field]]:
    """Put together what stands together: the fields of a section up to one whose label comes again."""
    held: list[Field] = []
    for field in found:
        first = held[0] if held else field
        again = _comes_once(field) and any(other.label == field.label for other in held)
        again = again or len(held) >= _MOST_OF_A_RECORD
        apart = (
            field.section != first.section or field.row != first.row or not field.labels or not first.labels
        )
        if held and (again or apart):
            yield held
            held = []
        held.append(field)
    if held:
        yield held


def _comes_once(field: Field) -> bool:
    return words.levelled(field.label) not in words.OFTEN


class _Reading:
    def __init__(self, options: Options, platform: str | None) -> None:
        self._reader = Reader(options)
        self._platform = platform
        self._people = Speakers(self._reader)
        self._unknown: Counter[str] = Counter()
        self._has_holder = self._is_said = False
        self._numbers = 0

    def record(self, record: list[Field]) -> Iterator[AnyRow]:
        by_label = {words.levelled(field.label): field for field in record}
        if not self._is_said:
            yield from self._summary(by_label)
        if words.AUTHOR in by_label and (words.BODY in by_label or words.SENT in by_label):
            yield from self._message(by_label, record)
            return
        when, event = self._when(record), by_label.get("activitytype")
        is_seen = when is not None and not words.KINDS.keys().isdisjoint(by_label)
        for field in record:
            if not (is_seen and words.levelled(field.label) in words.TIMES and when and when.instant):
                yield from self._field(field, when, event.value if event else None)

    def end(self) -> Iterator[AnyRow]:
        if not self._is_said:
            yield self._title()
        for label, count in self._unknown.most_common(_UNKNOWN):
            text = f"The label “{shorten(label, 60)}” is not known ({count} times): what stands under it was kept and searched as text."
            yield NotUnderstood(text=text, place="whole file")
        if len(self._unknown) > _UNKNOWN:
            text = f"{len(self._unknown) - _UNKNOWN} further labels are not known; what stands under them was kept and searched."
            yield NotUnderstood(text=text, place="whole file")

    def _summary(self, by_label: dict[str, Field]) -> Iterator[AnyRow]:
        """Take the platform from the request's own lines, which stand first; then the title can be told."""
        service = by_label.get("service")
        if service:
            named = words.SERVICES.get(words.levelled(service.value.split("\n", maxsplit=1)[0]))
            self._platform = self._platform or named
        if self._platform and (service or any(field.labels for field in by_label.values())):
            self._is_said = True
            yield self._title()

    def _title(self) -> Summary:
        return Summary(
            title=f"Return of {self._platform}" if self._platform else "Return of a provider",
            platform=self._platform,
            reporting_body=self._platform,
        )

    def _when(self, record: list[Field]) -> Moment | None:
        """Return when a record happened, where one time stands in it."""
        times = [
            field for field in record if words.levelled(field.label) in words.TIMES - words.OF_THE_ACCOUNT
        ]
        return self._reader.time(times[0].value) if len(times) == 1 else None

    def _field(self, field: Field, when: Moment | None, event: str | None = None) -> Iterator[AnyRow]:
        name, place = words.levelled(field.label), _place(field)
        if words.NOTHING.search(field.value) or any(words.EXPLAINS.search(label) for label in field.labels):
            return
        if name in words.KINDS:
            yield from self._identifier(words.KINDS[name], field, place, seen_at=when, event=event)
        elif name in words.TIMES:
            moment = self._reader.time(field.value)
            yield from self._reader.time_doubts(moment, place=place)
            yield FreeText(text=field.value, place=place, label=field.label)
        elif name in words.PARTICIPANTS:
            yield from self._participants(field, place)
        elif name in words.NAMES and self._is_holders(field):
            yield from self._holder(place, (field.value,))
        else:
            if field.labels and name not in words.TEXTS:
                self._unknown[field.label] += 1
            yield from self._reader.free_text(
                field.value, place=place, label=field.label or None, platform=self._platform
            )
            yield from self._listed(field.value, place)

    def _listed(self, text: str, place: str) -> Iterator[AnyRow]:
        """Yield those whom lines call by name, service and number: friends, followers, recipients."""
        for line in text.split("\n"):
            found = words.LISTED.fullmatch(line.strip())
            if found and found["service"].casefold() in words.SERVICES:
                yield from self._met(found["called"], place)[1]

    def _identifier(self, kind: str, field: Field, place: str, **seen: Any) -> Iterator[AnyRow]:
        person = None
        if self._is_holders(field):
            yield from self._holder(place)
            person = _HOLDER
        if kind not in _SEEN:
            seen = {}
        for line in field.value.split("\n"):
            for row in self._value(kind, line.strip(), place):
                yield (
                    msgspec.structs.replace(row, person=person, **seen) if isinstance(row, Sighting) else row
                )

    def _value(self, kind: str, text: str, place: str) -> Iterator[AnyRow]:
        """One value; words beside it ("Cell", "Verified on ...", "[US]") are no part of it."""
        if kind == "report_number":
            yield from self._reader.declared(kind, f"ncmec:{text}", place=place, as_written=text)
        elif kind == "ip":
            address, port = split_port(text)
            yield from self._reader.declared(kind, address, place=place, as_written=text, port=port)
        elif kind in ("account", "user_id"):
            yield from self._account(text, place, is_number=kind == "user_id" or text.isdecimal())
        elif kind in ("email", "phone") and (within := self._within(kind, text, place)):
            yield from within
        else:
            yield from self._reader.declared(kind, text, place=place)

    def _within(self, kind: str, text: str, place: str) -> list[AnyRow]:
        found = self._reader.mentioned(text, place=place, way="declared")
        rows = [row for row in found if isinstance(row, Sighting) and row.value.kind == kind]
        return [msgspec.structs.replace(row, start=None, end=None) for row in rows]

    def _account(self, text: str, place: str, *, is_number: bool) -> Iterator[AnyRow]:
        found = words.CALLED.fullmatch(text)
        platform = (
            words.SERVICES.get(found["service"].casefold(), self._platform)
            if found and found["service"]
            else self._platform
        )
        raw = f"id:{found['number']}" if found else f"id:{text}" if is_number else text
        if "@" in text or text.startswith("+"):
            yield from self._reader.declared("email" if "@" in text else "phone", text, place=place)
        elif platform is None or (len(text.split()) > 1 and not found):
            yield from self._reader.free_text(text, place=place)
        else:
            yield from self._reader.declared("account", raw, place=place, platform=platform, as_written=text)

    def _is_holders(self, field: Field) -> bool:
        return field.section in words.OF_THE_HOLDER or words.levelled(field.section) in words.OF_THE_HOLDER

    def _holder(self, place: str, names: tuple[str, ...] = ()) -> Iterator[AnyRow]:
        """Tell of the account's holder once. What he is in the case a return does not say."""
        if not self._has_holder:
            self._has_holder = True
            yield Person(key=_HOLDER, role="unknown", place=place, names=names)
        for name in names:
            yield from self._reader.declared("display_name", name, place=place, person=_HOLDER)

    def _participants(self, field: Field, place: str) -> Iterator[AnyRow]:
        for line in field.value.split("\n"):
            when = self._reader.time(line) if line[:1].isdigit() and not words.CALLED.search(line) else None
            if when is None or is_unread(when):
                yield from self._met(line, place)[1]
            else:  # since when they are
                yield from self._reader.time_doubts(when, place=place)

    def _met(self, called: str, place: str, **seen: Any) -> tuple[str, list[AnyRow]]:
        """Return the key of who is called so, and the rows that tell of him when he is met first."""
        found = words.CALLED.fullmatch(called.strip())
        if found is None:
            key = f"called {called.strip()}"
            return key, list(self._people.meet(key, place, names=[called.strip()], **seen))
        platform = words.SERVICES.get((found["service"] or "").casefold(), self._platform)
        key = f"{platform or 'account'} {found['number']}"
        known = []
        if platform:
            raw = f"{platform}/id:{found['number']}"
            known = [Known("account", raw, place, as_written=found["number"])]
        return key, list(
            self._people.meet(key, place, names=filter(None, [found["name"].strip()]), known=known, **seen)
        )

    def _message(self, by_label: dict[str, Field], record: list[Field]) -> Iterator[AnyRow]:
        author, body, sent = (by_label.get(name) for name in (words.AUTHOR, words.BODY, words.SENT))
        assert author is not None
        self._numbers += 1
        number, place = self._numbers, _place(author)
        when = self._reader.time(sent.value) if sent else None
        others = [f for f in record if words.levelled(f.label) not in (words.AUTHOR, words.BODY, words.SENT)]
        person, met = self._met(author.value, place, seen_at=when, message=number)
        people = [row for row in met if isinstance(row, Person)]
        yield from people
        text = body.value if body else ""
        yield Message(
            number=number, text=text, place=place, thread=_thread(author), sender=author.value, sender_person=person, sent_at=when,
            attachments=tuple(f.value for f in others if words.levelled(f.label) == "linkedmediafile"),
        )  # fmt: skip
        yield from (row for row in met if not isinstance(row, Person))
        if when:
            yield from self._reader.time_doubts(when, place=place)
        yield from self._reader.mentioned(
            text, place=place, message=number, seen_at=when, platform=self._platform
        )
        for field in others:
            if words.levelled(field.label) != "linkedmediafile":
                yield from self._field(field, when)


def _thread(field: Field) -> str | None:
    """Return the thread in whose box a field stands: "(123)" beneath "Thread"."""
    for label, below in zip(field.labels, field.labels[1:], strict=False):
        if words.levelled(label) == words.THREAD:
            return below.strip("() ") or None
    return None


def _place(field: Field) -> str:
    within = " > ".join(filter(None, (field.section, *field.labels[-2:])))
    return f"{within}, character {field.at}" if within else f"character {field.at}"
