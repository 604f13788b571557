"""The matcher: from new reports to the hits of every agency that may know of one. It sees keys, never a value."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from cets.access.viewer import acting
from cets.audit.recording import Entry as AuditEntry
from cets.audit.recording import record_many
from cets.domains.deconfliction import events, silent
from cets.domains.deconfliction.matcher import (
    CAP,
    DUE_IN,
    MATCHER,
    USING,
    ask,
    duty_team,
    lay_down_limits,
    limits,
)
from cets.domains.deconfliction.models import SETTLED_AS
from cets.domains.deconfliction.strength import Known, Strength, strongest, weigh
from cets.domains.ledger.actions import Opening, alerts, open_entries, put_aside
from cets.domains.reports import numbers
from cets.kernel.ids import new_id
from cets.kernel.rows import insert_rows

#: Identifiers of one agency whose hits are worked out together.
AT_ONCE = 5_000
#: A weak hit alone moves nobody at night.
WEAK_DUE_IN = timedelta(days=3)

OVER = "Nothing is left to tell"
NEXT_THEIRS = "Contact the holder"
NEXT_MINE = "Join the inquiries or say why not"

# Whose hits may change because of these reports: of every agency that holds one of their keys. Who may know of what is
# decided when each agency's hits are worked out; a hit of which nothing changes is left as it is. Of a hub only the agency
# that had none of it before needs anything. The keys of an agency stay PostgreSQL's text: they go back as they came.
_TOUCHED = """
with n as materialized (
  select m.key, m.own_key, m.agency_id, m.report_id, h.key is not null as is_hub
  from identifiers_matchkey m left join deconfliction_hub h on h.key = m.key where m.report_id = any(%(reports)s)
), x as materialized (
  select agency_id, own_key, key from identifiers_matchkey
  where key = any(array(select key from n where not is_hub)) and report_id <> all(%(reports)s)
), touched as (
  select agency_id, own_key from x
  union
  select agency_id, own_key from n where is_hub or key in (select key from x) {or_among_them}
)
select agency_id, array_agg(own_key)::text from touched
where not exists (
  select 1 from deconfliction_hub h join deconfliction_hit t on t.key = h.key
  where h.key = touched.own_key and t.agency_id = touched.agency_id)
group by agency_id order by agency_id
"""

#: Needed of several reports only: it sorts all their keys, which is much for the thousands of one file.
_OR_AMONG_THEM = "or key in (select key from n group by key having count(distinct report_id) > 1)"

_OWN = """
select distinct on (e.own_key) e.own_key, e.kind, e.common, bool_or(e.is_declared) over (partition by e.own_key)
from identifiers_matchkey e where e.key = any(%s::uuid[]) and e.is_exact and e.agency_id = %s order by e.own_key, e.common desc
"""


@dataclass(frozen=True, slots=True)
class Overlap:
    """What one agency may know about one identifier that it holds."""

    key: UUID
    known: Known
    strength: Strength
    mine: int
    theirs: int
    others: frozenset[str]  # opaque digests of the other records, to tell whether one is new


#: A file was read again and no longer holds these identifiers: the hits on them may be over.
_GONE = """
select agency_id, array_agg(key)::text from deconfliction_hit where key = any(%s) and state <> 'withdrawn'
group by agency_id order by agency_id
"""


def match(report_ids: Sequence[UUID], *, at: datetime, gone: Sequence[UUID] = ()) -> int:
    """Bring every hit up to date that these reports may touch; return how many are new. Safe to run again.

    `gone`: identifiers that one of them held before it was read again.
    """
    with acting(MATCHER, using=USING):
        lay_down_limits()
        touched = _touched(report_ids)
        if gone:
            touched += ask(_GONE, [list(gone)])
        touched.sort(key=lambda row: str(row[0]))
        found = sum(
            _match_agency(agency_id, some, at=at)
            for agency_id, keys in touched
            for some in _by_thousands(keys)
        )
        silent.match_pairs(report_ids, at=at, gone=gone)
    return found


def _touched(report_ids: Sequence[UUID]) -> list[tuple[Any, ...]]:
    """Return by agency the identifiers, in PostgreSQL's text, on which its hits may change."""
    several = _OR_AMONG_THEM if len(report_ids) > 1 else ""
    return ask(_TOUCHED.format(or_among_them=several), {"reports": list(report_ids)})


def _by_thousands(keys: str) -> Iterator[str]:
    """Cut a long array, in PostgreSQL's text: a file may hold a million identifiers, and we hold what some thousands meet."""
    each = keys.strip("{}").split(",")
    for start in range(0, len(each), AT_ONCE):
        yield f"{{{','.join(each[start : start + AT_ONCE])}}}"


def _match_agency(agency_id: UUID, keys: str, *, at: datetime) -> int:
    # One matcher at a time per agency, in the order of agencies: two would both add the same hit.
    ask("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"hits of {agency_id}"])
    overlaps = {o.key: o for o in _overlaps(agency_id, keys, at=at)}
    held = _held(agency_id, keys)
    known = {hit.key for hit in held}
    new = [o for key, o in overlaps.items() if key not in known]
    if new:
        _add(agency_id, new, at=at)
    changing = [hit for hit in held if hit.is_behind(overlaps.get(hit.key))]
    if changing:
        _refresh(agency_id, _locked(agency_id, changing), overlaps, at=at)
    return len(new)


@dataclass(frozen=True, slots=True)
class Held:
    """A hit as it stands: what its side was told last, and which records its standing decisions are about."""

    id: UUID
    key: UUID
    state: str
    verdict: str  # of the last decision that settles it and stands
    decided: frozenset[str]
    told: tuple[float, str, int, int]

    def is_behind(self, overlap: Overlap | None) -> bool:
        """Say whether its side is told something else from now on. Otherwise nothing may show that anything happened."""
        if overlap is None:
            return self.state != "withdrawn"
        now = (overlap.strength.bits, overlap.strength.common, overlap.mine, overlap.theirs)
        return self.told != now or self.state == "withdrawn"

    def state_with(self, overlap: Overlap) -> str:
        """Return the state that this overlap puts it in. A call that nobody took settles nothing."""
        if overlap.strength.common:
            return "settled"
        return "settled" if self.state != "open" and overlap.others <= self.decided else "open"


_HELD = """
select h.id, h.key, h.state,
  coalesce((select d.verdict from deconfliction_decision d
    where d.hit_id = h.id and d.withdrawn_at is null and d.verdict <> 'nobody_answered' order by d.at desc, d.id desc limit 1), ''),
  array(select unnest(d.reports)::text from deconfliction_decision d
    where d.hit_id = h.id and d.withdrawn_at is null and d.verdict <> 'nobody_answered'),
  h.bits, h.common, h.mine, h.theirs
from deconfliction_hit h where h.agency_id = %s and h.key = any(%s::uuid[])
"""


def _held(agency_id: UUID, keys: str | Sequence[UUID]) -> list[Held]:
    # Without a lock: it would stand in the rows of hits that do not change, for their side to see.
    return [
        Held(hit_id, key, state, verdict, frozenset(decided), (bits, common, mine, theirs))
        for hit_id, key, state, verdict, decided, bits, common, mine, theirs in ask(_HELD, [agency_id, keys])
    ]


def _locked(agency_id: UUID, changing: Sequence[Held]) -> list[Held]:
    """Return these hits as they are once nobody decides on them any more; others wait until this is written."""
    ask(
        "select id from deconfliction_hit where id = any(%s::uuid[]) order by id for update",
        [[hit.id for hit in changing]],
    )
    # Asked again: what was decided while this waited is no part of what was read before.
    return _held(agency_id, [hit.key for hit in changing])


def _overlaps(agency_id: UUID, keys: str, *, at: datetime) -> Iterable[Overlap]:
    own = {key: (kind, common, declared) for key, kind, common, declared in ask(_OWN, [keys, agency_id])}
    rows: dict[UUID, list[tuple[Any, ...]]] = {}
    for key, *rest in ask(
        "select own_key, report, agency, relation, md5(report::text || own_key::text)::uuid"
        " from cets_overlaps(%s, %s::uuid[], %s, %s, %s)",
        [agency_id, keys, *limits().values(), CAP],
    ):
        rows.setdefault(key, []).append(tuple(rest))
    _note_hubs([key for key, found in rows.items() if len(found) >= CAP and own[key][0] != "ip"], at=at)
    for key, found in rows.items():
        if len({report for report, *_ in found}) > 1:
            yield _overlap(agency_id, key, found, *own[key])


def _overlap(
    agency_id: UUID, key: UUID, found: list[tuple[Any, ...]], kind: str, common: str, is_declared: bool  # noqa: FBT001 - one of the values of the row
) -> Overlap:  # fmt: skip
    chosen = settings.CETS
    mine = {report for report, agency, *_ in found if agency == agency_id}
    others = {report: agency for report, agency, *_ in found if agency != agency_id}
    holders, agencies = len(mine) + len(others), 1 + len(set(others.values()))
    known = Known(kind, strongest(row[2] for row in found), is_declared, holders, agencies, common)
    strength = weigh(known, common_reports=chosen.common_reports, common_agencies=chosen.common_agencies)
    return Overlap(key, known, strength, len(mine), len(others), frozenset(str(row[3]) for row in found))


_HUBS = """
insert into deconfliction_hub (key, found_at)
select distinct v.key, %(at)s from unnest(%(keys)s::uuid[]) k(key)
cross join lateral (select e.report_id, e.holding_id from identifiers_matchkey e where e.key = k.key and e.is_exact limit 1) e
join identifiers_matchkey v on v.report_id = e.report_id and v.holding_id = e.holding_id
on conflict do nothing returning key
"""


def _note_hubs(keys: list[UUID], *, at: datetime) -> None:
    """Remember values, with their weaker forms, that too many hold to be looked at again."""
    if keys:
        ask(_HUBS, {"keys": keys, "at": at})


def _due(strength: Strength, at: datetime) -> datetime:
    return at + (WEAK_DUE_IN if strength.word == "weak" else DUE_IN)


_HIT = {
    "id": "uuid",
    "agency_id": "uuid",
    "reference": "text",
    "key": "uuid",
    "kind": "text",
    "bits": "float8",
    "common": "text",
    "mine": "int",
    "theirs": "int",
    "found_at": "timestamptz",
    "matched_at": "timestamptz",
    "state": "text",
    "entry_id": "uuid",
}


def _add(agency_id: UUID, overlaps: Sequence[Overlap], *, at: datetime) -> None:
    """Write new hits, strongest first, each with its ledger entry; a common one asks nobody for anything."""
    overlaps = sorted(overlaps, key=lambda o: (-o.strength.bits, str(o.key)))
    ((code,),) = ask("select code from agencies_agency where id = %s", [agency_id])
    references = numbers.take(
        agency_id=agency_id, agency_code=code, series="H", how_many=len(overlaps), using=USING
    )
    team_id = duty_team(agency_id)
    ids = [new_id() for _ in overlaps]
    named = list(zip(ids, references, overlaps, strict=True))
    entries = open_entries(
        (
            Opening(
                agency_id=agency_id, subject_type="hit", subject_id=hit_id, title=reference, team_id=team_id, due_at=_due(o.strength, at),
                next_step=NEXT_THEIRS if o.theirs else NEXT_MINE, why=o.strength.why, closed_as=o.strength.common,
            )
            for hit_id, reference, o in named
        ),
        at=at,
        using=USING,
    )  # fmt: skip
    insert_rows(
        "deconfliction_hit",
        _HIT,
        (
            (hit_id, agency_id, reference, o.key, o.known.kind, o.strength.bits, o.strength.common, o.mine, o.theirs, at, at,
             "settled" if o.strength.common else "open", entry_id)
            for (hit_id, reference, o), entry_id in zip(named, entries, strict=True)
        ),
        using=USING,
    )  # fmt: skip
    told = [(hit_id, reference, o) for hit_id, reference, o in named if not o.strength.common]
    alerts(
        (
            (
                new_id(),
                agency_id,
                team_id,
                None,
                "hit",
                f"{reference}: {o.strength.word} hit",
                "hit",
                hit_id,
                at,
            )
            for hit_id, reference, o in told
        ),
        using=USING,
    )
    _audit(
        events.FOUND,
        agency_id,
        [(hit_id, {"reference": r, "bits": o.strength.bits}) for hit_id, r, o in named],
    )


def _audit(type_: str, agency_id: UUID, hits: Iterable[tuple[UUID, dict[str, Any]]]) -> None:
    record_many(
        (AuditEntry(type_, "hit", str(hit_id), details, agency_id) for hit_id, details in hits),
        by=MATCHER,
        using=USING,
    )


def _refresh(agency_id: UUID, held: Iterable[Held], overlaps: dict[UUID, Overlap], *, at: datetime) -> None:
    """Bring known hits up to date: other counts, opened again by a new record, withdrawn when nothing is left to tell."""
    over = []
    for hit in held:
        overlap = overlaps.get(hit.key)
        if not hit.is_behind(overlap):
            continue
        if overlap is None:
            over.append(hit.id)
        else:
            _renew(agency_id, hit, overlap, at=at)
    if over:
        _withdraw(agency_id, over, at=at)


def _renew(agency_id: UUID, hit: Held, overlap: Overlap, *, at: datetime) -> None:
    state = hit.state_with(overlap)
    _, _, _, theirs_before = hit.told
    ask(
        "update deconfliction_hit set bits = %s, common = %s, mine = %s, theirs = %s, matched_at = %s, state = %s"
        " where id = %s returning id",
        [overlap.strength.bits, overlap.strength.common, overlap.mine, overlap.theirs, at, state, hit.id],
    )
    if state == "open" != hit.state:
        _open_again(agency_id, hit.id, overlap, at=at)
    elif state == "open" and overlap.theirs > 0 and theirs_before == 0:
        _ask_anew(agency_id, hit.id, overlap, at=at)
    elif hit.state == "withdrawn":
        _return_settled(agency_id, hit, overlap)
    elif overlap.strength.common:
        _close_entries([hit.id], overlap.strength.common, at=at)


def _return_settled(agency_id: UUID, hit: Held, overlap: Overlap) -> None:
    """A hit that was over is told again, and its side need not do anything: what it decided covers all of it."""
    ask(
        "update ledger_entry set outcome = %s where subject_id = %s and closed_at is not null returning id",
        [overlap.strength.common or SETTLED_AS[hit.verdict], hit.id],
    )
    _audit(events.RETURNED, agency_id, [(hit.id, {"bits": overlap.strength.bits})])


def _open_again(agency_id: UUID, hit_id: UUID, overlap: Overlap, *, at: datetime) -> None:
    """A settled hit has a record that nobody decided about: the team has it again."""
    ask(
        "update ledger_entry set closed_at = null, outcome = '', owner_officer_id = null, owner_team_id = %s"
        " where subject_id = %s returning id",
        [duty_team(agency_id), hit_id],
    )
    _ask_anew(agency_id, hit_id, overlap, at=at)
    _audit(events.REOPENED, agency_id, [(hit_id, {"bits": overlap.strength.bits})])


def _ask_anew(agency_id: UUID, hit_id: UUID, overlap: Overlap, *, at: datetime) -> None:
    """Say what comes next now that a record joined, from when on, and tell whoever owns it."""
    ((officer_id, team_id, title),) = ask(
        "update ledger_entry set due_at = %s, next_step = %s, why = %s where subject_id = %s and closed_at is null"
        " returning owner_officer_id, owner_team_id, title",
        [
            _due(overlap.strength, at),
            NEXT_THEIRS if overlap.theirs else NEXT_MINE,
            "A new record holds it. " + overlap.strength.why,
            hit_id,
        ],
    )
    text = f"{title}: a new record holds it"
    alerts([(new_id(), agency_id, team_id, officer_id, "hit", text, "hit", hit_id, at)], using=USING)


def _withdraw(agency_id: UUID, hit_ids: Sequence[UUID], *, at: datetime) -> None:
    ask(
        "update deconfliction_hit set state = 'withdrawn', matched_at = %s where id = any(%s::uuid[]) returning id",
        [at, hit_ids],
    )
    _close_entries(hit_ids, OVER, at=at)
    put_aside(hit_ids, at=at, using=USING)
    _audit(events.WITHDRAWN, agency_id, [(hit_id, {}) for hit_id in hit_ids])


def _close_entries(hit_ids: Sequence[UUID], outcome: str, *, at: datetime) -> None:
    ask(
        "update ledger_entry set closed_at = %s, outcome = %s where subject_id = any(%s::uuid[]) and closed_at is null"
        " returning id",
        [at, outcome, hit_ids],
    )
