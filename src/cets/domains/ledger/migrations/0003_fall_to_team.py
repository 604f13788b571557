"""An administrator marks officers absent or gone and sees no record: a function hands their work to the team instead."""

from django.db import migrations

from cets.kernel import rls

FALL = """
create function ledger_fall_to_team(leaving uuid, words text, moment timestamptz)
returns table (subject_type text, subject_id uuid)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  v record;
  o record;
begin
  select * into v from public.cets_viewer();
  select a.agency_id, a.team_id into o from public.agencies_officer a where a.id = leaving;
  if o.agency_id is null or v.rights is null
     or not ((v.rights & 4) <> 0 or v.case_agency is not distinct from o.agency_id) then return; end if;
  return query
  with fallen as (
    update public.ledger_entry e set owner_officer_id = null, owner_team_id = o.team_id
    where e.owner_officer_id = leaving and e.closed_at is null
    returning e.agency_id, e.subject_type, e.subject_id, e.title
  ), told as (
    insert into public.ledger_alert (id, agency_id, team_id, kind, text, subject_type, subject_id, at)
    select gen_random_uuid(), f.agency_id, o.team_id, 'fell_to_team', f.title || ' fell to the team: ' || words,
      f.subject_type, f.subject_id, moment from fallen f
  )
  select f.subject_type, f.subject_id from fallen f order by 2;
end $$
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_protect")]
    operations = [
        migrations.RunSQL(
            [
                f"grant update on ledger_entry to {rls.role('definer')}",
                f"create policy definer_fall on ledger_entry for update to {rls.role('definer')} using (true) with check (true)",
                f"grant insert on ledger_alert to {rls.role('definer')}",
                f"create policy definer_fall on ledger_alert for insert to {rls.role('definer')} with check (kind = 'fell_to_team')",
            ],
            [
                "drop policy definer_fall on ledger_alert",
                f"revoke insert on ledger_alert from {rls.role('definer')}",
                "drop policy definer_fall on ledger_entry",
                f"revoke update on ledger_entry from {rls.role('definer')}",
            ],
        ),
        rls.Definer("ledger_fall_to_team(uuid, text, timestamptz)", FALL, execute=("desk", "worker")),
    ]
