"""Append-only, chained by one sequencer; readable by the data-protection officer, as history, and by oneself."""

from django.db import migrations

from cets.kernel import rls

SEQUENCER = rls.right(64)
HISTORY = "(agency_id = (select (cets_viewer()).case_agency) and subject_type in ('report', 'hit', 'identifier', 'original'))"
SEE = (
    "agency_id = (select (cets_viewer()).audit_agency)"
    f" or {HISTORY} or actor_id = (select nullif((cets_viewer()).actor, '00000000-0000-0000-0000-000000000000'::uuid)) or {SEQUENCER}"
)

# Into the record of another agency only what truly happens to it: an administrator, who is of one agency and looks after
# all, sets up and changes people there; the matcher, of none, finds, opens again and withdraws hits. Nobody reads, opens or
# grades there, and no event may say so.
ADMINISTERED = (
    "agencies:agency:added", "agencies:team:added", "agencies:team:changed", "agencies:officer:added", "agencies:officer:left",
    "agencies:officer:absent", "agencies:officer:back", "agencies:officer:password-reset", "agencies:officer:second-factor-reset",
    "agencies:role:granted", "agencies:role:ended", "approvals:approval:asked", "approvals:approval:agreed",
    "approvals:approval:refused",
)  # fmt: skip
MATCHED = (
    "deconfliction:hit:found", "deconfliction:hit:reopened", "deconfliction:hit:withdrawn", "deconfliction:hit:returned",
    "deconfliction:silent-pair:found", "deconfliction:silent-pair:over",
)  # fmt: skip
ADD = (
    "actor_id = (select (cets_viewer()).actor) and (agency_id is null or agency_id = (select (cets_viewer()).agency)"
    f" or ({rls.right(4)} and type in {ADMINISTERED}) or ({rls.right(32)} and type in {MATCHED}))"
)

# Number, transaction and time of an event come from the database alone: with a transaction number of his own choice
# a writer could hide an event from the sequencer, with a time of his own choice lie about when it happened.
WRITE = (
    "insert (id, type, actor_kind, actor_id, agency_id, subject_type, subject_id, purpose, purpose_reference,"
    " request_id, commitment)"
)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial"), ("access", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "alter table audit_event alter column number add generated always as identity,"
            " alter column xid set default (pg_current_xact_id()::text::bigint)",
            "alter table audit_event alter column number drop identity, alter column xid drop default",
        ),
        migrations.RunSQL(
            "alter table audit_batch alter column id add generated always as identity",
            "alter table audit_batch alter column id drop identity",
        ),
        rls.Protect(
            "audit_event",
            see=SEE,
            add=ADD,
            change="false",
            grants={"desk": f"select, {WRITE}", "worker": f"select, {WRITE}", "matcher": WRITE},
        ),
        rls.Protect(
            "audit_payload",
            see=f"{SEQUENCER} or exists (select 1 from audit_event e where e.id = event_id)",
            add=rls.ANY_VIEWER,
            change="false",
            grants={"desk": "select, insert", "worker": "select, insert", "matcher": "insert"},
        ),
        rls.Protect(
            "audit_link",
            see=f"{SEQUENCER} or {rls.right(8)}",
            add=SEQUENCER,
            change="false",
            grants={"desk": "select", "worker": "select, insert"},
        ),
        rls.Protect(
            "audit_batch",
            see=f"{SEQUENCER} or {rls.right(8)}",
            add=SEQUENCER,
            change="false",
            grants={"desk": "select", "worker": "select, insert (last_seq, cluster, snapshot)"},
        ),
        migrations.RunSQL(
            "alter table audit_payload add constraint payload_of_event foreign key (event_id) references audit_event (id)",
            "alter table audit_payload drop constraint payload_of_event",
        ),
        rls.AppendOnly("audit_event"),
        rls.AppendOnly("audit_payload", erasable=True),
        rls.AppendOnly("audit_link"),
        rls.AppendOnly("audit_batch"),
    ]
