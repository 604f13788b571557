"""What belongs to whom, asked as the owner; and what of it a viewer may be told."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, is_dataclass
from enum import Enum
from functools import cached_property
from typing import Any
from uuid import UUID

import psycopg
from django.db.models import Model, QuerySet

from access.world import CANARY, CENTRE, World
from cets.access.viewer import Right, Viewer

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_REFERENCE = re.compile(r"CETS-([A-Z0-9]+)-(?:H-\d+|\d{4}-\d+)")

#: Tables whose random ids name a record of one agency.
_TABLES = (
    "reports_report", "reports_part", "reports_secondment", "identifiers_holding", "deconfliction_hit", "deconfliction_decision",
    "ledger_entry", "ledger_alert", "vault_original", "search_search", "intake_savedcolumnmap", "agencies_officer", "agencies_team",
    "agencies_rolegrant", "approvals_approval", "deconfliction_silentpair", "identifiers_agencypattern",
)  # fmt: skip
#: What an administrator looks after, of every agency.
_HOUSE = {"agencies_officer", "agencies_team", "agencies_rolegrant", "approvals_approval"}
_HOUSE_WORDS = {"officername", "officermail", "login", "approval"}


@dataclass
class Belongings:
    """Which id, key and reference is whose."""

    ids: dict[str, tuple[str, str]] = field(default_factory=dict)  # id to (agency code, table)
    keys: dict[str, set[str]] = field(default_factory=dict)  # identifier to the codes that hold it
    references: dict[str, str] = field(default_factory=dict)
    open_reports: dict[str, set[str]] = field(
        default_factory=dict
    )  # id and reference of an open one to the codes that meet it
    of_table: dict[str, list[tuple[Any, str]]] = field(default_factory=dict)  # (key, code) of every row

    @cached_property
    def key_list(self) -> list[tuple[UUID, set[str]]]:
        return sorted((UUID(key), codes) for key, codes in self.keys.items())

    @cached_property
    def reference_list(self) -> list[tuple[str, str]]:
        return sorted(self.references.items())


def belongings(owner: psycopg.Connection[Any]) -> Belongings:
    """Ask the owner, past every policy."""
    found = Belongings()
    code = dict(owner.execute("select id, code from agencies_agency").fetchall())
    for table in (
        *_TABLES,
        "reports_remark",
        "reports_message",
        "reports_trace",
        "reports_person",
        "reports_passage",
    ):
        rows = owner.execute(f"select id, agency_id from {table} order by id").fetchall()
        found.of_table[table] = [(key, code[agency]) for key, agency in rows]
        if table in _TABLES:
            found.ids.update({str(key): (code[agency], table) for key, agency in rows})
    for key, agency in owner.execute("select distinct key, agency_id from identifiers_holding").fetchall():
        found.keys.setdefault(str(key), set()).add(code[agency])
    for table in ("reports_report", "deconfliction_hit"):
        found.references.update(
            {r: code[a] for r, a in owner.execute(f"select reference, agency_id from {table}").fetchall()}
        )
    met = owner.execute(
        "select distinct r.id, r.reference, mine.agency_id from reports_report r join identifiers_holding theirs on theirs.report_id = r.id"
        " join identifiers_holding mine on mine.key = theirs.key and mine.agency_id <> r.agency_id where r.sharing = 2"
    )
    for report_id, reference, agency in met.fetchall():
        for name in (str(report_id), reference):
            found.open_reports.setdefault(name, set()).add(code[agency])
    return found


def told(result: Any) -> str:
    """Return everything that a result says, as text: values of models, of dataclasses, of what they hold."""
    return "\n".join(_texts(result, 0))


def _texts(one: Any, depth: int) -> Iterator[str]:
    if depth > 6:
        return
    if isinstance(one, bytes):
        yield one.decode("utf-8", "replace")
    elif isinstance(one, str | int | float | UUID | Enum | None):
        yield str(one)
    else:
        for part in _parts(one):
            yield from _texts(part, depth + 1)


def _parts(one: Any) -> Iterable[Any]:
    if isinstance(one, QuerySet):
        return list(one[:500])
    if isinstance(one, Model):
        return [getattr(one, f.attname) for f in one._meta.concrete_fields] + list(
            one._state.fields_cache.values()
        )
    if isinstance(one, Mapping):
        return [*one.keys(), *one.values()]
    if is_dataclass(one):
        return [getattr(one, name) for name in one.__dataclass_fields__]
    if isinstance(one, Sequence | set | frozenset):
        return one
    return [str(one)]


@dataclass(frozen=True)
class Reader:
    """A viewer as the oracle sees one."""

    code: str
    role: str
    viewer: Viewer


def leaks(
    reader: Reader, text: str, mine: Belongings, world: World, *, given: Iterable[object] = ()
) -> list[str]:
    """Return what this text tells and the reader may not know. `given`: what the caller put into the question."""
    spoken = {str(one).lower() for one in given}
    question = " ".join(spoken)
    found = [
        w[0]
        for w in CANARY.finditer(text)
        if not _may_canary(reader, w, world) and w[0].lower() not in question
    ]
    found += [
        r[0]
        for r in _REFERENCE.finditer(text)
        if not _may_reference(reader, r, mine, world) and r[0].lower() not in question
    ]
    found += [
        i
        for i in set(_UUID.findall(text))
        if i.lower() not in spoken and not _may_id(reader, i.lower(), mine, world)
    ]
    return found


def _reads_cases(reader: Reader) -> bool:
    return bool(reader.viewer.rights & Right.CASE) and not reader.viewer.narrow


def _may_canary(reader: Reader, word: "re.Match[str]", world: World) -> bool:
    code, level, what = word[1].upper(), word[2].lower(), word[3].lower()
    is_own = reader.code[:3] == code
    if what.removesuffix("x") in _HOUSE_WORDS or what in _HOUSE_WORDS:
        return is_own or bool(reader.viewer.rights & Right.ADMIN)
    if not is_own:
        return False
    if reader.viewer.rights & Right.AUDIT and what in {"reason", "spoke"}:
        return True  # the record of what was done in the own agency
    if reader.viewer.rights & Right.ADMIN and what in {"patternname", "example"}:
        return True  # of the own agency's patterns, which an administrator adds
    if reader.viewer.narrow:
        return level == "silent" and what in {
            "chatname",
            "sender",
            "message",
            "chatmail",
        }  # the one that was given
    return _reads_cases(reader)


def _may_reference(reader: Reader, found: "re.Match[str]", mine: Belongings, world: World) -> bool:
    reference = found[0]
    if found[1] == reader.code or reference not in mine.references:
        return True  # one's own, or an example in a hint
    return (
        reference in mine.open_reports
        and reader.code in mine.open_reports[reference]
        and _reads_cases(reader)
    )


def _may_id(reader: Reader, one: str, mine: Belongings, world: World) -> bool:
    if one in mine.ids:
        code, table = mine.ids[one]
        if code == reader.code or (table in _HOUSE and reader.viewer.rights & Right.ADMIN):
            return True
        return one in mine.open_reports and reader.code in mine.open_reports[one] and _reads_cases(reader)
    if one in mine.keys:
        # The key of two silent records is told to the centre's desk: a keyed digest that means nothing elsewhere.
        return reader.code in mine.keys[one] or (
            reader.code == CENTRE and bool(reader.viewer.rights & Right.SILENT_PAIRS)
        )
    return True


__all__ = ["CENTRE", "Belongings", "Reader", "belongings", "leaks", "told"]
