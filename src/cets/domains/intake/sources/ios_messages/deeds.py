"""What a row of `sms.db` is when it is no message: who was added or left, a new name of a group, a reaction."""

from collections.abc import Mapping
from typing import Final

import msgspec

from cets.domains.intake.sqlite_file import Record

_MEMBERS, _TITLE, _LEFT, _PLACE, _KEPT, _TOGETHER = 1, 2, 3, 4, 5, 6
_REACTIONS: Final = {
    2000: "loved", 2001: "liked", 2002: "disliked", 2003: "laughed at", 2004: "emphasised", 2005: "questioned", 2006: "answered with a sign",
    2007: "answered with a sticker",
}  # fmt: skip
_TAKEN_BACK = 1000


class Deed(msgspec.Struct, frozen=True):
    """`text`: in words, "" for a plain message; `others`: addresses of those whom it concerns."""

    text: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    others: tuple[str, ...] = ()


def of(row: Record, handles: Mapping[int, str]) -> Deed:
    reaction = row.number("associated_message_type") or 0
    if reaction in _REACTIONS or reaction - _TAKEN_BACK in _REACTIONS:
        return _reaction(row, reaction)
    sort = row.number("item_type") or 0
    if not sort:
        return Deed()
    other = handles.get(row.number("other_handle") or 0, "")
    return Deed(_words(row, sort, other), others=(other,) if other else ())


def _words(row: Record, sort: int, other: str) -> str:
    action, title = row.number("group_action_type"), row.text("group_title")
    said = {
        _MEMBERS: f"{'Removed from' if action else 'Added to'} the group: {other or 'somebody'}",
        _TITLE: f"Named the group: {title}" if title else "Took the name from the group",
        _LEFT: "Changed the picture of the group" if action else "Left the group",
        _PLACE: "Stopped sharing the location"
        if row.number("share_status")
        else "Began sharing the location",
        _KEPT: "Kept a voice message",
        _TOGETHER: "Began watching or listening together",
    }
    return said.get(sort, f"An event of the sort {sort}")


def _reaction(row: Record, number: int) -> Deed:
    is_back = number not in _REACTIONS
    what = _REACTIONS[number - _TAKEN_BACK if is_back else number]
    sign = row.text("associated_message_emoji")
    text = f"Took back: {what} a message" if is_back else f"{what.capitalize()} a message"
    return Deed(
        f"{text} {sign}".strip(),
        headers=(("reaction", text), ("to message", row.text("associated_message_guid").rpartition("/")[2])),
    )
