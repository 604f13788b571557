"""The database holds second factors for their owners: another takes one away only with a second person's agreement.

Even SQL injected into an administrator's request, or into anybody's, can then neither lend a second factor nor remove one.
"""

from django.db import migrations

# They are read before anybody is known, so no policy can hide them. At that time a code of the list is used up and the
# time of use noted, and nothing else changes. An agreement is over what was there when it was given; the
# minutes are for clocks of desk and database that differ.
OWN_HANDS = """
create function approvals_second_factor_own_hands() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare
  owner agencies_login.id%type := case tg_op when 'INSERT' then new.user_id else old.user_id end;
  is_own boolean := exists (
    select 1 from public.agencies_officer o
    where o.login_id = owner and o.left_at is null and o.id = (select (public.cets_viewer()).actor));
begin
  if tg_op = 'UPDATE' then
    if (new.id, new.user_id, new.type, new.created_at) is not distinct from (old.id, old.user_id, old.type, old.created_at)
       and (is_own or new.data = old.data or (
         old.type = 'recovery_codes' and new.data - 'used_mask' = old.data - 'used_mask'
         and (new.data ->> 'used_mask')::bigint & (old.data ->> 'used_mask')::bigint = (old.data ->> 'used_mask')::bigint))
    then return new; end if;
  elsif tg_op = 'INSERT' then
    if is_own then return new; end if;
  elsif is_own or exists (
       select 1 from public.approvals_approval a join public.agencies_officer o on o.id = a.subject_id
       where a.kind = 'reset_second_factor' and a.agreed and a.decided_by <> a.asked_by and o.login_id = owner
         and a.decided_at between old.created_at and clock_timestamp() + interval '5 minutes')
  then return old; end if;
  raise exception 'second_factor_own_hands: % of a second factor of another', lower(tg_op)
    using errcode = 'insufficient_privilege';
end $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("approvals", "0003_two_people"),
        ("agencies", "0003_sign_in"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]
    operations = [
        migrations.RunSQL(OWN_HANDS, "drop function approvals_second_factor_own_hands()"),
        migrations.RunSQL(
            "create trigger own_hands before insert or update or delete on mfa_authenticator"
            " for each row execute function approvals_second_factor_own_hands()",
            "drop trigger own_hands on mfa_authenticator",
        ),
    ]
