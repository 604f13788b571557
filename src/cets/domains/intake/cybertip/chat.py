"""Chat notes of a report: lines such as "[time] Reported User (Profile 55501): text" become messages."""

import re
from collections.abc import Iterator
from itertools import count

import msgspec

from cets.domains.identifiers.kinds.base import Role
from cets.domains.intake.cybertip.owners import Subject
from cets.domains.intake.cybertip.people import People
from cets.domains.intake.cybertip.record import Field
from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import AnyRow, Message

_TIME = r"\[(?P<%s>[^\[\]\n]{6,60})\]"
_LINE = re.compile(
    rf"^[ \t]*(?:{_TIME % 'before'}[ \t]*)?"
    r"(?P<sender>(?P<who>[A-Za-z]+(?: [A-Za-z]+)?) ?"
    r"\((?:Profile|User ID|User|ID)[ :#]*(?P<profile>[^()\s]{1,80})\))"
    rf"[ \t]*(?:{_TIME % 'after'})?[ \t]*:[ \t]?(?P<text>.*)$",
    re.IGNORECASE,
)
#: "Profile 1", "Profile 02", "User A": who speaks is counted within the report, as no platform numbers accounts.
_COUNTED = re.compile(r"[PU]?[#_-]?0*\d{1,3}|[A-Za-z]", re.IGNORECASE)


class _Line(msgspec.Struct):
    """One message of a note while its further lines are gathered."""

    number: int
    sender: str
    who: str
    profile: str
    time: str | None
    texts: list[str]


class Chat:
    """Reads the chat notes of one file and numbers the messages through."""

    def __init__(self, reader: Reader, people: People) -> None:
        self._reader = reader
        self._people = people
        self._numbers = count(1)

    def read(self, note: Field, *, label: str, thread: str | None, platform: str | None) -> Iterator[AnyRow]:
        """Yield the messages of a note; text that is in no such line is free text."""
        current: _Line | None = None
        before: list[str] = []
        seen: set[str] = set()
        for number, line in enumerate(note.text.splitlines(), 1):
            found = _LINE.match(line)
            if found:
                if current:
                    yield from self._message(current, note, thread, platform, seen)
                time = found["before"] or found["after"]
                current = _Line(
                    number, found["sender"], found["who"], found["profile"], time, [found["text"]]
                )
            elif current:
                current.texts.append(line)
            else:
                before.append(line)
        if current:
            yield from self._message(current, note, thread, platform, seen)
        yield from self._reader.free_text("\n".join(before).strip(), place=note.place, label=label)

    def _message(
        self, line: _Line, note: Field, thread: str | None, platform: str | None, seen: set[str]
    ) -> Iterator[AnyRow]:
        number = next(self._numbers)
        place = f"{note.place}, line {line.number}"
        subject = self._subject(line, platform)
        sent_at = self._reader.time(line.time) if line.time else None
        text = "\n".join(line.texts).rstrip()
        yield Message(
            number=number,
            text=text,
            place=place,
            thread=thread,
            sender=line.sender,
            sender_person=subject.person,
            sent_at=sent_at,
        )
        if sent_at:
            yield from self._reader.time_doubts(sent_at, place=place)
        if line.profile not in seen and self._is_account(line.profile):
            seen.add(line.profile)
            yield from self._people.account_id(line.profile, place, subject, message=number, seen_at=sent_at)
        # Whose the values in it are, nobody has said: people write other people's numbers too.
        yield from self._reader.mentioned(
            text, place=place, message=number, platform=platform, seen_at=sent_at
        )

    def _is_account(self, profile: str) -> bool:
        """Say whether a profile is that of an account: a person block declares it, or it is no mere count."""
        declared = any(account.user_id == profile for account in self._people.accounts)
        return declared or not _COUNTED.fullmatch(profile)

    def _subject(self, line: _Line, platform: str | None) -> Subject:
        """Tie a profile number to the person block that declares it; else only the words tell the role."""
        for account in self._people.accounts:
            if account.user_id == line.profile:
                return msgspec.structs.replace(account.subject, platform=account.subject.platform or platform)
        role: Role = "suspect" if line.who.casefold() == "reported user" else "unknown"
        return Subject(role, None, platform)
