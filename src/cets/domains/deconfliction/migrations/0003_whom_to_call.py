"""Whom to call is the officer who owns the report now; an agency that is told of once names one contact."""

from importlib import import_module

from django.db import migrations

from cets.kernel import rls

BEFORE = import_module("cets.domains.deconfliction.migrations.0002_protect").MY_OVERLAPS

# The officer is called while he owns the report and is there. At level contact an agency is one line: where its records
# that meet have several officers, or one has none, it is the duty team, who know all of them.
MY_OVERLAPS = """
create or replace function cets_my_overlaps(keys uuid[])
returns table (own_key uuid, other_report uuid, told smallint, relation text, is_mine bool,
  agency_id uuid, agency_code text, agency_name text, reference text, category text, summary text, incident_at timestamptz,
  contact_name text, contact_phone text, contact_email text, digest uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select f.own_key, case when f.mine or f.told = 2 then f.report end, f.told, f.relation, f.mine,
    a.id, a.code, a.name,
    case when f.mine or f.told = 2 then f.reference end,
    case when f.told = 2 and not f.mine then f.category end,
    case when f.told = 2 and not f.mine then f.title end,
    case when f.told = 2 and not f.mine then f.incident_at end,
    coalesce(p.name, t.name), coalesce(nullif(p.phone, ''), t.phone), coalesce(nullif(p.email, ''), t.email),
    md5(f.report::text || f.own_key::text)::uuid
  from (
    select v.*, s.mine, r.reference, r.category, r.title, r.incident_at, o.id as officer,
      min(coalesce(o.id::text, '')) over line = max(coalesce(o.id::text, '')) over line as is_one
    from (select (public.cets_viewer()).case_agency as agency offset 0) w
    cross join public.deconfliction_limits l
    cross join lateral public.cets_overlaps(w.agency, keys, l.tolerance, l.reach, l.cap) v
    cross join lateral (select v.agency = w.agency as mine) s
    join public.reports_report r on r.id = v.report and r.agency_id = v.agency
    join public.ledger_entry e on e.id = r.entry_id
    left join public.agencies_officer o on o.id = e.owner_officer_id and o.left_at is null and o.absent_at is null
    where w.agency is not null
    window line as (partition by v.own_key, v.agency, v.told)
  ) f
  join public.agencies_agency a on a.id = f.agency
  left join public.agencies_team t on t.agency_id = a.id and t.is_duty
  left join public.agencies_officer p on p.id = f.officer and (f.told = 2 or f.is_one)
$$
"""
_SIGNATURE = "cets_my_overlaps(uuid[])"


class Migration(migrations.Migration):
    dependencies = [
        ("deconfliction", "0002_protect"),
        ("ledger", "0002_protect"),
        ("reports", "0002_protect"),
    ]
    operations = [
        rls.Definer(
            _SIGNATURE,
            MY_OVERLAPS,
            execute=("desk", "worker"),
            undo=(BEFORE.replace("create function", "create or replace function"),),
        ),
    ]
