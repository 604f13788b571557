"""An administrator marks officers absent or gone and sees no record: a function hands their work to the team instead."""

from django.db import migrations

from cets.domains.ledger import events
from cets.kernel import rls

# It also records what fell, as the system: an administrator may be of another agency, and everybody reads his own events.
# For the same reason it counts for the officer's own agency only, and returns nothing to another.
FALL = f"""
create function ledger_fall_to_team(leaving uuid, why text, moment timestamptz) returns int
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  v record;
  o record;
  how_many int;
begin
  select * into v from public.cets_viewer();
  select a.agency_id, a.team_id, a.name into o from public.agencies_officer a where a.id = leaving;
  if o.agency_id is null or v.rights is null
     or not ((v.rights & 4) <> 0 or v.case_agency is not distinct from o.agency_id) then return null; end if;
  with fallen as (
    update public.ledger_entry e set owner_officer_id = null, owner_team_id = o.team_id
    where e.owner_officer_id = leaving and e.closed_at is null
    returning e.subject_type, e.subject_id, e.title, gen_random_uuid() as event, uuid_send(gen_random_uuid()) as salt
  ), told as (
    insert into public.ledger_alert (id, agency_id, team_id, kind, text, subject_type, subject_id, at)
    select gen_random_uuid(), o.agency_id, o.team_id, 'fell_to_team',
      f.title || ' fell to the team: ' || o.name || ' ' || why, f.subject_type, f.subject_id, moment from fallen f
  ), body as (
    select jsonb_build_object('officer', leaving, 'why', why, 'by', v.actor)::text as words
  ), recorded as (
    insert into public.audit_event (id, type, actor_kind, actor_id, agency_id, subject_type, subject_id, purpose,
      purpose_reference, request_id, commitment)
    select f.event, '{events.FELL_TO_TEAM}', 'system', '00000000-0000-0000-0000-000000000000', o.agency_id,
      f.subject_type, f.subject_id::text, '', '', '', sha256(f.salt || convert_to(b.words, 'UTF8')) from fallen f, body b
  ), explained as (
    insert into public.audit_payload (event_id, salt, body) select f.event, f.salt, b.words from fallen f, body b
  )
  select count(*) into how_many from fallen;
  return case when v.agency = o.agency_id then how_many end;
end $$
"""
_DEFINER = rls.role("definer")
_EVENT = (
    "id, type, actor_kind, actor_id, agency_id, subject_type, subject_id, purpose, purpose_reference, request_id, commitment"
)
_SYSTEM = "actor_kind = 'system' and actor_id = '00000000-0000-0000-0000-000000000000'"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_protect"), ("audit", "0002_protect")]
    operations = [
        migrations.RunSQL(
            [
                f"grant update on ledger_entry to {_DEFINER}",
                f"create policy definer_fall on ledger_entry for update to {_DEFINER} using (true) with check (true)",
                f"grant insert on ledger_alert to {_DEFINER}",
                f"create policy definer_fall on ledger_alert for insert to {_DEFINER} with check (kind = 'fell_to_team')",
                f"grant insert ({_EVENT}) on audit_event to {_DEFINER}",
                f"grant insert on audit_payload to {_DEFINER}",
                f"create policy definer_fall on audit_event for insert to {_DEFINER}"
                f" with check (type = '{events.FELL_TO_TEAM}' and {_SYSTEM})",
            ],
            [
                "drop policy definer_fall on audit_event",
                f"revoke insert on audit_payload from {_DEFINER}",
                f"revoke insert ({_EVENT}) on audit_event from {_DEFINER}",
                "drop policy definer_fall on ledger_alert",
                f"revoke insert on ledger_alert from {_DEFINER}",
                "drop policy definer_fall on ledger_entry",
                f"revoke update on ledger_entry from {_DEFINER}",
            ],
        ),
        rls.Definer("ledger_fall_to_team(uuid, text, timestamptz)", FALL, execute=("desk", "worker")),
    ]
