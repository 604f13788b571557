"""Pairs of silent records: told to the centre's deconfliction desk, and to nobody else, for as long as both are silent."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from cets.audit.recording import Entry as AuditEntry
from cets.audit.recording import record_many
from cets.domains.deconfliction import events
from cets.domains.deconfliction.matcher import CAP, DUE_IN, MATCHER, USING, ask, duty_team, limits
from cets.domains.ledger.actions import Opening, open_entries
from cets.kernel.ids import new_id
from cets.kernel.rows import insert_rows

NEXT = "Speak with both holders"
#: How the matcher closes a pair. What the desk agreed with the holders is never opened again, this is.
OVER = "No two silent records meet here any more"

_SILENT = """
select distinct on (n.key, first.id, second.id) n.key, n.kind, first.id, second.id from identifiers_matchkey n
cross join lateral (
  select x.agency_id from identifiers_matchkey x
  where x.key = n.key and x.is_exact and x.told = 0 and x.agency_id <> n.agency_id
    and (n.kind <> 'ip' or cets_ip_relation(n.from_at, n.to_at, n.is_certain, n.port, n.carrier_nat,
      x.from_at, x.to_at, x.is_certain, x.port, x.carrier_nat, %(tolerance)s, %(reach)s) is not null)
  limit %(cap)s
) x
cross join lateral (select least(n.agency_id, x.agency_id) as id) first
cross join lateral (select greatest(n.agency_id, x.agency_id) as id) second
where n.report_id = any(%(reports)s) and n.told = 0 and n.is_exact and n.common = ''
"""

# Which of the pairs on these reports' identifiers, and on those that one of them held before, still stand.
_KNOWN = """
with n as materialized (
  select distinct key from identifiers_matchkey
  where report_id = any(%(reports)s::uuid[]) and is_exact and exists (select 1 from deconfliction_silentpair)
  union select unnest(%(gone)s::uuid[])
)
select p.id, p.key, p.first_agency_id, p.second_agency_id, e.closed_at is null, e.outcome, exists (
  select 1 from (
    select * from identifiers_matchkey
    where key = p.key and is_exact and told = 0 and agency_id = p.first_agency_id limit %(cap)s
  ) a join (
    select * from identifiers_matchkey where key = p.key and is_exact and told = 0 and agency_id = p.second_agency_id limit %(cap)s
  ) b on '' in (a.common, b.common) and (p.kind <> 'ip' or cets_ip_relation(a.from_at, a.to_at, a.is_certain, a.port,
    a.carrier_nat, b.from_at, b.to_at, b.is_certain, b.port, b.carrier_nat, %(tolerance)s, %(reach)s) is not null))
from n join deconfliction_silentpair p on p.key = n.key join ledger_entry e on e.id = p.entry_id
"""

_PAIR = {
    "id": "uuid",
    "key": "uuid",
    "kind": "text",
    "agency_id": "uuid",
    "first_agency_id": "uuid",
    "second_agency_id": "uuid",
    "found_at": "timestamptz",
    "entry_id": "uuid",
}


def match_pairs(report_ids: Sequence[UUID], *, at: datetime, gone: Sequence[UUID]) -> None:
    """Find, close and open again the pairs that these reports may touch; `gone` as for `matching.match`."""
    centre = ask("select id from agencies_agency where is_centre")
    if not centre:
        return
    ((centre_id,),) = centre
    asked = {"reports": list(report_ids), "gone": list(gone), "cap": CAP, **limits()}
    found = ask(_SILENT, asked)
    known = ask(_KNOWN, asked)
    over = [pair_id for pair_id, *_, is_open, _, stands in known if is_open and not stands]
    if over:
        _close(over, centre_id, at=at)
    again = [
        pair_id
        for pair_id, *_, is_open, outcome, stands in known
        if stands and not is_open and outcome == OVER
    ]
    if again:
        _open_again(again, centre_id, at=at)
    held = {(key, first, second) for _, key, first, second, *_ in known}
    new = [pair for pair in found if (pair[0], pair[2], pair[3]) not in held]
    if new:
        _add(new, centre_id, at=at)


def _close(pair_ids: Sequence[UUID], centre_id: UUID, *, at: datetime) -> None:
    """One of the two is not silent any more, so its level says who is told; or a file read again no longer holds it."""
    closed = ask(
        "update ledger_entry set closed_at = %s, outcome = %s where subject_id = any(%s::uuid[]) and closed_at is null"
        " returning subject_id",
        [at, OVER, list(pair_ids)],
    )
    _audit(events.SILENT_PAIR_OVER, [pair_id for (pair_id,) in closed], centre_id)


def _open_again(pair_ids: Sequence[UUID], centre_id: UUID, *, at: datetime) -> None:
    opened = ask(
        "update ledger_entry set closed_at = null, outcome = '', owner_officer_id = null, owner_team_id = %s, due_at = %s"
        " where subject_id = any(%s::uuid[]) and outcome = %s returning subject_id",
        [duty_team(centre_id), at + DUE_IN, list(pair_ids), OVER],
    )
    _audit(events.SILENT_PAIR, [pair_id for (pair_id,) in opened], centre_id)


def _add(pairs: Sequence[tuple[Any, ...]], centre_id: UUID, *, at: datetime) -> None:
    team_id, ids = duty_team(centre_id), [new_id() for _ in pairs]
    entries = open_entries(
        (
            Opening(
                agency_id=centre_id, subject_type="silent_pair", subject_id=pair_id, title="Two silent records", team_id=team_id,
                due_at=at + DUE_IN, next_step=NEXT,
            )
            for pair_id in ids
        ),
        at=at,
        using=USING,
    )  # fmt: skip
    insert_rows(
        "deconfliction_silentpair",
        _PAIR,
        (
            (i, key, kind, centre_id, first, second, at, entry)
            for i, (key, kind, first, second), entry in zip(ids, pairs, entries, strict=True)
        ),
        using=USING,
    )
    _audit(events.SILENT_PAIR, ids, centre_id)


def _audit(type_: str, pair_ids: Sequence[UUID], centre_id: UUID) -> None:
    record_many(
        (AuditEntry(type_, "silent_pair", str(i), {}, centre_id) for i in pair_ids), by=MATCHER, using=USING
    )
