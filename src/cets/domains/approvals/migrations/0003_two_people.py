"""The database holds the two-person rule itself: nobody asks or decides as another, and no role comes without both.

Even SQL injected into an administrator's request can then only ask, or decide what another asked.
"""

from django.db import migrations

from cets.kernel import rls

ADMIN = rls.right(4)
ACTOR = "(select (cets_viewer()).actor)"

# The founder (`cets init`, `cets agency add` on the owner's machine) is nobody: the first two administrators cannot be
# approved by anyone. Without any token only the owner gets here (restore): policies stop everybody else. An agency's service account gets its one role where it is made.
NEEDS_TWO = """
create function approvals_role_needs_two() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'UPDATE' then
    if new.ended_at is null and old.ended_at is not null
       or (new.officer_id, new.agency_id, new.role, new.approval_id) is distinct from (old.officer_id, old.agency_id, old.role, old.approval_id)
    then raise exception 'role_needs_two: a role that ended is given anew' using errcode = 'check_violation', constraint = 'role_needs_two'; end if;
    return new;
  end if;
  if coalesce((public.cets_viewer()).actor, '00000000-0000-0000-0000-000000000000') = '00000000-0000-0000-0000-000000000000'
  then return new; end if;
  if new.role = 'command_line' and exists (
       select 1 from public.agencies_officer o where o.id = new.officer_id and o.is_service) then return new; end if;
  if not exists (
       select 1 from public.approvals_approval a where a.id = new.approval_id and a.agreed and a.kind = 'grant_role'
          and a.subject_id = new.officer_id and a.params ->> 'role' = new.role and a.decided_by <> a.asked_by
          and exists (select 1 from public.agencies_rolegrant g
                where g.officer_id = a.asked_by and g.role = 'administrator' and g.ended_at is null and g.granted_at <= a.asked_at)
          and not exists (select 1 from public.agencies_rolegrant g where g.approval_id = a.id))
  then raise exception 'role_needs_two: a second person must agree' using errcode = 'check_violation', constraint = 'role_needs_two'; end if;
  return new;
end $$
"""


class Migration(migrations.Migration):
    dependencies = [("approvals", "0002_protect"), ("agencies", "0002_protect")]
    operations = [
        migrations.RunSQL(
            [
                "drop policy add on approvals_approval",
                "drop policy change on approvals_approval",
                "drop policy remove on approvals_approval",
                f"create policy add on approvals_approval for insert with check ({ADMIN} and asked_by = {ACTOR} and decided_by is null)",
                f"create policy change on approvals_approval for update using ({ADMIN} and decided_by is null)"
                f" with check ({ADMIN} and decided_by = {ACTOR} and asked_by <> {ACTOR})",
                f"revoke update on approvals_approval from {rls.role('desk')}",
                f"grant update (decided_by, decided_at, agreed, answer) on approvals_approval to {rls.role('desk')}",
            ],
            [
                f"grant update on approvals_approval to {rls.role('desk')}",
                "drop policy add on approvals_approval",
                "drop policy change on approvals_approval",
                f"create policy add on approvals_approval for insert with check ({ADMIN})",
                f"create policy change on approvals_approval for update using ({ADMIN}) with check ({ADMIN})",
                f"create policy remove on approvals_approval for delete using ({ADMIN})",
            ],
        ),
        migrations.RunSQL(NEEDS_TWO, "drop function approvals_role_needs_two()"),
        migrations.RunSQL(
            "create trigger needs_two before insert or update on agencies_rolegrant"
            " for each row execute function approvals_role_needs_two()",
            "drop trigger needs_two on agencies_rolegrant",
        ),
    ]
