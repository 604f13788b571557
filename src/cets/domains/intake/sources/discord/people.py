"""Accounts of Discord: the number that stays, and the names that change."""

import re
from collections.abc import Generator
from typing import Any

import msgspec

from cets.domains.intake.json_fields import Fields
from cets.domains.intake.rows import AnyRow
from cets.domains.intake.speakers import Known, Speakers

PLATFORM = "Discord"
#: Accounts that were deleted are all shown under this one.
DELETED = "456226577798135808"
_DELETED_NAME = "Deleted User"
#: Since 2023 names are unique and have no number; messages of hooks and deleted accounts have none either.
_NO_NUMBER = frozenset({"", "0", "0000"})
_WITH_COUNT = re.compile(r"(?P<name>.+)#(?P<count>\d{4})", re.DOTALL)


def is_number(text: str) -> bool:
    """Say whether a text has the form of a number that Discord gives to accounts, rooms and servers."""
    return text.isascii() and text.isdigit() and 15 <= len(text) <= 20  # noqa: PLR2004 - 2015 to the end of 64 bits


def key_of(number: str) -> str:
    return f"user {number}"


def known_number(number: str, place: str, as_written: str | None = None) -> Known:
    return Known("account", f"{PLATFORM}/id:{number}", place, as_written or number)


def meet(fields: Fields, speakers: Speakers, **seen: Any) -> Generator[AnyRow, None, str | None]:
    """Take an account that the file describes (id, name, discriminator...) and yield what is new of it; return the key of its person."""
    number, name_place = fields.text("id"), fields.place("username" if "username" in fields else "name")
    name, count = fields.text("name", "username"), fields.text("discriminator")
    names = [fields.text(key) for key in ("nickname", "global_name", "display_name")]
    is_bot = fields.text("isBot", "bot") == "yes"
    roles = ", ".join(role.text("name") for role in fields.objects("roles"))
    fields.ignore_inside("id", "color", "position")
    fields.ignore("color", "avatarUrl", "avatar", "avatar_hash", "public_flags", "flags")
    if not (number or name):
        return None
    key = key_of(number) if number else f"name {name}"
    known = [known_number(number, fields.place("id"))] if number.strip("0") else []
    named, user_name = names_of(name, count, is_bot=is_bot, place=name_place)
    facts = [("Bot", "yes")] if is_bot else []
    facts += [("Roles on the server", roles)] if roles else []
    yield from speakers.meet(
        key, fields.pointer, names=[*names, named], known=[*known, *user_name], facts=tuple(facts),
        **(seen | ({"pivot": False} if number == DELETED else {})),
    )  # fmt: skip
    return key


def meet_named(
    speakers: Speakers, full: str, place: str, *, number: str = "", **seen: Any
) -> Generator[AnyRow, None, str | None]:
    """Take an account that is told in one word, with what stands behind "#", and perhaps its number; return the key of its person."""
    if not (full or is_number(number)):
        return None
    counted = _WITH_COUNT.fullmatch(full)
    name, count = (counted["name"], counted["count"]) if counted else (full, "")
    named, user_name = names_of(name, count, is_bot=False, place=place)
    known = [known_number(number, place)] if is_number(number) else []
    known += [msgspec.structs.replace(one, as_written=full) for one in user_name]
    key = key_of(number) if is_number(number) else f"name {full}"
    yield from speakers.meet(
        key, place, names=[full if user_name else named], known=known,
        **(seen | ({"pivot": False} if number == DELETED else {})),
    )  # fmt: skip
    return key


def names_of(name: str, count: str, *, is_bot: bool, place: str) -> tuple[str, tuple[Known, ...]]:
    """Return the name that an account shows, and its user name, unless it is one that many have. `count`: what stood behind "#"."""
    written = name if count in _NO_NUMBER else f"{name}#{count}"
    is_user_name = len(name.split()) == 1 and not (is_bot and count in _NO_NUMBER) and name != _DELETED_NAME
    known = (Known("account", f"{PLATFORM}/{written}", place, name),) if is_user_name else ()
    return (name if is_user_name or name == _DELETED_NAME else written), known
