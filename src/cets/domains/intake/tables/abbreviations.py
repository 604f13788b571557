"""Roles as files shorten them ("V1", "BES."). They mean one only in a column, beside headings or titles where roles stand."""

import re

from cets.domains.identifiers.kinds.base import Role
from cets.domains.intake.tables.answers import plain

_SHORT: dict[Role, str] = {
    "victim": "v vic vict ip ges gesch geschad opf po agg pokrz",
    "suspect": "s sus susp bes besch beschuld tv mec perp verd podejrz",
    "witness": "w wit zg tem",
}
_BY_SHORT: dict[str, Role] = {short: role for role, listed in _SHORT.items() for short in listed.split()}
_IN_HEADINGS = re.compile(r"(v(?=\d)|s(?=\d)|ges|gesch|bes|besch)\d{0,2}")
_LONGEST = 16  # characters
_MARKS = re.compile(r"[\W_]*\d{0,3}[\W_]*$")
_BETWEEN = re.compile(r"[\s./\-]+")


def role_of_short(text: str) -> Role | None:
    """Return the role that an abbreviation stands for, alone or with a number ("V 2", "P.O."), None for any other text."""
    if len(text) > _LONGEST:
        return None
    return _BY_SHORT.get(plain(_BETWEEN.sub("", _MARKS.sub("", text.strip().casefold()))))


def role_in_heading(word: str) -> Role | None:
    """Return the same of a word in a heading, where an IP is an address and a PO an order: "V1 name" beside "S1 name"."""
    found = _IN_HEADINGS.fullmatch(word)
    return _BY_SHORT[found[1]] if found else None


def is_unmistakable(text: str) -> bool:
    """Say whether an abbreviation is hardly anything else: "V1", "Besch."; not "IP", "PO" or "TV"."""
    return _IN_HEADINGS.fullmatch(_BETWEEN.sub("", text.strip().casefold())) is not None
