"""No orphan: the database refuses an entry whose owner is of another agency or has left."""

from django.db import migrations

from cets.kernel import rls

SEE = (
    f"{rls.of_the_agency()} or owner_officer_id = (select (cets_viewer()).narrow_actor)"
    f" or (subject_type = 'silent_pair' and {rls.OWN_AGENCY} and {rls.right(16)})"
)
MATCHER = rls.right(32)
# An alert is for whom it names: an officer, or everybody of a team who may read the agency's records.
TOLD = (
    f"({rls.OWN_AGENCY} and {rls.right(1)} and officer_id = (select (cets_viewer()).actor))"
    f" or ({rls.OF_THE_AGENCY} and team_id = (select o.team_id from agencies_officer o where o.id = (select (cets_viewer()).actor)))"
)

# The triggers run as the definer: the writer may not see the officer's whole agency, the rule must.
NO_ORPHAN = """
create function ledger_no_orphan() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  if new.closed_at is null and not exists (
       select 1 from public.agencies_team t where t.id = new.owner_team_id and t.agency_id = new.agency_id)
     and not exists (
       select 1 from public.agencies_officer o where o.id = new.owner_officer_id and o.agency_id = new.agency_id
          and o.left_at is null and o.absent_at is null)
  then raise exception 'entry_owner_is_there: the owner must be a team or a present officer of the same agency'
    using errcode = 'check_violation', constraint = 'entry_owner_is_there'; end if;
  return new;
end $$
"""
NO_LEAVING = """
create function ledger_no_leaving() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  if exists (select 1 from public.ledger_entry e where e.owner_officer_id = new.id and e.closed_at is null)
  then raise exception 'officer_still_owns: hand over the open entries first'
    using errcode = 'check_violation', constraint = 'officer_still_owns'; end if;
  return new;
end $$
"""
# A record and its entry go together: an entry may not be deleted or moved to another record.
KEPT = """
create function ledger_kept() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or new.subject_id <> old.subject_id or new.agency_id <> old.agency_id then
    raise exception 'entry_is_kept: an entry stays with its record' using errcode = 'check_violation', constraint = 'entry_is_kept';
  end if;
  return new;
end $$
"""
# A hit that is over asks nobody for anything: its alerts leave the home page. Nobody has read them, so the reader is nobody.
PUT_ASIDE = """
create function ledger_put_aside(hits uuid[], moment timestamptz) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  update public.ledger_alert set read_at = moment, read_by = '00000000-0000-0000-0000-000000000000'
  where subject_type = 'hit' and subject_id = any(hits) and read_at is null
    and ((select (public.cets_viewer()).rights) & 32) <> 0
$$
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial"), ("agencies", "0002_protect")]
    operations = [
        rls.Protect(
            "ledger_entry",
            see=SEE,
            add=rls.of_the_agency(),
            grants={
                "desk": "select, insert, update", "worker": "select, insert, update", "matcher": "select, insert, update", "definer": "select",
            },
            extra=(
                ("definer", "definer", "select", "true", None),
                ("matcher", "matcher", "all", MATCHER, MATCHER),
                ("silent", None, "update", f"subject_type = 'silent_pair' and {rls.OWN_AGENCY} and {rls.right(16)}", None),
            ),
        ),
        rls.Protect(
            "ledger_alert",
            see=TOLD,
            add=rls.of_the_agency(),
            change=TOLD,
            grants={
                "desk": "select, insert, update (read_at, read_by)", "worker": "select, insert", "matcher": "insert",
                "definer": "select (subject_type, subject_id, read_at), update (read_at, read_by)",
            },
            extra=(
                ("matcher", "matcher", "insert", None, MATCHER),
                ("over_seen", "definer", "select", "subject_type = 'hit'", None),
                ("over", "definer", "update", "subject_type = 'hit'", "subject_type = 'hit'"),
                ("read", "desk", "update", TOLD, TOLD),
            ),
        ),
        rls.Parent("ledger_entry"),
        rls.SameAgency("ledger_entry", "owner_officer_id", "agencies_officer"),
        rls.SameAgency("ledger_entry", "owner_team_id", "agencies_team"),
        rls.SameAgency("ledger_alert", "officer_id", "agencies_officer"),
        rls.SameAgency("ledger_alert", "team_id", "agencies_team"),
        rls.Definer("ledger_no_orphan()", NO_ORPHAN, execute=()),
        rls.Definer("ledger_no_leaving()", NO_LEAVING, execute=()),
        rls.Definer("ledger_put_aside(uuid[], timestamptz)", PUT_ASIDE, execute=("matcher",)),
        migrations.RunSQL(KEPT, "drop function ledger_kept()"),
        migrations.RunSQL(
            "create trigger no_orphan after insert or update on ledger_entry"
            " for each row execute function ledger_no_orphan()",
            "drop trigger no_orphan on ledger_entry",
        ),
        migrations.RunSQL(
            "create constraint trigger no_leaving after update of left_at, absent_at, agency_id on agencies_officer"
            " deferrable initially deferred for each row"
            " when (new.left_at is not null or new.absent_at is not null or new.agency_id <> old.agency_id) execute function ledger_no_leaving()",
            "drop trigger no_leaving on agencies_officer",
        ),
        migrations.RunSQL(
            "create trigger kept before update or delete on ledger_entry for each row execute function ledger_kept()",
            "drop trigger kept on ledger_entry",
        ),
    ]
