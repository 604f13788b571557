"""Recorded events in a reader's words: names for ids, captions for codes, times in the reader's zone."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cets.access.roles import ROLES
from cets.audit.presenting import describe
from cets.domains.agencies.models import Officer, Team
from cets.domains.deconfliction.models import SETTLED_AS
from cets.domains.sharing.levels import Level
from cets.sites.desk import wording
from cets.sites.desk.pages.forms import Words

Details = Mapping[str, Any] | None

_OWNER = re.compile(r"(officer|team) ([0-9a-f-]{36})")

RECORDS: dict[str, Words] = {
    "agency": gettext_lazy("Agency"),
    "approval": gettext_lazy("Approval"),
    "audit": gettext_lazy("Audit"),
    "file": gettext_lazy("File"),
    "hit": gettext_lazy("Hit"),
    "identifier": gettext_lazy("Identifier"),
    "officer": gettext_lazy("Officer"),
    "original": gettext_lazy("Original"),
    "report": gettext_lazy("Report"),
    "search": gettext_lazy("Search"),
    "silent_pair": gettext_lazy("Silent pair"),
    "team": gettext_lazy("Team"),
}


def record_word(subject_type: str) -> str:
    """Name the kind of record that an event is about; one without a word shows as itself."""
    return str(RECORDS.get(subject_type, subject_type))


class Teller:
    """Words many events with two statements at most: one for the officers that their details name, one for the teams."""

    def __init__(self, said: Iterable[Details]) -> None:
        named = [match for details in said if (match := _OWNER.fullmatch(_owner_of(details)))]
        self._names = _names(Officer, named, "officer") | _names(Team, named, "team")

    def __call__(self, type_: str, details: Details) -> str:
        """Return the event in a sentence. `details` is None when they were erased."""
        if details is None:
            return describe(type_, None)
        return describe(type_, {name: self._word(name, value) for name, value in details.items()})

    def _word(self, name: str, value: Any) -> Any:
        if name == "owner":
            return self._owner(str(value))
        if isinstance(value, str) and name in _WORDS:
            return _WORDS[name](value)
        return value

    def _owner(self, value: str) -> str:
        match = _OWNER.fullmatch(value)
        if match is None:
            return value
        unknown = (
            _("somebody whom you may not know") if match[1] == "officer" else _("a team you may not know")
        )
        return self._names.get(match[2], unknown)


def _owner_of(details: Details) -> str:
    return str((details or {}).get("owner", ""))


def _names(model: type[Officer] | type[Team], named: list[re.Match[str]], kind: str) -> dict[str, str]:
    wanted = {UUID(match[2]) for match in named if match[1] == kind}
    if not wanted:
        return {}
    return {str(i): name for i, name in model.objects.filter(id__in=wanted).values_list("id", "name")}


def _verdict(code: str) -> str:
    return _("Nobody answered") if code == "nobody_answered" else SETTLED_AS.get(code, code)


def _level(word: str) -> str:
    return str(wording.LEVEL_WORDS[Level.of(word)]) if word.upper() in Level.__members__ else word


def _moment(text: str) -> str:
    try:
        at: datetime | None = parse_datetime(text)
    except ValueError:
        at = None
    return wording.due(at) if at and at.tzinfo else text


def _role(name: str) -> str:
    return str(ROLES[name].caption) if name in ROLES else name


#: What a detail of this name is told as. Those that are not here are words or numbers already.
_WORDS: dict[str, Callable[[str], str]] = {
    "verdict": _verdict,
    "sharing": _level,
    "before": _level,
    "after": _level,
    "due_at": _moment,
    "role": _role,
    "source": lambda source: wording.source_word(source) if source else _("nothing that is known"),
}
