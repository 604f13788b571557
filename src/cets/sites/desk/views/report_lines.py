"""The lines of a conversation as they are read: whose side, which day, what silence before, what is marked in them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateformat import format as worded
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cets.access.viewer import Viewer
from cets.domains.identifiers.models import Holding, Sighting
from cets.domains.intake import holders
from cets.domains.intake.masked_values import with_masks
from cets.domains.intake.masking import Masker
from cets.domains.reports import items
from cets.domains.reports.models import Message, Person, Report
from cets.sites.desk import pages, wording
from cets.sites.desk.views import item_grades, places, recipients, texts

_GAP = timedelta(minutes=30)
#: By so many of its first messages it is told whether two people speak.
_FIRST = 500
_TWO = 2
#: How sources write somebody in one field: "Merlin (merlin@mail.example)", "Merlin <merlin@mail.example>".
_NAME_AND_NUMBER = re.compile(r"(.+?)\s*(?:\((.+)\)|<(.+)>)")
#: More people of a file than this are not looked up by their facts: a file of one account has few.
_MOST_PEOPLE = 5_000


@dataclass(frozen=True)
class Sides:
    """Who stands on which side of a conversation, the same on each of its pages, and the sentence that says so."""

    right: frozenset[tuple[str, str]] = frozenset()  # (person, sender), either may be empty
    holders: frozenset[str] = frozenset()
    words: str = ""

    def of(self, row: Message) -> Literal["left", "right"]:
        is_right = (row.sender_person, row.sender) in self.right or self.is_holder(row)
        return "right" if is_right else "left"

    def is_holder(self, row: Message) -> bool:
        by_person = bool(row.sender_person) and row.sender_person in self.holders
        return by_person or row.sender in holders.AS_SENDER


@dataclass(frozen=True)
class Lines:
    """What the lines of one page are made with."""

    viewer: Viewer
    report: Report
    masker: Masker
    words: str = ""  # looked for
    find: str = ""  # the id of that question
    every: bool = False  # it is asked of all conversations
    here: tuple[int, int] | None = None  # part and number of the message somebody came for
    people: Mapping[tuple[UUID, str], Person] = field(default_factory=dict)


def sides_of(found: QuerySet[Message], lines: Lines) -> Sides:
    """Tell the sides of a conversation: the account holder's is the right one where the source says whose it is.

    Where it does not, a victim's; of two people alone, the second one's. In a room of many all stand on the left.
    """
    fields = ("part_id", "sender_person", "sender", "headers")
    spoken = list(found.filter(kind="chat").order_by("number").values_list(*fields)[:_FIRST])
    first = list(dict.fromkeys(row[:3] for row in spoken))
    known = _people(lines.report, {part_id for part_id, _person, _sender in first})
    sent = {row[1] for row in spoken if row[1] and holders.is_sent_by_holder(row[3])}
    holding = holders.holders_among(known.values()) | sent
    who = {(person, sender): known.get((part_id, person)) for part_id, person, sender in first}
    held = [one for one in who if one[0] in holding or one[1] in holders.AS_SENDER]
    if held:
        name = _name(held[0], who, lines.masker)
        return Sides(
            frozenset(held), holding, _("Right: %(name)s, whose account or device it is.") % {"name": name}
        )
    if holding:
        return Sides(holders=holding)
    victims = [one for one, person in who.items() if person is not None and person.pseudonym]
    if victims and len(victims) < len(who):
        return Sides(
            frozenset(victims), words=_("Right: %(name)s.") % {"name": _name(victims[0], who, lines.masker)}
        )
    if len(who) == _TWO:
        left, right = (_name(one, who, lines.masker) for one in who)
        told = _("Left: %(left)s. Right: %(right)s. The source does not say whose account it is.")
        return Sides(frozenset([list(who)[1]]), words=told % {"left": left, "right": right})
    return Sides()


def _people(report: Report, parts: Iterable[UUID]) -> dict[tuple[UUID, str], Person]:
    found = Person.objects.filter(report=report, part__in=set(parts)).order_by("id")[:_MOST_PEOPLE]
    return {(person.part_id, person.key): person for person in found}


def _name(who: tuple[str, str], people: Mapping[tuple[str, str], Person | None], masker: Masker) -> str:
    person = people.get(who)
    if person is not None and person.pseudonym:
        return person.pseudonym
    return texts.apart(masker(who[1])) or _("no name given")


# --- lines ----------------------------------------------------------------------------------------------------------


def lines_of(
    lines: Lines, rows: Sequence[Message], sides: Sides, before: Message | None, *, apart: bool = False
) -> Iterator[pages.MessageLine]:
    """Yield what is read of each. `before`: the message before the first; `apart`: they do not stand one after the other."""
    if not rows:
        return
    marked = _marked(lines, rows)
    people = _of_page(lines.report, rows)
    named, to = _named(lines, rows), recipients.told(rows, apart=apart)
    grades = item_grades.beside(
        lines.viewer, lines.report, {row.id: items.of_message(row) for row in rows}, lines.masker
    )
    for row in rows:
        found = marked.get((row.part_id, row.number), [])
        line = _line(
            lines, row, people.get((row.part_id, row.sender_person)), found, named, to.get(row.id, ())
        )
        yield replace(
            line,
            side=sides.of(row),
            is_holder=sides.is_holder(row),
            day=_day(row) if apart or before is None or _day(row) != _day(before) else "",
            gap="" if apart else _gap(row, before),
            here=lines.here == (row.part.number, row.number),
            anchor=f"found-{row.part.number}-{row.number}" if apart else f"message-{row.number}",
            thread=(lines.masker(row.thread) or lines.masker.name(row.part.name)) if apart else "",
            graded=grades.get(row.id),
        )
        before = row


def _marked(lines: Lines, rows: Sequence[Message]) -> dict[tuple[UUID, int], list[Sighting]]:
    """Return what was found in each of them, by part and number: a statement for each part of the page."""
    numbers: dict[UUID, list[int]] = {}
    for row in rows:
        numbers.setdefault(row.part_id, []).append(row.number)
    found: dict[tuple[UUID, int], list[Sighting]] = {}
    for part_id, own in numbers.items():
        for one in Sighting.objects.filter(part=part_id, message__in=own).select_related("holding"):
            found.setdefault((part_id, one.message or 0), []).append(one)
    with_masks([s.holding for group in found.values() for s in group], {lines.report.id: lines.masker})
    return found


def _of_page(report: Report, rows: Sequence[Message]) -> dict[tuple[UUID, str], Person]:
    keys = {row.sender_person for row in rows if row.sender_person}
    found = Person.objects.filter(report=report, key__in=keys) if keys else ()
    return {(person.part_id, person.key): person for person in found}


def _named(lines: Lines, rows: Sequence[Message]) -> list[tuple[str, Holding]]:
    """Return the identifiers by which people are shown: a source introduces each once, every line shows him."""
    shown = {name for row in rows for name in (row.sender, *row.recipients) if name}
    people = shown.union(*(one.groups("") for name in shown if (one := _NAME_AND_NUMBER.fullmatch(name))))
    found = list(Holding.objects.filter(report=lines.report, raw__in=people)) if people else []
    with_masks(found, {lines.report.id: lines.masker})
    return [(holding.raw, holding) for holding in found]


_KINDS: dict[str, Literal["chat", "mail", "system"]] = {"chat": "chat", "mail": "mail", "system": "system"}


def _line(
    lines: Lines,
    row: Message,
    person: Person | None,
    found: Sequence[Sighting],
    named: Sequence[tuple[str, Holding]],
    to: Sequence[str],
) -> pages.MessageLine:
    """Return what one message says of itself, victims' values and names replaced."""
    viewer, masker, words = lines.viewer, lines.masker, lines.words
    written = list(texts.as_written(found))
    known = [*named, *written]
    return pages.MessageLine(
        kind=_KINDS[row.kind],
        number=row.number,
        pieces=texts.pieces(viewer, row.text, found, masker, words) if row.text else (),
        place=masker.label(row.place),
        anchor="",
        url=places.address(
            "message", lines.report.id, row.part.number, row.number, find=lines.find, every=lines.every
        ),
        sender=_sender(lines, row, person, known),
        role=_role(person),
        sent=masker.label(_sent(row)),
        subject=texts.named(viewer, row.subject, written, masker, words) if row.subject else (),
        headers=tuple(
            pages.Labelled(str(label), texts.named(viewer, str(text), written, masker, words))
            for label, text in row.headers
        ),
        attachments=tuple(texts.named(viewer, name, (), masker, words) for name in row.attachments),
        to=tuple(texts.named(viewer, name, known, masker, words) for name in to),
        doubt=_doubt(row),
    )


def _sender(
    lines: Lines, row: Message, person: Person | None, known: Iterable[tuple[str, Holding]]
) -> tuple[pages.Piece, ...]:
    if row.kind == "system" and row.sender and row.sender in row.text:
        return ()  # the event names whose it was
    if person is not None and person.pseudonym:
        return (pages.Piece(value=pages.Value(masked=pages.Masked(person.pseudonym, _("sender")))),)
    if not row.sender:
        return ()
    return texts.named(lines.viewer, row.sender, known, lines.masker, lines.words)


def _role(person: Person | None) -> str:
    return wording.role_word(person.role) if person is not None and person.role != "unknown" else ""


def _sent(row: Message) -> str:
    return worded(timezone.localtime(row.sent_at), "H:i:s T") if row.sent_at else row.sent_raw


def _doubt(row: Message) -> str:
    if row.sent_at is not None or not row.sent_raw:
        return ""
    number = len(row.sent_candidates)
    return _("%(n)s candidate times") % {"n": number} if number > 1 else _("Time not certain")


# --- days and silences ----------------------------------------------------------------------------------------------


def _day(row: Message) -> str:
    """Name the day of a message; of one whose time can mean several, each of them."""
    if row.sent_at is not None:
        return wording.day(row.sent_at)
    days = list(dict.fromkeys(_local_day(text) for text in row.sent_candidates))
    if not days:
        return ""
    return _("%(days)s, not certain") % {"days": _(" or ").join(worded(day, "D j M Y") for day in days)}


def _local_day(text: str) -> date:
    at = datetime.fromisoformat(text)
    return timezone.localtime(at).date() if at.tzinfo else at.date()


def _gap(row: Message, before: Message | None) -> str:
    if before is None or before.sent_at is None or row.sent_at is None or row.sent_at - before.sent_at < _GAP:
        return ""
    minutes = int((row.sent_at - before.sent_at).total_seconds()) // 60
    hours, rest = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return ngettext("%(n)s day without a message", "%(n)s days without a message", days) % {"n": days}
    if hours:
        return _("%(hours)s h %(minutes)s min without a message") % {"hours": hours, "minutes": f"{rest:02}"}
    return _("%(minutes)s minutes without a message") % {"minutes": rest}
