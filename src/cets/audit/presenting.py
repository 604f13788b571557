"""How an event is told to a person: a short sentence for each type.

Sentences are keyed by the type's text, as audit stands below the domains and may not import them. Those of
our own domains lie here, so that they read alike and are translated together; others `register` theirs.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

Text = str | Promise

_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


class Sentence:
    """`short` stands alone; instead of it the first of `full` is told of which the event has every detail."""

    __slots__ = ("full", "short")

    def __init__(self, short: Text, *full: Text) -> None:
        self.short, self.full = short, full


_SENTENCES: dict[str, Sentence] = {
    "agencies:agency:added": Sentence(_("Agency added"), _("Agency %(code)s added")),
    "agencies:officer:absent": Sentence(
        _("Officer marked absent"), _("Officer marked absent; records that fell to the team: %(fallen)s")
    ),
    "agencies:officer:added": Sentence(_("Officer added")),
    "agencies:officer:back": Sentence(_("Officer back from absence")),
    "agencies:officer:left": Sentence(
        _("Officer left"),
        _("Officer left; records that fell to the team: %(fallen)s; reason: %(reason)s"),
        _("Officer left; reason: %(reason)s"),
        _("Officer left; records that fell to the team: %(fallen)s"),
    ),
    "agencies:officer:password-changed": Sentence(_("Own password changed")),
    "agencies:officer:password-reset": Sentence(_("Password reset")),
    "agencies:officer:second-factor-changed": Sentence(
        _("Own second factor changed"), _("Own second factor changed: %(what)s")
    ),
    "agencies:officer:second-factor-reset": Sentence(
        _("Second factor reset"), _("Second factor reset; removed: %(removed)s")
    ),
    "agencies:officer:signed-in": Sentence(_("Signed in"), _("Signed in from %(address)s")),
    "agencies:officer:signed-out": Sentence(_("Signed out")),
    "agencies:role:ended": Sentence(_("Role ended"), _("Role ended: %(role)s")),
    "agencies:role:granted": Sentence(_("Role granted"), _("Role granted: %(role)s")),
    "agencies:team:added": Sentence(_("Team added"), _("Team added: %(name)s")),
    "agencies:team:changed": Sentence(_("Team changed")),
    "approvals:approval:agreed": Sentence(_("Second person agreed")),
    "approvals:approval:asked": Sentence(_("Approval of a second person asked for")),
    "approvals:approval:refused": Sentence(_("Second person refused")),
    "audit:record:looked": Sentence(_("Audit looked at"), _("Audit looked at; events shown: %(shown)s")),
    "deconfliction:hit:decided": Sentence(_("Hit decided"), _("Hit decided: %(verdict)s")),
    "deconfliction:hit:decision-withdrawn": Sentence(
        _("Decision on a hit withdrawn"), _("Decision on a hit withdrawn: %(verdict)s")
    ),
    "deconfliction:hit:found": Sentence(_("Hit found"), _("Hit %(reference)s found")),
    "deconfliction:hit:listed": Sentence(_("Hits listed")),
    "deconfliction:hit:opened": Sentence(_("Hit opened")),
    "deconfliction:hit:reopened": Sentence(_("Hit opened again")),
    "deconfliction:hit:returned": Sentence(_("Hit told again, settled as it was")),
    "deconfliction:hit:withdrawn": Sentence(_("Hit over: nothing may be told of it any more")),
    "deconfliction:silent-pair:found": Sentence(_("Two silent records meet")),
    "deconfliction:silent-pair:over": Sentence(_("No two silent records meet here any more")),
    "deconfliction:silent-pair:settled": Sentence(_("The pair of silent records settled")),
    "identifiers:identifier:opened": Sentence(_("Identifier opened")),
    "identifiers:identifier:revealed": Sentence(_("Protected value revealed")),
    "identifiers:pattern:added": Sentence(
        _("Own pattern added"), _("Own pattern added: %(name)s, version %(version)s")
    ),
    "identifiers:pattern:retired": Sentence(
        _("Own pattern retired"), _("Own pattern retired: %(name)s, version %(version)s")
    ),
    "intake:file:refused": Sentence(_("File refused")),
    "intake:files:added": Sentence(_("Files added to the report"), _("Files added to the report: %(files)s")),
    "intake:note:added": Sentence(_("Note added to the report")),
    "intake:part:map-settled": Sentence(_("Column map settled")),
    "intake:part:read-again": Sentence(
        _("File read again"),
        _(
            "File read again with %(source)s, before with %(before)s: identifiers added %(added)s, gone %(gone)s, in another role"
            " %(roles)s"
        ),
        _("File read again; identifiers gone: %(gone)s"),
    ),
    "intake:part:reading-asked": Sentence(
        _("File given to be read again"), _("File %(part)s given to be read again")
    ),
    "intake:part:reading-stopped": Sentence(
        _("File could not be read again"), _("File %(part)s could not be read again; its last reading stands")
    ),
    "intake:shape:made": Sentence(
        _("Shape report made"), _("Shape report made; keys that were let go by hand: %(let)s")
    ),
    "ledger:alert:read": Sentence(_("Alert read")),
    "ledger:entry:assigned": Sentence(_("Work assigned"), _("Work assigned to %(owner)s")),
    "ledger:entry:closed": Sentence(_("Work closed"), _("Work closed: %(outcome)s")),
    "ledger:entry:fell-to-team": Sentence(
        _("Work fell to the team"), _("Work fell to the team: the officer %(why)s")
    ),
    "ledger:entry:reopened": Sentence(
        _("Work opened again"), _("Work opened again; next step: %(next_step)s")
    ),
    "ledger:entry:step-set": Sentence(_("Next step set"), _("Next step set: %(next_step)s, due %(due_at)s")),
    "reports:item:graded": Sentence(_("Single item graded"), _("Single item (%(item)s) graded %(grading)s")),
    "reports:remark:settled": Sentence(_("Ambiguous value settled")),
    "reports:report:given": Sentence(_("Report given to an officer by name")),
    "reports:report:graded": Sentence(_("Report graded"), _("Report graded %(grading)s")),
    "reports:report:joined": Sentence(
        _("Supplement joined to the report"), _("Supplement %(supplement)s joined to the report")
    ),
    "reports:report:listed": Sentence(_("Reports listed")),
    "reports:report:opened": Sentence(_("Report opened")),
    "reports:report:printed": Sentence(_("Made ready for printing"), _("Made ready for printing: %(what)s")),
    "reports:report:read": Sentence(
        _("File read"), _("File read as %(source)s: sightings %(sightings)s, identifiers %(identifiers)s")
    ),
    "reports:report:received": Sentence(
        _("Report received"), _("Report %(reference)s received, sharing level %(sharing)s")
    ),
    "reports:report:sharing-set": Sentence(
        _("Sharing level changed"), _("Sharing level changed from %(before)s to %(after)s: %(reason)s")
    ),
    "reports:report:taken-back": Sentence(_("Report taken back from an officer")),
    "search:report:searched": Sentence(
        _("Words looked for within the report"), _("Words looked for within the report; found: %(found)s")
    ),
    "search:search:run": Sentence(_("Search run"), _("Search run; results: %(results)s")),
    "vault:original:opened": Sentence(_("Original opened")),
}


class AlreadyTold(ValueError):
    """Another sentence is registered for this event type."""


def register(type_: str, short: Text, *full: Text) -> None:
    """Give an event type its sentences, those with the most details first. Raises AlreadyTold."""
    if type_ in _SENTENCES:
        raise AlreadyTold(f"{type_} has a sentence already.")
    _SENTENCES[type_] = Sentence(short, *full)


def describe(type_: str, details: Mapping[str, Any] | None) -> str:
    """Return the event in a sentence, in the reader's language. `details` is None when they were erased.

    A type without a sentence shows as its own text: an event is never hidden for want of words.
    """
    sentence = _SENTENCES.get(type_, Sentence(type_))
    if details is None:
        return gettext("%(sentence)s (details erased)") % {"sentence": sentence.short}
    for full in map(str, sentence.full):
        if set(_PLACEHOLDER.findall(full)) <= details.keys():
            return full % {name: _shown(value) for name, value in details.items()}
    return str(sentence.short)


def without_sentence(types: Iterable[str]) -> list[str]:
    """Return the types that nobody gave a sentence, sorted."""
    return sorted(set(types) - _SENTENCES.keys())


def _shown(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value)
